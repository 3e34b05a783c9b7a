//! The plan, step by step, or what may be given up where there is none.

use cordon_model::{EdgePattern, Estate, NodeIx, Step, StepIx};
use cordon_plan::{Infeasible, Reason, Relaxation, RelaxationKind, TargetStatus};
use cordon_reach::Removal;
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

/// Most ends of edges from one node that are all named.
const BUNDLE_NAMES_MAX: usize = 3;

/// How many are named where there are more.
const BUNDLE_SAMPLE: usize = 2;

/// Longest undo or check shown, in characters.
const TEXT_CHARS_MAX: usize = 600;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    match (page.draft(), page.infeasible()) {
        (Some(draft), _) if draft.steps.is_empty() => framed("plan", "The plan", &no_step(page)),
        (Some(draft), _) => framed("plan", "The plan", &plan(page, &draft.steps)),
        (None, Some(why)) => framed("plan", "Why there is no plan", &no_plan(page, why)),
        (None, None) => html! {},
    }
}

/// Why there is no step, and who lies where no step could reach.
fn no_step(page: &Page<'_>) -> Markup {
    html! {
        p {
            "No step"
            @if let Some(why) = page.no_steps() { ": " (why.words()) }
            "."
        }
        (held_outside(page))
    }
}

fn held_outside(page: &Page<'_>) -> Markup {
    html! {
        @if let Some(outside) = page.outside(NAMES_MAX) {
            p { "Held outside the estate, where no step reaches: " b { (outside) } "." }
        }
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
        (still_held(page, steps))
        (held_outside(page))
        ol.steps { @for (n, ix) in (1_usize..).zip(steps) { (step(page, n, *ix)) } }
    }
}

/// What is held that no step takes from the intruder.
fn still_held(page: &Page<'_>, steps: &[StepIx]) -> Markup {
    let removed = |node: NodeIx| {
        let mut steps = steps.iter().map(|ix| page.case.estate.step(*ix));
        steps.any(|step| step.removes_nodes.contains(&node))
    };
    let footholds = page.case.question.footholds.iter().map(|f| f.node);
    let still: Vec<String> = footholds
        .filter(|node| !removed(*node))
        .map(|node| page.node(node))
        .collect();
    html! {
        @if !still.is_empty() {
            p { "After the cut the intruder still has: " b { (listed(&still, NAMES_MAX)) } "." }
        }
    }
}

/// The fastest way to the dearest jewel among those that a step cuts.
fn why<'a>(page: &Page<'a>, ix: StepIx) -> Option<&'a [NodeIx]> {
    let estate = page.case.estate;
    let removal = Removal::of(estate, &[ix]);
    let targets = page.case.answer.map_or(&[][..], |answer| &answer.targets);
    let cut = targets.iter().filter(|target| {
        target.status == TargetStatus::CutOff && is_cut(estate, &removal, &target.path_before)
    });
    let dearest = cut.max_by(|a, b| a.loss.cmp(&b.loss).then(b.node.cmp(&a.node)));
    dearest.map(|target| &*target.path_before)
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
                    @if let Some(way) = why(page, ix) { div.long { dt { "Why" } dd { (path(page, way)) } } }
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

/// Whether some hop of a path is cut.
fn is_cut(estate: &Estate, removal: &Removal, path: &[NodeIx]) -> bool {
    let mut hops = path.iter().zip(path.iter().skip(1));
    hops.any(|(from, to)| {
        let mut edges = estate.edges_between(*from, *to).iter();
        edges.any(|edge| !removal.keeps(*edge))
    })
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

/// What a step removes: nodes, then edges, those from one node together.
fn cuts(page: &Page<'_>, step: &Step) -> Vec<String> {
    let nodes = step.removes_nodes.iter();
    let nodes = nodes.map(|node| format!("everything to and from {}", page.node(*node)));
    let mut bundles: Vec<(&EdgePattern, Vec<NodeIx>)> = Vec::new();
    for pattern in &step.removes_edges {
        let same = |known: &EdgePattern| known.from == pattern.from && known.kind == pattern.kind;
        match bundles.iter_mut().find(|(known, _)| same(known)) {
            Some((_, to)) => to.push(pattern.to),
            None => bundles.push((pattern, vec![pattern.to])),
        }
    }
    let edges = bundles
        .iter()
        .map(|(pattern, to)| bundle(page, pattern, to));
    nodes.chain(edges).collect()
}

/// Edges from one node: `Reset console → 122 accounts, such as …`.
fn bundle(page: &Page<'_>, pattern: &EdgePattern, to: &[NodeIx]) -> String {
    let from = page.node(pattern.from);
    let kind = pattern
        .kind
        .as_ref()
        .map_or_else(String::new, |kind| format!(" ({})", name(kind.as_str())));
    let names: Vec<String> = to.iter().map(|node| page.node(*node)).collect();
    if names.len() <= BUNDLE_NAMES_MAX {
        return format!("{from} → {}{kind}", listed(&names, BUNDLE_NAMES_MAX));
    }
    let is_account = |node: &NodeIx| page.case.estate.node(*node).kind.as_str() == "user";
    let what = if to.iter().all(is_account) {
        "accounts"
    } else {
        "others"
    };
    let sample = names.get(..BUNDLE_SAMPLE).unwrap_or_default();
    format!(
        "{from} → {} {what}, such as {}{kind}",
        amount::count(names.len()),
        listed(sample, BUNDLE_SAMPLE)
    )
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
    if why.not_found_in.is_some() {
        return html! { p { "None was found before the search ended. Whether there is one is open." } };
    }
    html! {
        @if why.reasons.len() == 1 { p { "One thing stands in the way." } }
        @else { p { "Every one of these stands in the way; without any one of them there would be a plan." } }
        (reasons(page, &why.reasons))
        h3 { "Ways out" }
        @if why.relaxations.is_empty() { p { "None was found." } }
        ul.ways { @for way in &why.relaxations { li { (way_out(page, way)) } } }
    }
}

/// Why jewels cannot be cut off.
pub(super) fn reasons(page: &Page<'_>, reasons: &[Reason]) -> Markup {
    html! {
        ol.reasons {
            @for reason in reasons {
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
