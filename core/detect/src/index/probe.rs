//! Claims about the values of one field, found by what a value is.

use cordon_model::Scalar;
use cordon_sigma::Number;
use hashbrown::HashMap;

use super::{
    anchored::{Anchored, Side},
    grams::Grams,
};
use crate::{sight::Leaf, witness::Claim};

/// Claims about the values of one field, each with what stands for it.
#[derive(Debug)]
pub(crate) struct Probe<T> {
    present: Option<T>,
    /// Which lengths the texts of the next have, as a set of bits; longer ones count as 63.
    lengths: u64,
    /// For lookup only, so that its order cannot show.
    is: HashMap<Box<str>, T>,
    starts: Anchored<T>,
    ends: Anchored<T>,
    has: Grams<T>,
    /// Those with letters that no plain English text has.
    has_wide: Grams<T>,
}

impl<T: Clone> Probe<T> {
    /// Indexes claims, each given once.
    pub(crate) fn new(claims: impl IntoIterator<Item = (Claim, T)>) -> Self {
        let mut probe = Self {
            present: None,
            lengths: 0,
            is: HashMap::new(),
            starts: Anchored::new(Side::Start, Vec::new()),
            ends: Anchored::new(Side::End, Vec::new()),
            has: Grams::default(),
            has_wide: Grams::default(),
        };
        let (mut has, mut has_wide) = (Vec::new(), Vec::new());
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for (claim, given) in claims {
            match claim {
                Claim::Present => probe.present = Some(given),
                Claim::Is(text) => {
                    probe.lengths |= length_bit(&text);
                    probe.is.insert(text.into(), given);
                }
                Claim::Starts(text) => starts.push((text, given)),
                Claim::Ends(text) => ends.push((text, given)),
                Claim::Has(text) if text.is_ascii() => has.push((text, given)),
                Claim::Has(text) => has_wide.push((text, given)),
            }
        }
        probe.starts = Anchored::new(Side::Start, starts);
        probe.ends = Anchored::new(Side::End, ends);
        probe.has = Grams::new(has);
        probe.has_wide = Grams::new(has_wide);
        probe
    }

    /// What stands for the claim that the field is there.
    pub(crate) fn present(&self) -> Option<&T> {
        self.present.as_ref()
    }

    /// Gives what stands for every claim that is true of a value, numbers compared by their size;
    /// perhaps more than once.
    pub(crate) fn search(&self, leaf: &Leaf<'_>, give: &mut impl FnMut(&T)) {
        let Some(text) = leaf.folded() else {
            return;
        };
        self.search_text(text, give);
        if !self.is.is_empty()
            && let Some(Scalar::Number(_)) = leaf.item.scalar()
        {
            self.search_number(text, give);
        }
    }

    /// Gives what stands for every claim that is true of a text; perhaps more than once.
    pub(crate) fn search_text(&self, text: &str, give: &mut impl FnMut(&T)) {
        if self.lengths & length_bit(text) != 0
            && let Some(given) = self.is.get(text)
        {
            give(given);
        }
        self.starts.search(Side::Start, text, give);
        self.ends.search(Side::End, text, give);
        self.search_inside(text, give);
    }

    /// Gives what stands for every text that is somewhere in another, which may be more than one
    /// value; perhaps more than once.
    pub(crate) fn search_inside(&self, text: &str, give: &mut impl FnMut(&T)) {
        self.has.search(text, give);
        if !self.has_wide.is_empty() && !text.is_ascii() {
            self.has_wide.search(text, give);
        }
    }

    /// The texts that are sought by [`Self::search_inside`].
    pub(crate) fn texts_inside(&self) -> impl Iterator<Item = &str> {
        self.has.texts().chain(self.has_wide.texts())
    }

    /// A number that is not spelled as its digits may still be a whole one.
    fn search_number(&self, spelled: &str, give: &mut impl FnMut(&T)) {
        if spelled.bytes().all(|b| b.is_ascii_digit()) && !spelled.starts_with('0') {
            return;
        }
        let given = Number::parse(spelled)
            .and_then(Number::whole)
            .and_then(|whole| self.is.get(whole.to_string().as_str()));
        if let Some(given) = given {
            give(given);
        }
    }
}

fn length_bit(text: &str) -> u64 {
    1 << text.len().min(63)
}
