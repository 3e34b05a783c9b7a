//! Ways on which somebody is faster than those who close them.
//!
//! Steps are in force one after another. A way is open until the first step that removes one of its edges is in force, and whoever
//! needs less time for all of it has outrun the plan. Of two ways to a node one is worth following only if it is faster or
//! open for longer, so that ways are followed fastest first, and of slower ones only what stays open for longer than all
//! before. Absent on purpose: what was passed by the time that a way is closed is not followed any further.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    ops::Add,
};

use cordon_model::{Edge, EdgeIx, Estate, Minutes, NodeIx, StepIx};
use num_traits::Zero;

use crate::{
    Removal,
    fastest::{Unit, Unknown},
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

/// By node, of some that the steps cut off, the ways that may be walked before they are closed: the fastest first, and each open
/// for longer than those before it. Ways of unknown minutes stand apart, after the others.
pub fn outrun(
    estate: &Estate,
    footholds: &[NodeIx],
    closing: Closing<'_>,
    nodes: &[NodeIx],
) -> BTreeMap<NodeIx, Vec<OpenWay>> {
    if nodes.is_empty() || closing.is_empty() {
        return BTreeMap::new();
    }
    let chase = Chase::new(estate, closing, nodes);
    let times = || closing.iter().filter_map(|(_, at)| at.as_ref());
    match Unit::of(estate, times()) {
        Some(unit) => chase.both(footholds, &|minutes| unit.count(minutes), &|units| {
            unit.minutes(*units)
        }),
        None => chase.both(footholds, &|minutes| minutes.exact().clone(), &|exact| {
            Minutes::from_exact(exact.clone())
        }),
    }
}

/// Who closes what.
struct Chase<'c> {
    estate: &'c Estate,
    closing: Closing<'c>,
    /// By edge, the number of the step that removes it; one more than there are steps if none does.
    closed_by: Vec<u32>,
    /// By node, whether it leads to one of those asked for.
    leads: Vec<bool>,
    /// By node, whether it was asked for.
    asked: Vec<bool>,
}

/// A way followed, as the last edge of it and what was before.
struct Followed {
    node: NodeIx,
    before: Option<(u32, EdgeIx)>,
    is_known: bool,
}

/// Length, until when it is open, number of edges, the way before, and the node's id: what is followed first.
type Turn<'e, W> = (W, Reverse<u32>, u32, u32, &'e str, Option<EdgeIx>, NodeIx);

impl<'c> Chase<'c> {
    fn new(estate: &'c Estate, closing: Closing<'c>, nodes: &[NodeIx]) -> Self {
        let never = number(closing.len() + 1);
        let mut closed_by = vec![never; estate.edges().len()];
        for (at, (step, _)) in (1..).zip(closing) {
            for edge in removes(estate, estate.step(*step)) {
                if let Some(first) = closed_by.get_mut(edge.index()) {
                    *first = at.min(*first);
                }
            }
        }
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
            estate,
            closing,
            closed_by,
        }
    }

    fn both<W>(
        &self,
        footholds: &[NodeIx],
        count: &dyn Fn(&Minutes) -> W,
        minutes: &dyn Fn(&W) -> Minutes,
    ) -> BTreeMap<NodeIx, Vec<OpenWay>>
    where
        for<'w> W: Clone + Ord + Zero + Add<&'w W, Output = W>,
    {
        let in_force = self.closing.iter().map(|(_, at)| at.as_ref().map(count));
        let mut race = Follow {
            chase: self,
            in_force: in_force.collect(),
            count,
            minutes,
            found: BTreeMap::new(),
        };
        race.follow(footholds, Unknown::Shut);
        if self
            .estate
            .edges()
            .iter()
            .any(|edge| edge.minutes.is_none())
        {
            race.follow(footholds, Unknown::Instant);
        }
        race.found
    }

    fn leads(&self, node: NodeIx) -> bool {
        self.leads.get(node.index()) == Some(&true)
    }
}

struct Follow<'f, W> {
    chase: &'f Chase<'f>,
    in_force: Vec<Option<W>>,
    count: &'f dyn Fn(&Minutes) -> W,
    minutes: &'f dyn Fn(&W) -> Minutes,
    found: BTreeMap<NodeIx, Vec<OpenWay>>,
}

impl<W> Follow<'_, W>
where
    for<'w> W: Clone + Ord + Zero + Add<&'w W, Output = W>,
{
    fn follow(&mut self, footholds: &[NodeIx], unknown: Unknown) {
        let (chase, estate) = (self.chase, self.chase.estate);
        let never = number(chase.closing.len() + 1);
        let mut followed: Vec<Followed> = Vec::new();
        let mut longest_open = vec![0_u32; estate.nodes().len()];
        let mut queue: BinaryHeap<Reverse<Turn<'_, W>>> = BinaryHeap::new();
        for node in footholds.iter().filter(|node| chase.leads(**node)) {
            let id = estate.node(*node).id.as_str();
            queue.push(Reverse((W::zero(), Reverse(never), 0, 0, id, None, *node)));
        }
        while let Some(Reverse((length, Reverse(open), edges, before, _, edge, node))) = queue.pop()
        {
            match longest_open.get_mut(node.index()) {
                Some(longest) if *longest < open => *longest = open,
                Some(_) | None => continue,
            }
            let way = edge.map(|edge| (before, edge));
            let is_known = way.is_none_or(|(before, edge)| {
                let before = followed.get(before as usize);
                estate.edge(edge).minutes.is_some() && before.is_some_and(|way| way.is_known)
            });
            let this = number(followed.len());
            followed.push(Followed {
                node,
                before: way,
                is_known,
            });
            let is_told = unknown == Unknown::Shut || !is_known;
            if open < never && is_told && chase.asked.get(node.index()) == Some(&true) {
                let way = self.told(&followed, (this, open), &length);
                self.found.entry(node).or_default().push(way);
            }
            for &next in estate.out_edges(node) {
                let edge = estate.edge(next);
                let closed_by = chase.closed_by.get(next.index()).copied();
                let open = closed_by.map_or(open, |closed| closed.min(open));
                let known = longest_open.get(edge.to.index());
                if !chase.leads(edge.to) || known.is_none_or(|known| *known >= open) {
                    continue;
                }
                if let Some(length) = self.then(&length, edge, unknown)
                    && self.is_in_time(&length, open)
                {
                    let id = estate.node(edge.to).id.as_str();
                    let turn = (
                        length,
                        Reverse(open),
                        edges + 1,
                        this,
                        id,
                        Some(next),
                        edge.to,
                    );
                    queue.push(Reverse(turn));
                }
            }
        }
    }

    fn then(&self, length: &W, edge: &Edge, unknown: Unknown) -> Option<W> {
        match (&edge.minutes, unknown) {
            (Some(minutes), _) => Some(length.clone() + &(self.count)(minutes)),
            (None, Unknown::Instant) => Some(length.clone()),
            (None, Unknown::Shut) => None,
        }
    }

    /// Whether somebody on a way of that length is there before the step is in force, or before the last if none closes it yet.
    fn is_in_time(&self, length: &W, open: u32) -> bool {
        let last = self.in_force.len();
        let at = (open as usize).min(last).checked_sub(1);
        match at.and_then(|at| self.in_force.get(at)) {
            Some(Some(at)) => length < at,
            Some(None) => true,
            None => false,
        }
    }

    fn told(&self, followed: &[Followed], (way, open): (u32, u32), length: &W) -> OpenWay {
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
            minutes: (self.minutes)(length),
            is_known,
            closed_by: open as usize,
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
