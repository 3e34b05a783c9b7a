//! Citrix ADC and Gateway: `… : default SSLVPN LOGIN 1071 0 : Context a@b - SessionId: 1 - User a - …`.
//!
//! Names keep the device's spelling (`Client_ip`, `Nat_ip`, `Failure_reason`). `event_type` is the module
//! and the event (`SSLVPN LOGIN`, `AAA LOGIN_FAILED`, `GUI CMD_EXECUTED`).

use super::{header::Header, shape::Shape};
use crate::{
    Hints,
    time::{self, Zoneless},
};

/// Modules whose events are told from a sentence by this word and the next, which is in capitals.
const MODULES: [&str; 14] = [
    "SSLVPN", "AAA", "AAATM", "GUI", "CLI", "API", "APPFW", "SSLLOG", "TCP", "EVENT", "SNMP", "UI",
    "CMD", "ICA",
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let line = header.message;
    let (before, text) = line.split_once(" : ")?;
    let mut words = text.split_whitespace();
    let mut next = || words.next();
    // Partitions are named since version 11.
    let first = next()?;
    let (module, event) = if MODULES.contains(&first) {
        (first, next()?)
    } else {
        (next().filter(|word| MODULES.contains(word))?, next()?)
    };
    let is_event = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '0'..='9');
    let shown = event == "Message";
    if !shown && !event.chars().all(is_event) {
        return None;
    }
    shape.is("citrix", "netscaler");
    shape.put("event_type", &format!("{module} {event}"));
    shape.put_some("event_id", next());
    let (_, told) = text.split_once(" : ").unwrap_or(("", text));
    let told = told.trim();
    shape.put("message", told);
    for part in told.split(" - ") {
        put_part(part.trim().trim_matches('"'), shape);
    }
    let user = shape
        .text("Context")
        .and_then(|context| context.split_once('@'))
        .filter(|_| shape.text("User").is_none())
        .map(|(user, _)| user.to_owned());
    shape.put_some("User", user.as_deref());
    shape.when = own_time(before, hints);
    if header.host.is_none() {
        let mut words = before.split_whitespace().rev();
        shape.put_some("host", words.nth(1));
    }
    Some(())
}

/// `Name value` or `Name: value`; names are in capitals at their beginning.
fn put_part(part: &str, shape: &mut Shape<'_>) {
    let Some((name, value)) = part.split_once([' ', ':']) else {
        return;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    // Firmware of some years leaves out the blank behind the session's number.
    if name == "SessionId"
        && let Some((number, part)) = value.split_once("- ")
    {
        shape.put(name, number.trim());
        return put_part(part.trim(), shape);
    }
    if name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(is_name) {
        shape.put(name, value.trim().trim_matches('"'));
    }
}

/// `04/17/2026:10:00:00 GMT`, the month first unless the device was told otherwise.
fn own_time(before: &str, hints: &Hints) -> Option<time::When> {
    let word = |w: &&str| w.len() == 19 && w.matches(':').count() == 3;
    let written = before.split_whitespace().find(word)?;
    let (date, clock) = written.split_once(':')?;
    let mut parts = date.split('/');
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    let zoneless = if before.contains(" GMT") {
        Zoneless::Utc
    } else {
        Zoneless::Local
    };
    // Some are set to write the year or the day first; a month beyond twelve tells the latter.
    let text = if a.len() == 4 {
        format!("{a}-{b}-{year}T{clock}")
    } else if a.parse::<u8>().is_ok_and(|a| a > 12) {
        format!("{year}-{b}-{a}T{clock}")
    } else {
        format!("{year}-{a}-{b}T{clock}")
    };
    time::of_text(&text, zoneless, hints)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn logins_and_commands_keep_the_devices_names() {
        check(
            r#"<134> 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default SSLVPN LOGIN 1071 0 : Context bob@203.0.113.4 - SessionId: 42 - User bob - Client_ip 203.0.113.4 - Nat_ip "Mapped Ip" - Vserver 10.0.0.9:443 - Browser_type "Mozilla/5.0 - x" - Group(s) "N/A""#,
            "citrix/netscaler",
            Some("2026-04-17T10:00:00Z"),
            json!({"event_type": "SSLVPN LOGIN", "event_id": "1071", "User": "bob", "SessionId": "42",
                "Client_ip": "203.0.113.4", "Nat_ip": "Mapped Ip", "host": "adc1"}),
        );
        check(
            r#"<133>Apr 17 10:00:01 adc1 04/17/2026:10:00:00 adc1 0-PPE-0 : default AAA LOGIN_FAILED 24222144 0 :  User admin - Client_ip 203.0.113.4 - Failure_reason "External authentication server denied access" - Browser chrome"#,
            "citrix/netscaler",
            Some("2026-04-17T10:00:00Z"),
            json!({"event_type": "AAA LOGIN_FAILED", "User": "admin",
                "Failure_reason": "External authentication server denied access"}),
        );
        check(
            r#"<134>Apr 17 10:00:01 adc1 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default GUI CMD_EXECUTED 77 0 :  User nsroot - Remote_ip 10.0.0.4 - Command "add system user x" - Status "Success""#,
            "citrix/netscaler",
            Some("2026-04-17T10:00:00Z"),
            json!({"event_type": "GUI CMD_EXECUTED", "User": "nsroot", "Remote_ip": "10.0.0.4",
                "Command": "add system user x", "Status": "Success"}),
        );
    }

    #[test]
    fn the_devices_own_file_names_host_facility_and_level() {
        check(
            "Apr 17 10:05:03 <local0.notice> 10.1.1.2 04/17/2026:10:05:03 GMT ns1 0-PPE-0 : default SSLVPN TCPCONNSTAT 1237 0 :  Context alice@198.51.100.23 - SessionId: 55- User alice - Client_ip 198.51.100.23 - Nat_ip 10.1.1.9",
            "citrix/netscaler",
            Some("2026-04-17T10:05:03Z"),
            json!({"host": "10.1.1.2", "facility": "local0", "severity": "notice",
                "SessionId": "55", "User": "alice", "Client_ip": "198.51.100.23"}),
        );
    }

    #[test]
    fn a_sentence_with_a_colon_is_none() {
        check(
            "<134>Apr 17 10:00:01 h app: x : AAA said something : y",
            "unknown",
            Some("2026-04-17T10:00:01Z"),
            json!({}),
        );
    }
}
