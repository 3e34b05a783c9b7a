//! What an executor holds of one effect while it lives, and loses when it dies.

use std::time::Duration;

use cordon_model::Timestamp;

use crate::{Act, Answer, CallId};

/// A call under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InFlight {
    pub(crate) id: CallId,
    pub(crate) act: Act,
    /// When it was decided on.
    pub(crate) asked: Timestamp,
    /// From when on its outcome counts as unknown.
    pub(crate) until: Timestamp,
}

/// The volatile side of one effect.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hand {
    /// The call under way.
    pub(crate) call: Option<InFlight>,
    /// The last answer to a question that changes nothing, and when it was asked.
    pub(crate) fresh: Option<(Answer, Timestamp)>,
    /// Tries in a row that told nothing new.
    pub(crate) tries: u32,
    /// Not to be asked before.
    pub(crate) pause_until: Option<Timestamp>,
}

impl Hand {
    /// Keeps an answer, and pauses before the same question is asked again.
    pub(crate) fn keep(&mut self, answer: Answer, asked: Timestamp, again_at: Timestamp) {
        self.fresh = Some((answer, asked));
        self.tries += 1;
        self.pause_until = Some(again_at);
    }

    /// Whether it was read by a question that was asked at this time at the earliest.
    pub(crate) fn read_since(&self, time: Option<Timestamp>) -> bool {
        self.fresh
            .as_ref()
            .is_some_and(|(_, asked)| Some(*asked) >= time)
    }

    /// Forgets what was read, because it no longer holds.
    pub(crate) fn stale(&mut self) {
        self.fresh = None;
        self.tries = 0;
        self.pause_until = None;
    }
}

/// Some milliseconds after a time.
pub(crate) fn later(time: Timestamp, ms: u64) -> Timestamp {
    let end = time.saturating_add(Duration::from_millis(ms));
    end.unwrap_or(Timestamp::MAX)
}
