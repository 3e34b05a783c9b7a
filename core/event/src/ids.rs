//! Stable ids of records: the vendor's own, or a digest of the bytes.
//!
//! Invariant: reading the same bytes again gives the same ids, so that a file delivered twice
//! counts once. Equal records of one file without a vendor's id are told apart by `#n`.

use std::{
    hash::{BuildHasherDefault, Hasher},
    mem,
};

use cordon_model::EventId;
use hashbrown::{HashMap, HashSet};
use sha2::{Digest as _, Sha256};

use crate::event::OwnId;

/// How far apart equal records of one file are still told apart at least, in records: repeats come in
/// bursts, and twice as many beginnings of digests are 1 MiB, which a processor's cache still holds.
const TOLD_APART_MIN: usize = 57_344;

/// The beginning of a digest of a record's bytes: half of it is more than enough.
pub(crate) type Digest = [u8; 16];

/// The beginning of a digest as its hash: nothing spreads better, and nobody can choose digests.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .first_chunk()
            .map_or(0, |head| u64::from_le_bytes(*head));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Records by the beginnings of their digests, which differ for all but one in 2⁶⁴. Only looked into,
/// never gone through.
#[derive(Debug, Default)]
struct Generation {
    seen: HashSet<u64, BuildHasherDefault<Spread>>,
    /// How often, where it was more than once.
    repeated: HashMap<u64, u64, BuildHasherDefault<Spread>>,
}

impl Generation {
    /// How often a record was seen.
    fn times(&self, beginning: u64) -> u64 {
        match self.repeated.get(&beginning) {
            Some(times) => *times,
            None => u64::from(self.seen.contains(&beginning)),
        }
    }
}

/// Tells equal records of one file apart.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    now: Generation,
    before: Generation,
}

impl Ids {
    /// Counts a record that has no id of its vendor, and says how many equal ones came before it.
    pub(crate) fn count(&mut self, own: &mut OwnId) {
        let head = own.digest.first_chunk();
        let beginning = head.map_or(0, |head| u64::from_le_bytes(*head));
        own.repeats = if self.now.seen.insert(beginning) {
            self.before.times(beginning)
        } else {
            self.now.times(beginning)
        };
        if own.repeats > 0 {
            self.now.repeated.insert(beginning, own.repeats + 1);
        }
        if self.now.seen.len() >= TOLD_APART_MIN {
            mem::swap(&mut self.now, &mut self.before);
            self.now.seen.clear();
            self.now.repeated.clear();
        }
    }
}

impl OwnId {
    /// Whether its vendor gives it none.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.vendor.is_empty()
    }

    /// Takes the digest of a record's bytes.
    pub(crate) fn digest(&mut self, raw: &[u8]) {
        let digest = Sha256::digest(raw);
        if let Some(head) = digest.first_chunk() {
            self.digest = *head;
        }
    }

    /// The id as others see it.
    pub(crate) fn id(&self) -> EventId {
        if !self.vendor.is_empty() {
            return EventId::new(self.vendor.as_str());
        }
        let hex = hex(self.digest);
        match self.repeats {
            0 => EventId::new(hex),
            before => EventId::new(format!("{hex}#{}", before + 1)),
        }
    }
}

fn hex(bytes: Digest) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|nibble| DIGITS.get(usize::from(nibble)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Ids, TOLD_APART_MIN};
    use crate::OwnId;

    fn id(ids: &mut Ids, vendor: &str, raw: &[u8]) -> String {
        let mut own = OwnId::of_vendor(vendor);
        if own.is_unnamed() {
            own.digest(raw);
            ids.count(&mut own);
        }
        own.id().as_str().to_owned()
    }

    #[test]
    fn equal_records_are_told_apart_and_reading_again_gives_the_same_ids() {
        let read = || {
            let mut ids = Ids::default();
            [b"a", b"b", b"a", b"a"].map(|raw| id(&mut ids, "", raw))
        };
        let first = read();
        assert_eq!(first[0], "ca978112ca1bbdcafac231b39a23dc4d");
        assert_eq!(first[2], format!("{}#2", first[0]));
        assert_eq!(first[3], format!("{}#3", first[0]));
        assert_eq!(first, read());
    }

    #[test]
    fn the_memory_for_repeats_is_bounded_and_reaches_as_far_back_as_it_says() {
        for before in [0, 1000, TOLD_APART_MIN - 1] {
            let mut ids = Ids::default();
            let mut fresh = (0..).map(|n: u32| n.to_string());
            let mut pass = |ids: &mut Ids, records| {
                for raw in fresh.by_ref().take(records) {
                    assert!(!id(ids, "", raw.as_bytes()).contains('#'), "{raw}");
                    assert!(ids.now.seen.len() + ids.before.seen.len() <= 2 * TOLD_APART_MIN);
                }
            };
            pass(&mut ids, before);
            id(&mut ids, "", b"again");
            pass(&mut ids, TOLD_APART_MIN - 1);
            assert!(id(&mut ids, "", b"again").ends_with("#2"));
            pass(&mut ids, 2 * TOLD_APART_MIN);
            assert!(!id(&mut ids, "", b"again").contains('#'));
        }
    }

    #[test]
    fn the_vendors_id_is_kept_as_it_is() {
        assert_eq!(id(&mut Ids::default(), "0f-1", b"x"), "0f-1");
    }
}
