//! How a count or a measure must compare.

use std::cmp::Ordering;

use crate::{Decimal, item::Comparison};

/// One side of a range; all sides given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// How it must compare.
    pub comparison: Comparison,
    /// With what; a whole number where something is counted.
    pub threshold: Decimal,
}

impl Bound {
    /// Whether a number is within this bound.
    pub fn holds(self, number: Decimal) -> bool {
        self.holds_for_share(number, 1)
    }

    /// Whether `total` divided by `parts` is within this bound, without dividing; there is at least
    /// one part.
    pub fn holds_for_share(self, total: Decimal, parts: u32) -> bool {
        let order = total.cmp(&self.threshold.times(parts));
        match self.comparison {
            Comparison::Less => order == Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::Equal => order == Ordering::Equal,
            Comparison::NotEqual => order != Ordering::Equal,
        }
    }
}

/// What numbers bounds may meet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Range {
    /// Whole numbers from 1.
    Counts,
    /// Whole numbers from 1 to this.
    CountsUpTo(u64),
    /// Any.
    Numbers,
}

impl Range {
    /// Whether any of these numbers is within all bounds. What bounds allow are intervals, each of
    /// which begins or ends beside a threshold or at an end of the range.
    pub(super) fn meets(self, bounds: &[Bound]) -> bool {
        let one = Decimal::from(1);
        let (step, ends) = match self {
            Self::Counts => (one, vec![one]),
            Self::CountsUpTo(most) => (one, vec![one, Decimal::from(most)]),
            Self::Numbers => (Decimal::SMALLEST, Vec::new()),
        };
        let beside = bounds.iter().map(|bound| bound.threshold);
        let beside = beside.flat_map(|t| [t - step, t, t + step]);
        ends.iter()
            .copied()
            .chain(beside)
            .filter(|number| match self {
                Self::Counts => *number >= one,
                Self::CountsUpTo(most) => *number >= one && *number <= Decimal::from(most),
                Self::Numbers => true,
            })
            .any(|number| bounds.iter().all(|bound| bound.holds(number)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Range};
    use crate::{Decimal, item::Comparison};

    fn bounds(text: &str) -> Vec<Bound> {
        let one = |(word, number): (&str, &str)| Bound {
            comparison: Comparison::from_word(word).unwrap(),
            threshold: Decimal::parse(number).unwrap(),
        };
        let pairs = text.split(", ").filter_map(|pair| pair.split_once(' '));
        pairs.map(one).collect()
    }

    #[test]
    fn bounds_that_no_number_is_within_are_told_apart() {
        for (text, range, meets) in [
            ("gte 3", Range::Counts, true),
            ("lt 1", Range::Counts, false),
            ("gt 3, lt 5", Range::Counts, true),
            ("gt 3, lt 4", Range::Counts, false),
            ("gt 3, lt 4", Range::Numbers, true),
            ("gt 3, lt 3", Range::Numbers, false),
            ("gte 3, lte 3", Range::Numbers, true),
            ("eq 3, neq 3", Range::Numbers, false),
            ("neq 1", Range::CountsUpTo(1), false),
            ("gte 4", Range::CountsUpTo(3), false),
            ("neq 3, gte 1", Range::CountsUpTo(3), true),
            ("lt -5", Range::Numbers, true),
        ] {
            assert_eq!(range.meets(&bounds(text)), meets, "{text} {range:?}");
        }
    }

    #[test]
    fn a_share_is_compared_without_dividing() {
        let third = Decimal::parse("0.333333333333333333333333333333").unwrap();
        let [above] = bounds(" gt 0.333333333333333333333333333333".trim_start())[..] else {
            panic!("one bound");
        };
        assert!(above.holds_for_share(Decimal::from(1), 3));
        assert!(!above.holds_for_share(third.times(3), 3));
    }
}
