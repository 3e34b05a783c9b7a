//! The Windows events of Snare agents: `MSWinEventLog` and some fifteen values parted by tabulators.

use std::{borrow::Cow, sync::LazyLock};

use cordon_model::Record;

use super::{header::Header, words};
use crate::{
    columns::{self, Columns},
    windows,
};

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

static NAMES: LazyLock<Columns> =
    LazyLock::new(|| Columns::new(COLUMNS.map(str::to_owned).to_vec()));

/// Fills a record with the fields of a line under Windows names; none if it is no event of theirs, whatever was
/// put by then.
pub(super) fn fill(header: &Header<'_>, record: &mut Record) -> Option<()> {
    let row = words::behind(header.message, "MSWinEventLog")?;
    // Some relays write the tabulators as `#011`.
    let row = if words::has(row, "#011") {
        Cow::Owned(row.replace("#011", "\t"))
    } else {
        Cow::Borrowed(row)
    };
    let mut values = row
        .trim_start_matches([':', ' '])
        .split('\t')
        .map(str::trim);
    if row.starts_with('\t') {
        values.next();
    }
    let told = COLUMNS.map(|_| values.next().filter(|v| !v.is_empty() && *v != "N/A"));
    NAMES.fill_told(record, &row, told);
    put_event_id(record)?;
    let mut message: Vec<&str> = values.collect();
    // The last value is the agent's count of its lines.
    message.pop_if(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    let message = match message.as_slice() {
        [message] => Cow::Borrowed(*message),
        parts => Cow::Owned(parts.join("\t")),
    };
    windows::rendered::tell(&message, |name, value| {
        if record.get(name).is_none() {
            put(record, &row, (name, value));
        }
    });
    put(record, &row, ("Message", &message));
    Some(())
}

/// Puts a value, which for the most is a part of the row that the record begins with.
fn put(record: &mut Record, row: &str, (name, value): (&str, &str)) {
    let key = record.name(name);
    let text = columns::kept(record, row, value);
    record.put_text(key, text);
}

/// Makes a number of the event's; none if it is none.
fn put_event_id(record: &mut Record) -> Option<()> {
    let told = record.get("EventID")?;
    let (key, text) = (told.name(), told.span()?);
    let written = told.as_str()?;
    let number: u64 = written.parse().ok()?;
    let is_usual = written.bytes().all(|b| b.is_ascii_digit());
    let is_usual = is_usual && (written == "0" || !written.starts_with('0'));
    let spelled = if is_usual {
        text
    } else {
        record.keep(&number.to_string())
    };
    record.set_number(key, spelled);
    Some(())
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
