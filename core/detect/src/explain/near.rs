//! Guesses at why a line did not hold though it nearly did.
//!
//! Guesses help people and decide nothing; where nothing is near, nothing is said.

use cordon_model::{self as model, Record, Shape};
use cordon_sigma::{DASHES, Part, Test};

use crate::{fold::fold, sight::named};

/// Shortest text worth finding elsewhere, in characters: shorter ones are found by accident.
const NEEDLE_CHARS_MIN: usize = 3;

/// Most guesses for one line: more would hide the line itself.
const GUESSES_MAX: usize = 3;

/// What may have been meant by a line that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NearMiss {
    /// The event has a field whose name differs only in case, signs or the path before it.
    OtherName {
        /// Its name in the event.
        field: String,
        /// Its value.
        value: String,
    },
    /// The field has the text, but not where it is wanted or with more around it.
    OtherPlace {
        /// The text that is there.
        text: String,
        /// The whole value.
        value: String,
    },
    /// The field has the text with another dash, such as `/x` for `-x`.
    OtherDash {
        /// The text that is wanted.
        text: String,
        /// The whole value.
        value: String,
    },
    /// Another field has the text.
    OtherField {
        /// Its name.
        field: String,
        /// The text that is there.
        text: String,
        /// The whole value.
        value: String,
    },
}

/// What may have been meant by a line that does not hold: its field, and those of its tests that fail.
pub(super) fn near_misses<'t>(
    own: Option<&str>,
    tests: impl Iterator<Item = &'t Test>,
    record: &Record,
) -> Vec<NearMiss> {
    let mut near = Vec::new();
    let leaves = leaves(record);
    if let Some(own) = own
        && is_missing(record, own)
    {
        let others = leaves.iter().filter(|(name, _)| same_name(own, name));
        near.extend(others.map(|(field, value)| NearMiss::OtherName {
            field: field.clone(),
            value: value.clone(),
        }));
    }
    let needles = needles(tests);
    for (name, value) in leaves.iter().filter(|_| !needles.is_empty()) {
        let folded = fold(value);
        let holding = needles
            .iter()
            .filter(|needle| folded.contains(fold(needle).as_ref()));
        near.extend(holding.filter_map(|needle| found_in(own, name, (needle, value))));
        let dashed = needles.iter().filter(|needle| {
            own == Some(name)
                && !folded.contains(fold(needle).as_ref())
                && dash_apart(needle, &folded)
        });
        near.extend(dashed.map(|needle| NearMiss::OtherDash {
            text: needle.clone(),
            value: value.clone(),
        }));
    }
    near.sort();
    near.dedup();
    near.truncate(GUESSES_MAX);
    near
}

fn found_in(own: Option<&str>, name: &str, (needle, value): (&str, &str)) -> Option<NearMiss> {
    let (text, value) = (needle.to_owned(), value.to_owned());
    match own {
        None => None,
        Some(own) if own == name => Some(NearMiss::OtherPlace { text, value }),
        Some(own) if same_name(own, name) || !stands_alone(needle, &value) => None,
        Some(_) => Some(NearMiss::OtherField {
            field: name.to_owned(),
            text,
            value,
        }),
    }
}

/// Whether a folded value has a text but for the dash that it begins with.
fn dash_apart(needle: &str, folded: &str) -> bool {
    let needle = fold(needle);
    let option = needle.trim_start();
    option.strip_prefix(DASHES).is_some_and(|name| {
        !name.is_empty()
            && DASHES
                .iter()
                .any(|dash| folded.contains(&format!("{dash}{name}")))
    })
}

/// Whether a text stands in another as words of their own: `SYSTEM` does not in `System32`.
fn stands_alone(needle: &str, value: &str) -> bool {
    let (needle, value) = (fold(needle), fold(value));
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let joined = |one: Option<char>, other: Option<char>| inside(one) && inside(other);
    value.match_indices(needle.as_ref()).any(|(at, found)| {
        let (before, rest) = value.split_at(at);
        let after = rest.strip_prefix(found).unwrap_or_default();
        !joined(before.chars().next_back(), found.chars().next())
            && !joined(found.chars().next_back(), after.chars().next())
    })
}

/// The longest literal of each text that is wanted.
fn needles<'t>(tests: impl Iterator<Item = &'t Test>) -> Vec<String> {
    let mut found = Vec::new();
    for test in tests {
        match test {
            Test::Text(pattern) => {
                let literals = pattern.parts.iter().filter_map(|part| match part {
                    Part::Text(literal) => Some(literal),
                    Part::AnyRun | Part::AnyChar | Part::Dash => None,
                });
                let longest = literals.max_by_key(|literal| literal.chars().count());
                let long = |literal: &&String| literal.chars().count() >= NEEDLE_CHARS_MIN;
                found.extend(longest.filter(long).cloned());
            }
            Test::OneOf(tests) => found.extend(needles(tests.iter())),
            Test::Number { .. }
            | Test::Bool(_)
            | Test::Null
            | Test::Exists(_)
            | Test::Regex(_)
            | Test::Cidr { .. }
            | Test::Compare(..)
            | Test::Time(..)
            | Test::Field { .. } => {}
        }
    }
    found
}

/// Whether two names differ only in case, signs or the path before the last part.
fn same_name(wanted: &str, name: &str) -> bool {
    let bare = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let last = |name: &str| bare(name.rsplit('.').next().unwrap_or(name));
    bare(wanted) == bare(name) || last(wanted) == last(name)
}

fn is_missing(record: &Record, name: &str) -> bool {
    let mut missing = true;
    named(record, name, &mut |_| missing = false);
    missing
}

/// Every value of a record that has a text, under its dotted name; the members of a list have the
/// name of the list.
fn leaves(record: &Record) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    walk("", record.root(), &mut leaves);
    leaves
}

fn walk(name: &str, item: model::Item<'_>, leaves: &mut Vec<(String, String)>) {
    for child in item.children() {
        let inner = match item.shape() {
            Some(Shape::Map) if name.is_empty() => child.key().to_owned(),
            Some(Shape::Map) => format!("{name}.{}", child.key()),
            Some(Shape::List) | None => name.to_owned(),
        };
        let text = child.spelled().map(|text| (inner.clone(), text.to_owned()));
        leaves.extend(text);
        walk(&inner, child, leaves);
    }
}
