//! One written value under its modifiers, to the test it means.

use std::{net::IpAddr, sync::Arc};

use cordon_text::{Node, ScalarKind};
use regex::RegexBuilder;

use crate::{
    encode::{base64, base64_offsets, utf16},
    expand::Unresolved,
    item::{FieldRelation, RegexTest, Test},
    modifier::{Base64, Plan, RegexFlags, Shape},
    number::Number,
    pattern::Pattern,
    reader::Reader,
};

/// Reads one value of a field (or a keyword); what is wrong with it is reported.
pub(crate) fn test(reader: &mut Reader<'_>, node: &Node, plan: Plan, place: Place) -> Option<Test> {
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
    if shape == Shape::Text(FieldRelation::Equals) && place == Place::Field && plan.base64.is_none()
    {
        match kind {
            ScalarKind::Bool(value) => return Some(Test::Bool(value)),
            ScalarKind::Integer | ScalarKind::Decimal => return Some(number(text)),
            ScalarKind::Null | ScalarKind::String => {}
        }
    }
    match shape {
        Shape::Text(relation) => string(
            reader,
            node,
            text,
            Words {
                plan,
                relation,
                place,
            },
        ),
        Shape::Regex(flags) => each(reader, node, text, plan, |r, t| regex(r, node, t, flags)),
        Shape::Cidr => each(reader, node, text, plan, |r, t| cidr(r, node, t)),
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
            field: Arc::from(text),
            relation,
            cased: plan.cased,
        }),
    }
}

/// What a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A named field.
    Field,
    /// The whole record.
    Keyword,
}

/// How a text value is to be read.
#[derive(Clone, Copy)]
struct Words {
    plan: Plan,
    relation: FieldRelation,
    place: Place,
}

fn null(reader: &mut Reader<'_>, node: &Node, plan: Plan, place: Place) -> Option<Test> {
    if place == Place::Field && plan.shape.is_none() && plan.base64.is_none() {
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
        reader.error(node.span, "modifier-value", message);
    }
    number
}

fn exists(reader: &mut Reader<'_>, node: &Node, kind: ScalarKind) -> Option<Test> {
    if let ScalarKind::Bool(wanted) = kind {
        return Some(Test::Exists(wanted));
    }
    let message = format!("`exists` is `true` or `false`, found {}", node.describe());
    reader.error(node.span, "modifier-value", message);
    None
}

/// A text as pattern, or as the patterns of its encodings.
fn string(reader: &mut Reader<'_>, node: &Node, text: &str, words: Words) -> Option<Test> {
    let plan = words.plan;
    let Some(encoding) = plan.base64 else {
        return each(reader, node, text, plan, |_, text| {
            let mut pattern = Pattern::parse(text);
            if plan.windash {
                pattern = pattern.interchange_dashes();
            }
            Some(Test::Text(shaped(pattern, words)))
        });
    };
    let Some(literal) = Pattern::parse(text).as_literal().map(str::to_owned) else {
        let message = "a value with wildcards cannot be encoded".to_owned();
        let help = r"escape what is meant literally as `\*` or `\?`";
        reader.problem(node.span, "modifier-value", message, help);
        return None;
    };
    let bytes = plan
        .utf16
        .map_or_else(|| literal.clone().into_bytes(), |how| utf16(&literal, how));
    let encoded = |text: &str| Test::Text(shaped(Pattern::literal(text), words));
    Some(match encoding {
        Base64::Whole => encoded(&base64(&bytes)),
        Base64::Offsets => {
            let forms = base64_offsets(&bytes);
            let told = forms.iter().filter(|form| !form.is_empty());
            Test::OneOf(told.map(|form| encoded(form)).collect())
        }
    })
}

/// Opens a pattern where its relation does; keywords are sought anywhere in a value.
fn shaped(mut pattern: Pattern, words: Words) -> Pattern {
    pattern.cased = words.plan.cased;
    match words.relation {
        FieldRelation::Equals if words.place == Place::Keyword => pattern.open_start().open_end(),
        FieldRelation::Equals => pattern,
        FieldRelation::Contains => pattern.open_start().open_end(),
        FieldRelation::StartsWith => pattern.open_end(),
        FieldRelation::EndsWith => pattern.open_start(),
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
            let lowered: Option<Vec<_>> = texts.iter().map(|t| lower(reader, t)).collect();
            let mut lowered = lowered?;
            if lowered.len() == 1 {
                lowered.pop()
            } else {
                Some(Test::OneOf(lowered))
            }
        }
        Err(Unresolved::Unknown(name)) => {
            let message = format!("the placeholder `%{name}%` has no value");
            let help = "say in the configuration what it stands for here, or leave the rule out";
            reader.problem(node.span, "placeholder-unresolved", message, help);
            None
        }
        Err(Unresolved::TooMany) => {
            let message = "the placeholders stand for too many values together".to_owned();
            let help = "use one placeholder in a value, or shorter lists";
            reader.problem(node.span, "placeholder-too-many", message, help);
            None
        }
    }
}

fn regex(reader: &mut Reader<'_>, node: &Node, text: &str, flags: RegexFlags) -> Option<Test> {
    let built = RegexBuilder::new(text)
        .case_insensitive(flags.ignore_case)
        .multi_line(flags.multi_line)
        .dot_matches_new_line(flags.dot_all)
        .build();
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

fn cidr(reader: &mut Reader<'_>, node: &Node, text: &str) -> Option<Test> {
    let (address, prefix) = text
        .split_once('/')
        .map_or((text, None), |(a, p)| (a, Some(p)));
    let address = address.parse::<IpAddr>().ok();
    let bits = address.map(|a| if a.is_ipv4() { 32 } else { 128 });
    let prefix = prefix
        .map_or(bits, |p| p.parse::<u8>().ok())
        .filter(|p| Some(*p) <= bits);
    let (Some(address), Some(prefix)) = (address, prefix) else {
        let message = format!(
            "expected a network such as `10.0.0.0/8`, found {}",
            node.describe()
        );
        reader.error(node.span, "bad-cidr", message);
        return None;
    };
    if network(address, prefix) != address {
        let message = format!("{text} has bits set behind its prefix; they are ignored");
        let help = format!("write {}/{prefix}", network(address, prefix));
        reader.warning(node.span, "cidr-host-bits", message, &help);
    }
    Some(Test::Cidr { address, prefix })
}

/// The first address of a network.
fn network(address: IpAddr, prefix: u8) -> IpAddr {
    let prefix = u32::from(prefix);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}
