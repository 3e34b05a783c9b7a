//! Texts that a value begins or ends with, found by a few bytes on that side.

use hashbrown::HashMap;

use super::probe::Rules;
use crate::rule_set::RuleIx;

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
#[derive(Debug, Default)]
pub(super) struct Anchored {
    /// By their outermost eight bytes; for lookup only, so that its order cannot show.
    long: HashMap<[u8; LONG], Vec<(Box<str>, Rules)>>,
    /// By their outermost four bytes, if they have no eight.
    short: HashMap<[u8; SHORT], Vec<(Box<str>, Rules)>>,
    /// Even shorter ones.
    tiny: Vec<(Box<str>, Rules)>,
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

impl Anchored {
    /// Adds a text and the rules that it is a witness of.
    pub(super) fn add(&mut self, side: Side, text: String, rules: Rules) {
        let entry = (text.into_boxed_str(), rules);
        let long = side.outermost::<LONG>(&entry.0);
        let short = side.outermost::<SHORT>(&entry.0);
        let list = match (long, short) {
            (Some(key), _) => self.long.entry(key).or_default(),
            (None, Some(key)) => self.short.entry(key).or_default(),
            (None, None) => &mut self.tiny,
        };
        list.push(entry);
    }

    /// Gives the rules of every text that stands on this side of a value.
    pub(super) fn search(&self, side: Side, text: &str, give: &mut impl FnMut(&[RuleIx])) {
        let long = (!self.long.is_empty())
            .then(|| self.long.get(&side.outermost(text)?))
            .flatten();
        let short = (!self.short.is_empty())
            .then(|| self.short.get(&side.outermost(text)?))
            .flatten();
        let lists = [long, short, Some(&self.tiny)];
        for (part, rules) in lists.into_iter().flatten().flatten() {
            if side.stands(part, text) {
                give(rules);
            }
        }
    }
}
