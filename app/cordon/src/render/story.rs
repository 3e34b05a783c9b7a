//! The story of a response on a terminal: what was seen and whom the intruder holds, then the plan.

use cordon_engine::Decision;
use cordon_incident::{HeldEntity, Incident};
use cordon_model::{Detection, Estate, Evidence, Level};

use super::{
    Column, Look, Tone,
    amount::{counted, many},
    plain, plan, table,
};

/// Most lines of the time line shown on a terminal; the whole of it is in `timeline.csv`.
const SEEN_LINES_MAX: usize = 30;

/// Most spellings of one name shown.
const NAMES_MAX: usize = 4;

/// The whole story as text.
pub(crate) fn story(
    estate: &Estate,
    incidents: &[Incident],
    decision: &Decision,
    look: Look,
) -> String {
    let acting: Vec<&Incident> = incidents
        .iter()
        .filter(|i| i.calls_for_decision())
        .collect();
    let mut text = String::new();
    if acting.is_empty() {
        text.push_str("\nNothing was seen that calls for a decision.\n");
    }
    for incident in &acting {
        text.push_str(&seen(incident, look));
        text.push_str(&held(incident, look));
    }
    let quiet: Vec<&Incident> = incidents
        .iter()
        .filter(|i| !i.calls_for_decision())
        .collect();
    if !quiet.is_empty() {
        text.push_str(&watched(&quiet, look));
    }
    text.push_str(&plan(estate, decision, look));
    text
}

/// What was seen and when: each rule once, at its first time, with how often it fired.
fn seen(incident: &Incident, look: Look) -> String {
    let title = format!("What was seen, and when ({}, times in UTC)", incident.id);
    let rows = told(incident);
    let columns = [
        Column::Text("when"),
        Column::Text("level"),
        Column::Text("log"),
        Column::Text("what"),
        Column::Number("times"),
    ];
    let shown = rows.iter().take(SEEN_LINES_MAX).map(|(detection, times)| {
        [
            when(detection),
            detection.rule.level.word().to_owned(),
            detection
                .last()
                .map_or_else(String::new, |record| record.source.to_string()),
            detection.rule.title.clone(),
            many(*times),
        ]
    });
    let mut text = format!(
        "\n{}\n{}",
        look.paint(Tone::Heading, &title),
        table(&columns, shown, look)
    );
    if let Some(more) = rows
        .len()
        .checked_sub(SEEN_LINES_MAX)
        .filter(|more| *more > 0)
    {
        let rest = format!("and {} more in timeline.csv\n", counted(more, "rule"));
        text.push_str(&rest);
    }
    text
}

/// Whom the intruder holds, how surely, and on which records that rests.
fn held(incident: &Incident, look: Look) -> String {
    let columns = [
        Column::Text("held"),
        Column::Text("who"),
        Column::Number("confidence"),
        Column::Text("also called"),
        Column::Text("evidence"),
    ];
    let rows = incident.held.iter().map(|entity| {
        let outside = if entity.node.is_none() {
            " (outside the estate)"
        } else {
            ""
        };
        [
            entity.confidence.belief().word().to_owned(),
            format!("{}{outside}", entity.id),
            entity.confidence.to_string(),
            also_called(entity),
            evidence(incident, entity),
        ]
    });
    let title = look.paint(Tone::Heading, "Whom the intruder holds");
    format!("\n{title}\n{}", table(&columns, rows, look))
}

/// Incidents below the acting threshold, a line each.
fn watched(quiet: &[&Incident], look: Look) -> String {
    let columns = [
        Column::Text("incident"),
        Column::Text("surest"),
        Column::Number("confidence"),
    ];
    let rows = quiet.iter().take(SEEN_LINES_MAX).map(|incident| {
        let surest = incident.held.first();
        [
            incident.id.to_string(),
            surest.map_or_else(String::new, |h| h.id.to_string()),
            surest.map_or_else(String::new, |h| h.confidence.to_string()),
        ]
    });
    let title = format!(
        "{} below the acting threshold",
        counted(quiet.len(), "incident")
    );
    format!(
        "\n{}\n{}",
        look.paint(Tone::Heading, &title),
        table(&columns, rows, look)
    )
}

/// Each rule of an incident once with how often it fired: what is at least of medium level, and if
/// there is nothing of that, everything.
fn told(incident: &Incident) -> Vec<(&Detection, usize)> {
    let strong = incident
        .detections
        .iter()
        .any(|d| d.rule.level >= Level::Medium);
    let mut rows: Vec<(&Detection, usize)> = Vec::new();
    for detection in &incident.detections {
        if strong && detection.rule.level < Level::Medium {
            continue;
        }
        match rows
            .iter_mut()
            .find(|(first, _)| first.rule.id == detection.rule.id)
        {
            Some((_, times)) => *times += 1,
            None => rows.push((detection, 1)),
        }
    }
    rows
}

fn when(detection: &Detection) -> String {
    detection.time.map_or_else(
        || "unknown".to_owned(),
        |t| t.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    )
}

fn also_called(entity: &HeldEntity) -> String {
    let others: Vec<&str> = entity
        .names
        .iter()
        .map(|name| &**name)
        .filter(|name| **name != *entity.id)
        .collect();
    let mut text: Vec<&str> = others.iter().take(NAMES_MAX).copied().collect();
    if others.len() > NAMES_MAX {
        text.push("…");
    }
    plain(&text.join(", "))
}

/// The first record behind a belief, and how many more there are.
fn evidence(incident: &Incident, entity: &HeldEntity) -> String {
    let records = || incident.detections.iter().flat_map(|d| &d.records);
    let first = entity
        .evidence
        .first()
        .and_then(|id| records().find(|r| r.id == *id));
    let place = |r: &Evidence| format!("{} record {}", r.log.path, r.log.record);
    match (first.map(place), entity.evidence.len()) {
        (None, _) => String::new(),
        (Some(place), 1) => place,
        (Some(place), all) => format!("{place} and {} more", all - 1),
    }
}
