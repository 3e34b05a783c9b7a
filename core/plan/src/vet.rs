//! The certificate of a bound, and its check.
//!
//! A flow runs along attack edges from what is held to the jewels. Each unit of it must be stopped by
//! any admissible plan, and what a step stops of it never exceeds what choosing the step costs: its own
//! cost, and parts of what services lose that it stops by itself, each loss handed out once. So no plan
//! costs less than the flow carries. Everything here follows from the estate and the flow alone, in time
//! linear in both; nothing is shared with the search that made it.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{
    EdgeIx, Estate, Exact, Money, NodeId, NodeIx, ServiceId, ServiceIx, StepId, StepIx,
};
use num_bigint::BigInt;
use num_traits::Zero;
use thiserror::Error;

use crate::{Question, price::Alone};

/// A flow that no admissible plan can be cheaper than.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowProof {
    /// What one unit of every amount is in money.
    pub unit: Money,
    /// Amounts along attack edges.
    pub edges: Vec<(EdgeIx, u64)>,
    /// Amounts through nodes that steps remove.
    pub nodes: Vec<(NodeIx, u64)>,
    /// What is charged to services.
    pub draws: Vec<Draw>,
    /// Steps that do no more than another and stop no less: what the other is charged with serves for
    /// them too.
    pub behind: Vec<(StepIx, StepIx)>,
    /// What the flow carries, in money.
    pub bound: Money,
}

/// A part of a service's loss that pays for what a step stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The step.
    pub step: StepIx,
    /// The service, which the step stops by itself.
    pub service: ServiceIx,
    /// How much.
    pub amount: u64,
}

/// Why a flow proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FlowFlaw {
    /// An edge, node, step or service that the estate does not have, or an amount given twice.
    #[error("the flow names {0}, which the estate does not have or which it names twice")]
    NoSuchThing(String),
    /// Amounts in and out of a node that differ.
    #[error("at `{node}` {into} flow in and {out} flow out")]
    Unbalanced {
        /// The node.
        node: NodeId,
        /// Into it.
        into: i128,
        /// Out of it.
        out: i128,
    },
    /// A step that stops more than it costs.
    #[error("step `{step}` stops {stopped} of the flow and costs no more than {allowed}")]
    Overdrawn {
        /// The step.
        step: StepId,
        /// What it stops.
        stopped: String,
        /// What it costs, draws included, in units.
        allowed: String,
    },
    /// A draw on a service that the step does not stop by itself.
    #[error("step `{step}` is charged to service `{service}`, which it does not stop by itself")]
    StopsNot {
        /// The step.
        step: StepId,
        /// The service.
        service: ServiceId,
    },
    /// A step that is said to do no more than another, and does.
    #[error(
        "step `{step}` does not stand behind `{leader}`: it is cheaper, stops more of the flow, or spares a service that the other is charged to"
    )]
    NotBehind {
        /// The step.
        step: StepId,
        /// The other.
        leader: StepId,
    },
    /// More drawn on a service than it loses.
    #[error("{drawn} are charged to service `{service}`, which loses no more than {lost}")]
    Overcharged {
        /// The service.
        service: ServiceId,
        /// What is drawn.
        drawn: String,
        /// What it loses at least if any of those steps is chosen, in units.
        lost: String,
    },
    /// A claim above what arrives.
    #[error("the flow carries {found} and is claimed to carry {claimed}")]
    CarriesLess {
        /// What is claimed.
        claimed: Money,
        /// What arrives.
        found: Money,
    },
}

/// Checks that a flow bounds the price of every admissible plan; gives what it carries, which is never
/// less than it claims.
///
/// # Errors
/// Everything that is wrong with it.
pub fn vet_flow(question: &Question<'_>, flow: &FlowProof) -> Result<Money, Vec<FlowFlaw>> {
    let vet = Vet::new(question, flow)?;
    let mut flaws = vet.unbalanced();
    flaws.extend(vet.overdrawn());
    let found = Money::from_exact(flow.unit.exact() * Exact::from(BigInt::from(vet.arriving())));
    if flow.bound > found {
        flaws.push(FlowFlaw::CarriesLess {
            claimed: flow.bound.clone(),
            found: found.clone(),
        });
    }
    if flaws.is_empty() {
        Ok(found)
    } else {
        Err(flaws)
    }
}

/// The estate as the flow sees it. A node that some usable step removes has two sides, the way in and
/// the way out; all others have one.
struct Vet<'v> {
    estate: &'v Estate,
    question: &'v Question<'v>,
    flow: &'v FlowProof,
    alone: Alone<'v>,
    /// Steps that stop nothing protected by themselves: all that an admissible plan may have.
    usable: Vec<StepIx>,
    removable: Vec<bool>,
    along: Vec<u64>,
    through: Vec<u64>,
    /// By side, whether it is held whatever is done.
    held: Vec<bool>,
    /// By side, whether a jewel is reached from it whatever is done.
    lost: Vec<bool>,
    /// By side, what flows in and what flows out.
    sums: Vec<(i128, i128)>,
}

impl<'v> Vet<'v> {
    fn new(question: &'v Question<'v>, flow: &'v FlowProof) -> Result<Self, Vec<FlowFlaw>> {
        let estate = question.estate;
        let alone = Alone::new(estate);
        let usable = usable(question, &alone);
        let mut removable = vec![false; estate.nodes().len()];
        let mut fragile = vec![false; estate.edges().len()];
        for &step in &usable {
            let nodes = estate.step(step).removes_nodes.iter();
            nodes.for_each(|node| mark(&mut removable, node.index()));
            let edges = estate.edges_named_by(step).iter();
            edges.for_each(|edge| mark(&mut fragile, edge.index()));
        }
        let mut vet = Self {
            along: amounts(
                flow.edges.iter().map(|(e, n)| (e.index(), *n)),
                fragile.len(),
                "an edge",
            )?,
            through: amounts(
                flow.nodes.iter().map(|(v, n)| (v.index(), *n)),
                removable.len(),
                "a node",
            )?,
            sums: vec![(0, 0); 2 * removable.len()],
            held: Vec::new(),
            lost: Vec::new(),
            alone,
            estate,
            question,
            flow,
            usable,
            removable,
        };
        let footholds: BTreeSet<NodeIx> = question.footholds.iter().map(|f| f.node).collect();
        let held = footholds.iter().map(|node| 2 * node.index());
        let jewels = estate.jewels().map(|(node, _)| node);
        let jewels = jewels.filter(|node| !footholds.contains(node));
        let jewels: Vec<usize> = jewels.map(|node| vet.out_of(node)).collect();
        vet.held = vet.spread(held.collect(), &fragile, Direction::Onward);
        vet.lost = vet.spread(jewels, &fragile, Direction::Back);
        vet.add_up();
        Ok(vet)
    }

    fn out_of(&self, node: NodeIx) -> usize {
        let two_sided = self.removable.get(node.index()) == Some(&true);
        2 * node.index() + usize::from(two_sided)
    }

    /// Every side that ways which no usable step closes join to the starts.
    fn spread(&self, starts: Vec<usize>, fragile: &[bool], direction: Direction) -> Vec<bool> {
        let mut found = vec![false; 2 * self.removable.len()];
        let mut open = starts;
        for &start in &open {
            mark(&mut found, start);
        }
        while let Some(side) = open.pop() {
            let node = NodeIx(u32::try_from(side / 2).unwrap_or(u32::MAX));
            let mut pass = |edge: EdgeIx, next: usize| {
                if fragile.get(edge.index()) == Some(&false) && found.get(next) == Some(&false) {
                    mark(&mut found, next);
                    open.push(next);
                }
            };
            match direction {
                Direction::Onward if side == self.out_of(node) => {
                    let ways = self.estate.ways_out(node);
                    ways.for_each(|(edge, to)| pass(edge, 2 * to.index()));
                }
                Direction::Back if side.is_multiple_of(2) => {
                    let ways = self.estate.ways_in(node);
                    ways.for_each(|(edge, from)| pass(edge, self.out_of(from)));
                }
                Direction::Onward | Direction::Back => {}
            }
        }
        found
    }

    fn add_up(&mut self) {
        for &(edge, amount) in &self.flow.edges {
            let edge = self.estate.edge(edge);
            let (from, to) = (self.out_of(edge.from), 2 * edge.to.index());
            self.carry(from, to, amount);
        }
        for &(node, amount) in &self.flow.nodes {
            self.carry(2 * node.index(), self.out_of(node), amount);
        }
    }

    fn carry(&mut self, from: usize, to: usize, amount: u64) {
        if from == to {
            return;
        }
        if let Some(sum) = self.sums.get_mut(from) {
            sum.1 += i128::from(amount);
        }
        if let Some(sum) = self.sums.get_mut(to) {
            sum.0 += i128::from(amount);
        }
    }

    fn unbalanced(&self) -> Vec<FlowFlaw> {
        let ends = self.held.iter().zip(&self.lost);
        let sides = self.sums.iter().zip(ends).enumerate();
        let wrong =
            sides.filter(|(_, ((into, out), (held, lost)))| into != out && !**held && !**lost);
        wrong
            .map(|(side, (&(into, out), _))| FlowFlaw::Unbalanced {
                node: self.id(side / 2),
                into,
                out,
            })
            .collect()
    }

    fn id(&self, node: usize) -> NodeId {
        let node = self.estate.nodes().get(node);
        node.map_or_else(|| NodeId::new(""), |node| node.id.clone())
    }

    /// What arrives where jewels are reached whatever is done. Nothing does where that is held as well:
    /// then no plan is admissible, and any bound is one.
    fn arriving(&self) -> i128 {
        let sides = self.sums.iter().zip(&self.lost);
        let lost = sides.filter(|(_, lost)| **lost);
        lost.map(|((into, out), _)| into - out).sum()
    }

    fn overdrawn(&self) -> Vec<FlowFlaw> {
        let mut flaws = Vec::new();
        let mut charged = vec![Exact::zero(); self.estate.steps().len()];
        flaws.extend(self.services_overcharged(&mut charged));
        flaws.extend(self.not_behind());
        let behind: BTreeSet<StepIx> = self.flow.behind.iter().map(|(step, _)| *step).collect();
        for &ix in self.usable.iter().filter(|step| !behind.contains(step)) {
            let step = self.estate.step(ix);
            let stopped = self.stopped(ix);
            if stopped == 0 {
                continue;
            }
            let more = charged.get(ix.index()).cloned().unwrap_or_else(Exact::zero);
            let allowed = self.in_units(&step.cost) + more;
            if Exact::from(BigInt::from(stopped)) > allowed {
                flaws.push(FlowFlaw::Overdrawn {
                    step: step.id.clone(),
                    stopped: stopped.to_string(),
                    allowed: allowed.to_string(),
                });
            }
        }
        flaws
    }

    fn in_units(&self, money: &Money) -> Exact {
        if self.flow.unit.is_zero() {
            return Exact::zero();
        }
        money.exact() / self.flow.unit.exact()
    }

    /// Claims that a step stands behind another which do not hold.
    fn not_behind(&self) -> Vec<FlowFlaw> {
        let leads: BTreeSet<StepIx> = self.flow.behind.iter().map(|(step, _)| *step).collect();
        let mut carrying: BTreeMap<StepIx, BTreeMap<(bool, usize), u64>> = BTreeMap::new();
        let mut flaws = Vec::new();
        for &(step, leader) in &self.flow.behind {
            let known = self.estate.steps();
            let (Some(ours), Some(theirs)) = (known.get(step.index()), known.get(leader.index()))
            else {
                flaws.push(FlowFlaw::NoSuchThing("a step".to_owned()));
                continue;
            };
            let of_leader = carrying.entry(leader);
            let of_leader = of_leader.or_insert_with(|| self.carrying(leader));
            let holds = !leads.contains(&leader)
                && ours.cost >= theirs.cost
                && self
                    .carrying(step)
                    .keys()
                    .all(|way| of_leader.contains_key(way));
            if !holds {
                flaws.push(FlowFlaw::NotBehind {
                    step: ours.id.clone(),
                    leader: theirs.id.clone(),
                });
            }
        }
        flaws
    }

    /// The ways with flow that a step stops, each with what it carries: nodes, then edges.
    fn carrying(&self, step: StepIx) -> BTreeMap<(bool, usize), u64> {
        self.ways_with_flow(step).collect()
    }

    /// The same, some of them perhaps more than once.
    fn ways_with_flow(&self, step: StepIx) -> impl Iterator<Item = ((bool, usize), u64)> {
        let edges = self.estate.edges_named_by(step).iter();
        let nodes = self.estate.step(step).removes_nodes.iter();
        let nodes = nodes.map(|node| node.index());
        let of_nodes = nodes.map(|node| ((false, node), self.through.get(node)));
        let of_edges = edges.map(|edge| ((true, edge.index()), self.along.get(edge.index())));
        let ways = of_nodes.chain(of_edges);
        ways.filter_map(|(way, amount)| Some((way, amount.copied().filter(|&amount| amount > 0)?)))
    }

    /// All of the flow that a step stops.
    fn stopped(&self, step: StepIx) -> u128 {
        // Most steps stop none of it, and nothing is laid out for those.
        let mut ways: Vec<((bool, usize), u64)> = self.ways_with_flow(step).collect();
        ways.sort_unstable();
        ways.dedup();
        ways.into_iter().map(|(_, amount)| u128::from(amount)).sum()
    }

    /// By step that is charged to services, what each loses at least if it, or one behind it, is done alone.
    fn least_losses(&self) -> BTreeMap<StepIx, BTreeMap<ServiceIx, Money>> {
        let known = |step: &StepIx| step.index() < self.estate.steps().len();
        let hold = &self.question.hold;
        let charged = self.flow.draws.iter().map(|draw| draw.step).filter(known);
        let charged: BTreeSet<StepIx> = charged.collect();
        let alone = charged
            .iter()
            .map(|step| (*step, self.alone.losses(*step, hold)));
        let mut least: BTreeMap<StepIx, BTreeMap<ServiceIx, Money>> = alone.collect();
        for (step, leader) in self.flow.behind.iter().filter(|(step, _)| known(step)) {
            if let Some(least) = least.get_mut(leader) {
                let other = self.alone.losses(*step, hold);
                // A service that one of them spares loses nothing then.
                least.retain(|service, loss| match other.get(service) {
                    Some(other) => {
                        *loss = (*loss).clone().min(other.clone());
                        true
                    }
                    None => false,
                });
            }
        }
        least
    }

    /// Adds up the draws of each step; tells services charged with more than they lose.
    fn services_overcharged(&self, drawn: &mut [Exact]) -> Vec<FlowFlaw> {
        let mut flaws = Vec::new();
        let mut charges: Vec<(Exact, Option<Money>)> =
            vec![(Exact::zero(), None); self.estate.services().len()];
        let least_losses = self.least_losses();
        for draw in &self.flow.draws {
            let known = self.estate.steps().get(draw.step.index());
            let service = self.estate.services().get(draw.service.index());
            let (Some(step), Some(service)) = (known, service) else {
                flaws.push(FlowFlaw::NoSuchThing("a step or service".to_owned()));
                continue;
            };
            let of_step = least_losses.get(&draw.step);
            let loss = of_step
                .and_then(|losses| losses.get(&draw.service))
                .cloned();
            let Some(loss) = loss.filter(|loss| !loss.is_zero()) else {
                flaws.push(FlowFlaw::StopsNot {
                    step: step.id.clone(),
                    service: service.id.clone(),
                });
                continue;
            };
            let amount = Exact::from(BigInt::from(draw.amount));
            if let Some(sum) = drawn.get_mut(draw.step.index()) {
                *sum += &amount;
            }
            if let Some((sum, least)) = charges.get_mut(draw.service.index()) {
                *sum += amount;
                *least = Some(least.take().map_or(loss.clone(), |least| least.min(loss)));
            }
        }
        for (service, (sum, least)) in self.estate.services().iter().zip(charges) {
            let lost = least.map_or_else(Exact::zero, |least| self.in_units(&least));
            if sum > lost {
                flaws.push(FlowFlaw::Overcharged {
                    service: service.id.clone(),
                    drawn: sum.to_string(),
                    lost: lost.to_string(),
                });
            }
        }
        flaws
    }
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Onward,
    Back,
}

fn mark(marks: &mut [bool], place: usize) {
    if let Some(mark) = marks.get_mut(place) {
        *mark = true;
    }
}

/// Amounts by place, each given at most once.
fn amounts(
    given: impl Iterator<Item = (usize, u64)>,
    places: usize,
    what: &str,
) -> Result<Vec<u64>, Vec<FlowFlaw>> {
    let mut list = vec![0; places];
    let mut seen = vec![false; places];
    for (place, amount) in given {
        match (list.get_mut(place), seen.get_mut(place)) {
            (Some(slot), Some(seen @ false)) => {
                *slot = amount;
                *seen = true;
            }
            (_, _) => return Err(vec![FlowFlaw::NoSuchThing(what.to_owned())]),
        }
    }
    Ok(list)
}

/// Every step that stops nothing protected by itself.
fn usable(question: &Question<'_>, alone: &Alone<'_>) -> Vec<StepIx> {
    let estate = question.estate;
    let stops = |step: &StepIx| {
        let mut stopped = alone.stops(*step).into_iter();
        stopped.any(|(service, start)| estate.service(service).protected && start < question.hold)
    };
    estate.step_indices().filter(|step| !stops(step)).collect()
}
