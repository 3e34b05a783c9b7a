//! The answers that a person compares, side by side.

use cordon_plan::{Alternative, AlternativeKind};
use maud::{Markup, html};

use super::page::{Page, listed, section as framed};
use crate::amount;

/// Most jewels or services named in a verdict.
const NAMES_MAX: usize = 2;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let Some(answer) = page.case.answer else {
        return html! {};
    };
    if answer.alternatives.is_empty() {
        return html! {};
    }
    let body = html! {
        p.soft {
            "Price is what an answer costs by itself over "
            (amount::hours(&page.case.question.hold))
            ". Exposure adds the loss of everything it leaves within the intruder's reach."
        }
        div.answers { @for alternative in &answer.alternatives { (one(page, alternative)) } }
    };
    framed("answers", "The four answers", &body)
}

/// What an answer is called.
pub(crate) fn title(kind: AlternativeKind) -> &'static str {
    match kind {
        AlternativeKind::DoNothing => "Do nothing",
        AlternativeKind::ContainHeld => "Contain what is held",
        AlternativeKind::PullEveryPlug => "Pull every plug",
        AlternativeKind::CheapestCut => "The cheapest cut",
    }
}

fn one(page: &Page<'_>, alternative: &Alternative) -> Markup {
    let chosen = alternative.kind == AlternativeKind::CheapestCut && page.draft().is_some();
    let steps = alternative.steps.as_ref().map(Vec::len);
    html! {
        article.chosen[chosen] {
            h3 { (title(alternative.kind)) }
            dl {
                div { dt { "Price" } dd { (shown(page, alternative.price.as_ref().map(|p| &p.total))) } }
                div { dt { "Exposure" } dd.strong { (shown(page, alternative.exposure.as_ref())) } }
                @if let Some(steps) = steps { div { dt { "Steps" } dd { (steps) } } }
                @if let Some(price) = alternative.price.as_ref().filter(|p| !p.lifeline.is_zero()) {
                    div { dt { "Lifeline hours" } dd { (price.lifeline.rounded()) } }
                }
            }
            p.verdict { (verdict(page, alternative)) }
        }
    }
}

fn shown(page: &Page<'_>, money: Option<&cordon_model::Money>) -> String {
    money.map_or_else(|| "none".to_owned(), |money| page.money(money))
}

fn verdict(page: &Page<'_>, alternative: &Alternative) -> String {
    if alternative.steps.is_none() {
        return match alternative.kind {
            AlternativeKind::CheapestCut => "No admissible plan exists.",
            AlternativeKind::DoNothing
            | AlternativeKind::ContainHeld
            | AlternativeKind::PullEveryPlug => "There are no steps that do this.",
        }
        .to_owned();
    }
    let jewels: Vec<String> = alternative
        .reachable
        .iter()
        .map(|ix| page.node(*ix))
        .collect();
    let stopped = alternative.stops_protected.iter();
    let stopped: Vec<String> = stopped.map(|ix| page.service(*ix)).collect();
    match (jewels.is_empty(), stopped.is_empty()) {
        (true, true) => "No jewel within reach, and nothing protected stops.".to_owned(),
        (false, true) => format!("Leaves {} within reach.", listed(&jewels, NAMES_MAX)),
        (true, false) => format!(
            "Leaves no jewel within reach, but stops what is protected: {}.",
            listed(&stopped, NAMES_MAX)
        ),
        (false, false) => format!(
            "Leaves {} within reach, and stops what is protected: {}.",
            listed(&jewels, NAMES_MAX),
            listed(&stopped, NAMES_MAX)
        ),
    }
}
