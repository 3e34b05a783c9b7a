//! How long a source is usually quiet, and from when on it is silent.

use std::collections::BTreeMap;

/// Fewer gaps than this are no rhythm.
const GAPS_MIN: u64 = 24;

/// Of the gaps so far, the one that nine in ten do not exceed is the usual one.
const USUAL_IN_TEN: u64 = 9;

/// How many times the usual gap is silence. Records that come at random, however often, leave one gap in ten
/// longer than 2.3 times the middle one, and one in ten thousand millions longer than ten times that.
const TIMES_USUAL: i64 = 10;

/// A shorter quiet is never silence, in minutes: twice the lateness, so that a slow delivery is none.
const SILENCE_MINUTES_MIN: i64 = 30;

/// A longer quiet is always silence, in minutes: a week.
const SILENCE_MINUTES_MAX: i64 = 7 * 24 * 60;

/// The gaps between the minutes in which a source wrote.
#[derive(Debug, Clone, Default)]
pub(super) struct Rhythm {
    gaps: BTreeMap<i64, u64>,
    count: u64,
}

/// What is usual, and what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    /// The gap that nine in ten do not exceed, in minutes.
    pub(super) usual: i64,
    /// From how many minutes on it is silence.
    pub(super) silence: i64,
}

impl Rhythm {
    /// Notes a gap.
    pub(super) fn note(&mut self, minutes: i64) {
        *self
            .gaps
            .entry(minutes.min(SILENCE_MINUTES_MAX))
            .or_default() += 1;
        self.count += 1;
    }

    /// What quiet of some minutes is, if that may be silence and there is a rhythm to judge it by.
    pub(super) fn judge(&self, quiet: i64) -> Option<Judged> {
        if quiet < SILENCE_MINUTES_MIN || self.count < GAPS_MIN {
            return None;
        }
        let usual = self.usual();
        let silence = usual
            .saturating_mul(TIMES_USUAL)
            .clamp(SILENCE_MINUTES_MIN, SILENCE_MINUTES_MAX);
        (quiet >= silence).then_some(Judged { usual, silence })
    }

    fn usual(&self) -> i64 {
        let enough = (self.count * USUAL_IN_TEN).div_ceil(10);
        let mut seen = 0;
        let at = self.gaps.iter().find(|(_, count)| {
            seen += **count;
            seen >= enough
        });
        at.map_or(SILENCE_MINUTES_MAX, |(gap, _)| *gap)
    }
}

#[cfg(test)]
mod tests {
    use super::Rhythm;

    fn judged(gaps: &[(i64, u64)], quiet: i64) -> Option<(i64, i64)> {
        let mut rhythm = Rhythm::default();
        for (gap, times) in gaps {
            (0..*times).for_each(|_| rhythm.note(*gap));
        }
        let judged = rhythm.judge(quiet)?;
        Some((judged.usual, judged.silence))
    }

    #[test]
    fn silence_is_ten_times_the_usual_quiet_and_never_under_half_an_hour() {
        for (gaps, quiet, expect) in [
            (&[(1, 100)][..], 29, None),
            (&[(1, 100)], 30, Some((1, 30))),
            (&[(1, 23)], 500, None),
            (&[(1, 90), (20, 10)], 30, Some((1, 30))),
            (&[(1, 89), (20, 11)], 199, None),
            (&[(1, 89), (20, 11)], 200, Some((20, 200))),
            (&[(60, 24)], 599, None),
            (&[(60, 24)], 600, Some((60, 600))),
            (&[(9000, 24)], 7 * 24 * 60, Some((9000, 7 * 24 * 60))),
        ] {
            assert_eq!(judged(gaps, quiet), expect, "{gaps:?} {quiet}");
        }
    }
}
