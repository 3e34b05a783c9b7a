//! A text as a pattern, or as the patterns of its encodings.

use cordon_text::Node;

use super::{Place, each};
use crate::{
    encode::{base64, base64_offsets, utf16},
    item::{FieldRelation, Test},
    modifier::{Base64, Plan},
    pattern::Pattern,
    reader::Reader,
};

/// How a text value is to be read.
#[derive(Clone, Copy)]
pub(super) struct Words<'l> {
    pub(super) plan: Plan,
    pub(super) relation: FieldRelation,
    pub(super) place: Place<'l>,
}

/// Reads a text; what is wrong with it is reported.
pub(super) fn test(
    reader: &mut Reader<'_>,
    node: &Node,
    text: &str,
    words: Words<'_>,
) -> Option<Test> {
    each(reader, node, text, words.plan, |reader, text| {
        let mut pattern = Pattern::parse(text);
        if words.plan.windash {
            pattern = pattern.interchange_dashes();
        }
        match words.plan.base64 {
            None => Some(Test::Text(shaped(pattern, words))),
            Some(encoding) => encoded(reader, node, &pattern, (encoding, words)),
        }
    })
}

/// Opens a pattern where its relation does; keywords are sought anywhere in a value.
fn shaped(mut pattern: Pattern, words: Words<'_>) -> Pattern {
    pattern.cased = words.plan.cased;
    pattern.opened(match words.place {
        Place::Field(_) => words.relation,
        Place::Keyword => words.relation.of_keyword(),
    })
}

/// The encodings of all texts that a pattern stands for.
fn encoded(
    reader: &mut Reader<'_>,
    node: &Node,
    pattern: &Pattern,
    (encoding, words): (Base64, Words<'_>),
) -> Option<Test> {
    let Some(spellings) = pattern.spellings() else {
        let message = "a value with wildcards or very many dashes cannot be encoded".to_owned();
        let help = r"escape what is meant literally as `\*` or `\?`";
        reader.problem(node.span, "modifier-value", message, help);
        return None;
    };
    let mut tests = Vec::new();
    for text in spellings {
        let how = words.plan.utf16;
        let bytes = how.map_or_else(|| text.clone().into_bytes(), |how| utf16(&text, how));
        let forms = match encoding {
            Base64::Whole => vec![base64(&bytes)],
            Base64::Offsets => base64_offsets(&bytes).into(),
        };
        if forms.iter().any(String::is_empty) {
            let message = "this text is too short to be sought in base64".to_owned();
            let help = "write at least two bytes; less leaves no trace of its own";
            reader.problem(node.span, "modifier-value", message, help);
            return None;
        }
        let form = |form: &String| Test::Text(shaped(Pattern::literal(form), words));
        tests.extend(forms.iter().map(form));
    }
    if encoding == Base64::Offsets
        && words.relation == FieldRelation::Equals
        && matches!(words.place, Place::Field(_))
    {
        let message = "`base64offset` without `contains` matches only a field that is the trimmed \
            text and nothing else"
            .to_owned();
        reader.warning(
            node.span,
            "offset-without-contains",
            message,
            "write `base64offset|contains`",
        );
    }
    if tests.len() > 1 {
        return Some(Test::OneOf(tests));
    }
    tests.pop()
}
