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
    Cow::Owned(text.chars().map(fold_char).collect())
}

/// The characters of a text that are not ASCII.
pub(crate) fn wide_chars(text: &str) -> impl Iterator<Item = char> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (eights, _) = rest.as_bytes().as_chunks::<8>();
        let plain = |eight: &&[u8; 8]| u64::from_le_bytes(**eight) & 0x8080_8080_8080_8080 == 0;
        let skipped = 8 * eights.iter().take_while(plain).count();
        let tail = rest.as_bytes().get(skipped..)?;
        let start = skipped + tail.iter().position(|byte| !byte.is_ascii())?;
        let wide = rest.get(start..)?;
        let c = wide.chars().next()?;
        rest = wide.get(c.len_utf8()..)?;
        Some(c)
    })
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
