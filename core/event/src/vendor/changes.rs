//! What was changed in a setting that is logged as two texts of JSON, before and after.
//!
//! A policy stands in one text each, so that a rule over the texts cannot tell an exception that was
//! added from one that was always there. Here each text is a set of facts, `path=value`, without the
//! places within lists; what only one of the two says was added or removed. Null and an empty list
//! say nothing.

use std::collections::BTreeSet;

use cordon_model::Value;

use crate::json;

/// Most facts of one text; a setting that says more is not compared.
const FACTS_MAX: usize = 4_096;

/// What a change added and removed, each fact once, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) added: Vec<String>,
    pub(super) removed: Vec<String>,
}

/// Compares two texts of JSON. What is none is an empty setting: one that is yet to be made, or was
/// deleted.
pub(super) fn changes(old: &str, new: &str) -> Changes {
    let (Some(old), Some(new)) = (facts(old), facts(new)) else {
        return Changes::default();
    };
    Changes {
        added: new.difference(&old).cloned().collect(),
        removed: old.difference(&new).cloned().collect(),
    }
}

/// The facts of a text; nothing where it is broken or they are too many.
fn facts(text: &str) -> Option<BTreeSet<String>> {
    let mut facts = BTreeSet::new();
    if !text.trim_start().starts_with(['{', '[']) {
        return Some(facts);
    }
    gather(&json::parse(text.as_bytes()).ok()?.value, "", &mut facts)?;
    Some(facts)
}

fn gather(value: &Value, path: &str, facts: &mut BTreeSet<String>) -> Option<()> {
    match value {
        Value::Null => return Some(()),
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                gather(value, &format!("{path}{dot}{name}"), facts)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                gather(item, path, facts)?;
            }
        }
        Value::String(text) => {
            facts.insert(format!("{path}={text}"));
        }
        Value::Bool(_) | Value::Number(_) => {
            facts.insert(format!("{path}={value}"));
        }
    }
    (facts.len() <= FACTS_MAX).then_some(())
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[track_caller]
    fn check(old: &str, new: &str, added: &[&str], removed: &[&str]) {
        let found = changes(old, new);
        assert_eq!(found.added, added, "{old} {new}");
        assert_eq!(found.removed, removed, "{old} {new}");
    }

    #[test]
    fn facts_that_one_text_alone_says_were_added_or_removed() {
        check(
            r#"{"state":"enabled","users":{"exclude":[]},"grant":null}"#,
            r#"{ "state": "disabled", "users": { "exclude": ["a", "b"] }, "n": 1.0 }"#,
            &[
                "n=1.0",
                "state=disabled",
                "users.exclude=a",
                "users.exclude=b",
            ],
            &["state=enabled"],
        );
        check(r#"["a",{"b":true}]"#, r#"[{"b":true},"a"]"#, &[], &[]);
    }

    #[test]
    fn what_is_made_adds_everything_and_what_is_deleted_removes_it() {
        check("", r#"{"a":1}"#, &["a=1"], &[]);
        check(r#"{"a":1}"#, "", &[], &["a=1"]);
    }

    #[test]
    fn texts_that_are_no_json_are_not_compared() {
        check("Guest", "Member", &[], &[]);
        check("{broken", r#"{"a":1}"#, &[], &[]);
    }

    #[test]
    fn a_setting_beyond_the_limit_is_not_compared() {
        let many: Vec<_> = (0..=super::FACTS_MAX).collect();
        check(&format!("{many:?}"), "[0]", &[], &[]);
    }
}
