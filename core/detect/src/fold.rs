//! Case, taken away: the one meaning of "case-insensitive" for all matching.
//!
//! Each character becomes its lower-case form where that is one character, and stays where it is
//! not. So lengths in characters never change, and a part of a text folds to a part of the folded
//! text, which full lower-casing (with its final sigma) does not promise.

use std::borrow::Cow;

/// A text without its case.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
    {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Owned(text.chars().map(fold_char).collect())
}

fn fold_char(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        (_, _) => c,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn a_part_of_a_text_folds_to_a_part_of_the_folded_text() {
        for text in ["ΟΔΟΣ", "İstanbul", "Straße", "C:\\Windows", "plain", "ÀÉ"] {
            let whole = fold(text).into_owned();
            for (at, _) in text.char_indices() {
                let (head, tail) = text.split_at(at);
                assert_eq!(format!("{}{}", fold(head), fold(tail)), whole);
            }
        }
        assert_eq!(fold("CMD.EXE"), "cmd.exe");
    }
}
