//! One value of an item on its way through a pipeline, and back to the test that it means.

use cordon_text::{Node, Report, Scalar, Source, Span, Value as Yaml};

use super::{plain::Plain, refusal::Refusal, text::Text};
use crate::{
    FieldRelation, Item, Pattern, Placeholders, Test,
    item::Waiting,
    lower::{self, Place},
    modifier::{Plan, Shape},
    number::Number,
    reader::Reader,
};

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A text, with wildcards and placeholders.
    Text(Text),
    /// A regular expression, a network or what is to be encoded, whose placeholders wait.
    Open(Text, Plan),
    /// Forms of one value, of which one must hold.
    OneOf(Vec<Value>),
    /// Anything else; pipelines look at it as a whole.
    Fixed(Test),
}

/// The values of an item.
pub(crate) fn of(item: &Item) -> Vec<Value> {
    let sought = match item.field {
        Some(_) => Sought::InField,
        None => Sought::Anywhere,
    };
    let read = item.tests.iter().map(|test| Value::of(test, sought));
    let waiting = item.waiting.iter();
    let waiting = waiting.map(|value| Value::waiting(value, sought));
    read.chain(waiting).collect()
}

/// Where a value is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    InField,
    Anywhere,
}

impl Value {
    fn of(test: &Test, sought: Sought) -> Self {
        match test {
            Test::Text(pattern) => match Text::of(pattern) {
                Some(mut read) => {
                    if sought == Sought::Anywhere {
                        read.close();
                    }
                    Self::Text(read)
                }
                None => Self::Fixed(test.clone()),
            },
            Test::OneOf(tests) => Self::OneOf(tests.iter().map(|t| Self::of(t, sought)).collect()),
            Test::Number { .. }
            | Test::Bool(_)
            | Test::Null
            | Test::Exists(_)
            | Test::Regex(_)
            | Test::Cidr { .. }
            | Test::Compare(..)
            | Test::Time(..)
            | Test::Field { .. } => Self::Fixed(test.clone()),
        }
    }

    fn waiting(value: &Waiting, sought: Sought) -> Self {
        let relation = match value.plan.shape {
            None if value.plan.base64.is_none() => FieldRelation::Equals,
            Some(Shape::Text(relation)) if value.plan.base64.is_none() => relation,
            None | Some(_) => return Self::Open(Text::verbatim(&value.text), value.plan),
        };
        let mut text = Text::parse_open(&value.text);
        text.cased = value.plan.cased;
        text.windash = value.plan.windash;
        if matches!(relation, FieldRelation::Contains | FieldRelation::EndsWith) {
            text.open_start();
        }
        if matches!(
            relation,
            FieldRelation::Contains | FieldRelation::StartsWith
        ) {
            text.open_end();
        }
        if sought == Sought::Anywhere && relation == FieldRelation::Contains {
            text.close();
        }
        Self::Text(text)
    }

    /// The value that a pipeline writes.
    pub(crate) fn written(plain: &Plain) -> Self {
        match plain {
            Plain::Null => Self::Fixed(Test::Null),
            Plain::Bool(value) => Self::Fixed(Test::Bool(*value)),
            Plain::Number(number) => Self::number(*number),
            Plain::Text(text) => Self::Text(Text::parse(text)),
        }
    }

    /// A number.
    pub(crate) fn number(number: Number) -> Self {
        let text = number.text();
        Self::Fixed(Test::Number { number, text })
    }

    /// The text, if this is one.
    pub(crate) fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::Open(..) | Self::OneOf(_) | Self::Fixed(_) => None,
        }
    }

    /// Whether this says that something is not there.
    pub(crate) fn says_missing(&self) -> bool {
        matches!(self, Self::Fixed(Test::Null | Test::Exists(false)))
    }

    /// A keyword that becomes the value of a field is sought anywhere in it, as before.
    pub(crate) fn sought_anywhere(&mut self) {
        match self {
            Self::Text(text) => {
                text.open_start();
                text.open_end();
            }
            Self::OneOf(values) => values.iter_mut().for_each(Self::sought_anywhere),
            Self::Open(..) | Self::Fixed(_) => {}
        }
    }

    /// The test that this means.
    pub(crate) fn test(&self, place: Place<'_>, span: Span) -> Result<Test, Refusal> {
        match self {
            Self::Text(text) => {
                let pattern = text.pattern().ok_or_else(|| unresolved(text))?;
                Ok(Test::Text(placed(pattern, place)))
            }
            Self::Open(text, plan) => closed(text, *plan, place, span),
            Self::OneOf(values) => {
                let tests = values.iter().map(|value| value.test(place, span));
                Ok(Test::OneOf(tests.collect::<Result<_, _>>()?))
            }
            Self::Fixed(test) if matches!(place, Place::Field(_)) => Ok(test.clone()),
            Self::Fixed(test) => keyword(test),
        }
    }
}

fn placed(pattern: Pattern, place: Place<'_>) -> Pattern {
    match place {
        Place::Field(_) => pattern,
        Place::Keyword => pattern.open_start().open_end(),
    }
}

/// What a keyword can be: texts and numbers are sought anywhere in the record.
fn keyword(test: &Test) -> Result<Test, Refusal> {
    let anywhere = |text: &str| Ok(Test::Text(placed(Pattern::literal(text), Place::Keyword)));
    match test {
        Test::Number { text, .. } => anywhere(text),
        Test::Bool(value) => anywhere(if *value { "true" } else { "false" }),
        Test::Null | Test::Exists(_) | Test::Field { .. } => Err(Refusal::new(
            "pipeline-value",
            "a keyword cannot be missing, and this pipeline says so of one".to_owned(),
            "restrict the step to fields with `field_name_conditions`",
        )),
        Test::Text(_)
        | Test::OneOf(_)
        | Test::Regex(_)
        | Test::Cidr { .. }
        | Test::Compare(..)
        | Test::Time(..) => Ok(test.clone()),
    }
}

fn unresolved(text: &Text) -> Refusal {
    let name = text.placeholders().next().map_or("", |name| &**name);
    Refusal::new(
        "placeholder-unresolved",
        format!("the placeholder `%{name}%` has no value"),
        "give it one in the configuration or under `vars` of a pipeline with `value_placeholders`",
    )
}

/// What is read only once its placeholders are filled.
fn closed(text: &Text, plan: Plan, place: Place<'_>, span: Span) -> Result<Test, Refusal> {
    if text.placeholders().next().is_some() {
        return Err(unresolved(text));
    }
    let written = text
        .pattern()
        .and_then(|p| p.as_literal().map(str::to_owned));
    let node = Node {
        span,
        value: Yaml::Scalar(Scalar {
            text: written.unwrap_or_default(),
            plain: false,
        }),
    };
    let (source, placeholders) = (Source::new("", ""), Placeholders::none());
    let mut reader = Reader {
        source: &source,
        placeholders: &placeholders,
        report: Report::default(),
    };
    let plan = Plan {
        expand: false,
        ..plan
    };
    lower::test(&mut reader, &node, plan, place).ok_or_else(|| Refusal::of(reader.report))
}
