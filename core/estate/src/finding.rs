//! What an estate that can be read says about itself that is probably not so.
//!
//! A format can only be right or wrong; these are holes in what is known. Nothing here stops anything.

use std::collections::BTreeMap;

use cordon_model::{Edge, Estate, Likelihood, NodeIx, Service};

/// Kinds of nodes that decide over all others. That nothing leads to one of them is rarely true.
const TOP_KINDS: [&str; 14] = [
    "backup-server",
    "certificate-authority",
    "domain",
    "domain-controller",
    "enterprise-ca",
    "hypervisor",
    "identity-provider",
    "password-vault",
    "root-ca",
    "sync-server",
    "tenant",
    "az-tenant",
    "vault",
    "vcenter",
];

/// Most names given as examples of one finding.
const EXAMPLES_MAX: usize = 5;

/// Something that is probably not known, rather than not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code of the finding.
    pub code: &'static str,
    /// How many things it speaks of.
    pub count: usize,
    /// Some of them.
    pub examples: Vec<String>,
    /// What was found.
    pub message: String,
    /// What to do next.
    pub help: &'static str,
}

/// Everything that an estate leaves open, by code.
pub fn findings(estate: &Estate) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(blind(estate));
    found.extend(doubtful(estate));
    found.extend(unadministered(estate));
    found.extend(impossible(estate));
    found.extend(unknown(estate));
    found.extend(unpriced(estate));
    found.extend(apart(estate));
    found
}

fn matters(estate: &Estate, node: NodeIx) -> bool {
    let node = estate.node(node);
    node.jewel.is_some() || TOP_KINDS.contains(&node.kind.as_str())
}

/// Jewels and what decides over the rest, where no edge leads.
fn blind(estate: &Estate) -> Option<Finding> {
    let alone = |node: &NodeIx| matters(estate, *node) && estate.in_edges(*node).is_empty();
    told(estate, "nothing-leads-to", alone).map(|finding| Finding {
        message: format!(
            "{} that matter most, and nothing is known to lead to them",
            finding.count
        ),
        help: "collect who administers them, or say so with edges of your own: what is not known is not safe",
        ..finding
    })
}

fn is_doubtful(estate: &Estate, node: NodeIx) -> bool {
    let edges = estate.in_edges(node);
    let unknown = |edge| estate.edge(edge).unknown.is_some();
    matters(estate, node) && !edges.is_empty() && edges.iter().copied().all(unknown)
}

/// Jewels to which only unknown edges lead.
fn doubtful(estate: &Estate) -> Option<Finding> {
    told(estate, "only-unknown", |node| is_doubtful(estate, *node)).map(|finding| Finding {
        message: format!(
            "{} that matter most, and of no edge that leads to them it is known whether it exists",
            finding.count
        ),
        help: "look at the reasons with `cordon estate show --node`, and collect what is missing",
        ..finding
    })
}

/// Kinds of edges from a machine that decides over many others.
const TOP_EDGES: [&str; 5] = [
    "dc-for",
    "golden-cert",
    "hosts-guest",
    "controls-backup",
    "synced-to",
];

/// Machines of which it is not known who administers them: those that decide over the rest and were not told
/// of yet, and all.
fn unadministered(estate: &Estate) -> Vec<Finding> {
    let blind = |node: &NodeIx| {
        let edges = estate.in_edges(*node).iter().map(|edge| estate.edge(*edge));
        let mut admins = edges
            .filter(|edge| edge.kind.as_str() == "admin-to")
            .peekable();
        admins.peek().is_some() && admins.all(|edge| edge.unknown.is_some())
    };
    let decides = |node: &NodeIx| {
        let mut edges = estate
            .out_edges(*node)
            .iter()
            .map(|edge| estate.edge(*edge));
        matters(estate, *node) || edges.any(|edge| TOP_EDGES.contains(&edge.kind.as_str()))
    };
    let top = told(estate, "nothing-known-about", |node| {
        decides(node) && blind(node) && !is_doubtful(estate, *node)
    });
    let top = top.map(|finding| Finding {
        message: format!(
            "{} machines that decide over the rest, and nothing is known about who administers them",
            finding.count
        ),
        help: "collect their local groups first: a domain controller or an authority is worth the most to an intruder",
        ..finding
    });
    let all = told(estate, "administrators-unknown", blind).map(|finding| Finding {
        message: format!(
            "{} machines of which it is not known who administers them",
            finding.count
        ),
        help: "collect their local groups, or say who administers them with edges of your own",
        ..finding
    });
    top.into_iter().chain(all).collect()
}

/// Edges that can never work.
fn impossible(estate: &Estate) -> Option<Finding> {
    let zero = Likelihood::parse("0").ok();
    let is_never = |e: &&Edge| Some(&e.likelihood) == zero.as_ref();
    let never = estate.edges().iter().filter(is_never);
    let ends = never.map(|e| {
        let id = |node| estate.node(node).id.as_str();
        format!("{} -> {} ({})", id(e.from), id(e.to), e.kind)
    });
    let all: Vec<String> = ends.collect();
    let (count, examples) = (all.len(), all.into_iter().take(EXAMPLES_MAX).collect());
    (count > 0).then(|| Finding {
        code: "never-works",
        count,
        examples,
        message: format!("{count} edges with a likelihood of 0, which plans close all the same"),
        help: "leave out what cannot work",
    })
}

/// Edges that are not known to exist, by the reason.
fn unknown(estate: &Estate) -> Option<Finding> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in estate.edges().iter().filter_map(|e| e.unknown.as_deref()) {
        *reasons.entry(reason).or_default() += 1;
    }
    let count = reasons.values().sum();
    let mut most: Vec<_> = reasons.into_iter().collect();
    most.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
    let examples = most.into_iter().take(EXAMPLES_MAX);
    (count > 0).then(|| Finding {
        code: "unknown-edges",
        count,
        examples: examples.map(|(why, n)| format!("{n} × {why}")).collect(),
        message: format!(
            "{count} edges of which it is not known whether they exist; they count as present"
        ),
        help: "collect what is missing, or take out by hand what you know not to be so",
    })
}

/// Services that say nothing about what they are worth.
fn unpriced(estate: &Estate) -> Option<Finding> {
    let free = |s: &&Service| s.loss_per_hour.is_zero() && !s.protected;
    let ids: Vec<String> = estate
        .services()
        .iter()
        .filter(free)
        .map(|s| s.id.to_string())
        .collect();
    let count = ids.len();
    (count > 0).then(|| Finding {
        code: "worth-nothing",
        count,
        examples: ids.into_iter().take(EXAMPLES_MAX).collect(),
        message: format!(
            "{count} services that lose nothing while they are down, and are not protected"
        ),
        help: "give each `loss_per_hour`, or `protected: true` until somebody knows",
    })
}

/// Nodes that nothing is said about.
fn apart(estate: &Estate) -> Option<Finding> {
    let mut used = vec![false; estate.nodes().len()];
    let mut mark = |node: NodeIx| {
        if let Some(used) = used.get_mut(node.index()) {
            *used = true;
        }
    };
    for service in estate.services() {
        service.needs.for_each_node(&mut mark);
    }
    for step in estate.steps() {
        let nodes = step.takes_down.iter().chain(&step.removes_nodes);
        nodes.copied().for_each(&mut mark);
    }
    let alone = |node: &NodeIx| {
        let edges = [estate.in_edges(*node), estate.out_edges(*node)];
        let used = used.get(node.index()).copied().unwrap_or(false);
        !used && !matters(estate, *node) && edges.iter().all(|edges| edges.is_empty())
    };
    told(estate, "stands-apart", alone).map(|finding| Finding {
        message: format!(
            "{} nodes without an edge, that no service needs and no step touches",
            finding.count
        ),
        help: "leave them out, or find out what they are for",
        ..finding
    })
}

fn told(estate: &Estate, code: &'static str, meant: impl Fn(&NodeIx) -> bool) -> Option<Finding> {
    let nodes: Vec<NodeIx> = estate.node_indices().filter(meant).collect();
    let examples = nodes.iter().take(EXAMPLES_MAX);
    (!nodes.is_empty()).then(|| Finding {
        code,
        count: nodes.len(),
        examples: examples
            .map(|node| estate.node(*node).id.to_string())
            .collect(),
        message: String::new(),
        help: "",
    })
}
