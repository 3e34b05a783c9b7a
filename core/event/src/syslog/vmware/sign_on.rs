//! The audit records of vCenter's single sign-on: JSON behind a tag, behind a time, or alone.

use cordon_model::Value;
use memchr::memchr;

use super::super::{
    shape::Shape,
    words::{behind, has},
};
use super::given;
use crate::{
    Hints,
    time::{self, When, Zoneless},
};

/// Whether a line holds one.
pub(crate) fn is_one(text: &str) -> bool {
    // Most lines have no brace, and so need not be searched for words.
    let json = memchr(b'{', text.as_bytes()).and_then(|at| text.get(at..));
    json.is_some_and(|json| {
        has(text, "auditlogger]") || (json.starts_with("{\"") && has(json, "\"com.vmware.sso."))
    })
}

/// Whether a line is nothing but one, behind a time at most: whoever wrote it, nobody else's words stand before it.
pub(super) fn is_whole(text: &str) -> bool {
    let before = text.find('{').and_then(|at| text.get(..at));
    let is_time = |text: &str| {
        let text = text.trim_ascii_end();
        text.is_empty() || (text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(' '))
    };
    before.is_some_and(is_time) && is_one(text.trim_start_matches(|c| c != '{'))
}

/// Puts the record's fields. Its own time counts only where the line has none.
pub(super) fn put(message: &str, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = behind(message, "auditlogger]").unwrap_or(message);
    let json = text.get(text.find('{')?..)?;
    let parsed = crate::json::parse(json.trim().as_bytes()).ok()?;
    let Value::Object(record) = parsed.value else {
        return None;
    };
    for (name, value) in record {
        match (name.as_str(), value.as_str()) {
            ("type", Some(kind)) => shape.put("event_type", kind),
            // Behind a proxy its address follows.
            ("client", Some(client)) => {
                let first = client.split(',').next().unwrap_or(client);
                shape.put("src_ip", first.trim());
                shape.put("client", client);
            }
            ("description", Some(text)) => {
                shape.put("description", text);
                given::put_members(text, shape);
            }
            (own, _) => shape.put_value(own, &value),
        }
    }
    let bracketed = message
        .strip_prefix('[')
        .and_then(|rest| rest.split(' ').next());
    let bracketed = bracketed.and_then(|word| time::of_text(word, Zoneless::Local, hints));
    shape.when = bracketed.or_else(|| own_time(shape.text("timestamp")?, hints));
    Some(())
}

/// `04/17/2026 10:30:04 UTC`: the month first, always with its zone.
fn own_time(text: &str, hints: &Hints) -> Option<When> {
    let (month, rest) = text.split_once('/')?;
    let (day, rest) = rest.split_once('/')?;
    let (year, rest) = rest.split_once(' ')?;
    time::of_text(
        &format!("{year}-{month}-{day} {rest}"),
        Zoneless::Local,
        hints,
    )
}

/// Puts what vCenter tells of them in sentences: `Failed login NAME from ADDRESS at … in SSO`.
pub(super) fn put_sentence(text: &str, shape: &mut Shape<'_>) {
    const SENTENCES: [(&str, &str); 3] = [
        ("Failed login ", "com.vmware.sso.LoginFailure"),
        ("Successful login ", "com.vmware.sso.LoginSuccess"),
        ("Logout event for user: ", "com.vmware.sso.Logout"),
    ];
    for (begin, kind) in SENTENCES {
        let told = text
            .strip_suffix(" in SSO")
            .and_then(|text| text.strip_prefix(begin));
        // A name may hold such words too; the last are the product's.
        let Some((who, _)) = told.and_then(|told| told.rsplit_once(" at ")) else {
            continue;
        };
        if let Some((user, address)) = who.rsplit_once(" from ") {
            shape.put("event_type", kind);
            shape.put("user", user);
            shape.put("src_ip", address);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    const RECORD: &str = r#"{"user":"d@vsphere.local","client":"10.20.30.40, 10.0.0.3","timestamp":"04/17/2026 09:23:00 UTC","description":"x","eventSeverity":"INFO","type":"com.vmware.sso.LoginFailure"}"#;

    #[test]
    fn records_are_read_wherever_they_stand() {
        for before in [
            "<14>1 2026-04-17T09:23:00Z vc1 websso - - - websso [auditlogger] ",
            "<14>1 2026-04-17T09:23:00Z vc1 websso - - - [2026-04-17T09:23:00.000Z tomcat-http--15 vsphere.local   fcf6634c-4722 INFO  auditlogger] ",
            "<14>1 2026-04-17T09:23:00Z vc1 sso-events - - - 2026-04-17T09:23:00.0Z ",
            "<14>1 2026-04-17T09:23:00Z vc1 sso-events - - - ",
            "<14>1 2026-04-17T09:23:00Z vc1 sso-audit - - - ",
            "<14>1 2026-04-17T09:23:00Z vc1 sso-audit - - - 2026-04-17T09:23:00.0Z ",
            "[2026-04-17T09:23:00.000Z tomcat-http--15 vsphere.local   fcf6634c-4722 INFO  auditlogger] ",
            "2026-04-17T09:23:00.000Z ",
        ] {
            check(
                &format!("{before}{RECORD}"),
                "vmware/vcenter",
                Some("2026-04-17T09:23:00Z"),
                json!({"event_type": "com.vmware.sso.LoginFailure", "user": "d@vsphere.local", "src_ip": "10.20.30.40"}),
            );
        }
    }

    #[test]
    fn what_a_stranger_writes_into_another_programs_line_is_none() {
        for before in ["said ", "7 x "] {
            check(
                &format!("<38>1 2026-04-17T09:23:00Z web1 app 7 - - {before}{RECORD}"),
                "linux/auth",
                Some("2026-04-17T09:23:00Z"),
                json!({"event_type": null}),
            );
        }
    }

    #[test]
    fn vcenters_own_sentences_about_them_are_read() {
        check(
            "<14>1 2026-04-17T09:23:00Z vc1 vpxd 1 - - Event [6] [1-1] [2026-04-17T09:22:00Z] [vim.event.EventEx] [info] [administrator] [] [6] [Failed login administrator from 10.40.3.22 at 04/17/2026 09:22:00 GMT in SSO]",
            "vmware/vcenter",
            Some("2026-04-17T09:23:00Z"),
            json!({"event_type": "com.vmware.sso.LoginFailure", "user": "administrator", "src_ip": "10.40.3.22"}),
        );
        check(
            "<14>1 2026-04-17T09:23:00Z vc1 vpxd 1 - - Event [7] [1-1] [2026-04-17T09:22:00Z] [vim.event.EventEx] [info] [root] [DC] [7] [SSH access has been enabled]",
            "vmware/vcenter",
            Some("2026-04-17T09:23:00Z"),
            json!({"event_type": "esx.audit.ssh.enabled", "user": "root"}),
        );
    }
}
