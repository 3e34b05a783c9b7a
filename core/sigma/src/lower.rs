//! One written value under its modifiers, to the test it means.

mod network;
mod words;

use std::sync::Arc;

use cordon_text::{Node, ScalarKind};
use regex::Regex;

use self::words::Words;
use crate::{
    LogSource,
    expand::Unresolved,
    item::{FieldRelation, RegexTest, Test},
    modifier::{Plan, RegexFlags, Shape},
    number::Number,
    pattern::Pattern,
    reader::Reader,
};

/// What a value belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'l> {
    /// A named field of this log.
    Field(&'l LogSource),
    /// The whole record.
    Keyword,
}

/// Reads one value of a field (or a keyword); what is wrong with it is reported.
pub(crate) fn test(
    reader: &mut Reader<'_>,
    node: &Node,
    plan: Plan,
    place: Place<'_>,
) -> Option<Test> {
    let Some(scalar) = node.scalar() else {
        let message = format!("expected a value, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
        return None;
    };
    let (text, kind) = (scalar.text.as_str(), scalar.kind());
    let shape = plan.shape.unwrap_or(Shape::Text(FieldRelation::Equals));
    if kind == ScalarKind::Null {
        return null(reader, node, plan, place);
    }
    if let Some(test) = typed(text, kind, plan, place) {
        return Some(test);
    }
    match shape {
        Shape::Text(relation) => {
            let words = Words {
                plan,
                relation,
                place,
            };
            words::test(reader, node, text, words)
        }
        Shape::Regex(flags) => each(reader, node, text, plan, |r, t| regex(r, node, t, flags)),
        Shape::Cidr => each(reader, node, text, plan, |r, t| network::cidr(r, node, t)),
        Shape::Compare(comparison) => Some(Test::Compare(
            comparison,
            wanted_number(reader, node, text)?,
        )),
        Shape::Time(part, comparison) => Some(Test::Time(
            part,
            comparison,
            wanted_number(reader, node, text)?,
        )),
        Shape::Exists => exists(reader, node, kind),
        Shape::FieldRef(relation) => Some(Test::Field {
            field: other_field(reader, node, text, place)?,
            relation,
            cased: plan.cased,
        }),
    }
}

/// Numbers and truth values compare as what they are where a field is simply to be equal.
fn typed(text: &str, kind: ScalarKind, plan: Plan, place: Place<'_>) -> Option<Test> {
    let whole = matches!(plan.shape, None | Some(Shape::Text(FieldRelation::Equals)));
    let textual = plan.base64.is_some() || plan.windash;
    if !whole || textual || matches!(place, Place::Keyword) {
        return None;
    }
    match kind {
        ScalarKind::Bool(value) => Some(Test::Bool(value)),
        ScalarKind::Integer | ScalarKind::Decimal => Some(number(text)),
        ScalarKind::Null | ScalarKind::String => None,
    }
}

fn null(reader: &mut Reader<'_>, node: &Node, plan: Plan, place: Place<'_>) -> Option<Test> {
    if matches!(place, Place::Field(_)) && plan.is_plain() {
        return Some(Test::Null);
    }
    let message = "expected a value, found nothing".to_owned();
    let help = "nothing can stand only for a field without modifiers: it means missing or null";
    reader.problem(node.span, "modifier-value", message, help);
    None
}

fn number(text: &str) -> Test {
    let text = text.to_owned();
    match Number::parse(&text) {
        Some(number) => Test::Number { number, text },
        None => Test::Text(Pattern::literal(&text)),
    }
}

fn wanted_number(reader: &mut Reader<'_>, node: &Node, text: &str) -> Option<Number> {
    let number = Number::parse(text);
    if number.is_none() {
        let message = format!("expected a decimal number, found {}", node.describe());
        let help = "write digits, a point if need be, and no unit, as in `10` or `-2.5`";
        reader.problem(node.span, "modifier-value", message, help);
    }
    number
}

fn exists(reader: &mut Reader<'_>, node: &Node, kind: ScalarKind) -> Option<Test> {
    if let ScalarKind::Bool(wanted) = kind {
        return Some(Test::Exists(wanted));
    }
    let message = format!("`exists` is `true` or `false`, found {}", node.describe());
    let help = "write one of the two words, without quotes";
    reader.problem(node.span, "modifier-value", message, help);
    None
}

fn other_field(
    reader: &mut Reader<'_>,
    node: &Node,
    text: &str,
    place: Place<'_>,
) -> Option<Arc<str>> {
    let pattern = Pattern::parse(text);
    match (pattern.as_literal(), place) {
        (Some(name), Place::Field(log)) if !name.is_empty() => Some(log.field(name)),
        (_, _) => {
            let message = format!("expected the name of a field, found {}", node.describe());
            let help = "`fieldref` compares with one other field, named without wildcards";
            reader.problem(node.span, "modifier-value", message, help);
            None
        }
    }
}

/// The test for every text that a value stands for under `expand`.
fn each(
    reader: &mut Reader<'_>,
    node: &Node,
    text: &str,
    plan: Plan,
    mut lower: impl FnMut(&mut Reader<'_>, &str) -> Option<Test>,
) -> Option<Test> {
    if !plan.expand {
        return lower(reader, text);
    }
    match reader.placeholders.expand(text) {
        Ok(texts) => {
            if text.contains('%') && texts.first().is_some_and(|only| only == text) {
                let message = "`expand` finds no placeholder in this value".to_owned();
                let help = "write its name between two percent signs, as in `%Servers%`";
                reader.warning(node.span, "placeholder-missing", message, help);
            }
            let lowered: Option<Vec<_>> = texts.iter().map(|t| lower(reader, t)).collect();
            let mut lowered = lowered?;
            if lowered.len() == 1 {
                lowered.pop()
            } else {
                Some(Test::OneOf(lowered))
            }
        }
        Err(unresolved) => {
            unexpanded(reader, node, &unresolved);
            None
        }
    }
}

fn unexpanded(reader: &mut Reader<'_>, node: &Node, unresolved: &Unresolved) {
    match unresolved {
        Unresolved::Unknown(name) => {
            let message = format!("the placeholder `%{name}%` has no value");
            let help = match reader.placeholders.like(name) {
                Some(near) => format!("did you mean `%{near}%`, which has one?"),
                None => format!(
                    "say what it stands for in a file of placeholders, \
                     `placeholders: {{ {name}: [value] }}`, or leave the rule out"
                ),
            };
            reader.problem(node.span, "placeholder-unresolved", message, &help);
        }
        Unresolved::TooMany => {
            let message = "the placeholders stand for too many values together".to_owned();
            let help = "use one placeholder in a value, or shorter lists";
            reader.problem(node.span, "placeholder-too-many", message, help);
        }
    }
}

fn regex(reader: &mut Reader<'_>, node: &Node, text: &str, flags: RegexFlags) -> Option<Test> {
    // The flags go into the expression, so that its text says all that it means.
    let signs = [
        (flags.ignore_case, "i"),
        (flags.multi_line, "m"),
        (flags.dot_all, "s"),
    ];
    let set: String = signs
        .into_iter()
        .filter_map(|(set, sign)| set.then_some(sign))
        .collect();
    let built = if set.is_empty() {
        Regex::new(text)
    } else {
        Regex::new(&format!("(?{set}){text}"))
    };
    match built {
        Ok(regex) => Some(Test::Regex(RegexTest(regex))),
        Err(error) => {
            let told = error.to_string();
            let why = told.lines().next_back().unwrap_or("it has an error");
            let why = why.trim().trim_start_matches("error: ");
            let message = format!("the regular expression cannot be used: {why}");
            let help = "look-around and back-references are not supported; the syntax is that of \
                Rust's `regex`";
            reader.problem(node.span, "bad-regex", message, help);
            None
        }
    }
}
