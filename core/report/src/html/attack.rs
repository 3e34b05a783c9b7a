//! Which part of the attack graph is drawn: the fastest way to each jewel, and a way through what
//! each step cuts.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use cordon_model::{EdgeIx, Estate, NodeIx, StepIx};
use cordon_plan::TargetStatus;
use cordon_reach::{Reach, Removal, reach};

use super::page::Page;

/// Most things drawn: more cannot be read; what is over is folded, layer by layer.
pub(crate) const THINGS_MAX: usize = 60;

/// Most things drawn side by side in one layer.
const LAYER_THINGS_MAX: usize = 10;

/// Most further ways drawn for one step: enough to see what it is for.
const WAYS_A_STEP_MAX: usize = 4;

/// One thing drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Thing {
    /// The node; none for several that are folded into one.
    pub(crate) node: Option<NodeIx>,
    /// How many nodes it stands for.
    pub(crate) stands_for: usize,
    pub(crate) held: bool,
    pub(crate) jewel: bool,
    /// Whether the intruder can be there once the plan is carried out.
    pub(crate) reached_after: bool,
    /// Steps, by their number in the plan, that remove the node itself.
    pub(crate) cut_by: Vec<usize>,
}

/// One line drawn: every edge from one thing to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Steps, by number, that cut some of its edges.
    pub(crate) cut_by: BTreeSet<usize>,
    /// Whether none of its edges is left.
    pub(crate) cut: bool,
    /// Whether all its edges are unknown rather than known.
    pub(crate) unknown: bool,
}

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attack {
    pub(crate) things: Vec<Thing>,
    pub(crate) lines: Vec<Line>,
}

/// The part of the graph that the case turns on; nothing where nothing is reached.
pub(crate) fn attack(page: &Page<'_>) -> Attack {
    let steps = page.draft().map_or(&[][..], |draft| &draft.steps);
    let cut = Cut::new(page, steps);
    let mut pairs = fastest_ways(page);
    for step in &cut.each {
        pairs.extend(cut.ways_through(step, &pairs));
    }
    cut.draw(&pairs)
}

/// Every two nodes that follow each other on a way to a jewel.
type Pairs = BTreeSet<(NodeIx, NodeIx)>;

fn hops(nodes: &[NodeIx]) -> impl Iterator<Item = (NodeIx, NodeIx)> {
    nodes.iter().copied().zip(nodes.iter().copied().skip(1))
}

fn fastest_ways(page: &Page<'_>) -> Pairs {
    let targets = page.case.answer.map_or(&[][..], |answer| &answer.targets);
    let ways = targets.iter().filter(|target| match target.status {
        TargetStatus::CutOff | TargetStatus::Reachable => true,
        TargetStatus::AlreadyHeld | TargetStatus::NeverReachable => false,
    });
    let reasons = page.infeasible().map_or(&[][..], |why| &why.reasons);
    ways.flat_map(|target| hops(&target.path_before))
        .chain(reasons.iter().flat_map(|reason| hops(&reason.path)))
        .collect()
}

/// One step and what it touches.
struct StepCut {
    number: usize,
    ix: StepIx,
    removes: Vec<NodeIx>,
    ends: Vec<(NodeIx, NodeIx)>,
}

/// The estate before and after the plan.
struct Cut<'e> {
    estate: &'e Estate,
    held: BTreeSet<NodeIx>,
    before: Reach<'e>,
    after: Reach<'e>,
    whole: Removal,
    each: Vec<StepCut>,
    towards_jewels: BTreeMap<NodeIx, NodeIx>,
}

impl<'e> Cut<'e> {
    fn new(page: &Page<'e>, steps: &[StepIx]) -> Self {
        let estate = page.case.estate;
        let footholds = page.case.question.footholds.iter();
        let held: Vec<NodeIx> = footholds.map(|foothold| foothold.node).collect();
        let whole = Removal::of(estate, steps);
        let numbered = (1..).zip(steps);
        Self {
            before: reach(estate, &held, &Removal::none(estate)),
            after: reach(estate, &held, &whole),
            whole,
            each: numbered
                .map(|(n, ix)| StepCut::new(estate, n, *ix))
                .collect(),
            towards_jewels: if steps.is_empty() {
                BTreeMap::new()
            } else {
                towards_jewels(estate, &held.iter().copied().collect())
            },
            estate,
            held: held.into_iter().collect(),
        }
    }

    /// Ways from a foothold to a jewel through edges that a step cuts, if none is drawn yet.
    fn ways_through(&self, step: &StepCut, drawn: &Pairs) -> Pairs {
        if step.ends.iter().any(|pair| drawn.contains(pair)) {
            return Pairs::new();
        }
        let useful = step.ends.iter().filter(|(from, to)| {
            let leads_on = self.is_jewel(*to) || self.towards_jewels.contains_key(to);
            self.before.contains(*from) && leads_on && !self.held.contains(to)
        });
        let mut ways = Pairs::new();
        for (from, to) in useful.take(WAYS_A_STEP_MAX) {
            if let Some(path) = self.before.fastest(*from) {
                ways.extend(hops(&path.nodes));
            }
            ways.insert((*from, *to));
            let mut at = *to;
            while let Some(next) = self.towards_jewels.get(&at) {
                if self.is_jewel(at) || !ways.insert((at, *next)) {
                    break;
                }
                at = *next;
            }
        }
        ways
    }

    fn is_jewel(&self, node: NodeIx) -> bool {
        self.estate.node(node).jewel.is_some()
    }

    fn draw(&self, pairs: &Pairs) -> Attack {
        let ends = pairs.iter().flat_map(|(from, to)| [*from, *to]);
        let ends: BTreeSet<NodeIx> = ends.collect();
        let mut nodes: Vec<NodeIx> = ends.into_iter().collect();
        nodes.sort_by_cached_key(|ix| {
            let node = self.estate.node(*ix);
            let loss = node.jewel.as_ref().map(|jewel| jewel.loss.clone());
            (!self.held.contains(ix), Reverse(loss), node.id.clone())
        });
        let place: BTreeMap<NodeIx, usize> = nodes.iter().copied().zip(0..).collect();
        let mut lines: Vec<(Line, Vec<EdgeIx>)> = pairs
            .iter()
            .filter_map(|(from, to)| {
                let (a, b) = (place.get(from)?, place.get(to)?);
                Some(self.line((*from, *to), (*a, *b)))
            })
            .collect();
        // One removal at a time: each is as long as the estate has edges.
        for step in &self.each {
            let removal = Removal::of(self.estate, &[step.ix]);
            for (line, edges) in &mut lines {
                if edges.iter().any(|edge| !removal.keeps(*edge)) {
                    line.cut_by.insert(step.number);
                }
            }
        }
        Attack {
            things: nodes.iter().map(|node| self.thing(*node)).collect(),
            lines: lines.into_iter().map(|(line, _)| line).collect(),
        }
    }

    fn thing(&self, node: NodeIx) -> Thing {
        let removes = self.each.iter().filter(|step| step.removes.contains(&node));
        Thing {
            node: Some(node),
            stands_for: 1,
            held: self.held.contains(&node),
            jewel: self.is_jewel(node),
            reached_after: self.after.contains(node),
            cut_by: removes.map(|step| step.number).collect(),
        }
    }

    /// A line that no step cuts yet, and the edges it stands for.
    fn line(&self, (from, to): (NodeIx, NodeIx), (a, b): (usize, usize)) -> (Line, Vec<EdgeIx>) {
        let out = self.estate.out_edges(from).iter().copied();
        let edges: Vec<EdgeIx> = out.filter(|ix| self.estate.edge(*ix).to == to).collect();
        let line = Line {
            from: a,
            to: b,
            cut_by: BTreeSet::new(),
            cut: edges.iter().all(|ix| !self.whole.keeps(*ix)),
            unknown: edges
                .iter()
                .all(|ix| self.estate.edge(*ix).unknown.is_some()),
        };
        (line, edges)
    }
}

impl StepCut {
    fn new(estate: &Estate, number: usize, ix: StepIx) -> Self {
        let step = estate.step(ix);
        let named = step.removes_edges.iter().map(|p| (p.from, p.to));
        let around = step.removes_nodes.iter().flat_map(|node| {
            let edges = estate.out_edges(*node).iter().chain(estate.in_edges(*node));
            edges.map(|edge| (estate.edge(*edge).from, estate.edge(*edge).to))
        });
        Self {
            number,
            ix,
            removes: step.removes_nodes.clone(),
            ends: named.chain(around).collect(),
        }
    }
}

/// For every node that leads to a jewel, the next node on a shortest way there.
fn towards_jewels(estate: &Estate, held: &BTreeSet<NodeIx>) -> BTreeMap<NodeIx, NodeIx> {
    let jewels = estate.jewels().map(|(ix, _)| ix);
    let mut waiting: VecDeque<NodeIx> = jewels.filter(|ix| !held.contains(ix)).collect();
    let mut seen: BTreeSet<NodeIx> = waiting.iter().copied().collect();
    let mut next = BTreeMap::new();
    while let Some(node) = waiting.pop_front() {
        for edge in estate.in_edges(node) {
            let from = estate.edge(*edge).from;
            if seen.insert(from) {
                next.insert(from, node);
                waiting.push_back(from);
            }
        }
    }
    next
}

impl Attack {
    /// The same with the less telling things of each layer folded into one, if there are too many.
    ///
    /// `layer` says where each thing would stand. Footholds, jewels and what steps touch stay as
    /// long as there is room for them.
    pub(crate) fn folded(self, layer: &[usize]) -> Self {
        let stay = self.staying(layer);
        if stay.len() == self.things.len() {
            return self;
        }
        let mut things: Vec<Thing> = Vec::new();
        let mut folds: BTreeMap<usize, usize> = BTreeMap::new();
        let mut becomes: Vec<usize> = Vec::new();
        for (at, thing) in self.things.iter().enumerate() {
            if stay.contains(&at) {
                becomes.push(things.len());
                things.push(thing.clone());
                continue;
            }
            let here = layer.get(at).copied().unwrap_or_default();
            let fold = *folds.entry(here).or_insert_with(|| {
                things.push(Thing {
                    node: None,
                    stands_for: 0,
                    cut_by: Vec::new(),
                    ..thing.clone()
                });
                things.len() - 1
            });
            if let Some(folded) = things.get_mut(fold) {
                folded.stands_for += 1;
                folded.held &= thing.held;
                folded.jewel &= thing.jewel;
                folded.reached_after |= thing.reached_after;
            }
            becomes.push(fold);
        }
        Self {
            things,
            lines: joined(&self.lines, &becomes),
        }
    }

    /// The things that there is room for, with a fold in every layer.
    fn staying(&self, layer: &[usize]) -> BTreeSet<usize> {
        let layers = layer.iter().max().map_or(1, |deepest| deepest + 1);
        let mut crowd = vec![0_usize; layers];
        for at in layer {
            if let Some(count) = crowd.get_mut(*at) {
                *count += 1;
            }
        }
        let all = 0..self.things.len();
        let fits = crowd.iter().all(|count| *count <= LAYER_THINGS_MAX);
        if fits && self.things.len() <= THINGS_MAX {
            return all.collect();
        }
        let mut by_rank: Vec<usize> = all.collect();
        by_rank.sort_by_key(|at| self.dullness(*at));
        let room = THINGS_MAX.saturating_sub(layers).max(THINGS_MAX / 2);
        let mut stay = BTreeSet::new();
        let mut taken = vec![0_usize; layers];
        for at in by_rank {
            let here = layer.get(at).copied().unwrap_or_default();
            let crowded = crowd
                .get(here)
                .is_some_and(|count| *count > LAYER_THINGS_MAX);
            // A layer that is folded keeps one place for its fold.
            let most = LAYER_THINGS_MAX - usize::from(crowded);
            if let Some(count) = taken.get_mut(here)
                && *count < most
                && stay.len() < room
            {
                *count += 1;
                stay.insert(at);
            }
        }
        stay
    }

    /// Orders things by how much they tell: footholds, what is cut, jewels, the rest.
    fn dullness(&self, at: usize) -> (u8, usize) {
        let badge = |line: &Line| (line.from == at || line.to == at) && !line.cut_by.is_empty();
        let rank = match self.things.get(at) {
            Some(thing) if thing.held => 0,
            Some(thing) if !thing.cut_by.is_empty() => 1,
            Some(_) if self.lines.iter().any(badge) => 2,
            Some(thing) if thing.jewel => 3,
            Some(_) | None => 4,
        };
        (rank, at)
    }
}

/// Lines between what their ends became; lines that now have the same ends are one.
fn joined(lines: &[Line], becomes: &[usize]) -> Vec<Line> {
    let mut joined: BTreeMap<(usize, usize), Line> = BTreeMap::new();
    for line in lines {
        let ends = (becomes.get(line.from), becomes.get(line.to));
        let (Some(&from), Some(&to)) = ends else {
            continue;
        };
        if from == to {
            continue;
        }
        let entry = joined.entry((from, to));
        entry
            .and_modify(|known| {
                known.cut &= line.cut;
                known.unknown &= line.unknown;
                known.cut_by.extend(&line.cut_by);
            })
            .or_insert_with(|| Line {
                from,
                to,
                ..line.clone()
            });
    }
    joined.into_values().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Attack, Line, THINGS_MAX, Thing};

    #[test]
    fn a_crowd_is_folded_and_footholds_and_jewels_stay() {
        let middle = 200;
        let thing = |held, jewel| Thing {
            node: None,
            stands_for: 1,
            held,
            jewel,
            reached_after: held,
            cut_by: Vec::new(),
        };
        let mut things = vec![thing(true, false), thing(false, true)];
        let mut lines = Vec::new();
        let mut layer = vec![0, 2];
        for _ in 0..middle {
            let at = things.len();
            things.push(thing(false, false));
            layer.push(1);
            for (from, to) in [(0, at), (at, 1)] {
                lines.push(Line {
                    from,
                    to,
                    cut_by: BTreeSet::new(),
                    cut: false,
                    unknown: false,
                });
            }
        }
        let folded = Attack { things, lines }.folded(&layer);
        assert!(folded.things.len() <= THINGS_MAX);
        let all: usize = folded.things.iter().map(|thing| thing.stands_for).sum();
        assert_eq!(all, middle + 2, "nothing is lost by folding");
        assert!(folded.things[0].held && folded.things[1].jewel);
        let ends = folded.lines.iter().map(|line| (line.from, line.to));
        let ends: Vec<_> = ends.collect();
        assert_eq!(ends.iter().collect::<BTreeSet<_>>().len(), ends.len());
    }
}
