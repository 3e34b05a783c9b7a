//! A match before it is told: one rule, one record.

use std::sync::Arc;

use cordon_event::{Event, LogKind};
use cordon_model::{Entity, Evidence, FieldMatch};

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

/// What is kept of an event that some rule matched.
pub(crate) fn evidence(event: &Event, entities: Vec<Entity>) -> Evidence {
    Evidence {
        id: event.id.clone(),
        log: event.log.clone(),
        time: event.time,
        source: source(&event.kind),
        entities,
        fields: Arc::new(event.fields.clone()),
    }
}

/// The log in one word: by its category where it has no service.
fn source(kind: &LogKind) -> Arc<str> {
    match (&kind.product, &kind.service, kind.categories.first()) {
        (Some(product), None, Some(category)) => Arc::from(format!("{product}/{category}")),
        (_, _, _) => kind.source(),
    }
}
