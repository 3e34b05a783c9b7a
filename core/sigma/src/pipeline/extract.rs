//! `extract_fields`: the named groups of an expression as fields of their own.

use std::sync::Arc;

use cordon_text::Fields;
use regex::Regex;

use super::{
    draft::{DraftBody, DraftItem, Marks},
    kinds,
    step::Step,
    text::Text,
    value::Value,
};
use crate::{Number, Quantifier, Test, reader::Reader};

/// What is taken out of texts.
#[derive(Debug, Clone)]
pub(crate) struct Extract {
    regex: Regex,
    prefix: Option<Arc<str>>,
    /// Whether a text that does not fit stays where it was.
    keep_unmatched: bool,
}

impl Extract {
    pub(crate) fn item(&self, step: &Step, item: DraftItem) -> Option<DraftBody> {
        let texts: Option<Vec<&Text>> = item.values.iter().map(Value::text).collect();
        let Some(texts) = texts else {
            return Some(DraftBody::Item(item));
        };
        let parts: Vec<DraftBody> = texts.iter().filter_map(|t| self.text(&item, t)).collect();
        if parts.is_empty() {
            return Some(DraftBody::Item(item));
        }
        let join = match item.quantifier {
            Quantifier::Any | Quantifier::NotAll => DraftBody::Any,
            Quantifier::All | Quantifier::None => DraftBody::All,
        };
        let mut body = DraftBody::joined(parts, join);
        if let Some(body) = &mut body {
            body.mark(step.id());
        }
        body
    }

    /// The fields of one text.
    fn text(&self, item: &DraftItem, text: &Text) -> Option<DraftBody> {
        let plain = text.plain();
        let single = |field: Option<Arc<str>>, value: Value| {
            DraftBody::Item(DraftItem {
                field,
                quantifier: item.quantifier,
                values: vec![value],
                span: item.span,
                marks: Marks::new(),
            })
        };
        let captures = self.regex.captures(&plain);
        let captures = captures.filter(|found| found.get(0).is_some_and(|m| m.start() == 0));
        let Some(captures) = captures else {
            let kept = || single(item.field.clone(), Value::Text(text.clone()));
            return self.keep_unmatched.then(kept);
        };
        let mut parts = Vec::new();
        for name in self.regex.capture_names().flatten() {
            let found = captures.name(name).map(|found| found.as_str());
            let Some(found) = found.filter(|found| !found.is_empty()) else {
                continue;
            };
            let field = match &self.prefix {
                Some(prefix) => format!("{prefix}.{name}"),
                None => name.to_owned(),
            };
            parts.push(single(Some(Arc::from(field)), typed(found)));
        }
        // Not all of them is the same as one of them not.
        let join = match item.quantifier {
            Quantifier::None | Quantifier::NotAll => DraftBody::Any,
            Quantifier::Any | Quantifier::All => DraftBody::All,
        };
        DraftBody::joined(parts, join)
    }

    pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let node = fields.required("regex", &mut reader.report);
        let prefix = fields.optional("field_prefix");
        let prefix = prefix.map(|node| reader.text(node, "the beginning of a name"));
        let keep_unmatched = kinds::flag(reader, fields, "preserve_unmatched");
        let node = node?;
        let regex = kinds::regex(reader, node)?;
        if regex.capture_names().flatten().next().is_none() {
            let message = "the expression has no named group that could become a field".to_owned();
            reader.problem(
                node.span,
                "bad-regex",
                message,
                "write one as `(?P<name>…)`",
            );
            return None;
        }
        let prefix = prefix.unwrap_or(Some(String::new()))?;
        Some(Self {
            regex,
            prefix: (!prefix.is_empty()).then(|| Arc::from(prefix)),
            keep_unmatched: keep_unmatched?,
        })
    }
}

/// What a found text means: nothing, a number without leading zeros, or itself.
fn typed(found: &str) -> Value {
    if matches!(found.to_lowercase().as_str(), "null" | "none") {
        return Value::Fixed(Test::Null);
    }
    let number = Number::parse(found).filter(|_| found == "0" || !found.starts_with('0'));
    number.map_or_else(|| Value::Text(Text::parse(found)), Value::number)
}
