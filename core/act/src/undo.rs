//! What is next for one effect that was recalled.
//!
//! It is read first, because what is on its way cannot be reversed; undone as long as it does not read
//! as before; and called undone only from a reading after which no earlier call can take
//! effect any more.

use cordon_model::{Timestamp, Value};

use crate::{
    Act, Answer, Given, Phase, Record, Reversal, Standing,
    decide::{Case, Next, READS_AFTER_ACCEPTED, failure},
    gate::Gate,
    hand::later,
};

/// Readings that fail in a row before it is undone unseen.
const UNSEEN_AFTER: u32 = 2;

impl Case<'_> {
    /// What is next, for an effect that has no call under way and was recalled.
    pub(crate) fn recall(&self, gate: &Gate) -> Next {
        let effect = self.ix;
        match self.progress.phase {
            Phase::Undoing if self.effect.reversal != Reversal::Undo => {
                Next::Note(Record::ForwardOnly { effect })
            }
            Phase::Undoing if !gate.may_undo(self.effect.stage) => Next::Rest,
            Phase::Undoing => self.take_back(),
            Phase::Waiting | Phase::Captured | Phase::GivenUp => {
                Next::Note(Record::Skipped { effect })
            }
            Phase::AlreadySo
            | Phase::Doing
            | Phase::Confirmed
            | Phase::Effective
            | Phase::Unproven
            | Phase::Undone
            | Phase::Skipped
            | Phase::ForwardOnly
            | Phase::Stuck => Next::Rest,
        }
    }

    fn take_back(&self) -> Next {
        match &self.hand.fresh {
            None => self.ask(Act::ReadBack),
            Some((Answer::Stands { standing, state }, asked)) => match standing {
                Standing::AsBefore => self.is_as_before(*asked),
                Standing::Pending if self.may_wait() => self.ask(Act::ReadBack),
                Standing::Other => self.undo_over(Some(state.clone())),
                Standing::Pending | Standing::AsWanted => self.undo_over(None),
            },
            Some((unread, _)) => self.unseen(unread),
        }
    }

    /// It reads as before; that is final once nothing on its way can change it.
    fn is_as_before(&self, asked: Timestamp) -> Next {
        let effect = self.ix;
        match self.settled {
            Some(settled) if asked < settled => {
                if !self.progress.reverted {
                    Next::Note(Record::Reverted { effect })
                } else if settled > self.now {
                    Next::Wait(settled)
                } else {
                    Next::Ask(Act::ReadBack)
                }
            }
            Some(_) | None => Next::Note(Record::Undone { effect }),
        }
    }

    /// Whether a change on its way is waited out before it is reversed.
    fn may_wait(&self) -> bool {
        let since = self.progress.since.unwrap_or(self.now);
        self.now < later(since, self.effect.patience.effect_ms)
    }

    fn undo_over(&self, overwrites: Option<Value>) -> Next {
        let undos = &self.progress.undos;
        let spent = undos.made >= self.limits.attempts_max;
        match &undos.given {
            Some(Given::Throttled { until }) if *until > self.now => return Next::Wait(*until),
            Some(Given::Accepted) if undos.made > 0 && self.hand.tries < READS_AFTER_ACCEPTED => {
                return self.ask(Act::ReadBack);
            }
            Some(given) if spent => {
                return self.stuck(format!(
                    "it does not read as before after {} tries: {}",
                    undos.made,
                    given.why()
                ));
            }
            None if spent => {
                return self.stuck(format!(
                    "it does not read as before after {} tries, without an answer",
                    undos.made
                ));
            }
            Some(_) | None => {}
        }
        self.undo_after_pause(overwrites)
    }

    /// The first undo goes at once; a repeated one after a pause.
    fn undo_after_pause(&self, overwrites: Option<Value>) -> Next {
        match self.hand.pause_until {
            Some(until) if until > self.now && self.progress.undos.made > 0 => Next::Wait(until),
            Some(_) | None => Next::Undo { overwrites },
        }
    }

    /// It cannot be read: after some tries it is undone all the same.
    fn unseen(&self, unread: &Answer) -> Next {
        let undos = &self.progress.undos;
        let accepted = undos.given == Some(Given::Accepted);
        let tries = self.hand.tries;
        if undos.made >= self.limits.attempts_max || tries >= 2 * self.limits.attempts_max {
            return self.stuck(format!("it cannot be read back: {}", failure(unread)));
        }
        if !accepted && tries >= UNSEEN_AFTER {
            return self.undo_after_pause(None);
        }
        self.ask(Act::ReadBack)
    }

    fn stuck(&self, why: String) -> Next {
        Next::Note(Record::Stuck {
            effect: self.ix,
            why,
        })
    }
}
