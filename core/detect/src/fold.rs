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
    let mut folded = String::with_capacity(text.len());
    if !fold_into(text, &mut folded) {
        folded.clear();
        folded.extend(text.chars().map(fold_char));
    }
    Cow::Owned(folded)
}

/// Appends a text without its case, unless a character would change its length in bytes; whether
/// that went through.
pub(crate) fn fold_into(text: &str, into: &mut String) -> bool {
    if text.is_ascii() {
        let from = into.len();
        into.push_str(text);
        if let Some(fresh) = into.get_mut(from..) {
            fresh.make_ascii_lowercase();
        }
        return true;
    }
    for c in text.chars() {
        let folded = fold_char(c);
        if folded.len_utf8() != c.len_utf8() {
            return false;
        }
        into.push(folded);
    }
    true
}

/// A character without its case.
pub(crate) fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
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
        for text in [
            "ΟΔΟΣ",
            "İstanbul",
            "Straße",
            "C:\\Windows",
            "plain",
            "ÀÉ",
            "Ⱥb",
        ] {
            let whole = fold(text).into_owned();
            for (at, _) in text.char_indices() {
                let (head, tail) = text.split_at(at);
                assert_eq!(format!("{}{}", fold(head), fold(tail)), whole);
            }
        }
        assert_eq!(fold("CMD.EXE"), "cmd.exe");
    }
}
