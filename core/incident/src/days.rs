//! On which days somebody was seen, as far back as silence is counted.

/// Days that are kept, the last included: after so many quiet ones the odds of a belief have fallen to a twentieth.
const DAYS_KEPT: u32 = 64;

/// The latest days on which somebody was seen, the same in whichever order they became known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Days {
    last: u32,
    /// Whether they were seen so many days before the last.
    seen: u64,
}

impl Days {
    /// Adds a day; says whether that is news.
    pub(crate) fn add(&mut self, day: u32) -> bool {
        let before = *self;
        if self.seen == 0 {
            *self = Self { last: day, seen: 1 };
        } else if day > self.last {
            let moved = self.seen.checked_shl(day - self.last);
            *self = Self {
                last: day,
                seen: moved.unwrap_or_default() | 1,
            };
        } else if self.last - day < DAYS_KEPT {
            self.seen |= 1 << (self.last - day);
        }
        before != *self
    }

    /// Those after a day, the last first.
    pub(crate) fn after(self, day: u32) -> impl Iterator<Item = u32> {
        let back = (0..DAYS_KEPT).filter(move |back| self.seen >> back & 1 == 1);
        let days = back.filter_map(move |back| self.last.checked_sub(back));
        days.take_while(move |one| *one > day)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DAYS_KEPT, Days};

    proptest! {
        #[test]
        fn the_latest_days_are_kept_in_whichever_order_they_came(
            mut days in prop::collection::vec(0_u32..200, 0..60),
            from in 0_u32..200,
        ) {
            let mut kept = Days::default();
            for day in &days {
                kept.add(*day);
            }
            days.sort_unstable();
            days.dedup();
            let last = days.last().copied().unwrap_or_default();
            let expect: Vec<u32> = days
                .into_iter()
                .rev()
                .filter(|day| *day > from && last - day < DAYS_KEPT)
                .collect();
            prop_assert_eq!(kept.after(from).collect::<Vec<_>>(), expect);
        }
    }
}
