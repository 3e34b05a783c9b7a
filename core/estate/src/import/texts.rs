//! Texts, each once, by numbers: inventories say a few things of many edges, and each of these in a few words.
//!
//! Texts lie one behind another in blocks, so that a million short ones take little more than their letters.
//! Numbers follow the order in which texts were first put, until [`Texts::settle`] numbers them by that of their
//! letters. Nothing is taken out again.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::inventory::order;

/// Bytes of a block. A longer text has one of its own.
const BLOCK_BYTES: usize = 1 << 16;

/// Where a text lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    block: u32,
    start: u32,
    bytes: u32,
}

/// A number for each text.
#[derive(Debug, Default)]
pub(super) struct Texts {
    hash: DefaultHashBuilder,
    table: HashTable<u32>,
    places: Vec<Place>,
    blocks: Vec<String>,
}

impl Texts {
    /// The number of a text.
    pub(super) fn put(&mut self, text: &str) -> u32 {
        let hash = self.hash.hash_one(text);
        let same = |number: &u32| self.get(*number) == text;
        if let Some(known) = self.table.find(hash, same) {
            return *known;
        }
        let new = short(self.places.len());
        let place = self.lay(text);
        self.places.push(place);
        let (places, blocks, hasher) = (&self.places, &self.blocks, &self.hash);
        let rehash = |number: &u32| hasher.hash_one(at(blocks, places.get(*number as usize)));
        self.table.insert_unique(hash, new, rehash);
        new
    }

    /// The text of a number.
    pub(super) fn get(&self, number: u32) -> &str {
        at(&self.blocks, self.places.get(number as usize))
    }

    /// Numbers texts by the order of their letters; the new number of each old one.
    pub(super) fn settle(&mut self) -> Vec<u32> {
        let numbers = 0..short(self.places.len());
        let (order, map) = order(numbers, |number| self.get(number));
        let places = order
            .iter()
            .filter_map(|old| self.places.get(*old as usize));
        self.places = places.copied().collect();
        for number in &mut self.table {
            *number = map.get(*number as usize).copied().unwrap_or(*number);
        }
        map
    }

    fn lay(&mut self, text: &str) -> Place {
        let fits = |block: &String| block.capacity() - block.len() >= text.len();
        if !self.blocks.last().is_some_and(fits) {
            let bytes = BLOCK_BYTES.max(text.len());
            self.blocks.push(String::with_capacity(bytes));
        }
        let block = short(self.blocks.len().saturating_sub(1));
        let mut start = 0;
        if let Some(last) = self.blocks.last_mut() {
            start = short(last.len());
            last.push_str(text);
        }
        Place {
            block,
            start,
            bytes: short(text.len()),
        }
    }
}

fn at<'b>(blocks: &'b [String], place: Option<&Place>) -> &'b str {
    let text = place.and_then(|place| {
        let start = place.start as usize;
        let end = start.checked_add(place.bytes as usize)?;
        blocks.get(place.block as usize)?.get(start..end)
    });
    text.unwrap_or_default()
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BLOCK_BYTES, Texts};

    #[test]
    fn a_text_longer_than_a_block_lies_in_one_of_its_own() {
        let long = "x".repeat(BLOCK_BYTES + 1);
        let mut texts = Texts::default();
        let numbers = ["a", &long, "b", "", &long].map(|text| texts.put(text));
        assert_eq!(numbers, [0, 1, 2, 3, 1]);
        let read = [0, 1, 2, 3].map(|number| texts.get(number).to_owned());
        assert_eq!(read, ["a", &long, "b", ""]);
    }

    proptest! {
        #[test]
        fn equal_texts_have_one_number_and_settled_numbers_follow_their_letters(
            list in prop::collection::vec("[a-c]{0,3}|é.{0,2}", 0..60),
            more in "[a-c]{0,3}",
        ) {
            let mut texts = Texts::default();
            let before: Vec<u32> = list.iter().map(|text| texts.put(text)).collect();
            let map = texts.settle();
            let mut letters: Vec<&String> = list.iter().collect();
            letters.sort_unstable();
            letters.dedup();
            for (text, before) in list.iter().zip(before) {
                let after = map[before as usize];
                prop_assert_eq!(texts.get(after), text);
                prop_assert_eq!(letters[after as usize], text);
                prop_assert_eq!(texts.put(text), after);
            }
            let number = texts.put(&more);
            prop_assert_eq!(texts.get(number), more);
        }
    }
}
