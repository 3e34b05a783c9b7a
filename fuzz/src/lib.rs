//! What the targets share: reading from memory, and the law that the fast way of matching finds
//! exactly what the full evaluation finds.
//!
//! Absent on purpose: expectations about what fuzzed input means. A target only holds Cordon to
//! laws that are true of any input.

use std::sync::Arc;

use cordon_detect::{Hit, Match, RuleSet, Screener};
use cordon_event::{
    Degradation, Event, Hints, LogKind, ReadSummary, Refusal, Sink, SourceSettings, read,
};
use cordon_sigma::{Parsed, parse};
use cordon_text::Source;

/// Rules that use every modifier, for a log source that [`events`] gives every event.
const RULES: &str = include_str!("rules.yml");

/// Records that have something for most of those rules.
const RECORDS: &str = include_str!("records.ndjson");

/// The log source of all rules and events here.
const PRODUCT: &str = "fuzzed";

/// The rules that use every modifier, as they are read.
///
/// # Panics
/// When they are wrong, so that no run checks less than it seems to.
pub fn read_rules() -> Parsed {
    let parsed = parsed(RULES);
    assert_eq!(parsed.refused, 0, "{:?}", parsed.report.diagnostics);
    parsed
}

/// The same rules, compiled.
///
/// # Panics
/// When they are wrong.
pub fn rules() -> RuleSet {
    let parsed = read_rules();
    let (set, report) = RuleSet::compile(&parsed.rules, &parsed.correlations);
    assert!(!report.has_errors(), "{:?}", report.diagnostics);
    set
}

/// The records of [`RECORDS`] as events.
pub fn records() -> Vec<Event> {
    events(RECORDS.as_bytes())
}

/// What a text of rules holds.
///
/// # Panics
/// When a law of reading does not hold.
pub fn parsed(text: &str) -> Parsed {
    let parsed = parse(&Source::new("fuzzed.yml", text));
    let read = parsed.rules.len() + parsed.correlations.len() + parsed.filters.len();
    assert!(
        read + parsed.refused <= parsed.documents + 1,
        "more came out than was there"
    );
    assert!(
        parsed.refused == 0 || parsed.report.has_errors(),
        "a rule was refused and nobody was told why"
    );
    parsed
}

/// The events of some bytes, all of them made ones of the log source of the rules here.
///
/// # Panics
/// When a record is lost, or stands outside the bytes.
pub fn events(bytes: &[u8]) -> Vec<Event> {
    events_of(bytes, SourceSettings::default())
}

/// The same of a source that says something of its records.
///
/// # Panics
/// As above.
pub fn events_of(bytes: &[u8], settings: SourceSettings) -> Vec<Event> {
    let mut seen = Seen::default();
    let hints = Hints {
        year: Some(2026),
        ..Hints::default().of(settings)
    };
    let mut input = bytes;
    let Ok(summary) = read(&Arc::from("fuzzed"), &mut input, &hints, &mut seen) else {
        unreachable!("reading from memory cannot fail");
    };
    seen.hold(&summary);
    for event in &mut seen.events {
        event.kind = Arc::new(LogKind {
            product: Some(Arc::from(PRODUCT)),
            ..LogKind::default()
        });
    }
    seen.events
}

/// Matches events by both ways, the fast one with the same memory for all of them.
pub struct Both<'r> {
    set: &'r RuleSet,
    fast: Screener<'r>,
}

impl<'r> Both<'r> {
    /// For the rules of a set.
    pub fn of(set: &'r RuleSet) -> Self {
        Self {
            set,
            fast: Screener::new(set),
        }
    }

    /// The hits on an event, after both ways of finding them gave the same.
    ///
    /// # Panics
    /// When they did not.
    pub fn hits(&mut self, event: &Event) -> Vec<Hit> {
        let fast = self.fast.screen(event, &|_| Vec::new());
        let full = self.set.screen_in_full(event, &|_| Vec::new());
        assert_eq!(fast, full, "on {}", event.fields);
        fast.into_iter().flat_map(Match::into_hits).collect()
    }
}

#[derive(Default)]
struct Seen {
    events: Vec<Event>,
    refused: u64,
    last: u64,
}

impl Seen {
    fn number(&mut self, record: u64) {
        assert_eq!(record, self.last + 1, "records are numbered without a gap");
        self.last = record;
    }

    fn hold(&self, summary: &ReadSummary) {
        assert_eq!(summary.records, self.last);
        assert_eq!(summary.events, self.events.len() as u64);
        assert_eq!(summary.records, summary.events + self.refused);
        assert_eq!(summary.refused_count(), self.refused);
    }
}

impl Sink for Seen {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.number(event.log.record);
        self.events.push(event.clone());
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.number(refusal.log.record);
        assert!(!refusal.sample.contains(char::is_control));
        self.refused += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Both, records, rules};

    #[test]
    fn most_rules_here_match_some_record_here() {
        let set = rules();
        let mut both = Both::of(&set);
        let mut matched: Vec<_> = records().iter().flat_map(|r| both.hits(r)).collect();
        matched.sort_by_key(|hit| hit.rule);
        matched.dedup_by_key(|hit| hit.rule);
        assert!(
            matched.len() * 3 > set.len() * 2,
            "{} of {}",
            matched.len(),
            set.len()
        );
    }
}
