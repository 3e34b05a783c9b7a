//! What becomes of each jewel.

use cordon_model::{NodeIx, StepIx};
use cordon_reach::{Removal, reach};

use crate::{Question, Target, TargetStatus};

/// The nodes held, each once, in the order of the estate.
pub(crate) fn held(question: &Question<'_>) -> Vec<NodeIx> {
    let mut held: Vec<NodeIx> = question.footholds.iter().map(|f| f.node).collect();
    held.sort_unstable();
    held.dedup();
    held
}

/// Every jewel, in the order of the estate, as these steps leave it.
pub(crate) fn targets(question: &Question<'_>, steps: &[StepIx]) -> Vec<Target> {
    let (estate, held) = (question.estate, held(question));
    let before = reach(estate, &held, &Removal::none(estate));
    let after = reach(estate, &held, &Removal::of(estate, steps));
    let target = |(node, jewel): (NodeIx, &cordon_model::Jewel)| {
        let path = before.fastest(node);
        let status = if held.contains(&node) {
            TargetStatus::AlreadyHeld
        } else if after.contains(node) {
            TargetStatus::Reachable
        } else if path.is_some() {
            TargetStatus::CutOff
        } else {
            TargetStatus::NeverReachable
        };
        Target {
            node,
            loss: jewel.loss.clone(),
            status,
            minutes_before: path.as_ref().and_then(|path| path.minutes.clone()),
            path_before: path.map(|path| path.nodes).unwrap_or_default(),
        }
    };
    estate.jewels().map(target).collect()
}
