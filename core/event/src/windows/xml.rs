//! The XML tree of a record, as `{"Event":{"System":…,"EventData":…}}`, to flat names.
//!
//! Attributes of `System` elements join with `_` (`Provider_Name`); data keeps its own names. Where
//! data has the name of a `System` field, the latter stays and the data goes to `EventData_<name>`.

use cordon_model::Value;

use super::Fields;

/// The fields of a record; none if the value has not this shape.
pub(crate) fn of_xml(value: Value) -> Option<Fields> {
    let Value::Object(mut top) = value else {
        return None;
    };
    let Some(Value::Object(event)) = top.remove("Event") else {
        return None;
    };
    let mut fields = Fields::new();
    let mut others = Vec::new();
    for (part, value) in event {
        match (part.as_str(), value) {
            ("System", Value::Object(system)) => take_system(system, &mut fields),
            ("#attributes" | "@xmlns" | "xmlns", _) => {}
            (_, value) => others.push((part, value)),
        }
    }
    for (part, value) in others {
        take_part(&part, value, &mut fields);
    }
    Some(fields)
}

fn take_system(system: Fields, fields: &mut Fields) {
    for (name, value) in system {
        match value {
            Value::Null => {}
            Value::Object(inner) => {
                let base = name.strip_suffix("_attributes").unwrap_or(&name);
                for (key, value) in inner {
                    take_system_part(base, &key, value, fields);
                }
            }
            value @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                set_system(name, value, fields);
            }
        }
    }
}

fn take_system_part(element: &str, key: &str, value: Value, fields: &mut Fields) {
    match (key, value) {
        ("#text", value) => set_system(element.to_owned(), value, fields),
        ("#attributes", Value::Object(attributes)) => {
            for (name, value) in attributes {
                set_system(format!("{element}_{name}"), value, fields);
            }
        }
        (_, value) => {
            let name = key.trim_start_matches(['@', '-']);
            set_system(format!("{element}_{name}"), value, fields);
        }
    }
}

/// `System` fields that are numbers, though some shippers write them as text.
const NUMBERS: [&str; 8] = [
    "EventID",
    "EventRecordID",
    "Level",
    "Version",
    "Task",
    "Opcode",
    "Execution_ProcessID",
    "Execution_ThreadID",
];

/// Whether a `System` field of this name is a number however it is written.
pub(crate) fn is_number_field(name: &str) -> bool {
    NUMBERS.contains(&name)
}

/// Whether a field is a number however it is written.
pub(super) fn is_number(name: &str, text: &str) -> bool {
    is_number_field(name) && text.trim().parse::<u64>().is_ok()
}

pub(crate) fn set_system(name: String, value: Value, fields: &mut Fields) {
    let number = value
        .as_str()
        .filter(|_| is_number_field(&name))
        .and_then(|text| text.trim().parse::<u64>().ok());
    fields.insert(name, number.map_or(value, Value::from));
}

fn take_part(part: &str, value: Value, fields: &mut Fields) {
    match (part, value) {
        (_, Value::Null) => {}
        ("EventData", Value::Object(data)) => take_data(data, fields),
        ("EventData", value) => set_data("Data", value, fields),
        ("RenderingInfo", Value::Object(info)) => {
            for (name, value) in info {
                let name = if name == "Message" {
                    name
                } else {
                    format!("RenderingInfo_{name}")
                };
                set_data(&name, value, fields);
            }
        }
        ("UserData", Value::Object(roots)) => {
            // The root's own name says only what the event id says.
            for (root, value) in roots {
                if root != "#attributes" {
                    take_element("", value, fields);
                }
            }
        }
        (_, value) => take_element("", value, fields),
    }
}

/// The named data of a record.
pub(super) fn take_data(data: Fields, fields: &mut Fields) {
    for (name, value) in data {
        match (name.as_str(), value) {
            ("#attributes", Value::Object(attributes)) => {
                for (name, value) in attributes {
                    fields.insert(format!("EventData_{name}"), value);
                }
            }
            ("Data", value) => take_unnamed(value, fields),
            (_, value) => set_data(&name, text_of(value), fields),
        }
    }
}

/// `Data` elements: without names they are one list, but some converters keep the names inside.
fn take_unnamed(value: Value, fields: &mut Fields) {
    let Value::Array(items) = value else {
        set_data("Data", text_of(value), fields);
        return;
    };
    let mut unnamed = Vec::new();
    for item in items {
        match data_name(&item) {
            Some(name) => set_data(&name, text_of(item), fields),
            None => unnamed.push(text_of(item)),
        }
    }
    if !unnamed.is_empty() {
        set_data("Data", Value::Array(unnamed), fields);
    }
}

fn data_name(item: &Value) -> Option<String> {
    let name = ["/@Name", "/#attributes/Name", "/Name"]
        .iter()
        .find_map(|path| item.pointer(path))?;
    name.as_str().map(str::to_owned)
}

/// The text of an element that has attributes beside it.
fn text_of(value: Value) -> Value {
    match value {
        Value::Object(mut inner) if inner.contains_key("#text") => {
            inner.remove("#text").unwrap_or(Value::Null)
        }
        Value::Object(inner) if inner.keys().all(|key| key.starts_with(['#', '@'])) => Value::Null,
        value @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => value,
    }
}

/// An element of `UserData`: its children under their own names, deeper ones joined with `_`.
fn take_element(prefix: &str, value: Value, fields: &mut Fields) {
    let Value::Object(children) = value else {
        return;
    };
    for (child, value) in children {
        match (child.as_str(), value) {
            ("#attributes", Value::Object(attributes)) => {
                let own = attributes
                    .into_iter()
                    .filter(|(name, _)| !name.starts_with("xmlns"));
                for (attribute, value) in own {
                    set_data(&format!("{prefix}{attribute}"), value, fields);
                }
            }
            ("#text", value) => set_data(prefix.trim_end_matches('_'), value, fields),
            (_, value @ Value::Object(_)) => {
                take_element(&format!("{prefix}{child}_"), value, fields);
            }
            (_, value) => set_data(&format!("{prefix}{child}"), value, fields),
        }
    }
}

/// Sets a data field under its name without spaces.
pub(super) fn set_data(name: &str, value: Value, fields: &mut Fields) {
    let name = if name.contains(' ') {
        name.replace(' ', "")
    } else {
        name.to_owned()
    };
    if fields.contains_key(&name) {
        fields.insert(format!("EventData_{name}"), value);
    } else {
        fields.insert(name, value);
    }
}
