//! Quotes in quoted values, where each is doubled.
//!
//! A column of JSON has one every few bytes, so that a search for the next of them is begun too often: 64 bytes are
//! looked at together.

use crate::{pieced::Pieced, words::find_near};

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
    let mut halved = Pieced::default();
    // How much was taken, and how much was looked at.
    let (mut taken, mut at) = (0, 0);
    let mut take = |first: usize| {
        let rest = bytes.get(taken..).unwrap_or_default();
        let is_doubled = bytes.get(first + 1) == Some(&QUOTE);
        halved.push(rest, first + usize::from(is_doubled) - taken);
        taken = first + 2;
        is_doubled
    };
    let end = 'end: {
        while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let mut firsts = quotes(block);
            let mut behind = at + BLOCK;
            while firsts != 0 {
                let first = firsts.trailing_zeros();
                firsts &= !(0b11 << first);
                let first = at + large(first);
                if !take(first) {
                    break 'end first;
                }
                behind = behind.max(first + 2);
            }
            at = behind;
        }
        loop {
            let first = at + find_near(bytes.get(at..)?, QUOTE)?;
            if !take(first) {
                break 'end first;
            }
            at = first + 2;
        }
    };
    Some((halved.into_text()?, end))
}

const BLOCK: usize = 64;

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
