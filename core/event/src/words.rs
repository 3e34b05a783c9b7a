//! Words sought in a line: one by a rare sign, many in one pass.
//!
//! The standard library begins with a study of the word, which takes longer than a line does. Absent
//! on purpose: words that may be long or come from a log, for which the way here would be slow.

use aho_corasick::packed::Searcher;
use memchr::{memchr, memchr_iter, memrchr_iter};

/// Where a word begins first.
#[inline]
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    let (at, sign, text) = sought(text, word)?;
    memchr_iter(sign, text.get(at..)?).find(|begin| stands(text, *begin, word))
}

/// Where a word begins last.
#[inline]
pub(crate) fn find_last(text: &str, word: &str) -> Option<usize> {
    let (at, sign, text) = sought(text, word)?;
    memrchr_iter(sign, text.get(at..)?).find(|begin| stands(text, *begin, word))
}

/// Which sign of a word is to be looked for: where it stands in the word, and what it is.
#[inline]
fn sought<'l>(text: &'l str, word: &str) -> Option<(usize, u8, &'l [u8])> {
    // The first sign that is not common, or the first of all.
    let at = word.bytes().position(is_rare).unwrap_or(0);
    Some((at, *word.as_bytes().get(at)?, text.as_bytes()))
}

#[inline]
fn stands(text: &[u8], begin: usize, word: &str) -> bool {
    text.get(begin..)
        .is_some_and(|rest| rest.starts_with(word.as_bytes()))
}

/// A guess at which signs seldom stand in lines of logs.
#[inline]
const fn is_rare(sign: u8) -> bool {
    !matches!(sign, b' ' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b',' | b':' | b'-' | b'/')
}

/// Whether a word is there.
pub(crate) fn has(text: &str, word: &str) -> bool {
    find(text, word).is_some()
}

/// What stands behind the first of a word.
pub(crate) fn behind<'l>(text: &'l str, word: &str) -> Option<&'l str> {
    Some(around(text, word)?.1)
}

/// What stands before and behind the first of a word.
pub(crate) fn around<'l>(text: &'l str, word: &str) -> Option<(&'l str, &'l str)> {
    let (before, after) = text.split_at_checked(find(text, word)?)?;
    Some((before, after.get(word.len()..)?))
}

/// What stands before and behind the last of a word.
pub(crate) fn around_last<'l>(text: &'l str, word: &str) -> Option<(&'l str, &'l str)> {
    let (before, after) = text.split_at_checked(find_last(text, word)?)?;
    Some((before, after.get(word.len()..)?))
}

/// A text without the blanks around it, which most have none of.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    let text = text.trim_ascii();
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// What stands before and behind the first blank.
pub(crate) fn first_word(text: &str) -> Option<(&str, &str)> {
    around_sign(text, b' ')
}

/// Which bytes are among some, to be looked up where many are asked one after another.
pub(crate) const fn table(signs: &[u8]) -> [bool; 256] {
    let mut all = [false; 256];
    let mut rest = signs;
    while let [sign, after @ ..] = rest {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        #[expect(clippy::as_conversions, reason = "there is no other way in a constant")]
        {
            all[*sign as usize] = true;
        }
        rest = after;
    }
    all
}

/// Whether a byte is in a table.
#[inline]
pub(crate) fn is_in(table: &[bool; 256], byte: u8) -> bool {
    table.get(usize::from(byte)) == Some(&true)
}

/// What stands before and behind the first of a sign.
pub(crate) fn around_sign(text: &str, sign: u8) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(memchr(sign, text.as_bytes())?)?;
    Some((before, rest.get(1..)?))
}

/// Where a sign stands first that is probably near: of the first bytes eight are looked at together, since a call
/// would take longer.
#[inline]
pub(crate) fn find_near(bytes: &[u8], sign: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    const NEAR: usize = 4;
    let mut at = 0;
    for eight in bytes.as_chunks::<8>().0.iter().take(NEAR) {
        let word = u64::from_le_bytes(*eight) ^ (ONES * u64::from(sign));
        // A borrow may mark a byte too much, but only behind the first that is right.
        let found = word.wrapping_sub(ONES) & !word & HIGHS;
        if found != 0 {
            return Some(at + usize::try_from(found.trailing_zeros() / 8).unwrap_or(0));
        }
        at += 8;
    }
    Some(at + memchr(sign, bytes.get(at..)?)?)
}

/// The parts of a text between a word.
pub(crate) fn parts<'l>(text: &'l str, word: &'static str) -> impl Iterator<Item = &'l str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let found = around(text, word);
        rest = found.map(|(_, after)| after);
        Some(found.map_or(text, |(before, _)| before))
    })
}

/// Words that are sought together. None may stand in another one, nor begin as another one ends.
pub(crate) struct Words {
    words: Vec<&'static str>,
    /// None where the processor cannot search for all at once.
    searcher: Option<Searcher>,
}

impl Words {
    pub(crate) fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let words: Vec<_> = words.collect();
        let searcher = Searcher::new(&words);
        Self { words, searcher }
    }

    /// The numbers of those that stand in a text, some perhaps several times.
    pub(crate) fn found_in(&self, text: &str) -> impl Iterator<Item = usize> {
        let one_by_one = match &self.searcher {
            Some(_) => &[],
            None => self.words.as_slice(),
        };
        let one_by_one = (0..).zip(one_by_one).filter(|(_, word)| has(text, word));
        let together = self.searcher.iter().flat_map(|all| all.find_iter(text));
        let together = together.map(|word| word.pattern().as_usize());
        together.chain(one_by_one.map(|(number, _)| number))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Words, around, find, find_last, find_near, parts, trimmed};

    proptest! {
        #[test]
        fn words_are_found_as_the_standard_library_finds_them(
            text in "[ab é]{0,40}", word in prop::sample::select(vec!["a", "ab", "aab", "é", " b", "aba"]),
        ) {
            prop_assert_eq!(find(&text, word), text.find(word));
            prop_assert_eq!(find_last(&text, word), text.rfind(word));
            prop_assert_eq!(around(&text, word), text.split_once(word));
            prop_assert!(parts(&text, word).eq(text.split(word)));
        }

        #[test]
        fn a_text_is_trimmed_as_the_standard_library_trims_it(text in "[ a\t\n\u{b}\u{a0}é.]{0,6}") {
            prop_assert_eq!(trimmed(&text), text.trim());
        }

        #[test]
        fn near_signs_are_found_as_far_ones(text in "[ab\"!#é]{0,12}[a]{0,60}[ab\"]{0,3}") {
            let bytes = text.as_bytes();
            prop_assert_eq!(find_near(bytes, b'"'), bytes.iter().position(|b| *b == b'"'));
        }

        #[test]
        fn words_are_found_together_as_one_by_one(text in "[abc ]{0,40}") {
            let together = Words::new(["aa", "b ", "cc"].into_iter());
            let one_by_one = Words { searcher: None, words: together.words.clone() };
            let found = |words: &Words| {
                let mut found: Vec<_> = words.found_in(&text).collect();
                found.sort_unstable();
                found.dedup();
                found
            };
            prop_assert_eq!(found(&together), found(&one_by_one));
        }
    }
}
