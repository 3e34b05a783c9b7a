//! What may happen in a world.

use cordon_act::{Answer, CallId, Health, Look};

use super::executors::Cut;

/// Something that will happen.
#[derive(Debug)]
pub(super) enum Event {
    /// A change reaches its target.
    Lands { effect: usize, value: i64 },
    /// An executor hears of a call.
    Answer {
        executor: usize,
        call: CallId,
        answer: Answer,
    },
    /// An executor hears of a look.
    Sight {
        executor: usize,
        look: Look,
        health: Health,
    },
    /// An executor's time to look around.
    Wake { executor: usize },
    /// A sleeper goes on where it stopped.
    Awake { executor: usize },
    /// A new executor takes over.
    TakeOver,
    /// Somebody else changes a target.
    Meddle { effect: usize, value: i64 },
    /// The clock of the day is set.
    SetClock { ahead_ms: i64 },
    /// A person gives an order.
    Order(Order),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Recall,
    Hold,
    Release,
}

/// What an executor meets while it writes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    Dies(Cut),
    Sleeps,
}
