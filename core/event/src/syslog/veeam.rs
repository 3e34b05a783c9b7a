//! Events of Veeam Backup & Replication, as its syslog sends them: one element of structured data without
//! a name, and the description in it.
//!
//! `instanceId` is the number that the Windows event log has as its event id.

use super::{
    header::Header,
    pairs,
    shape::Shape,
    words::{find, has},
};
use crate::{Hints, LogFormat};

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let forced = hints.settings.format == Some(LogFormat::Veeam);
    let named = header.app.is_some_and(|app| app.starts_with("Veeam"));
    // One of its layouts has the time before the priority, so that no header is recognised.
    let texts = [header.structured, header.message];
    let text = texts.iter().find(|text| has(text, "instanceId="))?;
    let at = find(text, "[categoryId=");
    if at.is_none() && !named && !forced {
        return None;
    }
    let at = at.or_else(|| text.find('['))?;
    let element = text.get(at + 1..)?;
    let (element, _) = element.split_at_checked(pairs::element_end(element))?;
    shape.is("veeam", "backup");
    let mut told = false;
    for (name, value) in pairs::pairs(element) {
        told |= name == "message";
        shape.put(name, &value);
    }
    let instance = shape.text("instanceId")?.parse::<u32>();
    if let Ok(number) = instance {
        shape.put_number("EventID", number);
    }
    if let Some(description) = shape.place("Description").filter(|_| !told) {
        shape.put_place("message", description);
    }
    if header.app.is_none() {
        put_parts_before(header.message, shape);
    }
    Some(())
}

/// `<14> HOST Veeam_MP [`: what stands before the element where the time comes first.
fn put_parts_before(message: &str, shape: &mut Shape<'_>) {
    let before = message.split_once('[').map_or("", |(before, _)| before);
    let before = before.trim_start_matches(|c: char| c == '<' || c == '>' || c.is_ascii_digit());
    let mut words = before.split_whitespace();
    if let (Some(host), Some(app)) = (words.next(), words.next()) {
        shape.put("host", host);
        shape.put("app", &app.replace('\\', ""));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn events_are_read_in_all_layouts() {
        check(
            r#"<14>1 2026-04-17T10:00:00.182677+01:00 VBR01 Veeam_MP - - [origin enterpriseId="31023"] [categoryId=0 instanceId=110 JobID="cd13" Version="1" Description="Backup job 'Daily' has been started."]"#,
            "veeam/backup",
            Some("2026-04-17T09:00:00.182677Z"),
            json!({"instanceId": "110", "EventID": 110, "JobID": "cd13", "host": "VBR01"}),
        );
        check(
            r#"2026-04-17T10:00:00.182677+01:00 <14> VBR01 Veeam_MP  [categoryId=0 instanceId=25300 UserName="SHOP\bob" Description="Credentials 'root' have been added."]"#,
            "veeam/backup",
            Some("2026-04-17T09:00:00.182677Z"),
            json!({"EventID": 25300, "UserName": "SHOP\\bob", "host": "VBR01", "app": "Veeam_MP",
                "message": "Credentials 'root' have been added."}),
        );
    }

    #[test]
    fn a_cut_off_element_gives_what_is_there() {
        let (found, fields) = understand(
            r#"<14>1 2026-04-17T10:00:00Z VBR01 Veeam_MP - - [categoryId=0 instanceId=110 Desc="Ba"#,
        );
        assert_eq!(found.kind.product, Some("veeam"));
        assert_eq!(fields["Desc"], "Ba");
    }
}
