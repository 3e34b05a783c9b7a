//! A set of numbers that may say yes too often and no never wrongly.

/// Bits for each number in the set: one in thirty-two is set.
const BITS_PER_NUMBER: usize = 32;

/// Least and most bits of a set, as powers of two: eight bytes and half a megabyte.
const BITS_LOG_MIN: u32 = 6;
const BITS_LOG_MAX: u32 = 22;

/// A set that may say yes too often and no never wrongly.
#[derive(Debug)]
pub(super) struct BitSet {
    words: Vec<u64>,
    /// How far a hash is shifted to become the place of a bit.
    shift: u32,
}

impl BitSet {
    /// With room for so many numbers.
    pub(super) fn new(numbers: usize) -> Self {
        let bits = (numbers * BITS_PER_NUMBER).next_power_of_two();
        let log = bits.trailing_zeros().clamp(BITS_LOG_MIN, BITS_LOG_MAX);
        Self {
            words: vec![0; 1 << (log - 6)],
            shift: 32 - log,
        }
    }

    pub(super) fn add(&mut self, number: u32) {
        let (word, bit) = self.place(number);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    #[inline]
    pub(super) fn may_have(&self, number: u32) -> bool {
        let (word, bit) = self.place(number);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The word and the bit of a hash (multiplicative, after Knuth).
    #[inline]
    fn place(&self, number: u32) -> (usize, u64) {
        let hash = number.wrapping_mul(0x9E37_79B1) >> self.shift;
        let word = usize::try_from(hash >> 6).unwrap_or(usize::MAX);
        (word, 1 << (hash & 63))
    }
}
