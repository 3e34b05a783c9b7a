//! Signs of JSON looked at several together.

use memchr::memchr2;

/// Whether bytes begin with others, eight compared at a time: names are too short for a call.
#[inline]
pub(super) fn begins(bytes: &[u8], with: &[u8]) -> bool {
    let Some(head) = bytes.get(..with.len()) else {
        return false;
    };
    let (Some(last), Some(wanted)) = (head.last_chunk::<8>(), with.last_chunk::<8>()) else {
        return head == with;
    };
    let (heads, wants) = (head.as_chunks::<8>().0, with.as_chunks::<8>().0);
    last == wanted && heads.iter().zip(wants).all(|(head, want)| head == want)
}

/// How many bytes stand before the next quote, backslash or control character. Of short texts eight
/// are looked at together, with the bits of each byte that only such a one sets.
#[inline]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let (eights, _) = bytes.as_chunks::<8>();
    let mut run = 0;
    for eight in eights.iter().take(EIGHTS_OF_SHORT) {
        let word = u64::from_le_bytes(*eight);
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        let quote = is_zero(word ^ (ONES * 0x22));
        let slash = is_zero(word ^ (ONES * 0x5C));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let found = quote | slash | control;
        if found != 0 {
            // A borrow may mark a byte too much, but only behind the first that is right.
            return run + usize::try_from(found.trailing_zeros() / 8).unwrap_or(0);
        }
        run += 8;
    }
    run + long_plain_run(bytes.get(run..).unwrap_or_default())
}

/// How many times eight bytes a text has at most that is not worth a call.
const EIGHTS_OF_SHORT: usize = 6;

/// The same for the rest of a long text, or the last few bytes of all.
fn long_plain_run(bytes: &[u8]) -> usize {
    let run = memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
    let run = bytes.get(..run).unwrap_or_default();
    // Looked at without an early end, many together.
    let controls = run.iter().fold(0, |any, b| any | u8::from(*b < 0x20));
    if controls != 0 {
        return run.iter().position(|b| *b < 0x20).unwrap_or(0);
    }
    run.len()
}
