//! The answers that a person compares with the cheapest cut.

use cordon_model::{Money, ServiceIx, StepIx};
use cordon_reach::{Removal, reach};

use crate::{
    Alternative, AlternativeKind, Question, loss_curve, price,
    solve::{self, Aim, Task, Ties},
    target::held,
};

/// All four, the cheapest cut being these steps if there is one.
pub(crate) fn alternatives(question: &Question<'_>, cut: Option<&[StepIx]>) -> Vec<Alternative> {
    let everything: Vec<StepIx> = question.estate.step_indices().collect();
    [
        (AlternativeKind::DoNothing, Some(Vec::new())),
        (AlternativeKind::ContainHeld, contain_held(question)),
        (AlternativeKind::PullEveryPlug, Some(everything)),
        (AlternativeKind::CheapestCut, cut.map(<[StepIx]>::to_vec)),
    ]
    .into_iter()
    .map(|(kind, steps)| assess(question, kind, steps))
    .collect()
}

/// The cheapest steps that remove every foothold, whatever they stop and whatever stays reachable.
fn contain_held(question: &Question<'_>) -> Option<Vec<StepIx>> {
    let task = Task {
        estate: question.estate,
        hold: &question.hold,
        aim: Aim::Remove(held(question)),
        protected: vec![false; question.estate.services().len()],
    };
    let found = solve::cheapest(&task, question.effort, Ties::FirstByIds).ok();
    found.map(|found| found.steps)
}

/// The estate after some steps, as a person compares it; nothing is searched for.
pub fn assess(
    question: &Question<'_>,
    kind: AlternativeKind,
    steps: Option<Vec<StepIx>>,
) -> Alternative {
    let estate = question.estate;
    let Some(steps) = steps else {
        return Alternative {
            kind,
            steps: None,
            price: None,
            exposure: None,
            reachable: Vec::new(),
            stops_protected: Vec::new(),
            admissible: false,
            loss_curve: Vec::new(),
        };
    };
    let held = held(question);
    let after = reach(estate, &held, &Removal::of(estate, &steps));
    let lost = || {
        let jewels = estate.jewels();
        jewels.filter(|(node, _)| after.contains(*node) && !held.contains(node))
    };
    let price = price(estate, &steps, &question.hold);
    let losses: Money = lost().map(|(_, jewel)| &jewel.loss).sum();
    let stopped = estate.services().iter().zip(&price.services);
    let stopped = stopped.filter(|(service, loss)| {
        service.protected
            && loss
                .start
                .as_ref()
                .is_some_and(|start| *start < question.hold)
    });
    let stops_protected: Vec<ServiceIx> = stopped.map(|(_, loss)| loss.service).collect();
    let reachable: Vec<_> = lost().map(|(node, _)| node).collect();
    Alternative {
        kind,
        exposure: Some(&price.total + &losses),
        admissible: reachable.is_empty() && stops_protected.is_empty(),
        loss_curve: loss_curve(estate, &steps, &question.hold),
        price: Some(price),
        steps: Some(steps),
        reachable,
        stops_protected,
    }
}
