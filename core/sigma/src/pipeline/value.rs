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
    /// Forms of one value, such as its encodings, of which one must hold; a pipeline leaves them.
    Forms(Vec<Value>),
    /// A text of which a step made a regular expression; to later steps it is no text.
    Expression(Text),
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
            Test::OneOf(tests) => Self::Forms(tests.iter().map(|t| Self::of(t, sought)).collect()),
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
        let relation = value
            .plan
            .relation()
            .filter(|_| value.plan.base64.is_none());
        let Some(relation) = relation else {
            let mut text = Text::verbatim(&value.text);
            text.span = Some(value.span);
            return Self::Open(text, value.plan);
        };
        let mut text = Text::parse_open(&value.text);
        text.span = Some(value.span);
        text.cased = value.plan.cased;
        text.windash = value.plan.windash;
        match sought {
            Sought::InField => text.open(relation),
            Sought::Anywhere => {
                text.open(relation.of_keyword());
                text.close();
            }
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
            Self::Open(..) | Self::Forms(_) | Self::Expression(_) | Self::Fixed(_) => None,
        }
    }

    /// Whether this says that something is not there.
    pub(crate) fn says_missing(&self) -> bool {
        matches!(self, Self::Fixed(Test::Null | Test::Exists(false)))
    }

    /// A keyword that becomes the value of a field is sought in it as it was in the record.
    pub(crate) fn sought_in_field(&mut self) {
        match self {
            Self::Text(text) | Self::Expression(text) => {
                if !text.anchored {
                    text.open(FieldRelation::Contains);
                }
            }
            Self::Open(_, plan) => {
                if let Some(relation) = plan.relation() {
                    plan.shape = Some(Shape::Text(relation.of_keyword()));
                }
            }
            Self::Forms(values) => {
                values.iter_mut().for_each(Self::sought_in_field);
            }
            Self::Fixed(_) => {}
        }
    }

    /// The test that this means.
    pub(crate) fn test(&self, place: Place<'_>, span: Span) -> Result<Test, Refusal> {
        match self {
            Self::Text(text) | Self::Expression(text) => {
                let pattern = text.pattern().ok_or_else(|| unresolved(text))?;
                Ok(Test::Text(match place {
                    Place::Keyword if !text.anchored => pattern.opened(FieldRelation::Contains),
                    Place::Keyword | Place::Field(_) => pattern,
                }))
            }
            Self::Open(text, plan) => closed(text, *plan, place, span),
            Self::Forms(values) => {
                let tests = values.iter().map(|value| value.test(place, span));
                Ok(Test::OneOf(tests.collect::<Result<_, _>>()?))
            }
            Self::Fixed(test) if matches!(place, Place::Field(_)) => Ok(test.clone()),
            Self::Fixed(test) => keyword(test),
        }
    }
}

/// What a keyword can be: texts and numbers are sought anywhere in the record.
fn keyword(test: &Test) -> Result<Test, Refusal> {
    let anywhere = |text: &str| {
        let pattern = Pattern::literal(text).opened(FieldRelation::Contains);
        Ok(Test::Text(pattern))
    };
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
    let refusal = Refusal::new(
        "placeholder-unresolved",
        format!("the placeholder `%{name}%` has no value"),
        "give it one in the configuration or under `vars` of a pipeline with `value_placeholders`",
    );
    match text.span {
        Some(span) => refusal.near(span),
        None => refusal,
    }
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
