//! Stable ids of records: the vendor's own, or a digest of the bytes.
//!
//! Invariant: reading the same bytes again gives the same ids, so that a file delivered twice
//! counts once. Equal records of one file without a vendor's id are told apart by `#n`.

use std::collections::{BTreeMap, VecDeque};

use cordon_model::EventId;
use sha2::{Digest as _, Sha256};

use crate::event::OwnId;

/// How far apart equal records of one file are still told apart, in records: repeats come in
/// bursts, and 65,536 digests are 2 MiB.
const RECENT_DIGESTS_MAX: usize = 65_536;

/// The beginning of a digest of a record's bytes: half of it is more than enough.
pub(crate) type Digest = [u8; 16];

/// Tells equal records of one file apart.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    seen: BTreeMap<Digest, u64>,
    recent: VecDeque<Digest>,
}

impl Ids {
    /// Counts a record that has no id of its vendor, and says how many equal ones came before it.
    pub(crate) fn count(&mut self, own: &mut OwnId) {
        let times = self.seen.entry(own.digest).or_insert(0);
        own.repeats = *times;
        *times += 1;
        if *times > 1 {
            return;
        }
        self.recent.push_back(own.digest);
        if self.recent.len() > RECENT_DIGESTS_MAX
            && let Some(oldest) = self.recent.pop_front()
        {
            self.seen.remove(&oldest);
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
        for (to, from) in self.digest.iter_mut().zip(Sha256::digest(raw)) {
            *to = from;
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
    use super::{Ids, RECENT_DIGESTS_MAX};
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
    fn the_memory_for_repeats_is_bounded() {
        let mut ids = Ids::default();
        for n in 0..RECENT_DIGESTS_MAX + 10 {
            id(&mut ids, "", n.to_string().as_bytes());
        }
        assert_eq!(ids.seen.len(), RECENT_DIGESTS_MAX);
        assert_eq!(ids.recent.len(), RECENT_DIGESTS_MAX);
    }

    #[test]
    fn the_vendors_id_is_kept_as_it_is() {
        assert_eq!(id(&mut Ids::default(), "0f-1", b"x"), "0f-1");
    }
}
