//! The same estate with something changed, so that one search answers other questions as well.
//!
//! Steps keep their numbers: what is added comes after them, and is taken out of what is found.

use cordon_model::{
    Confidence, Edge, EdgeKind, EdgePattern, Estate, EstateParts, Foothold, Likelihood, Money,
    Node, NodeId, NodeIx, NodeKind, Step, StepId, StepIx, StepKind,
};

use super::asked::Asked;
use crate::{
    Question,
    infeasible::Demands,
    order::in_order,
    solve::{self, NoSet},
};

/// What was found in a changed estate.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Steps of the estate as it was, in the order of carrying out.
    pub(super) steps: Vec<StepIx>,
    /// Whether nothing is cheaper in the changed estate.
    pub(super) proven: bool,
    /// Nothing costs less there than this.
    pub(super) lower_bound: Money,
}

/// The cheapest plan of a changed estate for the footholds of a question.
pub(super) fn cheapest(question: &Asked<'_>, parts: EstateParts) -> Option<Found> {
    let estate = Estate::new(parts);
    let changed = Question {
        estate: &estate,
        ..Question::clone(question)
    };
    found(question, &changed).ok()
}

/// The same with one more foothold; none also if so many steps matter that the search would be a wide one.
pub(super) fn cheapest_if_narrow(
    question: &Asked<'_>,
    parts: EstateParts,
    more: NodeIx,
) -> Option<Found> {
    let estate = Estate::new(parts);
    let mut changed = Question {
        estate: &estate,
        ..Question::clone(question)
    };
    changed
        .footholds
        .push(Foothold::said(more, Confidence::CERTAIN));
    let is_narrow = solve::is_narrow(&Demands::of(&changed).task(&changed));
    is_narrow.then(|| found(question, &changed).ok()).flatten()
}

/// The cheapest plan of a question, in terms of another whose steps it has.
///
/// # Errors
/// When there is none, or none was found.
pub(super) fn found(question: &Asked<'_>, changed: &Question<'_>) -> Result<Found, NoSet> {
    let found = question.cheapest(changed)?;
    let known = question.estate.steps().len();
    let steps = found.steps.into_iter().filter(|step| step.index() < known);
    Ok(Found {
        steps: in_order(question, steps.collect()),
        proven: found.lower_bound == found.price,
        lower_bound: found.lower_bound,
    })
}

/// A node that stands for something that is none.
pub(super) fn add_node(parts: &mut EstateParts) -> NodeIx {
    let node = NodeIx(u32::try_from(parts.nodes.len()).unwrap_or(u32::MAX));
    parts.nodes.push(Node {
        id: NodeId::new(format!("{}", node.0)),
        kind: NodeKind::new("none"),
        name: None,
        aliases: Vec::new(),
        jewel: None,
    });
    node
}

/// A way between nodes.
pub(super) fn add_edge(parts: &mut EstateParts, from: NodeIx, to: NodeIx) {
    parts.edges.push(Edge {
        from,
        to,
        kind: EdgeKind::new("none"),
        minutes: None,
        likelihood: Likelihood::certain(),
        unknown: None,
    });
}

/// A way that can be closed for a price.
pub(super) fn add_way_out(parts: &mut EstateParts, from: NodeIx, to: NodeIx, price: Money) {
    add_edge(parts, from, to);
    parts.steps.push(Step {
        id: StepId::new(format!("{}", parts.steps.len())),
        kind: StepKind::new("none"),
        removes_nodes: Vec::new(),
        removes_edges: vec![EdgePattern {
            from,
            to,
            kind: None,
        }],
        takes_down: Vec::new(),
        cost: price,
        minutes: None,
        undo: None,
        check: None,
        irreversible: false,
        action: None,
    });
}
