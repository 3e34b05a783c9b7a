//! Chance that is not: every draw follows from the seed.
//!
//! Each concern of the drill draws from a stream of its own, so that a change in one (more sign-ins)
//! leaves all others (who is hit, what the estate says) as they were.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What a stream of draws is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Concern {
    People,
    Cast,
    Desk,
    SignIns,
    Domain,
    Processes,
    Platform,
    Cloud,
    Intrusion,
    Delivery,
    Lookalikes,
    Exhaustion,
    Affiliate,
    Outlets,
}

impl Concern {
    const fn stream(self) -> u64 {
        match self {
            Self::People => 1,
            Self::Cast => 2,
            Self::Desk => 3,
            Self::SignIns => 4,
            Self::Domain => 5,
            Self::Processes => 6,
            Self::Platform => 7,
            Self::Cloud => 8,
            Self::Intrusion => 9,
            Self::Delivery => 10,
            Self::Lookalikes => 11,
            Self::Exhaustion => 12,
            Self::Affiliate => 13,
            Self::Outlets => 14,
        }
    }
}

/// A stream of draws.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn new(seed: u64, concern: Concern) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(concern.stream());
        Self(rng)
    }

    /// A number below `end`, which is above zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end)
    }

    /// A number from `first` up to and without `end`.
    pub(crate) fn between(&mut self, first: i64, end: i64) -> i64 {
        self.0.random_range(first..end)
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, hits: u64) -> bool {
        self.below(100) < hits
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.0.random_range(0..from.len());
        let Some(found) = from.get(index) else {
            unreachable!("an index drawn below the length lies within the list");
        };
        found
    }

    /// So many hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        self.letters(b"0123456789abcdef", digits)
    }

    /// So many letters of an alphabet.
    pub(crate) fn letters(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count)
            .map(|_| char::from(*self.pick(alphabet)))
            .collect()
    }
}
