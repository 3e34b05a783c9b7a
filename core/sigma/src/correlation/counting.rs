//! Conditions that compare a count or a measure: `{ field: bytes, gte: 10 }`.

use std::sync::Arc;

use cordon_text::{Node, Span, nearest};

use super::{
    Places,
    bound::{Bound, Range},
    entries,
};
use crate::{Decimal, item::Comparison, reader::Reader};

/// The keys that compare.
const COMPARISONS: [&str; 6] = ["gt", "gte", "lt", "lte", "eq", "neq"];

/// What is counted or measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Records.
    Records,
    /// So many rules there are, of which some are met.
    Rules(usize),
    /// Different values of one or several fields.
    Values,
    /// The numbers of one field.
    Numbers,
    /// The number of one field at a rank.
    Ranked,
}

/// A condition that compares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Counting {
    /// Never empty.
    pub(super) bounds: Vec<Bound>,
    /// As many as the subject needs.
    pub(super) fields: Vec<Arc<str>>,
    /// There if the subject is ranked.
    pub(super) percentile: Option<Decimal>,
    /// Where the numbers of the bounds, and the fields, stand.
    pub(super) places: Places,
}

/// Reads a condition; `place` is where it is missing if it is.
pub(super) fn read(
    reader: &mut Reader<'_>,
    condition: Option<&Node>,
    subject: Subject,
    place: Span,
) -> Option<Counting> {
    let Some(node) = condition else {
        let message = "a correlation of this type needs the key `condition`".to_owned();
        reader.problem(place, "missing-key", message, subject.example());
        return None;
    };
    if node.mapping().is_none() {
        let found = node.describe();
        let message = format!("expected a comparison for this type, found {found}");
        reader.problem(node.span, "wrong-type", message, subject.example());
        return None;
    }
    let before = reader.report.diagnostics.len();
    let mut counting = Counting::default();
    for (key, value) in entries(reader, node) {
        match Comparison::from_word(&key) {
            Some(comparison) => {
                let threshold = threshold(reader, value, subject);
                let bound = |threshold| Bound {
                    comparison,
                    threshold,
                };
                counting.bounds.extend(threshold.map(bound));
                let place = threshold.map(|_| value.span);
                counting.places.thresholds.extend(place);
            }
            None if *key == *"field" && subject.has_field() => {
                let named = fields(reader, value, subject);
                let places = named
                    .iter()
                    .map(|(name, node)| (Arc::clone(name), node.span));
                counting.places.fields.extend(places);
                counting.fields = named.into_iter().map(|(name, _)| name).collect();
            }
            None if *key == *"percentile" && subject == Subject::Ranked => {
                counting.percentile = percentile(reader, value);
            }
            None => unknown(reader, value, &key, subject),
        }
    }
    missing(reader, node, subject);
    let complete = reader.report.diagnostics.len() == before;
    if complete && !subject.range().meets(&counting.bounds) {
        let message = "no number is within this condition, so that it never holds".to_owned();
        reader.problem(node.span, "impossible-condition", message, subject.limits());
        return None;
    }
    complete.then_some(counting)
}

impl Subject {
    const fn has_field(self) -> bool {
        match self {
            Self::Values | Self::Numbers | Self::Ranked => true,
            Self::Records | Self::Rules(_) => false,
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::Records | Self::Rules(_) => "write `condition: { gte: 10 }` or the like",
            Self::Values => "write `condition: { field: user, gte: 10 }` or the like",
            Self::Numbers => "write `condition: { field: bytes, gte: 1000 }` or the like",
            Self::Ranked => {
                "write `condition: { field: bytes, percentile: 95, gte: 1000 }` or the like"
            }
        }
    }

    fn range(self) -> Range {
        match self {
            Self::Records | Self::Values => Range::Counts,
            Self::Rules(most) => Range::CountsUpTo(u64::try_from(most).unwrap_or(u64::MAX)),
            Self::Numbers | Self::Ranked => Range::Numbers,
        }
    }

    const fn limits(self) -> &'static str {
        match self {
            Self::Records | Self::Values => {
                "a window is judged when a record joins it, so that there is always at least one"
            }
            Self::Rules(_) => "at least one of the rules is met, and at most all of those listed",
            Self::Numbers | Self::Ranked => "all comparisons must hold at once",
        }
    }
}

fn threshold(reader: &mut Reader<'_>, node: &Node, subject: Subject) -> Option<Decimal> {
    let text = node.text().unwrap_or_default();
    let (found, expected) = match subject {
        Subject::Records | Subject::Rules(_) | Subject::Values => (
            text.parse().ok().map(|count: u64| Decimal::from(count)),
            "a whole number from 0",
        ),
        Subject::Numbers | Subject::Ranked => (
            Decimal::parse(text),
            "a decimal number with at most 30 digits before its point",
        ),
    };
    if found.is_none() {
        let message = format!("expected {expected}, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
    }
    found
}

fn fields<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    subject: Subject,
) -> Vec<(Arc<str>, &'n Node)> {
    let fields = reader.texts(node, "the name of a field");
    if fields.is_empty() && node.sequence().is_some_and(<[Node]>::is_empty) {
        let message = "the list of fields is empty".to_owned();
        reader.problem(node.span, "wrong-type", message, subject.example());
    }
    if fields.len() > 1 && subject != Subject::Values {
        let message = "this type measures the numbers of one field".to_owned();
        let help = "write a correlation for each field";
        reader.problem(node.span, "several-fields", message, help);
    }
    fields
}

fn percentile(reader: &mut Reader<'_>, node: &Node) -> Option<Decimal> {
    let text = node.text().unwrap_or_default();
    let within = |p: &Decimal| *p >= Decimal::default() && *p <= Decimal::from(100);
    let found = Decimal::parse(text).filter(within);
    if found.is_none() {
        let message = format!("expected a number from 0 to 100, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
    }
    found
}

fn unknown(reader: &mut Reader<'_>, node: &Node, key: &str, subject: Subject) {
    let mut known = COMPARISONS.to_vec();
    if subject.has_field() {
        known.push("field");
    }
    if subject == Subject::Ranked {
        known.push("percentile");
    }
    let message = format!("a condition of this type has no key `{key}`");
    let help = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known keys: {}", known.join(", ")),
    };
    reader.problem(node.span, "unknown-key", message, &help);
}

/// Reports what a condition of this kind lacks.
fn missing(reader: &mut Reader<'_>, node: &Node, subject: Subject) {
    let has = |key: &str| node.get(key).is_some();
    let mut lacks = Vec::new();
    if !COMPARISONS.iter().any(|key| has(key)) {
        lacks.push("one of gt, gte, lt, lte, eq, neq".to_owned());
    }
    if subject.has_field() && !has("field") {
        lacks.push("`field`".to_owned());
    }
    if subject == Subject::Ranked && !has("percentile") {
        lacks.push("`percentile`".to_owned());
    }
    for lack in lacks {
        let message = format!("a condition of this type needs {lack}");
        reader.problem(node.span, "missing-key", message, subject.example());
    }
}
