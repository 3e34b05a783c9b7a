//! Texts that a value begins or ends with, found by a few bytes on that side.

use hashbrown::HashMap;

use super::bit_set::BitSet;

/// Bytes that tell longer texts apart.
const LONG: usize = 8;

/// Bytes that tell shorter texts apart.
const SHORT: usize = 4;

/// On which side the texts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    End,
}

/// Texts that stand on one side of a value.
#[derive(Debug)]
pub(super) struct Anchored<T> {
    /// By their outermost eight bytes.
    long: Outermost<LONG, T>,
    /// By their outermost four bytes, if they have no eight.
    short: Outermost<SHORT, T>,
    /// Even shorter ones.
    tiny: Vec<(Box<str>, T)>,
}

/// Texts by some of their bytes.
#[derive(Debug)]
struct Outermost<const N: usize, T> {
    /// Says of nearly all other bytes that no text has them; none as long as there is no text.
    may_be: Option<BitSet>,
    /// For lookup only, so that its order cannot show.
    texts: HashMap<[u8; N], Vec<(Box<str>, T)>>,
}

impl Side {
    #[inline]
    fn outermost<const N: usize>(self, text: &str) -> Option<[u8; N]> {
        let bytes = text.as_bytes();
        match self {
            Self::Start => bytes.first_chunk().copied(),
            Self::End => bytes.last_chunk().copied(),
        }
    }

    fn stands(self, part: &str, text: &str) -> bool {
        match self {
            Self::Start => text.starts_with(part),
            Self::End => text.ends_with(part),
        }
    }
}

impl<const N: usize, T> Outermost<N, T> {
    fn new(texts: HashMap<[u8; N], Vec<(Box<str>, T)>>) -> Self {
        let mut set = BitSet::new(texts.len());
        texts.keys().for_each(|key| set.add(number(key)));
        Self {
            may_be: (!texts.is_empty()).then_some(set),
            texts,
        }
    }

    /// The texts that may stand on this side of a value.
    #[inline]
    fn of(&self, side: Side, value: &str) -> Option<&Vec<(Box<str>, T)>> {
        let set = self.may_be.as_ref()?;
        let key = side.outermost(value)?;
        set.may_have(number(&key)).then(|| self.texts.get(&key))?
    }
}

/// A hash of a few bytes.
#[inline]
fn number(bytes: &[u8]) -> u32 {
    let (fours, _) = bytes.as_chunks::<4>();
    let mix =
        |mixed: u32, four: &[u8; 4]| mixed.wrapping_mul(0x85EB_CA6B) ^ u32::from_le_bytes(*four);
    fours.iter().fold(0, mix)
}

impl<T> Anchored<T> {
    /// Texts that stand on a side, each with what stands for it.
    pub(super) fn new(side: Side, texts: Vec<(String, T)>) -> Self {
        let mut long: HashMap<_, Vec<_>> = HashMap::new();
        let mut short: HashMap<_, Vec<_>> = HashMap::new();
        let mut tiny = Vec::new();
        for (text, given) in texts {
            let entry = (text.into_boxed_str(), given);
            let list = match (side.outermost(&entry.0), side.outermost(&entry.0)) {
                (Some(key), _) => long.entry(key).or_default(),
                (None, Some(key)) => short.entry(key).or_default(),
                (None, None) => &mut tiny,
            };
            list.push(entry);
        }
        Self {
            long: Outermost::new(long),
            short: Outermost::new(short),
            tiny,
        }
    }

    /// Gives what stands for every text on this side of a value.
    #[inline]
    pub(super) fn search(&self, side: Side, text: &str, give: &mut impl FnMut(&T)) {
        let lists = [
            self.long.of(side, text),
            self.short.of(side, text),
            Some(&self.tiny),
        ];
        for (part, given) in lists.into_iter().flatten().flatten() {
            if side.stands(part, text) {
                give(given);
            }
        }
    }
}
