//! The independent check of a plan: from the ids of its steps alone, everything it claims is
//! computed anew and compared.
//!
//! It shares nothing with the search: its own walk of the estate, and prices read straight from
//! the contract. What it cannot know is whether a cheaper plan exists; that the claimed bound is one
//! rests on the search. Invariant: a [`VettedPlan`] exists only if this check found no flaw.

mod undoing;

use std::collections::{BTreeSet, VecDeque};

use cordon_model::{EdgeIx, Estate, Hours, Money, NodeId, NodeIx, ServiceId, StepId, StepIx};
use thiserror::Error;

use crate::{Draft, FlowFlaw, Price, Question, Target, TargetStatus, loss_curve, price, vet_flow};

pub(crate) use undoing::{Undoing, inadmissible_on_the_way};

/// A plan that the checker passed; there is no other way to one.
///
/// ```compile_fail
/// let forged = |draft: cordon_plan::Draft| cordon_plan::VettedPlan { draft };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VettedPlan {
    draft: Draft,
}

impl VettedPlan {
    /// What was passed.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }
}

/// Something a draft claims that is not so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Flaw {
    /// A step that the estate does not have.
    #[error("the estate has no step number {0}")]
    NoSuchStep(u32),
    /// A step chosen more than once.
    #[error("step `{0}` is chosen more than once")]
    StepTwice(StepId),
    /// A jewel that the intruder still reaches.
    #[error("`{jewel}` can still be reached: {}", route(path))]
    JewelReachable {
        /// The jewel.
        jewel: NodeId,
        /// A path that stays, foothold first.
        path: Vec<NodeId>,
    },
    /// A protected service that stops within the hold.
    #[error("protected service `{service}` stops after {start} h, within the hold of {hold} h")]
    StopsProtected {
        /// The service.
        service: ServiceId,
        /// When it stops.
        start: Hours,
        /// The hold.
        hold: Hours,
    },
    /// The targets are not the estate's jewels, one each, in its order.
    #[error("the plan speaks of other targets than the estate's jewels")]
    OtherTargets,
    /// A target with another price than the estate gives it.
    #[error("the loss of target `{0}` is not the estate's")]
    TargetLoss(NodeId),
    /// A target of another status than the one found.
    #[error("target `{jewel}` is claimed {claimed:?} and found {found:?}")]
    TargetStatus {
        /// The jewel.
        jewel: NodeId,
        /// What the plan says.
        claimed: TargetStatus,
        /// What the checker finds.
        found: TargetStatus,
    },
    /// A path before the plan that is none.
    #[error("the path to target `{0}` before the plan is not one that the estate has")]
    PathBefore(NodeId),
    /// A total, or a part of it, that differs.
    #[error("the {what} is claimed as {claimed} and found as {found}")]
    Figure {
        /// Which figure.
        what: &'static str,
        /// What the plan says.
        claimed: String,
        /// What the checker finds.
        found: String,
    },
    /// A service whose loss or stop differs.
    #[error("the loss or the stop of service `{0}` is not as claimed")]
    ServiceLoss(ServiceId),
    /// A curve that differs.
    #[error("the loss curve is not as claimed")]
    LossCurve,
    /// A lower bound above the price.
    #[error("the lower bound {bound} is above the price {total}")]
    BoundAboveTotal {
        /// The bound.
        bound: Money,
        /// The price.
        total: Money,
    },
    /// A flow that proves nothing.
    #[error("the flow that should show a bound does not: {0}")]
    Flow(FlowFlaw),
    /// A flow that carries more than the price, which no flow can.
    #[error("the flow shows a bound of {bound}, above the price {total}")]
    FlowAboveTotal {
        /// What it carries.
        bound: Money,
        /// The price.
        total: Money,
    },
    /// Proven, with a bound that is not the price.
    #[error("the price {total} is called proven with a lower bound of {bound}")]
    NotProven {
        /// The bound.
        bound: Money,
        /// The price.
        total: Money,
    },
}

fn route(path: &[NodeId]) -> String {
    let ids: Vec<&str> = path.iter().map(NodeId::as_str).collect();
    ids.join(" -> ")
}

/// Recomputes a draft from its steps alone.
///
/// # Errors
/// Everything that the draft claims and that is not so.
pub fn check(question: &Question<'_>, draft: Draft) -> Result<VettedPlan, Vec<Flaw>> {
    let mut flaws = steps_named_wrongly(question.estate, &draft.steps);
    if flaws.is_empty() {
        flaws.extend(vet_targets(question, &draft.steps, &draft.targets));
        flaws.extend(protected_stopped(question, &draft.steps));
        flaws.extend(figures_claimed_wrongly(question, &draft));
        flaws.extend(proof_claimed_wrongly(question, &draft));
    }
    if flaws.is_empty() {
        Ok(VettedPlan { draft })
    } else {
        Err(flaws)
    }
}

/// Everything that keeps a set of steps from being an admissible plan: steps that are not there or
/// named twice, jewels still reached, protected services stopped.
pub fn inadmissible(question: &Question<'_>, steps: &[StepIx]) -> Vec<Flaw> {
    let mut flaws = steps_named_wrongly(question.estate, steps);
    if !flaws.is_empty() {
        return flaws;
    }
    let after = Walk::new(question, steps);
    for (node, _) in question.estate.jewels() {
        let path = after.path(node);
        if path.len() > 1 && !question.footholds.iter().any(|f| f.node == node) {
            flaws.push(after.flaw(node));
        }
    }
    flaws.extend(protected_stopped(question, steps));
    flaws
}

fn steps_named_wrongly(estate: &Estate, steps: &[StepIx]) -> Vec<Flaw> {
    let mut seen = BTreeSet::new();
    let wrong = |&step: &StepIx| match estate.steps().get(step.index()) {
        None => Some(Flaw::NoSuchStep(step.0)),
        Some(known) => (!seen.insert(step)).then(|| Flaw::StepTwice(known.id.clone())),
    };
    steps.iter().filter_map(wrong).collect()
}

/// Which node each reached node was reached from; footholds from themselves.
struct Walk<'e> {
    estate: &'e Estate,
    /// By edge, how often the steps in place remove it.
    removed: Vec<u32>,
    from: Vec<Option<NodeIx>>,
}

impl<'e> Walk<'e> {
    /// Walks every edge that none of the steps removes.
    fn new(question: &Question<'e>, steps: &[StepIx]) -> Self {
        let estate = question.estate;
        let mut removed = vec![0_u32; estate.edges().len()];
        for step in steps {
            for edge in removed_by(estate, *step) {
                if let Some(times) = removed.get_mut(edge.index()) {
                    *times += 1;
                }
            }
        }
        let mut walk = Self {
            estate,
            removed,
            from: vec![None; estate.nodes().len()],
        };
        let held = question.footholds.iter().map(|f| f.node);
        let reached = held.filter(|&held| walk.reaches(held, held)).collect();
        walk.on(reached);
        walk
    }

    /// Walks on from nodes that are reached, and returns whatever else is.
    fn on(&mut self, mut queue: VecDeque<NodeIx>) -> Vec<NodeIx> {
        let (estate, mut more) = (self.estate, Vec::new());
        while let Some(node) = queue.pop_front() {
            for (ix, to) in estate.ways_out(node) {
                if self.removed.get(ix.index()) == Some(&0) && self.reaches(to, node) {
                    more.push(to);
                    queue.push_back(to);
                }
            }
        }
        more
    }

    /// Reaches a node from another, unless it was reached before.
    fn reaches(&mut self, node: NodeIx, before: NodeIx) -> bool {
        let slot = self.from.get_mut(node.index());
        let new = slot.filter(|from| from.is_none());
        new.map(|from| *from = Some(before)).is_some()
    }

    /// How a node was reached, foothold first; empty if it was not.
    fn path(&self, to: NodeIx) -> Vec<NodeIx> {
        let mut path = Vec::new();
        let mut next = Some(to);
        while let Some(node) = next {
            let Some(&Some(from)) = self.from.get(node.index()) else {
                return Vec::new();
            };
            path.push(node);
            next = (from != node).then_some(from);
        }
        path.reverse();
        path
    }

    /// A jewel that is reached.
    fn flaw(&self, jewel: NodeIx) -> Flaw {
        let id = |&node: &NodeIx| self.estate.node(node).id.clone();
        Flaw::JewelReachable {
            jewel: id(&jewel),
            path: self.path(jewel).iter().map(id).collect(),
        }
    }
}

/// Every edge that a step removes by one of its ends or by a pattern, perhaps more than once.
fn removed_by(estate: &Estate, step: StepIx) -> Vec<EdgeIx> {
    let step = estate.step(step);
    let mut removed = Vec::new();
    for &node in &step.removes_nodes {
        removed.extend(estate.out_edges(node).iter().chain(estate.in_edges(node)));
    }
    for pattern in &step.removes_edges {
        let between = estate.edges_between(pattern.from, pattern.to).iter();
        let between = between.copied();
        removed.extend(between.filter(|&edge| pattern.matches(estate.edge(edge))));
    }
    removed
}

/// Everything that is claimed of the jewels under these steps and is not so. That a path before is the fastest, and how
/// long it takes, is not looked at.
pub fn vet_targets(question: &Question<'_>, steps: &[StepIx], targets: &[Target]) -> Vec<Flaw> {
    let estate = question.estate;
    let jewels: Vec<NodeIx> = estate.jewels().map(|(node, _)| node).collect();
    if !jewels.iter().eq(targets.iter().map(|t| &t.node)) {
        return vec![Flaw::OtherTargets];
    }
    let (before, after) = (Walk::new(question, &[]), Walk::new(question, steps));
    let mut flaws = Vec::new();
    for ((node, jewel), target) in estate.jewels().zip(targets) {
        let id = || estate.node(node).id.clone();
        let path = after.path(node);
        let found = if question.footholds.iter().any(|f| f.node == node) {
            TargetStatus::AlreadyHeld
        } else if !path.is_empty() {
            flaws.push(after.flaw(node));
            TargetStatus::Reachable
        } else if before.path(node).is_empty() {
            TargetStatus::NeverReachable
        } else {
            TargetStatus::CutOff
        };
        if target.loss != jewel.loss {
            flaws.push(Flaw::TargetLoss(id()));
        }
        if target.status != found {
            flaws.push(Flaw::TargetStatus {
                jewel: id(),
                claimed: target.status,
                found,
            });
        }
        if !is_path(question, target, found) {
            flaws.push(Flaw::PathBefore(id()));
        }
    }
    flaws
}

/// Whether the path named is one; that it is the fastest is not checked here.
fn is_path(question: &Question<'_>, target: &Target, found: TargetStatus) -> bool {
    let estate = question.estate;
    let path = &target.path_before;
    if found == TargetStatus::NeverReachable {
        return path.is_empty();
    }
    let starts_held = question
        .footholds
        .iter()
        .any(|f| path.first() == Some(&f.node));
    let mut hops = path.iter().zip(path.iter().skip(1));
    let joined = hops.all(|(from, to)| !estate.edges_between(*from, *to).is_empty());
    starts_held && joined && path.last() == Some(&target.node)
}

fn protected_stopped(question: &Question<'_>, steps: &[StepIx]) -> Vec<Flaw> {
    let starts = crate::price::starts(question.estate, steps);
    let stopped = question.estate.services().iter().zip(starts);
    stopped
        .filter(|(service, _)| service.protected)
        .filter_map(|(service, start)| {
            let start = start.filter(|start| *start < question.hold)?;
            Some(Flaw::StopsProtected {
                service: service.id.clone(),
                start,
                hold: question.hold.clone(),
            })
        })
        .collect()
}

fn figures_claimed_wrongly(question: &Question<'_>, draft: &Draft) -> Vec<Flaw> {
    let estate = question.estate;
    let Price {
        total,
        steps,
        services,
        lifeline,
    } = price(estate, &draft.steps, &question.hold);
    let held = |t: &&Target| t.status == TargetStatus::Reachable;
    let mut exposure = total.clone();
    for target in draft.targets.iter().filter(held) {
        exposure += &target.loss;
    }
    let claimed = &draft.price;
    let counts = [&claimed.services, &services].map(|s| s.len().to_string());
    let [some, all] = counts;
    let figures = [
        (
            "price",
            claimed.total.to_string(),
            total.to_string(),
            claimed.total == total,
        ),
        (
            "steps' cost",
            claimed.steps.to_string(),
            steps.to_string(),
            claimed.steps == steps,
        ),
        (
            "lifeline hours",
            claimed.lifeline.to_string(),
            lifeline.to_string(),
            claimed.lifeline == lifeline,
        ),
        (
            "exposure",
            draft.exposure.to_string(),
            exposure.to_string(),
            draft.exposure == exposure,
        ),
        (
            "number of services",
            some,
            all,
            claimed.services.len() == services.len(),
        ),
    ];
    let differ = figures.into_iter().filter(|(.., same)| !same);
    let mut flaws: Vec<Flaw> = differ
        .map(|(what, claimed, found, _)| Flaw::Figure {
            what,
            claimed,
            found,
        })
        .collect();
    for (claimed, found) in claimed.services.iter().zip(&services) {
        if claimed != found {
            let id = estate.service(found.service).id.clone();
            flaws.push(Flaw::ServiceLoss(id));
        }
    }
    if draft.loss_curve != loss_curve(estate, &draft.steps, &question.hold) {
        flaws.push(Flaw::LossCurve);
    }
    flaws
}

fn proof_claimed_wrongly(question: &Question<'_>, draft: &Draft) -> Vec<Flaw> {
    let (bound, total) = (&draft.proof.lower_bound, &draft.price.total);
    let mut flaws = Vec::new();
    if bound > total {
        flaws.push(Flaw::BoundAboveTotal {
            bound: bound.clone(),
            total: total.clone(),
        });
    }
    if draft.proof.proven && bound != total {
        flaws.push(Flaw::NotProven {
            bound: bound.clone(),
            total: total.clone(),
        });
    }
    if let Some(flow) = &draft.proof.flow {
        if let Err(wrong) = vet_flow(question, flow) {
            flaws.extend(wrong.into_iter().map(Flaw::Flow));
        }
        if flow.bound > *total {
            flaws.push(Flaw::FlowAboveTotal {
                bound: flow.bound.clone(),
                total: total.clone(),
            });
        }
    }
    flaws
}
