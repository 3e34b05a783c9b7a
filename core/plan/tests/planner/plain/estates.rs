//! Small random estates with everything the format allows.

use cordon_model::{
    Care, Confidence, Edge, EdgeKind, EdgePattern, Estate, EstateParts, Foothold, Hours, Jewel,
    Likelihood, Minutes, Money, Need, Node, NodeId, NodeIx, NodeKind, Service, ServiceId,
    ServiceIx, Step, StepId, StepKind,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A made case.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) parts: EstateParts,
    pub(crate) held: Vec<NodeIx>,
    pub(crate) hold: Hours,
}

impl Case {
    pub(crate) fn footholds(&self) -> Vec<Foothold> {
        let foothold = |&node: &NodeIx| Foothold::said(node, Confidence::CERTAIN);
        self.held.iter().map(foothold).collect()
    }

    pub(crate) fn estate(&self) -> Estate {
        Estate::new(self.parts.clone())
    }
}

pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0.random_range(0..limit.max(1))
    }

    pub(crate) fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    pub(crate) fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn node(&mut self, nodes: usize) -> NodeIx {
        NodeIx(u32::try_from(self.below(nodes)).unwrap())
    }

    fn nodes(&mut self, nodes: usize, up_to: usize) -> Vec<NodeIx> {
        (0..self.below(up_to + 1))
            .map(|_| self.node(nodes))
            .collect()
    }
}

const COSTS: [&[&str]; 5] = [
    &["0", "0", "1"],
    &["1"],
    &["0", "0.1", "0.25", "3.3", "7", "1e-3"],
    &["5", "10", "20", "100", "1000"],
    // Too far apart for floating point, and for the units of the search's bounds.
    &["1e10", "1e10", "1e-10", "10000000000.0000000001"],
];
const RATES: [&[&str]; 3] = [&["0", "1"], &["0.1", "2.5", "33.3"], &["5", "100", "1000"]];
const COVERS: [&str; 6] = ["0h", "0h", "1h", "90m", "1d", "0.1h"];
const RAMPS: [&str; 5] = ["0h", "0h", "2h", "0.3h", "3d"];
const HOLDS: [&str; 6] = ["24h", "24h", "1h", "0h", "0.7h", "7d"];

pub(crate) fn case(seed: u64, steps_max: usize) -> Case {
    let mut dice = Dice::new(seed);
    let nodes = 3 + dice.below(8);
    let edges = edges(&mut dice, nodes);
    let steps = dice.below(steps_max + 1);
    let held = 1 + dice.below(3);
    let mut case = Case {
        held: (0..held).map(|_| dice.node(nodes)).collect(),
        hold: Hours::parse(dice.of(&HOLDS)).unwrap(),
        parts: EstateParts {
            name: "made".to_owned(),
            currency: "GBP".to_owned(),
            services: services(&mut dice, nodes),
            steps: self::steps(&mut dice, nodes, &edges, steps),
            nodes: (0..nodes).map(|n| node(&mut dice, n)).collect(),
            edges,
        },
    };
    if dice.one_in(3) {
        either_of_two(&mut dice, &mut case.parts);
    }
    for step in &mut case.parts.steps {
        step.minutes = Minutes::parse(dice.of(&["1", "2", "0.5", "30", ""])).ok();
        step.irreversible = dice.one_in(4);
    }
    case
}

/// A protected service that runs on either of two nodes, each taken down by a step.
fn either_of_two(dice: &mut Dice, parts: &mut EstateParts) {
    let (a, b) = (dice.node(parts.nodes.len()), dice.node(parts.nodes.len()));
    let first = dice.below(parts.steps.len());
    let second = dice.below(parts.steps.len());
    if a == b || first == second {
        return;
    }
    parts.steps[first].takes_down.push(a);
    parts.steps[second].takes_down.push(b);
    parts.services.push(Service {
        id: ServiceId::new("either-of-two"),
        name: None,
        needs: Need::Any(vec![Need::Node(a), Need::Node(b)]),
        loss_per_hour: Money::zero(),
        cover: Hours::zero(),
        ramp: Hours::zero(),
        protected: true,
        care: Care::None,
        probe: None,
    });
}

fn node(dice: &mut Dice, number: usize) -> Node {
    let jewel = Jewel {
        loss: Money::parse(dice.of(&["0", "10", "10", "250", "99.99"])).unwrap(),
        why: None,
    };
    Node {
        id: NodeId::new(format!("host:{number}")),
        kind: NodeKind::new("host"),
        name: None,
        aliases: Vec::new(),
        jewel: dice.one_in(4).then_some(jewel),
    }
}

fn edges(dice: &mut Dice, nodes: usize) -> Vec<Edge> {
    let count = dice.below(2 * nodes + 6);
    (0..count)
        .map(|_| Edge {
            from: dice.node(nodes),
            to: dice.node(nodes),
            kind: EdgeKind::new(dice.of(&["admin-to", "admin-to", "has-session"])),
            minutes: (!dice.one_in(5))
                .then(|| Minutes::parse(dice.of(&["1", "5", "0.5"])).unwrap()),
            likelihood: Likelihood::certain(),
            unknown: None,
        })
        .collect()
}

fn services(dice: &mut Dice, nodes: usize) -> Vec<Service> {
    let rates = RATES[dice.below(RATES.len())];
    let protected = 2 + dice.below(6);
    (0..dice.below(6))
        .map(|number| Service {
            id: ServiceId::new(format!("service:{number}")),
            name: None,
            needs: need(dice, nodes, number, 2),
            loss_per_hour: Money::parse(dice.of(rates)).unwrap(),
            cover: Hours::parse(dice.of(&COVERS)).unwrap(),
            ramp: Hours::parse(dice.of(&RAMPS)).unwrap(),
            protected: dice.one_in(protected),
            care: if dice.one_in(4) {
                Care::Lifeline
            } else {
                Care::None
            },
            probe: None,
        })
        .collect()
}

fn need(dice: &mut Dice, nodes: usize, services: usize, depth: usize) -> Need {
    if depth == 0 || dice.one_in(3) {
        return if services > 0 && dice.one_in(3) {
            Need::Service(ServiceIx(u32::try_from(dice.below(services)).unwrap()))
        } else {
            Need::Node(dice.node(nodes))
        };
    }
    let count = 1 + dice.below(4);
    let of: Vec<Need> = (0..count)
        .map(|_| need(dice, nodes, services, depth - 1))
        .collect();
    match dice.below(3) {
        0 => Need::All(of),
        1 => Need::Any(of),
        _ => Need::AtLeast {
            k: 1 + dice.below(of.len()),
            of,
        },
    }
}

fn steps(dice: &mut Dice, nodes: usize, edges: &[Edge], count: usize) -> Vec<Step> {
    let costs = COSTS[dice.below(COSTS.len())];
    let down = dice.below(3);
    let mut steps: Vec<Step> = Vec::new();
    for number in 0..count {
        // Ids whose order is not that of the file.
        let id = StepId::new(format!("s{}", (number * 7 + 3) % 13));
        if !steps.is_empty() && dice.one_in(8) {
            let twin = steps[dice.below(steps.len())].clone();
            steps.push(Step { id, ..twin });
            continue;
        }
        let patterns = (0..dice.below(4))
            .map(|_| pattern(dice, nodes, edges))
            .collect();
        steps.push(Step {
            id,
            kind: StepKind::new(dice.of(&["disable-account", "revoke-sessions", "block-vpn", "x"])),
            removes_nodes: if dice.one_in(2) {
                dice.nodes(nodes, 2)
            } else {
                Vec::new()
            },
            removes_edges: patterns,
            takes_down: dice.nodes(nodes, down),
            cost: Money::parse(dice.of(costs)).unwrap(),
            minutes: None,
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        });
    }
    steps
}

fn pattern(dice: &mut Dice, nodes: usize, edges: &[Edge]) -> EdgePattern {
    if edges.is_empty() || dice.one_in(6) {
        return EdgePattern {
            from: dice.node(nodes),
            to: dice.node(nodes),
            kind: None,
        };
    }
    let edge = &edges[dice.below(edges.len())];
    EdgePattern {
        from: edge.from,
        to: edge.to,
        kind: dice.one_in(2).then(|| edge.kind.clone()),
    }
}
