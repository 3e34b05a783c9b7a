//! Which shapes a line may have, by the words that stand in it: all are looked for in one pass.
//!
//! Invariant: a shape that would read a line is among those that its words allow; a shape that is
//! allowed may still refuse it. Asking every shape is the authority, and a test compares the two.

use std::sync::LazyLock;

use super::{SHAPES, carried, words::Words};

/// Words that may stand in a line, a bit for each shape that asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs(u32);

/// What a whole record inside a line asks for, behind the bits of all shapes.
const CARRIED: usize = SHAPES.len();

const _: () = assert!(CARRIED < 32, "a bit for each");

/// All words, and who asks for them.
static WORDS: LazyLock<(Words, Vec<Signs>)> = LazyLock::new(|| {
    let shapes = SHAPES.iter().map(|reading| reading.signs);
    let all = shapes.chain([carried::SIGNS.as_slice()]).enumerate();
    let all = all.flat_map(|(shape, words)| words.iter().map(move |word| (*word, shape)));
    let (words, asking): (Vec<_>, Vec<_>) = all.unzip();
    let asking = asking.into_iter().map(Signs::of_shape).collect();
    (Words::new(words.into_iter()), asking)
});

impl Signs {
    /// Those of a line.
    pub(super) fn of(line: &str) -> Self {
        let (words, asking) = &*WORDS;
        let found = words.found_in(line).filter_map(|word| asking.get(word));
        Self(found.fold(0, |all, signs| all | signs.0))
    }

    fn of_shape(shape: usize) -> Self {
        Self(1 << shape)
    }

    /// Whether a word is there that a shape asks for.
    pub(super) fn allow(self, shape: usize) -> bool {
        self.0 & Self::of_shape(shape).0 != 0
    }

    /// Whether the line may hold a whole record that is not JSON.
    pub(super) fn allow_carried(self) -> bool {
        self.allow(CARRIED)
    }
}

#[cfg(test)]
mod tests {
    use super::{SHAPES, Signs, carried};

    impl Signs {
        /// Every word that anybody asks for.
        pub(crate) const ALL: Self = Self(u32::MAX);
    }

    #[test]
    fn no_word_hides_another() {
        let words = SHAPES.iter().flat_map(|reading| reading.signs);
        let words: Vec<&str> = words.chain(&carried::SIGNS).copied().collect();
        for (at, word) in words.iter().enumerate() {
            for (other_at, other) in words.iter().enumerate() {
                assert!(
                    at == other_at || !word.contains(other),
                    "{word} has {other}"
                );
                let overlap = (1..word.len()).any(|tail| other.starts_with(&word[tail..]));
                assert!(at == other_at || !overlap, "{word} runs into {other}");
            }
        }
    }

    #[test]
    fn every_shape_that_asks_for_words_is_allowed_by_each_of_them_alone() {
        for (shape, reading) in SHAPES.iter().enumerate() {
            for word in reading.signs {
                assert!(Signs::of(&format!("a {word}x")).allow(shape), "{word}");
            }
        }
    }
}
