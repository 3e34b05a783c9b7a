//! Names of values, and how most of them are told apart without looking at them.

use super::Span;

/// The name of a value.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub(super) span: Span,
    pub(super) hash: NameHash,
}

/// A quick hash of a name: different names have different ones nearly always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameHash(u16);

impl NameHash {
    /// The hash of a name.
    #[inline]
    pub fn of(name: &str) -> Self {
        const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
        let bytes = name.as_bytes();
        let word = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
        // The first and last eight bytes and the length tell names apart; where there are no eight,
        // the bytes that are there.
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (word(first), word(last)),
            (_, _) => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(first), Some(last)) => (
                    u64::from(u32::from_le_bytes(*first)),
                    u64::from(u32::from_le_bytes(*last)),
                ),
                (_, _) => bytes.iter().fold((0, 0), |(first, last), byte| {
                    ((first << 8) | u64::from(*byte), last)
                }),
            },
        };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mixed = (first ^ last.rotate_left(29) ^ length.rotate_left(53)).wrapping_mul(FACTOR);
        let [.., high, higher] = mixed.to_le_bytes();
        Self(u16::from_le_bytes([high, higher]))
    }

    /// As a number.
    #[inline]
    pub fn number(self) -> u16 {
        self.0
    }
}

impl Key {
    /// No name, as members of lists have none.
    pub const NONE: Self = Self {
        span: Span { start: 0, end: 0 },
        hash: NameHash(0),
    };
}
