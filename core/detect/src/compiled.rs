//! One rule, prepared for matching.

use std::sync::Arc;

use cordon_sigma::{Body, Expr, Item, Quantifier, Rule};

use crate::{
    names::{Names, Scope},
    predicate::Predicate,
};

/// One rule, prepared for matching.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Its selections; conditions name them by place.
    pub(crate) selections: Vec<Group>,
    /// Its conditions, one of which must hold.
    pub(crate) conditions: Vec<Expr>,
}

/// What a selection asks for.
#[derive(Debug)]
pub(crate) enum Group {
    All(Vec<Group>),
    Any(Vec<Group>),
    Line(Arc<Line>),
}

/// One field or keyword.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) scope: Scope,
    /// The field as the rule names it; none for keywords.
    pub(crate) field: Option<Arc<str>>,
    pub(crate) quantifier: Quantifier,
    pub(crate) predicates: Vec<Predicate>,
}

/// Prepares a rule.
pub(crate) fn compile(rule: &Rule, names: &mut Names) -> Compiled {
    Compiled {
        selections: rule
            .selections
            .iter()
            .map(|s| group(&s.body, names))
            .collect(),
        conditions: rule.conditions.clone(),
    }
}

fn group(body: &Body, names: &mut Names) -> Group {
    let mut groups = |parts: &[Body]| parts.iter().map(|part| group(part, names)).collect();
    match body {
        Body::All(parts) => Group::All(groups(parts)),
        Body::Any(parts) => Group::Any(groups(parts)),
        Body::Item(item) => Group::Line(Arc::new(line(item, names))),
    }
}

fn line(item: &Item, names: &mut Names) -> Line {
    let scope = match &item.field {
        Some(field) => Scope::Field(names.place(field)),
        None => Scope::Everything,
    };
    Line {
        scope,
        field: item.field.clone(),
        quantifier: item.quantifier,
        predicates: item
            .tests
            .iter()
            .map(|test| Predicate::new(test, names))
            .collect(),
    }
}
