//! Steps made from an estate, as the pages of their kinds say.
//!
//! What a step removes is rather too little than too much, and what it takes down rather too much than
//! too little, so that a plan over made steps holds, and is at worst dearer than it need be. A step that a
//! person wrote stays and wins over one that removes the same. Invariants: the same estate gives the same
//! steps; whatever is not made is counted with its reason. A step that removes no edge that leads on to a
//! jewel is left out, because no plan that has it is worse without it. Absent on purpose: judging which
//! steps are wise.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{EdgeIx, EdgePattern, Estate, NodeIx, Step, StepId, StepKind};

use crate::{Grounds, Kinds, Note, Pages, Prices, StepPage, recipe::Recipe};
use bind::{Graph, Instance, instances};

mod bind;

/// Whether steps are kept that no way to a jewel makes useful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Useless {
    /// They are counted and left out, if the estate has jewels.
    LeaveOut,
    /// They are made too.
    Keep,
}

/// Which steps are asked for.
#[derive(Debug)]
pub struct Asked {
    /// Only these kinds; all if none.
    pub kinds: Option<BTreeSet<String>>,
    /// What steps cost, where it is not what their page says.
    pub prices: Prices,
    /// What becomes of steps that can be of no use.
    pub useless: Useless,
    /// Most steps that are made. Those that close most ways to jewels stay.
    pub steps_max: usize,
}

/// Why a step was not made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// The kind of the step; empty if it is not about one.
    pub kind: String,
    /// Stable code of the reason.
    pub code: &'static str,
    /// The reason.
    pub why: String,
}

/// What making came to.
#[derive(Debug, Default)]
pub struct Made {
    /// The steps, by kind and then in the order of the nodes that they are made for.
    pub steps: Vec<Step>,
    /// What was not made, how often and one example.
    pub left_out: BTreeMap<LeftOut, Note>,
    /// Edges on ways to jewels that no step removes, made or written, by kind.
    pub unclosed: Kinds,
}

/// Makes steps of all kinds that pages know how to make.
pub fn make((estate, grounds): (&Estate, &Grounds), pages: &Pages, asked: Asked) -> Made {
    let graph = Graph::new(estate, grounds);
    let mut making = Making {
        ways: ways(estate),
        removed: Removed::by(&graph, estate.steps()),
        written: estate.steps().iter().map(|s| s.id.clone()).collect(),
        ids: BTreeSet::new(),
        graph,
        useless: asked.useless,
        prices: asked.prices,
        found: Vec::new(),
        left_out: BTreeMap::new(),
    };
    making.nodes_of_unknown_kind();
    for page in pages.steps() {
        let kind = page.kind.as_str();
        let wanted = |kinds: &BTreeSet<String>| kinds.contains(kind);
        if asked.kinds.as_ref().is_none_or(wanted) {
            making.kind(page);
        }
    }
    making.finish(asked.steps_max)
}

/// Whether something leads on to a jewel from each node, jewels included; empty without jewels.
fn ways(estate: &Estate) -> Vec<bool> {
    let mut open: Vec<NodeIx> = estate.jewels().map(|(node, _)| node).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let mut leads = vec![false; estate.nodes().len()];
    let mut mark = |node: NodeIx| {
        let known = leads.get_mut(node.index());
        known.is_some_and(|known| !std::mem::replace(known, true))
    };
    open.retain(|node| mark(*node));
    while let Some(node) = open.pop() {
        let before = estate.in_edges(node).iter().map(|e| estate.edge(*e).from);
        open.extend(before.filter(|from| mark(*from)));
    }
    leads
}

/// Which edges steps remove: each set once by kind, and all together.
struct Removed {
    sets: BTreeSet<(StepKind, Box<[EdgeIx]>)>,
    any: Vec<bool>,
}

impl Removed {
    fn by(graph: &Graph<'_>, steps: &[Step]) -> Self {
        let mut removed = Self {
            sets: BTreeSet::new(),
            any: vec![false; graph.estate.edges().len()],
        };
        removed.add_steps(graph, steps);
        removed
    }

    fn add_steps<'s>(&mut self, graph: &Graph<'_>, steps: impl IntoIterator<Item = &'s Step>) {
        for step in steps {
            let patterns = step.removes_edges.iter();
            let named = patterns.flat_map(|pattern| graph.estate.edges_of(pattern));
            let all = graph.with_edges_of(&step.removes_nodes, named.collect());
            self.add(&step.kind, all);
        }
    }

    /// Adds a set; whether it is new.
    fn add(&mut self, kind: &StepKind, all: Vec<EdgeIx>) -> bool {
        for edge in &all {
            if let Some(any) = self.any.get_mut(edge.index()) {
                *any = true;
            }
        }
        self.sets.insert((kind.clone(), all.into_boxed_slice()))
    }
}

/// Steps being made.
struct Making<'e> {
    graph: Graph<'e>,
    ways: Vec<bool>,
    removed: Removed,
    /// Ids of steps that people wrote.
    written: BTreeSet<StepId>,
    /// Ids of steps that were made.
    ids: BTreeSet<StepId>,
    useless: Useless,
    prices: Prices,
    /// Steps, each with how many edges on ways to jewels it removes.
    found: Vec<(Step, usize)>,
    left_out: BTreeMap<LeftOut, Note>,
}

impl Making<'_> {
    /// Makes all steps of one kind.
    fn kind(&mut self, page: &StepPage) {
        for recipe in &page.made {
            let (instances, excepted) = instances(&self.graph, recipe);
            for (why, note) in excepted {
                let example = note.example;
                self.leave_out(&page.kind, ("excepted", &why), (note.count, &example));
            }
            for (each, instance) in instances {
                self.one((page, recipe), &each, &instance);
            }
        }
    }

    /// Makes one step, or counts why not.
    fn one(&mut self, how: (&StepPage, &Recipe), each: &[NodeIx], instance: &Instance) {
        let estate = self.graph.estate;
        let kind = &how.0.kind;
        let what = self.what(each);
        let (nodes, edges, all) = instance.resolved(&self.graph, how.1);
        let leads = |edge: &&EdgeIx| {
            let to = estate.edge(**edge).to.index();
            self.ways.get(to).copied().unwrap_or(false)
        };
        let useful = all.iter().filter(leads).count();
        let priced = self.prices.of(estate, kind, each);
        let whole = StepId::new(format!("{kind}/{what}"));
        let why = if all.is_empty() {
            Some(("cuts-nothing", "no edge is there that it would remove"))
        } else if useful == 0 && !self.ways.is_empty() && self.useless == Useless::LeaveOut {
            Some(("no-way-on", "nothing that it removes leads on to a jewel"))
        } else if priced.never {
            Some(("never", "the price list says never"))
        } else if self.written.contains(&whole) {
            Some(("written", "a step of this name is written already"))
        } else if !self.removed.add(kind, all) {
            let why = "a step of this kind that removes the same is there already";
            Some(("written", why))
        } else {
            None
        };
        if let Some(why) = why {
            self.leave_out(kind, why, (1, &what));
            return;
        }
        let down = instance.down(&self.graph, how.1);
        let step = Step {
            id: self.own_id(whole),
            cost: priced.cost.unwrap_or_else(|| how.1.cost.clone()),
            minutes: priced
                .minutes
                .or_else(|| how.1.minutes.clone())
                .or_else(|| how.0.minutes.clone()),
            takes_down: down,
            ..step(how.0, nodes, self.patterns(&edges))
        };
        self.found.push((step, useful));
    }

    /// The id, or, if another step was made with it, the next that is free.
    fn own_id(&mut self, whole: StepId) -> StepId {
        let numbered = (2_u32..).map(|n| StepId::new(format!("{whole}#{n}")));
        let mut ids = std::iter::once(whole.clone()).chain(numbered);
        let taken = |id: &StepId| self.ids.contains(id) || self.written.contains(id);
        let free = ids.find(|id| !taken(id)).unwrap_or(whole);
        self.ids.insert(free.clone());
        free
    }

    /// What a step is made for, in words: names that mean one thing, else ids.
    fn what(&self, each: &[NodeIx]) -> String {
        let estate = self.graph.estate;
        let shown = |node: &NodeIx| {
            let id = estate.node(*node).id.as_str();
            let name = estate.node(*node).name.as_deref();
            name.filter(|name| estate.resolve(name) == Some(*node))
                .unwrap_or(id)
        };
        let shown: Vec<&str> = each.iter().map(shown).collect();
        if shown.is_empty() {
            "all".to_owned()
        } else {
            shown.join(">")
        }
    }

    /// Edges as patterns, each of which names all edges of its kind between its ends.
    fn patterns(&self, edges: &[EdgeIx]) -> Vec<EdgePattern> {
        let estate = self.graph.estate;
        let first = |edge: &&EdgeIx| {
            let known = estate.edge(**edge);
            let between = estate.edges_between(known.from, known.to).iter();
            let mut alike = between.filter(|other| estate.edge(**other).kind == known.kind);
            alike.next() == Some(edge)
        };
        let pattern = |edge: &EdgeIx| {
            let edge = estate.edge(*edge);
            EdgePattern {
                from: edge.from,
                to: edge.to,
                kind: Some(edge.kind.clone()),
            }
        };
        edges.iter().filter(first).map(pattern).collect()
    }

    fn leave_out(
        &mut self,
        kind: &StepKind,
        (code, why): (&'static str, &str),
        (count, example): (u64, &str),
    ) {
        let left_out = LeftOut {
            kind: kind.to_string(),
            code,
            why: why.to_owned(),
        };
        let note = self.left_out.entry(left_out).or_default();
        note.count += count;
        if note.example.is_empty() {
            example.clone_into(&mut note.example);
        }
    }

    /// Counts nodes of which nobody says what they are, so that no page speaks of them.
    fn nodes_of_unknown_kind(&mut self) {
        let estate = self.graph.estate;
        let unknown = |node: &NodeIx| estate.node(*node).kind.as_str() == "unknown";
        let mut unknown = estate.node_indices().filter(unknown);
        let Some(first) = unknown.next() else { return };
        let example = estate.node(first).id.to_string();
        let count = u64::try_from(unknown.count()).unwrap_or(u64::MAX);
        let why = "nodes of which no inventory says what they are";
        let said = ("kind-not-known", why);
        let none = StepKind::new("");
        self.leave_out(&none, said, (count.saturating_add(1), &example));
    }

    fn finish(mut self, steps_max: usize) -> Made {
        for (line, step) in self.prices.unused() {
            let why = ("price-unused", "rows of the price list that fit no step");
            self.leave_out(&StepKind::new(step), why, (1, &format!("line {line}")));
        }
        if self.found.len() > steps_max {
            self.keep_most_useful(steps_max);
        }
        Made {
            unclosed: unclosed(&self.graph, &self.ways, &self.removed),
            steps: self.found.into_iter().map(|(step, _)| step).collect(),
            left_out: self.left_out,
        }
    }

    /// Keeps so many steps, those that remove most edges on ways to jewels, in the order that they have.
    fn keep_most_useful(&mut self, steps_max: usize) {
        let mut found: Vec<(usize, (Step, usize))> = std::mem::take(&mut self.found)
            .into_iter()
            .enumerate()
            .collect();
        found.sort_by_key(|(place, (_, useful))| (std::cmp::Reverse(*useful), *place));
        for (_, (step, _)) in found.split_off(steps_max) {
            let why = ("limit", "more steps than were asked for at most");
            self.leave_out(&step.kind, why, (1, step.id.as_str()));
        }
        found.sort_by_key(|(place, _)| *place);
        self.found = found.into_iter().map(|(_, kept)| kept).collect();
        self.removed = Removed::by(&self.graph, self.graph.estate.steps());
        let kept = self.found.iter().map(|(step, _)| step);
        self.removed.add_steps(&self.graph, kept);
    }
}

/// Edges on ways to jewels that nothing removes, by kind.
fn unclosed(graph: &Graph<'_>, ways: &[bool], removed: &Removed) -> Kinds {
    let mut kinds = Kinds::new();
    for (edge, removed) in graph.estate.edges().iter().zip(&removed.any) {
        let leads = ways.get(edge.to.index()).copied().unwrap_or(false);
        if leads && !removed {
            *kinds.entry(edge.kind.to_string()).or_default() += 1;
        }
    }
    kinds
}

/// A step as its page completes it, of no price yet.
fn step(page: &StepPage, removes_nodes: Vec<NodeIx>, removes_edges: Vec<EdgePattern>) -> Step {
    Step {
        id: StepId::new(""),
        kind: page.kind.clone(),
        removes_nodes,
        removes_edges,
        takes_down: Vec::new(),
        cost: cordon_model::Money::zero(),
        minutes: None,
        undo: page.undo.as_deref().map(Arc::from),
        check: Some(Arc::from(page.check.as_str())),
        irreversible: page.irreversible,
        action: page.action.clone().map(Arc::new),
    }
}
