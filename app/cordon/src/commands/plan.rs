//! `cordon plan`: the cheapest cut for what is held.

use std::{collections::BTreeSet, fs};

use cordon_engine::{Decision, decide};
use cordon_estate::opengraph_id;
use cordon_model::{Estate, StepKind};
use cordon_plan::{Beside, Effort, Outcome, Question};
use cordon_report::json::{
    opengraph_plan,
    v1::{Plan, plan_document},
};

use super::{plan_check, plan_restore};
use crate::{
    Failure,
    console::Console,
    estate::estate,
    footholds::{footholds, outside},
    ordered::policy,
    render,
    typed::{self, Format},
};

/// Prints the plan, or why there is none.
///
/// # Errors
/// When the input is wrong, the world fails, or no admissible plan exists.
pub(crate) fn run(asked: &typed::Plan, console: &mut Console) -> Result<(), Failure> {
    match &asked.other {
        Some(typed::PlanOther::Check(asked)) => return plan_check::run(asked, console),
        Some(typed::PlanOther::Restore(asked)) => return plan_restore::run(asked, console),
        None => {}
    }
    let estate = estate(&asked.estate.estate, console)?;
    let footholds = footholds(&asked.footholds.foothold, &estate)?;
    let outside_estate = outside(&asked.footholds.outside_estate, &estate)?;
    let beside = beside(asked, &estate)?;
    let progress = console.progress("planning");
    let mut decision = decide(Question {
        estate: &estate,
        footholds,
        outside_estate,
        hold: asked.hold.hold.clone(),
        effort: Effort::DEFAULT,
    });
    if !asked.brief {
        decision.look_around(&estate, &beside);
    }
    drop(progress);
    if let Some(path) = &asked.opengraph {
        let plan = Plan::of(&decision.question(&estate), &decision.answer);
        let graph = opengraph_plan(&plan, opengraph_id);
        fs::write(path, graph).map_err(|cause| Failure::write(path, cause))?;
    }
    print(&estate, &decision, console)?;
    verdict(&decision)
}

/// What is known beside the question.
fn beside(asked: &typed::Plan, estate: &Estate) -> Result<Beside, Failure> {
    let policy = asked.policy.as_deref().map(policy).transpose()?;
    let approved = policy.map(|policy| {
        let kinds = estate.steps().iter().map(|step| step.kind.clone());
        let kinds: BTreeSet<StepKind> = kinds.collect();
        let approved = |kind: &StepKind| policy.approves_in_advance(kind.as_str());
        kinds.into_iter().filter(approved).collect()
    });
    Ok(Beside {
        suspected: footholds(&asked.suspected, estate)?,
        approved,
    })
}

fn print(estate: &Estate, decision: &Decision, console: &mut Console) -> Result<(), Failure> {
    match console.format {
        Format::Table => console.result(&render::plan(estate, decision, console.look)),
        Format::Json | Format::Jsonl => {
            console.json_text(&plan_document(&decision.question(estate), &decision.answer))
        }
    }
}

/// Whether the answer is yes.
///
/// # Errors
/// When no admissible plan exists.
pub(crate) fn verdict(decision: &Decision) -> Result<(), Failure> {
    match &decision.answer.outcome {
        Outcome::Plan(_) => Ok(()),
        Outcome::Infeasible(why) if why.not_found_in.is_some() => {
            Err(Failure::No("no admissible plan was found".to_owned()))
        }
        Outcome::Infeasible(_) => Err(Failure::No("no admissible plan exists".to_owned())),
    }
}
