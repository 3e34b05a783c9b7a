//! JSON inventories, read one object at a time: whatever their size, no more than one object is in memory
//! beside what is kept.
//!
//! Which tool wrote a document is told by its keys: `data` and `meta` (SharpHound, AzureHound), `graph`
//! (OpenGraph), `result` and `records` (ServiceNow), `nodes` and `edges`.

use std::{collections::BTreeSet, fmt, io};

use serde::{
    Deserializer as _,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Deserializer, Value, value::RawValue};

use super::{
    azurehound, cmdb,
    inventory::{Inventory, Ix},
    numbers, opengraph, records, sharphound,
};

/// Reads one document.
///
/// # Errors
/// When it is not JSON to its end; what was read before is kept. When nothing of it is known, with the keys that
/// it has.
pub(super) fn read(
    inventory: &mut Inventory,
    name: &str,
    input: impl io::Read,
) -> Result<(), Unread> {
    let mut document = Document {
        inventory,
        name,
        read: 0,
        objects: Vec::new(),
        meta: None,
        is_known: false,
        other_keys: BTreeSet::new(),
    };
    let mut json = Deserializer::from_reader(input);
    let read = json.deserialize_any(&mut document);
    numbers::close(document.inventory);
    read.and_then(|()| json.end()).map_err(Unread::Broken)?;
    if !document.is_known {
        let keys = document.other_keys.into_iter().take(KEYS_TOLD_MAX);
        return Err(Unread::Unknown(keys.collect()));
    }
    document.close();
    Ok(())
}

/// Keys of a document of no known form that are told.
const KEYS_TOLD_MAX: usize = 5;

/// Why a document was not read.
pub(super) enum Unread {
    /// It is not JSON to its end.
    Broken(serde_json::Error),
    /// It has these keys, and none that is known.
    Unknown(Vec<String>),
}

/// A document being read.
struct Document<'i> {
    inventory: &'i mut Inventory,
    name: &'i str,
    /// Entries of `data`.
    read: u64,
    /// Objects whose kind `meta` says, perhaps after them.
    objects: Vec<Ix>,
    meta: Option<Meta>,
    /// Whether it has a list that is read, if an empty one.
    is_known: bool,
    /// Keys at its top under which nothing is read.
    other_keys: BTreeSet<String>,
}

/// What a collection says of itself, as it says it: nothing in it decides whether the collection is read.
struct Meta {
    kind: Value,
    count: Value,
    version: Value,
}

impl Meta {
    fn of(meta: &Value) -> Self {
        let of = |key: &str| meta.get(key).cloned().unwrap_or_default();
        Self {
            kind: of("type"),
            count: of("count"),
            version: of("version"),
        }
    }
}

/// A whole number, also one that is written as a text; none if it is no such number.
fn whole(value: &Value) -> Option<u64> {
    let text = value.as_str().map(|text| text.trim().parse().ok());
    text.unwrap_or_else(|| value.as_u64())
}

/// What the items of a list are.
#[derive(Clone, Copy)]
enum Items {
    Data,
    Node,
    Edge,
    Record,
}

impl Items {
    /// What one of them is called, before its number in the list.
    fn one(self) -> &'static str {
        match self {
            Self::Data => "object",
            Self::Node => "node",
            Self::Edge => "edge",
            Self::Record => "record",
        }
    }
}

impl Document<'_> {
    fn item(&mut self, items: Items, (number, text): (usize, &str)) {
        let done = match items {
            Items::Data => self.data(text),
            Items::Node => opengraph::node(self.inventory, text),
            Items::Edge => opengraph::edge(self.inventory, text),
            Items::Record => records::add(self.inventory, text)
                .unwrap_or_else(|| cmdb::json_record(self.inventory, text)),
        };
        if let Err(why) = done {
            // What `serde_json` says of the place counts from the beginning of the object.
            let why = why
                .rfind(" at line ")
                .and_then(|end| why.get(..end))
                .unwrap_or(&why);
            let place = format!("{} {number}", items.one());
            let what = "objects that could not be read";
            self.inventory.unreadable(what, (self.name, &place, why));
        }
    }

    fn data(&mut self, text: &str) -> Result<(), String> {
        self.read += 1;
        if text.contains("\"kind\"")
            && let Some(done) = azurehound::add(self.inventory, text)
        {
            return done;
        }
        if let Some(ix) = sharphound::add(self.inventory, text)? {
            self.objects.push(ix);
        }
        Ok(())
    }

    /// Tells the objects what they are, now that the whole file was read.
    fn close(&mut self) {
        for key in std::mem::take(&mut self.other_keys) {
            if key != "metadata" && !key.starts_with('$') {
                let what = "keys of documents under which nothing is read";
                self.inventory
                    .note("not-read", what, &format!("`{key}` of {}", self.name));
            }
        }
        let Some(meta) = &self.meta else {
            if !self.objects.is_empty() {
                let what = "collections without `meta`, whose objects have no kind but what others say of them";
                self.inventory.note("no-meta", what, self.name);
            }
            return;
        };
        let kind = meta.kind.as_str().map(str::to_owned);
        let word = kind.unwrap_or_else(|| match &meta.kind {
            kind if kind.is_null() => String::new(),
            kind => kind.to_string(),
        });
        match sharphound::kind_of_file(&word) {
            Some(kind) => {
                for ix in std::mem::take(&mut self.objects) {
                    sharphound::of_kind(self.inventory, ix, kind);
                }
            }
            None if !self.objects.is_empty() => {
                let what = "objects of a type that is not known";
                let many = u64::try_from(self.objects.len()).unwrap_or(u64::MAX);
                self.inventory
                    .note_many("unknown-type", what, (many, &word));
            }
            None => {}
        }
        let count = &meta.count;
        if !count.is_null() && whole(count) != Some(self.read) {
            let example = format!("{}: {count} claimed, {} there", self.name, self.read);
            self.inventory.note(
                "wrong-count",
                "files whose `meta.count` is not what they hold",
                &example,
            );
        }
        let version = &meta.version;
        let is_known = whole(version).is_some_and(|version| (3..=6).contains(&version));
        if !version.is_null() && !is_known {
            let example = format!("{}: version {version}", self.name);
            self.inventory.note(
                "other-version",
                "files of a version other than 3 to 6",
                &example,
            );
        }
    }
}

impl<'de> Visitor<'de> for &mut Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an inventory")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "meta" => {
                    let meta = map.next_value::<Value>()?;
                    self.meta = Some(meta)
                        .filter(|meta| !meta.is_null())
                        .map(|meta| Meta::of(&meta));
                }
                "graph" => {
                    self.is_known = true;
                    map.next_value_seed(Graph(&mut *self))?;
                }
                "nodes" => map.next_value_seed(List(&mut *self, Items::Node))?,
                "edges" | "relationships" | "rels" => {
                    map.next_value_seed(List(&mut *self, Items::Edge))?;
                }
                "result" | "records" => map.next_value_seed(List(&mut *self, Items::Record))?,
                "data" => map.next_value_seed(List(&mut *self, Items::Data))?,
                other if sharphound::kind_of_file(other).is_some() => {
                    map.next_value_seed(List(&mut *self, Items::Data))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    self.other_keys.insert(key);
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        List(self, Items::Record).visit_seq(list)
    }
}

/// The graph of an OpenGraph document.
struct Graph<'d, 'i>(&'d mut Document<'i>);

impl<'de> DeserializeSeed<'de> for Graph<'_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self.0)
    }
}

/// A list, item by item.
struct List<'d, 'i>(&'d mut Document<'i>, Items);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.0.is_known = true;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.is_known = true;
        let mut number = 0;
        while let Some(item) = list.next_element::<Box<RawValue>>()? {
            number += 1;
            self.0.item(self.1, (number, item.get()));
        }
        Ok(())
    }
}
