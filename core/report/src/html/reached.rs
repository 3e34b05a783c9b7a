//! What the intruder can take from there, and how soon.

use cordon_model::NodeIx;
use cordon_plan::{Target, TargetStatus};
use maud::{Markup, html};

use super::page::{Page, section as framed};
use crate::{amount, visible::clipped};

/// Most jewels listed one by one; the plan document has all.
const JEWELS_MAX: usize = 40;

/// Most nodes of a path told; its middle is left out.
const PATH_NODES_MAX: usize = 9;

/// Longest reason told for a jewel's price, in characters.
const WHY_CHARS_MAX: usize = 200;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let Some(answer) = page.case.answer else {
        return html! {};
    };
    let mut targets: Vec<&Target> = answer.targets.iter().collect();
    targets.sort_by(|a, b| order(a).cmp(&order(b)).then(b.loss.cmp(&a.loss)));
    let (safe, exposed): (Vec<&Target>, Vec<&Target>) = targets
        .into_iter()
        .partition(|t| t.status == TargetStatus::NeverReachable);
    let beyond = exposed.len().saturating_sub(JEWELS_MAX);
    let body = html! {
        @if exposed.is_empty() { p { "Nothing that is priced can be taken from what is held." } }
        ol.jewels { @for target in exposed.iter().take(JEWELS_MAX) { (jewel(page, target)) } }
        @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more in the plan document" } }
        @if !safe.is_empty() {
            p.soft {
                (amount::plural(safe.len(), "other jewel", "other jewels"))
                " cannot be reached from what is held, cut or no cut."
            }
        }
    };
    framed("reached", "What they reach, and how soon", &body)
}

/// Held ones first, then the soonest, then those whose time is not known.
fn order(target: &Target) -> (bool, bool, Option<cordon_model::Minutes>) {
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
            }
        }
    }
}

fn status(status: TargetStatus) -> Markup {
    match status {
        TargetStatus::CutOff => html! { "Cut off by the plan" },
        TargetStatus::AlreadyHeld => html! { b.accent { "Already held: no cut helps" } },
        TargetStatus::Reachable => html! { b.accent { "Stays within reach" } },
        TargetStatus::NeverReachable => html! { "Out of reach" },
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
