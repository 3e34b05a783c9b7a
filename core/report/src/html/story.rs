//! How it came about: what the intruder did, in the order of stages.

use std::collections::{BTreeMap, BTreeSet};

use cordon_incident::Incident;
use cordon_model::{Detection, EventId, RuleFacts, Timestamp};
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
            ol.story { @for stage in stages(incident) { (told_stage(page, &stage)) } }
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
    let beyond = stage.lines.len().saturating_sub(LINES_MAX);
    html! {
        li {
            h3 { (stage.name) }
            @for line in stage.lines.iter().take(LINES_MAX) {
                div.event {
                    p.when { (minute(line.first)) }
                    p {
                        (line.what)
                        @if line.times > 1 { span.soft { " (" (amount::count(line.times)) " times)" } }
                        " " (page.links(line.evidence.iter().copied()))
                        @if !line.whom.is_empty() { span.whom { (line.whom) } }
                    }
                }
            }
            @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more in the time line" } }
        }
    }
}

/// The stages in the order in which they began.
fn stages(incident: &Incident) -> Vec<Stage<'_>> {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    let mut places: BTreeMap<(usize, String, String), usize> = BTreeMap::new();
    for detection in &incident.detections {
        let name = tactic(&detection.rule);
        let line = line(detection);
        let found = stages.iter().position(|stage| stage.name == name);
        let at = found.unwrap_or(stages.len());
        if found.is_none() {
            stages.push(Stage {
                name,
                lines: Vec::new(),
            });
        }
        let Some(stage) = stages.get_mut(at) else {
            continue;
        };
        let next = stage.lines.len();
        let told = (at, line.what.clone(), line.whom.clone());
        let place = *places.entry(told).or_insert(next);
        match stage.lines.get_mut(place) {
            Some(known) => {
                known.times += 1;
                known.evidence.extend(line.evidence);
            }
            None => stage.lines.push(line),
        }
    }
    stages
}

fn line(detection: &Detection) -> Line<'_> {
    Line {
        what: title(&detection.rule),
        whom: detection
            .last()
            .map_or_else(String::new, |last| who(&last.entities)),
        first: detection.time,
        times: 1,
        evidence: detection.records.iter().map(|record| &record.id).collect(),
    }
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
