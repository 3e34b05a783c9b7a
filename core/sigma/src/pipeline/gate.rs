//! When a step applies: some conditions, and how they combine.

use std::sync::Arc;

use cordon_text::{Fields, Node};

use crate::{
    Expr,
    condition::{self, Noun},
    reader::Reader,
};

/// Conditions of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Gate<C> {
    pub(crate) conditions: Vec<C>,
    pub(crate) link: Link,
    pub(crate) negated: bool,
}

/// How conditions combine.
#[derive(Debug, Clone)]
pub(crate) enum Link {
    All,
    Any,
    /// An expression over their names; its places are those of the conditions.
    Expr(Expr),
}

/// The keys of one kind of conditions.
pub(crate) struct Keys {
    pub(crate) conditions: &'static str,
    pub(crate) op: &'static str,
    pub(crate) not: &'static str,
    pub(crate) expr: &'static str,
}

impl<C> Gate<C> {
    /// Whether the conditions hold together. Without any, all of them hold.
    pub(crate) fn holds(&self, holds: impl FnMut(&C) -> bool) -> bool {
        let each: Vec<bool> = self.conditions.iter().map(holds).collect();
        self.together(&each)
    }

    /// The same where asking may fail.
    pub(crate) fn try_holds<E>(&self, holds: impl FnMut(&C) -> Result<bool, E>) -> Result<bool, E> {
        let each: Result<Vec<bool>, E> = self.conditions.iter().map(holds).collect();
        Ok(self.together(&each?))
    }

    fn together(&self, each: &[bool]) -> bool {
        let together = match &self.link {
            Link::All => each.iter().all(|held| *held),
            Link::Any => each.iter().any(|held| *held),
            Link::Expr(expr) => value(expr, each),
        };
        together != self.negated
    }

    /// Reads the conditions of a step; `one` reads a single one.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        step: &mut Fields<'_>,
        keys: &Keys,
        one: impl Fn(&mut Reader<'_>, &Node) -> Option<C>,
    ) -> Option<Self> {
        let listed = step.optional(keys.conditions);
        let op = step.optional(keys.op);
        let not = step.optional(keys.not);
        let expr = step.optional(keys.expr);
        let (names, nodes) = named(reader, listed)?;
        let conditions: Vec<C> = nodes.iter().filter_map(|node| one(reader, node)).collect();
        let complete = conditions.len() == nodes.len();
        let negated = not.map_or(Some(false), |node| reader.flag(node));
        let link = link(reader, op, expr, names.as_deref());
        complete.then_some(())?;
        Some(Self {
            conditions,
            link: link?,
            negated: negated?,
        })
    }
}

fn value(expr: &Expr, each: &[bool]) -> bool {
    match expr {
        Expr::Selection(place) => each.get(*place).copied().unwrap_or_default(),
        Expr::Not(inner) => !value(inner, each),
        Expr::And(parts) => parts.iter().all(|part| value(part, each)),
        Expr::Or(parts) => parts.iter().any(|part| value(part, each)),
    }
}

/// The names of conditions.
type Names = Vec<Arc<str>>;

/// The conditions, and their names if they are written as a mapping.
fn named<'n>(
    reader: &mut Reader<'_>,
    listed: Option<&'n Node>,
) -> Option<(Option<Names>, Vec<&'n Node>)> {
    let Some(node) = listed else {
        return Some((None, Vec::new()));
    };
    if let Some(items) = node.sequence() {
        return Some((None, items.iter().collect()));
    }
    if let Some(entries) = node.mapping() {
        let name = |key: &Node| Arc::from(key.text().unwrap_or_default());
        let names = entries.iter().map(|(key, _)| name(key)).collect();
        let nodes = entries.iter().map(|(_, value)| value).collect();
        return Some((Some(names), nodes));
    }
    let message = format!(
        "expected a list or a mapping of conditions, found {}",
        node.describe()
    );
    reader.error(node.span, "wrong-type", message);
    None
}

fn link(
    reader: &mut Reader<'_>,
    op: Option<&Node>,
    expr: Option<&Node>,
    names: Option<&[Arc<str>]>,
) -> Option<Link> {
    let Some(expr) = expr else {
        return operator(reader, op);
    };
    if let Some(op) = op {
        let message = "conditions are joined by an operator or an expression, not both".to_owned();
        reader.problem(
            op.span,
            "pipeline-condition",
            message,
            "remove one of the two",
        );
        return None;
    }
    let Some(names) = names else {
        let message = "an expression wants named conditions, found a list".to_owned();
        let help = "write the conditions as a mapping of names";
        reader.problem(expr.span, "pipeline-condition", message, help);
        return None;
    };
    expression(reader, expr, names)
}

fn operator(reader: &mut Reader<'_>, op: Option<&Node>) -> Option<Link> {
    let Some(op) = op else {
        return Some(Link::All);
    };
    match op.text() {
        Some("and") => Some(Link::All),
        Some("or") => Some(Link::Any),
        Some(_) | None => {
            let message = format!("expected `and` or `or`, found {}", op.describe());
            reader.error(op.span, "pipeline-condition", message);
            None
        }
    }
}

fn expression(reader: &mut Reader<'_>, node: &Node, names: &[Arc<str>]) -> Option<Link> {
    let text = reader.text(node, "an expression over the names of conditions")?;
    let read = condition::read(&text, Noun("condition"), names);
    for problem in &read.problems {
        let message = format!("the expression cannot be used: {}", problem.message);
        let span = node.part(problem.at.clone());
        reader.problem(span, "pipeline-condition", message, &problem.help);
    }
    if !read.problems.is_empty() {
        return None;
    }
    let expr = read.expr;
    let mut unused = names.to_vec();
    if let Some(expr) = &expr {
        expr.each_selection(&mut |place| {
            let used = names.get(place);
            unused.retain(|name| Some(name) != used);
        });
    }
    if expr.is_none() || !unused.is_empty() {
        let message = format!("the expression says nothing of `{}`", unused.join("`, `"));
        reader.problem(
            node.span,
            "pipeline-condition",
            message,
            "use it or remove it",
        );
        return None;
    }
    expr.map(Link::Expr)
}
