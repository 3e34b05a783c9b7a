//! `cordon plan restore`: in which order the steps of a plan are undone, and what stays shut until what is cleared.

use std::collections::BTreeSet;

use cordon_model::{Estate, NodeIx};
use cordon_plan::{Question, restoration};
use cordon_report::json::v1::restoration_document;

use crate::{
    Failure,
    console::Console,
    estate::estate,
    failure::Problems,
    footholds::nodes,
    render,
    typed::{self, Format},
    written::{self, Understood, Written, understood},
};

/// Prints the way back.
///
/// # Errors
/// When the world fails, or the input is wrong: a plan that is none on this estate, or something cleared that it did not
/// hold.
pub(crate) fn run(asked: &typed::PlanRestore, console: &mut Console) -> Result<(), Failure> {
    let Written { plan, .. } = written::read(&asked.plan)?;
    let estate = estate(&asked.estate.estate, console)?;
    let Understood {
        question,
        steps,
        differs,
    } = understood(&plan, &estate);
    if !differs.is_empty() {
        return Err(no_plan(&differs));
    }
    let cleared = nodes("--cleared", &asked.cleared, &estate)?;
    were_held(&cleared, &question, &estate)?;
    let progress = console.progress("finding the way back");
    let back = restoration(&question, &steps, &cleared);
    drop(progress);
    let back = back.map_err(|flaws| {
        let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        no_plan(&flaws)
    })?;
    match console.format {
        Format::Table => console.result(&render::restoration(&estate, &back, console.look)),
        Format::Json | Format::Jsonl => console.json_text(&restoration_document(&question, &back)),
    }
}

fn no_plan(flaws: &[String]) -> Failure {
    Failure::Input(Problems::of_arguments(
        "PLAN",
        &format!("the plan is none on this estate: {}", flaws.join("; ")),
        "`cordon plan check` tells all that is wrong with it",
    ))
}

fn were_held(cleared: &[NodeIx], question: &Question<'_>, estate: &Estate) -> Result<(), Failure> {
    let all: BTreeSet<NodeIx> = question.footholds.iter().map(|f| f.node).collect();
    let strangers = cleared.iter().filter(|node| !all.contains(node));
    let strangers: Vec<&str> = strangers
        .map(|node| estate.node(*node).id.as_str())
        .collect();
    if strangers.is_empty() {
        return Ok(());
    }
    let message = format!("the plan does not count as held: {}", strangers.join(", "));
    let known = all.iter().map(|node| estate.node(*node).id.as_str());
    let help = format!("it holds {}", known.collect::<Vec<_>>().join(", "));
    Err(Failure::Input(Problems::of_arguments(
        "--cleared",
        &message,
        &help,
    )))
}
