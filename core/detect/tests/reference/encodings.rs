//! Base64, bit by bit.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes as base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = digits(bytes, 0, bytes.len() * 8);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// What of the bytes' base64 is certain if so many bytes stand before them, whatever those are and
/// whatever follows.
pub(crate) fn certain(bytes: &[u8], before: usize) -> String {
    let unknown = vec![0; before];
    let whole = [unknown.as_slice(), bytes].concat();
    let first = (before * 8).div_ceil(6) * 6;
    let end = whole.len() * 8 / 6 * 6;
    digits(&whole, first, end)
}

/// The digits of these bits, six each; bits beyond the end are none.
fn digits(bytes: &[u8], first: usize, end: usize) -> String {
    let bit = |at: usize| {
        let byte = bytes.get(at / 8).copied().unwrap_or_default();
        usize::from(byte >> (7 - at % 8) & 1)
    };
    let starts = (first..end).step_by(6);
    let digit = |at: usize| (at..at + 6).fold(0, |digit, at| digit << 1 | bit(at));
    starts.map(|at| char::from(ALPHABET[digit(at)])).collect()
}
