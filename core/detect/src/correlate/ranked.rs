//! The number at a rank among numbers that come and go.
//!
//! Two bags: the low one holds exactly the numbers up to the rank, so that the one asked for is its
//! largest. A number that comes or goes moves the border between the bags by a constant number of
//! places; each move costs the logarithm of how many numbers there are.

use std::collections::BTreeMap;

use cordon_sigma::Decimal;

/// Which rank is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// The smallest number that at least so many of a hundred do not exceed.
    Percentile(Decimal),
    /// The middle one, or the two in the middle.
    Middle,
}

impl Rank {
    /// How many of so many numbers are up to the rank: at least one if there are any.
    fn of(self, count: u32) -> u32 {
        let rank = match self {
            Self::Percentile(percentile) => {
                let share = percentile.times(count).ceiling();
                u32::try_from((share + 99) / 100).unwrap_or(count)
            }
            Self::Middle => count.div_ceil(2),
        };
        rank.clamp(count.min(1), count)
    }
}

/// Numbers, and the one at a rank among them.
#[derive(Debug)]
pub(super) struct Ranked {
    rank: Rank,
    /// The numbers up to the rank; none is above any in `high`.
    low: Bag,
    high: Bag,
    /// How often a number went from bag to bag.
    pub(super) moves: u64,
}

impl Ranked {
    pub(super) fn new(rank: Rank) -> Self {
        Self {
            rank,
            low: Bag::default(),
            high: Bag::default(),
            moves: 0,
        }
    }

    pub(super) fn add(&mut self, number: Decimal) {
        if self.low.largest().is_some_and(|border| number <= border) {
            self.low.add(number);
        } else {
            self.high.add(number);
        }
        self.settle();
    }

    /// Takes away a number that was added.
    pub(super) fn remove(&mut self, number: Decimal) {
        if !self.low.remove(number) {
            self.high.remove(number);
        }
        self.settle();
    }

    /// What is asked for, as a sum of so many numbers; none if there is no number.
    pub(super) fn value(&self) -> Option<(Decimal, u32)> {
        let border = self.low.largest()?;
        match (self.rank, self.high.smallest()) {
            (Rank::Middle, Some(next)) if self.low.count == self.high.count => {
                Some((border + next, 2))
            }
            (Rank::Middle | Rank::Percentile(_), _) => Some((border, 1)),
        }
    }

    /// Moves the border to where the rank now is.
    fn settle(&mut self) {
        let wanted = self.rank.of(self.low.count + self.high.count);
        while self.low.count < wanted
            && let Some(number) = self.high.smallest()
        {
            self.high.remove(number);
            self.low.add(number);
            self.moves += 1;
        }
        while self.low.count > wanted
            && let Some(number) = self.low.largest()
        {
            self.low.remove(number);
            self.high.add(number);
            self.moves += 1;
        }
    }
}

/// Numbers, each as often as it was put in.
#[derive(Debug, Default)]
struct Bag {
    numbers: BTreeMap<Decimal, u32>,
    count: u32,
}

impl Bag {
    fn add(&mut self, number: Decimal) {
        *self.numbers.entry(number).or_default() += 1;
        self.count += 1;
    }

    /// Takes one away; whether there was one.
    fn remove(&mut self, number: Decimal) -> bool {
        let Some(times) = self.numbers.get_mut(&number) else {
            return false;
        };
        *times -= 1;
        if *times == 0 {
            self.numbers.remove(&number);
        }
        self.count -= 1;
        true
    }

    fn smallest(&self) -> Option<Decimal> {
        self.numbers.first_key_value().map(|(number, _)| *number)
    }

    fn largest(&self) -> Option<Decimal> {
        self.numbers.last_key_value().map(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use cordon_sigma::Decimal;
    use proptest::{collection::vec, prelude::*};

    use super::{Rank, Ranked};

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn ranks_are_those_of_the_nearest_number() {
        for (rank, numbers, expect) in [
            (Rank::Middle, "5", ("5", 1)),
            (Rank::Middle, "5 1", ("6", 2)),
            (Rank::Middle, "5 1 2", ("2", 1)),
            (Rank::Percentile(decimal("0")), "3 1 2", ("1", 1)),
            (Rank::Percentile(decimal("100")), "3 1 2", ("3", 1)),
            (Rank::Percentile(decimal("50")), "1 2 3 4", ("2", 1)),
            (Rank::Percentile(decimal("50.1")), "1 2 3 4", ("3", 1)),
        ] {
            let mut ranked = Ranked::new(rank);
            numbers
                .split(' ')
                .for_each(|number| ranked.add(decimal(number)));
            let expect = Some((decimal(expect.0), expect.1));
            assert_eq!(ranked.value(), expect, "{rank:?} of {numbers}");
        }
    }

    proptest! {
        #[test]
        fn the_number_is_that_of_sorting_and_each_change_moves_little(
            numbers in vec(0_u64..20, 1..200),
            width in 1_usize..50,
            percentile in proptest::option::of(0_u64..=1000),
        ) {
            let rank = percentile.map_or(Rank::Middle, |tenths| {
                Rank::Percentile(decimal(&format!("{}.{}", tenths / 10, tenths % 10)))
            });
            let mut ranked = Ranked::new(rank);
            let mut kept = VecDeque::new();
            for number in numbers.iter().copied() {
                kept.push_back(number);
                ranked.add(Decimal::from(number));
                if kept.len() > width {
                    ranked.remove(Decimal::from(kept.pop_front().unwrap()));
                }
                let mut sorted: Vec<_> = kept.iter().copied().collect();
                sorted.sort_unstable();
                let count = sorted.len() as u64;
                let expect = match percentile {
                    None if count.is_multiple_of(2) => {
                        let middle = sorted.len() / 2;
                        (sorted[middle - 1] + sorted[middle], 2)
                    }
                    None => (sorted[sorted.len() / 2], 1),
                    Some(tenths) => {
                        let rank = (tenths * count).div_ceil(1000).max(1);
                        (sorted[usize::try_from(rank).unwrap() - 1], 1)
                    }
                };
                prop_assert_eq!(ranked.value(), Some((Decimal::from(expect.0), expect.1)));
            }
            prop_assert!(ranked.moves <= 4 * numbers.len() as u64);
        }
    }
}
