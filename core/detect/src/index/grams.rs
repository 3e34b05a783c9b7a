//! Texts that stand somewhere in a value, found by four bytes of them at a time.
//!
//! Of each text a window of bytes is chosen that holds four bytes at every alignment: seven bytes for
//! steps of four, five for steps of two, four for every byte. Then it is enough to look up the four bytes at each
//! *step* of a value, and a text that is in it is found whatever its place. A bit set says for
//! nearly all of them that no text has these four; only then they are looked up, and the
//! text around them is compared. (The idea is that of q-gram indexes, e.g. Navarro and Raffinot,
//! *Flexible Pattern Matching in Strings*, 2002; that of sampling the text is from there too.)
//!
//! Invariant: every text that is in a value is found. Texts that are too short, or too few to be
//! worth a look at every step, are sought one by one.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use memchr::memmem::Finder;

use super::bit_set::BitSet;

/// Four bytes of a text.
type Gram = [u8; 4];

/// Steps at which values are looked at, how many bytes a text needs for it, and from how many texts
/// on that is quicker than seeking each by itself.
const STEPS: [(usize, usize, usize); 3] = [(4, 7, 4), (2, 5, 8), (1, 4, 16)];

/// Texts that stand somewhere in a value.
#[derive(Debug)]
pub(crate) struct Grams<T> {
    texts: Vec<(Box<str>, T)>,
    table: Option<Table>,
    /// Texts sought one by one.
    single: Vec<(Finder<'static>, T)>,
}

/// Texts that are looked for at each step.
#[derive(Debug)]
struct Table {
    step: usize,
    set: BitSet,
    /// For lookup only, so that its order cannot show.
    found: HashMap<Gram, Vec<Found>>,
}

/// Four bytes of a text.
#[derive(Debug, Clone, Copy)]
struct Found {
    text: u32,
    /// How many bytes of the text stand before them.
    before: u32,
}

/// The step at which a value is looked at once for all texts that allow it, and how many bytes those
/// have at least: the coarsest that leaves few to be sought one by one.
fn finest_step(mut bytes: Vec<usize>) -> Option<(usize, usize)> {
    let mut finest = None;
    for (step, bytes_min, texts_min) in STEPS {
        if bytes.iter().filter(|bytes| **bytes >= bytes_min).count() >= texts_min {
            finest = Some((step, bytes_min));
            bytes.retain(|bytes| *bytes < bytes_min);
        }
    }
    finest
}

impl<T: Clone> Grams<T> {
    /// Indexes texts, each with what stands for it.
    pub(crate) fn new(texts: Vec<(String, T)>) -> Self {
        let texts: Vec<_> = texts
            .into_iter()
            .map(|(text, rules)| (text.into_boxed_str(), rules))
            .collect();
        let common = how_common(&texts);
        let bytes = |place: &u32| text(&texts, *place).map_or(0, |(text, _)| text.len());
        let all: Vec<u32> = texts.iter().zip(0..).map(|(_, place)| place).collect();
        let step = finest_step(all.iter().map(bytes).collect());
        let (fitting, left): (Vec<u32>, Vec<u32>) = all
            .into_iter()
            .partition(|place| step.is_some_and(|(_, bytes_min)| bytes(place) >= bytes_min));
        let table = step.map(|(step, _)| {
            let mut grams: BTreeMap<Gram, Vec<Found>> = BTreeMap::new();
            for place in fitting {
                let whole = text(&texts, place).map_or("", |(text, _)| text);
                for (gram, before) in window(whole.as_bytes(), step, &common) {
                    let found = grams.entry(gram).or_default();
                    found.push(Found {
                        text: place,
                        before,
                    });
                }
            }
            Table::new(step, grams)
        });
        let single = left
            .iter()
            .filter_map(|place| text(&texts, *place))
            .map(|(text, given)| (Finder::new(&**text).into_owned(), given.clone()))
            .collect();
        Self {
            texts,
            table,
            single,
        }
    }

    /// Whether there is no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(text, _)| &**text)
    }

    /// Gives what stands for every text that is in a value, perhaps more than once.
    pub(crate) fn search(&self, value: &str, give: &mut impl FnMut(&T)) {
        if let Some(table) = &self.table {
            for start in (0..4).step_by(table.step) {
                let Some(rest) = value.as_bytes().get(start..) else {
                    break;
                };
                let (grams, _) = rest.as_chunks::<4>();
                for (gram, nth) in grams.iter().zip(0..) {
                    if table.set.may_have(u32::from_le_bytes(*gram)) {
                        self.confirm(table, *gram, (value, start + 4 * nth), give);
                    }
                }
            }
        }
        for (text, given) in &self.single {
            if text.find(value.as_bytes()).is_some() {
                give(given);
            }
        }
    }

    /// Compares the texts that have these four bytes with what stands around them.
    #[cold]
    fn confirm(
        &self,
        table: &Table,
        gram: Gram,
        (value, at): (&str, usize),
        give: &mut impl FnMut(&T),
    ) {
        let found = table.found.get(&gram).map_or(&[][..], Vec::as_slice);
        for Found {
            text: found_text,
            before,
        } in found
        {
            let before = usize::try_from(*before).unwrap_or(usize::MAX);
            let start = at.checked_sub(before);
            let (Some((text, given)), Some(start)) = (text(&self.texts, *found_text), start) else {
                continue;
            };
            let around = value.as_bytes().get(start..);
            if around.is_some_and(|around| around.starts_with(text.as_bytes())) {
                give(given);
            }
        }
    }
}

/// The text at a place.
fn text<T>(texts: &[(Box<str>, T)], place: u32) -> Option<&(Box<str>, T)> {
    texts.get(usize::try_from(place).ok()?)
}

impl<T> Default for Grams<T> {
    fn default() -> Self {
        Self {
            texts: Vec::new(),
            table: None,
            single: Vec::new(),
        }
    }
}

impl Table {
    fn new(step: usize, grams: BTreeMap<Gram, Vec<Found>>) -> Self {
        let mut set = BitSet::new(grams.len());
        for gram in grams.keys() {
            set.add(u32::from_le_bytes(*gram));
        }
        Self {
            step,
            set,
            found: grams.into_iter().collect(),
        }
    }
}

/// In how many texts each four bytes stand: what many rules speak of is common in logs too.
fn how_common<T>(texts: &[(Box<str>, T)]) -> BTreeMap<Gram, usize> {
    let mut common = BTreeMap::new();
    for (text, _) in texts {
        for gram in text.as_bytes().array_windows::<4>() {
            *common.entry(*gram).or_default() += 1;
        }
    }
    common
}

/// The least common window of a text that has four bytes at every alignment of a step, as those
/// bytes and how many stand before them.
fn window(
    text: &[u8],
    step: usize,
    common: &BTreeMap<Gram, usize>,
) -> impl Iterator<Item = (Gram, u32)> {
    let grams: Vec<&Gram> = text.array_windows::<4>().collect();
    let cost = |grams: &[&Gram]| -> usize { grams.iter().filter_map(|g| common.get(*g)).sum() };
    let best = grams
        .windows(step)
        .enumerate()
        .min_by_key(|(_, grams)| cost(grams));
    let (start, chosen) = best.unwrap_or_default();
    let chosen: Vec<Gram> = chosen.iter().map(|gram| **gram).collect();
    let starts = u32::try_from(start).unwrap_or(u32::MAX)..;
    chosen.into_iter().zip(starts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Grams;

    fn found(texts: &[String], value: &str) -> Vec<u32> {
        let numbered = texts.iter().cloned().zip(0..);
        let grams = Grams::new(numbered.collect());
        let mut found = Vec::new();
        grams.search(value, &mut |n| found.push(*n));
        found.sort_unstable();
        found.dedup();
        found
    }

    proptest! {
        #[test]
        fn exactly_the_texts_that_are_in_a_value_are_found(
            texts in prop::collection::btree_set("[ab]{1,10}|[a-cé\\\\]{1,9}|[a-d]{4,6}", 1..60),
            value in "[ab]{0,30}|[a-cé\\\\]{0,30}|[a-d]{0,40}",
        ) {
            let texts: Vec<String> = texts.into_iter().collect();
            let expect: Vec<u32> = (0..)
                .zip(&texts)
                .filter(|(_, text)| value.contains(text.as_str()))
                .map(|(n, _)| n)
                .collect();
            prop_assert_eq!(found(&texts, &value), expect);
        }
    }

    #[test]
    fn a_long_text_is_found_at_every_place() {
        for before in 0..9 {
            let value = format!("{}sekurlsa::logonpasswords!", "x".repeat(before));
            assert_eq!(found(&["sekurlsa::logonpasswords".to_owned()], &value), [0]);
        }
    }
}
