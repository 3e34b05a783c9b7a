//! From the planner's answer to the plan document.

use std::collections::BTreeMap;

use cordon_model::{Estate, Hours, NodeIx, ServiceIx, StepIx};
use cordon_plan::{self as plan, Answer, Outcome, Question};

use super::{
    Alternative, FlowBehind, FlowDraw, FlowEdge, FlowNode, FlowProof, Foothold, GivenUp,
    Infeasible, LossPoint, MayBeLost, NoSteps, Number, Outlook, Plan, Price, Proof, Race, Reason,
    Relaxation, RemovedEdge, Removes, ServiceLoss, Step, Target, document,
};

/// Plans count from here; whoever replaces a plan counts on.
const FIRST_GENERATION: u64 = 1;

/// The answer to a question as the document `cordon/plan/v1`.
pub fn plan_document(question: &Question<'_>, answer: &Answer) -> String {
    document(&Plan::of(question, answer))
}

impl Plan {
    /// The document's values.
    pub fn of(question: &Question<'_>, answer: &Answer) -> Self {
        let estate = question.estate;
        let (draft, infeasible) = match &answer.outcome {
            Outcome::Plan(vetted) => (Some(vetted.draft()), None),
            Outcome::Infeasible(why) => (None, Some(why)),
        };
        let targets = answer.targets.iter().map(|t| Target::of(estate, t));
        let alternatives = answer.alternatives.iter();
        Self {
            format: "cordon/plan/v1".to_owned(),
            estate: estate.name().to_owned(),
            generation: FIRST_GENERATION,
            hold_hours: Number::hours(&question.hold),
            hold_exact: hold_exact(&question.hold),
            footholds: question
                .footholds
                .iter()
                .map(|f| Foothold::of(estate, f))
                .collect(),
            outside_estate: question.outside_estate.clone(),
            targets: targets.collect(),
            steps: draft.map_or_else(Vec::new, |d| steps(estate, &d.steps)),
            race: draft.and_then(|d| Race::of(question, &d.steps)),
            no_steps: NoSteps::of(question, answer),
            price: draft.map(|d| Price::of(estate, &d.price)),
            exposure: draft.map(|d| Number::money(&d.exposure)),
            proof: draft.map(|d| Proof::of(estate, &d.price, &d.proof)),
            loss_curve: draft.map_or_else(Vec::new, |d| curve(&d.loss_curve)),
            alternatives: alternatives.map(|a| Alternative::of(estate, a)).collect(),
            infeasible: infeasible.map(|why| Infeasible::of(estate, why)),
            outlook: answer.outlook.as_ref().map(|o| Outlook::of(estate, o)),
        }
    }
}

/// The hold as a fraction, where its decimal is rounded.
fn hold_exact(hold: &Hours) -> Option<String> {
    let told = Hours::parse(&format!("{}h", hold.rounded()));
    let exact = hold.exact();
    (told.as_ref() != Ok(hold)).then(|| format!("{}/{}", exact.numer(), exact.denom()))
}

fn nodes(estate: &Estate, nodes: &[NodeIx]) -> Vec<String> {
    let ids = nodes.iter().map(|ix| estate.node(*ix).id.to_string());
    ids.collect()
}

fn services(estate: &Estate, services: &[ServiceIx]) -> Vec<String> {
    let ids = services.iter().map(|ix| estate.service(*ix).id.to_string());
    ids.collect()
}

fn step_ids(estate: &Estate, steps: &[StepIx]) -> Vec<String> {
    let ids = steps.iter().map(|ix| estate.step(*ix).id.to_string());
    ids.collect()
}

fn steps(estate: &Estate, steps: &[StepIx]) -> Vec<Step> {
    let numbered = (1..).zip(steps);
    numbered
        .map(|(n, ix)| Step::of(estate, n, estate.step(*ix)))
        .collect()
}

/// A loss over time as a plan tells it.
pub fn curve(points: &[plan::LossPoint]) -> Vec<LossPoint> {
    let points = points.iter().map(|point| LossPoint {
        hours: Number::hours(&point.after),
        loss: Number::money(&point.loss),
    });
    points.collect()
}

impl Race {
    /// Steps in the order of carrying out, against the intruder; none if there are none.
    pub fn of(question: &Question<'_>, steps: &[StepIx]) -> Option<Self> {
        if steps.is_empty() {
            return None;
        }
        let race = plan::race(question, steps);
        let lost = race.late.iter().map(|late| MayBeLost {
            id: question.estate.node(late.jewel).id.to_string(),
            loss: Number::money(&late.loss),
            soonest_minutes: late.soonest.as_ref().map(Number::minutes),
            path: nodes(question.estate, &late.way),
            minutes: late.minutes.as_ref().map(Number::minutes),
            step: late.step,
        });
        let in_force = race.in_force.iter();
        Some(Self {
            may_be_lost: lost.collect(),
            in_force_minutes: in_force
                .map(|at| at.as_ref().map(Number::minutes))
                .collect(),
            loss: Number::money(&race.late.iter().map(|late| &late.loss).sum()),
        })
    }
}

impl NoSteps {
    fn of(question: &Question<'_>, answer: &Answer) -> Option<Self> {
        let why = plan::NoSteps::of(answer, &question.footholds, &question.outside_estate)?;
        Some(Self {
            reason: why.word().to_owned(),
            text: why.words().to_owned(),
        })
    }
}

/// What becomes of a jewel, in the document's words.
const STATUSES: [(plan::TargetStatus, &str); 4] = [
    (plan::TargetStatus::CutOff, "cut_off"),
    (plan::TargetStatus::AlreadyHeld, "already_held"),
    (plan::TargetStatus::Reachable, "reachable"),
    (plan::TargetStatus::NeverReachable, "never_reachable"),
];

impl Target {
    /// What the word of the document means; none for a word that it does not have.
    pub fn meant(&self) -> Option<plan::TargetStatus> {
        let mut words = STATUSES.into_iter();
        words.find_map(|(status, word)| (word == self.status).then_some(status))
    }

    fn of(estate: &Estate, target: &plan::Target) -> Self {
        let mut words = STATUSES.into_iter();
        let word = words.find_map(|(status, word)| (status == target.status).then_some(word));
        Self {
            id: estate.node(target.node).id.to_string(),
            loss: Number::money(&target.loss),
            status: word.unwrap_or_default().to_owned(),
            path_before: nodes(estate, &target.path_before),
            minutes_before: target.minutes_before.as_ref().map(Number::minutes),
        }
    }
}

impl Step {
    /// What the estate says of a step, as a plan tells it.
    pub fn of(estate: &Estate, n: usize, step: &cordon_model::Step) -> Self {
        Self {
            n,
            id: step.id.to_string(),
            kind: step.kind.to_string(),
            removes: Removes::of(estate, step),
            takes_down: nodes(estate, &step.takes_down),
            cost: Number::money(&step.cost),
            minutes: step.minutes.as_ref().map(Number::minutes),
            undo: step.undo.as_deref().map(str::to_owned),
            check: step.check.as_deref().map(str::to_owned),
            irreversible: step.irreversible,
            action: step.action.as_deref().cloned(),
        }
    }
}

impl Removes {
    fn of(estate: &Estate, step: &cordon_model::Step) -> Self {
        let edges = step.removes_edges.iter().map(|pattern| RemovedEdge {
            from: estate.node(pattern.from).id.to_string(),
            to: estate.node(pattern.to).id.to_string(),
            kind: pattern.kind.as_ref().map(ToString::to_string),
        });
        Self {
            nodes: nodes(estate, &step.removes_nodes),
            edges: edges.collect(),
        }
    }
}

impl Price {
    /// A price as a plan tells it.
    pub fn of(estate: &Estate, price: &plan::Price) -> Self {
        let services = price.services.iter().map(|lost| {
            let service = estate.service(lost.service);
            ServiceLoss {
                id: service.id.to_string(),
                loss: Number::money(&lost.loss),
                start_hours: lost.start.as_ref().map(Number::hours),
                protected: service.protected,
            }
        });
        Self {
            total: Number::money(&price.total),
            steps: Number::money(&price.steps),
            services: services.collect(),
            lifeline_hours: Number::hours(&price.lifeline),
        }
    }
}

impl Proof {
    fn of(estate: &Estate, price: &plan::Price, proof: &plan::Proof) -> Self {
        Self {
            flow: proof.flow.as_ref().map(|flow| FlowProof::of(estate, flow)),
            lower_bound: Number::money(&proof.lower_bound),
            gap: Number::gap(&price.total, &proof.lower_bound),
            proven: proof.proven,
            certificate: proof.certificate.clone(),
        }
    }
}

impl FlowProof {
    fn of(estate: &Estate, flow: &plan::FlowProof) -> Self {
        let unit = flow.unit.exact();
        let id = |node: NodeIx| estate.node(node).id.to_string();
        // Steps cut edges of equal ends and kind together, so that what flows along them is told as one.
        let mut along: BTreeMap<_, u64> = BTreeMap::new();
        for &(ix, amount) in &flow.edges {
            let edge = estate.edge(ix);
            *along.entry((edge.from, edge.to, &edge.kind)).or_default() += amount;
        }
        let edges = along
            .into_iter()
            .map(|((from, to, kind), amount)| FlowEdge {
                from: id(from),
                to: id(to),
                kind: kind.to_string(),
                amount,
            });
        let nodes = flow.nodes.iter().map(|&(node, amount)| FlowNode {
            id: id(node),
            amount,
        });
        let draws = flow.draws.iter().map(|draw| FlowDraw {
            step: estate.step(draw.step).id.to_string(),
            service: estate.service(draw.service).id.to_string(),
            amount: draw.amount,
        });
        let behind = flow.behind.iter().map(|&(step, leader)| FlowBehind {
            step: estate.step(step).id.to_string(),
            leader: estate.step(leader).id.to_string(),
        });
        Self {
            bound: Number::money(&flow.bound),
            unit: format!("{}/{}", unit.numer(), unit.denom()),
            edges: edges.collect(),
            nodes: nodes.collect(),
            draws: draws.collect(),
            behind: behind.collect(),
        }
    }
}

/// Alternatives and their words.
const ALTERNATIVES: [(plan::AlternativeKind, &str); 4] = [
    (plan::AlternativeKind::DoNothing, "do_nothing"),
    (plan::AlternativeKind::ContainHeld, "contain_held"),
    (plan::AlternativeKind::PullEveryPlug, "pull_every_plug"),
    (plan::AlternativeKind::CheapestCut, "cheapest_cut"),
];

impl Alternative {
    /// Which one its word means, if any.
    pub fn meant(&self) -> Option<plan::AlternativeKind> {
        let mut all = ALTERNATIVES.iter();
        all.find(|(_, word)| *word == self.kind)
            .map(|(kind, _)| *kind)
    }

    /// The document's values.
    pub fn of(estate: &Estate, alternative: &plan::Alternative) -> Self {
        let mut all = ALTERNATIVES.iter();
        let kind = all
            .find(|(kind, _)| *kind == alternative.kind)
            .map_or("", |(_, word)| word);
        let price = alternative.price.as_ref();
        Self {
            kind: kind.to_owned(),
            steps: alternative.steps.as_ref().map(|s| step_ids(estate, s)),
            price: price.map(|price| Number::money(&price.total)),
            exposure: alternative.exposure.as_ref().map(Number::money),
            reachable: nodes(estate, &alternative.reachable),
            stops_protected: services(estate, &alternative.stops_protected),
            admissible: alternative.admissible,
            loss_curve: curve(&alternative.loss_curve),
        }
    }
}

impl Infeasible {
    fn of(estate: &Estate, why: &plan::Infeasible) -> Self {
        let reasons = why.reasons.iter().map(|reason| Reason::of(estate, reason));
        let relaxations = why.relaxations.iter().map(|way| Relaxation {
            kind: relaxation(way.kind).to_owned(),
            id: way.id.clone(),
            also: way.also.iter().map(GivenUp::of).collect(),
            price: Number::money(&way.price),
        });
        Self {
            reasons: reasons.collect(),
            relaxations: relaxations.collect(),
            not_found_in: why.not_found_in,
        }
    }
}

impl Reason {
    pub(super) fn of(estate: &Estate, reason: &plan::Reason) -> Self {
        Self {
            target: estate.node(reason.target).id.to_string(),
            path: nodes(estate, &reason.path),
            protected: reason.protected.iter().map(ToString::to_string).collect(),
            steps: step_ids(estate, &reason.steps),
        }
    }
}

impl GivenUp {
    fn of((kind, id): &(plan::RelaxationKind, String)) -> Self {
        Self {
            kind: relaxation(*kind).to_owned(),
            id: id.clone(),
        }
    }
}

fn relaxation(kind: plan::RelaxationKind) -> &'static str {
    match kind {
        plan::RelaxationKind::Unprotect => "unprotect",
        plan::RelaxationKind::AcceptLoss => "accept_loss",
        plan::RelaxationKind::AddStep => "add_step",
    }
}
