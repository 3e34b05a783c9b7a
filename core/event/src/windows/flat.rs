//! Records of collectors: Winlogbeat's nested `winlog` and flat ones.
//!
//! A flat record keeps all its keys. What it lacks of the standard names is added from the names
//! its collector uses.

use cordon_model::Value;

use super::{
    Fields, text,
    xml::{set_data, set_system, take_data},
};

/// Standard names and where Winlogbeat has them, below `winlog`.
const WINLOGBEAT: [(&str, &str); 12] = [
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

/// The fields of a Winlogbeat record; none if it is none. What is outside `winlog` stays.
pub(crate) fn of_winlogbeat(mut record: Fields) -> Result<Fields, Fields> {
    let is_one = record
        .get("winlog")
        .is_some_and(|winlog| winlog.is_object() && winlog.get("event_id").is_some());
    if !is_one {
        return Err(record);
    }
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
    Ok(fields)
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

/// The fields of a flat record, whose keys all stay; gives it back if it is none of Windows.
pub(crate) fn of_flat(record: Fields) -> Result<Fields, Fields> {
    if !is_flat(&record) {
        return Err(record);
    }
    let mut fields = if record.keys().any(|key| key.contains(' ')) {
        let entries = record.into_iter();
        entries
            .map(|(key, value)| (key.replace(' ', ""), value))
            .collect()
    } else {
        record
    };
    for (name, others) in COLLECTED {
        if fields.contains_key(name) {
            continue;
        }
        let known = others.iter().find_map(|other| fields.get(*other));
        if let Some(value) = known.filter(|value| is_scalar(value)).cloned() {
            set_system(name.to_owned(), value, &mut fields);
        }
    }
    take_nested_data(&mut fields);
    restore_event_type(&mut fields);
    Ok(fields)
}

/// A flat Windows record names its event and the log or the provider it comes from.
fn is_flat(record: &Fields) -> bool {
    let has = |names: &[&str]| {
        let scalar = |name: &&str| record.get(*name).is_some_and(is_scalar);
        names.iter().any(scalar)
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

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Number(_) => true,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
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

/// `NXLog` writes its own `EventType` (`INFO`) over Sysmon's (`CreateKey`), which the message
/// still has.
fn restore_event_type(fields: &mut Fields) {
    let severity = matches!(
        text(fields, "EventType"),
        Some("INFO" | "WARNING" | "ERROR" | "AUDIT_SUCCESS" | "AUDIT_FAILURE")
    );
    let sysmon = text(fields, "Channel") == Some("Microsoft-Windows-Sysmon/Operational");
    if !(severity && sysmon) {
        return;
    }
    let native = text(fields, "Message").and_then(|message| {
        let mut lines = message.lines();
        let line = lines.find_map(|line| line.trim().strip_prefix("EventType:"))?;
        Some(line.trim().to_owned())
    });
    if let Some(native) = native.filter(|native| !native.is_empty()) {
        fields.insert("EventType".to_owned(), Value::String(native));
    }
}
