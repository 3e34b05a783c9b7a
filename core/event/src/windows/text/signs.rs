//! What bytes of an event's text are.

/// Which bytes a name is made of: looked up, since most of what is read of an event are names.
pub(super) const NAME_SIGNS: [bool; 256] = {
    let mut signs = [false; 256];
    let mut rest: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:";
    while let [sign, after @ ..] = rest {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        #[expect(clippy::as_conversions, reason = "there is no other way in a constant")]
        {
            signs[*sign as usize] = true;
        }
        rest = after;
    }
    signs
};

/// Whether a text is a whole number of 64 bits.
pub(super) fn is_number(text: &str) -> bool {
    // Fewer digits than the largest number has cannot be too many.
    let is_plain = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_plain || text.trim().parse::<u64>().is_ok()
}
