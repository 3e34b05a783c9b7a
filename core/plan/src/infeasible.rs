//! Why no admissible plan exists.
//!
//! The demands of a question are its jewels to be cut off and its protected services to be kept. A
//! demand is struck off as long as the others still contradict each other; what remains is irreducible:
//! without any one of them a plan meets the rest. The least precious jewels are struck off first, so
//! that the reasons speak of the most precious.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Estate, NodeIx, ServiceId, ServiceIx, Step, StepIx};
use cordon_reach::{Removal, reach};

use crate::{
    Infeasible, Question, Reason,
    price::{self, needed_nodes},
    relax,
    solve::{self, Aim, NoSet, Task},
};

/// One demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// This jewel is cut off.
    Jewel(NodeIx),
    /// This service does not stop within the hold.
    Service(ServiceIx),
}

/// Demands to be met together.
#[derive(Debug, Clone)]
pub(crate) struct Demands {
    pub(crate) jewels: Vec<NodeIx>,
    pub(crate) services: Vec<ServiceIx>,
}

impl Demands {
    /// Those of the question.
    pub(crate) fn of(question: &Question<'_>) -> Self {
        let held = crate::target::held(question);
        let jewels = question.estate.jewels().map(|(node, _)| node);
        let services = (0_u32..).map(ServiceIx).zip(question.estate.services());
        let protected = services.filter(|(_, service)| service.protected);
        Self {
            jewels: jewels.filter(|node| !held.contains(node)).collect(),
            services: protected.map(|(ix, _)| ix).collect(),
        }
    }

    /// The task to meet them.
    pub(crate) fn task<'e>(&self, question: &'e Question<'e>) -> Task<'e> {
        let services = (0_u32..).map(ServiceIx).zip(question.estate.services());
        Task {
            estate: question.estate,
            hold: &question.hold,
            aim: Aim::CutOff {
                held: crate::target::held(question),
                jewels: self.jewels.clone(),
                gone: BTreeSet::new(),
            },
            protected: services
                .map(|(ix, _)| self.services.contains(&ix))
                .collect(),
        }
    }

    /// Without one of them.
    pub(crate) fn without(&self, demand: Demand) -> Self {
        let mut fewer = self.clone();
        match demand {
            Demand::Jewel(jewel) => fewer.jewels.retain(|node| *node != jewel),
            Demand::Service(service) => fewer.services.retain(|other| *other != service),
        }
        fewer
    }

    /// With one more.
    pub(crate) fn with(&self, demand: Demand) -> Self {
        let mut more = self.clone();
        match demand {
            Demand::Jewel(jewel) => more.jewels.push(jewel),
            Demand::Service(service) => more.services.push(service),
        }
        more
    }
}

/// Says why a question has no admissible plan, and what would help.
pub(crate) fn explain(question: &Question<'_>) -> Infeasible {
    Infeasible {
        not_found_in: None,
        reasons: why(question),
        relaxations: relax::relaxations(question, &Demands::of(question)),
    }
}

/// An irreducible set of reasons why a question has no admissible plan.
pub(crate) fn why(question: &Question<'_>) -> Vec<Reason> {
    reasons(question, &irreducible(question, &Demands::of(question)))
}

fn irreducible(question: &Question<'_>, all: &Demands) -> Demands {
    let estate = question.estate;
    let mut left = all.clone();
    let mut jewels = left.jewels.clone();
    jewels.sort_by_key(|&node| {
        let node = estate.node(node);
        (node.jewel.as_ref().map(|jewel| &jewel.loss), &node.id)
    });
    let fewer = jewels.into_iter().map(Demand::Jewel);
    let services = left.services.clone();
    for struck in fewer.chain(services.into_iter().map(Demand::Service)) {
        let without = left.without(struck);
        if solve::any(&without.task(question)) == Err(NoSet::Impossible) {
            left = without;
        }
    }
    left
}

/// One reason for each jewel among the demands.
fn reasons(question: &Question<'_>, demands: &Demands) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = demands
        .jewels
        .iter()
        .map(|&jewel| reason(question, demands, jewel))
        .collect();
    // Services may forbid a cut only together, and then one path need not show all of them.
    let ids = demands
        .services
        .iter()
        .map(|&s| question.estate.service(s).id.clone());
    let missing: Vec<ServiceId> = ids
        .filter(|id| !reasons.iter().any(|reason| reason.protected.contains(id)))
        .collect();
    if let Some(first) = reasons.first_mut() {
        first.protected.extend(missing);
        first.protected.sort();
    }
    reasons
}

/// Meets every other demand, adds whatever step still keeps the protected services up, and looks at
/// how the jewel is reached even so.
fn reason(question: &Question<'_>, demands: &Demands, jewel: NodeIx) -> Reason {
    let estate = question.estate;
    let others = demands.without(Demand::Jewel(jewel)).task(question);
    let mut done: BTreeSet<StepIx> = solve::any(&others).into_iter().flatten().collect();
    let mut steps: Vec<StepIx> = estate.step_indices().collect();
    steps.sort_by(|&a, &b| estate.step(a).id.cmp(&estate.step(b).id));
    let needed = needed_nodes(estate);
    let is_harmless = |step: StepIx| {
        let down = &estate.step(step).takes_down;
        !down
            .iter()
            .any(|node| needed.get(node.index()) == Some(&true))
    };
    for step in steps {
        if is_harmless(step) || stopped_by(question, demands, &done, step).is_empty() {
            done.insert(step);
        }
    }
    let kept: Vec<StepIx> = done.iter().copied().collect();
    let after = reach(
        estate,
        &crate::target::held(question),
        &Removal::of(estate, &kept),
    );
    let path = after
        .fastest(jewel)
        .map(|path| path.nodes)
        .unwrap_or_default();
    let hops = Hops::new(estate, &kept, &path);
    let mut protected = BTreeSet::new();
    let mut would_cut = Vec::new();
    for step in estate
        .step_indices()
        .filter(|&step| hops.are_cut_by(estate.step(step)))
    {
        would_cut.push(step);
        protected.extend(stopped_by(question, demands, &done, step));
    }
    let ids = protected
        .into_iter()
        .map(|service| estate.service(service).id.clone());
    let mut protected: Vec<ServiceId> = ids.collect();
    protected.sort();
    Reason {
        target: jewel,
        path,
        protected,
        steps: would_cut,
    }
}

/// The protected services that one more step would stop.
fn stopped_by(
    question: &Question<'_>,
    demands: &Demands,
    done: &BTreeSet<StepIx>,
    step: StepIx,
) -> Vec<ServiceIx> {
    let steps: Vec<StepIx> = done.iter().copied().chain([step]).collect();
    let starts = price::starts(question.estate, &steps);
    let falls = |service: &ServiceIx| {
        let start = starts.get(service.index()).and_then(Option::as_ref);
        start.is_some_and(|start| *start < question.hold)
    };
    demands.services.iter().copied().filter(falls).collect()
}

/// A path, hop by hop, with the edges that some steps leave between its nodes.
struct Hops<'p> {
    estate: &'p Estate,
    path: &'p [NodeIx],
    edges: BTreeMap<(NodeIx, NodeIx), Vec<EdgeIx>>,
}

impl<'p> Hops<'p> {
    fn new(estate: &'p Estate, done: &[StepIx], path: &'p [NodeIx]) -> Self {
        let removal = Removal::of(estate, done);
        let ends = path.iter().zip(path.iter().skip(1));
        let left = |(from, to): (&NodeIx, &NodeIx)| {
            let between = estate.edges_between(*from, *to).iter().copied();
            let left = between.filter(|&edge| removal.keeps(edge)).collect();
            ((*from, *to), left)
        };
        Self {
            estate,
            path,
            edges: ends.map(left).collect(),
        }
    }

    /// Whether a step leaves nothing of some hop.
    fn are_cut_by(&self, step: &Step) -> bool {
        if self.edges.is_empty() {
            return false;
        }
        if step
            .removes_nodes
            .iter()
            .any(|node| self.path.contains(node))
        {
            return true;
        }
        let mut patterns = step.removes_edges.iter();
        patterns.any(|pattern| {
            let hop = self.edges.get(&(pattern.from, pattern.to));
            hop.is_some_and(|left| left.iter().all(|&edge| self.names(step, edge)))
        })
    }

    fn names(&self, step: &Step, edge: EdgeIx) -> bool {
        let mut patterns = step.removes_edges.iter();
        patterns.any(|pattern| pattern.matches(self.estate.edge(edge)))
    }
}
