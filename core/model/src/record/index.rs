//! Where the fields of a record are, by a part of the hashes of their names.
//!
//! Invariants: fields that share that part are a chain through their nodes, the newest first; a place
//! that does not fit into a byte is behind all that do, and is sought along the record.

use super::{NameHash, small};

/// Where the fields of a record are.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// The newest field of each part; 0, where the record itself stands, for none.
    last: [u8; 256],
    /// The first field whose place does not fit.
    beyond: Option<u32>,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            last: [0; 256],
            beyond: None,
        }
    }
}

impl Index {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds a field; the one that was known by the same part before.
    #[inline]
    pub(super) fn add(&mut self, hash: NameHash, place: usize) -> u8 {
        let [part, _] = hash.number().to_be_bytes();
        if let (Some(last), Ok(place)) = (self.last.get_mut(usize::from(part)), u8::try_from(place))
        {
            std::mem::replace(last, place)
        } else {
            self.beyond.get_or_insert(small(place));
            0
        }
    }

    /// The newest field of a part; 0 if there is none.
    #[inline]
    pub(super) fn last(&self, hash: NameHash) -> u8 {
        let [part, _] = hash.number().to_be_bytes();
        self.last.get(usize::from(part)).copied().unwrap_or(0)
    }

    /// The first field that is not in the chains.
    #[inline]
    pub(super) fn beyond(&self) -> Option<u32> {
        self.beyond
    }
}
