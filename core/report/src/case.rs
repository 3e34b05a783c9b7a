//! Everything that a report is written from.

use cordon_incident::{Incident, Mark};
use cordon_model::{Estate, Timestamp};
use cordon_plan::{Answer, Question};

/// One case: what was read, what was found in it, what was asked and what was answered.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The estate.
    pub estate: &'a Estate,
    /// What was asked of the planner.
    pub question: &'a Question<'a>,
    /// What it answered; none where nothing called for a decision.
    pub answer: Option<&'a Answer>,
    /// Every incident found.
    pub incidents: &'a [Incident],
    /// What people said is held or not, and of what.
    pub marks: &'a [(String, Mark)],
    /// What was read to find them.
    pub reading: &'a Reading,
    /// How many rules were in use.
    pub rules: u64,
    /// When the report was written.
    pub generated: Timestamp,
    /// The version of the program that wrote it.
    pub version: &'a str,
}

/// What was read, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Records seen, refused ones included.
    pub records: u64,
    /// Records that became events.
    pub events: u64,
    /// Records that could not be read, by reason.
    pub refused: Vec<Counted>,
    /// Files that could not be read to their end, and paths without logs; none of them is a record.
    pub unread: Vec<Counted>,
    /// Files that are no logs by what they hold, by reason; the sample is the first one's name.
    pub passed_over: Vec<Counted>,
    /// Records read with something missing, by reason.
    pub degraded: Vec<Counted>,
    /// The files and streams.
    pub sources: Vec<SourceFacts>,
    /// Products that rules look at and nothing came from: a source that is missing looks like one in
    /// which nothing happened.
    pub silent: Vec<Silent>,
    /// The kinds of log there were.
    pub logs: Vec<LogFacts>,
    /// How many records each kind of log had in each minute.
    pub activity: Vec<ActivityFacts>,
    /// Sources that wrote nothing for much longer than they usually do.
    pub silences: Vec<SilenceFacts>,
    /// Sources whose clock or zone was declared.
    pub clocks: Vec<ClockFacts>,
    /// Events that stand in another file too; none if they were not looked for.
    pub repeated: Option<u64>,
    /// Events that were left out because they happened before or after what was asked for.
    pub outside: u64,
}

/// A kind of log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFacts {
    /// Such as `windows/security`.
    pub kind: String,
    /// Its events.
    pub events: u64,
    /// How many of them a rule is for.
    pub looked_at: u64,
    /// How many machines of it are known by name.
    pub hosts: u64,
    /// The minute of its first event.
    pub first: Option<Timestamp>,
    /// The minute of its last event.
    pub last: Option<Timestamp>,
}

/// When a kind of log wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFacts {
    /// The kind of log.
    pub log: String,
    /// From when on this is whole; none if it is from the beginning.
    pub known_from: Option<Timestamp>,
    /// Minutes in which it wrote, and how many records, oldest first.
    pub minutes: Vec<(Timestamp, u64)>,
}

/// A source that wrote nothing for much longer than it usually does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilenceFacts {
    /// The kind of log.
    pub log: String,
    /// The machine; none if all of them were silent.
    pub host: Option<String>,
    /// Since when.
    pub from: Timestamp,
    /// When it wrote again; none if it did not.
    pub until: Option<Timestamp>,
    /// How long it is usually quiet, in minutes.
    pub usual_minutes: i64,
    /// From how many minutes on quiet was judged to be silence.
    pub silence_minutes: i64,
}

/// What was declared of the clocks of some sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockFacts {
    /// Which paths.
    pub pattern: String,
    /// What was declared, in words.
    pub declared: String,
    /// How many files it fits.
    pub files: u64,
}

/// A product that nothing came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The product, as rules name it.
    pub product: String,
    /// How many rules look at it.
    pub rules: u64,
}

/// A reason, how often it held, and one sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Why.
    pub reason: String,
    /// How many records.
    pub count: u64,
    /// The beginning of one of them.
    pub sample: String,
}

/// One file or stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFacts {
    /// Its path as given.
    pub path: String,
    /// What kind of log it is.
    pub kind: String,
    /// Its records, refused ones included.
    pub records: u64,
    /// When its first record happened.
    pub first: Option<Timestamp>,
    /// When its last record happened.
    pub last: Option<Timestamp>,
}
