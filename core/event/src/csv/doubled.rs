//! Quotes in quoted values, where each is doubled.
//!
//! A column of JSON has one every few bytes, so that a search for the next of them is begun too often: 64 bytes are
//! looked at together.

use crate::{
    pieced::{BLOCK, Pieced, SHORT, copy_short},
    words::find_near,
};

const QUOTE: u8 = b'"';

/// Where the quote stands that ends a value, of which the opening one was taken: the first that is not doubled.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let mut at = find_near(bytes, QUOTE)?;
    if bytes.get(at + 1) != Some(&QUOTE) {
        return Some(at);
    }
    at += 2;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let mut quotes = quotes(block);
        if are_doubled(quotes) {
            at += passed(quotes);
            continue;
        }
        while quotes != 0 {
            let first = quotes.trailing_zeros();
            let both = 0b11 << first;
            if first < LAST && quotes & both != both {
                return Some(at + large(first));
            }
            quotes &= !both;
            if first == LAST {
                // Whether this one is doubled, the next block says.
                at -= 1;
            }
        }
        at += BLOCK;
    }
    loop {
        at += find_near(bytes.get(at..)?, QUOTE)?;
        if bytes.get(at + 1) != Some(&QUOTE) {
            return Some(at);
        }
        at += 2;
    }
}

/// A value of which the opening quote was taken, with one of each two quotes, and where the quote stands that ends it.
pub(super) fn halved(bytes: &[u8]) -> Option<(String, usize)> {
    let mut written = Pieced::default();
    let mut at = 0;
    while let Some(window) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        match written.block(|room| halve(window, room)) {
            Ok(passed) => at += passed,
            Err(end) => return Some((written.into_text()?, at + end)),
        }
    }
    loop {
        let rest = bytes.get(at..)?;
        let first = find_near(rest, QUOTE)?;
        if rest.get(first + 1) != Some(&QUOTE) {
            written.push(rest, first);
            return Some((written.into_text()?, at + first));
        }
        written.push(rest, first + 1);
        at += first + 2;
    }
}

/// Writes a block with one of each two quotes: how much that is, and how much of the block was passed, or where the
/// quote stands in it that ends the value.
#[inline]
fn halve(
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
    let mut found = window.first_chunk().map_or(0, quotes);
    while found != 0 {
        let first = large(found.trailing_zeros());
        if window.get(first + 1) != Some(&QUOTE) {
            return (copy(from, first - from), Err(first));
        }
        copy(from, first + 1 - from);
        from = first + 2;
        found &= !(0b11 << first);
    }
    let length = copy(from, BLOCK.saturating_sub(from));
    (length, Ok(from.max(BLOCK)))
}

/// The place of a block's last byte.
const LAST: u32 = 63;

/// A bit for each byte of a block that is a quote, that of the first byte the lowest.
#[inline]
fn quotes(block: &[u8; BLOCK]) -> u64 {
    const LOWS: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    const QUOTES: u64 = 0x2222_2222_2222_2222;
    let eights = block.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |all, (at, eight)| {
        let other = u64::from_le_bytes(*eight) ^ QUOTES;
        let found = !(((other & LOWS) + LOWS) | other | LOWS) >> 7;
        // Gathers the lowest bits of all bytes in the highest byte.
        let bits = found.wrapping_mul(0x0102_0408_1020_4080) >> 56;
        all | bits << (8 * at)
    })
}

/// Whether the quotes of a block stand in twos with something between them; the second of the last two may be in the
/// next block.
#[inline]
fn are_doubled(quotes: u64) -> bool {
    let firsts = quotes & !(quotes << 1);
    quotes == firsts | firsts << 1
}

/// How much of a block of doubled quotes was passed: all but a last one that has its second in the next.
#[inline]
fn passed(quotes: u64) -> usize {
    let is_parted = quotes >> 62 == 0b10;
    BLOCK - usize::from(is_parted)
}

#[inline]
fn large(bit: u32) -> usize {
    usize::try_from(bit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::{end, halved};

    fn end_slowly(bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'"', Some(b'"')) => at += 2,
                (b'"', _) => return Some(at),
                _ => at += 1,
            }
        }
        None
    }

    proptest! {
        #[test]
        fn the_first_quote_that_is_not_doubled_ends_a_value(
            parts in vec((0..40_usize, prop::sample::select(vec![1, 2, 2, 2, 2, 2, 2, 2, 3, 4, 6])), 0..60),
        ) {
            let parts = parts.iter().map(|(plain, quotes)| "x".repeat(*plain) + &"\"".repeat(*quotes));
            let text: String = parts.collect();
            prop_assert_eq!(end(text.as_bytes()), end_slowly(text.as_bytes()));
            let found = halved(text.as_bytes()).map(|(_, end)| end);
            prop_assert_eq!(found, end_slowly(text.as_bytes()));
        }

        #[test]
        fn a_value_is_what_it_was_before_its_quotes_were_doubled(
            parts in vec(("[aé]{0,20}", 0..4_usize), 0..40), behind in 0..70_usize,
        ) {
            let parts = parts.iter().map(|(plain, quotes)| plain.clone() + &"\"".repeat(*quotes));
            let value: String = parts.chain([",".repeat(behind)]).collect();
            let doubled = value.replace('"', "\"\"");
            let quoted = doubled + "\",";
            prop_assert_eq!(end(quoted.as_bytes()), Some(quoted.len() - 2));
            prop_assert_eq!(halved(quoted.as_bytes()), Some((value, quoted.len() - 2)));
        }
    }
}
