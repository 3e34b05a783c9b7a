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
            is: HashMap::new(),
            starts: Anchored::default(),
            ends: Anchored::default(),
            has: Grams::default(),
            has_wide: Grams::default(),
        };
        let (mut has, mut has_wide) = (Vec::new(), Vec::new());
        for (claim, given) in claims {
            match claim {
                Claim::Present => probe.present = Some(given),
                Claim::Is(text) => {
                    probe.is.insert(text.into(), given);
                }
                Claim::Starts(text) => probe.starts.add(Side::Start, text, given),
                Claim::Ends(text) => probe.ends.add(Side::End, text, given),
                Claim::Has(text) if text.is_ascii() => has.push((text, given)),
                Claim::Has(text) => has_wide.push((text, given)),
            }
        }
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
        let Some(text) = leaf.folded else {
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
        if !self.is.is_empty()
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
