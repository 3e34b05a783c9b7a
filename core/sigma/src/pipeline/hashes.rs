//! `hashes_fields`: one field of many hashes as one field for each algorithm.

use std::sync::Arc;

use cordon_text::Fields;

use super::{
    draft::{Changed, DraftBody, DraftItem, Marks},
    kinds,
    refusal::Refusal,
    step::Step,
    text::Text,
    value::Value,
};
use crate::{Quantifier, reader::Reader};

/// How hashes are told apart.
#[derive(Debug, Clone)]
pub(crate) struct Hashes {
    algorithms: Vec<Arc<str>>,
    prefix: Arc<str>,
    drop_algorithm: bool,
    fields: Vec<Arc<str>>,
}

impl Hashes {
    pub(crate) fn item(&self, step: &Step, item: DraftItem) -> Changed {
        let named = item.field.as_ref().is_some_and(|f| self.fields.contains(f));
        let texts: Option<Vec<String>> = item
            .values
            .iter()
            .map(|v| Some(v.text()?.plain()))
            .collect();
        let Some(texts) = texts.filter(|_| named) else {
            return Ok(Some(DraftBody::Item(item)));
        };
        let mut found: Vec<(Arc<str>, Vec<Value>)> = Vec::new();
        for text in &texts {
            let Some((field, value)) = self.field_and_value(text) else {
                continue;
            };
            match found.iter_mut().find(|(name, _)| *name == field) {
                Some((_, values)) => values.push(value),
                None => found.push((field, vec![value])),
            }
        }
        if found.is_empty() {
            return Err(Refusal::new(
                "pipeline-value",
                format!("no hash of a known algorithm is in `{}`", texts.join(", ")),
                &format!("the pipeline knows: {}", self.algorithms.join(", ")),
            ));
        }
        Ok(joined(step, &item, found))
    }

    /// The field of a hash, and the hash; none if its algorithm is not one of these.
    fn field_and_value(&self, text: &str) -> Option<(Arc<str>, Value)> {
        let separator = if text.contains('|') { '|' } else { '=' };
        let parts: Vec<&str> = text.split(separator).collect();
        let bare = |hash: &str| hash.trim_matches(['*', '?']).to_owned();
        let (algorithm, hash) = if let [algorithm, hash] = parts.as_slice() {
            (algorithm.trim_start_matches('*').to_uppercase(), bare(hash))
        } else {
            let hash = bare(parts.first().copied().unwrap_or_default());
            (by_length(&hash)?.to_owned(), hash)
        };
        self.algorithms
            .iter()
            .find(|known| ***known == *algorithm)?;
        let name = if self.drop_algorithm {
            self.prefix.to_string()
        } else {
            format!("{}{algorithm}", self.prefix)
        };
        Some((Arc::from(name), Value::Text(Text::parse(&hash))))
    }

    pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let algorithms = kinds::texts(reader, fields, "valid_hash_algos");
        let prefix = fields.optional("field_prefix");
        let prefix = prefix.map(|node| reader.text(node, "the beginning of a name"));
        let drop_algorithm = kinds::flag(reader, fields, "drop_algo_prefix");
        let parsed = fields
            .optional("field_to_parse")
            .map(|node| kinds::list(reader, node));
        let (drop_algorithm, prefix) = (drop_algorithm?, prefix.unwrap_or(Some(String::new()))?);
        if drop_algorithm && prefix.is_empty() {
            let message =
                "without a prefix and without an algorithm a field has no name".to_owned();
            let help = "give `field_prefix`, or leave `drop_algo_prefix` out";
            reader.problem(fields.span(), "pipeline-value", message, help);
            return None;
        }
        Some(Self {
            algorithms: algorithms?,
            prefix: Arc::from(prefix),
            drop_algorithm,
            fields: parsed.unwrap_or(Some(vec![Arc::from("Hashes"), Arc::from("Hash")]))?,
        })
    }
}

/// One item for each field. The hashes are joined as their rule joins them, so that `all` and `neq`
/// keep their meaning.
fn joined(step: &Step, item: &DraftItem, found: Vec<(Arc<str>, Vec<Value>)>) -> Option<DraftBody> {
    let parts = found.into_iter().map(|(field, values)| {
        DraftBody::Item(DraftItem {
            field: (*field != *"keyword").then_some(field),
            values,
            marks: Marks::from_iter(step.id().cloned()),
            ..item.clone()
        })
    });
    let join = match item.quantifier {
        Quantifier::Any | Quantifier::NotAll => DraftBody::Any,
        Quantifier::All | Quantifier::None => DraftBody::All,
    };
    DraftBody::joined(parts.collect(), join)
}

/// The algorithm whose hashes have so many digits.
fn by_length(hash: &str) -> Option<&'static str> {
    match hash.chars().count() {
        32 => Some("MD5"),
        40 => Some("SHA1"),
        64 => Some("SHA256"),
        128 => Some("SHA512"),
        _ => None,
    }
}
