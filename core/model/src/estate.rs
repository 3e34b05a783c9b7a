//! Everything one organisation runs: nodes, attack edges, services, steps.

use std::sync::{Arc, OnceLock};

use crate::{
    EdgeKind, Hours, Likelihood, Minutes, Money, NodeId, NodeKind, ServiceId, StepId, StepKind,
    Value,
};

use adjacency::Adjacency;
use named::Named;
use naming::Naming;

mod adjacency;
mod named;
mod naming;
mod need;

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into a slice.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! {
    /// A node, by its place in the estate.
    NodeIx;
    /// An attack edge, by its place in the estate.
    EdgeIx;
    /// A service, by its place in the estate.
    ServiceIx;
    /// A step, by its place in the estate.
    StepIx;
}

/// Something that can be held: an account, host, group, zone, application …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Unique across nodes and services.
    pub id: NodeId,
    /// What it is.
    pub kind: NodeKind,
    /// What people call it.
    pub name: Option<String>,
    /// Other names it is known by in logs.
    pub aliases: Vec<String>,
    /// What its loss costs, if that is priced.
    pub jewel: Option<Jewel>,
}

/// The price of losing a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jewel {
    /// Its loss.
    pub loss: Money,
    /// Why, for people.
    pub why: Option<String>,
}

/// Holding `from` lets an intruder take `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// What must be held.
    pub from: NodeIx,
    /// What can then be taken.
    pub to: NodeIx,
    /// How.
    pub kind: EdgeKind,
    /// How long it takes; unknown if none.
    pub minutes: Option<Minutes>,
    /// How surely it works.
    pub likelihood: Likelihood,
    /// Why it is not known whether the edge exists; it counts as present.
    pub unknown: Option<String>,
}

/// What must be up for a service to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A node.
    Node(NodeIx),
    /// Another service.
    Service(ServiceIx),
    /// Every one of these; never empty.
    All(Vec<Need>),
    /// One of these; never empty.
    Any(Vec<Need>),
    /// At least `k` of these, 1 ≤ k ≤ their number; a child named twice counts twice.
    AtLeast {
        /// How many.
        k: usize,
        /// Of which.
        of: Vec<Need>,
    },
}

/// Whom a service keeps alive, beside the money it earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Money only.
    None,
    /// People depend on it; its lost hours are counted beside money.
    Lifeline,
}

/// How to see whether a service runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// An HTTP request to this URL.
    Http(String),
    /// A TCP connection to this address.
    Tcp(String),
    /// Lines that a log gets as long as it runs.
    Log(Heartbeat),
}

/// Lines that a log gets as long as a service runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// The log's file.
    pub log: String,
    /// The text that such a line holds; any line if none.
    pub holds: Option<String>,
    /// How many come at least within the time.
    pub at_least: u32,
    /// The time.
    pub within_seconds: u32,
}

/// Something the business sells or needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Unique across nodes and services.
    pub id: ServiceId,
    /// What people call it.
    pub name: Option<String>,
    /// What it needs.
    pub needs: Need,
    /// Loss for each hour down at full effect.
    pub loss_per_hour: Money,
    /// How long it carries on after losing a need.
    pub cover: Hours,
    /// How long from first to full loss.
    pub ramp: Hours,
    /// Whether no plan may stop it within the hold.
    pub protected: bool,
    /// Whom it keeps alive.
    pub care: Care,
    /// How to see whether it runs.
    pub probe: Option<Probe>,
}

/// Edges named by their ends and, if given, their kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgePattern {
    /// From this node.
    pub from: NodeIx,
    /// To this node.
    pub to: NodeIx,
    /// Of this kind; of any if none.
    pub kind: Option<EdgeKind>,
}

impl EdgePattern {
    /// Whether this pattern names that edge.
    pub fn matches(&self, edge: &Edge) -> bool {
        self.from == edge.from
            && self.to == edge.to
            && self.kind.as_ref().is_none_or(|kind| *kind == edge.kind)
    }
}

/// One thing that can be switched off.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Unique across steps.
    pub id: StepId,
    /// What it does.
    pub kind: StepKind,
    /// Nodes all of whose edges it removes.
    pub removes_nodes: Vec<NodeIx>,
    /// Edges it removes.
    pub removes_edges: Vec<EdgePattern>,
    /// Nodes that stop working for services.
    pub takes_down: Vec<NodeIx>,
    /// One-off cost.
    pub cost: Money,
    /// How long it takes; unknown if none.
    pub minutes: Option<Minutes>,
    /// How it is taken back.
    pub undo: Option<Arc<str>>,
    /// How to see that it worked.
    pub check: Option<Arc<str>>,
    /// Whether it only goes forward.
    pub irreversible: bool,
    /// What carries it out, as the estate wrote it.
    pub action: Option<Arc<Value>>,
}

/// The parts of an estate before they are put together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EstateParts {
    /// The organisation's name.
    pub name: String,
    /// What prices are in, such as `GBP`.
    pub currency: String,
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its attack edges; equal ones are one.
    pub edges: Vec<Edge>,
    /// Its services.
    pub services: Vec<Service>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// Everything one organisation runs, as a graph.
///
/// Made only by [`Estate::new`]; whoever calls it has checked what its `# Panics` section names.
#[derive(Debug, Clone)]
pub struct Estate {
    parts: EstateParts,
    /// Made when somebody first asks for a name.
    naming: OnceLock<Naming>,
    out_edges: Adjacency,
    in_edges: Adjacency,
    named: Named,
    services_bottom_up: Vec<ServiceIx>,
}

/// Everything else follows from the parts.
impl PartialEq for Estate {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Estate {
    /// Puts an estate together and indexes it.
    ///
    /// # Panics
    /// When an index points outside the parts or services form a cycle: a reader of estates must
    /// have refused such a text.
    pub fn new(parts: EstateParts) -> Self {
        let (out_edges, in_edges) = Adjacency::both(parts.nodes.len(), &parts.edges);
        let services_bottom_up = bottom_up(&parts.services);
        assert_eq!(
            services_bottom_up.len(),
            parts.services.len(),
            "services of an estate form no cycle"
        );
        Self {
            naming: OnceLock::new(),
            named: Named::new(&parts.steps, &parts.edges, &out_edges),
            parts,
            out_edges,
            in_edges,
            services_bottom_up,
        }
    }

    /// The parts that it is made of, for whoever makes another like it.
    pub fn parts(&self) -> &EstateParts {
        &self.parts
    }

    /// The organisation's name.
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// What prices are in.
    pub fn currency(&self) -> &str {
        &self.parts.currency
    }

    /// All nodes; [`NodeIx`] counts along this slice.
    pub fn nodes(&self) -> &[Node] {
        &self.parts.nodes
    }

    /// All edges; [`EdgeIx`] counts along this slice.
    pub fn edges(&self) -> &[Edge] {
        &self.parts.edges
    }

    /// All services; [`ServiceIx`] counts along this slice.
    pub fn services(&self) -> &[Service] {
        &self.parts.services
    }

    /// All steps; [`StepIx`] counts along this slice.
    pub fn steps(&self) -> &[Step] {
        &self.parts.steps
    }

    /// Indices of all nodes, in order.
    pub fn node_indices(&self) -> impl ExactSizeIterator<Item = NodeIx> + use<> {
        (0..u32::try_from(self.parts.nodes.len()).unwrap_or(u32::MAX)).map(NodeIx)
    }

    /// Indices of all steps, in order.
    pub fn step_indices(&self) -> impl ExactSizeIterator<Item = StepIx> + use<> {
        (0..u32::try_from(self.parts.steps.len()).unwrap_or(u32::MAX)).map(StepIx)
    }

    /// Services such that each comes after all services it needs.
    pub fn services_bottom_up(&self) -> &[ServiceIx] {
        &self.services_bottom_up
    }

    fn naming(&self) -> &Naming {
        self.naming.get_or_init(|| Naming::new(&self.parts.nodes))
    }

    /// The node of an id, compared whole.
    pub fn node_by_id(&self, id: &str) -> Option<NodeIx> {
        self.naming().by_id(&self.parts.nodes, id)
    }

    /// The one node that a log or a person means by a name: its id compared whole, else an alias
    /// compared without regard to case. None if no node or more than one bears the name.
    pub fn resolve(&self, name: &str) -> Option<NodeIx> {
        let by_name = || self.naming().by_name(&self.parts.nodes, name);
        self.node_by_id(name).or_else(by_name)
    }

    /// A node.
    #[expect(
        clippy::indexing_slicing,
        reason = "indices are checked when the estate is made"
    )]
    pub fn node(&self, ix: NodeIx) -> &Node {
        &self.parts.nodes[ix.index()]
    }

    /// An edge.
    #[expect(
        clippy::indexing_slicing,
        reason = "indices are checked when the estate is made"
    )]
    pub fn edge(&self, ix: EdgeIx) -> &Edge {
        &self.parts.edges[ix.index()]
    }

    /// A service.
    #[expect(
        clippy::indexing_slicing,
        reason = "indices are checked when the estate is made"
    )]
    pub fn service(&self, ix: ServiceIx) -> &Service {
        &self.parts.services[ix.index()]
    }

    /// A step.
    #[expect(
        clippy::indexing_slicing,
        reason = "indices are checked when the estate is made"
    )]
    pub fn step(&self, ix: StepIx) -> &Step {
        &self.parts.steps[ix.index()]
    }

    /// Edges that lead out of a node, in the order of where they lead.
    pub fn out_edges(&self, ix: NodeIx) -> &[EdgeIx] {
        self.out_edges.of(ix)
    }

    /// Edges that lead into a node.
    pub fn in_edges(&self, ix: NodeIx) -> &[EdgeIx] {
        self.in_edges.of(ix)
    }

    /// Edges that lead out of a node and where each leads, which costs a walk far less than to ask the edge.
    pub fn ways_out(&self, ix: NodeIx) -> impl ExactSizeIterator<Item = (EdgeIx, NodeIx)> {
        let heads = self.out_edges.others(ix).iter().copied();
        self.out_edges(ix).iter().copied().zip(heads)
    }

    /// Edges that lead into a node and where each comes from.
    pub fn ways_in(&self, ix: NodeIx) -> impl ExactSizeIterator<Item = (EdgeIx, NodeIx)> {
        let tails = self.in_edges.others(ix).iter().copied();
        self.in_edges(ix).iter().copied().zip(tails)
    }

    /// Edges that lead from one node to another.
    pub fn edges_between(&self, from: NodeIx, to: NodeIx) -> &[EdgeIx] {
        self.out_edges.between(from, to)
    }

    /// Edges that a pattern names.
    pub fn edges_of<'a>(&'a self, pattern: &'a EdgePattern) -> impl Iterator<Item = EdgeIx> + 'a {
        let between = self.edges_between(pattern.from, pattern.to).iter();
        between
            .copied()
            .filter(|&edge| pattern.matches(self.edge(edge)))
    }

    /// The edges that the patterns of a step name, in the order of the patterns; one that two of them name comes twice.
    ///
    /// # Panics
    /// When the step is not one of this estate.
    pub fn edges_named_by(&self, step: StepIx) -> &[EdgeIx] {
        self.named.by(step)
    }

    /// Nodes whose loss is priced.
    pub fn jewels(&self) -> impl Iterator<Item = (NodeIx, &Jewel)> {
        let nodes = self.node_indices().zip(&self.parts.nodes);
        nodes.filter_map(|(ix, node)| node.jewel.as_ref().map(|jewel| (ix, jewel)))
    }
}

/// Orders services so that each follows its needs; those on a cycle, or above one, are left out.
fn bottom_up(services: &[Service]) -> Vec<ServiceIx> {
    let mut waits_for = vec![0_usize; services.len()];
    let mut needed_by = vec![Vec::new(); services.len()];
    for (number, service) in (0_u32..).zip(services) {
        service.needs.for_each_service(&mut |need| {
            if let Some(users) = needed_by.get_mut(need.index()) {
                users.push(ServiceIx(number));
            }
            if let Some(count) = waits_for.get_mut(number as usize) {
                *count += 1;
            }
        });
    }
    let free = (0_u32..).zip(&waits_for).filter(|(_, count)| **count == 0);
    let mut ready: Vec<ServiceIx> = free.map(|(number, _)| ServiceIx(number)).collect();
    let mut next = 0;
    while let Some(&done) = ready.get(next) {
        next += 1;
        for user in needed_by.get(done.index()).into_iter().flatten() {
            if let Some(count) = waits_for.get_mut(user.index()) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*user);
                }
            }
        }
    }
    ready
}

#[cfg(test)]
mod tests {
    use super::{Estate, EstateParts, Node, NodeIx};
    use crate::{NodeId, NodeKind};

    fn node(id: &str, aliases: &[&str]) -> Node {
        Node {
            id: NodeId::new(id),
            kind: NodeKind::new("user"),
            name: None,
            aliases: aliases.iter().map(|&a| a.to_owned()).collect(),
            jewel: None,
        }
    }

    #[test]
    fn a_name_that_two_nodes_claim_means_neither() {
        let estate = Estate::new(EstateParts {
            name: "t".to_owned(),
            currency: "GBP".to_owned(),
            nodes: vec![
                node("user:a", &["NG\\a", "anna"]),
                node("user:b", &["Anna", "b"]),
            ],
            edges: Vec::new(),
            services: Vec::new(),
            steps: Vec::new(),
        });
        assert_eq!(estate.resolve("ng\\A"), Some(NodeIx(0)));
        assert_eq!(estate.resolve("user:b"), Some(NodeIx(1)));
        assert_eq!(estate.resolve("anna"), None);
        assert_eq!(estate.resolve("nobody"), None);
    }
}
