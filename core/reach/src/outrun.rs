//! Ways on which somebody is faster than those who close them.
//!
//! Steps are in force one after another. A way is open until the first step that removes one of its edges is in force, and whoever
//! needs less time for all of it has outrun the plan. Of two ways to a node one is worth following only if it is faster or
//! open for longer, so that ways are followed fastest first, and of slower ones only what stays open for longer than all
//! before. Absent on purpose: what was passed by the time that a way is closed is not followed any further.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use cordon_model::{EdgeIx, Estate, Exact, Minutes, NodeId, NodeIx, StepIx};
use num_traits::Zero;

use crate::{
    Removal,
    fastest::{InUnits, Unknown},
    leading_to,
    removal::removes,
};

/// A way that may be walked before it is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenWay {
    /// The nodes taken, the foothold first; one more than edges.
    pub nodes: Vec<NodeIx>,
    /// The edges walked, in order.
    pub edges: Vec<EdgeIx>,
    /// How long it takes; at least so long, if that of some edge is not known.
    pub minutes: Minutes,
    /// Whether the minutes of all of its edges are known.
    pub is_known: bool,
    /// The number, from 1, of the step that closes it.
    pub closed_by: usize,
}

/// Steps in the order of carrying out, each with when it is in force; nobody knows where there is none.
pub type Closing<'c> = &'c [(StepIx, Option<Minutes>)];

/// A race from footholds to some nodes, to be run against one order of steps after another.
#[derive(Debug)]
pub struct Chase<'e> {
    estate: &'e Estate,
    footholds: Vec<NodeIx>,
    /// By node, whether it leads to one of those asked for.
    leads: Vec<bool>,
    /// By node, whether it was asked for.
    asked: Vec<bool>,
    /// None where minutes have no unit that is small enough.
    units: Option<InUnits>,
    some_unknown: bool,
}

/// Nobody closes an edge.
const NEVER: u32 = u32::MAX;

impl<'e> Chase<'e> {
    /// A race to some nodes that some steps cut off, whatever their order.
    pub fn new(
        estate: &'e Estate,
        footholds: &[NodeIx],
        nodes: &[NodeIx],
        steps: &[StepIx],
    ) -> Self {
        let minutes = steps.iter().map(|step| estate.step(*step).minutes.as_ref());
        let marked = |nodes: &[NodeIx]| {
            let mut marks = vec![false; estate.nodes().len()];
            for node in nodes {
                if let Some(mark) = marks.get_mut(node.index()) {
                    *mark = true;
                }
            }
            marks
        };
        Self {
            leads: marked(&leading_to(estate, nodes, &Removal::none(estate))),
            asked: marked(nodes),
            footholds: footholds.to_vec(),
            units: InUnits::of(estate, minutes.flatten()),
            some_unknown: estate.edges().iter().any(|edge| edge.minutes.is_none()),
            estate,
        }
    }

    /// By node that was asked for, the ways that may be walked before they are closed: the fastest first, and each open
    /// for longer than those before it. Ways of unknown minutes stand apart, after the others.
    pub fn run(&self, closing: Closing<'_>) -> BTreeMap<NodeIx, Vec<OpenWay>> {
        if closing.is_empty() || !self.asked.contains(&true) {
            return BTreeMap::new();
        }
        let times = || closing.iter().filter_map(|(_, at)| at.as_ref());
        match &self.units {
            Some(units) if times().all(|at| units.has(at)) => self.follow(closing, units),
            Some(_) | None => self.follow(closing, &Fractions(self.estate)),
        }
    }

    fn follow<L: Lengths>(
        &self,
        closing: Closing<'_>,
        lengths: &L,
    ) -> BTreeMap<NodeIx, Vec<OpenWay>> {
        let in_force = closing.iter().map(|(_, at)| at.as_ref());
        let mut race = Follow {
            chase: self,
            closed_by: closed_by(self.estate, closing),
            in_force: in_force.map(|at| at.map(|at| lengths.of(at))).collect(),
            lengths,
            found: BTreeMap::new(),
        };
        race.follow(Unknown::Shut);
        if self.some_unknown {
            race.follow(Unknown::Instant);
        }
        race.found
    }

    fn leads(&self, node: NodeIx) -> bool {
        self.leads.get(node.index()) == Some(&true)
    }
}

/// By edge, the number of the step that removes it.
fn closed_by(estate: &Estate, closing: Closing<'_>) -> Vec<u32> {
    let mut closed_by = vec![NEVER; estate.edges().len()];
    for (at, (step, _)) in (1..).zip(closing) {
        for edge in removes(estate, *step) {
            if let Some(first) = closed_by.get_mut(edge.index()) {
                *first = at.min(*first);
            }
        }
    }
    closed_by
}

/// How minutes are added up.
pub(crate) trait Lengths {
    /// So many.
    type Length: Clone + Ord + Zero;

    /// How long an edge takes; none if nobody knows.
    fn of_edge(&self, edge: EdgeIx) -> Option<Self::Length>;

    /// What some minutes are.
    fn of(&self, minutes: &Minutes) -> Self::Length;

    /// What that is in minutes.
    fn minutes(&self, length: &Self::Length) -> Minutes;
}

struct Fractions<'e>(&'e Estate);

impl Lengths for InUnits {
    type Length = u64;

    fn of_edge(&self, edge: EdgeIx) -> Option<u64> {
        self.of_edge(edge)
    }

    fn of(&self, minutes: &Minutes) -> u64 {
        self.unit.count(minutes)
    }

    fn minutes(&self, length: &u64) -> Minutes {
        self.unit.minutes(*length)
    }
}

impl Lengths for Fractions<'_> {
    type Length = Exact;

    fn of_edge(&self, edge: EdgeIx) -> Option<Exact> {
        let minutes = self.0.edge(edge).minutes.as_ref();
        minutes.map(|minutes| minutes.exact().clone())
    }

    fn of(&self, minutes: &Minutes) -> Exact {
        minutes.exact().clone()
    }

    fn minutes(&self, length: &Exact) -> Minutes {
        Minutes::from_exact(length.clone())
    }
}

/// A way followed, as the last edge of it and what was before.
struct Followed {
    node: NodeIx,
    before: Option<(u32, EdgeIx)>,
    is_known: bool,
}

/// Until when it is open, number of edges, the way before, and the node's id: of ways of the same length, what is followed first.
type Turn<'e> = (Reverse<u32>, u32, u32, &'e NodeId, Option<EdgeIx>, NodeIx);

/// Ways to be followed, the shortest first. A few lengths are shared by very many, so that each is put in order by itself.
struct Queue<'e, W> {
    later: BTreeMap<W, Vec<Turn<'e>>>,
    now: W,
    /// Those of the length at hand, the last first.
    sorted: Vec<Turn<'e>>,
    /// Those that came since.
    since: BinaryHeap<Reverse<Turn<'e>>>,
}

impl<'e, W: Clone + Ord + Zero> Queue<'e, W> {
    fn new() -> Self {
        Self {
            later: BTreeMap::new(),
            now: W::zero(),
            sorted: Vec::new(),
            since: BinaryHeap::new(),
        }
    }

    fn push(&mut self, length: W, turn: Turn<'e>) {
        if length == self.now {
            self.since.push(Reverse(turn));
        } else if let Some(turns) = self.later.get_mut(&length) {
            turns.push(turn);
        } else {
            self.later.insert(length, vec![turn]);
        }
    }

    fn pop(&mut self) -> Option<(W, Turn<'e>)> {
        if self.sorted.is_empty() && self.since.is_empty() {
            (self.now, self.sorted) = self.later.pop_first()?;
            self.sorted.sort_unstable_by(|a, b| b.cmp(a));
        }
        let since = self.since.peek().map(|Reverse(turn)| turn);
        let turn = if since.is_some_and(|since| self.sorted.last().is_none_or(|turn| since < turn))
        {
            self.since.pop().map(|Reverse(turn)| turn)
        } else {
            self.sorted.pop()
        };
        Some((self.now.clone(), turn?))
    }
}

struct Follow<'f, L: Lengths> {
    chase: &'f Chase<'f>,
    /// By edge, the number of the step that removes it.
    closed_by: Vec<u32>,
    in_force: Vec<Option<L::Length>>,
    lengths: &'f L,
    found: BTreeMap<NodeIx, Vec<OpenWay>>,
}

impl<L: Lengths> Follow<'_, L> {
    fn follow(&mut self, unknown: Unknown) {
        let (chase, estate) = (self.chase, self.chase.estate);
        let mut followed: Vec<Followed> = Vec::new();
        let mut longest_open = vec![0_u32; estate.nodes().len()];
        let mut waiting: Vec<Option<Waiting<L::Length>>> = vec![None; estate.nodes().len()];
        let mut queue = Queue::new();
        for node in chase.footholds.iter().filter(|node| chase.leads(**node)) {
            let id = &estate.node(*node).id;
            queue.push(L::Length::zero(), (Reverse(NEVER), 0, 0, id, None, *node));
        }
        while let Some((length, (Reverse(open), edges, before, _, edge, node))) = queue.pop() {
            match longest_open.get_mut(node.index()) {
                Some(longest) if *longest < open => *longest = open,
                Some(_) | None => continue,
            }
            let way = edge.map(|edge| (before, edge));
            let is_known = way.is_none_or(|(before, edge)| {
                let before = followed.get(before as usize);
                self.lengths.of_edge(edge).is_some() && before.is_some_and(|way| way.is_known)
            });
            let this = u32::try_from(followed.len()).unwrap_or(u32::MAX);
            followed.push(Followed {
                node,
                before: way,
                is_known,
            });
            let is_told = unknown == Unknown::Shut || !is_known;
            if open < NEVER && is_told && chase.asked.get(node.index()) == Some(&true) {
                let way = self.told(&followed, (this, open), &length);
                self.found.entry(node).or_default().push(way);
            }
            for (next, to) in estate.ways_out(node) {
                let closed_by = self.closed_by.get(next.index()).copied();
                let open = closed_by.map_or(open, |closed| closed.min(open));
                let known = longest_open.get(to.index());
                if !chase.leads(to) || known.is_none_or(|known| *known >= open) {
                    continue;
                }
                if let Some(length) = self.then(&length, next, unknown)
                    && self.is_in_time(&length, open)
                    && let Some(slot) = waiting.get_mut(to.index())
                {
                    let turn = Waiting {
                        length,
                        open,
                        edges: edges + 1,
                        before: this,
                    };
                    if slot
                        .as_ref()
                        .is_some_and(|waiting| waiting.is_better(&turn))
                    {
                        continue;
                    }
                    *slot = Some(turn.clone());
                    let id = &estate.node(to).id;
                    let Waiting { length, edges, .. } = turn;
                    queue.push(length, (Reverse(open), edges, this, id, Some(next), to));
                }
            }
        }
    }

    fn then(&self, length: &L::Length, edge: EdgeIx, unknown: Unknown) -> Option<L::Length> {
        match (self.lengths.of_edge(edge), unknown) {
            (Some(more), _) => Some(length.clone() + more),
            (None, Unknown::Instant) => Some(length.clone()),
            (None, Unknown::Shut) => None,
        }
    }

    /// Whether somebody on a way of that length is there before the step is in force, or before the last if none closes it yet.
    fn is_in_time(&self, length: &L::Length, open: u32) -> bool {
        let last = self.in_force.len();
        let at = (open as usize).min(last).checked_sub(1);
        match at.and_then(|at| self.in_force.get(at)) {
            Some(Some(at)) => length < at,
            Some(None) => true,
            None => false,
        }
    }

    fn told(&self, followed: &[Followed], (way, open): (u32, u32), length: &L::Length) -> OpenWay {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let mut at = followed.get(way as usize);
        let is_known = at.is_some_and(|way| way.is_known);
        while let Some(way) = at {
            nodes.push(way.node);
            at = way.before.and_then(|(before, edge)| {
                edges.push(edge);
                followed.get(before as usize)
            });
        }
        nodes.reverse();
        edges.reverse();
        OpenWay {
            nodes,
            edges,
            minutes: self.lengths.minutes(length),
            is_known,
            closed_by: open as usize,
        }
    }
}

/// The last way to a node that waits to be followed.
#[derive(Debug, Clone)]
struct Waiting<W> {
    length: W,
    open: u32,
    edges: u32,
    before: u32,
}

impl<W: Ord> Waiting<W> {
    /// Whether it will be followed before another, which is not open for longer.
    fn is_better(&self, other: &Self) -> bool {
        self.open >= other.open
            && self.length <= other.length
            && (self.length < other.length
                || (Reverse(self.open), self.edges, self.before)
                    < (Reverse(other.open), other.edges, other.before))
    }
}
