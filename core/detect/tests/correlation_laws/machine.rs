//! The real thing, fed with records and saved in between.

use std::{fmt::Write as _, sync::Arc};

use cordon_detect::{
    Correlator, Hit, Losses, Match, Reorder, Repeats, RuleSet, Screener, Tally,
    snapshot::v1::{self, Document},
};
use cordon_event::{Event, LogKind, OwnId};
use cordon_model::{Detection, Timestamp};
use cordon_sigma::parse;
use cordon_text::Source;
use serde_json::{Map, Value};

use crate::{
    asked::RULES,
    stream::{LATENESS, Seen},
};

/// A waiting room, windows, and what they told.
pub(crate) struct Machine {
    rules: Arc<RuleSet>,
    reorder: Reorder,
    correlator: Correlator,
    pub(crate) told: Vec<String>,
    pub(crate) late: usize,
}

impl Machine {
    pub(crate) fn new(text: &str) -> Self {
        let rules = rules(text);
        Self {
            reorder: Reorder::new(Repeats::Once),
            correlator: Correlator::new(Arc::clone(&rules), Arc::new(|name| Arc::from(name))),
            rules,
            told: Vec::new(),
            late: 0,
        }
    }

    pub(crate) fn save(&self) -> String {
        let document = v1::snapshot(&self.reorder, &self.correlator);
        serde_json::to_string(&document).expect("a document can be written")
    }

    pub(crate) fn restored(text: &str, document: &str) -> Self {
        let rules = rules(text);
        let document: Document = serde_json::from_str(document).expect("a document can be read");
        let canonical = Arc::new(|name: &str| Arc::from(name));
        let restored =
            v1::restore(document, Arc::clone(&rules), canonical).expect("a document is whole");
        assert_eq!(restored.dropped, v1::Dropped::default());
        Self {
            rules,
            reorder: restored.reorder,
            correlator: restored.correlator,
            told: Vec::new(),
            late: 0,
        }
    }

    /// Gives a record straight to the windows.
    pub(crate) fn observe(&mut self, record: &Seen) {
        let hits = self.hits(record);
        let told = self.correlator.observe_record(&hits);
        self.told.extend(told.iter().map(sketch));
    }

    /// Lets a record arrive.
    pub(crate) fn arrive(&mut self, now: i64, record: &Seen) {
        for hit in self.hits(record) {
            self.late += usize::from(self.reorder.take(hit).is_some());
        }
        self.pass(second(now - LATENESS));
    }

    /// Lets everything pass.
    pub(crate) fn end(&mut self) {
        self.reorder.move_horizon(Timestamp::MAX);
        self.release();
        self.finish();
    }

    /// Says that no record comes any more.
    pub(crate) fn finish(&mut self) {
        let told = self.correlator.finish();
        self.told.extend(told.iter().map(sketch));
    }

    pub(crate) fn tallies(&self) -> (Tally, Losses) {
        (self.reorder.tally(), self.correlator.losses())
    }

    fn pass(&mut self, horizon: Timestamp) {
        self.reorder.move_horizon(horizon);
        self.release();
        let told = self.correlator.pass(self.reorder.horizon());
        self.told.extend(told.iter().map(sketch));
    }

    fn release(&mut self) {
        while let Some(hits) = self.reorder.next_record() {
            let told = self.correlator.observe_record(&hits);
            self.told.extend(told.iter().map(sketch));
        }
    }

    fn hits(&self, record: &Seen) -> Vec<Hit> {
        let mut screener = Screener::new(&self.rules);
        let found = screener.screen(&event(record), &|_| Vec::new());
        found.into_iter().flat_map(Match::into_hits).collect()
    }
}

fn rules(text: &str) -> Arc<RuleSet> {
    let parsed = parse(&Source::new("r.yml", text));
    assert_eq!(parsed.refused, 0, "{:?}\n{text}", parsed.report);
    let (set, report) = RuleSet::compile(parsed.rules, parsed.correlations);
    assert_eq!(report.diagnostics, []);
    Arc::new(set)
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a second in range")
}

fn event(record: &Seen) -> Event {
    let mut fields = Map::new();
    for rule in &record.rules {
        fields.insert(RULES[*rule].to_owned(), Value::from(1));
    }
    fields.insert("user".to_owned(), Value::from(record.users.clone()));
    fields.insert("n".to_owned(), Value::from(record.numbers.clone()));
    let kind = LogKind {
        product: Some(Arc::from("p")),
        ..LogKind::default()
    };
    Event {
        own: OwnId::of_vendor(record.id.clone()),
        time: Some(second(record.second)),
        ..Event::of_fields(kind, Value::Object(fields))
    }
}

/// `7 inner x: p01 q03`.
fn sketch(detection: &Detection) -> String {
    let mut text = format!(
        "{} {}",
        detection.time.map_or(-1, Timestamp::as_second),
        detection.rule.title
    );
    for value in &detection.group {
        let _ = write!(text, " {value}");
    }
    text.push(':');
    for record in &detection.records {
        let _ = write!(text, " {}", record.id);
    }
    text
}
