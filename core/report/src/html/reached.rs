//! What the intruder can take from there, and how soon.

use cordon_model::{Minutes, Money, NodeIx};
use cordon_plan::{Target, TargetStatus, TooLate};
use maud::{Markup, html};

use super::page::{Page, section as framed};
use crate::{amount, visible::clipped};

/// Most jewels listed one by one, the dearest; the plan document has all.
const JEWELS_MAX: usize = 40;

/// Most of them that are seen before anything is unfolded, the soonest.
const JEWELS_SHOWN: usize = 5;

/// Most nodes of a path told; its middle is left out.
const PATH_NODES_MAX: usize = 9;

/// Longest reason told for a jewel's price, in characters.
const WHY_CHARS_MAX: usize = 200;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let Some(answer) = page.case.answer else {
        return html! {};
    };
    let (safe, mut exposed): (Vec<&Target>, Vec<&Target>) = answer
        .targets
        .iter()
        .partition(|t| t.status == TargetStatus::NeverReachable);
    exposed.sort_by(|a, b| b.loss.cmp(&a.loss));
    let beyond = exposed.split_off(exposed.len().min(JEWELS_MAX));
    exposed.sort_by_key(|target| order(target));
    let (first, later) = exposed.split_at(exposed.len().min(JEWELS_SHOWN));
    let body = html! {
        @if exposed.is_empty() { p { "Nothing that is priced can be taken from what is held in the estate." } }
        @if page.draft().is_some() && !first.is_empty() {
            p {
                "The plan leaves no further way in from what is held. It does not undo what the \
                 intruder has read or opened before (passwords, open sessions), and a jewel that can \
                 be reached before the step that cuts it is in force may already be taken."
            }
        }
        ol.jewels { @for target in first { (jewel(page, target)) } }
        @if !later.is_empty() {
            details {
                summary { (later.len()) " more" }
                ol.jewels { @for target in later { (jewel(page, target)) } }
            }
        }
        @if !beyond.is_empty() { p.soft { (the_rest(page, &beyond)) } }
        @if !safe.is_empty() {
            p.soft {
                (amount::plural(safe.len(), "other jewel", "other jewels"))
                " cannot be reached from what is held in the estate, cut or no cut."
            }
        }
    };
    framed("reached", "What they reach, and how soon", &body)
}

/// The jewels that are not listed, in a sentence.
fn the_rest(page: &Page<'_>, rest: &[&Target]) -> String {
    let worth: Money = rest.iter().map(|target| &target.loss).sum();
    let soonest = rest
        .iter()
        .filter_map(|target| target.minutes_before.as_ref());
    let soon = soonest.min().map_or_else(String::new, |minutes| {
        format!(", the soonest within {}", amount::minutes(minutes))
    });
    format!(
        "And {} of less, worth {} together{soon}: the plan document has them.",
        amount::plural(rest.len(), "jewel", "jewels"),
        page.money(&worth)
    )
}

/// Held ones first, then the soonest, then those whose time is not known.
fn order(target: &Target) -> (bool, bool, Option<Minutes>) {
    let held = target.status == TargetStatus::AlreadyHeld;
    (
        !held,
        target.minutes_before.is_none(),
        target.minutes_before.clone(),
    )
}

fn jewel(page: &Page<'_>, target: &Target) -> Markup {
    let node = page.case.estate.node(target.node);
    let why = node.jewel.as_ref().and_then(|jewel| jewel.why.as_deref());
    let soon = match (target.status, &target.minutes_before) {
        (TargetStatus::AlreadyHeld, _) => "held".to_owned(),
        (
            TargetStatus::CutOff | TargetStatus::Reachable | TargetStatus::NeverReachable,
            Some(minutes),
        ) => amount::minutes(minutes),
        (TargetStatus::CutOff | TargetStatus::Reachable | TargetStatus::NeverReachable, None) => {
            "not known".to_owned()
        }
    };
    html! {
        li {
            p.soon { (soon) }
            div {
                p.name { (page.node(target.node)) " " span.loss { (page.money(&target.loss)) } }
                @if let Some(why) = why { p.soft { (clipped(why, WHY_CHARS_MAX)) } }
                @if target.path_before.len() > 1 { p.path { (path(page, &target.path_before)) } }
                p.status { (status(target.status)) }
                @if let Some(late) = page.race.late(target.node) {
                    p.status { (may_be_late(page, target, late)) }
                }
            }
        }
    }
}

fn status(status: TargetStatus) -> Markup {
    match status {
        TargetStatus::CutOff => html! { "No further way in once the plan is in force" },
        TargetStatus::AlreadyHeld => html! { b.accent { "Already held: no cut helps" } },
        TargetStatus::Reachable => html! { b.accent { "Stays within reach" } },
        TargetStatus::NeverReachable => html! { "Out of reach" },
    }
}

fn may_be_late(page: &Page<'_>, target: &Target, late: &TooLate) -> Markup {
    let step = late.step;
    html! {
        @if !late.is_certain { b.accent { "Not known whether the plan is in force in time" } }
        @else if late.way == target.path_before {
            b.accent { "May be reached this way before step " (step) ", the first that cuts it, is in force" }
        } @else {
            b.accent { "May be reached another way before step " (step) " is in force: " }
            span.path { (path(page, &late.way)) }
        }
    }
}

/// A path in words, first to last.
pub(crate) fn path(page: &Page<'_>, nodes: &[NodeIx]) -> Markup {
    let half = PATH_NODES_MAX / 2;
    let left_out = nodes.len().saturating_sub(PATH_NODES_MAX);
    let skipped = |place: usize| left_out > 0 && place >= half && place < half + left_out;
    html! {
        @for (place, node) in nodes.iter().enumerate() {
            @if !skipped(place) {
                @if place > 0 { span.to { " → " } }
                span.hop { (page.node(*node)) }
            } @else if place == half {
                span.to { " → " } span.soft { (left_out) " more" }
            }
        }
    }
}
