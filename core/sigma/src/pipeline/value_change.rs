//! Steps that change single values.

use std::{collections::BTreeMap, sync::Arc};

use cordon_text::Fields;

use super::{
    draft::{DraftBody, DraftItem},
    kinds,
    plain::Plain,
    refusal::Refusal,
    replace::Replace,
    spelling::Spelling,
    text::Text,
    value::Value,
};
use crate::{Quantifier, Test, number::Number, reader::Reader};

/// A way to change values.
#[derive(Debug, Clone)]
pub(crate) enum ValueChange {
    /// Parts of texts exchanged.
    Replace(Replace),
    /// Whole texts exchanged, one for one or one for several.
    Map(BTreeMap<Arc<str>, Vec<Arc<str>>>),
    /// Every value becomes this one.
    Set(Plain),
    /// Numbers become texts, or texts numbers.
    Convert(Target),
    /// Another spelling.
    Case(Spelling),
    /// Whether case counts, which is what a regular expression made of a text is for.
    Cased(bool),
}

/// What values become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Text,
    Number,
}

/// A value after a change; none if it says nothing of it.
type Values = Result<Option<Vec<Value>>, Refusal>;

/// An item with its values changed; none if none was.
pub(crate) fn each_value(
    item: &DraftItem,
    change: impl Fn(&Value) -> Values,
) -> Result<Option<DraftBody>, Refusal> {
    let mut any = false;
    let mut values = Vec::new();
    for value in &item.values {
        let changed = change(value)?;
        any |= changed.is_some();
        values.push(changed.unwrap_or_else(|| vec![value.clone()]));
    }
    Ok(if any { rebuilt(item, values) } else { None })
}

/// An item with several values for each that it had. They are alternatives, also where all values
/// must hold: then each set of them is an item of its own.
fn rebuilt(item: &DraftItem, values: Vec<Vec<Value>>) -> Option<DraftBody> {
    let with = |quantifier, values| {
        DraftBody::Item(DraftItem {
            quantifier,
            values,
            ..item.clone()
        })
    };
    let (alternatives, join): (_, fn(Vec<DraftBody>) -> DraftBody) = match item.quantifier {
        Quantifier::Any | Quantifier::None => {
            return Some(with(item.quantifier, values.concat()));
        }
        Quantifier::All => (Quantifier::Any, DraftBody::All),
        Quantifier::NotAll => (Quantifier::None, DraftBody::Any),
    };
    let (single, several): (Vec<_>, Vec<_>) = values.into_iter().partition(|v| v.len() == 1);
    let mut parts = Vec::new();
    if !single.is_empty() {
        parts.push(with(item.quantifier, single.concat()));
    }
    parts.extend(several.into_iter().map(|values| with(alternatives, values)));
    DraftBody::joined(parts, join)
}

impl ValueChange {
    pub(crate) fn value(&self, value: &Value) -> Values {
        match self {
            Self::Replace(replace) => Ok(replace.value(value)?.map(|value| vec![value])),
            Self::Set(plain) => Ok(Some(vec![Value::written(plain)])),
            Self::Convert(target) => Ok(converted(*target, value)?.map(|value| vec![value])),
            Self::Map(_) | Self::Case(_) | Self::Cased(_) => match value.text() {
                Some(text) => self.text(text),
                None => Ok(None),
            },
        }
    }

    fn text(&self, text: &Text) -> Values {
        Ok(match self {
            Self::Map(mapping) => mapping.get(text.plain().as_str()).map(|texts| {
                let read = |written: &Arc<str>| {
                    let mut mapped = text.emptied();
                    mapped.append(&Text::parse(written));
                    Value::Text(mapped)
                };
                texts.iter().map(read).collect()
            }),
            Self::Case(spelling) => Some(vec![Value::Text(text.map_literals(|t| spelling.of(t)))]),
            Self::Cased(cased) => {
                if let Some(name) = text.placeholders().next() {
                    return Err(Refusal::new(
                        "placeholder-unresolved",
                        format!("the placeholder `%{name}%` cannot become a regular expression"),
                        "fill it in an earlier step",
                    ));
                }
                let cased = Text {
                    cased: *cased,
                    ..text.clone()
                };
                Some(vec![Value::Expression(cased)])
            }
            Self::Replace(_) | Self::Set(_) | Self::Convert(_) => None,
        })
    }

    pub(crate) fn read_map(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let node = fields.required("mapping", &mut reader.report)?;
        let Some(entries) = node.mapping() else {
            let message = format!(
                "expected texts and what they become, found {}",
                node.describe()
            );
            reader.error(node.span, "wrong-type", message);
            return None;
        };
        let mut mapping = BTreeMap::new();
        for (key, value) in entries {
            let key = key.scalar().map_or("", |scalar| scalar.text.as_str());
            mapping.insert(Arc::from(key), kinds::list(reader, value)?);
        }
        Some(Self::Map(mapping))
    }

    pub(crate) fn read_set(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let plain = kinds::plain(reader, fields, "value")?;
        let words = [("str", Target::Text), ("num", Target::Number)];
        let Some(node) = fields.optional("force_type") else {
            return Some(Self::Set(plain));
        };
        let forced = match kinds::word(reader, Some(node), &words)? {
            _ if plain == Plain::Null => None,
            Target::Text => Some(Plain::Text(Arc::from(plain.text()))),
            Target::Number => {
                let number = Number::parse(plain.text().trim()).or(plain.number());
                number.map(Plain::Number)
            }
        };
        if forced.is_none() {
            let message = format!("`{}` cannot become that type", plain.text());
            reader.error(node.span, "pipeline-value", message);
        }
        forced.map(Self::Set)
    }

    pub(crate) fn read_convert(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let node = fields.required("target_type", &mut reader.report)?;
        let words = [("str", Target::Text), ("num", Target::Number)];
        kinds::word(reader, Some(node), &words).map(Self::Convert)
    }

    pub(crate) fn read_case(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let words: Vec<_> = Spelling::WORDS
            .into_iter()
            .filter(|(_, s)| *s != Spelling::Title)
            .collect();
        kinds::word(reader, fields.optional("method"), &words).map(Self::Case)
    }

    pub(crate) fn read_regex(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let words = [
            ("ignore_case_brackets", false),
            ("ignore_case_flag", false),
            ("plain", true),
        ];
        kinds::word(reader, fields.optional("method"), &words).map(Self::Cased)
    }
}

fn converted(target: Target, value: &Value) -> Result<Option<Value>, Refusal> {
    if let Value::Forms(values) = value {
        let each = values
            .iter()
            .map(|v| Ok(converted(target, v)?.unwrap_or_else(|| v.clone())));
        return Ok(Some(Value::Forms(each.collect::<Result<_, Refusal>>()?)));
    }
    match (target, value) {
        (Target::Text, Value::Fixed(Test::Number { number, .. })) => {
            Ok(Some(Value::Text(Text::parse(&number.text()))))
        }
        (Target::Number, Value::Text(text)) => match text.number() {
            Some(number) => Ok(Some(Value::number(number))),
            None => Err(no_number(&text.plain())),
        },
        (Target::Number, Value::Fixed(Test::Text(_)) | Value::Expression(_)) => {
            Err(no_number("an option"))
        }
        (_, _) => Ok(None),
    }
}

fn no_number(text: &str) -> Refusal {
    Refusal::new(
        "pipeline-value",
        format!("`{text}` cannot become a number, as a pipeline wants it to"),
        "restrict its `convert_type` to fields of numbers",
    )
}
