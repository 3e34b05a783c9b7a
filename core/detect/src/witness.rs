//! What a record must contain for a rule to have any chance.
//!
//! A rule's witnesses are texts of which at least one stands in some value of every record that
//! the rule matches. They are sought wherever they stand, whatever the field: so they may find too
//! much and never too little.

use std::collections::BTreeSet;

use cordon_sigma::{Body, Expr, Item, Number, Part, Quantifier, Rule, Test};

use crate::fold::fold;

/// Witness texts, without case; one of them must be there.
pub(crate) type Witnesses = BTreeSet<String>;

/// Whole numbers up to this size are spelled with all their digits whether a log has them as whole
/// numbers or as decimal fractions.
const PLAIN_NUMBER_MAX: u128 = 1_000_000_000_000_000;

/// The witnesses of a rule; none if it can match a record that contains nothing in particular.
pub(crate) fn witnesses(rule: &Rule) -> Option<Witnesses> {
    union(rule.conditions.iter().map(|expr| of_expr(expr, rule)))
}

fn of_expr(expr: &Expr, rule: &Rule) -> Option<Witnesses> {
    match expr {
        Expr::Selection(place) => of_body(&rule.selections.get(*place)?.body),
        Expr::Not(_) => None,
        Expr::And(parts) => best(parts.iter().filter_map(|part| of_expr(part, rule))),
        Expr::Or(parts) => union(parts.iter().map(|part| of_expr(part, rule))),
    }
}

fn of_body(body: &Body) -> Option<Witnesses> {
    match body {
        Body::All(parts) => best(parts.iter().filter_map(of_body)),
        Body::Any(parts) => union(parts.iter().map(of_body)),
        Body::Item(item) => of_item(item),
    }
}

fn of_item(item: &Item) -> Option<Witnesses> {
    match item.quantifier {
        Quantifier::Any => union(item.tests.iter().map(of_test)),
        Quantifier::All => best(item.tests.iter().filter_map(of_test)),
        Quantifier::None | Quantifier::NotAll => None,
    }
}

fn of_test(test: &Test) -> Option<Witnesses> {
    match test {
        Test::Text(pattern) => {
            let literals = pattern.parts.iter().filter_map(|part| match part {
                Part::Text(literal) => Some(literal),
                Part::AnyRun | Part::AnyChar | Part::Dash => None,
            });
            let longest = literals.max_by_key(|literal| literal.len())?;
            Some(Witnesses::from([fold(longest).into_owned()]))
        }
        Test::OneOf(tests) => union(tests.iter().map(of_test)),
        Test::Number { number, .. } => match number {
            Number::Integer(whole) if whole.unsigned_abs() < PLAIN_NUMBER_MAX => {
                Some(Witnesses::from([whole.to_string()]))
            }
            Number::Integer(_) | Number::Decimal(_) => None,
        },
        Test::Bool(value) => Some(Witnesses::from([value.to_string()])),
        Test::Null
        | Test::Exists(_)
        | Test::Regex(_)
        | Test::Cidr { .. }
        | Test::Compare(..)
        | Test::Time(..)
        | Test::Field { .. } => None,
    }
}

/// All witnesses together; none if one of the alternatives has none.
fn union(alternatives: impl Iterator<Item = Option<Witnesses>>) -> Option<Witnesses> {
    let mut all = Witnesses::new();
    for witnesses in alternatives {
        all.extend(witnesses?);
    }
    Some(all)
}

/// The witnesses that are found least often by accident.
fn best(choices: impl Iterator<Item = Witnesses>) -> Option<Witnesses> {
    choices.min_by_key(cost)
}

/// A guess at how often witnesses are found by accident: each further character of a text, up to
/// the length of a longish file name, makes it half as common.
fn cost(witnesses: &Witnesses) -> u64 {
    let chance = |text: &String| 1_u64 << (24 - text.len().min(24));
    witnesses.iter().map(chance).sum()
}
