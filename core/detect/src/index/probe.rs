//! What the values of one field can say of rules.

use std::collections::BTreeMap;

use cordon_model::Scalar;
use cordon_sigma::Number;
use hashbrown::HashMap;

use super::{
    anchored::{Anchored, Side},
    grams::Grams,
};
use crate::{rule_set::RuleIx, sight::Leaf, witness::Claim};

/// Rules that share a witness.
pub(super) type Rules = Box<[RuleIx]>;

/// Claims about one field, before they are indexed.
#[derive(Debug, Default)]
pub(super) struct Draft {
    claims: BTreeMap<Claim, Vec<RuleIx>>,
}

impl Draft {
    /// Adds a claim of a rule.
    pub(super) fn add(&mut self, claim: Claim, rule: RuleIx) {
        self.claims.entry(claim).or_default().push(rule);
    }
}

/// What the values of one field can say of rules.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    present: Vec<RuleIx>,
    /// For lookup only, so that its order cannot show.
    is: HashMap<Box<str>, Rules>,
    starts: Anchored,
    ends: Anchored,
    has: Grams,
    /// Those with letters that no plain English text has.
    has_wide: Grams,
}

impl Probe {
    /// Indexes claims.
    pub(super) fn new(draft: Draft) -> Self {
        let mut probe = Self::default();
        let (mut has, mut has_wide) = (Vec::new(), Vec::new());
        for (claim, rules) in draft.claims {
            match claim {
                Claim::Present => probe.present.extend(rules),
                Claim::Is(text) => {
                    probe.is.insert(text.into(), rules.into());
                }
                Claim::Starts(text) => probe.starts.add(Side::Start, text, rules.into()),
                Claim::Ends(text) => probe.ends.add(Side::End, text, rules.into()),
                Claim::Has(text) if text.is_ascii() => has.push((text, rules.into())),
                Claim::Has(text) => has_wide.push((text, rules.into())),
            }
        }
        probe.has = Grams::new(has);
        probe.has_wide = Grams::new(has_wide);
        probe
    }

    /// Rules that have a chance because the field is there.
    pub(crate) fn present(&self) -> &[RuleIx] {
        &self.present
    }

    /// Gives every rule that has a chance because of what is somewhere in a text, which may be more
    /// than one value.
    pub(crate) fn search_text(&self, text: &str, give: &mut impl FnMut(&[RuleIx])) {
        self.has.search(text, give);
        if !self.has_wide.is_empty() && !text.is_ascii() {
            self.has_wide.search(text, give);
        }
    }

    /// Gives every rule that has a chance because of this value, perhaps more than once.
    pub(crate) fn search(&self, leaf: &Leaf<'_>, give: &mut impl FnMut(&[RuleIx])) {
        let Some(text) = leaf.folded else {
            return;
        };
        if !self.is.is_empty() {
            if let Some(rules) = self.is.get(text) {
                give(rules);
            }
            if let Some(Scalar::Number(_)) = leaf.item.scalar() {
                self.search_number(text, give);
            }
        }
        self.starts.search(Side::Start, text, give);
        self.ends.search(Side::End, text, give);
        self.search_text(text, give);
    }

    /// A number that is not spelled as its digits may still be a whole one.
    fn search_number(&self, spelled: &str, give: &mut impl FnMut(&[RuleIx])) {
        if spelled.bytes().all(|b| b.is_ascii_digit()) && !spelled.starts_with('0') {
            return;
        }
        let rules = Number::parse(spelled)
            .and_then(Number::whole)
            .and_then(|whole| self.is.get(whole.to_string().as_str()));
        if let Some(rules) = rules {
            give(rules);
        }
    }
}
