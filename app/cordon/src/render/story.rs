//! The story of a response on a terminal, in the order in which it is decided upon: the verdict, what
//! to do and what that costs, then what it rests on.

use cordon_engine::Decision;
use cordon_incident::{HeldEntity, Incident};
use cordon_model::{Detection, Entity, EntityKind, Estate, Evidence, Level};
use cordon_plan::Outcome;
use cordon_report::{Reading, likeness_words, looked_at};

use super::{
    Column, Look, Tone,
    amount::{counted, many},
    plain,
    plan::{Page, line},
    prose::{middle, wrap},
    table,
    tenancies::tenancies,
};

/// Most lines of the time line shown on a terminal; the whole of it is in `timeline.csv`.
const SEEN_LINES_MAX: usize = 30;

/// Most lines on whom the intruder holds on a terminal; all of them are in `incidents.json`.
const HELD_LINES_MAX: usize = 30;

/// Most signs told for and against an actor.
const SIGNS_MAX: usize = 3;

/// Most characters of a log's path shown.
const PLACE_WIDTH: usize = 20;

/// Most characters of a name that is held.
const NAME_WIDTH: usize = 40;

/// Most characters of a name shown beside others.
const WHO_WIDTH: usize = 28;

/// The whole story as text.
pub(crate) fn story(
    (estate, reading): (&Estate, &Reading),
    incidents: &[Incident],
    decision: &Decision,
    look: Look,
) -> String {
    let (acting, quiet): (Vec<&Incident>, Vec<&Incident>) =
        incidents.iter().partition(|i| i.calls_for_decision());
    let page = Page::new(estate, decision, look);
    let mut text = String::from("\n");
    if acting.is_empty() {
        text.push_str("Nothing was seen that calls for a decision.\n");
        let looked_at = looked_at(reading).unwrap_or_default();
        text.push_str(&line(format_args!("{looked_at}")));
    }
    text.push_str(&page.verdict());
    text.push_str(&page.answer());
    text.push_str(&page.outlook());
    text.push_str(&held(&acting, look));
    text.push_str(&page.soonest_targets());
    for incident in &acting {
        text.push_str(&seen(incident, look));
        text.push_str(&tenancies(incident, look));
        text.push_str(&likeness(incident, look));
    }
    if !quiet.is_empty() {
        text.push_str(&watched(&quiet, look));
    }
    if let Outcome::Plan(vetted) = &decision.answer.outcome {
        text.push_str(&page.proof(vetted.draft()));
    }
    text
}

/// What an incident's time line shows once: a rule at one place, first, and how often.
struct Told<'a> {
    first: &'a Detection,
    place: String,
    times: usize,
}

/// What was seen and when: each rule once for each host or account, at its first time, with how
/// often it fired there.
fn seen(incident: &Incident, look: Look) -> String {
    let title = format!("What was seen, and when ({}, times in UTC)", incident.id);
    let (rows, weak) = told(incident);
    let columns = [
        Column::Whole("when"),
        Column::Whole("level"),
        Column::Text("what"),
        Column::Whole("where, who"),
        Column::Number("times"),
    ];
    let shown = rows.iter().take(SEEN_LINES_MAX).map(|row| {
        [
            when(row.first),
            row.first.rule.level.word().to_owned(),
            row.first.rule.title.clone(),
            middle(&row.place, WHO_WIDTH),
            many(row.times),
        ]
    });
    let mut text = format!(
        "\n{}\n{}",
        look.paint(Tone::Heading, &title),
        table(&columns, shown, look)
    );
    let more = rows.len().saturating_sub(SEEN_LINES_MAX);
    let left_out = [(more, "more"), (weak, "more of low level")];
    for (number, words) in left_out.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(&line(format_args!("{number} {words} in timeline.csv")));
    }
    text
}

/// Whom it resembles most and why, and which log would show what they do next. Never a bare name.
fn likeness(incident: &Incident, look: Look) -> String {
    let Some(most) = incident.likeness.first() else {
        return String::new();
    };
    let title = format!("Whom it resembles, and where to look ({})", incident.id);
    let mut text = format!("\n{}\n", look.paint(Tone::Heading, &title));
    let mut say = |words: String| text.push_str(&wrap(&plain(&words), look.width));
    let words = likeness_words(most);
    say(format!("{}: {words}; no attribution", most.actor));
    if !most.not_told_apart.is_empty() {
        let others = most.not_told_apart.join(", ");
        say(format!("not told apart from {others}"));
    }
    for (word, signs) in [("for", &most.speaks_for), ("against", &most.speaks_against)] {
        let signs: Vec<&str> = signs
            .iter()
            .take(SIGNS_MAX)
            .map(|s| s.what.as_str())
            .collect();
        if !signs.is_empty() {
            say(format!("{word}: {}", signs.join("; ")));
        }
    }
    if !most.next.is_empty() {
        let columns = [Column::Text("usually next"), Column::Text("look here")];
        let rows = most
            .next
            .iter()
            .map(|next| [next.does.clone(), next.look.clone()]);
        text.push_str(&table(&columns, rows, look));
    }
    text
}

/// Whom the intruder holds, how surely, and on which records that rests: one table, in which each
/// of several incidents has its rows under its name.
fn held(acting: &[&Incident], look: Look) -> String {
    let (title, several) = match acting {
        [] => return String::new(),
        [only] => (format!("Whom the intruder holds ({})", only.id), false),
        [..] => ("Whom the intruder holds".to_owned(), true),
    };
    let rows = acting.iter().flat_map(|incident| {
        let name = [
            incident.id.to_string(),
            String::new(),
            String::new(),
            String::new(),
        ];
        let held = incident
            .held
            .iter()
            .map(|entity| held_row(incident, entity));
        several.then_some(name).into_iter().chain(held)
    });
    let rows: Vec<[String; 4]> = rows.collect();
    let columns = [
        Column::Whole("held"),
        Column::Whole("who"),
        Column::Number("confidence"),
        Column::Whole("evidence"),
    ];
    let shown = rows.iter().take(HELD_LINES_MAX).cloned();
    let title = look.paint(Tone::Heading, &title);
    let mut text = format!("\n{title}\n{}", table(&columns, shown, look));
    let more = rows.len().saturating_sub(HELD_LINES_MAX);
    if more > 0 {
        text.push_str(&line(format_args!("{more} lines more in incidents.json")));
    }
    text
}

fn held_row(incident: &Incident, entity: &HeldEntity) -> [String; 4] {
    let outside = if entity.node.is_none() {
        " (outside the estate)"
    } else {
        ""
    };
    [
        entity.belief.word().to_owned(),
        format!("{}{outside}", middle(&entity.id, NAME_WIDTH)),
        entity.confidence.to_string(),
        evidence(incident, entity),
    ]
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

/// Each rule of an incident once for each place: what is at least of medium level, and if there is
/// nothing of that, everything. And how many detections of lower level that leaves out.
fn told(incident: &Incident) -> (Vec<Told<'_>>, usize) {
    let weak = |detection: &Detection| detection.rule.level < Level::Medium;
    let all_weak = incident.detections.iter().all(|d| weak(d));
    let mut rows: Vec<Told<'_>> = Vec::new();
    let mut left_out = 0;
    for detection in &incident.detections {
        if !all_weak && weak(detection) {
            left_out += 1;
            continue;
        }
        let place = place(incident, detection);
        let known = rows
            .iter_mut()
            .find(|row| row.first.rule.id == detection.rule.id && row.place == place);
        match known {
            Some(row) => row.times += 1,
            None => rows.push(Told {
                first: detection,
                place,
                times: 1,
            }),
        }
    }
    (rows, left_out)
}

/// On which host, or by which account: what a correlation groups by, else what its rule says is held.
fn place(incident: &Incident, detection: &Detection) -> String {
    let known = |name: &str| {
        let bears =
            |held: &&HeldEntity| held.names.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        let held = incident.held.iter().find(bears);
        held.map_or_else(|| name.to_owned(), |held| held.id.to_string())
    };
    if !detection.group.is_empty() {
        let names: Vec<String> = detection.group.iter().map(|name| known(name)).collect();
        return names.join(", ");
    }
    let entities = detection.last().map_or(&[][..], |last| &last.entities);
    let holds = |entity: &&Entity| detection.rule.holds.contains(&entity.role);
    let of = |kind| entities.iter().filter(holds).find(|e| e.kind == kind);
    of(EntityKind::Host)
        .or_else(|| of(EntityKind::Account))
        .or_else(|| entities.iter().find(holds))
        .or_else(|| entities.first())
        .map_or_else(String::new, |entity| known(&entity.id))
}

fn when(detection: &Detection) -> String {
    detection.time.map_or_else(
        || "unknown".to_owned(),
        |t| t.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// How many records are behind a belief, and where the first stands.
fn evidence(incident: &Incident, entity: &HeldEntity) -> String {
    let records = || incident.detections.iter().flat_map(|d| &d.records);
    let first = entity
        .evidence
        .first()
        .and_then(|id| records().find(|r| r.id == *id));
    let place = |r: &Evidence| format!("{}:{}", middle(&r.log.path, PLACE_WIDTH), r.log.record);
    match (first.map(place), entity.evidence.len()) {
        (None, _) => String::new(),
        (Some(place), 1) => place,
        (Some(place), all) => format!("{all} from {place}"),
    }
}
