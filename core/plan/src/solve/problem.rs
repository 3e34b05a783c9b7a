//! A task stripped to what can decide it: the steps worth looking at and what they cut, stop and cost.
//!
//! A step is left out if it alone stops a protected service, if it cuts nothing that matters, or if
//! another does at least as much, stops no more and is cheaper, or as cheap and earlier by id. In any
//! set the other may then take its place and the set becomes no dearer, no larger and no later, so the
//! answer stays the same to the last id.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Estate, Hours, NodeIx, StepIx};
use num_bigint::BigInt;

use super::{
    ledger::Ledger,
    levels::Levels,
    net::{Arc, Net, Uncuttable, is_within},
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

impl<'e> Problem<'e> {
    /// Strips a task.
    ///
    /// # Errors
    /// When even all steps that stop nothing protected by themselves would not do.
    pub(super) fn new(task: &Task<'e>) -> Result<Self, Uncuttable> {
        let outage = Outage::new(task.estate, task.hold);
        let matter = outage.that_matter(&task.protected);
        let usable: Vec<StepIx> = usable(task, &outage).collect();
        let net = match &task.aim {
            Aim::CutOff { held, jewels, gone } => {
                cut_off(task.estate, &usable, (held, jewels), gone)
            }
            Aim::Remove(nodes) => remove(task.estate, &usable, nodes),
        }?;
        let mut steps = worth_looking_at(task.estate, &net, &counted(task.estate, &matter));
        steps.sort_by(|&a, &b| task.estate.step(a).id.cmp(&task.estate.step(b).id));
        let numbers = steps.iter().map(|step| step.index()).zip(0..).collect();
        let net = net.relabelled(&numbers);
        let mut can_fail = vec![false; task.estate.nodes().len()];
        for node in steps
            .iter()
            .flat_map(|&step| &task.estate.step(step).takes_down)
        {
            can_fail[node.index()] = true;
        }
        let levels = Levels::new(&outage, &matter, &can_fail);
        Ok(Self {
            ledger: Ledger::new(&outage, &steps, &levels),
            protected: task.protected.clone(),
            steps,
            net,
            outage,
            levels,
            matter,
        })
    }

    /// The value of a set of steps; none if it stops something protected.
    pub(super) fn value(&self, chosen: &[bool]) -> Option<BigInt> {
        let starts = self.starts(chosen);
        if stops_any(&self.outage, &self.protected, &starts) {
            return None;
        }
        let mut price = BigInt::from(0);
        for step in numbers(chosen) {
            price += self.ledger.cost(step);
        }
        for (service, start) in (0_u32..).map(cordon_model::ServiceIx).zip(&starts) {
            if self.matter[service.index()] {
                price += self.ledger.loss(service, start);
            }
        }
        Some(price * self.ledger.weight() + numbers(chosen).count())
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

/// Steps that stop nothing protected by themselves.
pub(super) fn usable(task: &Task<'_>, outage: &Outage<'_>) -> impl Iterator<Item = StepIx> {
    task.estate.step_indices().filter(|&step| {
        let down = &task.estate.step(step).takes_down;
        !stops_any(outage, &task.protected, &outage.starts(down.iter()))
    })
}

/// For each node whether its fall can matter to a service that does.
fn counted(estate: &Estate, matter: &[bool]) -> Vec<bool> {
    let mut named = vec![false; estate.nodes().len()];
    for (service, _) in estate.services().iter().zip(matter).filter(|(_, m)| **m) {
        mark_nodes(&service.needs, &mut named);
    }
    named
}

/// The estate's ways from what is held to the jewels, labelled with the numbers of usable steps.
fn cut_off(
    estate: &Estate,
    usable: &[StepIx],
    (held, jewels): (&[NodeIx], &[NodeIx]),
    gone: &BTreeSet<(NodeIx, NodeIx)>,
) -> Result<Net, Uncuttable> {
    let mut at_node: BTreeMap<NodeIx, Vec<usize>> = BTreeMap::new();
    let mut at_edge: BTreeMap<EdgeIx, Vec<usize>> = BTreeMap::new();
    for &step in usable {
        let (number, step) = (step.index(), estate.step(step));
        for &node in &step.removes_nodes {
            at_node.entry(node).or_default().push(number);
        }
        for pattern in &step.removes_edges {
            let out = estate.out_edges(pattern.from).iter();
            for &edge in out.filter(|&&edge| pattern.matches(estate.edge(edge))) {
                at_edge.entry(edge).or_default().push(number);
            }
        }
    }
    // A node has a way in and a way out; they are one where no step removes the node.
    let way_in = |node: NodeIx| 2 * node.index();
    let way_out = |node: NodeIx| 2 * node.index() + usize::from(at_node.contains_key(&node));
    let through = at_node.iter().map(|(&node, labels)| Arc {
        from: way_in(node),
        to: way_out(node),
        labels: distinct(labels),
    });
    let edges = (0_u32..).map(EdgeIx).zip(estate.edges());
    let edges = edges.filter(|(_, edge)| !gone.contains(&(edge.from, edge.to)));
    let onward = edges.map(|(ix, edge)| Arc {
        from: way_out(edge.from),
        to: way_in(edge.to),
        labels: at_edge
            .get(&ix)
            .map(|labels| distinct(labels))
            .unwrap_or_default(),
    });
    let arcs: BTreeSet<Arc> = through.chain(onward).collect();
    let sources: Vec<usize> = held.iter().map(|&node| way_in(node)).collect();
    let sinks: Vec<usize> = jewels.iter().map(|&node| way_out(node)).collect();
    Net::reduced(&arcs, &sources, &sinks)
}

/// For each node to remove one way that only its removal closes.
fn remove(estate: &Estate, usable: &[StepIx], nodes: &[NodeIx]) -> Result<Net, Uncuttable> {
    let arcs: BTreeSet<Arc> = nodes
        .iter()
        .map(|node| {
            let removing = usable.iter().map(|&step| (step.index(), estate.step(step)));
            let removing = removing.filter(|(_, step)| step.removes_nodes.contains(node));
            let labels: Vec<usize> = removing.map(|(number, _)| number).collect();
            let labels = distinct(&labels);
            Arc {
                from: 0,
                to: 1,
                labels,
            }
        })
        .collect();
    Net::reduced(&arcs, &[0], &[1])
}

fn distinct(labels: &[usize]) -> Vec<usize> {
    let labels: BTreeSet<usize> = labels.iter().copied().collect();
    labels.into_iter().collect()
}

/// What a step does to the task: the arcs it closes, the nodes that matter it takes down.
#[derive(Debug, Default)]
struct Effect {
    closes: Vec<usize>,
    stops: Vec<usize>,
}

/// The steps that close some arc and that no other may replace.
fn worth_looking_at(estate: &Estate, net: &Net, counted: &[bool]) -> Vec<StepIx> {
    let mut effects: BTreeMap<usize, Effect> = BTreeMap::new();
    for (number, arc) in net.arcs().iter().enumerate() {
        for &label in &arc.labels {
            effects.entry(label).or_default().closes.push(number);
        }
    }
    for (step, effect) in estate.step_indices().zip(estate.steps()) {
        if let Some(known) = effects.get_mut(&step.index()) {
            let down = effect.takes_down.iter().map(|node| node.index());
            let down: BTreeSet<usize> = down.filter(|&node| counted[node]).collect();
            known.stops = down.into_iter().collect();
        }
    }
    let replaceable = |step: usize, effect: &Effect| {
        // Whoever replaces it closes all its arcs, so it stands at the one with fewest steps.
        let rarest = effect.closes.iter().map(|&arc| &net.arcs()[arc].labels);
        let beside = rarest
            .min_by_key(|labels| labels.len())
            .into_iter()
            .flatten();
        let mut beside = beside.filter(|&&other| other != step);
        beside.any(|other| {
            let rank = |step: usize| (&estate.steps()[step].cost, &estate.steps()[step].id);
            effects.get(other).is_some_and(|better| {
                rank(*other) < rank(step)
                    && is_within(&effect.closes, &better.closes)
                    && is_within(&better.stops, &effect.stops)
            })
        })
    };
    let kept = estate.step_indices().filter(|step| {
        let effect = effects.get(&step.index());
        effect.is_some_and(|effect| !replaceable(step.index(), effect))
    });
    kept.collect()
}
