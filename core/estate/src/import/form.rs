//! Which form an inventory has, by its beginning.

use super::rows::{columns, first_line};

/// How an inventory is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One JSON document, told further by its keys.
    Json,
    /// One JSON object a line.
    Lines,
    /// Our own format as one JSON document.
    Own,
    /// YAML.
    Text,
    /// A table of configuration items or their relations.
    Relations,
    /// A table of services or of what they need.
    Sheet,
}

/// How much of the beginning is looked at, in bytes.
const LOOKED_AT: usize = 1 << 16;

/// What a text of no known form begins with, for whoever wonders why.
pub(super) fn found(beginning: &[u8]) -> String {
    let text = String::from_utf8_lossy(beginning);
    let first = first_line(text.trim_start());
    if first.is_empty() {
        return "it is empty".to_owned();
    }
    if first
        .chars()
        .any(|c| c.is_control() && c != '\t' || c == '\u{fffd}')
    {
        return "it is no text".to_owned();
    }
    match columns(first).as_slice() {
        [] | [_] => "it is text of some other form".to_owned(),
        many => format!(
            "a table has `service`, or `parent` and `child`, or `name` and `sys_class_name`, and this one {}",
            told(many)
        ),
    }
}

/// What a JSON document of no known form has.
pub(super) fn found_keys(keys: &[String]) -> String {
    match keys {
        [] => "it is a JSON object with no keys".to_owned(),
        keys => format!("it is a JSON object with {}", told(keys)),
    }
}

/// Names told at most.
const TOLD_MAX: usize = 5;

fn told(names: &[String]) -> String {
    let told: Vec<String> = names
        .iter()
        .take(TOLD_MAX)
        .map(|name| format!("`{name}`"))
        .collect();
    told.join(", ")
}

impl Form {
    /// The form of a text that begins so; none if it is not known.
    pub(super) fn of(beginning: &[u8]) -> Option<Self> {
        let beginning = beginning.get(..LOOKED_AT).unwrap_or(beginning);
        let text = String::from_utf8_lossy(beginning);
        let text = text.trim_start();
        if text.starts_with('{') {
            return Some(Self::of_object(text));
        }
        if text.starts_with('[') {
            return Some(Self::Json);
        }
        let columns = columns(first_line(text));
        let has = |name: &str| columns.iter().any(|column| column == name);
        if has("parent") && has("child") || has("name") && (has("sys_class_name") || has("class")) {
            return Some(Self::Relations);
        }
        if has("service") {
            return Some(Self::Sheet);
        }
        let keys = [
            "cordon:",
            "apiVersion:",
            "nodes:",
            "edges:",
            "services:",
            "steps:",
            "name:",
        ];
        let mut lines = text.lines();
        let is_yaml = lines.any(|line| keys.iter().any(|key| line.starts_with(key)));
        is_yaml.then_some(Self::Text)
    }

    fn of_object(text: &str) -> Self {
        let first = text.lines().next().unwrap_or_default().trim_end();
        let whole = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(first);
        if let Ok(object) = whole {
            let record = ["node", "relationship"].map(|kind| Some(kind.into()));
            let is_record = record.contains(&object.get("type").cloned());
            if is_record || object.contains_key("cordon") && crate::is_by_line(text) {
                return Self::Lines;
            }
        }
        if text.contains("\"cordon\":") && text.contains("estate/v1") {
            return Self::Own;
        }
        Self::Json
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn a_form_is_told_by_its_beginning() {
        let cases = [
            ("{\"data\":[{", Some(Form::Json)),
            (
                "{\"type\":\"node\",\"id\":\"0\"}\n{\"type",
                Some(Form::Lines),
            ),
            ("{\"cordon\":\"estate/v1\"}\n{\"node\":{", Some(Form::Lines)),
            ("{\n  \"cordon\": \"estate/v1\",", Some(Form::Own)),
            (
                "{\"nodes\": [], \"cordon\": \"cordon/estate/v1\"}",
                Some(Form::Own),
            ),
            ("# ours\ncordon: estate/v1\n", Some(Form::Text)),
            ("---\napiVersion: backstage.io/v1alpha1\n", Some(Form::Text)),
            ("\"parent\",\"child\",\"type\"\n", Some(Form::Relations)),
            ("Parent,Child,Type\n", Some(Form::Relations)),
            ("service,needs,group\n", Some(Form::Sheet)),
            ("service;name;loss_per_hour\n", Some(Form::Sheet)),
            (
                "\"parent\"\t\"type, in words\"\t\"child\"\n",
                Some(Form::Relations),
            ),
            ("hello\n", None),
        ];
        for (text, expect) in cases {
            assert_eq!(Form::of(text.as_bytes()), expect, "{text}");
        }
    }
}
