//! What is new in a file that is read as a whole each time it changed.
//!
//! Invariant: a record is handed on once, whether reading ended well or broke off behind it; the record in
//! which it broke off is none yet, because whoever writes the file may not be done.

use std::{collections::BTreeMap, sync::Arc};

use cordon_event::{Degradation, Event, Refusal, RefusalReason, Sink};

/// How many records were taken, by the name they have: a packed `tar` has several.
pub(super) type Taken = BTreeMap<Arc<str>, u64>;

/// Passes over what was taken before.
pub(super) struct Fresh<'s> {
    sink: &'s mut dyn Sink,
    taken: Taken,
    /// How far it was read now.
    seen: Taken,
    /// A record in which the file breaks off, which may come to be whole.
    half: Option<Refusal>,
}

impl<'s> Fresh<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink, taken: Taken) -> Self {
        Self {
            sink,
            taken,
            seen: Taken::new(),
            half: None,
        }
    }

    /// Notes how far it was read now.
    pub(super) fn note(self, taken: &mut Taken) {
        for (name, records) in self.seen {
            let known = taken.entry(name).or_default();
            *known = records.max(*known);
        }
    }

    /// Whether a record is a new one.
    fn is_new(&mut self, (path, record): (&Arc<str>, u64)) -> bool {
        self.tell_half();
        self.saw((path, record));
        self.taken.get(path).is_none_or(|taken| record > *taken)
    }

    fn saw(&mut self, (path, record): (&Arc<str>, u64)) {
        match self.seen.get_mut(path) {
            Some(seen) => *seen = record,
            None => {
                self.seen.insert(Arc::clone(path), record);
            }
        }
    }

    /// Hands on the record that is broken, because it stays so.
    pub(super) fn tell_half(&mut self) {
        let Some(refusal) = self.half.take() else {
            return;
        };
        self.saw((&refusal.log.path, refusal.log.record));
        let taken = self.taken.get(&refusal.log.path);
        if taken.is_none_or(|taken| refusal.log.record > *taken) {
            self.sink.refusal(refusal);
        }
    }
}

impl Sink for Fresh<'_> {
    fn event(&mut self, event: &Event, degraded: &[Degradation]) {
        if self.is_new((&event.log.path, event.log.record)) {
            self.sink.event(event, degraded);
        }
    }

    fn record(&mut self, event: &Event, degraded: &[Degradation], raw: &[u8]) {
        if self.is_new((&event.log.path, event.log.record)) {
            self.sink.record(event, degraded, raw);
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.tell_half();
        if refusal.reason == RefusalReason::Truncated {
            self.half = Some(refusal);
        } else if self.is_new((&refusal.log.path, refusal.log.record)) {
            self.sink.refusal(refusal);
        }
    }
}
