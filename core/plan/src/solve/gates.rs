//! How steps stop services, as variables and inequalities that the relaxation can bound.
//!
//! A variable says whether something has failed by some moment: a node, part of an expression, a
//! service at one of its levels. It is at least what its children force: a gate whose `trips` of its
//! children have failed has failed. Each level of a service carries the loss it adds.

use std::collections::BTreeMap;

use cordon_model::{Need, NodeIx, ServiceIx};
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

use super::{problem::Problem, row::Row};

/// Something that has failed by a moment, or cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Cannot,
    Variable(usize),
}

/// A variable that has failed once so many of its children have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Gate {
    trips: usize,
    children: Vec<usize>,
}

impl Gate {
    /// That fewer children fail than trip it, or it fails: of all such inequalities, one for each choice of children, the one
    /// hardest to obey at these values. Where many children are torn it asks far more than any that names just enough of them.
    fn row(&self, variable: usize, values: &[f64]) -> Row {
        let mut highest = self.children.clone();
        highest.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
        let above = highest.partition_point(|&child| values[child] > values[variable]);
        highest.truncate(above.max(self.trips));
        Row::trips(variable, self.trips, &highest)
    }
}

/// The variables of a problem: its steps first, then what they make fail.
#[derive(Debug)]
pub(super) struct Gates {
    steps: usize,
    weights: Vec<BigInt>,
    made: Vec<Gate>,
    known: BTreeMap<Gate, usize>,
    /// For each gate the steps each of which makes it fail alone, ascending.
    alone: Vec<Vec<usize>>,
    nodes: BTreeMap<NodeIx, usize>,
    signs: Vec<Vec<Sign>>,
    never: Vec<usize>,
    charges: Vec<(usize, Vec<bool>)>,
}

impl Gates {
    /// Lays out the variables, and finds those worth charging.
    pub(super) fn new(problem: &Problem<'_>) -> Self {
        let mut gates = Self::laid_out(problem);
        gates.charges = gates.worth_charging();
        gates
    }

    /// Lays out the variables.
    pub(super) fn laid_out(problem: &Problem<'_>) -> Self {
        let steps = problem.steps.len();
        let weights = (0..steps).map(|step| problem.ledger.weight_of(step));
        let mut gates = Self {
            steps,
            weights: weights.collect(),
            made: Vec::new(),
            known: BTreeMap::new(),
            alone: Vec::new(),
            nodes: BTreeMap::new(),
            signs: vec![Vec::new(); problem.matter.len()],
            never: Vec::new(),
            charges: Vec::new(),
        };
        gates.add_nodes(problem);
        for &service in problem.outage.estate().services_bottom_up() {
            if problem.matter[service.index()] {
                gates.add_service(problem, service);
            }
        }
        gates
    }

    fn add_nodes(&mut self, problem: &Problem<'_>) {
        let estate = problem.outage.estate();
        let mut takers: BTreeMap<NodeIx, Vec<usize>> = BTreeMap::new();
        for (number, &step) in problem.steps.iter().enumerate() {
            for &node in &estate.step(step).takes_down {
                takers.entry(node).or_default().push(number);
            }
        }
        for (node, children) in takers {
            if let Sign::Variable(variable) = self.gate(1, children) {
                self.nodes.insert(node, variable);
            }
        }
    }

    fn add_service(&mut self, problem: &Problem<'_>, service: ServiceIx) {
        let needs = &problem.outage.estate().service(service).needs;
        let starts = problem.levels.of(service);
        let mut signs = Vec::with_capacity(starts.len());
        for (number, start) in starts.iter().enumerate() {
            let fails = start - problem.outage.cover(service);
            let sign = self.sign(problem, needs, &fails);
            signs.push(sign);
            if let Sign::Variable(variable) = sign {
                let until = starts.get(number + 1).unwrap_or(problem.outage.hold());
                let loss = |at| problem.ledger.loss(service, at);
                let added = loss(start) - loss(until);
                self.weights[variable] += added * problem.ledger.weight();
            }
        }
        if problem.protected[service.index()]
            && let Some(Sign::Variable(variable)) = signs.last()
        {
            self.never.push(*variable);
        }
        self.signs[service.index()] = signs;
    }

    /// Whether an expression has failed by a moment.
    fn sign(&mut self, problem: &Problem<'_>, need: &Need, by: &BigInt) -> Sign {
        let (trips, children) = match need {
            Need::Node(node) => {
                return self
                    .nodes
                    .get(node)
                    .map_or(Sign::Cannot, |&v| Sign::Variable(v));
            }
            Need::Service(service) => {
                let passed = problem
                    .levels
                    .of(*service)
                    .partition_point(|level| level <= by);
                let signs = &self.signs[service.index()];
                let last = passed.checked_sub(1).and_then(|last| signs.get(last));
                return last.copied().unwrap_or(Sign::Cannot);
            }
            Need::All(children) => (1, children),
            Need::Any(children) => (children.len(), children),
            Need::AtLeast { k, of } => (of.len() + 1 - k, of),
        };
        let mut variables = Vec::new();
        for child in children {
            if let Sign::Variable(variable) = self.sign(problem, child, by) {
                variables.push(variable);
            }
        }
        self.gate(trips, variables)
    }

    /// The variable of a gate, made once for equal gates.
    fn gate(&mut self, trips: usize, mut children: Vec<usize>) -> Sign {
        children.sort_unstable();
        if trips == 1 {
            children.dedup();
        }
        if children.len() < trips {
            return Sign::Cannot;
        }
        if let [only] = children.as_slice() {
            return Sign::Variable(*only);
        }
        let gate = Gate { trips, children };
        if let Some(&variable) = self.known.get(&gate) {
            return Sign::Variable(variable);
        }
        let variable = self.weights.len();
        let alone = self.each_fells(&gate);
        self.alone.push(alone);
        self.weights.push(BigInt::zero());
        self.made.push(gate.clone());
        self.known.insert(gate, variable);
        Sign::Variable(variable)
    }

    /// The steps each of which makes a gate fail alone.
    fn each_fells(&self, gate: &Gate) -> Vec<usize> {
        let mut fells = Vec::new();
        for &child in &gate.children {
            match child.checked_sub(self.steps) {
                Some(gate) => fells.extend(&self.alone[gate]),
                None => fells.push(child),
            }
        }
        fells.sort_unstable();
        let enough = fells.chunk_by(|a, b| a == b);
        let enough = enough.filter(|same| same.len() >= gate.trips);
        enough.filter_map(|same| same.first().copied()).collect()
    }

    /// The gates in the order of their variables, which follow those of steps: how many children must fail for each, and
    /// which those are.
    pub(super) fn made(
        &self,
    ) -> impl DoubleEndedIterator<Item = (usize, &[usize])> + ExactSizeIterator {
        self.made
            .iter()
            .map(|gate| (gate.trips, gate.children.as_slice()))
    }

    /// Variables that may not fail.
    pub(super) fn never(&self) -> impl Iterator<Item = usize> {
        self.never.iter().copied()
    }

    /// What each variable weighs in the value of a set of steps.
    pub(super) fn weights(&self) -> &[BigInt] {
        &self.weights
    }

    /// What a variable weighs, nearly.
    pub(super) fn weight(&self, variable: usize) -> f64 {
        self.weights[variable].to_f64().unwrap_or(f64::MAX)
    }

    /// Gates that cost by themselves if they fail.
    pub(super) fn that_cost(&self) -> impl Iterator<Item = usize> {
        let gates = (self.steps..).zip(self.weights.iter().skip(self.steps));
        gates
            .filter(|(_, weight)| !weight.is_zero())
            .map(|(gate, _)| gate)
    }

    /// By variable, whether it has failed once these steps are chosen.
    pub(super) fn failed(&self, chosen: &[bool]) -> Vec<bool> {
        let mut failed = chosen.to_vec();
        for gate in &self.made {
            let count = gate.children.iter().filter(|&&child| failed[child]);
            failed.push(count.take(gate.trips).count() == gate.trips);
        }
        failed
    }

    /// Variables, other than steps, that several steps make fail and that something hangs on, each with the steps that make it
    /// fail alone.
    fn worth_charging(&self) -> Vec<(usize, Vec<bool>)> {
        let mut counts: Vec<bool> = self
            .weights
            .iter()
            .map(|weight| !weight.is_zero())
            .collect();
        let joint = self.made.iter().filter(|gate| gate.trips > 1);
        for &child in joint.flat_map(|gate| &gate.children) {
            counts[child] = true;
        }
        let own = self.steps..self.weights.len();
        let several = own.filter(|&v| counts[v] && self.alone[v - self.steps].len() > 1);
        let with_steps = |variable: usize| {
            let mut alone = vec![false; self.steps];
            for &step in &self.alone[variable - self.steps] {
                alone[step] = true;
            }
            (variable, alone)
        };
        several.map(with_steps).collect()
    }

    /// Variables worth charging to paths, each with the steps that make it fail alone.
    pub(super) fn charges(&self) -> impl Iterator<Item = (usize, &[bool])> {
        let charges = self.charges.iter();
        charges.map(|(variable, alone)| (*variable, alone.as_slice()))
    }

    /// Inequalities of gates that these values break.
    pub(super) fn broken(&self, values: &[f64], tolerance: f64) -> Vec<Row> {
        let mut rows = Vec::new();
        for (gate, variable) in self.made.iter().zip(self.steps..) {
            if gate.trips == 1 {
                let own = values[variable] + tolerance;
                let above = gate.children.iter().filter(|&&child| values[child] > own);
                rows.extend(above.map(|&child| Row::trips(variable, 1, &[child])));
                continue;
            }
            let row = gate.row(variable, values);
            if row.excess(values) < -tolerance {
                rows.push(row);
            }
        }
        rows
    }
}
