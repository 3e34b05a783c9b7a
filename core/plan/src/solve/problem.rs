//! A task stripped to what can decide it: the steps worth looking at and what they cut, stop and cost.
//!
//! A step is left out if it alone stops a protected service, if it cuts nothing that matters, or if
//! another does at least as much, stops no more and is cheaper, or as cheap and earlier by id. In any
//! set the other may then take its place and the set becomes no dearer, no larger and no later, so the
//! answer stays the same to the last id.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Estate, Hours, NodeIx, ServiceIx, StepIx};
use num_bigint::BigInt;

use super::{
    ground::{Ends, Ground, Uncuttable},
    ledger::Ledger,
    levels::Levels,
    net::{Net, is_within},
    outage::{Outage, mark_nodes},
};

/// What a set of steps must achieve.
#[derive(Debug, Clone)]
pub(crate) enum Aim {
    /// No jewel is reached from what is held, some edges taken as gone.
    CutOff {
        held: Vec<NodeIx>,
        jewels: Vec<NodeIx>,
        gone: BTreeSet<(NodeIx, NodeIx)>,
    },
    /// Each of these nodes is removed.
    Remove(Vec<NodeIx>),
}

/// What is asked of the search.
#[derive(Debug, Clone)]
pub(crate) struct Task<'e> {
    pub(crate) estate: &'e Estate,
    pub(crate) hold: &'e Hours,
    pub(crate) aim: Aim,
    /// For each service whether it may not stop within the hold.
    pub(crate) protected: Vec<bool>,
}

/// A task as the search sees it.
#[derive(Debug)]
pub(super) struct Problem<'e> {
    /// The steps worth looking at, bytewise by id: the earlier of two is the earlier by number.
    pub(super) steps: Vec<StepIx>,
    pub(super) net: Net,
    pub(super) outage: Outage<'e>,
    pub(super) levels: Levels,
    pub(super) ledger: Ledger,
    pub(super) protected: Vec<bool>,
    pub(super) matter: Vec<bool>,
}

/// A task without what cannot decide it.
#[derive(Debug, Clone)]
pub(super) struct Stripped<'e> {
    /// The ways that must be cut.
    pub(super) ground: Ground,
    /// The steps worth looking at, bytewise by id.
    pub(super) steps: Vec<StepIx>,
    /// Steps left out, each with the one that takes its place in any set.
    pub(super) replaced: BTreeMap<StepIx, StepIx>,
    /// For each node whether its fall can matter to a service that does.
    pub(super) counted: Vec<bool>,
    outage: Outage<'e>,
    protected: Vec<bool>,
    matter: Vec<bool>,
}

impl<'e> Stripped<'e> {
    /// Strips a task.
    ///
    /// # Errors
    /// When even all steps that stop nothing protected by themselves would not do.
    pub(super) fn new(task: &Task<'e>) -> Result<Self, Uncuttable> {
        let outage = Outage::new(task.estate, task.hold);
        let matter = outage.that_matter(&task.protected);
        let counted = counted(task.estate, &matter);
        let usable = usable(task, &outage, &counted);
        let ground = ground(task, &usable)?;
        let (mut steps, replaced) = worth_looking_at(task.estate, &ground, &counted);
        steps.sort_by(|&a, &b| task.estate.step(a).id.cmp(&task.estate.step(b).id));
        Ok(Self {
            ground,
            steps,
            replaced,
            counted,
            outage,
            protected: task.protected.clone(),
            matter,
        })
    }
}

impl<'e> Stripped<'e> {
    /// The estate.
    pub(super) fn estate(&self) -> &'e Estate {
        self.outage.estate()
    }
}

impl<'e> Problem<'e> {
    /// A problem whose search decides every step.
    pub(super) fn narrow(stripped: Stripped<'e>) -> Self {
        let numbers = stripped.steps.iter().map(|step| step.index()).zip(0..);
        let net = Net::of(&stripped.ground, &numbers.collect());
        let steps = stripped.steps.clone();
        Self::over(stripped, steps, net, &[])
    }

    /// A problem whose search decides some of the steps, by price alone. The rest, which stop nothing
    /// that matters, are priced with the same ledger, numbered on from the last of the first.
    pub(super) fn wide(stripped: Stripped<'e>, steps: Vec<StepIx>, rest: &[StepIx]) -> Self {
        let mut problem = Self::over(stripped, steps, Net::default(), rest);
        problem.ledger = problem.ledger.by_price();
        problem
    }

    fn over(stripped: Stripped<'e>, steps: Vec<StepIx>, net: Net, rest: &[StepIx]) -> Self {
        let Stripped {
            outage,
            protected,
            matter,
            ..
        } = stripped;
        let estate = outage.estate();
        let mut can_fail = vec![false; estate.nodes().len()];
        for node in steps.iter().flat_map(|&step| &estate.step(step).takes_down) {
            can_fail[node.index()] = true;
        }
        let levels = Levels::new(&outage, &matter, &can_fail);
        let priced: Vec<StepIx> = steps.iter().chain(rest).copied().collect();
        Self {
            ledger: Ledger::new(&outage, &priced, &levels),
            steps,
            net,
            outage,
            levels,
            protected,
            matter,
        }
    }

    /// The value of a set of steps; none if it stops something protected.
    pub(super) fn value(&self, chosen: &[bool]) -> Option<BigInt> {
        let starts = self.starts(chosen);
        if stops_any(&self.outage, &self.protected, &starts) {
            return None;
        }
        let mut value = BigInt::from(0);
        for step in numbers(chosen) {
            value += self.ledger.weight_of(step);
        }
        let mut lost = BigInt::from(0);
        for (service, start) in (0_u32..).map(cordon_model::ServiceIx).zip(&starts) {
            if self.matter[service.index()] {
                lost += self.ledger.loss(service, start);
            }
        }
        Some(value + lost * self.ledger.weight())
    }

    /// The value of each step by itself; none if it stops something protected.
    pub(super) fn values_alone(&self) -> Vec<Option<BigInt>> {
        let estate = self.outage.estate();
        let mut standing = self.outage.standing();
        let alone = |(number, step): (usize, &StepIx)| {
            let down = &estate.step(*step).takes_down;
            let changed = standing.take_down(down);
            let (mut lost, mut spares) = (BigInt::from(0), true);
            for (service, _) in &changed {
                let start = standing.start(*service);
                let Some(start) = start.filter(|start| *start < self.outage.hold()) else {
                    continue;
                };
                spares &= !self.protected[service.index()];
                if self.matter[service.index()] {
                    lost += self.ledger.loss(*service, start);
                }
            }
            standing.bring_back(down);
            spares.then(|| self.ledger.weight_of(number) + lost * self.ledger.weight())
        };
        self.steps.iter().enumerate().map(alone).collect()
    }

    /// Whether a set of steps stops nothing protected.
    pub(super) fn spares_protected(&self, chosen: &[bool]) -> bool {
        !stops_any(&self.outage, &self.protected, &self.starts(chosen))
    }

    fn starts(&self, chosen: &[bool]) -> Vec<BigInt> {
        let estate = self.outage.estate();
        let steps = numbers(chosen).map(|step| estate.step(self.steps[step]));
        self.outage.starts(steps.flat_map(|step| &step.takes_down))
    }
}

/// The numbers of the chosen steps, ascending.
pub(super) fn numbers(chosen: &[bool]) -> impl Iterator<Item = usize> {
    (0..)
        .zip(chosen)
        .filter(|(_, chosen)| **chosen)
        .map(|(n, _)| n)
}

fn stops_any(outage: &Outage<'_>, protected: &[bool], starts: &[BigInt]) -> bool {
    let mut protected = starts.iter().zip(protected).filter(|(_, p)| **p);
    protected.any(|(start, _)| start < outage.hold())
}

/// Steps that stop nothing protected by themselves. `counted` marks the nodes whose fall can matter.
pub(super) fn usable(task: &Task<'_>, outage: &Outage<'_>, counted: &[bool]) -> Vec<StepIx> {
    let mut standing = None;
    let mut spares = |step: &StepIx| {
        let down = &task.estate.step(*step).takes_down;
        if !down.iter().any(|node| counted[node.index()]) {
            return true;
        }
        let standing = standing.get_or_insert_with(|| outage.standing());
        let changed = standing.take_down(down);
        let stops = |(service, _): &(ServiceIx, _)| {
            let start = standing.start(*service);
            task.protected[service.index()] && start.is_some_and(|start| start < outage.hold())
        };
        let spares = !changed.iter().any(stops);
        standing.bring_back(down);
        spares
    };
    task.estate
        .step_indices()
        .filter(|step| spares(step))
        .collect()
}

/// For each node whether its fall can matter to a service that does.
pub(super) fn counted(estate: &Estate, matter: &[bool]) -> Vec<bool> {
    let mut named = vec![false; estate.nodes().len()];
    for (service, _) in estate.services().iter().zip(matter).filter(|(_, m)| **m) {
        mark_nodes(&service.needs, &mut named);
    }
    named
}

/// What the aim makes of the estate.
fn ground(task: &Task<'_>, usable: &[StepIx]) -> Result<Ground, Uncuttable> {
    match &task.aim {
        Aim::CutOff { held, jewels, gone } => {
            let ends = Ends { held, jewels, gone };
            Ground::new(task.estate, usable, ends)
        }
        Aim::Remove(nodes) => {
            let mut removing: BTreeMap<NodeIx, BTreeSet<u32>> =
                nodes.iter().map(|&node| (node, BTreeSet::new())).collect();
            for &step in usable {
                for node in &task.estate.step(step).removes_nodes {
                    if let Some(steps) = removing.get_mut(node) {
                        steps.insert(step.0);
                    }
                }
            }
            let sets = removing.into_iter();
            Ground::side_by_side(
                sets.map(|(node, set)| (node, set.into_iter().collect()))
                    .collect(),
            )
        }
    }
}

/// By step, the ways that it closes, in one flat list.
struct Closes {
    starts: Vec<u32>,
    ways: Vec<u32>,
}

impl Closes {
    fn of(ground: &Ground, steps: usize) -> Self {
        let mut starts = vec![0_u32; steps + 1];
        for way in &ground.ways {
            for &step in ground.closing(way) {
                starts[step as usize + 1] += 1;
            }
        }
        for step in 0..steps {
            starts[step + 1] += starts[step];
        }
        let mut next = starts.clone();
        let mut ways = vec![0; starts[steps] as usize];
        for (number, way) in (0_u32..).zip(&ground.ways) {
            for &step in ground.closing(way) {
                let place = &mut next[step as usize];
                ways[*place as usize] = number;
                *place += 1;
            }
        }
        Self { starts, ways }
    }

    fn by(&self, step: StepIx) -> &[u32] {
        let (start, end) = (self.starts[step.index()], self.starts[step.index() + 1]);
        &self.ways[start as usize..end as usize]
    }
}

/// The nodes that matter and that a step takes down, ascending.
fn stops(estate: &Estate, counted: &[bool], step: StepIx) -> Vec<usize> {
    let down = &estate.step(step).takes_down;
    let down = down.iter().map(|node| node.index());
    let mut down: Vec<usize> = down.filter(|&node| counted[node]).collect();
    down.sort_unstable();
    down.dedup();
    down
}

/// The steps that close some way and that no other may replace; the others that close some, each with
/// the one in its place.
fn worth_looking_at(
    estate: &Estate,
    ground: &Ground,
    counted: &[bool],
) -> (Vec<StepIx>, BTreeMap<StepIx, StepIx>) {
    let closes = Closes::of(ground, estate.steps().len());
    let down = |step: StepIx| stops(estate, counted, step);
    let rank = |ix: StepIx| (&estate.step(ix).cost, &estate.step(ix).id);
    let in_place = |ix: StepIx| {
        // Whoever replaces it closes all its ways, so it stands at the one with fewest steps.
        let rarest = closes.by(ix).iter();
        let rarest = rarest.map(|&way| ground.closing(&ground.ways[way as usize]));
        let beside = rarest.min_by_key(|steps| steps.len()).into_iter().flatten();
        let beside = beside.map(|&other| StepIx(other));
        let better = beside.filter(|&other| {
            other != ix
                && rank(other) < rank(ix)
                && is_within(closes.by(ix), closes.by(other))
                && is_within(&down(other), &down(ix))
        });
        // The first of all in place of it is replaced by none.
        better.min_by_key(|&other| rank(other))
    };
    let (mut kept, mut replaced) = (Vec::new(), BTreeMap::new());
    let steps = estate.step_indices();
    for ix in steps.filter(|&ix| !closes.by(ix).is_empty()) {
        match in_place(ix) {
            Some(other) => {
                replaced.insert(ix, other);
            }
            None => kept.push(ix),
        }
    }
    (kept, replaced)
}
