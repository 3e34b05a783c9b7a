//! What a scan read, and what it could not (`cordon scan --summary`).

use cordon_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::document;
use crate::{ClockFacts, Counted, LogFacts, Reading, SilenceFacts, SourceFacts};

/// What was read for how many detections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanSummary {
    /// `cordon/scan-summary/v1`.
    pub format: String,
    /// Records found, refused ones included.
    pub records: u64,
    /// Records that became events.
    pub events: u64,
    /// Events left out because they happened before or after what was asked for.
    pub outside: u64,
    /// Events that stand in another file too; null if they were not looked for.
    pub repeated: Option<u64>,
    /// What the rules said.
    pub detections: u64,
    /// When the first event happened.
    pub first: Option<String>,
    /// When the last event happened.
    pub last: Option<String>,
    /// Records that could not be read, by reason.
    pub refused: Vec<ScanCount>,
    /// Files that could not be read to their end, and paths without logs: what is missing is in no count.
    #[serde(default)]
    pub unread: Vec<ScanCount>,
    /// Files that were passed over, because they are no logs by what they hold, by reason; the sample is the first
    /// one's name.
    #[serde(default)]
    pub passed_over: Vec<ScanCount>,
    /// What was missing or assumed in records, by reason; of one record it may be several things.
    pub degraded: Vec<ScanCount>,
    /// The kinds of log.
    pub logs: Vec<ScanLog>,
    /// Every file.
    pub files: Vec<ScanFile>,
    /// Sources that wrote nothing for much longer than usual.
    pub silences: Vec<ScanSilence>,
    /// Products that rules look at and nothing came from.
    pub missing: Vec<ScanMissing>,
    /// What was declared of clocks and zones.
    pub clocks: Vec<ScanClock>,
}

/// A reason, how often, and a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanCount {
    /// Why.
    pub reason: String,
    /// How many records.
    pub count: u64,
    /// Where the first one stands, and its beginning.
    pub sample: String,
}

/// A kind of log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanLog {
    /// Such as `windows/security`.
    pub kind: String,
    /// Its events.
    pub events: u64,
    /// How many machines of it are known by name.
    pub hosts: u64,
    /// The minute of its first event.
    pub first: Option<String>,
    /// The minute of its last event.
    pub last: Option<String>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanFile {
    /// Its path as given.
    pub path: String,
    /// What kinds of log it holds.
    pub kind: String,
    /// Its records, refused ones included.
    pub records: u64,
    /// When its first record happened.
    pub first: Option<String>,
    /// When its last record happened.
    pub last: Option<String>,
}

/// A source that was silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanSilence {
    /// The kind of log.
    pub log: String,
    /// The machine; null if all of them were silent.
    pub host: Option<String>,
    /// Since when.
    pub from: String,
    /// When it wrote again; null if it did not.
    pub until: Option<String>,
    /// How long it is usually quiet, in minutes: nine in ten gaps before were no longer.
    pub usual_minutes: i64,
    /// From how many minutes on quiet was judged to be silence.
    pub silence_minutes: i64,
}

/// A product that nothing came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanMissing {
    /// The product, as rules name it.
    pub product: String,
    /// How many rules look at it.
    pub rules: u64,
}

/// What was declared of the clocks of some files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanClock {
    /// Which paths.
    pub pattern: String,
    /// What was declared, in words.
    pub declared: String,
    /// How many files it fits.
    pub files: u64,
}

impl ScanSummary {
    /// The summary of some reading and so many detections.
    pub fn of(reading: &Reading, detections: u64) -> Self {
        let firsts = reading.sources.iter().filter_map(|source| source.first);
        let lasts = reading.sources.iter().filter_map(|source| source.last);
        Self {
            format: "cordon/scan-summary/v1".to_owned(),
            records: reading.records,
            events: reading.events,
            outside: reading.outside,
            repeated: reading.repeated,
            detections,
            first: told(firsts.min()),
            last: told(lasts.max()),
            refused: reading.refused.iter().map(ScanCount::of).collect(),
            unread: reading.unread.iter().map(ScanCount::of).collect(),
            passed_over: reading.passed_over.iter().map(ScanCount::of).collect(),
            degraded: reading.degraded.iter().map(ScanCount::of).collect(),
            logs: reading.logs.iter().map(ScanLog::of).collect(),
            files: reading.sources.iter().map(ScanFile::of).collect(),
            silences: reading.silences.iter().map(ScanSilence::of).collect(),
            missing: missing(reading),
            clocks: reading.clocks.iter().map(ScanClock::of).collect(),
        }
    }
}

/// The summary as a document.
pub fn scan_summary_document(reading: &Reading, detections: u64) -> String {
    document(&ScanSummary::of(reading, detections))
}

fn told(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

fn missing(reading: &Reading) -> Vec<ScanMissing> {
    let silent = reading.silent.iter();
    let missing = silent.map(|silent| ScanMissing {
        product: silent.product.clone(),
        rules: silent.rules,
    });
    missing.collect()
}

impl ScanCount {
    fn of(counted: &Counted) -> Self {
        Self {
            reason: counted.reason.clone(),
            count: counted.count,
            sample: counted.sample.clone(),
        }
    }
}

impl ScanLog {
    fn of(log: &LogFacts) -> Self {
        Self {
            kind: log.kind.clone(),
            events: log.events,
            hosts: log.hosts,
            first: told(log.first),
            last: told(log.last),
        }
    }
}

impl ScanFile {
    fn of(source: &SourceFacts) -> Self {
        Self {
            path: source.path.clone(),
            kind: source.kind.clone(),
            records: source.records,
            first: told(source.first),
            last: told(source.last),
        }
    }
}

impl ScanSilence {
    fn of(silence: &SilenceFacts) -> Self {
        Self {
            log: silence.log.clone(),
            host: silence.host.clone(),
            from: silence.from.to_string(),
            until: told(silence.until),
            usual_minutes: silence.usual_minutes,
            silence_minutes: silence.silence_minutes,
        }
    }
}

impl ScanClock {
    fn of(clock: &ClockFacts) -> Self {
        Self {
            pattern: clock.pattern.clone(),
            declared: clock.declared.clone(),
            files: clock.files,
        }
    }
}
