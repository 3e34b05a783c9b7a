//! How surely an entity is held, from everything that says so.
//!
//! Statements combine as independent witnesses (noisy-or) after what is not independent was put
//! aside: a rule counts once for an entity however often it fires, and a record counts once however
//! many rules match it. Weak rules alone never make anything `likely`.

use std::collections::BTreeSet;

use cordon_model::{Confidence, Detection, EventId, Level, RuleId};

/// What one detection says of one entity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement<'d> {
    pub(crate) detection: &'d Detection,
    /// The record that names the entity, by position.
    pub(crate) record: usize,
}

/// Most that rules of level low and informational can add up to: enough to be shown as suspected,
/// never enough to act, because such rules fire on most ordinary days.
const WEAK_BELIEF_MAX: f64 = 0.5;

/// How often a rule of this level is right about what is held, before anything is measured:
/// `critical` alone suffices to act, two different `high` rules on different records do.
fn strength(level: Level) -> f64 {
    match level {
        Level::Critical => 0.9,
        Level::High => 0.6,
        Level::Medium => 0.3,
        Level::Low => 0.08,
        Level::Informational => 0.01,
    }
}

/// Combines statements about one entity.
pub(crate) fn confidence(statements: &[Statement<'_>]) -> Confidence {
    let mut ranked: Vec<_> = statements.iter().collect();
    ranked.sort_by_key(|s| rank(s));
    let mut rules: BTreeSet<&RuleId> = BTreeSet::new();
    let mut records: BTreeSet<&EventId> = BTreeSet::new();
    let (mut strong_doubt, mut weak_doubt) = (1.0, 1.0);
    for statement in ranked {
        let detection = statement.detection;
        let ids: Vec<&EventId> = detection.records.iter().map(|r| &r.id).collect();
        if rules.contains(&detection.rule.id) || ids.iter().any(|id| records.contains(*id)) {
            continue;
        }
        rules.insert(&detection.rule.id);
        records.extend(ids);
        let doubt = 1.0 - strength(detection.rule.level);
        match detection.rule.level {
            Level::Critical | Level::High | Level::Medium => strong_doubt *= doubt,
            Level::Low | Level::Informational => weak_doubt *= doubt,
        }
    }
    let weak: f64 = (1.0_f64 - weak_doubt).min(WEAK_BELIEF_MAX);
    Confidence::new(1.0 - strong_doubt * (1.0 - weak)).unwrap_or(Confidence::CERTAIN)
}

/// Strongest first; then a fixed order, so that the result does not depend on arrival.
fn rank<'d>(statement: &Statement<'d>) -> (std::cmp::Reverse<Level>, &'d RuleId, Vec<&'d EventId>) {
    let detection = statement.detection;
    let ids = detection.records.iter().map(|r| &r.id).collect();
    (
        std::cmp::Reverse(detection.rule.level),
        &detection.rule.id,
        ids,
    )
}
