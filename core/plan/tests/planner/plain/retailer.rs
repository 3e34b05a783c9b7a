//! A made retailer of some hundred nodes: roles, shared services, regions of stores.

use cordon_model::{
    Care, Edge, EdgeKind, EdgePattern, EstateParts, Hours, Jewel, Likelihood, Minutes, Money, Need,
    Node, NodeId, NodeIx, NodeKind, Service, ServiceId, ServiceIx, Step, StepId, StepKind,
};

use super::estates::{Case, Dice};

/// How large, and how unlike each other things are.
pub(crate) struct Size {
    pub(crate) users: usize,
    pub(crate) hosts: usize,
    pub(crate) extra_edges: usize,
    pub(crate) shared: usize,
    pub(crate) services: usize,
    pub(crate) jewels: usize,
    pub(crate) footholds: usize,
    pub(crate) costs: &'static [&'static str],
}

struct Maker {
    dice: Dice,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    steps: Vec<Step>,
}

impl Maker {
    fn node(&mut self, kind: &str) -> NodeIx {
        let number = self.nodes.len();
        self.nodes.push(Node {
            id: NodeId::new(format!("{kind}:{number}")),
            kind: NodeKind::new(kind),
            name: None,
            aliases: Vec::new(),
            jewel: None,
        });
        NodeIx(u32::try_from(number).unwrap())
    }

    fn nodes(&mut self, kind: &str, count: usize) -> Vec<NodeIx> {
        (0..count).map(|_| self.node(kind)).collect()
    }

    fn edge(&mut self, from: NodeIx, to: NodeIx, kind: &str) {
        let minutes = self.dice.of(&["1", "5", "15", "30", "60"]);
        self.edges.push(Edge {
            from,
            to,
            kind: EdgeKind::new(kind),
            minutes: Some(Minutes::parse(minutes).unwrap()),
            likelihood: Likelihood::certain(),
            unknown: None,
        });
    }

    fn any(&mut self, of: &[NodeIx]) -> NodeIx {
        of[self.dice.below(of.len())]
    }

    fn step(&mut self, kind: &str, cost: &str) -> &mut Step {
        let id = StepId::new(format!("{kind}/{}", self.steps.len()));
        self.steps.push(Step {
            id,
            kind: StepKind::new(kind),
            removes_nodes: Vec::new(),
            removes_edges: Vec::new(),
            takes_down: Vec::new(),
            cost: Money::parse(cost).unwrap(),
            minutes: None,
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        });
        self.steps.last_mut().unwrap()
    }
}

fn pattern(edge: &Edge) -> EdgePattern {
    EdgePattern {
        from: edge.from,
        to: edge.to,
        kind: None,
    }
}

pub(crate) fn retailer(seed: u64, size: &Size) -> Case {
    let mut maker = Maker {
        dice: Dice::new(seed),
        nodes: Vec::new(),
        edges: Vec::new(),
        steps: Vec::new(),
    };
    let users = maker.nodes("user", size.users);
    let groups = maker.nodes("group", size.users / 6);
    let hosts = maker.nodes("host", size.hosts);
    let zones = maker.nodes("zone", 12);
    for &user in &users {
        for _ in 0..2 {
            let group = maker.any(&groups);
            maker.edge(user, group, "member-of");
        }
        let host = maker.any(&hosts);
        maker.edge(host, user, "has-session");
    }
    for &group in &groups {
        for _ in 0..4 {
            let host = maker.any(&hosts);
            maker.edge(group, host, "admin-to");
        }
    }
    for (number, &host) in hosts.iter().enumerate() {
        let zone = zones[number % zones.len()];
        maker.edge(zone, host, "network");
        if maker.dice.one_in(3) {
            let zone = maker.any(&zones);
            maker.edge(host, zone, "network");
        }
    }
    for _ in 0..size.extra_edges {
        let all: Vec<NodeIx> = users.iter().chain(&groups).chain(&hosts).copied().collect();
        let (from, to) = (maker.any(&all), maker.any(&hosts));
        maker.edge(from, to, "can-rdp");
    }
    private_steps(&mut maker, size, &users, &hosts);
    shared_steps(&mut maker, size, &hosts, &zones);
    for _ in 0..size.jewels {
        let host = maker.any(&hosts);
        maker.nodes[host.index()].jewel = Some(Jewel {
            loss: Money::parse("1000000").unwrap(),
            why: None,
        });
    }
    let services = services(&mut maker, size, &hosts, &zones);
    let jewelled = |node: &NodeIx| maker.nodes[node.index()].jewel.is_some();
    Case {
        held: users
            .iter()
            .chain(&hosts)
            .filter(|n| !jewelled(n))
            .take(size.footholds)
            .copied()
            .collect(),
        hold: Hours::parse("24h").unwrap(),
        parts: EstateParts {
            name: "made".to_owned(),
            currency: "GBP".to_owned(),
            nodes: maker.nodes,
            edges: maker.edges,
            services,
            steps: maker.steps,
        },
    }
}

fn private_steps(maker: &mut Maker, size: &Size, users: &[NodeIx], hosts: &[NodeIx]) {
    for &user in users {
        let cost = maker.dice.of(size.costs);
        let step = maker.step("disable-account", cost);
        step.removes_nodes = vec![user];
        step.takes_down = vec![user];
    }
    for &host in hosts {
        let cost = maker.dice.of(size.costs);
        let step = maker.step("isolate-host", cost);
        step.removes_nodes = vec![host];
        step.takes_down = vec![host];
    }
}

fn shared_steps(maker: &mut Maker, size: &Size, hosts: &[NodeIx], zones: &[NodeIx]) {
    for number in 0..size.shared {
        let cost = maker.dice.of(size.costs);
        let kind = ["admin-to", "network", "can-rdp", "has-session", "member-of"][number % 5];
        let of_kind: Vec<EdgePattern> = maker
            .edges
            .iter()
            .filter(|e| e.kind.as_str() == kind)
            .map(pattern)
            .collect();
        let part = 2 + number % 7;
        let (zone, host) = (maker.any(zones), maker.any(hosts));
        let chosen = of_kind
            .into_iter()
            .skip(number % part)
            .step_by(part)
            .collect();
        let step = maker.step("block-shared", cost);
        step.removes_edges = chosen;
        step.takes_down = if number % 3 == 0 {
            vec![zone]
        } else {
            vec![host]
        };
    }
}

fn services(maker: &mut Maker, size: &Size, hosts: &[NodeIx], zones: &[NodeIx]) -> Vec<Service> {
    let mut services = Vec::new();
    for number in 0..size.services {
        let host = |maker: &mut Maker| Need::Node(maker.any(hosts));
        let mut all = vec![host(maker), host(maker), Need::Node(maker.any(zones))];
        all.push(Need::Any(vec![host(maker), host(maker)]));
        let of = (0..4).map(|_| host(maker)).collect();
        all.push(Need::AtLeast { k: 2, of });
        if number > 2 && maker.dice.one_in(2) {
            let below = u32::try_from(maker.dice.below(number)).unwrap();
            all.push(Need::Service(ServiceIx(below)));
        }
        services.push(Service {
            id: ServiceId::new(format!("service:{number}")),
            name: None,
            needs: Need::All(all),
            loss_per_hour: Money::parse(maker.dice.of(&["0", "50", "400", "2500", "40000"]))
                .unwrap(),
            cover: Hours::parse(maker.dice.of(&["0h", "0h", "2h", "8h", "3d"])).unwrap(),
            ramp: Hours::parse(maker.dice.of(&["0h", "6h", "12h"])).unwrap(),
            protected: number % 6 == 0,
            care: Care::None,
            probe: None,
        });
    }
    services
}
