//! The way back: what is undone once what is cleared, and what stays shut and why.

use cordon_model::{NodeIx, StepIx};
use cordon_plan::{Restoration, Stage, Undo, Why};
use maud::{Markup, html};

use super::{
    page::{Page, listed, section as framed},
    reached::path,
};
use crate::{amount, record::name};

/// Most footholds named in a heading, and services in a cell.
const NAMES_MAX: usize = 3;

/// Most stages told; the documents have all.
const STAGES_MAX: usize = 12;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let outlook = page.case.answer.and_then(|answer| answer.outlook.as_ref());
    let Some(back) = outlook.and_then(|outlook| outlook.way_back.as_ref()) else {
        return html! {};
    };
    framed("back", "The way back", &stages(page, back))
}

fn stages(page: &Page<'_>, back: &Restoration) -> Markup {
    let beyond = back.stages.len().saturating_sub(STAGES_MAX);
    let mut undone = 0;
    let told = back.stages.iter().take(STAGES_MAX).map(|stage| {
        let before = undone;
        undone += stage.undo.len();
        (before, stage)
    });
    html! {
        p {
            "What is undone, and in which order, while one foothold after another is cleared: each undo leaves every "
            "jewel cut off from what is held still, and what returns most trade comes first. What stays, stays for the reason "
            "told last."
        }
        @for (before, stage) in told { (told_stage(page, back, (before, stage))) }
        @if beyond > 0 {
            p.soft { (amount::plural(beyond, "further stage", "further stages")) " are in what `cordon plan restore` prints." }
        }
        @if !back.stays.is_empty() {
            p { "Stays in place for good: " (listed(&for_good(page, back), NAMES_MAX)) "." }
        }
    }
}

fn for_good(page: &Page<'_>, back: &Restoration) -> Vec<String> {
    back.stays.iter().map(|step| id(page, *step)).collect()
}

/// A stage, and how many steps were undone before it.
fn told_stage(page: &Page<'_>, back: &Restoration, (before, stage): (usize, &Stage)) -> Markup {
    html! {
        h3 { (heading(page, stage)) }
        @if stage.undo.is_empty() {
            p { "Nothing can be undone." }
        } @else {
            div.scroll { table {
                thead { tr {
                    th scope="col" { "Undo" }
                    th.num scope="col" { "Takes" }
                    th.num scope="col" { "Loss that ends" }
                    th scope="col" { "Runs again" }
                } }
                tbody { @for (n, undo) in (before + 1..).zip(&stage.undo) { (row(page, n, undo)) } }
            } }
        }
        @if !stage.stays.is_empty() {
            div.scroll { table {
                thead { tr {
                    th scope="col" { "Stays" }
                    th scope="col" { "Because" }
                    th scope="col" { "Until" }
                } }
                tbody { @for stay in &stage.stays { tr {
                    th scope="row" { code { (id(page, stay.step)) } }
                    td { (why(page, &stay.why)) }
                    td { (until(page, stay.until.and_then(|number| back.stages.get(number)))) }
                } } }
            } }
        }
    }
}

fn heading(page: &Page<'_>, stage: &Stage) -> String {
    let cleared = names(page, &stage.cleared);
    let held = match stage.held {
        0 => "nothing is held any longer".to_owned(),
        held => format!(
            "{} held still",
            amount::plural(held, "foothold", "footholds")
        ),
    };
    if cleared.is_empty() {
        return format!("Before anything is cleared ({held})");
    }
    let are = if stage.cleared.len() == 1 {
        "is"
    } else {
        "are"
    };
    format!(
        "Once {} {are} cleared ({held})",
        listed(&cleared, NAMES_MAX)
    )
}

fn row(page: &Page<'_>, n: usize, undo: &Undo) -> Markup {
    let minutes = undo.minutes.as_ref();
    let services: Vec<String> = undo.services.iter().map(|ix| page.service(*ix)).collect();
    html! { tr {
        th scope="row" { (n) ". " code { (id(page, undo.step)) } }
        td.num { (minutes.map_or_else(|| "not known".to_owned(), amount::minutes)) }
        td.num { (page.money(&undo.returns)) }
        td { (listed(&services, NAMES_MAX)) }
    } }
}

fn why(page: &Page<'_>, why: &Why) -> Markup {
    match why {
        Why::OnlyForward => html! { "It only goes forward." },
        Why::OpensJewel(way) => html! { "It would open " (path(page, way)) },
        Why::LetsBackIn(way) => html! { "It would let the intruder back in by " (path(page, way)) },
    }
}

/// When something that stays is undone, by the stage of that.
fn until(page: &Page<'_>, stage: Option<&Stage>) -> String {
    let Some(stage) = stage else {
        return "For good".to_owned();
    };
    let are = if stage.cleared.len() == 1 {
        "is"
    } else {
        "are"
    };
    let cleared = names(page, &stage.cleared);
    format!("{} {are} cleared", listed(&cleared, NAMES_MAX))
}

fn names(page: &Page<'_>, nodes: &[NodeIx]) -> Vec<String> {
    nodes.iter().map(|node| page.node(*node)).collect()
}

fn id(page: &Page<'_>, step: StepIx) -> String {
    name(page.case.estate.step(step).id.as_str())
}
