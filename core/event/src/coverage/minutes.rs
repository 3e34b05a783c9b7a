//! A set of minutes since 1970: small where they lie close together, as those of a log do.

use std::collections::BTreeMap;

/// Minutes in one word.
const WORD: i64 = 64;

/// A set of minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Minutes(BTreeMap<i64, u64>);

impl Minutes {
    /// Adds a minute.
    pub(super) fn put(&mut self, minute: i64) {
        *self.0.entry(minute.div_euclid(WORD)).or_default() |= 1 << minute.rem_euclid(WORD);
    }

    /// Adds all of another set.
    pub(super) fn merge(&mut self, other: &Self) {
        for (place, bits) in &other.0 {
            *self.0.entry(*place).or_default() |= bits;
        }
    }

    /// The first minute that is not before this one.
    pub(super) fn next(&self, from: i64) -> Option<i64> {
        let (place, bit) = (from.div_euclid(WORD), from.rem_euclid(WORD));
        let here = self.0.get(&place).map(|bits| bits & (u64::MAX << bit));
        if let Some(bits) = here.filter(|bits| *bits != 0) {
            return Some(place * WORD + i64::from(bits.trailing_zeros()));
        }
        let (place, bits) = self.0.range(place + 1..).next()?;
        Some(place * WORD + i64::from(bits.trailing_zeros()))
    }

    /// The last minute.
    pub(super) fn last(&self) -> Option<i64> {
        let (place, bits) = self.0.last_key_value()?;
        Some(place * WORD + WORD - 1 - i64::from(bits.leading_zeros()))
    }

    /// Forgets what lies before a minute, or little more of it.
    pub(super) fn forget_before(&mut self, minute: i64) {
        self.0 = self.0.split_off(&minute.div_euclid(WORD));
    }

    /// How much memory it takes, in words of 64 minutes.
    pub(super) fn words(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Minutes;

    proptest! {
        #[test]
        fn it_is_a_set(
            put in prop::collection::vec(-300_i64..300, 0..40),
            also in prop::collection::vec(-300_i64..300, 0..40),
            from in -320_i64..320,
        ) {
            let (mut minutes, mut other) = (Minutes::default(), Minutes::default());
            for minute in &put {
                minutes.put(*minute);
            }
            for minute in &also {
                other.put(*minute);
            }
            minutes.merge(&other);
            let plain: BTreeSet<i64> = put.into_iter().chain(also).collect();
            prop_assert_eq!(minutes.next(from), plain.range(from..).next().copied());
            prop_assert_eq!(minutes.last(), plain.last().copied());
            minutes.forget_before(from);
            prop_assert_eq!(minutes.next(from), plain.range(from..).next().copied());
        }
    }
}
