//! What a correlation asks for: its type and its condition together.

use std::sync::Arc;

use cordon_text::{Fields, Node, nearest};

use super::{
    Places, Reference,
    bound::Bound,
    counting::{self, Counting, Subject},
    expression::{in_order, named, ordered, where_true},
    order::{self, Order},
    references,
};
use crate::{Decimal, Expr, reader::Reader};

/// What a correlation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrelationKind {
    /// So many records.
    EventCount(Vec<Bound>),
    /// So many different values of these fields, taken together.
    ValueCount {
        /// How many.
        bounds: Vec<Bound>,
        /// Of what; never empty.
        fields: Vec<Arc<str>>,
    },
    /// A measure of the numbers that one field has.
    ValueMeasure {
        /// What is measured.
        measure: Measure,
        /// How it must compare.
        bounds: Vec<Bound>,
        /// Of which field.
        field: Arc<str>,
    },
    /// So many of the rules, in any order; all of them where there is no bound.
    Temporal(Vec<Bound>),
    /// Those of the rules that make this expression true, in any order; its places are those of
    /// [`super::Correlation::rules`]. `not` speaks of records within the same window. It is never
    /// true where no rule is met.
    TemporalWhere(Expr),
    /// One of these orders of rules; never empty.
    TemporalOrdered(Vec<Order>),
}

/// A measure of several numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Their sum.
    Sum,
    /// Their sum divided by how many they are.
    Average,
    /// The smallest of them that at least so many of a hundred do not exceed; from 0 to 100.
    Percentile(Decimal),
    /// The one in the middle, or half the sum of the two in the middle.
    Median,
}

impl CorrelationKind {
    /// The fields whose values it counts or measures.
    pub fn fields(&self) -> &[Arc<str>] {
        match self {
            Self::ValueCount { fields, .. } => fields,
            Self::ValueMeasure { field, .. } => std::slice::from_ref(field),
            Self::EventCount(_)
            | Self::Temporal(_)
            | Self::TemporalWhere(_)
            | Self::TemporalOrdered(_) => &[],
        }
    }
}

/// The types, as rules write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    EventCount,
    ValueCount,
    ValueSum,
    ValueAvg,
    ValuePercentile,
    ValueMedian,
    Temporal,
    TemporalOrdered,
}

impl Type {
    const WORDS: [(&'static str, Self); 8] = [
        ("event_count", Self::EventCount),
        ("value_count", Self::ValueCount),
        ("value_sum", Self::ValueSum),
        ("value_avg", Self::ValueAvg),
        ("value_percentile", Self::ValuePercentile),
        ("value_median", Self::ValueMedian),
        ("temporal", Self::Temporal),
        ("temporal_ordered", Self::TemporalOrdered),
    ];

    fn from_word(word: &str) -> Option<Self> {
        let known = Self::WORDS.into_iter();
        known
            .filter(|(known, _)| *known == word)
            .map(|(_, t)| t)
            .next()
    }

    const fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }
}

/// What a correlation asks for, and of which rules.
pub(super) struct Asked {
    pub(super) kind: CorrelationKind,
    pub(super) rules: Vec<Reference>,
    /// Where the parts of the condition stand.
    pub(super) places: Places,
}

/// Reads the type and the condition, and the rules that the condition names if there is no list.
/// `listed` is the list.
pub(super) fn read(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    listed: Option<&Node>,
) -> Option<Asked> {
    let kind = fields
        .required("type", &mut reader.report)
        .and_then(|node| kind(reader, node));
    let condition = fields.optional("condition");
    let expression =
        condition.filter(|node| node.scalar().is_some() && kind.is_none_or(Type::is_temporal));
    let rules = match (listed, expression) {
        (Some(listed), _) => references(reader, listed),
        (None, Some(expression)) => named(reader, expression),
        (None, None) => {
            fields.required("rules", &mut reader.report);
            None
        }
    };
    let count = rules.as_ref().map_or(usize::MAX, Vec::len);
    let mut places = Places::default();
    let read = match (kind?, expression) {
        (Type::Temporal, Some(node)) => where_true(reader, node, rules.as_deref()?),
        (Type::TemporalOrdered, Some(node)) => in_order(reader, node, rules.as_deref()?),
        (Type::Temporal, None) if condition.is_none() => {
            Some(CorrelationKind::Temporal(Vec::new()))
        }
        (Type::TemporalOrdered, None) if condition.is_none() => {
            let all = (0..rules.as_ref()?.len()).collect();
            Some(CorrelationKind::TemporalOrdered(vec![Order {
                sequence: all,
                ..Order::default()
            }]))
        }
        (kind, _) => {
            let counting = counting::read(reader, condition, kind.subject(count), fields.span());
            counting.and_then(|mut counting| {
                places = std::mem::take(&mut counting.places);
                kind.counted(reader, condition, counting, count)
            })
        }
    };
    Some(Asked {
        kind: read?,
        rules: rules?,
        places,
    })
}

/// The type; for a word that is none, the one that was probably meant, so that all else can be
/// checked. The document is refused then, because that is an error.
fn kind(reader: &mut Reader<'_>, node: &Node) -> Option<Type> {
    let word = node.text().unwrap_or_default();
    if let Some(kind) = Type::from_word(word) {
        return Some(kind);
    }
    let known: Vec<_> = Type::WORDS.iter().map(|(word, _)| *word).collect();
    let message = format!("there is no type of correlation called `{word}`");
    let near = nearest(word, known.iter().copied());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known types: {}", known.join(", ")),
    };
    reader.problem(node.span, "unknown-correlation-type", message, &help);
    near.and_then(Type::from_word)
}

impl Type {
    const fn subject(self, rules: usize) -> Subject {
        match self {
            Self::EventCount => Subject::Records,
            Self::ValueCount => Subject::Values,
            Self::ValueSum | Self::ValueAvg | Self::ValueMedian => Subject::Numbers,
            Self::ValuePercentile => Subject::Ranked,
            Self::Temporal | Self::TemporalOrdered => Subject::Rules(rules),
        }
    }

    fn counted(
        self,
        reader: &mut Reader<'_>,
        node: Option<&Node>,
        counting: Counting,
        rules: usize,
    ) -> Option<CorrelationKind> {
        let Counting {
            bounds,
            fields,
            percentile,
            ..
        } = counting;
        let measure = match self {
            Self::EventCount => return Some(CorrelationKind::EventCount(bounds)),
            Self::ValueCount => return Some(CorrelationKind::ValueCount { bounds, fields }),
            Self::Temporal => return Some(CorrelationKind::Temporal(bounds)),
            Self::TemporalOrdered => {
                let orders = order::counted(rules, &bounds);
                return ordered(reader, node?, orders);
            }
            Self::ValueSum => Measure::Sum,
            Self::ValueAvg => Measure::Average,
            Self::ValueMedian => Measure::Median,
            Self::ValuePercentile => Measure::Percentile(percentile?),
        };
        Some(CorrelationKind::ValueMeasure {
            measure,
            bounds,
            field: fields.into_iter().next()?,
        })
    }
}
