//! Lines as programs write them. Whatever is not exactly so is refused here without a word, and read
//! again by those who can say what is wrong with it.

use std::{borrow::Cow, collections::BTreeMap, fmt, ops::Deref};

use cordon_model::{Likelihood, Minutes, Money, QuantityError, Value};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, value::RawValue};

/// One line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line<'a> {
    #[serde(borrow)]
    Node(NodeLine<'a>),
    Edge(EdgeLine<'a>),
    Step(StepLine<'a>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeLine<'a> {
    #[serde(borrow)]
    pub(super) id: Word<'a>,
    pub(super) kind: Word<'a>,
    pub(super) name: Option<Word<'a>>,
    pub(super) aliases: Option<Vec<Word<'a>>>,
    pub(super) jewel: Option<JewelLine<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JewelLine<'a> {
    #[serde(borrow)]
    pub(super) loss: &'a RawValue,
    pub(super) why: Option<Word<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EdgeLine<'a> {
    #[serde(borrow)]
    pub(super) from: Word<'a>,
    pub(super) to: Word<'a>,
    pub(super) kind: Word<'a>,
    pub(super) minutes: Option<&'a RawValue>,
    pub(super) likelihood: Option<&'a RawValue>,
    pub(super) unknown: Option<Word<'a>>,
    pub(super) grounds: Option<Vec<Word<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepLine<'a> {
    #[serde(borrow)]
    pub(super) id: Word<'a>,
    pub(super) kind: Word<'a>,
    pub(super) removes: Option<RemovesLine<'a>>,
    pub(super) takes_down: Option<Vec<Word<'a>>>,
    pub(super) cost: &'a RawValue,
    pub(super) minutes: Option<&'a RawValue>,
    pub(super) undo: Option<Word<'a>>,
    pub(super) check: Option<Word<'a>>,
    pub(super) irreversible: Option<bool>,
    #[serde(rename = "do")]
    pub(super) action: Option<Plain>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemovesLine<'a> {
    #[serde(borrow)]
    pub(super) nodes: Option<Vec<Word<'a>>>,
    pub(super) edges: Option<Vec<PatternLine<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternLine<'a> {
    #[serde(borrow)]
    pub(super) from: Word<'a>,
    pub(super) to: Word<'a>,
    pub(super) kind: Option<Word<'a>>,
}

/// A text that is not empty, in the line's own bytes where it has no escapes.
#[derive(Debug)]
pub(super) struct Word<'a>(Cow<'a, str>);

impl Word<'_> {
    pub(super) fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Word<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(WordVisitor).map(Self)
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text that is not empty")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        full(text).map(Cow::Borrowed)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        full(text).map(|text| Cow::Owned(text.to_owned()))
    }
}

fn full<E: de::Error>(text: &str) -> Result<&str, E> {
    if text.trim().is_empty() {
        return Err(E::custom("empty"));
    }
    Ok(text)
}

/// A mapping for whoever carries a step out, without keys given twice and without numbers that would
/// have to be rounded.
#[derive(Debug)]
pub(super) struct Plain(pub(super) Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(PlainVisitor).map(Self)
    }
}

struct Any(Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(PlainVisitor).map(Self)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without decimals")
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Any(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Any(value))) = entries.next_entry::<String, Any>()? {
            if map.insert(key, value).is_some() {
                return Err(de::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

/// Quantities by how they are written: an estate repeats a few of them a million times.
#[derive(Debug, Default)]
pub(super) struct Quantities {
    money: BTreeMap<Box<str>, Money>,
    minutes: BTreeMap<Box<str>, Minutes>,
    likelihoods: BTreeMap<Box<str>, Likelihood>,
}

impl Quantities {
    pub(super) fn money(&mut self, raw: &RawValue) -> Option<Money> {
        quantity(&mut self.money, raw.get(), Money::parse)
    }

    pub(super) fn minutes(&mut self, raw: &RawValue) -> Option<Minutes> {
        quantity(&mut self.minutes, raw.get(), Minutes::parse)
    }

    pub(super) fn likelihood(&mut self, raw: &RawValue) -> Option<Likelihood> {
        quantity(&mut self.likelihoods, raw.get(), Likelihood::parse)
    }
}

/// A number, never one in quotes.
fn quantity<Q: Clone>(
    known: &mut BTreeMap<Box<str>, Q>,
    text: &str,
    parse: fn(&str) -> Result<Q, QuantityError>,
) -> Option<Q> {
    if let Some(known) = known.get(text) {
        return Some(known.clone());
    }
    let parsed = parse(text).ok()?;
    known.insert(text.into(), parsed.clone());
    Some(parsed)
}
