//! The plan, step by step, or what may be given up where there is none.

use cordon_model::{Estate, Step, StepIx};
use cordon_plan::{Infeasible, Relaxation, RelaxationKind};
use maud::{Markup, html};

use super::{
    page::{Page, listed, section as framed, words},
    reached::path,
};
use crate::{
    amount,
    record::name,
    visible::{clipped, visible_lines},
};

/// Most nodes or edges named of what one step cuts or takes down.
const NAMES_MAX: usize = 6;

/// Most names in a step's heading.
const HEADING_NAMES_MAX: usize = 2;

/// Longest undo or check shown, in characters.
const TEXT_CHARS_MAX: usize = 600;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    match (page.draft(), page.infeasible()) {
        (Some(draft), _) if draft.steps.is_empty() => framed(
            "plan",
            "The plan",
            &html! { p { "No step. Nothing that is priced can be taken from what is held." } },
        ),
        (Some(draft), _) => framed("plan", "The plan", &plan(page, &draft.steps)),
        (None, Some(why)) => framed("plan", "Why there is no plan", &no_plan(page, why)),
        (None, None) => html! {},
    }
}

fn plan(page: &Page<'_>, steps: &[StepIx]) -> Markup {
    let forward = steps
        .iter()
        .filter(|ix| page.case.estate.step(**ix).irreversible);
    let forward = forward.count();
    html! {
        p {
            "In this order. "
            @if forward == 0 { "Every step can be taken back." }
            @else { b.accent { (amount::plural(forward, "step", "steps")) " only goes forward." } }
        }
        ol.steps { @for (n, ix) in (1_usize..).zip(steps) { (step(page, n, *ix)) } }
    }
}

fn step(page: &Page<'_>, n: usize, ix: StepIx) -> Markup {
    let step = page.case.estate.step(ix);
    let cuts = cuts(page, step);
    let down: Vec<String> = step
        .takes_down
        .iter()
        .map(|node| page.node(*node))
        .collect();
    html! {
        li id=(format!("step-{n}")) {
            p.n aria-hidden="true" { (n) }
            div {
                h3 { (heading(page, step)) @if step.irreversible { span.flag { "only goes forward" } } }
                p.id {
                    (page.money(&step.cost)) " · " (takes(step)) ", " (in_force(page, n)) " · "
                    code { (name(step.id.as_str())) }
                }
                dl.facts {
                    div.long { dt { "Cuts" } dd { (or_nothing(&cuts)) } }
                    div.long { dt { "Stops" } dd { (or_nothing(&down)) } }
                    div.long { dt { "Undo" } dd { (said(step.undo.as_deref())) } }
                    div.long { dt { "Check" } dd { (said(step.check.as_deref())) } }
                }
                @if let Some(action) = &step.action {
                    details {
                        summary { "What carries it out" }
                        pre { (clipped_lines(&format!("{action:#}"))) }
                    }
                }
            }
        }
    }
}

fn takes(step: &Step) -> String {
    let minutes = step.minutes.as_ref().map(amount::minutes);
    minutes.unwrap_or_else(|| "how long is not known".to_owned())
}

/// When the step of a number is in force, every step before it carried out.
fn in_force(page: &Page<'_>, number: usize) -> String {
    page.race.in_force(number).map_or_else(
        || "in force at a time not known".to_owned(),
        |minutes| format!("in force after {}", amount::minutes(minutes)),
    )
}

/// What it does and to whom.
fn heading(page: &Page<'_>, step: &Step) -> String {
    let what = words(step.kind.as_str());
    let nodes = if step.removes_nodes.is_empty() {
        &step.takes_down
    } else {
        &step.removes_nodes
    };
    let mut names: Vec<String> = nodes.iter().map(|node| page.node(*node)).collect();
    if names.is_empty() {
        names = cuts(page, step);
    }
    match names.len() {
        0 => what,
        _ => format!("{what}: {}", listed(&names, HEADING_NAMES_MAX)),
    }
}

/// What a step removes: nodes, then edges.
fn cuts(page: &Page<'_>, step: &Step) -> Vec<String> {
    let nodes = step.removes_nodes.iter();
    let nodes = nodes.map(|node| format!("everything to and from {}", page.node(*node)));
    let edges = step.removes_edges.iter().map(|pattern| {
        let (from, to) = (page.node(pattern.from), page.node(pattern.to));
        match &pattern.kind {
            Some(kind) => format!("{from} → {to} ({})", name(kind.as_str())),
            None => format!("{from} → {to}"),
        }
    });
    nodes.chain(edges).collect()
}

fn or_nothing(names: &[String]) -> Markup {
    html! {
        @if names.is_empty() { span.soft { "nothing" } } @else { (listed(names, NAMES_MAX)) }
    }
}

fn said(text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text { (clipped(text, TEXT_CHARS_MAX)) }
        @else { span.soft { "not said in the estate" } }
    }
}

fn clipped_lines(text: &str) -> String {
    let end = text.char_indices().nth(4 * TEXT_CHARS_MAX);
    let (shown, more) = match end {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), "…"),
        None => (text, ""),
    };
    visible_lines(shown) + more
}

fn no_plan(page: &Page<'_>, why: &Infeasible) -> Markup {
    html! {
        @if why.reasons.len() == 1 { p { "One thing stands in the way." } }
        @else { p { "Every one of these stands in the way; without any one of them there would be a plan." } }
        ol.reasons {
            @for reason in &why.reasons {
                li {
                    p { b { (page.node(reason.target)) } " stays within reach:" }
                    p.path { (path(page, &reason.path)) }
                    p {
                        @if reason.protected.is_empty() { "No step cuts this path." }
                        @else {
                            (listed(&step_names(page.case.estate, &reason.steps), NAMES_MAX))
                            " would cut it, but would stop what is protected: "
                            (listed(&reason.protected.iter().map(|id| name(id.as_str())).collect::<Vec<_>>(), NAMES_MAX))
                            "."
                        }
                    }
                }
            }
        }
        h3 { "Ways out" }
        @if why.relaxations.is_empty() { p { "None was found." } }
        ul.ways { @for way in &why.relaxations { li { (way_out(page, way)) } } }
    }
}

fn step_names(estate: &Estate, steps: &[StepIx]) -> Vec<String> {
    let names = steps.iter().map(|ix| name(estate.step(*ix).id.as_str()));
    names.collect()
}

fn way_out(page: &Page<'_>, way: &Relaxation) -> Markup {
    let (verb, what) = given_up(page, way.kind, &way.id);
    html! {
        p.name {
            (verb) " " (what)
            @for (kind, id) in &way.also {
                @let (verb, what) = given_up(page, *kind, id);
                ", and " (verb.to_lowercase()) " " (what)
            }
            " " span.loss { (page.money(&way.price)) }
        }
    }
}

/// What is done about what.
fn given_up(page: &Page<'_>, kind: RelaxationKind, id: &str) -> (&'static str, String) {
    let estate = page.case.estate;
    match kind {
        RelaxationKind::Unprotect => {
            let mut services = estate.services().iter();
            let service = services.find(|service| service.id.as_str() == id);
            let called = service.and_then(|service| service.name.as_deref());
            ("Let stop", name(called.unwrap_or(id)))
        }
        RelaxationKind::AcceptLoss => {
            let node = estate.node_by_id(id);
            ("Give up", node.map_or_else(|| name(id), |ix| page.node(ix)))
        }
        RelaxationKind::AddStep => ("Provide a step that cuts", name(id)),
    }
}
