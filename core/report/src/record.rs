//! The records that incidents rest on, each once, in the order in which they happened.

use std::collections::BTreeMap;

use cordon_incident::{FirstSeen, Incident, IncidentId, Tenancy};
use cordon_model::{
    Clock, Detection, Entity, EventId, Evidence, Level, LogRef, Role, RuleFacts, Timestamp,
};

use crate::{sentence::sentence, visible::clipped};

/// Longest name of an entity shown, in characters: longer ones are command lines or attacks.
const NAME_CHARS_MAX: usize = 120;

/// Longest title of a rule shown, in characters.
const TITLE_CHARS_MAX: usize = 200;

/// Longest note on whose an address was, in characters: two names and two paths.
const TENANCY_CHARS_MAX: usize = 400;

/// One record with every rule that matched it.
#[derive(Debug, Clone)]
pub(crate) struct Record<'a> {
    pub(crate) evidence: &'a Evidence,
    /// In the order of their detections, each rule once.
    pub(crate) rules: Vec<Said<'a>>,
    /// The incidents it belongs to.
    pub(crate) incidents: Vec<&'a IncidentId>,
    /// What it says of its actors for the first time.
    pub(crate) first_seen: &'a [FirstSeen],
    /// Whose its addresses were, as far as other records say.
    pub(crate) tenancies: &'a [Tenancy],
}

/// What a rule says of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) rule: &'a RuleFacts,
    pub(crate) part: Part,
}

/// Which part a record has in what a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The rule speaks of this record, or of several that end with it.
    Subject,
    /// The rule speaks of what came of it later, beside other records.
    Beginning,
}

impl Said<'_> {
    /// The rule's title; of a record that is merely a beginning, that it is one.
    pub(crate) fn words(&self) -> String {
        match self.part {
            Part::Subject => title(self.rule),
            Part::Beginning => format!("a part of: {}", title(self.rule)),
        }
    }
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
                    tenancies: incident
                        .tenancies
                        .get(&evidence.id)
                        .map_or(&[], Vec::as_slice),
                });
                record.take(detection);
                if !record.incidents.contains(&&incident.id) {
                    record.incidents.push(&incident.id);
                }
            }
        }
    }
    found.into_values().collect()
}

impl<'a> Record<'a> {
    /// Notes what a detection says of it.
    fn take(&mut self, detection: &'a Detection) {
        let ends_it = detection
            .last()
            .is_some_and(|last| last.id == self.evidence.id);
        let part = if ends_it {
            Part::Subject
        } else {
            Part::Beginning
        };
        let known = self
            .rules
            .iter_mut()
            .find(|said| said.rule.id == detection.rule.id);
        match known {
            Some(said) => said.part = said.part.min(part),
            None => self.rules.push(Said {
                rule: &detection.rule,
                part,
            }),
        }
    }

    /// The most serious level of the rules that speak of it; what is merely a beginning says nothing yet.
    pub(crate) fn level(&self) -> Level {
        let speaking = self.rules.iter().filter(|said| said.part == Part::Subject);
        let levels = speaking.map(|said| said.rule.level);
        levels.max().unwrap_or(Level::Informational)
    }

    /// What the rules say of it, in words.
    pub(crate) fn told_by(&self) -> String {
        let mut said: Vec<&Said<'_>> = self.rules.iter().collect();
        said.sort_by_key(|said| (said.part, std::cmp::Reverse(said.rule.level)));
        let words: Vec<String> = said.iter().map(|said| said.words()).collect();
        words.join("; ")
    }

    /// What happened, in words: who did what to whom, where, from where, and how it ended.
    pub(crate) fn sentence(&self) -> String {
        let told = sentence(self.evidence);
        let news = self.first_seen.iter().map(|new| name(&new.to_string()));
        let whose = self.tenancies.iter();
        let whose = whose.map(|tenancy| clipped(&tenancy.to_string(), TENANCY_CHARS_MAX));
        let notes: Vec<String> = clock_note(&self.evidence.clock)
            .into_iter()
            .chain(whose)
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
