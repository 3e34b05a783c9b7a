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
        if holds(expr, rule, sight) {
            explain(expr, rule, sight, &mut reasons);
        }
    }
    reasons
}

fn selection(rule: &Compiled, place: usize) -> &Group {
    let Some(group) = rule.selections.get(place) else {
        unreachable!("a condition names only selections of its own rule");
    };
    group
}

fn holds(expr: &Expr, rule: &Compiled, sight: &dyn Sight<'_>) -> bool {
    match expr {
        Expr::Selection(place) => group_holds(selection(rule, *place), sight),
        Expr::Not(inner) => !holds(inner, rule, sight),
        Expr::And(parts) => parts.iter().all(|part| holds(part, rule, sight)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, rule, sight)),
    }
}

fn group_holds(group: &Group, sight: &dyn Sight<'_>) -> bool {
    match group {
        Group::All(parts) => parts.iter().all(|part| group_holds(part, sight)),
        Group::Any(parts) => parts.iter().any(|part| group_holds(part, sight)),
        Group::Line(line) => line_holds(line, sight),
    }
}

fn line_holds(line: &Line, sight: &dyn Sight<'_>) -> bool {
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

/// Adds what shows that an expression holds; that something does *not* hold has no value to show.
fn explain(expr: &Expr, rule: &Compiled, sight: &dyn Sight<'_>, reasons: &mut Vec<FieldMatch>) {
    match expr {
        Expr::Selection(place) => explain_group(selection(rule, *place), sight, reasons),
        Expr::Not(_) => {}
        Expr::And(parts) | Expr::Or(parts) => {
            for part in parts {
                if holds(part, rule, sight) {
                    explain(part, rule, sight, reasons);
                }
            }
        }
    }
}

fn explain_group(group: &Group, sight: &dyn Sight<'_>, reasons: &mut Vec<FieldMatch>) {
    match group {
        Group::All(parts) | Group::Any(parts) => {
            for part in parts {
                if group_holds(part, sight) {
                    explain_group(part, sight, reasons);
                }
            }
        }
        Group::Line(line) => match line.quantifier {
            Quantifier::Any | Quantifier::All => explain_line(line, sight, reasons),
            Quantifier::None | Quantifier::NotAll => {}
        },
    }
}

fn explain_line(line: &Line, sight: &dyn Sight<'_>, reasons: &mut Vec<FieldMatch>) {
    let leaves = sight.look(line.scope);
    for predicate in &line.predicates {
        let Outcome::HoldsFor(leaf) = predicate.test(&leaves, sight) else {
            continue;
        };
        let reason = leaf.text.map(|text| FieldMatch {
            field: line.field.clone(),
            value: text.to_owned(),
        });
        reasons.extend(reason.filter(|reason| !reasons.contains(reason)));
    }
}
