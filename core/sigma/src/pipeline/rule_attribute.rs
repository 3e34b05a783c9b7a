//! A condition on what a rule says of itself.

use std::{cmp::Ordering, sync::Arc};

use cordon_text::{Fields, Node};

use super::{kinds, plain::Plain, refusal::Refusal, run::Run, state_test::Op};
use crate::{Date, Header, Level, Status, number::Number, reader::Reader};

/// A comparison with an attribute.
#[derive(Debug, Clone)]
pub(crate) struct AttributeTest {
    attribute: Arc<str>,
    value: Plain,
    op: AttributeOp,
}

/// How an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AttributeOp {
    Compare(Op),
    In,
    NotIn,
}

/// What an attribute is.
enum Kind {
    Text(String),
    Number(Number),
    Date(Date),
    Level(Level),
    Status(Status),
    List(Vec<String>),
}

/// Attributes that say what a rule detects, or that have an inner structure.
const STRUCTURED: [&str; 5] = ["correlation", "detection", "filter", "logsource", "related"];

impl AttributeTest {
    /// Whether it holds; never if the rule does not say.
    pub(crate) fn holds(&self, header: &Header, run: &Run<'_>) -> Result<bool, Refusal> {
        match attribute(header, run, &self.attribute) {
            None => Ok(false),
            Some(Kind::List(items)) => Ok(self.of_list(&items)),
            Some(single) => match self.op {
                AttributeOp::Compare(op) => self.compared(&single, op),
                AttributeOp::In | AttributeOp::NotIn => Err(self.unfit("is no list")),
            },
        }
    }

    fn of_list(&self, items: &[String]) -> bool {
        let found = || items.contains(&self.value.text());
        match self.op {
            AttributeOp::In => found(),
            AttributeOp::NotIn => !found(),
            AttributeOp::Compare(op) => op == Op::Ne,
        }
    }

    fn compared(&self, is: &Kind, op: Op) -> Result<bool, Refusal> {
        let wanted = self.value.text();
        let order: Option<Ordering> = match is {
            Kind::Text(text) => {
                if !matches!(op, Op::Eq | Op::Ne) {
                    return Err(self.unfit("is a text, which is only equal or not"));
                }
                Some(text.cmp(&wanted))
            }
            Kind::Number(number) => {
                let wanted = Number::parse(&wanted).or(self.value.number());
                number.compare(wanted.ok_or_else(|| self.unfit("is a number"))?)
            }
            Kind::Date(date) => {
                let wanted = Date::parse(&wanted).ok_or_else(|| self.unfit("is a date"))?;
                Some(date.cmp(&wanted.0))
            }
            Kind::Level(level) => {
                let wanted = Level::from_word(&wanted);
                Some(level.cmp(&wanted.ok_or_else(|| self.unfit("is a level"))?))
            }
            Kind::Status(status) => {
                let wanted = Status::from_word(&wanted);
                let wanted = wanted.ok_or_else(|| self.unfit("is a status"))?;
                // Statuses are declared from the ripest down; a higher one is riper.
                Some(wanted.cmp(status))
            }
            Kind::List(items) => return Ok(self.of_list(items)),
        };
        Ok(op.holds(order))
    }

    fn unfit(&self, what: &str) -> Refusal {
        let message = format!(
            "the pipeline cannot compare the rule's `{}` with `{}`: it {what}",
            self.attribute,
            self.value.text()
        );
        let help = "correct the `rule_attribute` condition of the pipeline";
        Refusal::new("pipeline-condition", message, help)
    }

    pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let named = fields.required("attribute", &mut reader.report);
        let value = kinds::plain(reader, fields, "value");
        let op = fields.optional("op");
        let words = [
            ("eq", AttributeOp::Compare(Op::Eq)),
            ("ne", AttributeOp::Compare(Op::Ne)),
            ("gte", AttributeOp::Compare(Op::Gte)),
            ("gt", AttributeOp::Compare(Op::Gt)),
            ("lte", AttributeOp::Compare(Op::Lte)),
            ("lt", AttributeOp::Compare(Op::Lt)),
            ("in", AttributeOp::In),
            ("not_in", AttributeOp::NotIn),
        ];
        let op = kinds::word(reader, op, &words);
        let node = named?;
        let attribute = reader.text(node, "the name of an attribute")?;
        if STRUCTURED.contains(&attribute.as_str()) {
            let message = format!("`{attribute}` is no plain value that could be compared");
            let help = "use `logsource`, `contains_field` or `contains_detection_item`";
            reader.problem(node.span, "pipeline-condition", message, help);
            return None;
        }
        Some(Self {
            attribute: Arc::from(attribute),
            value: value?,
            op: op?,
        })
    }
}

fn attribute(header: &Header, run: &Run<'_>, name: &str) -> Option<Kind> {
    let text = |text: Option<&str>| text.map(|text| Kind::Text(text.to_owned()));
    let list =
        |items: &[Arc<str>]| Some(Kind::List(items.iter().map(ToString::to_string).collect()));
    match name {
        "title" => text(Some(&header.title)),
        "id" => text(header.id.as_deref()),
        "name" => text(header.name.as_deref()),
        "description" => text(header.description.as_deref()),
        "author" => text(header.author.as_deref()),
        "level" => header.level.map(Kind::Level),
        "status" => header.status.map(Kind::Status),
        "tags" => list(&header.tags),
        "falsepositives" => list(&header.false_positives),
        "references" => list(&header.references),
        "license" => text(header.license.as_deref()),
        "date" => header.date.map(Kind::Date),
        "modified" => header.modified.map(Kind::Date),
        "taxonomy" => text(Some("sigma")),
        "fields" => list(&header.fields),
        "scope" => list(&header.scope),
        _ => match run.custom.get(name) {
            Some(plain) => single(plain),
            None => custom(header.custom.get(name)?),
        },
    }
}

/// What a custom attribute of a rule is; none if it has an inner structure.
fn custom(node: &Node) -> Option<Kind> {
    let Some(items) = node.sequence() else {
        return single(&Plain::of(node)?);
    };
    let texts = items.iter().map(|item| Some(Plain::of(item)?.text()));
    texts.collect::<Option<_>>().map(Kind::List)
}

fn single(plain: &Plain) -> Option<Kind> {
    match plain {
        Plain::Null => None,
        Plain::Text(text) => Some(Kind::Text(text.to_string())),
        Plain::Bool(_) | Plain::Number(_) => plain.number().map(Kind::Number),
    }
}
