//! Small random estates: few nodes, many ties, so that every rule of choice decides something.

use cordon_model::{
    Edge, EdgeKind, EdgePattern, Estate, EstateParts, Likelihood, Minutes, Money, Node, NodeId,
    NodeIx, NodeKind, Step, StepId, StepIx, StepKind,
};
use proptest::prelude::*;

/// Ids whose order is neither that of the estate nor that of whole texts put together.
const IDS: [&str; 6] = ["b", "a:b", "a", "ä", "B", "a-b"];

/// An estate, what is held in it, and which of its steps are done.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) estate: Estate,
    pub(crate) footholds: Vec<NodeIx>,
    pub(crate) steps: Vec<StepIx>,
}

/// Any small case.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    (1..=IDS.len()).prop_flat_map(|n| {
        let node = 0..u32::try_from(n).unwrap();
        let edges = prop::collection::vec(edge(node.clone()), 0..12);
        let steps = prop::collection::vec(step(node.clone()), 0..3);
        let footholds = prop::collection::vec(node.prop_map(NodeIx), 1..3);
        (edges, steps, footholds).prop_map(move |(edges, steps, footholds)| Case {
            steps: (0..u32::try_from(steps.len()).unwrap())
                .map(StepIx)
                .collect(),
            estate: estate(n, edges, steps),
            footholds,
        })
    })
}

fn estate(n: usize, mut edges: Vec<Edge>, mut steps: Vec<Step>) -> Estate {
    // Of some all but one thing is the same.
    let twins: Vec<Edge> = edges.iter().step_by(4).cloned().collect();
    for (mut twin, other) in twins.into_iter().zip(edges.clone()) {
        twin.minutes = other.minutes;
        twin.unknown = other.unknown;
        edges.push(twin);
    }
    let mut kept: Vec<Edge> = Vec::new();
    edges.retain(|edge| {
        let is_new = !kept.contains(edge);
        kept.extend(is_new.then(|| edge.clone()));
        is_new
    });
    for (number, step) in steps.iter_mut().enumerate() {
        step.id = StepId::new(format!("step/{number}"));
    }
    let node = |id: &&str| Node {
        id: NodeId::new(*id),
        kind: NodeKind::new("host"),
        name: None,
        aliases: Vec::new(),
        jewel: None,
    };
    Estate::new(EstateParts {
        name: "t".to_owned(),
        currency: "GBP".to_owned(),
        nodes: IDS[..n].iter().map(node).collect(),
        edges,
        services: Vec::new(),
        steps,
    })
}

fn kind() -> impl Strategy<Value = EdgeKind> {
    prop::sample::select(vec!["admin-to", "can-rdp"]).prop_map(EdgeKind::new)
}

fn edge(node: std::ops::Range<u32>) -> impl Strategy<Value = Edge> {
    let minutes = prop::sample::select(vec![None, Some("0"), Some("0.5"), Some("1"), Some("1.5")]);
    let likelihood = prop::sample::select(vec!["0", "0.25", "0.5", "1"]);
    let unknown = prop::option::weighted(0.2, Just("not collected".to_owned()));
    (node.clone(), node, kind(), (minutes, likelihood, unknown)).prop_map(
        |(from, to, kind, (minutes, likelihood, unknown))| Edge {
            from: NodeIx(from),
            to: NodeIx(to),
            kind,
            minutes: minutes.map(|m| Minutes::parse(m).unwrap()),
            likelihood: Likelihood::parse(likelihood).unwrap(),
            unknown,
        },
    )
}

fn step(node: std::ops::Range<u32>) -> impl Strategy<Value = Step> {
    let pattern =
        (node.clone(), node.clone(), prop::option::of(kind())).prop_map(|(from, to, kind)| {
            EdgePattern {
                from: NodeIx(from),
                to: NodeIx(to),
                kind,
            }
        });
    let nodes = prop::collection::vec(node.prop_map(NodeIx), 0..2);
    (nodes, prop::collection::vec(pattern, 0..3)).prop_map(|(removes_nodes, removes_edges)| Step {
        id: StepId::new(""),
        kind: StepKind::new("isolate-host"),
        removes_nodes,
        removes_edges,
        takes_down: Vec::new(),
        cost: Money::zero(),
        minutes: None,
        undo: None,
        check: None,
        irreversible: false,
        action: None,
    })
}
