//! Strings with many escapes, such as a record that stands in another as a text.
//!
//! An escape every few bytes makes the next one not worth a search of its own: 64 bytes are looked at together.

use super::{Scanner, plain_run};
use crate::pieced::{BLOCK, Pieced, SHORT, copy_short};

impl Scanner<'_> {
    /// The rest of a string, from an escape on that stands at a place, and of which what begins at another was not
    /// taken yet.
    pub(super) fn often_escaped(&mut self, taken: usize, mut at: usize) -> Option<Pieced> {
        let mut told = Pieced::default();
        told.push(self.bytes.get(taken..)?, at - taken);
        loop {
            let rest = self.bytes.get(at..)?;
            let sign = if let Some(window) = rest.first_chunk() {
                match told.block(|room| unescape(window, room)) {
                    Ok(passed) => {
                        at += passed;
                        continue;
                    }
                    Err(sign) => sign,
                }
            } else {
                let run = plain_run(rest);
                told.push(rest, run);
                run
            };
            if self.sign_at(at + sign, &mut told)? {
                return Some(told);
            }
            at = self.at;
        }
    }

    /// Takes what stands at a quote, a backslash or a control character, and says whether the string ends with it.
    fn sign_at(&mut self, sign: usize, told: &mut Pieced) -> Option<bool> {
        self.at = sign + 1;
        match self.bytes.get(sign)? {
            b'"' => return Some(true),
            b'\\' => {}
            _ => return None,
        }
        if matches!(self.peek()?, b'"' | b'\\') {
            told.push(self.bytes.get(self.at..)?, 1);
            self.at += 1;
        } else {
            told.push_char(self.escape()?);
        }
        Some(false)
    }
}

/// Writes a block without the backslashes before quotes and backslashes: how much that is, and how much of the block was
/// passed, or where the first other sign stands in it.
#[inline]
fn unescape(
    window: &[u8; BLOCK + SHORT],
    room: &mut [u8; BLOCK + SHORT],
) -> (usize, Result<usize, usize>) {
    let (mut from, mut to) = (0, 0);
    let mut copy = |from: usize, length: usize| {
        let (source, room) = (window.get(from..), room.get_mut(to..));
        let (source, room) = (source.unwrap_or_default(), room.unwrap_or_default());
        copy_short(source, room, length);
        to += length;
        to
    };
    let mut found = window.first_chunk().map_or(0, signs);
    while found != 0 {
        let first = usize::try_from(found.trailing_zeros()).unwrap_or_default();
        let written = copy(from, first - from);
        let both = window.get(first..first + 2);
        if !matches!(both, Some(b"\\\"" | b"\\\\")) {
            return (written, Err(first));
        }
        // What is escaped goes with what follows it.
        from = first + 1;
        found &= !(0b11 << first);
    }
    let end = BLOCK.max(from + usize::from(from > 0));
    (copy(from, end - from), Ok(end))
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
