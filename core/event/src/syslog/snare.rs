//! The Windows events of Snare agents: `MSWinEventLog` and some fifteen values parted by tabulators.

use cordon_model::Value;

use super::header::Header;
use crate::windows;

/// Values after the mark, by their place.
const COLUMNS: [&str; 12] = [
    "Criticality",
    "Channel",
    "SnareCounter",
    "EventTime",
    "EventID",
    "Provider_Name",
    "UserName",
    "SIDType",
    "SnareEventLogType",
    "Computer",
    "CategoryString",
    "DataString",
];

/// The fields of a line under Windows names; none if it is no event of theirs.
pub(super) fn fields(header: &Header<'_>) -> Option<windows::Fields> {
    let (_, row) = header.message.split_once("MSWinEventLog")?;
    // Some relays write the tabulators as `#011`.
    let row = row.replace("#011", "\t");
    let mut values = row
        .trim_start_matches([':', ' '])
        .split('\t')
        .map(str::trim);
    if row.starts_with('\t') {
        values.next();
    }
    let mut fields = windows::Fields::new();
    for (name, value) in COLUMNS.iter().zip(&mut values) {
        if !value.is_empty() && value != "N/A" {
            windows::set_system((*name).to_owned(), Value::from(value), &mut fields);
        }
    }
    fields.get("EventID").filter(|id| id.is_number())?;
    let mut message: Vec<&str> = values.collect();
    // The last value is the agent's count of its lines.
    message.pop_if(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    let message = message.join("\t");
    windows::rendered::put(&message, &mut fields);
    fields.insert("Message".to_owned(), Value::from(message.as_str()));
    Some(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn the_values_and_the_message_give_windows_names() {
        let line = "<14>Apr 17 08:37:05 dc1 MSWinEventLog\t1\tSecurity\t77\tFri Apr 17 08:37:04 2026\t4724\tMicrosoft-Windows-Security-Auditing\tSHOP\\eve\tN/A\tSuccess Audit\tdc1.shop.example\tUser Account Management\t\tAn attempt was made to reset an account's password.  Subject:  Security ID:  S-1-5-21-1-2-3-9  Account Name:  eve  Account Domain:  SHOP  Logon ID:  0x3E7  Target Account:  Security ID:  S-1-5-21-1-2-3-7  Account Name:  bob  Account Domain:  SHOP\t77";
        check(
            line,
            "windows/security",
            Some("2026-04-17T08:37:04Z"),
            json!({"EventID": 4724, "Channel": "Security", "Computer": "dc1.shop.example",
                "SubjectUserName": "eve", "TargetUserName": "bob", "TargetDomainName": "SHOP"}),
        );
        check(
            &line.replace('\t', "#011"),
            "windows/security",
            Some("2026-04-17T08:37:04Z"),
            json!({"EventID": 4724}),
        );
    }

    #[test]
    fn a_row_without_a_number_is_a_line_of_text() {
        let (found, _) = understand("<14>Apr 17 08:37:05 dc1 MSWinEventLog\t1\tSecurity\tx");
        assert_ne!(found.kind.product, Some("windows"));
    }
}
