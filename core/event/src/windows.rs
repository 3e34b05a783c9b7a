//! Windows records, however they were shipped, under Sigma's flat names.
//!
//! Four shapes are known: the XML tree as EVTX and `evtx_dump` give it, Winlogbeat's `winlog`,
//! and the flat records of `NXLog` and other collectors, which keep their keys and get the standard
//! ones they lack. Whatever the shape, the result has `EventID`, `Channel`, `Computer`,
//! `Provider_Name` where the record knows them, and its data under their own names without spaces.

mod channel;
mod flat;
mod xml;

#[cfg(test)]
mod tests;

use cordon_model::{Timestamp, Value};
use serde_json::Map;

use crate::{
    Degradation, Hints,
    intake::{Kind, Understood},
    time::{self, When, Zoneless},
};

pub(crate) use flat::{of_flat, of_winlogbeat};
pub(crate) use xml::of_xml;

pub(crate) type Fields = Map<String, Value>;

/// Makes an event's parts of a record under Windows names.
pub(crate) fn understand(mut fields: Fields, hints: &Hints) -> Understood {
    let kind = kind(&fields);
    alias(&mut fields, &kind);
    let when = when(&fields, hints);
    let id = id(&fields, when);
    name_cleared_log(&mut fields, &kind);
    Understood {
        kind,
        fields: Value::Object(fields),
        id,
        when,
        degraded: Vec::new(),
    }
}

/// Which log: by channel, or by provider where the channel is not one of Sigma's.
fn kind(fields: &Fields) -> Kind {
    let service = text(fields, "Channel")
        .and_then(channel::service_of)
        .or_else(|| text(fields, "Provider_Name").and_then(channel::service_of_provider));
    let event_type = text(fields, "EventType").unwrap_or_default();
    let categories = match (service, number(fields, "EventID")) {
        (Some(service), Some(event)) => channel::categories(service, event, event_type),
        (_, _) => Vec::new(),
    };
    Kind {
        product: Some("windows"),
        service,
        categories,
    }
}

/// Second names under which rules of a category know a field.
fn alias(fields: &mut Fields, kind: &Kind) {
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
        let known = fields.get(*native).filter(|_| !fields.contains_key(*name));
        if let Some(value) = known.cloned() {
            fields.insert((*name).to_owned(), value);
        }
    }
}

/// Rules on a cleared log (event 104) mean by `Channel` the log that was cleared, which the data
/// names; the record's own one is then `System_Channel`.
fn name_cleared_log(fields: &mut Fields, kind: &Kind) {
    if kind.service != Some("system") || number(fields, "EventID") != Some(104) {
        return;
    }
    if let Some(cleared) = fields.remove("EventData_Channel")
        && let Some(own) = fields.insert("Channel".to_owned(), cleared)
    {
        fields.insert("System_Channel".to_owned(), own);
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

fn when(fields: &Fields, hints: &Hints) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for (field, zoneless) in TIME_FIELDS {
        let Some(value) = fields.get(field).filter(|value| !value.is_null()) else {
            continue;
        };
        if let Some(when) = time::of_value(value, zoneless, hints) {
            return Ok(when);
        }
        problem = Degradation::TimeUnreadable;
    }
    Err(problem)
}

/// The time a record of an EVTX file carries outside its XML.
pub(crate) fn time_written(nanoseconds: i128) -> Option<When> {
    let time = Timestamp::from_nanosecond(nanoseconds).ok()?;
    Some(When {
        time,
        assumed: None,
    })
}

/// Computer, channel and record number; the second as well, because the numbers begin anew when
/// somebody clears the log.
fn id(fields: &Fields, when: Result<When, Degradation>) -> Option<String> {
    let computer = text(fields, "Computer").filter(|name| !name.is_empty())?;
    let channel = text(fields, "Channel").filter(|name| !name.is_empty())?;
    let record = number(fields, "EventRecordID")?;
    let second = when.ok()?.time.as_second();
    Some(format!("{computer}/{channel}/{record}@{second}"))
}

fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str)
}

/// A number, also one written as text.
fn number(fields: &Fields, name: &str) -> Option<u64> {
    let value = fields.get(name)?;
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}
