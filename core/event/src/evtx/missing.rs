//! How many records of a damaged chunk are missing, and where.
//!
//! Where damage hides the place of a record, the next one that is found says by its identifier how
//! many were lost before it. In the end a chunk has as many records as its header claims, as far as
//! that can be believed, or as stand in it.

use super::frames;

/// Counts along the records of a chunk.
pub(super) struct Missing {
    /// How many records there were so far, those that were lost included.
    seen: u64,
    /// The identifier that the next record has if none is lost.
    next_id: Option<u64>,
    /// Whether something was lost since the last record.
    gap: bool,
    claimed: Option<u64>,
}

impl Missing {
    pub(super) fn of(chunk: &[u8]) -> Self {
        Self {
            seen: 0,
            next_id: frames::first_id(chunk),
            gap: false,
            claimed: frames::claimed(chunk),
        }
    }

    /// Something that is no record stands where one is due.
    pub(super) fn lost(&mut self) {
        self.gap = true;
    }

    /// A record was found, whose identifier is known if it could be read; how many were lost
    /// before it.
    pub(super) fn found(&mut self, id: Option<u64>) -> u64 {
        let lost = if self.gap { self.lost_before(id) } else { 0 };
        self.gap = false;
        self.seen += lost + 1;
        let id = id.or(self.next_id);
        self.next_id = id.and_then(|id| id.checked_add(1));
        lost
    }

    fn lost_before(&self, id: Option<u64>) -> u64 {
        let by_id = || id?.checked_sub(self.next_id?);
        let lost = by_id().filter(|lost| (1..frames::RECORDS_MAX).contains(lost));
        let room = self
            .claimed
            .map(|claimed| claimed.saturating_sub(self.seen + 1));
        lost.unwrap_or(1).min(room.unwrap_or(1))
    }

    /// How many were lost behind the last record that was found, if a chunk that could be read to
    /// its end holds so many.
    pub(super) fn at_end(&self, held: u64) -> u64 {
        held.max(self.seen + u64::from(self.gap && self.claimed.is_none()))
            .saturating_sub(self.seen)
    }
}

#[cfg(test)]
mod tests {
    use super::Missing;

    fn counted(claimed: Option<u64>, ids: &[Option<u64>], held: u64) -> Vec<u64> {
        let mut missing = Missing {
            seen: 0,
            next_id: Some(10),
            gap: false,
            claimed,
        };
        let mut lost = Vec::new();
        for id in ids {
            match id {
                Some(0) => missing.lost(),
                id => lost.push(missing.found(*id)),
            }
        }
        lost.push(missing.at_end(held));
        lost
    }

    #[test]
    fn what_was_lost_is_counted_where_it_was_lost() {
        let gap = Some(0);
        assert_eq!(counted(Some(2), &[Some(10), Some(11)], 2), [0, 0, 0]);
        assert_eq!(counted(Some(5), &[Some(10), gap, Some(13)], 5), [0, 2, 1]);
        assert_eq!(counted(Some(3), &[gap, Some(12)], 3), [2, 0]);
        assert_eq!(
            counted(Some(3), &[Some(10), None, gap, Some(12)], 3),
            [0, 0, 0, 0]
        );
        assert_eq!(counted(None, &[Some(10), gap, Some(12)], 1), [0, 1, 0]);
        assert_eq!(counted(None, &[Some(10), gap], 1), [0, 1]);
    }
}
