//! A rule once more, arranged to be decided quickly.
//!
//! What a rule asks for has no order; here the cheap questions come first, so that a rule that does
//! not match is mostly known not to after one or two of them. Long lists of texts sought in one field
//! are sought together. Tests compare the outcome with that of the rule as written.

use std::{collections::BTreeSet, sync::Arc};

use cordon_sigma::{Expr, Quantifier};

use crate::{
    authority,
    compiled::{Compiled, Group, Line},
    index::Probe,
    names::Scope,
    predicate::Predicate,
    sight::Sight,
};

/// From how many texts on a list is sought together.
const TOGETHER_MIN: usize = 4;

/// A rule, or a part of one, arranged to be decided quickly.
#[derive(Debug)]
pub(crate) enum Check {
    All(Vec<Check>),
    Any(Vec<Check>),
    Not(Box<Check>),
    Line(Arc<Line>),
    /// One of these claims is true of a value.
    OneOf(Scope, Box<Probe<()>>),
}

impl Check {
    /// Arranges a rule.
    pub(crate) fn new(rule: &Compiled) -> Self {
        let conditions = rule.conditions.iter().map(|expr| of_expr(expr, rule));
        Self::any(conditions.collect())
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, sight: &dyn Sight<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(sight)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(sight)),
            Self::Not(part) => !part.holds(sight),
            Self::Line(line) => authority::line_holds(line, sight),
            Self::OneOf(scope, claims) => {
                let leaves = sight.look(*scope);
                let is_true = |text: &str| {
                    let mut found = false;
                    claims.search_text(text, &mut |()| found = true);
                    found
                };
                let found = leaves.find(|leaf| leaf.folded().is_some_and(is_true));
                found.is_some()
            }
        }
    }

    /// What is asked for comes before what is excepted: it fails far more often.
    fn all(mut parts: Vec<Self>) -> Self {
        parts.sort_by_key(|part| (matches!(part, Self::Not(_)), part.cost()));
        Self::All(parts)
    }

    fn any(mut parts: Vec<Self>) -> Self {
        parts.sort_by_key(Self::cost);
        Self::Any(parts)
    }

    /// A guess at how much work it is, in comparisons of short texts.
    fn cost(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::cost).sum(),
            Self::Not(part) => part.cost(),
            Self::Line(line) => {
                let each: usize = line.predicates.iter().map(Predicate::cost).sum();
                match line.scope {
                    Scope::Field(_) => each,
                    Scope::Everything => each.saturating_mul(EVERYTHING_COST),
                }
            }
            Self::OneOf(..) => SEARCH_COST,
        }
    }
}

/// Looking everywhere costs as much as looking into this many fields.
const EVERYTHING_COST: usize = 30;

/// Seeking many texts together costs as much as this many comparisons.
const SEARCH_COST: usize = 5;

fn of_expr(expr: &Expr, rule: &Compiled) -> Check {
    let parts = |parts: &[Expr]| parts.iter().map(|part| of_expr(part, rule)).collect();
    match expr {
        Expr::Selection(place) => of_group(authority::selection(rule, *place)),
        Expr::Not(inner) => Check::Not(Box::new(of_expr(inner, rule))),
        Expr::And(inner) => Check::all(parts(inner)),
        Expr::Or(inner) => Check::any(parts(inner)),
    }
}

fn of_group(group: &Group) -> Check {
    let parts = |parts: &[Group]| parts.iter().map(of_group).collect();
    match group {
        Group::All(inner) => Check::all(parts(inner)),
        Group::Any(inner) => Check::any(parts(inner)),
        Group::Line(line) => of_line(line),
    }
}

/// A long list of texts is looked for together.
fn of_line(line: &Arc<Line>) -> Check {
    let as_written = || Check::Line(Arc::clone(line));
    if line.predicates.len() < TOGETHER_MIN {
        return as_written();
    }
    let claims: Option<BTreeSet<_>> = line.predicates.iter().map(Predicate::claim).collect();
    let together = |claims: BTreeSet<_>| {
        let nothing_more = claims.into_iter().map(|claim| (claim, ()));
        Check::OneOf(line.scope, Box::new(Probe::new(nothing_more)))
    };
    match (claims, line.quantifier) {
        (Some(claims), Quantifier::Any) => together(claims),
        (Some(claims), Quantifier::None) => Check::Not(Box::new(together(claims))),
        (_, Quantifier::All | Quantifier::NotAll) | (None, _) => as_written(),
    }
}
