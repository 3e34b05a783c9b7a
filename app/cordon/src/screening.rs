//! Screens the events of files while they are read.
//!
//! The events of a small file are screened where they are read: other files keep the other cores
//! busy. A large one is cut into parts that whatever core is free reads and screens; where it cannot
//! be cut, its events are copied and spread, so that its reading and the screening go on side by side.
//! Either way the result is in the order of the file. *Absent*: opening files.

use std::{
    collections::BTreeMap,
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use cordon_engine::{Screen, Screened, Setup};
use cordon_event::{
    Degradation, Event, Hints, Part, PartRead, Parts, ReadSummary, Reader, Refusal, Sink,
};
use rayon::Scope;

use crate::{
    moment::Period,
    passing::{Passed, Passing},
    progress::Progress,
};

/// From which size on a file is worth spreading, in bytes: a tenth of a second of reading.
const SPREAD_BYTES_MIN: u64 = 16 * 1024 * 1024;

/// Events screened together: many enough that handing them over costs nothing beside it.
const BATCH_EVENTS: usize = 1024;

/// Batches or parts that may wait for each core before the reader lends a hand: some two megabytes
/// each.
const WAITING_PER_CORE_MAX: usize = 2;

/// What reads and screens, kept from file to file because it learns.
pub(crate) struct Lanes<'s> {
    setup: &'s Setup,
    period: Period,
    progress: &'s Progress,
    idle: Mutex<Vec<Lane<'s>>>,
}

struct Lane<'s> {
    reader: Reader,
    screen: Screen<'s>,
}

impl<'s> Lanes<'s> {
    pub(crate) fn new(setup: &'s Setup, period: Period, progress: &'s Progress) -> Self {
        Self {
            setup,
            period,
            progress,
            idle: Mutex::default(),
        }
    }

    /// Works with a lane that nobody else uses meanwhile.
    fn with<R>(&self, work: impl FnOnce(&mut Lane<'s>) -> R) -> R {
        let known = lock(&self.idle).pop();
        let mut lane = known.unwrap_or_else(|| Lane {
            reader: Reader::new(),
            screen: self.setup.screen(),
        });
        let result = work(&mut lane);
        lock(&self.idle).push(lane);
        result
    }

    /// Reads a file of so many bytes with `read`, of which `hints` are known; gives what that gives, and what was
    /// found.
    pub(crate) fn screened<R>(
        &self,
        bytes: u64,
        hints: &Hints,
        read: impl FnOnce(&mut Reader, &mut dyn Sink) -> R,
    ) -> (R, Found) {
        if bytes < SPREAD_BYTES_MIN || rayon::current_num_threads() == 1 {
            return self.here(read);
        }
        let shared = Shared {
            lanes: self,
            hints,
            whole: Mutex::default(),
            waiting: AtomicUsize::new(0),
        };
        let (result, passed) = rayon::in_place_scope(|scope| {
            let mut spread = Spread {
                scope,
                shared: &shared,
                batch: Batch::default(),
                sent: 0,
                passing: self.passing(),
            };
            // A reader of its own: this thread may meanwhile read parts with others.
            let result = read(&mut Reader::new(), &mut spread);
            spread.send();
            (result, spread.passing.finish())
        });
        let whole = shared.whole.into_inner();
        let whole = whole.unwrap_or_else(PoisonError::into_inner);
        let mut found = Found {
            screened: whole.screened,
            passed,
            of_parts: whole.parts.into_summary(),
        };
        found.passed.extend(whole.passed);
        (result, found)
    }

    /// Reads with `read` and screens in this thread alone.
    pub(crate) fn here<R>(&self, read: impl FnOnce(&mut Reader, &mut dyn Sink) -> R) -> (R, Found) {
        self.with(|lane| {
            let mut here = Here(&mut lane.screen, self.passing());
            let result = read(&mut lane.reader, &mut here);
            let passed = here.1.finish();
            let found = Found {
                screened: lane.screen.give(),
                passed,
                of_parts: ReadSummary::default(),
            };
            (result, found)
        })
    }

    fn passing(&self) -> Passing<'s> {
        Passing::of(self.period, self.progress)
    }
}

fn lock<T>(of_all: &Mutex<T>) -> MutexGuard<'_, T> {
    of_all.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Screens each event as it comes.
struct Here<'a, 's>(&'a mut Screen<'s>, Passing<'s>);

impl Sink for Here<'_, '_> {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        if self.1.lets_through(event) {
            self.0.take(event);
        }
    }

    fn record(&mut self, event: &Event, _degraded: &[Degradation], raw: &[u8]) {
        if self.1.lets_through(event) {
            self.0.take_raw(event, raw);
        }
    }

    fn refusal(&mut self, _refusal: Refusal) {
        self.1.count();
    }
}

/// What came of a file.
pub(crate) struct Found {
    /// What matched.
    pub(crate) screened: Screened,
    /// What was kept of every event.
    pub(crate) passed: Passed,
    /// What came of the parts of the file, of which its reader is not told.
    pub(crate) of_parts: ReadSummary,
}

/// What came of one batch or part.
struct Piece {
    /// Of a part, what was read.
    read: Option<PartRead>,
    screened: Screened,
    passed: Passed,
}

/// What came of a file so far, in its order.
#[derive(Default)]
struct Whole {
    /// Pieces that came before one that stands before them.
    early: BTreeMap<usize, Piece>,
    /// How many pieces are in the rest.
    taken: usize,
    parts: Parts,
    screened: Screened,
    passed: Passed,
}

impl Whole {
    fn take(&mut self, number: usize, piece: Piece) {
        self.early.insert(number, piece);
        while let Some(mut piece) = self.early.remove(&self.taken) {
            if let Some(read) = piece.read {
                let numbering = self.parts.add(read);
                piece.screened.number(&numbering);
            }
            self.screened.extend(piece.screened);
            self.passed.extend(piece.passed);
            self.taken += 1;
        }
    }
}

/// What reader and screeners of one file share.
struct Shared<'a, 's> {
    lanes: &'a Lanes<'s>,
    hints: &'a Hints,
    whole: Mutex<Whole>,
    /// Pieces that are not screened yet.
    waiting: AtomicUsize,
}

impl Shared<'_, '_> {
    fn done(&self, number: usize, piece: Piece) {
        lock(&self.whole).take(number, piece);
        self.waiting.fetch_sub(1, Ordering::Release);
    }

    fn screen(&self, number: usize, batch: &Batch) {
        let screened = self.lanes.with(|lane| {
            let mut rest = batch.raw.as_slice();
            for (event, length) in &batch.events {
                let (raw, behind) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
                rest = behind;
                lane.screen.take_raw(event, raw);
            }
            lane.screen.give()
        });
        let piece = Piece {
            read: None,
            screened,
            passed: Passed::default(),
        };
        self.done(number, piece);
    }

    fn read(&self, number: usize, part: &Part) {
        let piece = self.lanes.with(|lane| {
            let mut here = Here(&mut lane.screen, self.lanes.passing());
            let read = lane.reader.read_part(part, self.hints, &mut here);
            let passed = here.1.finish();
            Piece {
                read: Some(read),
                screened: lane.screen.give(),
                passed,
            }
        });
        self.done(number, piece);
    }
}

/// Events on their way to another core.
#[derive(Default)]
struct Batch {
    /// Each with the number of its raw bytes.
    events: Vec<(Event, usize)>,
    /// Those of all of them.
    raw: Vec<u8>,
}

/// Hands parts, or events a batch at a time, to whatever core is free.
struct Spread<'a, 'scope, 'l, 's> {
    scope: &'a Scope<'scope>,
    shared: &'scope Shared<'l, 's>,
    batch: Batch,
    sent: usize,
    passing: Passing<'s>,
}

impl<'scope, 'l, 's> Spread<'_, 'scope, 'l, 's> {
    fn send(&mut self) {
        let batch = mem::take(&mut self.batch);
        if !batch.events.is_empty() {
            self.hand_over(move |shared, number| shared.screen(number, &batch));
        }
    }

    fn hand_over(&mut self, work: impl FnOnce(&Shared<'l, 's>, usize) + Send + 'scope) {
        let (shared, number) = (self.shared, self.sent);
        self.sent += 1;
        shared.waiting.fetch_add(1, Ordering::Acquire);
        self.scope.spawn(move |_| work(shared, number));
        let most = WAITING_PER_CORE_MAX * rayon::current_num_threads();
        while shared.waiting.load(Ordering::Acquire) > most {
            if rayon::yield_now() != Some(rayon::Yield::Executed) {
                std::thread::yield_now();
            }
        }
    }
}

impl Sink for Spread<'_, '_, '_, '_> {
    fn event(&mut self, event: &Event, degraded: &[Degradation]) {
        self.record(event, degraded, &[]);
    }

    fn record(&mut self, event: &Event, _degraded: &[Degradation], raw: &[u8]) {
        if !self.passing.lets_through(event) {
            return;
        }
        self.batch.events.push((event.clone(), raw.len()));
        self.batch.raw.extend_from_slice(raw);
        if self.batch.events.len() >= BATCH_EVENTS {
            self.send();
        }
    }

    fn refusal(&mut self, _refusal: Refusal) {
        self.passing.count();
    }

    fn wants_parts(&self) -> bool {
        true
    }

    fn part(&mut self, part: Part) {
        self.send();
        self.hand_over(move |shared, number| shared.read(number, &part));
    }
}
