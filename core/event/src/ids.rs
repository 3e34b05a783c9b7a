//! Stable ids of records: the vendor's own, or a digest of the bytes.
//!
//! Invariant: reading the same bytes again gives the same ids, so that a file delivered twice
//! counts once. Equal records of one file without a vendor's id are told apart by `#n`.
//!
//! Nobody asks most records for their id, so a digest is made only of those that are asked. Whether two are
//! equal is seen by a quick hash instead, with a key that no log can know.

use std::{hash::BuildHasher as _, mem, sync::LazyLock};

use cordon_model::EventId;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable, hash_table::Entry};
use sha2::{Digest as _, Sha256};

use crate::event::OwnId;

/// How far apart equal records of one file are still told apart at least, in records: repeats come in
/// bursts, and twice as many beginnings of digests are 1 MiB, which a processor's cache still holds.
const TOLD_APART_MIN: usize = 57_344;

/// The beginning of a digest of a record's bytes: half of it is more than enough.
type Digest = [u8; 16];

/// The same for equal bytes, and another one for all but one in 2⁶⁴ others, as long as the process runs.
pub(crate) type Alike = u64;

/// The SHA-256 of a record's raw bytes.
pub fn sha256(raw: &[u8]) -> [u8; 32] {
    Sha256::digest(raw).into()
}

/// What an id is made of where the vendor gives none.
#[derive(Debug)]
pub(crate) enum Named {
    /// The record's bytes, as long as it is in the hands of its reader.
    Bytes(Vec<u8>, Alike),
    /// What is left of them in a copy.
    Digest(Digest, Alike),
}

impl Default for Named {
    fn default() -> Self {
        Self::Digest(Digest::default(), 0)
    }
}

impl Clone for Named {
    fn clone(&self) -> Self {
        Self::Digest(self.digest(), self.alike())
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.digest() == other.digest()
    }
}

impl Eq for Named {}

impl Named {
    /// Says whether two are of the same bytes.
    pub(crate) fn alike(&self) -> Alike {
        match self {
            Self::Bytes(_, alike) | Self::Digest(_, alike) => *alike,
        }
    }

    fn digest(&self) -> Digest {
        match self {
            Self::Bytes(bytes, _) => {
                let digest = Sha256::digest(bytes);
                digest.first_chunk().copied().unwrap_or_default()
            }
            Self::Digest(digest, _) => *digest,
        }
    }

    /// Takes the bytes of another record; the memory is used again.
    fn take(&mut self, raw: &[u8]) {
        static HASH: LazyLock<DefaultHashBuilder> = LazyLock::new(DefaultHashBuilder::default);
        let alike = HASH.hash_one(raw);
        match self {
            Self::Bytes(bytes, own) => {
                bytes.clear();
                bytes.extend_from_slice(raw);
                *own = alike;
            }
            Self::Digest(..) => *self = Self::Bytes(raw.to_vec(), alike),
        }
    }
}

/// A record that was seen: what tells it from others, all of it but its last byte, and in that byte how often.
type Seen = u64;

/// The most often that is counted in the last byte.
const TIMES_MAX: u64 = 255;

/// Records by what tells them apart, which is another for all but one in 2⁵⁶. Only looked into, never gone through.
#[derive(Debug, Default)]
struct Generation {
    seen: HashTable<Seen>,
    /// How often, where a byte does not hold that.
    often: HashMap<Alike, u64>,
}

fn is_of(seen: Seen, alike: Alike) -> bool {
    seen | TIMES_MAX == alike
}

/// A place in a table, which looks at the first and last bits more than at others.
fn place_of(seen: Seen) -> u64 {
    (seen | TIMES_MAX).rotate_right(32)
}

fn counted(seen: Seen, alike: Alike, often: &HashMap<Alike, u64>) -> u64 {
    match seen & TIMES_MAX {
        TIMES_MAX => often.get(&alike).copied().unwrap_or(TIMES_MAX),
        few => few,
    }
}

impl Generation {
    /// How often a record was seen.
    fn times(&self, alike: Alike) -> u64 {
        let seen = self.seen.find(place_of(alike), |seen| is_of(*seen, alike));
        seen.map_or(0, |seen| counted(*seen, alike, &self.often))
    }

    /// Sees a record once more, of which the generation before says how often it was seen before; how often that is.
    fn see(&mut self, alike: Alike, before: impl FnOnce() -> u64) -> u64 {
        let is_of = |seen: &Seen| is_of(*seen, alike);
        let entry = self
            .seen
            .entry(place_of(alike), is_of, |seen| place_of(*seen));
        let times = match &entry {
            Entry::Occupied(seen) => counted(*seen.get(), alike, &self.often),
            Entry::Vacant(_) => before(),
        };
        entry.insert((alike & !TIMES_MAX) | TIMES_MAX.min(times + 1));
        if times + 1 >= TIMES_MAX {
            self.often.insert(alike, times + 1);
        }
        times
    }
}

/// Tells equal records of one file apart.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    now: Generation,
    before: Generation,
}

impl Ids {
    /// Counts a record that has no id of its vendor; how many equal ones came before it.
    pub(crate) fn count(&mut self, alike: Alike) -> u64 {
        let Self { now, before } = self;
        let alike = alike | TIMES_MAX;
        let repeats = now.see(alike, || before.times(alike));
        if self.now.seen.len() >= TOLD_APART_MIN {
            mem::swap(&mut self.now, &mut self.before);
            self.now.seen.clear();
            self.now.often.clear();
        }
        repeats
    }
}

impl OwnId {
    /// Whether its vendor gives it none.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.vendor.is_empty()
    }

    /// Takes the bytes of a record.
    pub(crate) fn take(&mut self, raw: &[u8]) {
        self.named.take(raw);
    }

    /// The id as others see it.
    pub(crate) fn id(&self) -> EventId {
        if !self.vendor.is_empty() {
            return EventId::new(self.vendor.as_str());
        }
        let id = EventId::new(hex(self.named.digest()));
        match self.repeats {
            0 => id,
            before => repeated(&id, before),
        }
    }
}

/// The id of a record before which so many equal ones came.
pub(crate) fn repeated(id: &EventId, before: u64) -> EventId {
    EventId::new(format!("{}#{}", id.as_str(), before + 1))
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
    use std::mem;

    use super::{Ids, TIMES_MAX, TOLD_APART_MIN};
    use crate::OwnId;

    fn id(ids: &mut Ids, vendor: &str, raw: &[u8]) -> String {
        let mut own = OwnId::of_vendor(vendor);
        if own.is_unnamed() {
            own.take(raw);
            own.repeats = ids.count(own.named.alike());
        }
        assert_eq!(own.clone(), own);
        assert_eq!(own.clone().id(), own.id());
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
    fn records_are_counted_however_often_they_repeat() {
        let mut ids = Ids::default();
        for before in 0..3 * TIMES_MAX {
            assert_eq!(ids.count(7 << 8), before);
            assert_eq!(ids.count((8 << 8) + before % 2), before);
        }
        mem::swap(&mut ids.now, &mut ids.before);
        assert_eq!(ids.count(7 << 8), 3 * TIMES_MAX);
        assert_eq!(ids.count(9 << 8), 0);
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
