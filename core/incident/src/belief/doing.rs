//! Which rules saw one and the same doing.
//!
//! Rules of level medium describe what intruders and administrators both do, and several of them describe each piece of it:
//! one logon writes records of five kinds. Two rules that spoke of an entity within one session, or within minutes, are
//! taken to describe one thing whenever both of them speak of that entity: a scanner that comes every night writes the
//! same every night.

use std::{cmp::Ordering, collections::BTreeMap};

use cordon_model::{Level, RuleId, Timestamp};
use jiff::SignedDuration;

use super::Statement;
use crate::sets::Sets;

/// Longest quiet within one doing: what is done by hand has pauses of minutes. Judged.
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(30);

/// For each rule of level medium the number of the doing that it saw.
pub(super) fn of_rules<'d>(statements: &[Statement<'d>]) -> BTreeMap<&'d RuleId, usize> {
    let medium = |s: &&Statement<'_>| s.level == Level::Medium;
    let mut said: Vec<&Statement<'d>> = statements.iter().filter(medium).collect();
    let mut numbers: BTreeMap<&'d RuleId, usize> = BTreeMap::new();
    for statement in &said {
        numbers.entry(&statement.detection.rule.id).or_default();
    }
    for (number, slot) in numbers.values_mut().enumerate() {
        *slot = number;
    }
    let number = |s: &Statement<'_>| {
        numbers
            .get(&s.detection.rule.id)
            .copied()
            .unwrap_or_default()
    };
    let mut sets = Sets::new(numbers.len());
    said.sort_by(|a, b| compare(a.detection.time, b.detection.time));
    for (one, next) in said.iter().zip(said.iter().skip(1)) {
        if within(one.detection.time, next.detection.time) {
            sets.join(number(one), number(next));
        }
    }
    let mut sessions: BTreeMap<u64, usize> = BTreeMap::new();
    for statement in &said {
        for session in statement.sessions {
            let first = *sessions.entry(*session).or_insert(number(statement));
            sets.join(first, number(statement));
        }
    }
    let mut of_rules = numbers;
    for slot in of_rules.values_mut() {
        *slot = sets.root(*slot);
    }
    of_rules
}

/// Unknown times last.
fn compare(a: Option<Timestamp>, b: Option<Timestamp>) -> Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}

/// Whether no long pause is between two times; of unknown ones nothing shows that there is.
fn within(a: Option<Timestamp>, b: Option<Timestamp>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => b.duration_since(a).abs() <= PAUSE_MAX,
        (None, _) | (_, None) => true,
    }
}
