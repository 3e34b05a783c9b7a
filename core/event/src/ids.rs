//! Stable ids of records: the vendor's own, or a digest of the bytes.
//!
//! Invariant: reading the same bytes again gives the same ids, so that a file delivered twice
//! counts once. Equal records of one file without a vendor's id are told apart by `#n`.

use std::collections::{BTreeMap, VecDeque};

use cordon_model::EventId;
use sha2::{Digest, Sha256};

/// How far apart equal records of one file are still told apart, in records: repeats come in
/// bursts, and 65,536 digests are 2 MiB.
const RECENT_DIGESTS_MAX: usize = 65_536;

type Short = [u8; 16];

/// Gives ids to the records of one file.
#[derive(Default)]
pub(crate) struct Ids {
    seen: BTreeMap<Short, u64>,
    recent: VecDeque<Short>,
}

impl Ids {
    /// The id of a record: the vendor's if it has one.
    pub(crate) fn of(&mut self, vendor: Option<String>, raw: &[u8]) -> EventId {
        vendor.map_or_else(|| self.digest(raw), EventId::new)
    }

    fn digest(&mut self, raw: &[u8]) -> EventId {
        let mut short = Short::default();
        for (to, from) in short.iter_mut().zip(Sha256::digest(raw)) {
            *to = from;
        }
        let hex = hex(short);
        let times = self.seen.entry(short).or_insert(0);
        *times += 1;
        if *times > 1 {
            return EventId::new(format!("{hex}#{times}"));
        }
        self.recent.push_back(short);
        if self.recent.len() > RECENT_DIGESTS_MAX
            && let Some(oldest) = self.recent.pop_front()
        {
            self.seen.remove(&oldest);
        }
        EventId::new(hex)
    }
}

fn hex(bytes: Short) -> String {
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

    #[test]
    fn equal_records_are_told_apart_and_reading_again_gives_the_same_ids() {
        let read = || {
            let mut ids = Ids::default();
            [b"a", b"b", b"a", b"a"].map(|raw| ids.of(None, raw).as_str().to_owned())
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
            ids.of(None, n.to_string().as_bytes());
        }
        assert_eq!(ids.seen.len(), RECENT_DIGESTS_MAX);
        assert_eq!(ids.recent.len(), RECENT_DIGESTS_MAX);
    }

    #[test]
    fn the_vendors_id_is_kept_as_it_is() {
        let id = Ids::default().of(Some("0f-1".to_owned()), b"x");
        assert_eq!(id.as_str(), "0f-1");
    }
}
