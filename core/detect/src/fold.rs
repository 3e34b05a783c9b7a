//! Case, taken away: the one meaning of "case-insensitive" for all matching.
//!
//! It is Unicode's simple case folding, as regular expressions have it under `i`: `Σ`, `σ` and `ς` are one
//! letter, `ſ` is an `s`, and letters that only a longer spelling would make equal (`ß`, `İ`) stay
//! themselves. Each character becomes one, so that lengths in characters never change, and a part
//! of a text folds to a part of the folded text.

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

/// A character without its case. Two are the same letter if their capital letters have the same
/// small one; this says which few differ from that.
pub(crate) fn fold_char(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // A letter of its own in Turkish, though its capital is everybody's `I`.
        'ı' => c,
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        _ => single(single(c, char::to_uppercase), char::to_lowercase),
    }
}

/// A character in another case where that is one character, else itself.
fn single<I: Iterator<Item = char>>(c: char, case: fn(char) -> I) -> char {
    let mut cased = case(c);
    match (cased.next(), cased.next()) {
        (Some(one), None) => one,
        (_, _) => c,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use regex::Regex;
    use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

    use super::{fold, fold_char};

    #[test]
    fn characters_are_one_exactly_where_simple_case_folding_says_so() {
        let mut alike: BTreeMap<char, Vec<char>> = BTreeMap::new();
        for c in '\0'..=char::MAX {
            alike.entry(fold_char(c)).or_default().push(c);
        }
        // The tables that this is compared with may be of an earlier Unicode.
        let known = Regex::new(r"\P{Cn}").unwrap();
        let is_known = |c: &char| known.is_match(c.encode_utf8(&mut [0; 4]));
        for (folded, mut together) in alike {
            together.retain(is_known);
            if together.is_empty() {
                continue;
            }
            let mut class = ClassUnicode::new([ClassUnicodeRange::new(folded, folded)]);
            class.case_fold_simple();
            let expect: Vec<char> = class.iter().flat_map(|r| r.start()..=r.end()).collect();
            assert_eq!(together, expect, "{folded:?}");
        }
    }

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
        assert_eq!(fold("ΣΑΣ"), fold("σας"));
        assert_ne!(fold("ı"), fold("I"));
    }
}
