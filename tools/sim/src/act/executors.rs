//! Executors of one run over one journal: one has it, those before it may still believe they do.

use std::collections::VecDeque;

use cordon_act::{Approved, Input, Output, Record, Run, State};
use cordon_model::Timestamp;

/// The journal: lines of JSON, as a file would hold them.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) lines: Vec<(Timestamp, String)>,
}

impl Journal {
    /// Every record, read anew.
    pub(super) fn records(&self) -> Vec<(Timestamp, Record)> {
        let read = |(at, line): &(Timestamp, String)| match serde_json::from_str(line) {
            Ok(record) => (*at, record),
            Err(why) => unreachable!("a record that was written can be read: {why}: {line}"),
        };
        self.lines.iter().map(read).collect()
    }

    /// What the records add up to.
    pub(super) fn state(&self) -> State {
        let records = self.records();
        match State::replay(records.iter().map(|(at, record)| (*at, record))) {
            Ok(state) => state,
            Err((number, why)) => unreachable!("record {number} cannot be: {why}"),
        }
    }
}

/// One executor.
pub(super) struct Executor {
    pub(super) run: Run,
    /// How long the journal was when it last wrote.
    head: usize,
    /// Outputs that it has not got to yet, because it sleeps.
    pub(super) waiting: VecDeque<Output>,
    pub(super) asleep: bool,
    /// When it will be woken next.
    pub(super) wake_ms: Option<u64>,
}

impl Executor {
    /// The first one.
    pub(super) fn first(approved: Approved) -> Self {
        let (run, outputs) = match Run::open(approved) {
            Ok(opened) => opened,
            Err(why) => unreachable!("made orders can be carried out: {why}"),
        };
        Self {
            run,
            head: 0,
            waiting: outputs.into(),
            asleep: false,
            wake_ms: None,
        }
    }

    /// One that takes over.
    pub(super) fn next(journal: &Journal, now: Timestamp) -> Self {
        let (run, outputs) = Run::resume(journal.state(), now, 0);
        Self {
            run,
            head: journal.lines.len(),
            waiting: outputs.into(),
            asleep: false,
            wake_ms: None,
        }
    }

    /// Writes a record; false if another executor has written since.
    pub(super) fn write(&mut self, journal: &mut Journal, now: Timestamp, record: &Record) -> bool {
        if journal.lines.len() != self.head {
            self.run.advance(now, Input::Superseded);
            self.waiting.clear();
            return false;
        }
        match serde_json::to_string(record) {
            Ok(line) => journal.lines.push((now, line)),
            Err(why) => unreachable!("a record can be written: {why}"),
        }
        self.head += 1;
        true
    }
}
