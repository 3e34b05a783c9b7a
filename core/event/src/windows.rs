//! Windows records, however they were shipped, under Sigma's flat names.
//!
//! Four shapes are known: the XML tree as EVTX and `evtx_dump` give it, Winlogbeat's `winlog`,
//! and the flat records of `NXLog` and other collectors, which keep their keys and get the standard
//! ones they lack. Whatever the shape, the result has `EventID`, `Channel`, `Computer`,
//! `Provider_Name` where the record knows them, and its data under their own names without spaces.

mod channel;
mod flat;
mod plain;
pub(crate) mod rendered;
pub(crate) mod text;
mod xml;

#[cfg(test)]
mod tests;

use std::mem;

use cordon_model::{Item, Record, Timestamp, Value};
use serde_json::Map;

use crate::{
    Degradation, Hints,
    intake::{Draft, Kind, Understood},
    time::{self, When, Zoneless},
};

pub(crate) use flat::of_flat;
pub(crate) use xml::{is_number_field, of_xml};

type Fields = Map<String, Value>;

/// Whether its names allow that a record is one of Windows.
pub(crate) fn may_be_one(record: &Record) -> bool {
    is_xml(record) || flat::is_winlogbeat(record) || flat::may_be_flat(record)
}

fn is_xml(record: &Record) -> bool {
    let system = record.get("Event").and_then(|event| event.get("System"));
    system.is_some_and(Item::is_map)
}

/// Brings a Windows record of any shape under the standard names; whether it is one. `spare` is memory.
pub(crate) fn normalise(record: &mut Record, spare: &mut Record) -> bool {
    let (plain, carefully): (_, Carefully) = if is_xml(record) {
        (plain::of_xml(record, spare), of_xml)
    } else if flat::is_winlogbeat(record) {
        (plain::of_winlogbeat(record, spare), winlogbeat)
    } else {
        return of_flat(record);
    };
    if plain.is_some() {
        mem::swap(record, spare);
    } else {
        take_apart(record, carefully);
    }
    true
}

/// A careful way to the fields of a record.
type Carefully = fn(Value) -> Option<Fields>;

fn winlogbeat(record: Value) -> Option<Fields> {
    let Value::Object(fields) = record else {
        return None;
    };
    Some(flat::of_winlogbeat(fields))
}

/// Reads a record that is not plain.
fn take_apart(record: &mut Record, carefully: Carefully) {
    let fields = carefully(record.to_value()).unwrap_or_default();
    record.fill(&Value::Object(fields));
}

/// Makes an event's parts of a record under Windows names.
pub(crate) fn understand(draft: &mut Draft, hints: &Hints) -> Understood {
    let kind = kind(&draft.fields);
    alias(&mut draft.fields, kind);
    let when = when(&draft.fields, hints);
    id(draft, when);
    name_cleared_log(&mut draft.fields, kind);
    Understood {
        kind,
        when,
        degraded: Vec::new(),
    }
}

/// Which log: by channel, or by provider where the channel is not one of Sigma's.
fn kind(fields: &Record) -> Kind {
    let service = text(fields, "Channel")
        .and_then(channel::service_of)
        .or_else(|| text(fields, "Provider_Name").and_then(channel::service_of_provider));
    let event_type = || text(fields, "EventType").unwrap_or_default();
    let categories = match (service, number(fields, "EventID")) {
        (Some(service), Some(event)) => channel::categories(service, event, event_type),
        (_, _) => &[],
    };
    Kind {
        product: Some("windows"),
        service,
        categories,
    }
}

/// Second names under which rules of a category know a field.
fn alias(fields: &mut Record, kind: Kind) {
    let service = kind.service.unwrap_or_default();
    let pairs: &[(&str, &str)] = match (service, kind.categories.first()) {
        ("security", Some(&"process_creation")) => &[
            ("Image", "NewProcessName"),
            ("ParentImage", "ParentProcessName"),
        ],
        ("windefend", Some(&"antivirus")) => &[("Signature", "ThreatName"), ("Filename", "Path")],
        (_, _) => &[],
    };
    for (name, native) in pairs {
        if fields.get(name).is_none() {
            fields.put_again(name, native);
        }
    }
}

/// Rules on a cleared log (event 104) mean by `Channel` the log that was cleared, which the data
/// names; the record's own one is then `System_Channel`.
fn name_cleared_log(fields: &mut Record, kind: Kind) {
    if kind.service != Some("system") || number(fields, "EventID") != Some(104) {
        return;
    }
    let Value::Object(mut named) = fields.to_value() else {
        return;
    };
    if let Some(cleared) = named.remove("EventData_Channel") {
        if let Some(own) = named.insert("Channel".to_owned(), cleared) {
            named.insert("System_Channel".to_owned(), own);
        }
        fields.fill(&Value::Object(named));
    }
}

/// Where a Windows record says its time, best first. `EventTime` is the collector's local time.
const TIME_FIELDS: [(&str, Zoneless); 7] = [
    ("TimeCreated_SystemTime", Zoneless::Utc),
    ("UtcTime", Zoneless::Utc),
    ("SystemTime", Zoneless::Utc),
    ("@timestamp", Zoneless::Utc),
    ("TimeCreated", Zoneless::Utc),
    ("TimeGenerated", Zoneless::Utc),
    ("EventTime", Zoneless::Local),
];

fn when(fields: &Record, hints: &Hints) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for (field, zoneless) in TIME_FIELDS {
        let Some(value) = fields.get(field).filter(|value| !value.is_null()) else {
            continue;
        };
        if let Some(when) = time::of_item(value, zoneless, hints) {
            return Ok(when);
        }
        problem = Degradation::TimeUnreadable;
    }
    Err(problem)
}

/// The time a record of an EVTX file carries outside its XML.
pub(crate) fn time_written(nanoseconds: i128) -> Option<When> {
    let time = Timestamp::from_nanosecond(nanoseconds).ok()?;
    Some(time::certain(time))
}

/// Computer, channel and record number; the second as well, because the numbers begin anew when
/// somebody clears the log.
fn id(draft: &mut Draft, when: Result<When, Degradation>) {
    let Draft { fields, id, .. } = draft;
    id.clear();
    let named = |name| text(fields, name).filter(|name| !name.is_empty());
    let (computer, channel) = (named("Computer"), named("Channel"));
    let record = number(fields, "EventRecordID");
    if let (Some(computer), Some(channel), Some(record), Ok(when)) =
        (computer, channel, record, when)
    {
        let second = when.time.as_second();
        for part in [computer, "/", channel, "/"] {
            id.push_str(part);
        }
        push_digits(id, record);
        id.push('@');
        if second < 0 {
            id.push('-');
        }
        push_digits(id, second.unsigned_abs());
    }
}

/// Writes a number; what formatting does, at a tenth of the work.
fn push_digits(text: &mut String, mut number: u64) {
    let mut digits = ['0'; 20];
    let mut count = 0;
    for digit in &mut digits {
        *digit = char::from(b'0' + u8::try_from(number % 10).unwrap_or(0));
        number /= 10;
        count += 1;
        if number == 0 {
            break;
        }
    }
    text.extend(digits.iter().take(count).rev());
}

fn text<'f>(fields: &'f Record, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Item::as_str)
}

/// A number, also one written as text.
fn number(fields: &Record, name: &str) -> Option<u64> {
    let spelled = fields.get(name)?.spelled()?;
    // Fewer digits than the largest number has cannot be too many.
    if (1..=19).contains(&spelled.len()) && spelled.bytes().all(|b| b.is_ascii_digit()) {
        let digits = spelled.bytes().map(|b| u64::from(b - b'0'));
        return Some(digits.fold(0, |number, digit| number * 10 + digit));
    }
    spelled.trim().parse().ok()
}
