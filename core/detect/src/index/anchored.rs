//! Texts that a value begins or ends with, found by a few bytes on that side.

use hashbrown::HashMap;

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
    /// By their outermost eight bytes; for lookup only, so that its order cannot show.
    long: HashMap<[u8; LONG], Vec<(Box<str>, T)>>,
    /// By their outermost four bytes, if they have no eight.
    short: HashMap<[u8; SHORT], Vec<(Box<str>, T)>>,
    /// Even shorter ones.
    tiny: Vec<(Box<str>, T)>,
}

impl Side {
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

impl<T> Default for Anchored<T> {
    fn default() -> Self {
        Self {
            long: HashMap::new(),
            short: HashMap::new(),
            tiny: Vec::new(),
        }
    }
}

impl<T> Anchored<T> {
    /// Adds a text and what stands for it.
    pub(super) fn add(&mut self, side: Side, text: String, given: T) {
        let entry = (text.into_boxed_str(), given);
        let long = side.outermost::<LONG>(&entry.0);
        let short = side.outermost::<SHORT>(&entry.0);
        let list = match (long, short) {
            (Some(key), _) => self.long.entry(key).or_default(),
            (None, Some(key)) => self.short.entry(key).or_default(),
            (None, None) => &mut self.tiny,
        };
        list.push(entry);
    }

    /// Gives what stands for every text on this side of a value.
    pub(super) fn search(&self, side: Side, text: &str, give: &mut impl FnMut(&T)) {
        let long = (!self.long.is_empty())
            .then(|| self.long.get(&side.outermost(text)?))
            .flatten();
        let short = (!self.short.is_empty())
            .then(|| self.short.get(&side.outermost(text)?))
            .flatten();
        let lists = [long, short, Some(&self.tiny)];
        for (part, given) in lists.into_iter().flatten().flatten() {
            if side.stands(part, text) {
                give(given);
            }
        }
    }
}
