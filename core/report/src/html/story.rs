//! How it came about: what the intruder did, in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use cordon_incident::Incident;
use cordon_model::{Entity, EntityKind, EventId, Evidence, Role, RuleFacts, Timestamp};
use maud::{Markup, html};

use super::page::{Page, minute, section as framed};
use crate::{
    amount,
    record::{title, who},
};

/// Most incidents told in full; further ones get a line.
const INCIDENTS_MAX: usize = 5;

/// Most lines told of one stage; the time line has the rest.
const LINES_MAX: usize = 8;

/// ATT&CK's tactics as rules tag them, and what they mean to somebody who does not know them.
const TACTICS: [(&str, &str); 14] = [
    ("reconnaissance", "Looking from outside"),
    ("resource-development", "Preparing"),
    ("initial-access", "Getting in"),
    ("execution", "Running things"),
    ("persistence", "Staying in"),
    ("privilege-escalation", "Gaining rights"),
    ("defense-evasion", "Hiding"),
    ("credential-access", "Taking credentials"),
    ("discovery", "Looking around"),
    ("lateral-movement", "Moving on"),
    ("collection", "Gathering data"),
    ("command-and-control", "Steering from outside"),
    ("exfiltration", "Taking data out"),
    ("impact", "Doing harm"),
];

/// One stage of an incident, with what was seen of it.
struct Stage<'a> {
    name: &'static str,
    lines: Vec<Line<'a>>,
}

/// The same rule about the same entities, once or often.
struct Line<'a> {
    what: String,
    whom: String,
    first: Option<Timestamp>,
    times: usize,
    evidence: BTreeSet<&'a EventId>,
}

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let told = page.incidents.iter().take(INCIDENTS_MAX);
    let others: Vec<_> = page.incidents.iter().skip(INCIDENTS_MAX).collect();
    let several = page.incidents.len() > 1;
    let body = html! {
        @if page.incidents.is_empty() {
            @if page.case.question.footholds.is_empty() {
                p { "No incident, so no story." }
            } @else {
                p { "A person said what is held; no incident was found in logs." }
            }
        }
        @for incident in told {
            @if several { h3 { "Incident " (incident.id) } }
            p.soft { (span_of(incident)) }
            ol.story { @for stage in stages(page, incident) { (told_stage(page, &stage)) } }
        }
        @if !others.is_empty() {
            h3 { "Further incidents" }
            ul { @for incident in others { li { (incident.id) ", " (span_of(incident)) } } }
        }
    };
    framed("story", "The story", &body)
}

fn span_of(incident: &Incident) -> String {
    let detections = amount::plural(incident.detections.len(), "detection", "detections");
    let (first, last) = (minute(incident.first), minute(incident.last));
    if first == last {
        format!("{detections}, {first} UTC")
    } else {
        format!("{detections}, {first} to {last} UTC")
    }
}

fn told_stage(page: &Page<'_>, stage: &Stage<'_>) -> Markup {
    let alike: Vec<&[Line<'_>]> = stage.lines.chunk_by(|a, b| a.what == b.what).collect();
    let beyond: usize = alike.iter().skip(LINES_MAX).map(|lines| lines.len()).sum();
    html! {
        li {
            h3 { (stage.name) }
            @for lines in alike.iter().take(LINES_MAX) { (told_alike(page, lines)) }
            @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more in the time line" } }
        }
    }
}

/// Lines that say the same of others, one after another: the first, and the rest folded under it.
fn told_alike(page: &Page<'_>, lines: &[Line<'_>]) -> Markup {
    let Some((first, rest)) = lines.split_first() else {
        return html! {};
    };
    html! {
        div.event {
            p.when { (minute(first.first)) }
            p { (first.what) (told_whom(page, first)) }
        }
        @if !rest.is_empty() {
            details {
                summary { (amount::count(rest.len())) " more like it" }
                @for line in rest {
                    div.event {
                        p.when { (minute(line.first)) }
                        p { (told_whom(page, line)) }
                    }
                }
            }
        }
    }
}

/// How often, on which records, and whom.
fn told_whom(page: &Page<'_>, line: &Line<'_>) -> Markup {
    html! {
        @if line.times > 1 { span.soft { " (" (amount::count(line.times)) " times)" } }
        " " (page.links(line.evidence.iter().copied()))
        @if !line.whom.is_empty() { span.whom { (line.whom) } }
    }
}

/// What was seen in the order of time, under a new heading wherever the stage changes.
fn stages<'a>(page: &Page<'_>, incident: &'a Incident) -> Vec<Stage<'a>> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut lines: Vec<(&'static str, Line<'a>)> = Vec::new();
    for (stage, line) in seen(page, incident) {
        let next = lines.len();
        let place = *places
            .entry((line.what.clone(), line.whom.clone()))
            .or_insert(next);
        match lines.get_mut(place) {
            Some((_, known)) => {
                known.times += 1;
                known.evidence.extend(line.evidence);
            }
            None => lines.push((stage, line)),
        }
    }
    let mut stages: Vec<Stage<'a>> = Vec::new();
    for (name, line) in lines {
        match stages.last_mut() {
            Some(stage) if stage.name == name => stage.lines.push(line),
            Some(_) | None => stages.push(Stage {
                name,
                lines: vec![line],
            }),
        }
    }
    stages
}

/// Every detection when it was complete, and the records that only a chain tells of when they
/// happened; unknown times last.
fn seen<'a>(page: &Page<'_>, incident: &'a Incident) -> Vec<(&'static str, Line<'a>)> {
    let plain = incident.detections.iter().filter(|d| d.records.len() == 1);
    let mut told: BTreeSet<&EventId> = plain.flat_map(|d| &d.records).map(|r| &r.id).collect();
    told.extend(
        incident
            .detections
            .iter()
            .filter_map(|d| Some(&d.last()?.id)),
    );
    let mut lines = Vec::new();
    for detection in &incident.detections {
        let stage = tactic(&detection.rule);
        let what = title(&detection.rule);
        for record in &detection.records {
            if told.insert(&record.id) {
                let begun = format!("A part of: {what}");
                lines.push((stage, line(page, begun, record, [record])));
            }
        }
        if let Some(last) = detection.last() {
            lines.push((stage, line(page, what, last, &detection.records)));
        }
    }
    lines.sort_by_key(|(_, line)| (line.first.is_none(), line.first));
    lines
}

fn line<'a>(
    page: &Page<'_>,
    what: String,
    last: &Evidence,
    records: impl IntoIterator<Item = &'a Evidence>,
) -> Line<'a> {
    Line {
        what,
        whom: who(&people(page, &last.entities)),
        first: last.time,
        times: 1,
        evidence: records.into_iter().map(|record| &record.id).collect(),
    }
}

/// Entities under the estate's names, without what tells a person nothing: sessions, devices, and
/// somebody as their own target.
fn people(page: &Page<'_>, entities: &[Entity]) -> Vec<Entity> {
    let told = |entity: &&Entity| !matches!(entity.kind, EntityKind::Session | EntityKind::Device);
    let named = |entity: &Entity| {
        let node = page.case.estate.resolve(&entity.id);
        let id = node.map_or_else(|| entity.id.clone(), |node| page.node(node).into());
        Entity {
            id,
            ..entity.clone()
        }
    };
    let mut shown: Vec<Entity> = entities.iter().filter(told).map(named).collect();
    let actors = shown.iter().filter(|entity| entity.role == Role::Actor);
    let actors: BTreeSet<_> = actors.map(|actor| actor.id.clone()).collect();
    shown.retain(|entity| entity.role != Role::Target || !actors.contains(&entity.id));
    shown
}

/// The first tactic that a rule's tags name.
fn tactic(rule: &RuleFacts) -> &'static str {
    let of_tag = |tag: &String| {
        let word = tag.strip_prefix("attack.")?.replace('_', "-");
        let found = TACTICS.iter().find(|(tactic, _)| *tactic == word);
        found.map(|(_, plain)| *plain)
    };
    rule.tags.iter().find_map(of_tag).unwrap_or("Other signs")
}
