//! A whole record inside a line: JSON, or a Windows event as XML or in Snare's columns.
//!
//! The record is what it is without the line. What the line's header says is added under `syslog`, and
//! its time counts where the record has none.

use std::sync::LazyLock;

use cordon_model::{Item, Record, Scalar, Shape};
use memchr::memmem::Finder;

use super::{Line, header::Header, snare, vmware};
use crate::{
    Degradation, Hints,
    intake::{Draft, Kind, Understood},
    json, vendor, windows, words, xml,
};

/// Marks that forwarders put before a record.
const MARKS: [&str; 2] = ["@cee:", "json:"];

/// How an event begins that is written as Windows' own are.
const BEGIN: &str = "<Event>";

/// Words of which one stands in every line with a record that is not JSON.
pub(super) const SIGNS: [&str; 2] = ["MSWinEventLog", "<Event"];

pub(super) fn of(line: &Line<'_>, hints: &Hints, draft: &mut Draft) -> Option<Understood> {
    let header = &line.header;
    let mut text = header.message;
    for mark in MARKS {
        text = text.strip_prefix(mark).unwrap_or(text).trim_start();
    }
    if text.starts_with('{') && vmware::is_sign_on(text) {
        return None;
    }
    let mut understood = if text.starts_with('{') {
        of_json(text, hints, draft)?
    } else if !text.starts_with(BEGIN) && !line.signs().allow_carried() {
        return None;
    } else if snare::fill(header, &mut draft.fields).is_some() {
        windows::understand(draft, hints)
    } else {
        of_xml(text, hints, draft)?
    };
    if understood.when == Err(Degradation::TimeMissing) {
        understood.when = header.when;
    }
    put_header(header, &mut draft.fields);
    Some(understood)
}

fn of_json(text: &str, hints: &Hints, draft: &mut Draft) -> Option<Understood> {
    let mut degraded = Vec::new();
    if draft.inner.scan_into(&mut draft.fields, text).is_none() {
        let parsed = json::parse(text.as_bytes()).ok()?;
        if !parsed.value.is_object() {
            return None;
        }
        draft.fields.fill(&parsed.value);
        degraded = parsed.degraded;
    }
    let mut names = draft.inner.names.take().unwrap_or_default();
    let mut understood = vendor::understand(draft, &mut names, hints);
    draft.inner.names = Some(names);
    draft.fields.unfollow();
    understood.degraded.extend(degraded);
    Some(understood)
}

fn of_xml(text: &str, hints: &Hints, draft: &mut Draft) -> Option<Understood> {
    static USUAL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<Event "));
    let begin = text.starts_with(BEGIN).then_some(0);
    let at = begin.or_else(|| USUAL.find(text.as_bytes()));
    let at = at.or_else(|| words::find(text, BEGIN))?;
    let event = text.get(at..)?;
    if windows::text::fill(event, &mut draft.fields).is_none() {
        draft.fields.fill(&xml::parse(event).ok()?);
        windows::normalise(&mut draft.fields, &mut draft.inner.record).then_some(())?;
    }
    let mut understood = windows::understand(draft, hints);
    let provider = draft.fields.get("Provider_Name").and_then(Item::as_str);
    if provider == Some("Linux-Sysmon") {
        understood.kind = of_linux(&draft.fields);
    }
    Some(understood)
}

/// Sysmon for Linux writes the events of Windows' Sysmon.
fn of_linux(record: &Record) -> Kind {
    let event = record.get("EventID").and_then(Item::spelled);
    let categories: &[&str] = match event {
        Some("1") => &["process_creation"],
        Some("3") => &["network_connection"],
        Some("5") => &["process_termination"],
        Some("11") => &["file_event"],
        Some("23") => &["file_delete"],
        Some(_) | None => &[],
    };
    Kind {
        product: Some("linux"),
        service: Some("sysmon"),
        categories,
    }
}

fn put_header(header: &Header<'_>, record: &mut Record) {
    if header.is_bare() || record.get("syslog").is_some() {
        return;
    }
    let key = record.name("syslog");
    let open = record.open(key, Shape::Map);
    for (name, value) in [
        ("host", header.host),
        ("app", header.app),
        ("pid", header.pid),
        ("facility", header.facility()),
        ("severity", header.severity()),
    ] {
        if let Some(value) = value {
            let key = record.name(name);
            record.put(key, Scalar::Text(value));
        }
    }
    record.close(open);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn a_record_inside_a_line_is_what_it_is() {
        check(
            r#"<14>1 2026-04-17T10:00:00Z relay okta - - - {"eventType":"user.session.start","actor":{"type":"User"},"uuid":"u","published":"2026-04-17T08:13:04Z"}"#,
            "okta",
            Some("2026-04-17T08:13:04Z"),
            json!({"eventType": "user.session.start", "syslog": {"host": "relay", "app": "okta", "facility": "user", "severity": "info"}}),
        );
        check(
            r#"<14>Apr 17 10:00:00 relay app: @cee: {"a":1}"#,
            "unknown",
            Some("2026-04-17T10:00:00Z"),
            json!({"a": 1}),
        );
        check(
            r"<14>Apr 17 10:00:00 dc1 agent: <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4724</EventID><TimeCreated SystemTime='2026-04-17T08:13:04.0000000Z'/><Channel>Security</Channel><Computer>dc1</Computer></System><EventData><Data Name='TargetUserName'>bob</Data></EventData></Event>",
            "windows/security",
            Some("2026-04-17T08:13:04Z"),
            json!({"EventID": 4724, "TargetUserName": "bob", "Computer": "dc1"}),
        );
    }

    #[test]
    fn sysmon_for_linux_is_of_linux() {
        let (found, _) = understand(
            r#"Apr 17 10:00:00 web1 sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{x}"/><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel><Computer>web1</Computer></System><EventData><Data Name="Image">/bin/sh</Data></EventData></Event>"#,
        );
        assert_eq!(&*found.kind.log_kind().source(), "linux/sysmon");
        assert_eq!(found.kind.categories, ["process_creation"]);
    }

    #[test]
    fn what_is_broken_inside_a_line_leaves_the_line_as_text() {
        for message in ["{\"a\":", "{a}", "<Event ", "<Event><System>"] {
            let (_, fields) = understand(&format!("<14>Apr 17 10:00:00 relay app: {message}"));
            assert_eq!(fields["message"], message.trim());
        }
    }
}
