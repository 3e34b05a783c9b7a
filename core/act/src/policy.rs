//! Who may approve what: policy as data (`cordon/policy/v1`).
//!
//! A policy names people with their keys and rules that are tried in order for each kind of step in an
//! order; the first that fits says how many people must approve. Invariants: what no rule
//! fits is not allowed; what is on the never-list is not allowed whoever approves it; the policy is
//! counted only as signed by its anchor. Absent on purpose: who signed what, which [`crate::Approval`]s say.

use std::collections::BTreeMap;

use cordon_model::{Money, Timestamp};

use crate::{Digest, Effect, Limits, PublicKey};

mod hours;
mod never;
mod read;

pub use hours::Hours;
pub use never::Never;

/// The digest of a policy's exact bytes.
pub type PolicyDigest = Digest;

/// A policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The digest of its exact bytes.
    pub digest: PolicyDigest,
    /// What it is called.
    pub name: String,
    /// Who may approve anything, by name.
    pub people: BTreeMap<String, Person>,
    /// Tried in order; the first that fits counts.
    pub rules: Vec<Rule>,
    /// What is never touched.
    pub never: Vec<Never>,
    /// What is never exceeded.
    pub limits: Limits,
    /// The key of the only executor that may carry anything out; any may if none is named.
    pub executor: Option<PublicKey>,
}

/// Somebody who may approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they sign with.
    pub key: PublicKey,
    /// What they may speak as.
    pub roles: Vec<String>,
}

/// When how many people must approve.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Kinds of steps it speaks of; all if empty.
    pub kinds: Vec<String>,
    /// It fits only if so many targets at most are changed by steps of the kind.
    pub targets_max: Option<usize>,
    /// It fits only if the whole plan costs so much at most.
    pub price_max: Option<Money>,
    /// It fits only at these times.
    pub hours: Option<Hours>,
    /// How many people must approve; none means that it is approved in advance.
    pub people: usize,
    /// What they must speak as; anybody named if empty.
    pub roles: Vec<String>,
}

/// What rules are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asks<'a> {
    /// A kind of steps.
    pub kind: &'a str,
    /// How many targets they change.
    pub targets: usize,
    /// What the plan costs.
    pub price: &'a Money,
    /// When.
    pub now: Timestamp,
}

/// People who must approve steps that cannot be taken back, that reach a whole zone, or that stop a service.
pub const PEOPLE_FOR_LASTING: usize = 2;

/// Most targets that one person may approve on the word of one source: as many as somebody looks at one by one.
pub const TARGETS_ON_ONE_WORD_MAX: usize = 5;

impl Policy {
    /// The first rule that fits steps of a kind, with its number from 1.
    pub fn rule(&self, asks: Asks<'_>) -> Option<(usize, &Rule)> {
        (1..).zip(&self.rules).find(|(_, rule)| {
            let kinds = rule.kinds.is_empty() || rule.kinds.iter().any(|known| known == asks.kind);
            kinds
                && rule.targets_max.is_none_or(|most| asks.targets <= most)
                && rule
                    .price_max
                    .as_ref()
                    .is_none_or(|most| asks.price <= most)
                && rule.hours.as_ref().is_none_or(|hours| hours.hold(asks.now))
        })
    }

    /// Whether nobody need approve steps of a kind, however many, dear and late they are. Of rules that
    /// fit at times only, each must ask nobody up to one that always fits.
    pub fn approves_in_advance(&self, kind: &str) -> bool {
        let speak = |rule: &&Rule| rule.kinds.is_empty() || rule.kinds.iter().any(|k| k == kind);
        for rule in self.rules.iter().filter(speak) {
            let always =
                rule.targets_max.is_none() && rule.price_max.is_none() && rule.hours.is_none();
            if rule.people > 0 || always {
                return rule.people == 0;
            }
        }
        false
    }

    /// Why an effect is never allowed, if so.
    pub fn forbids(&self, effect: &Effect) -> Option<&Never> {
        self.never.iter().find(|never| never.forbids(effect))
    }
}
