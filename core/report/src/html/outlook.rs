//! What else can be known: other plans, other holds, what it costs to lose less, doubt.

use cordon_plan::{AtHold, InAdvance, Merit, Outlook, Robust};
use maud::{Markup, html};

use super::{
    page::{Page, listed, section as framed},
    steps::reasons,
};
use crate::amount;

/// Most jewels named in one cell.
const NAMES_MAX: usize = 2;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let outlook = page.case.answer.and_then(|answer| answer.outlook.as_ref());
    let Some(outlook) = outlook else {
        return html! {};
    };
    let nothing_to_do = page.draft().is_some_and(|draft| draft.steps.is_empty());
    if nothing_to_do && outlook.robust.is_none() {
        return html! {};
    }
    let body = html! {
        (choices(page, outlook))
        (holds(page, outlook))
        (frontier(page, outlook))
        @if let Some(robust) = &outlook.robust { (doubt(page, robust)) }
    };
    framed("outlook", "What else could be done", &body)
}

fn choices(page: &Page<'_>, outlook: &Outlook) -> Markup {
    if outlook.choices.is_empty() {
        return html! {};
    }
    html! {
        h3 { "Other plans that cut everything off" }
        div.scroll { table {
            thead { tr {
                th scope="col" { "Best at" }
                th.num scope="col" { "Price" }
                th.num scope="col" { "Minutes" }
                th.num scope="col" { "May be lost before" }
                th.num scope="col" { "Lifeline hours" }
                th.num scope="col" { "Irreversible" }
                th scope="col" { "Steps" }
            } }
            tbody { @for choice in &outlook.choices { tr {
                th scope="row" {
                    @for (n, best) in choice.best_at.iter().enumerate() {
                        @if n > 0 { ", " }
                        (merit(*best))
                        @if choice.unproven.contains(best) { span.soft { " (not proven)" } }
                    }
                }
                td.num { (page.money(&choice.price.total)) }
                td.num { (choice.minutes.as_ref().map_or_else(|| "not known".to_owned(), cordon_model::Minutes::rounded)) }
                td.num { (page.money(&choice.may_be_lost)) }
                td.num { (choice.price.lifeline.rounded()) }
                td.num { (choice.irreversible) }
                td { (steps(page, &choice.steps)) }
            } } }
        } }
        (in_advance(page, &outlook.in_advance))
    }
}

fn in_advance(page: &Page<'_>, known: &InAdvance) -> Markup {
    match known {
        InAdvance::NotAsked | InAdvance::Possible => html! {},
        InAdvance::NotFound => html! {
            p { "Whether some plan has only steps that are approved in advance was open when the search ended." }
        },
        InAdvance::Impossible(why) => html! {
            p { "No plan has only steps that are approved in advance and stop nothing. With those alone:" }
            (reasons(page, why))
        },
    }
}

fn steps(page: &Page<'_>, steps: &[cordon_model::StepIx]) -> String {
    let ids = steps
        .iter()
        .map(|step| page.case.estate.step(*step).id.to_string());
    ids.collect::<Vec<_>>().join(", ")
}

fn holds(page: &Page<'_>, outlook: &Outlook) -> Markup {
    html! {
        h3 { "The cheapest cut for each hold" }
        div.scroll { table {
            thead { tr {
                th scope="col" { "Hold" }
                th.num scope="col" { "Price" }
                th scope="col" { "Steps" }
                th scope="col" { "Until" }
            } }
            tbody { @for at in &outlook.holds { tr.hold[at.hold == page.case.question.hold] {
                th scope="row" { (amount::hours(&at.hold)) }
                @if let Some(plan) = &at.plan {
                    td.num { (page.money(&plan.price)) }
                    td { (steps(page, &plan.steps)) }
                } @else {
                    td.num { "none" }
                    td { "No admissible plan exists for so long." }
                }
                td { (until(at)) }
            } } }
        } }
        @if let Some(at) = &outlook.break_even {
            p { "If it stays for " (amount::hours(at)) ", the plan has cost more than all that it keeps from the intruder." }
        }
    }
}

fn until(at: &AtHold) -> String {
    let stops = at.plan.as_ref().and_then(|plan| plan.stands_until.as_ref());
    match (&at.change_after, stops) {
        (Some(change), Some(stops)) if change == stops => format!(
            "Change before {}: something protected stops then.",
            amount::hours(change)
        ),
        (Some(change), _) => format!("The next is better from {} on.", amount::hours(change)),
        (None, Some(stops)) => format!("Something protected stops after {}.", amount::hours(stops)),
        (None, None) => String::new(),
    }
}

fn frontier(page: &Page<'_>, outlook: &Outlook) -> Markup {
    if outlook.frontier.len() < 2 {
        return html! {};
    }
    html! {
        h3 { "What it costs to lose less" }
        div.scroll { table {
            thead { tr {
                th.num scope="col" { "Loss accepted" }
                th.num scope="col" { "Price" }
                th scope="col" { "Left to the intruder" }
                th scope="col" { "Steps" }
            } }
            tbody { @for point in &outlook.frontier { tr {
                td.num { (page.money(&point.loss)) }
                td.num { (page.money(&point.price)) }
                td { (listed(&point.jewels.iter().map(|node| page.node(*node)).collect::<Vec<_>>(), NAMES_MAX)) }
                td { (steps(page, &point.steps)) }
            } } }
        } }
    }
}

fn doubt(page: &Page<'_>, robust: &Robust) -> Markup {
    html! {
        h3 { "If what is suspected is weighed" }
        div.scroll { table {
            thead { tr {
                th scope="col" { "Suspected" }
                th.num scope="col" { "Confidence" }
                th.num scope="col" { "At stake" }
                th scope="col" { "Then" }
            } }
            tbody { @for suspect in &robust.suspects { tr {
                th scope="row" { (page.node(suspect.node)) }
                td.num { (suspect.confidence.percent()) }
                td.num { (page.money(&suspect.at_stake)) }
                td {
                    @if suspect.at_stake.is_zero() { "Leads to no other jewel." }
                    @else if suspect.cut_off { "Cut off too." }
                    @else { "Left: cutting it off costs more." }
                }
            } } }
        } }
        p {
            "The steps for that cost " (page.money(&robust.price)) ": " (steps(page, &robust.steps))
            ". With what stays at stake, " (page.money(&robust.expected)) " must be expected, against "
            (page.money(&robust.expected_of_plan)) " with the plan."
        }
        p.soft { "At stake is the loss of every jewel that a suspect leads to, times how sure it is that it is held." }
    }
}

fn merit(merit: Merit) -> &'static str {
    match merit {
        Merit::Cheapest => "Price",
        Merit::Fastest => "Least lost before, then time",
        Merit::FewestLifelineHours => "Fewest lifeline hours",
        Merit::FewestIrreversible => "Fewest irreversible steps",
        Merit::FewestShared => "Fewest of the plan's steps",
        Merit::ApprovedInAdvance => "Needs no approval",
    }
}
