//! What bytes of an event's text are.

use crate::words::table;

/// Which bytes a name is made of: looked up, since most of what is read of an event are names.
pub(super) const NAME_SIGNS: [bool; 256] =
    table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:");

/// Whether a text is a whole number of 64 bits.
pub(super) fn is_number(text: &str) -> bool {
    // Fewer digits than the largest number has cannot be too many.
    let is_plain = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_plain || text.trim().parse::<u64>().is_ok()
}
