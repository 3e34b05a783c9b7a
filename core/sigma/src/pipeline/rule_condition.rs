//! Conditions on a whole rule or correlation.

use std::sync::Arc;

use cordon_text::{Fields, Node};

use super::{
    draft::{Draft, DraftItem, Marks},
    kinds,
    plain::Plain,
    refusal::Refusal,
    rule_attribute::AttributeTest,
    run::Run,
    state_test::StateTest,
    value::Value,
};
use crate::{Header, LogSource, Test, log_source, reader::Reader, tag::is_tag};

/// The types of conditions on rules.
pub(crate) const TYPES: [&str; 9] = [
    "contains_detection_item",
    "contains_field",
    "is_sigma_correlation_rule",
    "is_sigma_rule",
    "logsource",
    "processing_item_applied",
    "processing_state",
    "rule_attribute",
    "tag",
];

/// A condition on a rule.
#[derive(Debug, Clone)]
pub(crate) enum RuleCondition {
    LogSource(LogSource),
    ContainsItem { field: Arc<str>, value: Plain },
    ContainsField(Arc<str>),
    Applied(Arc<str>),
    State(StateTest),
    IsRule,
    IsCorrelation,
    Attribute(AttributeTest),
    Tag(Arc<str>),
}

/// What a condition is asked of.
pub(crate) enum Subject<'d> {
    Rule(&'d Draft),
    Correlation {
        header: &'d Header,
        marks: &'d Marks,
        /// The log sources of the rules it builds on, through other correlations too.
        logs: &'d [LogSource],
    },
}

impl RuleCondition {
    pub(crate) fn holds(&self, subject: &Subject<'_>, run: &Run<'_>) -> Result<bool, Refusal> {
        let (header, marks, items) = match subject {
            Subject::Rule(draft) => (&draft.header, &draft.marks, draft.items()),
            Subject::Correlation { header, marks, .. } => (*header, *marks, Vec::new()),
        };
        Ok(match self {
            Self::LogSource(wanted) => match subject {
                Subject::Rule(draft) => wanted.contains(&draft.log_source),
                Subject::Correlation { logs, .. } => logs.iter().any(|log| wanted.contains(log)),
            },
            Self::ContainsItem { field, value } => items.iter().any(|item| has(item, field, value)),
            Self::ContainsField(field) => {
                let named = |item: &&DraftItem| item.field.as_ref() == Some(field);
                items.iter().any(named)
            }
            Self::Applied(step) => marks.contains(step),
            Self::State(test) => test.holds(run),
            Self::IsRule => matches!(subject, Subject::Rule(_)),
            Self::IsCorrelation => matches!(subject, Subject::Correlation { .. }),
            Self::Attribute(test) => test.holds(header, run)?,
            Self::Tag(tag) => header.tags.contains(tag),
        })
    }

    /// Reads a condition.
    pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Self> {
        let mut fields = reader.fields(node, "a condition")?;
        let kind = kinds::read(reader, &mut fields, "condition on rules", &TYPES)?;
        let condition = match kind {
            "logsource" => log_source::of_fields(reader, &mut fields).map(Self::LogSource),
            "contains_detection_item" => Self::contains_item(reader, &mut fields),
            "contains_field" => kinds::text(reader, &mut fields, "field").map(Self::ContainsField),
            "processing_item_applied" => {
                kinds::text(reader, &mut fields, "processing_item_id").map(Self::Applied)
            }
            "processing_state" => StateTest::read(reader, &mut fields).map(Self::State),
            "is_sigma_rule" => Some(Self::IsRule),
            "is_sigma_correlation_rule" => Some(Self::IsCorrelation),
            "rule_attribute" => AttributeTest::read(reader, &mut fields).map(Self::Attribute),
            _ => Self::tag(reader, &mut fields),
        };
        fields.finish(&mut reader.report);
        condition
    }

    fn contains_item(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let field = kinds::text(reader, fields, "field");
        let value = kinds::plain(reader, fields, "value");
        Some(Self::ContainsItem {
            field: field?,
            value: value?,
        })
    }

    fn tag(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let node = fields.required("tag", &mut reader.report)?;
        let tag = reader.text(node, "a tag")?;
        if !is_tag(&tag) {
            let message = format!("`{tag}` is no tag: a namespace, a dot and a name in lower case");
            reader.problem(
                node.span,
                "malformed-tag",
                message,
                "write it as in `attack.t1098`",
            );
            return None;
        }
        Some(Self::Tag(Arc::from(tag)))
    }
}

/// Whether an item has this value for this field; a text that minds case is another value.
fn has(item: &DraftItem, field: &Arc<str>, wanted: &Plain) -> bool {
    let same = |value: &Value| match (value, Value::written(wanted)) {
        (Value::Text(a), Value::Text(b)) => !a.cased && a.pieces == b.pieces,
        (
            Value::Fixed(Test::Number { number, .. }),
            Value::Fixed(Test::Number { number: n, .. }),
        ) => number.compare(n).is_some_and(std::cmp::Ordering::is_eq),
        (Value::Fixed(a @ (Test::Bool(_) | Test::Null)), Value::Fixed(b)) => *a == b,
        (_, _) => false,
    };
    item.field.as_ref() == Some(field) && item.values.iter().any(same)
}
