//! Doubt as an estate of its own, so that the search for the cheapest cut weighs it exactly.
//!
//! For each suspect there is a copy of the ways from it to the jewels, cut by whatever cuts the ways themselves. Which
//! of the suspects that lead to a jewel are held is a world; in each the jewel is lost if one of the held ones
//! reaches its copy. So from the copies ways lead to one node for each world, and from there to one end, closed for
//! the loss times how likely that world is: closing one is accepting that loss.

use std::collections::BTreeMap;

use cordon_model::{EdgePattern, Estate, EstateParts, Exact, Jewel, Money, NodeIx};
use cordon_reach::{Removal, leading_to, reach};
use num_traits::{One, Zero};

use super::{Doubt, changed};

/// Worlds weighed, over all jewels: nine suspects that lead to one jewel, five that lead to sixteen.
const WORLDS_MAX: usize = 512;
/// Edges copied at most. Beyond that most steps close several ways, which is what makes a search long.
const EDGES_MAX: usize = 100_000;

/// The set of steps that is expected to cost least, none if there are too many worlds or the estate is too wide.
pub(super) fn cheapest(doubt: &Doubt<'_>) -> Option<changed::Found> {
    let leads = doubt.leads(&Removal::none(doubt.question.estate));
    let jewels = doubt.jewels.iter().map(|(node, _)| *node);
    let by = |jewel: NodeIx| -> Vec<usize> {
        let numbered = leads.iter().enumerate();
        let by = numbered.filter(|(_, leads)| leads.contains(&jewel));
        by.map(|(number, _)| number).collect()
    };
    let led_to: Vec<(NodeIx, Vec<usize>)> = jewels.map(|jewel| (jewel, by(jewel))).collect();
    let worlds =
        |(_, by): &(NodeIx, Vec<usize>)| 1_usize.checked_shl(shift(by.len())).map(|n| n - 1);
    let all = led_to
        .iter()
        .try_fold(0_usize, |sum, each| sum.checked_add(worlds(each)?));
    if all.is_none_or(|all| all > WORLDS_MAX) {
        return None;
    }
    let copies = copies(doubt, &leads)?;
    let mut made = Made::new(doubt, copies);
    for (jewel, by) in &led_to {
        made.add_worlds(doubt, *jewel, by);
    }
    changed::cheapest_if_narrow(doubt.question, made.parts, made.doubt)
}

fn shift(bits: usize) -> u32 {
    u32::try_from(bits).unwrap_or(u32::MAX)
}

/// By suspect, the nodes on its ways to jewels; none if they have too many edges.
fn copies(doubt: &Doubt<'_>, leads: &[Vec<NodeIx>]) -> Option<Vec<Vec<NodeIx>>> {
    let estate = doubt.question.estate;
    let mut left = EDGES_MAX;
    let each = doubt.suspects.iter().zip(leads).map(|(suspect, jewels)| {
        let nodes = between(estate, suspect.node, jewels);
        let edges = nodes.iter().map(|node| estate.out_edges(*node).len());
        left = left.checked_sub(edges.sum())?;
        Some(nodes)
    });
    each.collect()
}

/// The nodes on ways from one node to some others, ascending.
fn between(estate: &Estate, from: NodeIx, to: &[NodeIx]) -> Vec<NodeIx> {
    let all = Removal::none(estate);
    let reached = reach(estate, &[from], &all);
    let mut nodes = leading_to(estate, to, &all);
    nodes.retain(|node| reached.contains(*node));
    nodes
}

/// An estate in the making.
struct Made {
    parts: EstateParts,
    /// Where all that is doubted hangs on.
    doubt: NodeIx,
    /// What must not be reached.
    end: NodeIx,
    /// By suspect, the copy of each node.
    copies: Vec<BTreeMap<NodeIx, NodeIx>>,
}

impl Made {
    fn new(doubt: &Doubt<'_>, nodes: Vec<Vec<NodeIx>>) -> Self {
        let mut parts = doubt.question.estate.parts().clone();
        let (foothold, end) = (changed::add_node(&mut parts), changed::add_node(&mut parts));
        if let Some(end) = parts.nodes.get_mut(end.index()) {
            let loss = Money::zero();
            end.jewel = Some(Jewel { loss, why: None });
        }
        let copies = nodes.into_iter().map(|nodes| {
            let copy = |node| (node, changed::add_node(&mut parts));
            nodes.into_iter().map(copy).collect()
        });
        let copies: Vec<BTreeMap<NodeIx, NodeIx>> = copies.collect();
        let mut made = Self {
            parts,
            doubt: foothold,
            end,
            copies,
        };
        made.copy_edges(doubt.question.estate);
        made.copy_cuts();
        for (number, suspect) in doubt.suspects.iter().enumerate() {
            if let Some(copy) = made.copy(number, suspect.node) {
                changed::add_edge(&mut made.parts, foothold, copy);
            }
        }
        made
    }

    fn copy(&self, suspect: usize, node: NodeIx) -> Option<NodeIx> {
        self.copies.get(suspect)?.get(&node).copied()
    }

    fn copy_edges(&mut self, estate: &Estate) {
        for copy in &self.copies {
            for (node, from) in copy {
                for edge in estate.out_edges(*node) {
                    let edge = estate.edge(*edge);
                    if let Some(to) = copy.get(&edge.to) {
                        self.parts.edges.push(cordon_model::Edge {
                            from: *from,
                            to: *to,
                            ..edge.clone()
                        });
                    }
                }
            }
        }
    }

    /// Whatever cuts a way cuts its copies.
    fn copy_cuts(&mut self) {
        for step in &mut self.parts.steps {
            let (nodes, patterns) = (step.removes_nodes.clone(), step.removes_edges.clone());
            for copy in &self.copies {
                let copied = nodes.iter().filter_map(|node| copy.get(node).copied());
                step.removes_nodes.extend(copied);
                let copied = patterns.iter().filter_map(|pattern| {
                    Some(EdgePattern {
                        from: *copy.get(&pattern.from)?,
                        to: *copy.get(&pattern.to)?,
                        kind: pattern.kind.clone(),
                    })
                });
                step.removes_edges.extend(copied);
            }
        }
    }

    /// Every world of the suspects that lead to a jewel in which one of them is held.
    fn add_worlds(&mut self, doubt: &Doubt<'_>, jewel: NodeIx, by: &[usize]) {
        let at_stake = doubt.at_stake(jewel);
        for world in 1..1_usize.checked_shl(shift(by.len())).unwrap_or(0) {
            let is_held = |bit: usize| world >> bit & 1 == 1;
            let chance = by
                .iter()
                .enumerate()
                .fold(Exact::one(), |chance, (bit, &number)| {
                    let sure = doubt.sure.get(number).cloned().unwrap_or_else(Exact::zero);
                    chance
                        * if is_held(bit) {
                            sure
                        } else {
                            Exact::one() - sure
                        }
                });
            if chance.is_zero() {
                continue;
            }
            let lost = changed::add_node(&mut self.parts);
            for (bit, &number) in by.iter().enumerate() {
                if let Some(copy) = self.copy(number, jewel).filter(|_| is_held(bit)) {
                    changed::add_edge(&mut self.parts, copy, lost);
                }
            }
            let price = Money::from_exact(&at_stake * chance);
            changed::add_way_out(&mut self.parts, lost, self.end, price);
        }
    }
}
