//! Values of a record under further names, and those of another one, without their texts being looked at again.
//!
//! What a vendor says stands in one text, of which a value is a part. So a value that is put once more, under
//! another name or in another place, shares its text with the first; and what was read of another text is taken
//! over with all of it.

use super::{Item, Key, Node, Record, Trail, large, small};

/// The text of another record that was taken over, for the values that are then put.
#[derive(Debug, Clone, Copy)]
pub struct Adopted(u32);

impl Adopted {
    /// The name that a value of the other record has there.
    #[inline]
    pub fn name(self, item: Item<'_>) -> Key {
        Key {
            span: item.node.key.behind(self.0),
            hash: item.node.hash,
        }
    }
}

impl<'r> Item<'r> {
    /// The record that it is a value of.
    #[inline]
    pub fn record(self) -> &'r Record {
        self.record
    }

    /// The name that it has, for a value that is put into the same record.
    #[inline]
    pub fn name(self) -> Key {
        Key {
            span: self.node.key,
            hash: self.node.hash,
        }
    }

    /// The place behind the last value that it holds.
    #[inline]
    pub fn after(self) -> u32 {
        match self.at {
            0 => small(self.record.nodes.len()),
            _ => self.node.end,
        }
    }
}

impl Record {
    /// Puts a value that stands at a place of this record, with all that it holds, behind all others once more.
    pub fn put_place(&mut self, key: Key, place: u32) {
        let Some(after) = self.at(place).map(Item::after) else {
            return;
        };
        let first = self.nodes.len();
        let Some(node) = self.nodes.get(large(place)).copied() else {
            return;
        };
        self.push(key, node.kind, node.text);
        if after == place + 1 {
            return;
        }
        self.nodes
            .extend_from_within(large(place) + 1..large(after));
        let shift = small(first) - place;
        self.settle(first, |node| node.end + shift, after + shift);
    }

    /// The field that is named as a value of any record.
    #[inline]
    pub fn get_like(&self, item: Item<'_>) -> Option<Item<'_>> {
        self.field(item.node.hash, item.key())
    }

    /// The field of a name that is kept already.
    #[inline]
    pub fn get_named(&self, key: Key) -> Option<Item<'_>> {
        self.field(key.hash, self.text(key.span))
    }

    /// Takes over all text of another record.
    pub fn adopt(&mut self, other: &Self) -> Adopted {
        let mark = self.mark();
        self.append(&other.text);
        Adopted(mark)
    }

    /// Puts a value of another record, whose text was taken over, behind all others; of its root, all fields as a map.
    pub fn graft(&mut self, key: Key, item: Item<'_>, Adopted(mark): Adopted) {
        let (place, after) = (item.at, item.after());
        let first = small(self.nodes.len());
        self.push(key, item.node.kind, item.node.text.behind(mark));
        let inside = item.record.nodes.get(large(place) + 1..large(after));
        self.nodes
            .extend(inside.unwrap_or_default().iter().map(|node| Node {
                key: node.key.behind(mark),
                text: node.text.behind(mark),
                ..*node
            }));
        let moved = |node: &Node| node.end - place + first;
        self.settle(large(first), moved, after - place + first);
    }

    /// Says where values that were put as a whole end, the first of them and those that it holds.
    fn settle(&mut self, first: usize, moved: impl Fn(&Node) -> u32, end: u32) {
        let Some([whole, inside @ ..]) = self.nodes.get_mut(first..) else {
            return;
        };
        whole.end = end;
        for node in inside {
            node.end = moved(node);
            node.before = 0;
        }
    }

    /// Forgets how far a layout was followed, for a record that goes to a reader with other layouts.
    pub fn unfollow(&mut self) {
        self.is_laid_out = false;
        self.trail = Trail::START;
    }

    /// A name that goes on behind one that is kept already.
    pub fn name_behind(&mut self, name: Key, behind: &str) -> Key {
        let mark = self.mark();
        self.text.extend_from_within(name.span.range());
        self.append(behind);
        self.named(self.since(mark))
    }

    /// The text of a name.
    #[inline]
    pub fn text_of(&self, key: Key) -> &str {
        self.text(key.span)
    }

    /// Whether two names are one.
    #[inline]
    pub fn is_same(&self, one: Key, other: Key) -> bool {
        one.hash == other.hash && self.text_of(one) == self.text_of(other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::{Item, Record, record::json::tests::values};

    proptest! {
        #[test]
        fn a_value_put_once_more_is_the_same(
            fields in prop::collection::btree_map("[a-d]{1,2}", values(), 1..6),
        ) {
            let value = Value::Object(fields.into_iter().collect());
            let mut record = Record::from(&value);
            let places: Vec<_> = record.root().children().map(|item| (item.key().to_owned(), item.place())).collect();
            for (name, place) in &places {
                let key = record.name(&format!("{name}2"));
                record.put_place(key, *place);
            }
            let mut other = Record::from(&json!({"before": {"x": [1]}}));
            let adopted = other.adopt(&record);
            for item in record.root().children() {
                other.graft(adopted.name(item), item, adopted);
            }
            let whole = other.name("whole");
            other.graft(whole, record.root(), adopted);
            for (name, _) in &places {
                let own = value.get(name);
                let again = format!("{name}2");
                for name in [name, &again] {
                    let whole = other.get("whole").and_then(|whole| whole.get(name));
                    for found in [record.get(name), other.get(name), whole] {
                        let found = found.map(Item::to_value);
                        prop_assert_eq!(found.as_ref(), own);
                    }
                }
            }
            let before = other.get("before").map(Item::to_value);
            prop_assert_eq!(before, Some(json!({"x": [1]})));
            prop_assert_eq!(&Record::from(&other.to_value()), &other);
            prop_assert_eq!(&other.compact(), &other);
        }
    }
}
