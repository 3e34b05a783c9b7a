//! What was changed in a setting that is logged as two texts of JSON, before and after.
//!
//! A policy stands in one text each, so that a rule over the texts cannot tell an exception that was
//! added from one that was always there. Here each text is a set of facts, `path=value`, without the
//! places within lists; what only one of the two says was added or removed. Null and an empty list
//! say nothing. A text that was cut off, or says too much, is not compared: nothing is known to have
//! changed, and the record says so.

use std::collections::BTreeSet;

use cordon_model::Value;

use crate::{Degradation, json};

/// Most facts of one text; a setting that says more is not compared.
const FACTS_MAX: usize = 32_768;

/// What a change added and removed, each fact once, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) added: Vec<String>,
    pub(super) removed: Vec<String>,
}

/// Compares two texts of JSON. What is none is an empty setting: one that is yet to be made, or was
/// deleted.
pub(super) fn changes(old: &str, new: &str) -> Result<Changes, Degradation> {
    let (old, new) = (facts(old)?, facts(new)?);
    Ok(Changes {
        added: new.difference(&old).cloned().collect(),
        removed: old.difference(&new).cloned().collect(),
    })
}

/// The facts of a text, unless it is broken or they are too many.
fn facts(text: &str) -> Result<BTreeSet<String>, Degradation> {
    let mut facts = BTreeSet::new();
    if !text.trim_start().starts_with(['{', '[']) {
        return Ok(facts);
    }
    match json::parse(text.as_bytes()) {
        Ok(parsed) => {
            gather(&parsed.value, "", &mut facts).ok_or(Degradation::NotCompared)?;
            Ok(facts)
        }
        Err(_) if is_meant_as_json(text) => Err(Degradation::NotCompared),
        Err(_) => Ok(facts),
    }
}

/// Whether a text begins as JSON does; `{9b89…}`, which is a number in braces, does not.
fn is_meant_as_json(text: &str) -> bool {
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    match signs.next() {
        Some('{') => matches!(signs.next(), None | Some('"' | '}')),
        Some('[') => matches!(signs.next(), None | Some('"' | '{' | '[' | ']' | '0'..='9')),
        _ => false,
    }
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
    use crate::Degradation;

    #[track_caller]
    fn check(old: &str, new: &str, added: &[&str], removed: &[&str]) {
        let found = changes(old, new).unwrap();
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
    fn texts_that_are_no_json_say_nothing() {
        check("Guest", "Member", &[], &[]);
        check("{9b895d92-2cd3}", "[a, b]", &[], &[]);
    }

    #[test]
    fn a_setting_cut_off_is_not_compared_and_said_to_be() {
        for cut in [r#"{"a":[1,2"#, r#"{"state": "en..."#, "{", r#"["x", "#] {
            assert_eq!(changes(r#"{"a":1}"#, cut), Err(Degradation::NotCompared));
            assert_eq!(changes(cut, ""), Err(Degradation::NotCompared));
        }
    }

    #[test]
    fn a_setting_beyond_the_limit_is_not_compared_and_said_to_be() {
        let many: Vec<_> = (0..=super::FACTS_MAX).collect();
        let (within, beyond) = (&many[1..], &many[..]);
        check(&format!("{within:?}"), &format!("{within:?}"), &[], &[]);
        let found = changes(&format!("{beyond:?}"), "[0]");
        assert_eq!(found, Err(Degradation::NotCompared));
    }
}
