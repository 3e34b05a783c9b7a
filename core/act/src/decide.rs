//! What is next for one effect on its way to being done.

use cordon_model::{Timestamp, Value};

use crate::{
    Act, Answer, Effect, EffectIx, Given, Limits, Phase, Progress, Record, Standing,
    gate::May,
    hand::{Hand, later},
};

/// What is next for an effect.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Next {
    /// Ask something that changes nothing.
    Ask(Act),
    /// Do it.
    Do,
    /// Undo it, over what was read if that is neither as before nor as wanted.
    Undo {
        /// What was read.
        overwrites: Option<Value>,
    },
    /// Write down what is known now.
    Note(Record),
    /// Nothing before this time.
    Wait(Timestamp),
    /// Nothing until something else happens.
    Rest,
}

/// Everything that decides about one effect.
pub(crate) struct Case<'r> {
    pub(crate) ix: EffectIx,
    pub(crate) effect: &'r Effect,
    pub(crate) progress: &'r Progress,
    pub(crate) hand: &'r Hand,
    pub(crate) limits: &'r Limits,
    /// From when on none of its calls can take effect any more.
    pub(crate) settled: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

impl Case<'_> {
    /// What is next, for an effect that has no call under way and was not recalled.
    pub(crate) fn carry(&self, may: &May) -> Next {
        match self.progress.phase {
            Phase::Waiting => self.capture(may),
            Phase::Captured => self.begin(may),
            Phase::Doing => self.after_do(may),
            Phase::Confirmed => self.try_it(),
            Phase::Effective | Phase::Unproven => self.watch(),
            Phase::AlreadySo
            | Phase::GivenUp
            | Phase::Undoing
            | Phase::Undone
            | Phase::Skipped
            | Phase::ForwardOnly
            | Phase::Stuck => Next::Rest,
        }
    }

    fn capture(&self, may: &May) -> Next {
        match (may, &self.hand.fresh) {
            (May::Never(why), _) => self.give_up(why.clone()),
            (May::NotYet, _) => Next::Rest,
            (May::Begin, Some((answer, _))) if self.hand.tries >= self.limits.attempts_max => self
                .give_up(format!(
                    "its state could not be read before: {}",
                    failure(answer)
                )),
            (May::Begin, _) => self.ask(Act::Capture),
        }
    }

    fn begin(&self, may: &May) -> Next {
        match may {
            May::Never(why) => self.give_up(why.clone()),
            May::Begin if self.progress.drifts > self.limits.redo_max => {
                self.give_up("others keep reverting it".to_owned())
            }
            May::Begin => Next::Do,
            May::NotYet => Next::Rest,
        }
    }

    /// It was called for: only what is read back says whether it worked.
    fn after_do(&self, may: &May) -> Next {
        let late = self.is_late();
        match &self.hand.fresh {
            Some((Answer::Stands { standing, state }, _)) => match standing {
                Standing::AsWanted => Next::Note(Record::Confirmed {
                    effect: self.ix,
                    state: state.clone(),
                }),
                Standing::Pending if late => self.give_up("it stayed pending".to_owned()),
                Standing::Pending => self.ask(Act::ReadBack),
                Standing::AsBefore | Standing::Other => self.again(may),
            },
            Some((unread, _)) if late => {
                self.give_up(format!("it cannot be read back: {}", failure(unread)))
            }
            Some(_) | None => self.ask(Act::ReadBack),
        }
    }

    /// Whether it was tried for as long as its effect may take.
    fn is_late(&self) -> bool {
        let begun = self.progress.dos.since.unwrap_or(self.now);
        self.now >= later(begun, self.effect.patience.effect_ms)
    }

    /// It was called for, and reads back unchanged.
    fn again(&self, may: &May) -> Next {
        let dos = &self.progress.dos;
        let late = self.is_late();
        let spent = dos.made >= self.limits.attempts_max || late;
        match &dos.given {
            Some(Given::Refused { why }) => self.give_up(why.clone()),
            Some(Given::Throttled { until }) if !late && *until > self.now => Next::Wait(*until),
            Some(Given::Throttled { .. }) if !late => self.repeat(may),
            // What was accepted may show a little later.
            Some(Given::Accepted) if self.hand.tries < READS_AFTER_ACCEPTED => {
                self.ask(Act::ReadBack)
            }
            Some(given) if spent => self.give_up(format!(
                "it reads back unchanged after {} tries: {}",
                dos.made,
                given.why()
            )),
            None if spent => self.give_up(format!(
                "it reads back unchanged after {} tries, without an answer",
                dos.made
            )),
            Some(_) | None => self.repeat(may),
        }
    }

    fn repeat(&self, may: &May) -> Next {
        match (may, self.hand.pause_until) {
            (_, Some(until)) if until > self.now => Next::Wait(until),
            (May::Begin, _) => Next::Do,
            // What is on its way may still come, and nobody but us would see it.
            (May::NotYet | May::Never(_), _) if !self.hand.read_since(self.settled) => {
                Next::Ask(Act::ReadBack)
            }
            (May::NotYet | May::Never(_), _) => Next::Rest,
        }
    }

    /// It is as wanted: does it hold?
    fn try_it(&self) -> Next {
        let since = self.progress.since.unwrap_or(self.now);
        let late = self.now >= later(since, self.effect.patience.effect_ms);
        let effect = self.ix;
        match &self.hand.fresh {
            Some((Answer::Effective, _)) => Next::Note(Record::Effective {
                effect,
                untried: None,
            }),
            Some((Answer::CannotTell { why }, _)) => Next::Note(Record::Effective {
                effect,
                untried: Some(why.clone()),
            }),
            Some((answer, _)) if late => Next::Note(Record::Unproven {
                effect,
                why: failure(answer),
            }),
            Some(_) | None => self.ask(Act::Probe),
        }
    }

    /// It holds: does it stay?
    fn watch(&self) -> Next {
        let effect = self.ix;
        if let Some((Answer::Stands { standing, state }, _)) = &self.hand.fresh
            && matches!(standing, Standing::AsBefore | Standing::Other)
        {
            return Next::Note(Record::Drifted {
                effect,
                standing: *standing,
                state: state.clone(),
            });
        }
        let asked = self.hand.fresh.as_ref().map(|(_, asked)| *asked);
        let last = self.progress.since.max(asked).unwrap_or(self.now);
        let due = later(last, self.limits.watch_ms);
        if due > self.now {
            Next::Wait(due)
        } else {
            Next::Ask(Act::ReadBack)
        }
    }

    /// Asks, unless the same question was asked a moment ago.
    pub(crate) fn ask(&self, act: Act) -> Next {
        match self.hand.pause_until {
            Some(until) if until > self.now => Next::Wait(until),
            Some(_) | None => Next::Ask(act),
        }
    }

    fn give_up(&self, why: String) -> Next {
        Next::Note(Record::GivenUp {
            effect: self.ix,
            why,
        })
    }
}

/// What a target accepted may take some reads until it shows, because directories copy
/// themselves; half a second, then one, then two.
pub(crate) const READS_AFTER_ACCEPTED: u32 = 3;

/// Why an answer is not the one hoped for.
pub(crate) fn failure(answer: &Answer) -> String {
    match answer {
        Answer::NotYet { why }
        | Answer::CannotTell { why }
        | Answer::Refused { why }
        | Answer::Unknown { why } => why.clone(),
        Answer::Throttled { .. } => "it was throttled".to_owned(),
        Answer::Captured { .. } | Answer::Accepted | Answer::Stands { .. } | Answer::Effective => {
            "the answer does not fit the question".to_owned()
        }
    }
}
