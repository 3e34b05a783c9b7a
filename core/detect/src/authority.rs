//! The evaluation of one rule on one record: what a match *is*.
//!
//! It is the same whichever way one looks at the record. Looking plainly, and at every rule of the
//! log, is the authority that whatever is faster is tested against.

use cordon_model::FieldMatch;
use cordon_sigma::{Expr, Quantifier};

use crate::{
    compiled::{Compiled, Group, Line},
    predicate::Outcome,
    sight::Sight,
};

/// Whether a rule matches a record.
pub(crate) fn matches(rule: &Compiled, sight: &dyn Sight<'_>) -> bool {
    rule.conditions.iter().any(|expr| holds(expr, rule, sight))
}

/// The values that made a rule match, in the order of the rule, each once.
pub(crate) fn reasons(rule: &Compiled, sight: &dyn Sight<'_>) -> Vec<FieldMatch> {
    let mut reasons = Vec::new();
    for expr in &rule.conditions {
        explain(expr, rule, sight, &mut reasons);
    }
    reasons
}

/// A selection of a rule.
pub(crate) fn selection(rule: &Compiled, place: usize) -> &Group {
    let Some(group) = rule.selections.get(place) else {
        unreachable!("a condition names only selections of its own rule");
    };
    group
}

/// Whether a condition, or a part of one, holds.
pub(crate) fn holds(expr: &Expr, rule: &Compiled, sight: &dyn Sight<'_>) -> bool {
    match expr {
        Expr::Selection(place) => group_holds(selection(rule, *place), sight),
        Expr::Not(inner) => !holds(inner, rule, sight),
        Expr::And(parts) => parts.iter().all(|part| holds(part, rule, sight)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, rule, sight)),
    }
}

/// Whether a selection, or a part of one, holds.
pub(crate) fn group_holds(group: &Group, sight: &dyn Sight<'_>) -> bool {
    match group {
        Group::All(parts) => parts.iter().all(|part| group_holds(part, sight)),
        Group::Any(parts) => parts.iter().any(|part| group_holds(part, sight)),
        Group::Line(line) => line_holds(line, sight),
    }
}

/// Whether one line of a rule holds.
pub(crate) fn line_holds(line: &Line, sight: &dyn Sight<'_>) -> bool {
    let leaves = sight.look(line.scope);
    let mut outcomes = line
        .predicates
        .iter()
        .map(|predicate| predicate.test(&leaves, sight).held());
    match line.quantifier {
        Quantifier::Any => outcomes.any(|held| held),
        Quantifier::All => outcomes.all(|held| held),
        Quantifier::None => !outcomes.any(|held| held),
        Quantifier::NotAll => !outcomes.all(|held| held),
    }
}

/// Whether an expression holds, adding what shows it; that something does *not* hold has no value
/// to show.
fn explain(
    expr: &Expr,
    rule: &Compiled,
    sight: &dyn Sight<'_>,
    reasons: &mut Vec<FieldMatch>,
) -> bool {
    match expr {
        Expr::Selection(place) => explain_group(selection(rule, *place), sight, reasons),
        Expr::Not(inner) => !holds(inner, rule, sight),
        Expr::And(parts) => every(parts, reasons, |part, reasons| {
            explain(part, rule, sight, reasons)
        }),
        Expr::Or(parts) => some(parts, |part| explain(part, rule, sight, reasons)),
    }
}

fn explain_group(group: &Group, sight: &dyn Sight<'_>, reasons: &mut Vec<FieldMatch>) -> bool {
    match group {
        Group::All(parts) => every(parts, reasons, |part, reasons| {
            explain_group(part, sight, reasons)
        }),
        Group::Any(parts) => some(parts, |part| explain_group(part, sight, reasons)),
        Group::Line(line) => match line.quantifier {
            Quantifier::Any | Quantifier::All => explain_line(line, sight, reasons),
            Quantifier::None | Quantifier::NotAll => line_holds(line, sight),
        },
    }
}

/// Whether all parts hold; if not, what some of them showed is taken back.
fn every<T>(
    parts: &[T],
    reasons: &mut Vec<FieldMatch>,
    mut explain: impl FnMut(&T, &mut Vec<FieldMatch>) -> bool,
) -> bool {
    let before = reasons.len();
    let held = parts.iter().all(|part| explain(part, reasons));
    if !held {
        reasons.truncate(before);
    }
    held
}

/// Whether a part holds; all that do are shown.
fn some<T>(parts: &[T], mut explain: impl FnMut(&T) -> bool) -> bool {
    let held = parts.iter().filter(|part| explain(part)).count();
    held > 0
}

fn explain_line(line: &Line, sight: &dyn Sight<'_>, reasons: &mut Vec<FieldMatch>) -> bool {
    let before = reasons.len();
    let leaves = sight.look(line.scope);
    let all = line.quantifier == Quantifier::All;
    let mut held = 0;
    for predicate in &line.predicates {
        match predicate.test(&leaves, sight) {
            Outcome::Fails => continue,
            Outcome::Holds => {}
            Outcome::HoldsFor(leaf) => {
                let is_new = |text: &&str| {
                    let same = |r: &FieldMatch| r.field == line.field && r.value == **text;
                    !reasons.iter().any(same)
                };
                let fresh = leaf.text().filter(is_new).map(|text| FieldMatch {
                    field: line.field.clone(),
                    value: text.to_owned(),
                });
                reasons.extend(fresh);
                // Of one value, no further predicate has anything else to show.
                if !all && leaves.is_one() {
                    return true;
                }
            }
        }
        held += 1;
    }
    let holds = if all {
        held == line.predicates.len()
    } else {
        held > 0
    };
    if !holds {
        reasons.truncate(before);
    }
    holds
}
