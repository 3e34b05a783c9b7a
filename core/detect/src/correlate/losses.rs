//! What correlations did not take into account, counted by reason.

/// What correlations did not take into account, counted by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Losses {
    /// Records that a full window forgot, oldest first.
    pub window_full: u64,
    /// Records that were forgotten with the group that had been quiet longest, because all windows
    /// together were full.
    pub memory_full: u64,
    /// Records that had more values in one field than are looked at: the first ones count.
    pub crowded: u64,
    /// Records without a number where numbers are measured. They take no part.
    pub without_number: u64,
    /// Records that came behind a newer one. They take no part.
    pub out_of_order: u64,
    /// Records beside which something was absent that no other record had either, for a day: its log
    /// may be missing, or its names may not meet, so that nothing is told.
    pub unheard: u64,
    /// Records beside which something could still have come when the logs ended.
    pub unfinished: u64,
}
