//! The one door through which records of every format become events or refusals, and are counted.

mod opening;

use std::{borrow::Cow, mem, sync::Arc};

use cordon_model::{Clock, LogRef, Record, Value};
use memchr::memchr;
use serde::de::IgnoredAny;
use serde_json::Map;

use crate::{
    Degradation, Event, Hints, LogKind, Part, PartRead, ReadSummary, Refusal, RefusalReason, Sink,
    event::OwnId,
    failing::Failure,
    ids::{Alike, Ids, Named},
    inner::Inner,
    json,
    lines::{End, text_of},
    memory::Memory,
    part::Place,
    sink::sample,
    summary::{Example, count},
    syslog,
    time::When,
    vendor, windows, xml,
};

/// The raw bytes of one record and where they stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) offset: u64,
}

/// Which log a record comes from, in words known at compile time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) product: Option<&'static str>,
    pub(crate) service: Option<&'static str>,
    pub(crate) categories: &'static [&'static str],
}

impl Kind {
    pub(crate) const fn new(product: &'static str, service: &'static str) -> Self {
        Self {
            product: Some(product),
            service: Some(service),
            categories: &[],
        }
    }

    /// The same as shared words.
    pub(crate) fn log_kind(self) -> LogKind {
        LogKind {
            product: self.product.map(Arc::from),
            service: self.service.map(Arc::from),
            categories: self.categories.iter().copied().map(Arc::from).collect(),
        }
    }
}

/// A record on its way to become an event; its memory is used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) fields: Record,
    /// The vendor's own unique id; empty if there is none.
    pub(crate) id: String,
    /// A record that stands in this one.
    pub(crate) inner: Inner,
    /// The table that it is a row of, if it is one.
    pub(crate) table: vendor::Table,
}

impl Draft {
    /// Fills in the fields.
    pub(crate) fn fill(&mut self, fields: Map<String, Value>) {
        self.fields.fill(&Value::Object(fields));
    }
}

/// What was understood of a record beside its fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Understood {
    pub(crate) kind: Kind,
    /// The time, or what is wrong with it.
    pub(crate) when: Result<When, Degradation>,
    pub(crate) degraded: Vec<Degradation>,
}

/// Takes the records of one file.
pub(crate) struct Intake<'s> {
    pub(crate) hints: &'s Hints,
    /// The record that is being read.
    pub(crate) draft: Draft,
    pub(crate) memory: &'s mut Memory,
    sink: &'s mut dyn Sink,
    /// The event handed on last, whose memory is used again.
    event: Event,
    /// What was lost or assumed of the last event, whose memory is used again.
    degraded: Vec<Degradation>,
    ids: Naming,
    /// Records of the file that were taken before.
    before: u64,
    /// Kinds met, the last one first: most records are of the kind of the one before.
    kinds: Vec<Known>,
    summary: ReadSummary,
    /// Why the file could not be read on.
    pub(crate) failure: Failure,
    /// How many envelopes are open.
    opened: u8,
    /// Where the text stands that the records are written in, if they are in one.
    inside: Option<Stands>,
}

/// Where bytes stand in their file.
#[derive(Debug, Clone, Copy)]
struct Stands {
    offset: u64,
    length: u64,
}

impl Stands {
    fn of(raw: Raw<'_>) -> Self {
        Self {
            offset: raw.offset,
            length: u64::try_from(raw.bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// When records without a vendor's id are told apart.
enum Naming {
    AtOnce(Ids),
    /// When all of the file before them is read.
    Later(Vec<(u64, Alike)>),
}

impl Naming {
    fn take(&mut self, own: &mut OwnId, record: u64) {
        match self {
            Self::AtOnce(ids) => own.repeats = ids.count(own.named.alike()),
            Self::Later(unnamed) => {
                own.repeats = 0;
                unnamed.push((record, own.named.alike()));
            }
        }
    }
}

/// A kind of log met before.
struct Known {
    of: Kind,
    kind: Arc<LogKind>,
    events: u64,
}

/// What is known of a kind, which comes first then.
fn known(kinds: &mut Vec<Known>, of: Kind) -> &mut Known {
    let at = kinds.iter().position(|known| known.of == of);
    let at = at.unwrap_or_else(|| {
        kinds.push(Known {
            of,
            kind: Arc::new(of.log_kind()),
            events: 0,
        });
        kinds.len() - 1
    });
    kinds.swap(0, at);
    match kinds.first_mut() {
        Some(known) => known,
        None => unreachable!("one was there, or was put there"),
    }
}

impl<'s> Intake<'s> {
    pub(crate) fn new(
        path: Arc<str>,
        hints: &'s Hints,
        memory: &'s mut Memory,
        sink: &'s mut dyn Sink,
    ) -> Self {
        let mut event = Event::of_fields(LogKind::default(), Record::new());
        event.log = LogRef { path, record: 0 };
        event.clock = Arc::new(hints.clock());
        Self {
            hints,
            draft: Draft::default(),
            memory,
            sink,
            event,
            degraded: Vec::new(),
            ids: Naming::AtOnce(Ids::default()),
            before: 0,
            kinds: Vec::new(),
            summary: ReadSummary::default(),
            failure: Failure::default(),
            opened: 0,
            inside: None,
        }
    }

    /// The same for a part of a file, whose records are told apart later.
    pub(crate) fn of_part(self) -> Self {
        Self {
            ids: Naming::Later(Vec::new()),
            ..self
        }
    }

    /// Whether parts of a file are wanted rather than its records.
    pub(crate) fn wants_parts(&self) -> bool {
        self.sink.wants_parts()
    }

    /// Hands on a part of the file.
    pub(crate) fn part(&mut self, offset: u64, bytes: Vec<u8>, place: Place) {
        let path = Arc::clone(&self.event.log.path);
        let broken_off = self.failure.is_there();
        self.sink.part(Part {
            path,
            offset,
            place,
            bytes,
            broken_off,
        });
    }

    /// Goes on where an earlier intake of the same file stopped.
    pub(crate) fn go_on(&mut self, ids: Ids, before: u64) {
        (self.ids, self.before) = (Naming::AtOnce(ids), before);
    }

    /// What is needed to go on later.
    pub(crate) fn stop(&mut self) -> (Ids, u64) {
        let records = self.before + self.summary.records;
        match mem::replace(&mut self.ids, Naming::Later(Vec::new())) {
            Naming::AtOnce(ids) => (ids, records),
            Naming::Later(_) => (Ids::default(), records),
        }
    }

    /// Refuses a record in which the file broke off, if it did and this is the one; whether it was.
    pub(crate) fn broke_off(&mut self, raw: Raw<'_>, end: End) -> bool {
        let is_half = end == End::OfFile
            && self.failure.is_there()
            && serde_json::from_slice::<IgnoredAny>(raw.bytes).is_err();
        if is_half {
            self.refuse(raw, RefusalReason::Truncated);
        }
        is_half
    }

    /// Takes one JSON text: a record, or an envelope of several.
    pub(crate) fn json(&mut self, raw: Raw<'_>) {
        let (fields, layouts) = (&mut self.draft.fields, &mut self.memory.names.layouts);
        let scanned = |text: &&str| json::scan(text, fields, layouts).is_some();
        if let Some(text) = str::from_utf8(raw.bytes).ok().filter(scanned) {
            if self.opened_tables(raw, text) || self.opened(raw) {
                return;
            }
            let understood = self.understood();
            self.accept(raw, understood);
            return;
        }
        match json::parse(raw.bytes) {
            Ok(parsed) => self.value(raw, parsed),
            // A line of text may begin with a quote.
            Err(_) if raw.bytes.starts_with(b"\"") => self.text(raw),
            Err(reason) => self.refuse(raw, reason),
        }
    }

    /// Takes one parsed record of any JSON log.
    fn value(&mut self, raw: Raw<'_>, parsed: json::Parsed) {
        let mut understood = match parsed.value {
            Value::Object(fields) => {
                self.draft.fill(fields);
                if self.opened(raw) {
                    return;
                }
                self.understood()
            }
            // Lines of text are shipped as JSON strings too.
            Value::String(line) => syslog::understand(line.as_bytes(), self.hints, &mut self.draft),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                self.refuse(raw, RefusalReason::NotAnObject);
                return;
            }
        };
        understood.degraded.extend(parsed.degraded);
        self.accept(raw, understood);
    }

    /// What is understood of the draft, which is no line.
    pub(crate) fn understood(&mut self) -> Understood {
        vendor::understand(&mut self.draft, &mut self.memory.names, self.hints)
    }

    /// Takes one Windows event as XML text.
    pub(crate) fn xml(&mut self, raw: Raw<'_>) {
        let text = text_of(raw.bytes);
        let mut understood = if windows::text::fill(&text, &mut self.draft.fields).is_some() {
            windows::understand(&mut self.draft, self.hints)
        } else {
            match xml::parse(&text) {
                Ok(tree) => {
                    self.draft.fields.fill(&tree);
                    self.understood()
                }
                Err(reason) => return self.refuse(raw, reason),
            }
        };
        if matches!(text, Cow::Owned(_)) {
            understood.degraded.push(Degradation::InvalidUtf8);
        }
        self.accept(raw, understood);
    }

    /// Takes one line of text.
    pub(crate) fn text(&mut self, raw: Raw<'_>) {
        if memchr(0, raw.bytes).is_some() {
            self.refuse(raw, RefusalReason::Binary);
            return;
        }
        let understood = syslog::understand(raw.bytes, self.hints, &mut self.draft);
        self.accept(raw, understood);
    }

    /// Hands on the draft as an event.
    pub(crate) fn accept(&mut self, raw: Raw<'_>, understood: Understood) {
        self.summary.records += 1;
        self.summary.events += 1;
        let mut degraded = mem::take(&mut self.degraded);
        degraded.clear();
        degraded.extend(understood.degraded);
        let mut written = None;
        let time = match understood.when.and_then(|when| self.true_time(when)) {
            Ok(when) => {
                degraded.extend(when.assumed);
                self.summary.saw(when.time);
                written = when.written;
                Some(when.time)
            }
            Err(problem) => {
                degraded.push(problem);
                None
            }
        };
        let event = &mut self.event;
        event.log.record = self.before + self.summary.records;
        for problem in &degraded {
            let example = || example(&event.log, raw.bytes);
            count(&mut self.summary.degraded, *problem, example);
        }
        let known = known(&mut self.kinds, understood.kind);
        known.events += 1;
        if !Arc::ptr_eq(&event.kind, &known.kind) {
            event.kind = Arc::clone(&known.kind);
        }
        event.time = time;
        // Records of one file mostly agree.
        if event.clock.written != written {
            event.clock = Arc::new(Clock {
                written,
                ..Clock::clone(&event.clock)
            });
        }
        let stands = self.inside.unwrap_or_else(|| Stands::of(raw));
        (event.offset, event.length) = (stands.offset, stands.length);
        mem::swap(&mut event.fields, &mut self.draft.fields);
        self.memory.names.layouts.find(&mut event.fields);
        mem::swap(&mut event.own.vendor, &mut self.draft.id);
        if event.own.is_unnamed() {
            event.own.take(raw.bytes);
            self.ids.take(&mut event.own, event.log.record);
        } else {
            event.own.named = Named::default();
        }
        self.draft.id.clear();
        self.sink.record(event, &degraded, raw.bytes);
        self.degraded = degraded;
    }

    /// The time without what the source's clock runs ahead.
    fn true_time(&self, when: When) -> Result<When, Degradation> {
        let ahead = self.hints.settings.clock_offset;
        if ahead.is_zero() {
            return Ok(when);
        }
        let moved = when.time.checked_sub(ahead);
        let moved = moved.map(|time| When { time, ..when });
        moved.or(Err(Degradation::TimeUnreadable))
    }

    /// Hands on a record that cannot become an event.
    pub(crate) fn refuse(&mut self, raw: Raw<'_>, reason: RefusalReason) {
        self.summary.records += 1;
        self.draft.id.clear();
        let log = LogRef {
            path: Arc::clone(&self.event.log.path),
            record: self.before + self.summary.records,
        };
        let example = || example(&log, raw.bytes);
        count(&mut self.summary.refused, reason, example);
        self.sink.refusal(Refusal {
            log,
            offset: raw.offset,
            reason,
            sample: sample(raw.bytes),
        });
    }

    /// What came of a part of a file.
    pub(crate) fn finish_part(mut self, place: Place) -> PartRead {
        let unnamed = match mem::replace(&mut self.ids, Naming::Later(Vec::new())) {
            Naming::Later(unnamed) => unnamed,
            Naming::AtOnce(_) => Vec::new(),
        };
        PartRead {
            place,
            summary: self.finish(),
            unnamed,
        }
    }

    /// What came of the file.
    pub(crate) fn finish(mut self) -> ReadSummary {
        for known in self.kinds {
            let source = known.kind.source();
            *self.summary.by_source.entry(source).or_default() += known.events;
        }
        self.summary
    }
}

fn example(log: &LogRef, bytes: &[u8]) -> Example {
    Example {
        log: log.clone(),
        sample: sample(bytes),
    }
}
