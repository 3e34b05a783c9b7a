//! Which rules of a log source have any chance on a record, found by what its fields hold.

mod anchored;
mod bit_set;
mod grams;
mod probe;

use std::collections::BTreeMap;

use crate::{
    names::{FieldIx, Scope},
    rule_set::RuleIx,
    witness::{Claim, Witnesses},
};

pub(crate) use probe::Probe;

/// Rules that share a witness.
pub(crate) type Rules = Box<[RuleIx]>;

/// The rules of one log source, found by their witnesses.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rules: Vec<RuleIx>,
    /// Those without witnesses, which always have a chance.
    always: Vec<RuleIx>,
    fields: BTreeMap<FieldIx, Probe<Rules>>,
    everything: Option<Probe<Rules>>,
}

impl Index {
    /// Indexes rules with their witnesses.
    pub(crate) fn new(rules: Vec<(RuleIx, Option<Witnesses>)>) -> Self {
        let mut index = Self::default();
        let mut fields: BTreeMap<Scope, BTreeMap<Claim, Vec<RuleIx>>> = BTreeMap::new();
        for (rule, witnesses) in rules {
            index.rules.push(rule);
            match witnesses {
                None => index.always.push(rule),
                Some(witnesses) => {
                    for witness in witnesses {
                        let claims = fields.entry(witness.scope).or_default();
                        claims.entry(witness.claim).or_default().push(rule);
                    }
                }
            }
        }
        for (scope, claims) in fields {
            let shared = claims
                .into_iter()
                .map(|(claim, rules)| (claim, rules.into()));
            let probe = Probe::new(shared);
            match scope {
                Scope::Field(field) => {
                    index.fields.insert(field, probe);
                }
                Scope::Everything => index.everything = Some(probe),
            }
        }
        index
    }

    /// All rules of this log source.
    pub(crate) fn rules(&self) -> &[RuleIx] {
        &self.rules
    }

    /// Rules that always have a chance.
    pub(crate) fn always(&self) -> &[RuleIx] {
        &self.always
    }

    /// What each field can say of rules.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldIx, &Probe<Rules>)> {
        self.fields.iter().map(|(field, probe)| (*field, probe))
    }

    /// What any value can say of rules.
    pub(crate) fn everything(&self) -> Option<&Probe<Rules>> {
        self.everything.as_ref()
    }
}
