//! Conditions that are expressions over rules: `a and (b or c) and not d`.

use std::sync::Arc;

use cordon_text::Node;

use super::{
    Reference,
    kind::CorrelationKind,
    order::{self, ORDERS_MAX, Order, Refused},
};
use crate::{
    Expr,
    condition::{self, Noun, Unmatched},
    reader::Reader,
};

/// The rules that an expression names, where there is no list of them.
pub(super) fn named(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Reference>> {
    let names = condition::names(node.text().unwrap_or_default());
    let Some(names) = names else {
        let message = "a pattern of rules needs a list that it can choose from".to_owned();
        let help = "add `rules: [ … ]`, or name each rule";
        reader.problem(node.span, "missing-key", message, help);
        return None;
    };
    let reference = |to| Reference {
        to,
        span: node.span,
    };
    let references: Vec<_> = names.into_iter().map(reference).collect();
    if references.is_empty() {
        let message = "the condition speaks of no rule at all".to_owned();
        reader.error(node.span, "empty-condition", message);
    }
    (!references.is_empty()).then_some(references)
}

/// The kind that an expression makes of `temporal`.
pub(super) fn where_true(
    reader: &mut Reader<'_>,
    node: &Node,
    rules: &[Reference],
) -> Option<CorrelationKind> {
    let expr = over_rules(reader, node, rules)?;
    if holds_of_nothing(&expr) {
        waits_for_nothing(reader, node);
        return None;
    }
    if let Err(Refused::Impossible) = order::orders(&expr) {
        return ordered(reader, node, Err(Refused::Impossible));
    }
    Some(CorrelationKind::TemporalWhere(expr))
}

/// The kind that an expression makes of `temporal_ordered`.
pub(super) fn in_order(
    reader: &mut Reader<'_>,
    node: &Node,
    rules: &[Reference],
) -> Option<CorrelationKind> {
    let orders = order::orders(&over_rules(reader, node, rules)?);
    ordered(reader, node, orders)
}

/// The kind that orders make, or why there are none.
pub(super) fn ordered(
    reader: &mut Reader<'_>,
    node: &Node,
    orders: Result<Vec<Order>, Refused>,
) -> Option<CorrelationKind> {
    let (message, help) = match orders {
        Ok(orders) => return Some(CorrelationKind::TemporalOrdered(orders)),
        Err(Refused::Empty) => {
            waits_for_nothing(reader, node);
            return None;
        }
        Err(Refused::TooMany) => (
            format!("the condition stands for more than {ORDERS_MAX} different orders of rules"),
            "split it into several correlations",
        ),
        Err(Refused::Impossible) => (
            "the condition can never hold".to_owned(),
            "a rule cannot be met and be absent, and no more rules are met than are listed",
        ),
        Err(Refused::NotFromBelow) => (
            "an order of rules can only be asked for from so many rules on".to_owned(),
            "write `gte: 2` or the like, or an expression over the names of the rules",
        ),
    };
    reader.problem(node.span, "impossible-condition", message, help);
    None
}

/// Whether an expression is true where no rule is met.
fn holds_of_nothing(expr: &Expr) -> bool {
    match expr {
        Expr::Selection(_) => false,
        Expr::Not(inner) => !holds_of_nothing(inner),
        Expr::And(parts) => parts.iter().all(holds_of_nothing),
        Expr::Or(parts) => parts.iter().any(holds_of_nothing),
    }
}

fn waits_for_nothing(reader: &mut Reader<'_>, node: &Node) {
    let message = "the condition can hold where none of the rules is met".to_owned();
    let help = "a correlation is judged when a record comes: join each `not` by `and` to a rule that must be met";
    reader.problem(node.span, "condition-without-record", message, help);
}

/// A condition over the names of the rules that the correlation builds on.
fn over_rules(reader: &mut Reader<'_>, node: &Node, rules: &[Reference]) -> Option<Expr> {
    let names: Vec<Arc<str>> = rules.iter().map(|rule| Arc::clone(&rule.to)).collect();
    let read = condition::read(node.text().unwrap_or_default(), Noun("rule"), &names);
    reader.wrong_condition(node, &read.problems);
    for Unmatched { at, pattern } in read.unmatched {
        let message = format!("`{pattern}` matches no rule and is left out");
        let help = "remove it, or correct the pattern";
        reader.warning(node.part(at), "pattern-without-selection", message, help);
    }
    if !read.problems.is_empty() {
        return None;
    }
    let Some(expr) = read.expr else {
        let message = "the condition speaks of no rule at all".to_owned();
        reader.error(node.span, "empty-condition", message);
        return None;
    };
    let mut unused: Vec<_> = rules.iter().collect();
    expr.each_selection(&mut |place| {
        let used = names.get(place);
        unused.retain(|rule| Some(&rule.to) != used);
    });
    for rule in unused {
        let message = format!("the condition does not speak of the rule `{}`", rule.to);
        let help = "use it in the condition or remove it from the list";
        reader.warning(rule.span, "unused-rule", message, help);
    }
    Some(expr)
}
