//! Screens the events of one file while it is read.
//!
//! The events of a small file are screened where they are read: other files keep the other cores
//! busy. Those of a large one are copied and spread, so that its reading and the screening go on side
//! by side. Either way the result is in the order of the file. *Absent*: reading.

use std::{
    collections::BTreeMap,
    mem,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use cordon_engine::{Screen, Screened, Setup};
use cordon_event::{Degradation, Event, Refusal, Sink};
use rayon::Scope;

/// From which size on a file is worth spreading, in bytes: a tenth of a second of reading.
const SPREAD_BYTES_MIN: u64 = 16 * 1024 * 1024;

/// Events screened together: many enough that handing them over costs nothing beside it.
const BATCH_EVENTS: usize = 1024;

/// Batches that may wait for each core before the reader lends a hand: some two megabytes each.
const WAITING_PER_CORE_MAX: usize = 2;

/// Reads with `read`, and gives what that gives and what was found.
pub(crate) fn screened<R>(
    setup: &Setup,
    bytes: u64,
    read: impl FnOnce(&mut dyn Sink) -> R,
) -> (R, Screened) {
    if bytes < SPREAD_BYTES_MIN || rayon::current_num_threads() == 1 {
        let mut here = Here(setup.screen());
        let result = read(&mut here);
        return (result, here.0.give());
    }
    let shared = Shared {
        setup,
        idle: Mutex::default(),
        found: Mutex::default(),
        waiting: AtomicUsize::new(0),
    };
    let result = rayon::in_place_scope(|scope| {
        let mut spread = Spread {
            scope,
            shared: &shared,
            batch: Vec::new(),
            sent: 0,
        };
        let result = read(&mut spread);
        spread.send();
        result
    });
    let found = shared.found.into_inner();
    let mut screened = Screened::default();
    for part in found.unwrap_or_else(PoisonError::into_inner).into_values() {
        screened.extend(part);
    }
    (result, screened)
}

/// Screens each event as it comes.
struct Here<'s>(Screen<'s>);

impl Sink for Here<'_> {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.0.take(event);
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}

/// What reader and screeners of one file share.
struct Shared<'s> {
    setup: &'s Setup,
    /// Screens that nobody uses now.
    idle: Mutex<Vec<Screen<'s>>>,
    /// What was found, by the number of its batch.
    found: Mutex<BTreeMap<usize, Screened>>,
    /// Batches that are not screened yet.
    waiting: AtomicUsize,
}

impl Shared<'_> {
    fn screen(&self, number: usize, batch: &[Event]) {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle().pop();
        let mut screen = known.unwrap_or_else(|| self.setup.screen());
        for event in batch {
            screen.take(event);
        }
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.insert(number, screen.give());
        drop(found);
        idle().push(screen);
        self.waiting.fetch_sub(1, Ordering::Release);
    }
}

/// Collects events and hands them to whatever core is free, a batch at a time.
struct Spread<'a, 'scope, 's> {
    scope: &'a Scope<'scope>,
    shared: &'scope Shared<'s>,
    batch: Vec<Event>,
    sent: usize,
}

impl Spread<'_, '_, '_> {
    fn send(&mut self) {
        let batch = mem::take(&mut self.batch);
        let (shared, number) = (self.shared, self.sent);
        self.sent += 1;
        shared.waiting.fetch_add(1, Ordering::Acquire);
        self.scope.spawn(move |_| shared.screen(number, &batch));
        let most = WAITING_PER_CORE_MAX * rayon::current_num_threads();
        while shared.waiting.load(Ordering::Acquire) > most {
            if rayon::yield_now() != Some(rayon::Yield::Executed) {
                std::thread::yield_now();
            }
        }
    }
}

impl Sink for Spread<'_, '_, '_> {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.batch.push(event.clone());
        if self.batch.len() >= BATCH_EVENTS {
            self.send();
        }
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}
