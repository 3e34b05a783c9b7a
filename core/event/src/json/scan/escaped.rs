//! Strings with many escapes, such as a record that stands in another as a text.
//!
//! An escape every few bytes makes the next one not worth a search of its own: 64 bytes are looked at together.

use super::{Scanner, plain_run};
use crate::pieced::Pieced;

const BLOCK: usize = 64;

impl Scanner<'_> {
    /// The rest of a string, from an escape on that stands at a place, and of which what begins at another was not
    /// taken yet.
    pub(super) fn often_escaped(&mut self, mut taken: usize, mut at: usize) -> Option<Pieced> {
        let mut told = Pieced::default();
        while let Some(block) = self.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let mut signs = signs(block);
            let mut behind = at + BLOCK;
            while signs != 0 {
                let sign = at + usize::try_from(signs.trailing_zeros()).ok()?;
                told.push(self.bytes.get(taken..)?, sign - taken);
                if self.sign_at(sign, &mut told)? {
                    return Some(told);
                }
                (taken, self.at) = (self.at, sign);
                let seen = taken.max(sign + 2);
                let left = u32::try_from(seen - at).ok();
                signs &= left
                    .and_then(|left| u64::MAX.checked_shl(left))
                    .unwrap_or(0);
                behind = behind.max(seen);
            }
            at = behind;
        }
        loop {
            let sign = at + plain_run(self.bytes.get(at..)?);
            told.push(self.bytes.get(taken..)?, sign - taken);
            if self.sign_at(sign, &mut told)? {
                return Some(told);
            }
            taken = self.at;
            at = taken.max(sign + 2);
        }
    }

    /// Takes what stands at a quote, a backslash or a control character, and says whether the string ends with it. An
    /// escaped quote or backslash stands for itself and goes with what follows it.
    #[inline]
    fn sign_at(&mut self, sign: usize, told: &mut Pieced) -> Option<bool> {
        self.at = sign + 1;
        match self.bytes.get(sign)? {
            b'"' => return Some(true),
            b'\\' => {}
            _ => return None,
        }
        if !matches!(self.peek()?, b'"' | b'\\') {
            told.push_char(self.escape()?);
        }
        Some(false)
    }
}

/// A bit for each byte of a block that is a quote, a backslash or a control character, that of the first the lowest.
#[inline]
fn signs(block: &[u8; BLOCK]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOWS: u64 = ONES * 0x7F;
    // The highest bit of each byte that is not zero.
    let other = |word: u64| ((word & LOWS) + LOWS) | word;
    let eights = block.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |all, (at, eight)| {
        let word = u64::from_le_bytes(*eight);
        let (quote, slash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5C));
        let plain = other(quote) & other(slash) & other(word & (ONES * 0xE0));
        let found = !(plain | LOWS) >> 7;
        // Gathers the lowest bits of all bytes in the highest byte.
        let bits = found.wrapping_mul(0x0102_0408_1020_4080) >> 56;
        all | bits << (8 * at)
    })
}
