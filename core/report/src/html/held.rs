//! Whom the intruder holds, how surely, and which records say so.

use std::collections::{BTreeMap, BTreeSet};

use cordon_incident::{Effect, Ground, HeldEntity, Mark};
use cordon_model::{Belief, Confidence, EventId, NodeIx};
use maud::{Markup, html};

use super::page::{Page, section as framed};
use crate::{
    amount, mark_words,
    record::{name, title},
};

/// Most entities listed.
const ENTITIES_MAX: usize = 60;

/// One entity as it is shown.
struct Shown<'a> {
    name: String,
    id: String,
    confidence: Confidence,
    belief: Belief,
    mark: Option<&'a Mark>,
    evidence: Vec<&'a EventId>,
    grounds: &'a [Ground],
}

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let all = inside(page);
    let (likely, suspected): (Vec<_>, Vec<_>) =
        all.iter().partition(|shown| shown.belief == Belief::Likely);
    let body = html! {
        @if all.is_empty() { p { "Nobody in the estate is believed to be held." } }
        (entities(page, &likely))
        @if !suspected.is_empty() {
            h3 { "Suspected" }
            p.soft { "Not sure enough to act on; the plan does not cut them off by itself." }
            (entities(page, &suspected))
        }
        (marks(page))
    };
    framed("held", "Whom the intruder holds", &body)
}

/// What people said, also of what is therefore not held.
fn marks(page: &Page<'_>) -> Markup {
    html! {
        @if !page.case.marks.is_empty() {
            h3 { "What people said" }
            ul {
                @for (of, mark) in page.case.marks { li { (name(of)) ": " (mark_words(mark)) } }
            }
        }
    }
}

/// Held entities that the estate does not know.
pub(crate) fn outside(page: &Page<'_>) -> Markup {
    let held = page.incidents.iter().flat_map(|incident| &incident.held);
    let mut shown: Vec<Shown<'_>> = held
        .filter(|held| held.node.is_none())
        .map(|held| entity(held, name(&held.id)))
        .collect();
    let found: BTreeSet<String> = shown.iter().map(|known| known.name.clone()).collect();
    for said in &page.case.question.outside_estate {
        let said = name(said);
        if !found.contains(&said) {
            shown.push(Shown {
                name: said,
                id: String::new(),
                confidence: Confidence::CERTAIN,
                belief: Belief::Likely,
                mark: None,
                evidence: Vec::new(),
                grounds: &[],
            });
        }
    }
    if shown.is_empty() {
        return html! {};
    }
    let body = html! {
        p {
            "These are believed to be held, but the estate does not know them. The plan cannot cut "
            "them off, and what they reach is not known. Each should be added to the estate or "
            "dealt with by hand."
        }
        (entities(page, &shown.iter().collect::<Vec<_>>()))
    };
    framed("outside", "Outside the estate", &body)
}

/// Footholds of the plan, then whatever else of the estate incidents suspect.
fn inside<'a>(page: &Page<'a>) -> Vec<Shown<'a>> {
    let footholds = &page.case.question.footholds;
    let planned = footholds.iter().map(|foothold| Shown {
        name: page.node(foothold.node),
        id: page.node_id(foothold.node),
        confidence: foothold.confidence,
        belief: Belief::Likely,
        mark: None,
        evidence: foothold.evidence.iter().collect(),
        grounds: &[],
    });
    let mut shown: Vec<Shown<'_>> = planned.collect();
    let mut known: BTreeMap<NodeIx, usize> = footholds.iter().map(|f| f.node).zip(0..).collect();
    let held = page.incidents.iter().flat_map(|incident| &incident.held);
    for held in held {
        let Some(node) = held.node else { continue };
        if let Some(planned) = known.get(&node).and_then(|at| shown.get_mut(*at)) {
            if planned.evidence.is_empty() {
                planned.evidence = held.evidence.iter().collect();
            }
            if planned.grounds.is_empty() {
                planned.grounds = &held.grounds;
            }
            planned.mark = planned.mark.or(held.mark.as_ref());
        } else {
            known.insert(node, shown.len());
            shown.push(entity(held, page.node(node)));
        }
    }
    shown.sort_by(|a, b| b.confidence.cmp(&a.confidence).then(a.id.cmp(&b.id)));
    shown
}

fn entity(held: &HeldEntity, shown_name: String) -> Shown<'_> {
    let id = name(&held.id);
    Shown {
        name: shown_name,
        id: if held.node.is_some() {
            id
        } else {
            held.kind.word().to_owned()
        },
        confidence: held.confidence,
        belief: held.belief,
        mark: held.mark.as_ref(),
        evidence: held.evidence.iter().collect(),
        grounds: &held.grounds,
    }
}

/// Most rules named that raised one belief.
const GROUNDS_MAX: usize = 6;

/// What raised the belief, from what to what, with the records.
fn grounds(page: &Page<'_>, grounds: &[Ground]) -> Markup {
    let raised = grounds.iter().filter_map(|ground| match ground.effect {
        Effect::Raised(from, to) => Some((ground, from, to)),
        Effect::SameRecord | Effect::Enough => None,
    });
    let raised: Vec<_> = raised.take(GROUNDS_MAX).collect();
    html! {
        @if !raised.is_empty() {
            details.why {
                summary.soft { "what raised it" }
                ul {
                    @for (ground, from, to) in raised {
                        li {
                            (from.percent()) " to " (to.percent()) " %: "
                            (title(&ground.detection.rule)) " "
                            @if let Some(usual) = ground.usual {
                                span.soft { "(names " (format!("{:.2}", usual.per_day)) " entities on an ordinary day) " }
                            }
                            (page.links(ground.detection.records.iter().map(|record| &record.id)))
                        }
                    }
                }
            }
        }
    }
}

fn entities(page: &Page<'_>, shown: &[&Shown<'_>]) -> Markup {
    let beyond = shown.len().saturating_sub(ENTITIES_MAX);
    html! {
        ul.held {
            @for shown in shown.iter().take(ENTITIES_MAX) {
                li {
                    p.name { (shown.name) @if shown.name != shown.id { code { (shown.id) } } }
                    (bar(shown.confidence, shown.belief))
                    p.why {
                        @if shown.evidence.is_empty() { span.soft { "said by a person" } }
                        @else { span.soft { "evidence " } (page.links(shown.evidence.iter().copied())) }
                    }
                    @if let Some(mark) = shown.mark { p.why.soft { (mark_words(mark)) } }
                    (grounds(page, shown.grounds))
                }
            }
        }
        @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more" } }
    }
}

fn bar(confidence: Confidence, belief: Belief) -> Markup {
    let percent = confidence.percent();
    html! {
        p.sure {
            span.bar aria-hidden="true" { span style=(format!("width:{percent}%")) {} }
            span.num { (percent) "%" } " " (belief.word())
        }
    }
}
