//! Conditions on single items of a detection, and on the names of fields.

use std::sync::Arc;

use cordon_text::{Fields, Node};
use regex::Regex;

use super::{
    draft::DraftItem, kinds, plain::Plain, run::Run, state_test::StateTest, text::Text,
    value::Value,
};
use crate::{Test, reader::Reader};

/// The types of conditions on items.
pub(crate) const ITEM_TYPES: [&str; 6] = [
    "contains_wildcard",
    "is_null",
    "match_string",
    "match_value",
    "processing_item_applied",
    "processing_state",
];

/// The types of conditions on the names of fields.
pub(crate) const FIELD_TYPES: [&str; 4] = [
    "exclude_fields",
    "include_fields",
    "processing_item_applied",
    "processing_state",
];

/// A condition on an item.
#[derive(Debug, Clone)]
pub(crate) enum ItemCondition {
    Values { all: Quantity, test: ValueTest },
    Applied(Arc<str>),
    State(StateTest),
}

/// How many of an item's values must be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    Any,
    All,
}

/// A question about one value.
#[derive(Debug, Clone)]
pub(crate) enum ValueTest {
    Matches { regex: Regex, negated: bool },
    Is(Plain),
    Wildcard,
    Null,
}

impl ItemCondition {
    pub(crate) fn holds(&self, item: &DraftItem, run: &Run<'_>) -> bool {
        match self {
            Self::Values { all, test } => match all {
                Quantity::Any => item.values.iter().any(|value| test.holds(value)),
                Quantity::All => item.values.iter().all(|value| test.holds(value)),
            },
            Self::Applied(step) => item.marks.contains(step),
            Self::State(test) => test.holds(run),
        }
    }

    /// Reads a condition.
    pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Self> {
        let mut fields = reader.fields(node, "a condition")?;
        let kind = kinds::read(reader, &mut fields, "condition on items", &ITEM_TYPES)?;
        let condition = match kind {
            "processing_item_applied" => {
                kinds::text(reader, &mut fields, "processing_item_id").map(Self::Applied)
            }
            "processing_state" => StateTest::read(reader, &mut fields).map(Self::State),
            _ => Self::values(reader, &mut fields, kind),
        };
        fields.finish(&mut reader.report);
        condition
    }

    fn values(reader: &mut Reader<'_>, fields: &mut Fields<'_>, kind: &str) -> Option<Self> {
        let cond = fields.required("cond", &mut reader.report);
        let words = [("any", Quantity::Any), ("all", Quantity::All)];
        let all = cond.and_then(|node| kinds::word(reader, Some(node), &words));
        let test = match kind {
            "match_string" => {
                let negated = kinds::flag(reader, fields, "negate");
                let pattern = fields.required("pattern", &mut reader.report);
                let regex = pattern.and_then(|node| kinds::regex(reader, node));
                match (regex, negated) {
                    (Some(regex), Some(negated)) => Some(ValueTest::Matches { regex, negated }),
                    (_, _) => None,
                }
            }
            "match_value" => kinds::plain(reader, fields, "value").map(ValueTest::Is),
            "contains_wildcard" => Some(ValueTest::Wildcard),
            _ => Some(ValueTest::Null),
        };
        Some(Self::Values {
            all: all?,
            test: test?,
        })
    }
}

impl ValueTest {
    fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Matches { regex, negated } => {
                let text = value.text();
                text.is_some_and(|text| kinds::matches_start(regex, &text.plain())) != *negated
            }
            Self::Is(plain) => is(value, plain),
            Self::Wildcard => value.text().is_some_and(Text::has_wildcard),
            Self::Null => matches!(value, Value::Fixed(Test::Null)),
        }
    }
}

/// Whether a value is this one; nothing is never equal, `is_null` asks for it.
fn is(value: &Value, plain: &Plain) -> bool {
    match (value, plain) {
        (Value::Text(text), Plain::Text(written)) => text.pieces == Text::parse(written).pieces,
        (Value::Fixed(Test::Bool(a)), Plain::Bool(b)) => a == b,
        (Value::Fixed(Test::Number { number, .. }), Plain::Number(_) | Plain::Bool(_)) => {
            let order = plain.number().and_then(|wanted| number.compare(wanted));
            order.is_some_and(std::cmp::Ordering::is_eq)
        }
        (_, _) => false,
    }
}

/// A condition on the name of a field.
#[derive(Debug, Clone)]
pub(crate) enum FieldCondition {
    Among(FieldNames),
    NotAmong(FieldNames),
    Applied(Arc<str>),
    State(StateTest),
}

/// Names of fields.
#[derive(Debug, Clone)]
pub(crate) enum FieldNames {
    Plain(Vec<Arc<str>>),
    Regex(Vec<Regex>),
}

impl FieldNames {
    fn contain(&self, field: Option<&Arc<str>>) -> bool {
        let Some(field) = field else {
            return false;
        };
        match self {
            // Rules for Windows drop the spaces of a name, so a name with spaces means both.
            Self::Plain(names) => names.iter().any(|name| {
                name == field || name.contains(' ') && name.replace(' ', "") == **field
            }),
            Self::Regex(regexes) => regexes.iter().any(|r| kinds::matches_start(r, field)),
        }
    }
}

impl FieldCondition {
    /// Whether it holds for a name; keywords have none.
    pub(crate) fn holds(&self, field: Option<&Arc<str>>, run: &Run<'_>) -> bool {
        match self {
            Self::Among(names) => names.contain(field),
            Self::NotAmong(names) => !names.contain(field),
            Self::Applied(step) => run.renamed_by(field, step),
            Self::State(test) => test.holds(run),
        }
    }

    /// Whether it holds for an item, by its field or a field that it is compared with.
    pub(crate) fn holds_of_item(&self, item: &DraftItem, run: &Run<'_>) -> bool {
        if let Self::Applied(step) = self {
            return item.marks.contains(step);
        }
        let others = item.values.iter().filter_map(|value| match value {
            Value::Fixed(Test::Field { field, .. }) => Some(field),
            Value::Fixed(_)
            | Value::Text(_)
            | Value::Open(..)
            | Value::Forms(_)
            | Value::Expression(_) => None,
        });
        self.holds(item.field.as_ref(), run)
            || others.into_iter().any(|field| self.holds(Some(field), run))
    }

    /// Reads a condition.
    pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Self> {
        let mut fields = reader.fields(node, "a condition")?;
        let kind = kinds::read(reader, &mut fields, "condition on fields", &FIELD_TYPES)?;
        let condition = match kind {
            "include_fields" => names(reader, &mut fields).map(Self::Among),
            "exclude_fields" => names(reader, &mut fields).map(Self::NotAmong),
            "processing_item_applied" => {
                kinds::text(reader, &mut fields, "processing_item_id").map(Self::Applied)
            }
            _ => StateTest::read(reader, &mut fields).map(Self::State),
        };
        fields.finish(&mut reader.report);
        condition
    }
}

fn names(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<FieldNames> {
    let mode = fields.optional("mode");
    let as_regex = kinds::word(reader, mode, &[("plain", false), ("re", true)]);
    let node = fields.required("fields", &mut reader.report)?;
    if !as_regex? {
        return kinds::list(reader, node).map(FieldNames::Plain);
    }
    let nodes = node.sequence().unwrap_or(std::slice::from_ref(node));
    let regexes: Vec<_> = nodes
        .iter()
        .filter_map(|n| kinds::regex(reader, n))
        .collect();
    (regexes.len() == nodes.len()).then_some(FieldNames::Regex(regexes))
}
