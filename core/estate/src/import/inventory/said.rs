//! What somebody wrote at edges beside their ends and kinds, such as minutes and likelihoods.

use super::{Ix, Rel};
use crate::import::texts::Texts;

/// Which edges something was said of: those of a relation between two objects.
type Key = (Ix, Ix, Rel);

/// What was said of edges, as JSON, and each text once.
#[derive(Debug, Default)]
pub(in crate::import) struct Said {
    texts: Texts,
    of: Vec<(Key, u32)>,
}

impl Said {
    /// The number of what may be said of edges.
    pub(in crate::import) fn put(&mut self, text: &str) -> u32 {
        self.texts.put(text)
    }

    /// Numbers texts by the order of their letters; the new number of each old one.
    pub(in crate::import) fn settle_texts(&mut self) -> Vec<u32> {
        self.texts.settle()
    }

    /// Says something of an edge, by its number.
    pub(in crate::import) fn add(&mut self, key: Key, text: u32) {
        self.of.push((key, text));
    }

    /// Makes what was said findable. Of an edge of which several things were said the first counts.
    pub(in crate::import) fn close(&mut self) {
        self.of.sort_by_key(|(key, _)| *key);
        self.of.dedup_by_key(|(key, _)| *key);
    }

    /// What was said of an edge.
    pub(in crate::import) fn of(&self, key: Key) -> Option<&str> {
        let place = self.of.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        let (_, text) = self.of.get(place)?;
        Some(self.texts.get(*text))
    }
}
