//! Records of collectors: Winlogbeat's nested `winlog` and flat ones.
//!
//! A flat record keeps all its keys. What it lacks of the standard names is added from the names
//! its collector uses.

use cordon_model::{Item, Record, Scalar, Value};

use super::{
    Fields, text,
    xml::{is_number, set_data, set_system, take_data},
};

/// Standard names and where Winlogbeat has them, below `winlog`.
pub(super) const WINLOGBEAT: [(&str, &str); 12] = [
    ("Provider_Name", "/provider_name"),
    ("Provider_Guid", "/provider_guid"),
    ("EventID", "/event_id"),
    ("Version", "/version"),
    ("Level", "/level"),
    ("Task", "/task"),
    ("Opcode", "/opcode"),
    ("Keywords", "/keywords"),
    ("EventRecordID", "/record_id"),
    ("Execution_ProcessID", "/process/pid"),
    ("Execution_ThreadID", "/process/thread/id"),
    ("Security_UserID", "/user/identifier"),
];

/// Whether a record comes from Winlogbeat.
pub(crate) fn is_winlogbeat(record: &Record) -> bool {
    record
        .get("winlog")
        .is_some_and(|winlog| winlog.get("event_id").is_some())
}

/// The fields of a Winlogbeat record. What is outside `winlog` stays.
pub(crate) fn of_winlogbeat(mut record: Fields) -> Fields {
    let mut winlog = record.remove("winlog").unwrap_or(Value::Null);
    let mut fields = Fields::new();
    for (name, path) in WINLOGBEAT {
        if let Some(value) = winlog.pointer_mut(path) {
            set_system(name.to_owned(), value.take(), &mut fields);
        }
    }
    for (name, key) in [("Channel", "channel"), ("Computer", "computer_name")] {
        if let Some(value) = winlog.get_mut(key) {
            fields.insert(name.to_owned(), value.take());
        }
    }
    if let Some(activity) = winlog.get_mut("activity_id") {
        fields.insert("Correlation_ActivityID".to_owned(), activity.take());
    }
    for part in ["event_data", "user_data"] {
        if let Some(Value::Object(data)) = winlog.get_mut(part).map(Value::take) {
            take_data(data, &mut fields);
        }
    }
    if let Some(message) = record.remove("message") {
        set_data("Message", message, &mut fields);
    }
    for (name, value) in record {
        fields.entry(name).or_insert(value);
    }
    fields
}

/// Standard names and what collectors call them, best first.
const COLLECTED: [(&str, &[&str]); 9] = [
    ("EventID", &["EventCode", "event_id", "Event_ID", "Id"]),
    ("Channel", &["LogName", "log_name", "EventLog"]),
    (
        "Computer",
        &["Hostname", "ComputerName", "MachineName", "host_name"],
    ),
    (
        "Provider_Name",
        &[
            "SourceName",
            "ProviderName",
            "EventSourceName",
            "Provider",
            "source_name",
        ],
    ),
    ("Provider_Guid", &["ProviderGuid", "ProviderId"]),
    (
        "EventRecordID",
        &["RecordNumber", "EventRecordId", "RecordId", "record_id"],
    ),
    ("Execution_ProcessID", &["ExecutionProcessID"]),
    ("Execution_ThreadID", &["ExecutionThreadID", "ThreadID"]),
    ("Security_UserID", &["UserID"]),
];

/// Gives a flat record, whose keys all stay, the standard names that it lacks; whether it is one of
/// Windows.
pub(crate) fn of_flat(record: &mut Record) -> bool {
    if !is_flat(record) {
        return false;
    }
    if needs_rebuilding(record)
        && let Value::Object(fields) = record.to_value()
    {
        record.fill(&Value::Object(rebuilt(fields)));
    }
    for (name, others) in COLLECTED {
        if record.get(name).is_some() {
            continue;
        }
        let known = others.iter().find_map(|other| record.get(other));
        if let Some(spelled) = known
            .filter(|item| is_scalar(*item))
            .and_then(Item::spelled)
        {
            let spelled = spelled.to_owned();
            let key = record.name(name);
            let value = if is_number(name, &spelled) {
                Scalar::Number(spelled.trim())
            } else {
                Scalar::Text(&spelled)
            };
            record.put(key, value);
        }
    }
    true
}

/// Whether more than adding names is to be done, which few records need.
fn needs_rebuilding(record: &Record) -> bool {
    let nested = |name| record.get(name).is_some_and(Item::is_map);
    nested("EventData")
        || nested("UserData")
        || record.has_spaced_names()
        || overwritten_event_type(record)
}

fn rebuilt(fields: Fields) -> Fields {
    let entries = fields.into_iter();
    let mut fields: Fields = entries
        .map(|(key, value)| (key.replace(' ', ""), value))
        .collect();
    take_nested_data(&mut fields);
    restore_event_type(&mut fields);
    fields
}

/// A flat Windows record names its event and the log or the provider it comes from.
fn is_flat(record: &Record) -> bool {
    is_flat_by(record, is_scalar)
}

/// Whether its names allow that a record is one.
pub(super) fn may_be_flat(record: &Record) -> bool {
    is_flat_by(record, |_| true)
}

fn is_flat_by(record: &Record, says: fn(Item<'_>) -> bool) -> bool {
    let has = |names: &[&str]| {
        let said = |name: &&str| record.get(name).is_some_and(says);
        names.iter().any(said)
    };
    has(&["EventID", "EventCode", "event_id"])
        && (has(&["Channel", "LogName"])
            || has(&[
                "Provider_Name",
                "SourceName",
                "ProviderName",
                "EventSourceName",
            ]))
}

fn is_scalar(value: Item<'_>) -> bool {
    match value.scalar() {
        Some(Scalar::Text(text)) => !text.is_empty(),
        Some(Scalar::Number(_)) => true,
        Some(Scalar::Null | Scalar::Bool(_)) | None => false,
    }
}

/// Some collectors keep the data in an object of its own.
fn take_nested_data(fields: &mut Fields) {
    for part in ["EventData", "UserData"] {
        if fields.get(part).is_some_and(Value::is_object)
            && let Some(Value::Object(data)) = fields.remove(part)
        {
            take_data(data, fields);
        }
    }
}

/// Whether `NXLog` wrote its own `EventType` (`INFO`) over Sysmon's (`CreateKey`), which the
/// message still has.
fn overwritten_event_type(record: &Record) -> bool {
    let severity = matches!(
        text(record, "EventType"),
        Some("INFO" | "WARNING" | "ERROR" | "AUDIT_SUCCESS" | "AUDIT_FAILURE")
    );
    severity && text(record, "Channel") == Some("Microsoft-Windows-Sysmon/Operational")
}

fn restore_event_type(fields: &mut Fields) {
    if !overwritten_event_type(&Record::from(Value::Object(fields.clone()))) {
        return;
    }
    let message = fields.get("Message").and_then(Value::as_str);
    let native = message.and_then(|message| {
        let mut lines = message.lines();
        let line = lines.find_map(|line| line.trim().strip_prefix("EventType:"))?;
        Some(line.trim().to_owned())
    });
    if let Some(native) = native.filter(|native| !native.is_empty()) {
        fields.insert("EventType".to_owned(), Value::String(native));
    }
}
