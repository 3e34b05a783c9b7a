//! What was changed in a setting that is logged as two texts of JSON, before and after.
//!
//! A policy stands in one text each, so that a rule over the texts cannot tell an exception that was
//! added from one that was always there. Here each text is a set of facts, `path=value`, without the
//! places within lists; what only one of the two says was added or removed. Null and an empty list
//! say nothing. A text that was cut off, or says too much, is not compared: nothing is known to have
//! changed, and the record says so.

use std::{cmp::Ordering, ops::Range};

use cordon_model::{Item, NameHash, Scalar, Shape};

use crate::{Degradation, inner::Inner};

/// Most facts of one text; a setting that says more is not compared.
const FACTS_MAX: usize = 32_768;

/// What a change added and removed, each fact once, in order. The memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// All that the facts say, one after another.
    text: String,
    added: Vec<Fact>,
    removed: Vec<Fact>,
}

/// One thing that a setting says: where its path and its value stand in the text of all.
#[derive(Debug, Clone)]
struct Fact {
    path: Range<usize>,
    value: Range<usize>,
}

impl Changes {
    /// Compares two texts of JSON, which stand under a name. What is none is an empty setting: one that is yet to be made, or was
    /// deleted.
    pub(super) fn compare(
        &mut self,
        name: NameHash,
        (old, new): (&str, &str),
        inner: &mut Inner,
    ) -> Result<(), Degradation> {
        let Self {
            text,
            added,
            removed,
        } = self;
        text.clear();
        added.clear();
        gather((name, old), (text, removed), inner)?;
        if old == new {
            removed.clear();
            return Ok(());
        }
        gather((name, new), (text, added), inner)?;
        part(text, removed, added);
        Ok(())
    }

    /// What only the newer text says.
    pub(super) fn added(&self) -> impl Iterator<Item = [&str; 3]> {
        self.added.iter().map(|fact| fact.spelled(&self.text))
    }

    /// What only the older text says.
    pub(super) fn removed(&self) -> impl Iterator<Item = [&str; 3]> {
        self.removed.iter().map(|fact| fact.spelled(&self.text))
    }
}

impl Fact {
    /// `path=value`, in its parts.
    fn spelled<'t>(&self, text: &'t str) -> [&'t str; 3] {
        let part = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        [part(&self.path), "=", part(&self.value)]
    }

    /// As what is spelled is ordered.
    fn order(&self, other: &Self, text: &str) -> Ordering {
        let ([path, _, value], [other_path, _, other_value]) =
            (self.spelled(text), other.spelled(text));
        if path == other_path {
            return value.cmp(other_value);
        }
        let bytes = |parts: [&'_ str; 3]| parts.map(str::as_bytes).concat();
        let common = path.len().min(other_path.len());
        match (path.get(..common), other_path.get(..common)) {
            (Some(one), Some(other)) if one != other => one.cmp(other),
            (_, _) => bytes(self.spelled(text)).cmp(&bytes(other.spelled(text))),
        }
    }
}

/// Leaves to each of two settings what the other does not say.
fn part(text: &str, one: &mut Vec<Fact>, other: &mut Vec<Fact>) {
    if one.is_empty() || other.is_empty() {
        return;
    }
    let (mut kept, mut kept_other) = (Vec::new(), Vec::new());
    let (mut left, mut right) = (one.drain(..).peekable(), other.drain(..).peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.order(b, text) {
            Ordering::Less => kept.extend(left.next()),
            Ordering::Greater => kept_other.extend(right.next()),
            Ordering::Equal => {
                left.next();
                right.next();
            }
        }
    }
    kept.extend(left);
    kept_other.extend(right);
    (*one, *other) = (kept, kept_other);
}

/// The facts of a text, unless it is broken or they are too many.
fn gather(
    (name, told): (NameHash, &str),
    (text, facts): (&mut String, &mut Vec<Fact>),
    inner: &mut Inner,
) -> Result<(), Degradation> {
    facts.clear();
    let trimmed = told.trim_start();
    if !trimmed.starts_with(['{', '[']) || trimmed == "[]" || trimmed == "{}" {
        return Ok(());
    }
    match inner.read_value((name, told)) {
        Some(setting) => {
            let mut gathering = Gathering {
                text,
                facts,
                path: String::new(),
                written: None,
            };
            let whole = gathering.value(setting).and_then(|()| gathering.settle());
            whole.ok_or(Degradation::NotCompared)
        }
        None if is_meant_as_json(told) => Err(Degradation::NotCompared),
        None => Ok(()),
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

/// The facts of one text that were met so far.
struct Gathering<'c> {
    text: &'c mut String,
    facts: &'c mut Vec<Fact>,
    /// The names that lead to where it is.
    path: String,
    /// Where that stands in the text of all, if it does already.
    written: Option<Range<usize>>,
}

impl Gathering<'_> {
    /// Adds what a value says; none if that is too much.
    fn value(&mut self, value: Item<'_>) -> Option<()> {
        match value.shape() {
            Some(Shape::Map) => {
                let own = self.path.len();
                for member in value.children() {
                    self.written = None;
                    if own > 0 {
                        self.path.push('.');
                    }
                    self.path.push_str(member.key());
                    self.value(member)?;
                    self.path.truncate(own);
                }
                self.written = None;
                Some(())
            }
            Some(Shape::List) => value.children().try_for_each(|member| self.value(member)),
            None => self.say(value),
        }
    }

    fn say(&mut self, value: Item<'_>) -> Option<()> {
        let number;
        let said = match value.scalar()? {
            Scalar::Null => return Some(()),
            Scalar::Text(text) => text,
            Scalar::Bool(true) => "true",
            Scalar::Bool(false) => "false",
            Scalar::Number(spelled) if is_short_whole(spelled) => spelled,
            Scalar::Number(_) => {
                number = value.to_value().to_string();
                &number
            }
        };
        let Self {
            text,
            facts,
            path,
            written,
        } = self;
        let path = written.get_or_insert_with(|| keep(text, path)).clone();
        let value = keep(text, said);
        facts.push(Fact { path, value });
        if self.facts.len() > 2 * FACTS_MAX {
            self.settle()?;
        }
        Some(())
    }

    /// Brings the facts into order, each once; none if they are too many.
    fn settle(&mut self) -> Option<()> {
        let Self { text, facts, .. } = self;
        facts.sort_unstable_by(|a, b| a.order(b, text));
        facts.dedup_by(|a, b| a.order(b, text).is_eq());
        (facts.len() <= FACTS_MAX).then_some(())
    }
}

/// Whether a number is spelled as everybody would.
fn is_short_whole(spelled: &str) -> bool {
    let digits = spelled.strip_prefix('-').unwrap_or(spelled);
    digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit()) && spelled != "-0"
}

fn keep(text: &mut String, part: &str) -> Range<usize> {
    let start = text.len();
    text.push_str(part);
    start..text.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cordon_model::NameHash;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{Changes, FACTS_MAX};
    use crate::{Degradation, inner::Inner, json};

    /// What was added and what was removed.
    type Found = (Vec<String>, Vec<String>);

    fn changes(old: &str, new: &str) -> Result<Found, Degradation> {
        let (mut changes, mut inner) = (Changes::default(), Inner::default());
        // What was compared before shows in nothing.
        let name = NameHash::of("setting");
        let _ = changes.compare(name, (new, "[7]"), &mut inner);
        changes.compare(name, (old, new), &mut inner)?;
        let added = changes.added().map(|parts| parts.concat());
        let removed = changes.removed().map(|parts| parts.concat());
        Ok((added.collect(), removed.collect()))
    }

    #[track_caller]
    fn check(old: &str, new: &str, added: &[&str], removed: &[&str]) {
        let found = changes(old, new).unwrap();
        assert_eq!(found.0, added, "{old} {new}");
        assert_eq!(found.1, removed, "{old} {new}");
    }

    /// The facts of a value, by sets of texts.
    fn facts(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                for (name, value) in fields {
                    let dot = if path.is_empty() { "" } else { "." };
                    facts(value, &format!("{path}{dot}{name}"), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| facts(item, path, found)),
            Value::String(text) => {
                found.insert(format!("{path}={text}"));
            }
            Value::Bool(_) | Value::Number(_) => {
                found.insert(format!("{path}={value}"));
            }
        }
    }

    fn slowly(text: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if text.trim_start().starts_with(['{', '[']) {
            facts(&json::parse(text.as_bytes()).unwrap().value, "", &mut found);
        }
        found
    }

    /// Settings as texts, numbers in any spelling.
    fn settings() -> impl Strategy<Value = String> {
        let numbers = "-?(0|[1-9][0-9]{0,11})([.][0-9]{1,3})?(e[0-9])?|-?[1-9][0-9]{17}";
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            numbers.prop_map(|number| number),
            "\"[ab.=]{0,3}\"".prop_map(|text| text),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let members = prop::collection::vec(("[ab.=]{0,2}", inner.clone()), 0..4);
            let members = members.prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\": {value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            });
            let items = prop::collection::vec(inner, 0..4);
            prop_oneof![
                members,
                items.prop_map(|items| format!("[{}]", items.join(", ")))
            ]
        })
    }

    proptest! {
        #[test]
        fn what_changed_is_the_difference_of_two_sets(old in settings(), new in settings()) {
            let (before, after) = (slowly(&old), slowly(&new));
            let (added, removed) = changes(&old, &new).unwrap();
            prop_assert_eq!(added, after.difference(&before).cloned().collect::<Vec<_>>());
            prop_assert_eq!(removed, before.difference(&after).cloned().collect::<Vec<_>>());
        }
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
        let many: Vec<_> = (0..=FACTS_MAX).collect();
        let (within, beyond) = (&many[1..], &many[..]);
        check(&format!("{within:?}"), &format!("{within:?}"), &[], &[]);
        let found = changes(&format!("{beyond:?}"), "[0]");
        assert_eq!(found, Err(Degradation::NotCompared));
    }

    #[test]
    fn what_is_said_again_and_again_is_one_fact() {
        let again = format!("[{}0]", "1,2,".repeat(2 * FACTS_MAX));
        check("[0]", &again, &["=1", "=2"], &[]);
        check(&again, &again, &[], &[]);
    }
}
