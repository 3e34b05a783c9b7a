//! Answers to calls, and calls that nobody answered.

use cordon_model::Timestamp;

use super::{CallId, Run};
use crate::{
    Act, Answer, EffectIx, Evidence, Given, Health, Record,
    decide::failure,
    hand::{InFlight, later},
    run::Output,
};

impl Run {
    pub(super) fn hear(
        &mut self,
        now: Timestamp,
        id: CallId,
        answer: Answer,
        out: &mut Vec<Output>,
    ) {
        let hand = self.hands.get_mut(id.effect.index());
        let call = hand.and_then(|hand| hand.call.take_if(|call| call.id == id));
        let Some(call) = call else {
            self.unexpected += 1;
            return;
        };
        self.in_flight -= 1;
        let answer = if answer.answers(call.act) {
            answer
        } else {
            Answer::Unknown {
                why: "the connector's answer does not fit the question".to_owned(),
            }
        };
        match call.act {
            Act::Do | Act::Undo => self.changed(now, call, answer, out),
            Act::Capture | Act::ReadBack | Act::Probe => self.learned(now, call, answer, out),
        }
    }

    /// A call that changes something was answered.
    fn changed(&mut self, now: Timestamp, call: InFlight, answer: Answer, out: &mut Vec<Output>) {
        let effect = call.id.effect;
        let given = match answer {
            Answer::Accepted => Given::Accepted,
            Answer::Throttled { after_ms } => Given::Throttled {
                until: later(now, after_ms),
            },
            Answer::Refused { why } => Given::Refused { why },
            unfit @ (Answer::Captured { .. }
            | Answer::Stands { .. }
            | Answer::Effective
            | Answer::NotYet { .. }
            | Answer::CannotTell { .. }
            | Answer::Unknown { .. }) => Given::Unknown {
                why: failure(&unfit),
            },
        };
        let record = if call.act == Act::Do {
            Record::DoAnswered { effect, given }
        } else {
            Record::UndoAnswered { effect, given }
        };
        self.note(now, record, out);
        if let Some(hand) = self.hands.get_mut(effect.index()) {
            hand.stale();
        }
    }

    /// A question was answered.
    fn learned(&mut self, now: Timestamp, call: InFlight, answer: Answer, out: &mut Vec<Output>) {
        let effect = call.id.effect;
        let recalled = self.state.effects.get(effect.index());
        let recalled = recalled.is_some_and(|progress| progress.recalled);
        if let Answer::Captured {
            prior,
            already,
            evidence,
        } = answer
        {
            if !recalled {
                let evidence = self.accounted(effect, evidence);
                let captured = Record::Captured {
                    effect,
                    prior,
                    already,
                    evidence,
                };
                self.note(now, captured, out);
            }
            if let Some(hand) = self.hands.get_mut(effect.index()) {
                hand.stale();
            }
            return;
        }
        let limits = &self.state.opened.limits;
        if let Some(hand) = self.hands.get_mut(effect.index()) {
            let mut pause = limits.pause_after(hand.tries + 1);
            if let Answer::Throttled { after_ms } = answer {
                pause = pause.max(after_ms);
            }
            hand.keep(answer, call.asked, later(now, pause));
        }
    }

    /// Every volatile fact that the step's kind names is taken, or said not to be.
    fn accounted(&self, ix: EffectIx, evidence: Evidence) -> Evidence {
        let Some(effect) = self.state.effect(ix) else {
            return evidence;
        };
        let why = format!("`{}` does not take it", effect.connector);
        evidence.about(&effect.volatile, &why)
    }

    /// Calls and looks without an answer: nobody knows what became of them.
    pub(super) fn time_out(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let calls = self.hands.iter().filter_map(|hand| hand.call);
        let late: Vec<CallId> = calls
            .filter(|call| call.until <= now)
            .map(|call| call.id)
            .collect();
        let why = "there was no answer in time";
        for id in late {
            let why = why.to_owned();
            self.hear(now, id, Answer::Unknown { why }, out);
        }
        for look in self.watch.lost(now) {
            self.saw(now, look, Health::Unknown(why.to_owned()), out);
        }
    }
}
