//! The records that incidents rest on, each once, in the order in which they happened.

use std::collections::BTreeMap;

use cordon_incident::{FirstSeen, Incident, IncidentId};
use cordon_model::{Clock, Entity, EventId, Evidence, Level, LogRef, Role, RuleFacts, Timestamp};
use jiff::SignedDuration;

use crate::visible::clipped;

/// Longest name of an entity shown, in characters: longer ones are command lines or attacks.
const NAME_CHARS_MAX: usize = 120;

/// Longest title of a rule shown, in characters.
const TITLE_CHARS_MAX: usize = 200;

/// One record with every rule that matched it.
#[derive(Debug, Clone)]
pub(crate) struct Record<'a> {
    pub(crate) evidence: &'a Evidence,
    /// In the order of their detections, each once.
    pub(crate) rules: Vec<&'a RuleFacts>,
    /// The incidents it belongs to.
    pub(crate) incidents: Vec<&'a IncidentId>,
    /// What it says of its actors for the first time.
    pub(crate) first_seen: &'a [FirstSeen],
}

/// By time, unknown last; then by place and id.
type Order<'a> = (bool, Option<Timestamp>, &'a LogRef, &'a EventId);

/// Every record of every detection, oldest first, unknown times last.
pub(crate) fn records(incidents: &[Incident]) -> Vec<Record<'_>> {
    let mut found: BTreeMap<Order<'_>, Record<'_>> = BTreeMap::new();
    for incident in incidents {
        for detection in &incident.detections {
            for evidence in &detection.records {
                let order = (
                    evidence.time.is_none(),
                    evidence.time,
                    &evidence.log,
                    &evidence.id,
                );
                let record = found.entry(order).or_insert_with(|| Record {
                    evidence,
                    rules: Vec::new(),
                    incidents: Vec::new(),
                    first_seen: incident
                        .first_seen
                        .get(&evidence.id)
                        .map_or(&[], Vec::as_slice),
                });
                if !record.rules.iter().any(|rule| rule.id == detection.rule.id) {
                    record.rules.push(&detection.rule);
                }
                if !record.incidents.contains(&&incident.id) {
                    record.incidents.push(&incident.id);
                }
            }
        }
    }
    found.into_values().collect()
}

/// From this long on, a time in which nothing was seen is told: it may be quiet, or a log may be
/// missing.
const GAP_FROM: SignedDuration = SignedDuration::from_hours(1);

/// A time between two records in which nothing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Gap {
    /// The gap between one record and the next, if it is long enough to be told.
    pub(crate) fn between(one: &Record<'_>, next: &Record<'_>) -> Option<Self> {
        let (from, until) = (one.evidence.time?, next.evidence.time?);
        (until.duration_since(from) >= GAP_FROM).then_some(Self { from, until })
    }

    /// What is to be said of it, in words.
    pub(crate) fn sentence(self) -> String {
        let minutes = self.until.duration_since(self.from).as_mins();
        let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
        let long = match (days, hours) {
            (0, hours) => format!("{hours} h {} min", minutes % 60),
            (days, hours) => format!("{days} d {hours} h"),
        };
        format!("Nothing seen for {long}: quiet, or a log is missing")
    }
}

/// One line of a time line.
#[derive(Debug)]
pub(crate) enum Entry<'r, 'a> {
    /// Something that happened, with its number among the records, from 1.
    Happened(usize, &'r Record<'a>),
    /// Nothing seen for long.
    Gap(Gap),
}

/// The lines of a time line: its records, and the gaps between them.
pub(crate) fn entries<'r, 'a>(records: &'r [Record<'a>]) -> Vec<Entry<'r, 'a>> {
    let mut entries = Vec::new();
    let mut before: Option<&Record<'_>> = None;
    for (number, record) in (1..).zip(records) {
        let gap = before.and_then(|before| Gap::between(before, record));
        entries.extend(gap.map(Entry::Gap));
        entries.push(Entry::Happened(number, record));
        before = Some(record);
    }
    entries
}

impl Record<'_> {
    /// The most serious level of its rules.
    pub(crate) fn level(&self) -> Level {
        let levels = self.rules.iter().map(|rule| rule.level);
        levels.max().unwrap_or(Level::Informational)
    }

    /// What happened, in words: the rules' titles and who did what to whom.
    pub(crate) fn sentence(&self) -> String {
        let titles: Vec<String> = self.rules.iter().map(|rule| title(rule)).collect();
        let titles = titles.join("; ");
        let entities = who(&self.evidence.entities);
        let told = if entities.is_empty() {
            titles
        } else {
            format!("{titles}: {entities}")
        };
        let news = self.first_seen.iter().map(|new| name(&new.to_string()));
        let notes: Vec<String> = clock_note(&self.evidence.clock)
            .into_iter()
            .chain(news)
            .collect();
        if notes.is_empty() {
            told
        } else {
            format!("{told} ({})", notes.join("; "))
        }
    }
}

/// What was declared of the clock that the time comes from, if anything.
fn clock_note(clock: &Clock) -> Option<String> {
    let seconds = clock.ahead.as_secs();
    let way = if seconds > 0 { "ahead" } else { "behind" };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let ahead = (seconds != 0)
        .then(|| format!("by a clock {minutes} min {rest} s {way}, which is taken off"));
    let zone = clock.zone.as_ref();
    let zone = zone.map(|zone| format!("by the clock of {}", name(zone)));
    let notes: Vec<String> = ahead.into_iter().chain(zone).collect();
    (!notes.is_empty()).then(|| notes.join(", "))
}

/// A rule's title, harmless and of bounded length.
pub(crate) fn title(rule: &RuleFacts) -> String {
    clipped(&rule.title, TITLE_CHARS_MAX)
}

/// A name from a log, harmless and of bounded length.
pub(crate) fn name(text: &str) -> String {
    clipped(text, NAME_CHARS_MAX)
}

/// Who did it to whom, where, whence and with what, in words.
pub(crate) fn who(entities: &[Entity]) -> String {
    let clauses = Role::ALL.into_iter().filter_map(|role| {
        let mut names: Vec<String> = Vec::new();
        for entity in entities.iter().filter(|entity| entity.role == role) {
            let name = format!("{} {}", entity.kind.word(), name(&entity.id));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let word = preposition(role);
        (!names.is_empty()).then(|| format!("{word} {}", names.join(" and ")))
    });
    let clauses: Vec<String> = clauses.collect();
    clauses.join(", ")
}

fn preposition(role: Role) -> &'static str {
    match role {
        Role::Actor => "by",
        Role::Target => "on",
        Role::Host => "at",
        Role::Origin => "from",
        Role::Means => "using",
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Clock;
    use jiff::SignedDuration;

    use super::clock_note;

    #[test]
    fn a_clock_that_was_declared_wrong_is_told_beside_its_time() {
        assert_eq!(clock_note(&Clock::default()), None);
        let slow = Clock {
            ahead: SignedDuration::from_secs(-252),
            zone: Some("Europe/London".into()),
            ..Clock::default()
        };
        assert_eq!(
            clock_note(&slow).as_deref(),
            Some("by a clock 4 min 12 s behind, which is taken off, by the clock of Europe/London")
        );
    }
}
