//! Single values of a text: words, exact numbers, durations, flags, lists.

use cordon_model::{Hours, Likelihood, Minutes, Money, QuantityError, Value};
use cordon_text::{
    Diagnostic, Fields, Node, Report, Scalar, ScalarKind, Source, Span, Value as Shape,
};

use crate::place::Place;

/// One source being read, and where its problems go.
pub(crate) struct Reader<'t, 'r> {
    pub(crate) source: &'t Source,
    /// Its number among the texts that are read together.
    pub(crate) file: u32,
    pub(crate) report: &'r mut Report,
}

impl<'t> Reader<'t, '_> {
    /// A stretch of this source among all texts.
    pub(crate) fn place(&self, span: Span) -> Place {
        let file = self.file;
        Place { file, span }
    }

    /// Says that something is wrong at a place.
    pub(crate) fn wrong(&mut self, span: Span, code: &'static str, message: String, help: String) {
        let problem = Diagnostic::error(self.source, span, code, message).help(help);
        self.report.push(problem);
    }

    fn wrong_type(&mut self, node: &Node, wanted: &str, help: &str) {
        let message = format!("expected {wanted}, found {}", node.describe());
        self.wrong(node.span, "wrong-type", message, help.to_owned());
    }

    /// Begins to read a mapping.
    pub(crate) fn fields(&mut self, node: &'t Node, what: &'static str) -> Option<Fields<'t>> {
        Fields::of(self.source, node, what, self.report)
    }

    /// A text that is not empty; a number or flag is taken as it is written.
    pub(crate) fn text(&mut self, node: &'t Node, what: &str) -> Option<&'t str> {
        match node.text() {
            Some(text) if text.trim().is_empty() => {
                let message = format!("expected {what}, found an empty text");
                self.wrong(
                    node.span,
                    "empty-text",
                    message,
                    "write it, or leave the key out".to_owned(),
                );
                None
            }
            Some(text) => Some(text),
            None => {
                self.wrong_type(node, what, "write a single text here");
                None
            }
        }
    }

    /// The items of a list.
    pub(crate) fn list(&mut self, node: &'t Node, what: &str) -> &'t [Node] {
        node.sequence().unwrap_or_else(|| {
            self.wrong_type(node, what, "put it in brackets: `[…]`");
            &[]
        })
    }

    pub(crate) fn flag(&mut self, node: &Node) -> Option<bool> {
        if let Some(ScalarKind::Bool(flag)) = node.scalar().map(Scalar::kind) {
            return Some(flag);
        }
        self.wrong_type(
            node,
            "`true` or `false`",
            "write `true` or `false`, without quotes",
        );
        None
    }

    pub(crate) fn money(&mut self, node: &Node) -> Option<Money> {
        self.number(node, "an amount of money", Money::parse)
    }

    pub(crate) fn minutes(&mut self, node: &Node) -> Option<Minutes> {
        self.number(node, "a number of minutes", Minutes::parse)
    }

    pub(crate) fn likelihood(&mut self, node: &Node) -> Option<Likelihood> {
        self.number(node, "a likelihood between 0 and 1", Likelihood::parse)
    }

    /// A duration such as `1.5h`.
    pub(crate) fn hours(&mut self, node: &Node) -> Option<Hours> {
        let help = "write a number and a unit `m`, `h` or `d`, such as `1.5h`";
        let Some(text) = node.text() else {
            self.wrong_type(node, "a duration", help);
            return None;
        };
        self.quantity(node, text, Hours::parse)
    }

    fn number<Q>(
        &mut self,
        node: &Node,
        wanted: &str,
        parse: impl Fn(&str) -> Result<Q, QuantityError>,
    ) -> Option<Q> {
        let kind = node
            .scalar()
            .map(|scalar| (scalar.kind(), scalar.text.as_str()));
        if let Some((ScalarKind::Integer | ScalarKind::Decimal, text)) = kind {
            return self.quantity(node, text, parse);
        }
        self.wrong_type(
            node,
            wanted,
            "write a decimal number without quotes, such as `12` or `0.5`",
        );
        None
    }

    fn quantity<Q>(
        &mut self,
        node: &Node,
        text: &str,
        parse: impl Fn(&str) -> Result<Q, QuantityError>,
    ) -> Option<Q> {
        match parse(text) {
            Ok(quantity) => Some(quantity),
            Err(why) => {
                let message = format!("{why}, found `{text}`");
                self.wrong(node.span, code_of(&why), message, help_for(&why).to_owned());
                None
            }
        }
    }
}

const fn code_of(why: &QuantityError) -> &'static str {
    match why {
        QuantityError::NotDecimal => "not-a-number",
        QuantityError::Negative => "negative",
        QuantityError::NotDuration => "not-a-duration",
        QuantityError::NotLikelihood => "not-a-likelihood",
        QuantityError::TooLong => "number-too-long",
    }
}

const fn help_for(why: &QuantityError) -> &'static str {
    match why {
        QuantityError::NotDecimal => "write digits with at most one point, without separators",
        QuantityError::Negative => "money, times and losses begin at 0; leave the sign out",
        QuantityError::NotDuration => "add the unit, such as `30m`, `4h` or `2d`",
        QuantityError::NotLikelihood => "write 90 % as `0.9`",
        QuantityError::TooLong => "round it: no real quantity needs so many digits",
    }
}

/// A part of the text as a value for whoever carries a step out; nothing in it is interpreted here.
pub(crate) fn plain_value(node: &Node) -> Value {
    value(node, &[])
}

/// A document of our own form as a value that says the same: digits behind a zero are a number where the form asks for one.
pub(crate) fn document_value(node: &Node) -> Value {
    value(node, &QUANTITIES)
}

/// Keys of our own form under which numbers stand.
const QUANTITIES: [&str; 7] = [
    "at_least",
    "cost",
    "likelihood",
    "loss",
    "loss_per_hour",
    "minutes",
    "within_seconds",
];

fn value(node: &Node, quantities: &[&str]) -> Value {
    match &node.value {
        Shape::Sequence(items) => items.iter().map(|item| value(item, quantities)).collect(),
        Shape::Mapping(entries) => {
            let entry = |(key, at): &(Node, Node)| {
                let key = key.scalar().map_or(String::new(), |s| s.text.clone());
                let at = match at.scalar() {
                    Some(scalar) if quantities.contains(&key.as_str()) => {
                        scalar_value(scalar, without_zeros(&scalar.text))
                    }
                    // What a step does is for whoever carries it out.
                    _ if key == "do" => plain_value(at),
                    _ => value(at, quantities),
                };
                (key, at)
            };
            entries.iter().map(entry).collect()
        }
        Shape::Scalar(scalar) => scalar_value(scalar, &scalar.text),
    }
}

/// A scalar as a value, if it is a number one of this text.
fn scalar_value(scalar: &Scalar, number: &str) -> Value {
    match scalar.kind() {
        ScalarKind::Null => Value::Null,
        ScalarKind::Bool(flag) => Value::Bool(flag),
        ScalarKind::Integer | ScalarKind::Decimal => number_value(number),
        ScalarKind::String => Value::String(scalar.text.clone()),
    }
}

/// A number without zeros before other digits.
fn without_zeros(text: &str) -> &str {
    let mut rest = text;
    while let Some(next) = rest.strip_prefix('0')
        && next.starts_with(|c: char| c.is_ascii_digit())
    {
        rest = next;
    }
    rest
}

/// A number that JSON keeps exactly as a number, anything larger or finer as its text; so are digits behind a zero, which are a
/// name and no number.
fn number_value(text: &str) -> Value {
    let digits = text.trim_start_matches(['+', '-']);
    if digits
        .strip_prefix('0')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        return Value::String(text.to_owned());
    }
    let whole = text.parse::<i64>().map(Value::from);
    let value = whole.or_else(|_why| text.parse::<u64>().map(Value::from));
    if let Ok(value) = value {
        return value;
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && text.len() <= EXACT_DIGITS_MAX => Value::from(number),
        Ok(_) | Err(_) => Value::String(text.to_owned()),
    }
}

/// Decimal digits that a double always gives back as they were written (IEEE 754 binary64).
const EXACT_DIGITS_MAX: usize = 15;
