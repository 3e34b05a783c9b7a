//! A match before it is told: one rule, one record.

use std::sync::Arc;

use cordon_event::{Event, LogKind};
use cordon_model::{Deed, Entity, Evidence, FieldMatch, RawPlace};

use crate::rule_set::RuleIx;

/// One rule that matched one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The rule.
    pub rule: RuleIx,
    /// The record, shared by all hits on it.
    pub evidence: Arc<Evidence>,
    /// Which of its values made the rule match.
    pub matched: Vec<FieldMatch>,
    /// All rules that matched the record, this one included: a correlation judges a record by all
    /// that is known of it, not by what happens to be told first.
    pub(crate) beside: Arc<[RuleIx]>,
}

/// One record and all rules that matched it.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The record.
    pub evidence: Evidence,
    /// The rules, in their order, and which of its values made each match. Never none.
    pub rules: Vec<(RuleIx, Vec<FieldMatch>)>,
}

impl Match {
    /// A hit for each rule.
    pub fn into_hits(self) -> impl Iterator<Item = Hit> {
        let evidence = Arc::new(self.evidence);
        let beside: Arc<[RuleIx]> = self.rules.iter().map(|(rule, _)| *rule).collect();
        self.rules.into_iter().map(move |(rule, matched)| Hit {
            rule,
            evidence: Arc::clone(&evidence),
            matched,
            beside: Arc::clone(&beside),
        })
    }
}

/// What is kept of an event that some rule matched; what was done is for whoever knows the fields of its log.
pub(crate) fn evidence(event: &Event, entities: Vec<Entity>) -> Evidence {
    Evidence {
        id: event.id(),
        log: event.log.clone(),
        raw: RawPlace {
            offset: event.offset,
            length: event.length,
            sha256: None,
        },
        time: event.time,
        clock: Arc::clone(&event.clock),
        source: source(&event.kind),
        deed: Deed::default(),
        entities,
        fields: Arc::new(event.fields.compact()),
    }
}

/// The log in one word: by its category where it has no service.
fn source(kind: &LogKind) -> Arc<str> {
    match (&kind.product, &kind.service, kind.categories.first()) {
        (Some(product), None, Some(category)) => Arc::from(format!("{product}/{category}")),
        (_, _, _) => kind.source(),
    }
}
