//! Whose tradecraft the incidents resemble, why, and where to look for what would come next.

use cordon_incident::{Incident, Likeness, Next, Sign};
use maud::{Markup, html};

use super::page::{Page, section as framed};
use crate::likeness_words;

/// Most signs told for and against an actor.
const SIGNS_MAX: usize = 5;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let like =
        |incident: &&&Incident| incident.calls_for_decision() && !incident.likeness.is_empty();
    let told: Vec<&&Incident> = page.incidents.iter().filter(like).collect();
    if told.is_empty() {
        return html! {};
    }
    let body = html! {
        p.soft {
            "How many times likelier what was seen is with an actor, as far as public reports go, than with an "
            "intruder of whom nothing is known. This is no attribution: many buy the same access and run the same tools."
        }
        @for incident in told {
            @if page.incidents.len() > 1 { h3 { "Incident " (incident.id) } }
            @for likeness in &incident.likeness { (one(page, likeness)) }
        }
    };
    framed("likeness", "Whom it resembles, and where to look", &body)
}

fn one(page: &Page<'_>, likeness: &Likeness) -> Markup {
    html! {
        h3 { (likeness.actor) ", " (likeness_words(likeness)) }
        @if !likeness.not_told_apart.is_empty() {
            p { "Not told apart from " (likeness.not_told_apart.join(", ")) "." }
        }
        @if !likeness.also.is_empty() { p.soft { "also known as " (likeness.also.join(", ")) } }
        (signs(page, "For it", &likeness.speaks_for))
        (signs(page, "Against it", &likeness.speaks_against))
        (steps("What it usually does next: look here", &likeness.next))
        (steps("What it usually does before, and was not seen: look here", &likeness.unseen))
    }
}

fn signs(page: &Page<'_>, title: &str, signs: &[Sign]) -> Markup {
    html! {
        @if !signs.is_empty() {
            p { b { (title) } }
            ul {
                @for sign in signs.iter().take(SIGNS_MAX) {
                    li {
                        (sign.what) " " span.soft { "(×" (format!("{:.1}", sign.factor)) ")" } " "
                        (page.links(sign.records.iter()))
                    }
                }
            }
        }
    }
}

fn steps(title: &str, steps: &[Next]) -> Markup {
    html! {
        @if !steps.is_empty() {
            p { b { (title) } }
            ul { @for step in steps { li { (step.does) ": " span.soft { (step.look) } } } }
        }
    }
}
