//! Our own format as one JSON document too large to be held, read one thing at a time like the inventories of other tools.
//!
//! What stands beside the four lists is small, and is kept until the end. Invariant: no more than one thing is in memory
//! beside what is kept.

use std::{fmt, io};

use serde::{
    Deserializer as _,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Deserializer, Map, Value};

use super::{inventory::Inventory, own};

/// Reads one document.
///
/// # Errors
/// When it is not JSON to its end, or one of its lists is none; what was read before is kept.
pub(super) fn read(
    inventory: &mut Inventory,
    name: &str,
    input: impl io::Read,
) -> Result<(), serde_json::Error> {
    let mut document = Document {
        inventory,
        name,
        head: Map::new(),
        lists: Vec::new(),
    };
    let mut json = Deserializer::from_reader(input);
    json.deserialize_map(&mut document)?;
    json.end()?;
    let head = Value::Object(document.head);
    if let Err(why) = own::add(document.inventory, head, (name, "1")) {
        let what = "documents that could not be read";
        document.inventory.unreadable(what, (name, "1", &why));
    }
    Ok(())
}

struct Document<'i> {
    inventory: &'i mut Inventory,
    name: &'i str,
    /// Everything but the lists.
    head: Map<String, Value>,
    /// Which lists were met.
    lists: Vec<&'static str>,
}

impl<'de> Visitor<'de> for &mut Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an estate")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let one = match key.as_str() {
                "nodes" => "node",
                "edges" => "edge",
                "services" => "service",
                "steps" => "step",
                _ => {
                    let value = map.next_value()?;
                    match self.head.insert(key, value) {
                        None => continue,
                        Some(_) => return Err(de::Error::custom("a key stands twice")),
                    }
                }
            };
            if self.lists.contains(&one) {
                let why = format!("the key `{key}` stands twice");
                return Err(de::Error::custom(why));
            }
            self.lists.push(one);
            map.next_value_seed(List(&mut *self, one))?;
        }
        Ok(())
    }
}

/// One of the lists, and what one of its things is called.
struct List<'d, 'i>(&'d mut Document<'i>, &'static str);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list in `{}s`", self.1)
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self(document, one) = self;
        let mut number = 0;
        while let Some(item) = list.next_element::<Value>()? {
            number += 1;
            let thing = Map::from_iter([(one.to_owned(), item)]);
            let place = format!("{one} {number}");
            let at = (document.name, &*place);
            if let Err(why) = own::add(document.inventory, Value::Object(thing), at) {
                let what = "objects that could not be read";
                document.inventory.unreadable(what, (at.0, at.1, &why));
            }
        }
        Ok(())
    }
}
