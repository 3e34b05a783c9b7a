//! What the page says first where no step is asked for, and why none is: nobody is held as far as the
//! records tell, whoever is held lies outside the estate, or nothing of value lies in their reach.

use cordon_model::Belief;
use cordon_plan::{NoSteps, TargetStatus};

use super::{NAMES_MAX, Words, counted, everybody_held, targets};
use crate::{
    amount,
    html::page::{Page, listed},
    looked_at,
    record::name,
};

/// Most silent products named.
const SILENT_MAX: usize = 4;

pub(super) fn words(page: &Page<'_>) -> Words {
    match page.no_steps() {
        Some(NoSteps::OnlyOutsideEstate) => only_outside(page),
        Some(NoSteps::NothingReachable) => nothing_reachable(page),
        Some(NoSteps::NothingHeld) | None => nobody_held(page),
    }
}

fn only_outside(page: &Page<'_>) -> Words {
    Words {
        happens: format!("An intruder likely holds {}.", counted(page)),
        can_be_done: format!(
            "No step: {}. What they reach beyond it is not known. {} Add each to the estate, or deal \
             with it by hand.",
            NoSteps::OnlyOutsideEstate.words(),
            everybody_held(page)
        ),
        decision: None,
    }
}

fn nothing_reachable(page: &Page<'_>) -> Words {
    let already = targets(page, TargetStatus::AlreadyHeld);
    let held = counted(page);
    let happens = if already.is_empty() {
        format!("An intruder likely holds {held}, but nothing of value can be taken from there.")
    } else {
        let names: Vec<String> = already.iter().map(|t| page.node(t.node)).collect();
        let lost = listed(&names, NAMES_MAX);
        format!("An intruder already holds {lost}. Nothing further of value can be taken.")
    };
    Words {
        happens,
        can_be_done: format!(
            "{} No step is needed to keep the intruder from what is priced in the estate. That is \
             proven for the estate as it is written, not for what it leaves out.",
            everybody_held(page)
        ),
        decision: None,
    }
}

/// That nothing was found is a fact about the records and the rules, and about nothing else.
fn nobody_held(page: &Page<'_>) -> Words {
    let incidents = amount::plural(page.incidents.len(), "incident", "incidents");
    let happens = if page.incidents.is_empty() {
        "No incident was found in what was read.".to_owned()
    } else {
        format!("Nothing calls for a decision: {incidents}, and nobody is likely held.")
    };
    let sentences = [
        suspected(page),
        Some(compared(page)),
        looked_at(page.case.reading),
        silent(page),
    ];
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    Words {
        happens,
        can_be_done: sentences.join(" "),
        decision: None,
    }
}

fn suspected(page: &Page<'_>) -> Option<String> {
    let held = page.incidents.iter().flat_map(|incident| &incident.held);
    let suspected = held.filter(|held| held.belief != Belief::Unlikely);
    let number = suspected.count();
    (number > 0).then(|| {
        let entities = amount::plural(number, "entity is", "entities are");
        format!("{entities} suspected and worth a look, see below.")
    })
}

fn compared(page: &Page<'_>) -> String {
    let reading = page.case.reading;
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let refused = reading.refused.iter().map(|counted| counted.count);
    let refused: u64 = refused.fold(0, u64::saturating_add);
    let mut lost = Vec::new();
    if refused > 0 {
        lost.push(format!("{} could not be read", amount::count(refused)));
    }
    if !reading.unread.is_empty() {
        let files = amount::plural(reading.unread.len(), "file", "files");
        lost.push(format!("{files} not to the end"));
    }
    let lost = if lost.is_empty() {
        String::new()
    } else {
        format!(" ({})", lost.join(", "))
    };
    format!(
        "{} from {}{lost} were compared with {}. That nothing more was found is true of these records \
         only, and does not prove that nobody is inside.",
        amount::plural(number(reading.records), "record", "records"),
        amount::plural(reading.sources.len(), "log", "logs"),
        amount::plural(number(page.case.rules), "rule", "rules"),
    )
}

fn silent(page: &Page<'_>) -> Option<String> {
    let silent = &page.case.reading.silent;
    let names: Vec<String> = silent.iter().map(|silent| name(&silent.product)).collect();
    (!names.is_empty()).then(|| {
        let rules = silent.iter().map(|silent| silent.rules);
        let idle = rules.fold(0, u64::saturating_add);
        let idle = amount::plural(usize::try_from(idle).unwrap_or(usize::MAX), "rule", "rules");
        let names = listed(&names, SILENT_MAX);
        format!("Nothing came from {names}, so that {idle} had nothing to look at.")
    })
}
