//! Recipes over an estate: bindings of names to nodes, gathered into steps.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Estate, Node, NodeIx};

use crate::{
    Grounds, Note,
    recipe::{Cut, Down, Given, Recipe, Unless, Which},
};

/// An estate with what recipes look up.
pub(super) struct Graph<'e> {
    pub(super) estate: &'e Estate,
    grounds: &'e Grounds,
    /// Edges by what they stand on.
    standing: BTreeMap<NodeIx, Vec<EdgeIx>>,
    nodes: BTreeMap<&'e str, Vec<NodeIx>>,
    edges: BTreeMap<&'e str, Vec<EdgeIx>>,
}

impl<'e> Graph<'e> {
    pub(super) fn new(estate: &'e Estate, grounds: &'e Grounds) -> Self {
        let mut standing: BTreeMap<NodeIx, Vec<EdgeIx>> = BTreeMap::new();
        for (edge, on) in grounds {
            for node in on {
                standing.entry(*node).or_default().push(*edge);
            }
        }
        let mut nodes: BTreeMap<&str, Vec<NodeIx>> = BTreeMap::new();
        for (ix, node) in estate.node_indices().zip(estate.nodes()) {
            nodes.entry(node.kind.as_str()).or_default().push(ix);
        }
        let mut edges: BTreeMap<&str, Vec<EdgeIx>> = BTreeMap::new();
        for (ix, edge) in (0_u32..).map(EdgeIx).zip(estate.edges()) {
            edges.entry(edge.kind.as_str()).or_default().push(ix);
        }
        Self {
            estate,
            grounds,
            standing,
            nodes,
            edges,
        }
    }

    /// These edges and all edges of these nodes, each once and in order.
    pub(super) fn with_edges_of(&self, nodes: &[NodeIx], mut edges: Vec<EdgeIx>) -> Vec<EdgeIx> {
        for node in nodes {
            edges.extend(self.at(*node));
        }
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    /// All edges into and out of a node.
    fn at(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + 'e {
        let (into, out) = (self.estate.in_edges(node), self.estate.out_edges(node));
        into.iter().chain(out).copied()
    }

    fn is_of(&self, edge: EdgeIx, kinds: &[String]) -> bool {
        let kind = self.estate.edge(edge).kind.as_str();
        kinds.iter().any(|known| known == kind)
    }

    /// Edges that stand on these nodes only, as do all of their kind between the same ends: a step cuts
    /// those together.
    fn standing_on(&self, nodes: &BTreeSet<NodeIx>) -> Vec<EdgeIx> {
        let edges = nodes.iter().filter_map(|node| self.standing.get(node));
        let stands = |edge: &EdgeIx| {
            let on = self.grounds.get(edge);
            on.is_some_and(|on| on.iter().all(|node| nodes.contains(node)))
        };
        let all_stand = |edge: &EdgeIx| {
            let known = self.estate.edge(*edge);
            let between = self.estate.edges_between(known.from, known.to).iter();
            let mut alike = between.filter(|other| self.estate.edge(**other).kind == known.kind);
            alike.all(stands)
        };
        edges.flatten().copied().filter(all_stand).collect()
    }
}

/// What one step removes and takes down, gathered from all its bindings.
#[derive(Debug, Default)]
pub(super) struct Instance {
    edges: Vec<EdgeIx>,
    /// Nodes, each with the place of what is to be removed of it.
    nodes: BTreeSet<(usize, NodeIx)>,
    /// Nodes, each with the place of what is taken down with it.
    down: BTreeSet<(usize, NodeIx)>,
}

impl Instance {
    /// Nodes that go as a whole, single edges beside them, and all edges that go.
    pub(super) fn resolved(
        &self,
        graph: &Graph<'_>,
        recipe: &Recipe,
    ) -> (Vec<NodeIx>, Vec<EdgeIx>, Vec<EdgeIx>) {
        let mut whole = BTreeSet::new();
        let mut edges = self.edges.clone();
        let mut standing: BTreeMap<usize, BTreeSet<NodeIx>> = BTreeMap::new();
        for (place, node) in &self.nodes {
            match recipe.removes.get(*place) {
                Some(Cut::Node(_, but)) => {
                    let into = graph.estate.in_edges(*node).iter().copied();
                    if into.clone().any(|edge| graph.is_of(edge, but)) {
                        edges.extend(into.filter(|edge| !graph.is_of(*edge, but)));
                        edges.extend(graph.estate.out_edges(*node));
                    } else {
                        whole.insert(*node);
                    }
                }
                Some(Cut::Standing(_)) => {
                    standing.entry(*place).or_default().insert(*node);
                }
                Some(Cut::Edges(..)) | None => {}
            }
        }
        for nodes in standing.values() {
            edges.extend(graph.standing_on(nodes));
        }
        let touches = |edge: &EdgeIx| {
            let edge = graph.estate.edge(*edge);
            whole.contains(&edge.from) || whole.contains(&edge.to)
        };
        edges.retain(|edge| !touches(edge));
        edges.sort_unstable();
        edges.dedup();
        let whole: Vec<NodeIx> = whole.into_iter().collect();
        let all = graph.with_edges_of(&whole, edges.clone());
        (whole, edges, all)
    }

    /// Nodes that stop working.
    pub(super) fn down(&self, graph: &Graph<'_>, recipe: &Recipe) -> Vec<NodeIx> {
        let mut found = BTreeSet::new();
        for (place, node) in &self.down {
            match recipe.takes_down.get(*place) {
                Some(Down::Node(_)) => {
                    found.insert(*node);
                }
                Some(Down::Along(_, kinds)) => {
                    let out = graph.estate.out_edges(*node).iter();
                    let ours = out.filter(|edge| graph.is_of(**edge, kinds));
                    found.extend(ours.map(|edge| graph.estate.edge(*edge).to));
                }
                None => {}
            }
        }
        found.into_iter().collect()
    }
}

/// Steps by what they are made for.
type Instances = BTreeMap<Vec<NodeIx>, Instance>;

/// Bindings that were excepted, by the reason.
type Excepted = BTreeMap<String, Note>;

/// All steps of a recipe, and what it excepts.
pub(super) fn instances(graph: &Graph<'_>, recipe: &Recipe) -> (Instances, Excepted) {
    let mut binding = Binding {
        graph,
        recipe,
        found: BTreeMap::new(),
        excepted: BTreeMap::new(),
    };
    binding.bind(0, &mut vec![None; recipe.names]);
    (binding.found, binding.excepted)
}

/// Nodes that names stand for.
type Bound = Vec<Option<NodeIx>>;

struct Binding<'g, 'e> {
    graph: &'g Graph<'e>,
    recipe: &'g Recipe,
    found: Instances,
    excepted: Excepted,
}

impl Binding<'_, '_> {
    /// Binds names from this place on, and then takes what is bound.
    fn bind(&mut self, place: usize, bound: &mut Bound) {
        let recipe = self.recipe;
        match recipe.given.get(place) {
            None => self.whole(bound),
            Some(Given::Kind(name, kinds)) => {
                for node in self.nodes(at(bound, *name), kinds) {
                    let before = at(bound, *name);
                    set(bound, *name, Some(node));
                    self.bind(place + 1, bound);
                    set(bound, *name, before);
                }
            }
            Some(Given::Along(from, kinds, to)) => {
                let before = (at(bound, *from), at(bound, *to));
                for edge in self.edges(before, kinds) {
                    let edge = self.graph.estate.edge(edge);
                    set(bound, *from, Some(edge.from));
                    set(bound, *to, Some(edge.to));
                    self.bind(place + 1, bound);
                    set(bound, *from, before.0);
                    set(bound, *to, before.1);
                }
            }
        }
    }

    /// Nodes of these kinds, or of them the one that is bound.
    fn nodes(&self, bound: Option<NodeIx>, kinds: &[String]) -> Vec<NodeIx> {
        let graph = self.graph;
        if let Some(node) = bound {
            let fits = is_kind(graph.estate.node(node), kinds);
            return Some(node).filter(|_| fits).into_iter().collect();
        }
        let of_kind = |kind: &String| graph.nodes.get(kind.as_str());
        kinds
            .iter()
            .filter_map(of_kind)
            .flatten()
            .copied()
            .collect()
    }

    /// Edges of these kinds between what is bound.
    fn edges(&self, ends: (Option<NodeIx>, Option<NodeIx>), kinds: &[String]) -> Vec<EdgeIx> {
        let graph = self.graph;
        let near = match ends {
            (Some(from), Some(to)) => graph.estate.edges_between(from, to),
            (Some(from), None) => graph.estate.out_edges(from),
            (None, Some(to)) => graph.estate.in_edges(to),
            (None, None) => {
                let of_kind = |kind: &String| graph.edges.get(kind.as_str());
                return kinds
                    .iter()
                    .filter_map(of_kind)
                    .flatten()
                    .copied()
                    .collect();
            }
        };
        let ours = near.iter().filter(|edge| graph.is_of(**edge, kinds));
        ours.copied().collect()
    }

    /// Takes a binding of all names.
    fn whole(&mut self, bound: &Bound) {
        if self.is_excepted(bound) {
            return;
        }
        let (graph, recipe) = (self.graph, self.recipe);
        let each = recipe.each.iter().filter_map(|name| at(bound, *name));
        let instance = self.found.entry(each.collect()).or_default();
        for (place, cut) in recipe.removes.iter().enumerate() {
            match cut {
                Cut::Node(name, _) | Cut::Standing(name) => {
                    let node = at(bound, *name);
                    instance.nodes.extend(node.map(|node| (place, node)));
                }
                Cut::Edges(from, kinds, to) => {
                    if let (Some(from), Some(to)) = (at(bound, *from), at(bound, *to)) {
                        let between = graph.estate.edges_between(from, to).iter().copied();
                        let ours = between.filter(|edge| graph.is_of(*edge, kinds));
                        instance.edges.extend(ours);
                    }
                }
            }
        }
        for (place, down) in recipe.takes_down.iter().enumerate() {
            let (Down::Node(name) | Down::Along(name, _)) = down;
            let node = at(bound, *name);
            instance.down.extend(node.map(|node| (place, node)));
        }
    }

    /// Whether no step is made for what is bound, which is then counted.
    fn is_excepted(&mut self, bound: &Bound) -> bool {
        let estate = self.graph.estate;
        let excepts = |unless: &&Unless| {
            let node = at(bound, unless.name);
            node.is_some_and(|node| is_which(estate.node(node), &unless.of))
        };
        let Some(unless) = self.recipe.unless.iter().find(excepts) else {
            return false;
        };
        let counted = self.excepted.entry(unless.why.clone()).or_default();
        counted.count += 1;
        if let Some(ix) = at(bound, unless.name).filter(|_| counted.example.is_empty()) {
            let node = estate.node(ix);
            counted.example = node.name.clone().unwrap_or_else(|| node.id.to_string());
        }
        true
    }
}

fn at(bound: &Bound, name: usize) -> Option<NodeIx> {
    bound.get(name).copied().flatten()
}

fn set(bound: &mut Bound, name: usize, node: Option<NodeIx>) {
    if let Some(cell) = bound.get_mut(name) {
        *cell = node;
    }
}

fn is_kind(node: &Node, kinds: &[String]) -> bool {
    kinds.iter().any(|kind| kind == node.kind.as_str())
}

fn is_which(node: &Node, which: &Which) -> bool {
    match which {
        Which::Kind(kinds) => is_kind(node, kinds),
        Which::Ends(ends) => {
            let names = node.aliases.iter().map(String::as_str);
            let mut names = names.chain([node.id.as_str()]);
            names.any(|name| ends.iter().any(|end| name.ends_with(end)))
        }
    }
}
