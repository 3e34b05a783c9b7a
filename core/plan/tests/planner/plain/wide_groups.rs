//! Made estates whose services run on any or some of very many nodes, and whose steps close several ways each.
//!
//! Three layers, each leading to the next: accounts that are held, hosts, servers, and behind them the jewels. Whatever has to
//! be cut can be cut by taking nodes down, which is cheap, or by closing zones, which is dear, so that it is worth taking down
//! just as many nodes of a group as it can spare, or all of them.

use cordon_model::{
    Care, Edge, EdgeKind, EdgePattern, EstateParts, Hours, Jewel, Likelihood, Minutes, Money, Need,
    Node, NodeId, NodeIx, NodeKind, Service, ServiceId, ServiceIx, Step, StepId, StepKind,
};

use super::estates::{Case, Dice};

/// How far steps reach that close several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shared {
    /// Some close a few.
    Few,
    /// As before, and hosts lead to one another.
    FewAmongHosts,
    /// Some close up to twenty.
    Many,
    /// Very many close a few.
    FewEach,
}

const SHARED: [Shared; 4] = [
    Shared::Few,
    Shared::FewAmongHosts,
    Shared::Many,
    Shared::FewEach,
];
const SIZES: [usize; 6] = [100, 200, 520, 520, 1_000, 2_000];

struct Maker {
    dice: Dice,
    nodes: Vec<Node>,
    edges: Vec<(NodeIx, NodeIx)>,
    steps: Vec<Step>,
    hosts: Vec<NodeIx>,
    servers: Vec<NodeIx>,
}

/// An estate of about so many nodes, or of one of some sizes.
pub(crate) fn wide_groups(seed: u64, nodes: Option<usize>, shared: Option<Shared>) -> Case {
    let mut dice = Dice::new(seed);
    let size = nodes.unwrap_or_else(|| SIZES[dice.below(SIZES.len())]);
    let shared = shared.unwrap_or_else(|| SHARED[dice.below(SHARED.len())]);
    let mut maker = Maker {
        dice,
        nodes: Vec::new(),
        edges: Vec::new(),
        steps: Vec::new(),
        hosts: Vec::new(),
        servers: Vec::new(),
    };
    let held = maker.layers(size, shared);
    maker.own_steps();
    maker.shared_steps(size, shared);
    let services = maker.services(size);
    let edges = maker.edges.iter().map(|&(from, to)| Edge {
        from,
        to,
        kind: EdgeKind::new("admin-to"),
        minutes: Minutes::parse("5").ok(),
        likelihood: Likelihood::certain(),
        unknown: None,
    });
    Case {
        held,
        hold: Hours::from_units(24),
        parts: EstateParts {
            name: "made".to_owned(),
            currency: "GBP".to_owned(),
            edges: edges.collect(),
            nodes: maker.nodes,
            services,
            steps: maker.steps,
        },
    }
}

impl Maker {
    fn node(&mut self, kind: &str, loss: Option<i64>) -> NodeIx {
        let number = self.nodes.len();
        self.nodes.push(Node {
            id: NodeId::new(format!("{kind}:{number}")),
            kind: NodeKind::new(kind),
            name: None,
            aliases: Vec::new(),
            jewel: loss.map(|loss| Jewel {
                loss: Money::from_units(loss),
                why: None,
            }),
        });
        NodeIx(u32::try_from(number).unwrap())
    }

    fn any(&mut self, of: &[NodeIx]) -> NodeIx {
        of[self.dice.below(of.len())]
    }

    /// What is held.
    fn layers(&mut self, size: usize, shared: Shared) -> Vec<NodeIx> {
        let held: Vec<_> = (0..=size / 10).map(|_| self.node("user", None)).collect();
        let hosts: Vec<_> = (0..size * 6 / 10)
            .map(|_| self.node("host", None))
            .collect();
        let servers: Vec<_> = (0..size * 3 / 10)
            .map(|_| self.node("server", None))
            .collect();
        let jewels = 1 + self.dice.below(4);
        let jewels: Vec<_> = (0..jewels)
            .map(|_| self.node("vault", Some(1_000_000)))
            .collect();
        for &host in &hosts {
            for _ in 0..=self.dice.below(2) {
                let from = self.any(&held);
                self.edges.push((from, host));
            }
            for _ in 0..=self.dice.below(2) {
                let to = self.any(&servers);
                self.edges.push((host, to));
            }
            if shared == Shared::FewAmongHosts && self.dice.one_in(4) {
                let to = self.any(&hosts);
                self.edges.push((host, to));
            }
        }
        for &server in &servers {
            let to = self.any(&jewels);
            self.edges.push((server, to));
            if self.dice.one_in(5) {
                let to = self.any(&servers);
                self.edges.push((server, to));
            }
        }
        self.edges.retain(|(from, to)| from != to);
        self.edges.sort_unstable();
        self.edges.dedup();
        (self.hosts, self.servers) = (hosts, servers);
        held
    }

    fn step(&mut self, kind: &str, costs: &[&str]) -> &mut Step {
        let (number, cost) = (self.steps.len(), self.dice.of(costs));
        self.steps.push(Step {
            id: StepId::new(format!("{kind}/{number}")),
            kind: StepKind::new(kind),
            removes_nodes: Vec::new(),
            removes_edges: Vec::new(),
            takes_down: Vec::new(),
            cost: Money::parse(cost).unwrap(),
            minutes: Minutes::parse("3").ok(),
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        });
        self.steps.last_mut().unwrap()
    }

    fn own_steps(&mut self) {
        for node in [self.hosts.clone(), self.servers.clone()].concat() {
            let step = self.step("isolate", &["1", "2", "3", "5", "7", "9"]);
            step.removes_nodes = vec![node];
            step.takes_down = vec![node];
            if !self.dice.one_in(5) {
                let step = self.step("zone", &["4", "8", "13", "21", "30", "55"]);
                step.removes_nodes = vec![node];
            }
        }
    }

    fn shared_steps(&mut self, size: usize, shared: Shared) {
        let (steps, closes) = match shared {
            Shared::Few | Shared::FewAmongHosts => (size / 8, 5),
            Shared::Many => (size / 8, 20),
            Shared::FewEach => (self.edges.len() / 4, 5),
        };
        for _ in 0..steps {
            let closes = 2 + self.dice.below(closes);
            let number = self.steps.len();
            self.step("block", &["10", "20", "35", "50"]);
            for _ in 0..closes {
                let (from, to) = self.edges[self.dice.below(self.edges.len())];
                let kind = None;
                let pattern = EdgePattern { from, to, kind };
                self.steps[number].removes_edges.push(pattern);
            }
            if self.dice.one_in(3) {
                let host = self.hosts[self.dice.below(self.hosts.len())];
                self.steps[number].takes_down = vec![host];
            }
        }
    }

    fn needs(&mut self) -> Need {
        let pool = if self.dice.one_in(2) {
            self.hosts.clone()
        } else {
            self.servers.clone()
        };
        let width = match self.dice.below(4) {
            0 => pool.len(),
            1 => pool.len() / 2,
            2 => pool.len() / 4,
            _ => 12.min(pool.len()),
        };
        let first = self.dice.below(pool.len());
        let of = pool.iter().cycle().skip(first).take(width.max(2));
        let of: Vec<Need> = of.map(|&node| Need::Node(node)).collect();
        match self.dice.below(4) {
            0 => Need::Any(of),
            1 => Need::All(of),
            _ => Need::AtLeast {
                k: 1 + self.dice.below(of.len()),
                of,
            },
        }
    }

    fn services(&mut self, size: usize) -> Vec<Service> {
        let mut services = Vec::new();
        for number in 0..2 + self.dice.below(8) {
            let mut needs = self.needs();
            if number > 0 && self.dice.one_in(2) {
                let below = ServiceIx(u32::try_from(self.dice.below(number)).unwrap());
                let both = vec![needs, Need::Service(below)];
                needs = if self.dice.one_in(3) {
                    Need::Any(both)
                } else {
                    Need::All(both)
                };
            }
            // A group loses about as much as sparing it costs.
            let rate = match self.dice.below(4) {
                0 => 0,
                1 => 1 + self.dice.below(10),
                2 => size / 24 + self.dice.below(size / 12 + 1),
                _ => size / 6,
            };
            services.push(Service {
                id: ServiceId::new(format!("service:{number}")),
                name: None,
                needs,
                loss_per_hour: Money::from_units(i64::try_from(rate).unwrap()),
                cover: Hours::parse(self.dice.of(&["0h", "0h", "2h", "8h"])).unwrap(),
                ramp: Hours::parse(self.dice.of(&["0h", "0h", "6h"])).unwrap(),
                protected: self.dice.one_in(4),
                care: Care::None,
                probe: None,
            });
        }
        services
    }
}
