//! The tree a YAML or JSON text denotes, each part with its place.

use std::ops::Range;

use crate::Span;

/// One part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// The three shapes of YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order written; keys are unique.
    Mapping(Vec<(Node, Node)>),
}

/// A single value with its exact text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after unescaping.
    pub text: String,
    /// Written without quotes, so that it may be a number, a boolean or null.
    pub plain: bool,
}

/// What a scalar is by the YAML 1.2 core schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal integer; its text is the value.
    Integer,
    /// A decimal fraction or an exponent form; its text is the value.
    Decimal,
    /// Anything else, and anything in quotes.
    String,
}

impl Scalar {
    /// What this scalar is by the YAML 1.2 core schema, numbers in decimal only.
    pub fn kind(&self) -> ScalarKind {
        if !self.plain {
            return ScalarKind::String;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
            "true" | "True" | "TRUE" => ScalarKind::Bool(true),
            "false" | "False" | "FALSE" => ScalarKind::Bool(false),
            text => number_kind(text),
        }
    }
}

fn number_kind(text: &str) -> ScalarKind {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return ScalarKind::String;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return ScalarKind::Integer;
    }
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+');
    let decimal = digits.chars().all(allowed) && digits.parse::<f64>().is_ok();
    if decimal {
        ScalarKind::Decimal
    } else {
        ScalarKind::String
    }
}

impl Node {
    /// The scalar, if this is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The text of a scalar of any kind but null.
    pub fn text(&self) -> Option<&str> {
        let scalar = self.scalar()?;
        (scalar.kind() != ScalarKind::Null).then_some(scalar.text.as_str())
    }

    /// Where a part of the scalar's text stands, given in bytes of it: the whole node's place where that
    /// cannot be told, because the text is not written as it reads or goes over several lines.
    pub fn part(&self, bytes: Range<usize>) -> Span {
        self.part_of_line(bytes).unwrap_or(self.span)
    }

    fn part_of_line(&self, bytes: Range<usize>) -> Option<Span> {
        let scalar = self.scalar()?;
        let width = |text: &str| u32::try_from(text.chars().count()).ok();
        let written = self.span.end_column.checked_sub(self.span.column)?;
        let quotes = if scalar.plain { 0 } else { 2 };
        if self.span.line != self.span.end_line || written != width(&scalar.text)? + quotes {
            return None;
        }
        let begin = self.span.column + quotes / 2;
        Some(Span {
            column: begin + width(scalar.text.get(..bytes.start)?)?,
            end_column: begin + width(scalar.text.get(..bytes.end)?)?,
            ..self.span
        })
    }

    /// The items, if this is a list.
    pub fn sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            Value::Scalar(_) | Value::Mapping(_) => None,
        }
    }

    /// The entries, if this is a mapping.
    pub fn mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            Value::Scalar(_) | Value::Sequence(_) => None,
        }
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let entries = self.mapping()?;
        entries
            .iter()
            .find(|(k, _)| k.scalar().is_some_and(|s| s.text == key))
            .map(|(_, v)| v)
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|s| s.kind() == ScalarKind::Null)
    }

    /// What this is, in words for a message: `a list`, `the text "x"`, `a number` …
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
            Value::Scalar(scalar) => match scalar.kind() {
                ScalarKind::Null => "nothing".to_owned(),
                ScalarKind::Bool(_) | ScalarKind::Integer | ScalarKind::Decimal => {
                    format!("`{}`", scalar.text)
                }
                ScalarKind::String => format!("the text {:?}", clip(&scalar.text)),
            },
        }
    }
}

/// Longest stretch of a user's text repeated in a message, in characters: one line of a terminal.
const QUOTED_CHARS_MAX: usize = 60;

fn clip(text: &str) -> String {
    if text.chars().count() <= QUOTED_CHARS_MAX {
        return text.to_owned();
    }
    text.chars().take(QUOTED_CHARS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::{Scalar, ScalarKind};
    use crate::{Source, parse};

    #[test]
    fn a_part_of_a_scalar_is_told_where_the_text_is_written_as_it_reads() {
        for (text, expect) in [
            ("a b\u{e9} c", Some((6, 7))),
            ("'a b\u{e9} c'", Some((7, 8))),
            ("\"a b\\u00e9 c\"", None),
            (">\n  a\n  b\u{e9} c", None),
        ] {
            let (nodes, _) = parse(&Source::new("t", text));
            let node = &nodes[0];
            let at = node.text().unwrap().find('c').unwrap();
            let part = node.part(at..at + 1);
            let told = (part.column, part.end_column);
            assert_eq!(Some(told).filter(|_| part != node.span), expect, "{text}");
        }
    }

    fn kind(text: &str) -> ScalarKind {
        Scalar {
            text: text.to_owned(),
            plain: true,
        }
        .kind()
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        assert_eq!(kind("12"), ScalarKind::Integer);
        assert_eq!(kind("-0.50"), ScalarKind::Decimal);
        assert_eq!(kind("1e3"), ScalarKind::Decimal);
        assert_eq!(kind("~"), ScalarKind::Null);
        assert_eq!(kind("yes"), ScalarKind::String);
        assert_eq!(kind("1.2.3.4"), ScalarKind::String);
        assert_eq!(kind("e5"), ScalarKind::String);
        assert_eq!(kind("0x10"), ScalarKind::String);
    }
}
