//! Estates drawn in a few words, for tests that a person reads.

use cordon_model::{
    Care, Confidence, Edge, EdgeKind, EdgePattern, Estate, EstateParts, Foothold, Hours, Jewel,
    Likelihood, Minutes, Money, Need, Node, NodeId, NodeIx, NodeKind, Service, ServiceId, Step,
    StepId, StepKind,
};
use cordon_plan::{Effort, Question};

use crate::plain::estates::Case;

/// An estate in the making.
#[derive(Clone)]
pub(crate) struct Sketch {
    parts: EstateParts,
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

impl Sketch {
    /// Nodes by name, a jewel as `name=loss`.
    pub(crate) fn nodes(names: &str) -> Self {
        let node = |word: &str| {
            let (id, loss) = word
                .split_once('=')
                .map_or((word, None), |(id, loss)| (id, Some(loss)));
            Node {
                id: NodeId::new(id),
                kind: NodeKind::new("host"),
                name: None,
                aliases: Vec::new(),
                jewel: loss.map(|loss| Jewel {
                    loss: Money::parse(loss).unwrap(),
                    why: None,
                }),
            }
        };
        Self {
            parts: EstateParts {
                name: "sketch".to_owned(),
                currency: "GBP".to_owned(),
                nodes: words(names).map(node).collect(),
                edges: Vec::new(),
                services: Vec::new(),
                steps: Vec::new(),
            },
        }
    }

    fn ix(&self, id: &str) -> NodeIx {
        let found = self
            .parts
            .nodes
            .iter()
            .position(|node| node.id.as_str() == id);
        NodeIx(u32::try_from(found.expect(id)).unwrap())
    }

    /// Edges as `from>to`, or `from>to:minutes`.
    pub(crate) fn edges(mut self, edges: &str) -> Self {
        for word in words(edges) {
            let (ends, minutes) = word
                .split_once(':')
                .map_or((word, None), |(e, m)| (e, Some(m)));
            let (from, to) = ends.split_once('>').unwrap();
            let edge = Edge {
                from: self.ix(from),
                to: self.ix(to),
                kind: EdgeKind::new("admin-to"),
                minutes: minutes.map(|minutes| Minutes::parse(minutes).unwrap()),
                likelihood: Likelihood::certain(),
                unknown: None,
            };
            self.parts.edges.push(edge);
        }
        self
    }

    /// A step: `id cost`, then what it removes (`node` or `from>to`), then `!node` for what it takes
    /// down.
    pub(crate) fn step(mut self, text: &str) -> Self {
        let mut all = words(text);
        let (id, cost) = (all.next().unwrap(), all.next().unwrap());
        let mut step = Step {
            id: StepId::new(id),
            kind: StepKind::new(id.split_once('/').map_or(id, |(kind, _)| kind)),
            removes_nodes: Vec::new(),
            removes_edges: Vec::new(),
            takes_down: Vec::new(),
            cost: Money::parse(cost).unwrap(),
            minutes: None,
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        };
        for word in all {
            if let Some(down) = word.strip_prefix('!') {
                step.takes_down.push(self.ix(down));
            } else if let Some((from, to)) = word.split_once('>') {
                let (from, to, kind) = (self.ix(from), self.ix(to), None);
                step.removes_edges.push(EdgePattern { from, to, kind });
            } else {
                step.removes_nodes.push(self.ix(word));
            }
        }
        self.parts.steps.push(step);
        self
    }

    /// How long the last step takes.
    pub(crate) fn takes(mut self, minutes: &str) -> Self {
        if let Some(step) = self.parts.steps.last_mut() {
            step.minutes = Minutes::parse(minutes).ok();
        }
        self
    }

    /// A service that needs all of some nodes: `id rate cover ramp nodes…`, a trailing `*` at the id
    /// for a protected one.
    pub(crate) fn service(mut self, text: &str) -> Self {
        let mut all = words(text);
        let mut next = || all.next().unwrap();
        let (id, rate, cover, ramp) = (next(), next(), next(), next());
        let needs = all.map(|node| Need::Node(self.ix(node))).collect();
        let span = |text: &str| Hours::parse(text).unwrap();
        let service = Service {
            id: ServiceId::new(id.trim_end_matches('*')),
            name: None,
            needs: Need::All(needs),
            loss_per_hour: Money::parse(rate).unwrap(),
            cover: span(cover),
            ramp: span(ramp),
            protected: id.ends_with('*'),
            care: Care::Lifeline,
            probe: None,
        };
        self.parts.services.push(service);
        self
    }

    /// A service that runs on any of some nodes: `id nodes…`, a trailing `*` at the id for a protected one.
    pub(crate) fn either(mut self, text: &str) -> Self {
        let (id, nodes) = text.split_once(' ').unwrap();
        self = self.service(&format!("{id} 0 0h 0h {nodes}"));
        if let Some(service) = self.parts.services.last_mut()
            && let Need::All(of) = service.needs.clone()
        {
            service.needs = Need::Any(of);
        }
        self
    }

    /// No service keeps anybody alive.
    pub(crate) fn for_money(mut self) -> Self {
        for service in &mut self.parts.services {
            service.care = Care::None;
        }
        self
    }

    /// What was drawn so far, for more than words draw well.
    pub(crate) fn parts(self) -> EstateParts {
        self.parts
    }

    pub(crate) fn estate(&self) -> Estate {
        Estate::new(self.parts.clone())
    }
}

/// A question about an estate: what is held, for how long.
pub(crate) fn question<'e>(estate: &'e Estate, held: &str, hold: &str) -> Question<'e> {
    let foothold = |id: &str| Foothold::said(estate.node_by_id(id).unwrap(), Confidence::CERTAIN);
    Question {
        estate,
        footholds: words(held).map(foothold).collect(),
        outside_estate: Vec::new(),
        hold: Hours::parse(hold).unwrap(),
        effort: Effort::DEFAULT,
    }
}

/// The question of a case about an estate, which is the case's own or a change of it.
pub(crate) fn question_of<'e>(case: &Case, estate: &'e Estate) -> Question<'e> {
    Question {
        estate,
        footholds: case.footholds(),
        outside_estate: Vec::new(),
        hold: case.hold.clone(),
        effort: Effort::DEFAULT,
    }
}
