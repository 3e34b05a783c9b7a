//! The one door through which records of every format become events or refusals, and are counted.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{EventId, LogRef, Value};

use crate::{
    Degradation, Event, Hints, LogKind, ReadSummary, Refusal, RefusalReason, Sink,
    ids::Ids,
    json,
    sink::sample,
    summary::{Example, count},
    syslog,
    time::When,
    vendor,
};

/// The raw bytes of one record and where they stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) offset: u64,
}

/// Which log a record comes from, in words known at compile time where possible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) product: Option<&'static str>,
    pub(crate) service: Option<&'static str>,
    pub(crate) categories: Vec<&'static str>,
}

impl Kind {
    pub(crate) fn new(product: &'static str, service: &'static str) -> Self {
        Self {
            product: Some(product),
            service: Some(service),
            categories: Vec::new(),
        }
    }
}

/// A record understood: everything of an event but its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Understood {
    pub(crate) kind: Kind,
    pub(crate) fields: Value,
    /// The vendor's own unique id.
    pub(crate) id: Option<String>,
    /// The time, or what is wrong with it.
    pub(crate) when: Result<When, Degradation>,
    pub(crate) degraded: Vec<Degradation>,
}

/// Takes the records of one file.
pub(crate) struct Intake<'s> {
    path: Arc<str>,
    pub(crate) hints: &'s Hints,
    sink: &'s mut dyn Sink,
    ids: Ids,
    words: BTreeMap<&'static str, Arc<str>>,
    by_kind: BTreeMap<(Option<&'static str>, Option<&'static str>), u64>,
    summary: ReadSummary,
}

impl<'s> Intake<'s> {
    pub(crate) fn new(path: Arc<str>, hints: &'s Hints, sink: &'s mut dyn Sink) -> Self {
        Self {
            path,
            hints,
            sink,
            ids: Ids::default(),
            words: BTreeMap::new(),
            by_kind: BTreeMap::new(),
            summary: ReadSummary::default(),
        }
    }

    /// Takes one JSON text.
    pub(crate) fn json(&mut self, raw: Raw<'_>) {
        match json::parse(raw.bytes) {
            Ok(parsed) => self.value(raw, parsed.value, parsed.degraded),
            // A line of text may begin with a quote.
            Err(_) if raw.bytes.starts_with(b"\"") => self.text(raw),
            Err(reason) => self.refuse(raw, reason),
        }
    }

    /// Takes one parsed record of any JSON log.
    pub(crate) fn value(&mut self, raw: Raw<'_>, value: Value, degraded: Vec<Degradation>) {
        let mut understood = match value {
            Value::Object(fields) => vendor::understand(fields, self.hints),
            // Lines of text are shipped as JSON strings too.
            Value::String(line) => syslog::understand(line.as_bytes(), self.hints),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                self.refuse(raw, RefusalReason::NotAnObject);
                return;
            }
        };
        understood.degraded.extend(degraded);
        self.accept(raw, understood);
    }

    /// Takes one line of text.
    pub(crate) fn text(&mut self, raw: Raw<'_>) {
        if raw.bytes.contains(&0) {
            self.refuse(raw, RefusalReason::Binary);
            return;
        }
        let understood = syslog::understand(raw.bytes, self.hints);
        self.accept(raw, understood);
    }

    /// Hands on an event.
    pub(crate) fn accept(&mut self, raw: Raw<'_>, understood: Understood) {
        let log = self.next_place();
        let mut degraded = understood.degraded;
        let time = match understood.when {
            Ok(when) => {
                degraded.extend(when.assumed);
                self.summary.saw(when.time);
                Some(when.time)
            }
            Err(problem) => {
                degraded.push(problem);
                None
            }
        };
        for problem in &degraded {
            let example = || example(&log, raw.bytes);
            count(&mut self.summary.degraded, *problem, example);
        }
        let source = (understood.kind.product, understood.kind.service);
        *self.by_kind.entry(source).or_default() += 1;
        let kind = self.kind(&understood.kind);
        let id: EventId = self.ids.of(understood.id, raw.bytes);
        self.summary.events += 1;
        let event = Event {
            id,
            log,
            time,
            kind,
            fields: understood.fields,
            offset: raw.offset,
            length: u64::try_from(raw.bytes.len()).unwrap_or(u64::MAX),
        };
        self.sink.event(event, &degraded);
    }

    /// Hands on a record that cannot become an event.
    pub(crate) fn refuse(&mut self, raw: Raw<'_>, reason: RefusalReason) {
        let log = self.next_place();
        let example = || example(&log, raw.bytes);
        count(&mut self.summary.refused, reason, example);
        self.sink.refusal(Refusal {
            log,
            offset: raw.offset,
            reason,
            sample: sample(raw.bytes),
        });
    }

    fn next_place(&mut self) -> LogRef {
        self.summary.records += 1;
        LogRef {
            path: Arc::clone(&self.path),
            record: self.summary.records,
        }
    }

    /// What came of the file.
    pub(crate) fn finish(mut self) -> ReadSummary {
        for ((product, service), count) in self.by_kind {
            let kind = LogKind {
                product: product.map(Arc::from),
                service: service.map(Arc::from),
                categories: Vec::new(),
            };
            *self.summary.by_source.entry(kind.source()).or_default() += count;
        }
        self.summary
    }

    fn kind(&mut self, kind: &Kind) -> LogKind {
        LogKind {
            product: kind.product.map(|word| self.word(word)),
            service: kind.service.map(|word| self.word(word)),
            categories: kind.categories.iter().map(|word| self.word(word)).collect(),
        }
    }

    /// The shared copy of a word, so that a million events hold one.
    fn word(&mut self, word: &'static str) -> Arc<str> {
        let shared = self.words.entry(word).or_insert_with(|| Arc::from(word));
        Arc::clone(shared)
    }
}

fn example(log: &LogRef, bytes: &[u8]) -> Example {
    Example {
        log: log.clone(),
        sample: sample(bytes),
    }
}
