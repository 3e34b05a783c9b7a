//! Executors of one run over one journal: one has it, those before it may still believe they do.

use std::collections::VecDeque;

use cordon_act::{
    Approved, Input, Output, PrivateKey, Record, Run, State,
    journal::{self, Entry, Scribe},
};
use cordon_model::Timestamp;

/// How much of a line is on the disk when its writer dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Nothing.
    Nothing,
    /// Half of it.
    Half,
    /// All but its end, so that it looks whole and is not.
    AllButEnd,
    /// All of it.
    Nowhere,
}

impl Cut {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Nothing, Self::Half, Self::AllButEnd, Self::Nowhere];

    fn of(self, line: &str) -> &[u8] {
        let end = match self {
            Self::Nothing => 0,
            Self::Half => line.len() / 2,
            Self::AllButEnd => line.len() - 1,
            Self::Nowhere => line.len(),
        };
        line.as_bytes().get(..end).unwrap_or_default()
    }
}

/// The journal: the bytes of its file, signed and chained, and the records that are whole.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) bytes: Vec<u8>,
    whole: Vec<(Timestamp, Record)>,
}

/// The executors' key.
fn key() -> PrivateKey {
    PrivateKey::from_bytes([7; 32])
}

impl Journal {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// Every whole record.
    pub(super) fn records(&self) -> &[(Timestamp, Record)] {
        &self.whole
    }

    /// What the records add up to.
    pub(super) fn state(&self) -> State {
        replayed(self.whole.iter().map(|(at, record)| (*at, record)))
    }

    /// What is read from the bytes, with every link and signature checked.
    pub(super) fn read(&self) -> journal::Journal {
        match journal::read(&self.bytes, &[key().public()]) {
            Ok(read) => read,
            Err(why) => unreachable!("what was written can be read: {why}: {}", why.fault),
        }
    }

    fn append(&mut self, line: &str, cut: Cut) {
        self.bytes.extend(cut.of(line));
        if cut != Cut::Nowhere {
            return;
        }
        let body = line.split('\t').next().unwrap_or_default();
        match serde_json::from_str::<Entry>(body) {
            Ok(entry) => self.whole.push((entry.at, entry.record)),
            Err(why) => unreachable!("a record that was written can be read: {why}: {body}"),
        }
    }
}

fn replayed<'r>(records: impl IntoIterator<Item = (Timestamp, &'r Record)>) -> State {
    match State::replay(records) {
        Ok(state) => state,
        Err((number, why)) => unreachable!("record {number} cannot be: {why}"),
    }
}

/// A clock beside the world's, which goes as fast and shows another time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    ahead_ms: i64,
}

impl Clock {
    /// One that is so far ahead, or behind.
    pub(super) fn ahead(ahead_ms: i64) -> Self {
        Self { ahead_ms }
    }

    /// One that shows this time now.
    fn showing(time: Timestamp, now_ms: u64) -> Self {
        Self::ahead(time.as_millisecond() - i64::try_from(now_ms).unwrap_or(i64::MAX))
    }

    fn at(self, now_ms: u64) -> Timestamp {
        let ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
        let shown = Timestamp::from_millisecond(ms.saturating_add(self.ahead_ms));
        shown.unwrap_or(Timestamp::MAX)
    }

    fn when(self, time: Timestamp) -> u64 {
        u64::try_from(time.as_millisecond() - self.ahead_ms).unwrap_or(0)
    }
}

/// One executor.
pub(super) struct Executor {
    pub(super) run: Run,
    scribe: Scribe,
    /// How long the journal was when it last wrote.
    head: usize,
    /// Outputs that it has not got to yet, because it sleeps.
    pub(super) waiting: VecDeque<Output>,
    pub(super) asleep: bool,
    /// When it will be woken next.
    pub(super) wake_ms: Option<u64>,
    clock: Clock,
}

impl Executor {
    /// The first one.
    pub(super) fn first(approved: Approved, clock: Clock) -> Self {
        let (run, outputs) = match Run::open(approved) {
            Ok(opened) => opened,
            Err(why) => unreachable!("made orders can be carried out: {why}"),
        };
        Self {
            run,
            scribe: Scribe::new(key()),
            head: 0,
            waiting: outputs.into(),
            asleep: false,
            wake_ms: None,
            clock,
        }
    }

    /// One that takes over, and puts aside what a write that never finished left.
    pub(super) fn next(journal: &mut Journal, clock: Clock, now_ms: u64) -> Self {
        let read = journal.read();
        let whole = journal.bytes.len() - read.torn_bytes;
        journal.bytes.truncate(whole);
        let torn = u64::try_from(read.torn_bytes).unwrap_or(u64::MAX);
        let state = replayed(read.records());
        let now = state.no_earlier(clock.at(now_ms));
        let clock = Clock::showing(now, now_ms);
        let (run, outputs) = Run::resume(state, now, torn);
        Self {
            run,
            scribe: Scribe::after(&read, key()),
            head: whole,
            waiting: outputs.into(),
            asleep: false,
            wake_ms: None,
            clock,
        }
    }

    /// What its clock shows.
    pub(super) fn time(&self, now_ms: u64) -> Timestamp {
        self.clock.at(now_ms)
    }

    /// When it wants to be woken, by the world's clock.
    pub(super) fn wake_at(&self) -> Option<u64> {
        Some(self.clock.when(self.run.wake_at()?))
    }

    /// Writes a record, or as much of it as it lives to; false if another executor has written since.
    pub(super) fn write(
        &mut self,
        journal: &mut Journal,
        now_ms: u64,
        (record, cut): (&Record, Cut),
    ) -> bool {
        let now = self.time(now_ms);
        if journal.bytes.len() != self.head {
            self.run.advance(now, Input::Superseded);
            self.waiting.clear();
            return false;
        }
        journal.append(&self.scribe.line(now, record), cut);
        self.head = journal.bytes.len();
        true
    }
}
