//! The plain full evaluation of one rule on one record: what a match *is*.
//!
//! Whatever is faster is tested against this.

use cordon_model::FieldMatch;
use cordon_sigma::{Expr, Quantifier};

use crate::{
    compiled::{Compiled, Group, Line},
    predicate::Outcome,
    view::View,
};

/// Whether a rule matches a record.
pub(crate) fn matches(rule: &Compiled, view: &mut View<'_>) -> bool {
    rule.conditions.iter().any(|expr| holds(expr, rule, view))
}

/// The values that made a rule match, in the order of the rule, each once.
pub(crate) fn reasons(rule: &Compiled, view: &mut View<'_>) -> Vec<FieldMatch> {
    let mut reasons = Vec::new();
    for expr in &rule.conditions {
        if holds(expr, rule, view) {
            explain(expr, rule, view, &mut reasons);
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

fn holds(expr: &Expr, rule: &Compiled, view: &mut View<'_>) -> bool {
    match expr {
        Expr::Selection(place) => group_holds(selection(rule, *place), view),
        Expr::Not(inner) => !holds(inner, rule, view),
        Expr::And(parts) => parts.iter().all(|part| holds(part, rule, view)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, rule, view)),
    }
}

fn group_holds(group: &Group, view: &mut View<'_>) -> bool {
    match group {
        Group::All(parts) => parts.iter().all(|part| group_holds(part, view)),
        Group::Any(parts) => parts.iter().any(|part| group_holds(part, view)),
        Group::Line(line) => line_holds(line, view),
    }
}

fn line_holds(line: &Line, view: &mut View<'_>) -> bool {
    let found = view.look(line.scope);
    let mut outcomes = line
        .predicates
        .iter()
        .map(|p| p.test(&found, view) != Outcome::Fails);
    match line.quantifier {
        Quantifier::Any => outcomes.any(|held| held),
        Quantifier::All => outcomes.all(|held| held),
        Quantifier::None => !outcomes.any(|held| held),
        Quantifier::NotAll => !outcomes.all(|held| held),
    }
}

/// Adds what shows that an expression holds; that something does *not* hold has no value to show.
fn explain(expr: &Expr, rule: &Compiled, view: &mut View<'_>, reasons: &mut Vec<FieldMatch>) {
    match expr {
        Expr::Selection(place) => explain_group(selection(rule, *place), view, reasons),
        Expr::Not(_) => {}
        Expr::And(parts) | Expr::Or(parts) => {
            for part in parts {
                if holds(part, rule, view) {
                    explain(part, rule, view, reasons);
                }
            }
        }
    }
}

fn explain_group(group: &Group, view: &mut View<'_>, reasons: &mut Vec<FieldMatch>) {
    match group {
        Group::All(parts) | Group::Any(parts) => {
            for part in parts {
                if group_holds(part, view) {
                    explain_group(part, view, reasons);
                }
            }
        }
        Group::Line(line) => match line.quantifier {
            Quantifier::Any | Quantifier::All => explain_line(line, view, reasons),
            Quantifier::None | Quantifier::NotAll => {}
        },
    }
}

fn explain_line(line: &Line, view: &mut View<'_>, reasons: &mut Vec<FieldMatch>) {
    let found = view.look(line.scope);
    for predicate in &line.predicates {
        let Outcome::HoldsFor(place) = predicate.test(&found, view) else {
            continue;
        };
        let text = found
            .leaves
            .get(place)
            .and_then(|leaf| leaf.text.as_deref());
        let reason = text.map(|text| FieldMatch {
            field: view.name(line.scope),
            value: text.to_owned(),
        });
        reasons.extend(reason.filter(|reason| !reasons.contains(reason)));
    }
}
