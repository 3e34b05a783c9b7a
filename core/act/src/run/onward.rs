//! What is next for every effect, within the limits.

use cordon_model::Timestamp;

use super::{Call, CallId, Output, Run};
use crate::{
    Act, EffectIx, Record,
    decide::{Case, Next},
    gate::Gate,
    hand::{InFlight, later},
};

impl Run {
    /// Lets each effect take its next steps until none has any.
    pub(super) fn decide(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        loop {
            self.wake = None;
            let gate = Gate::of(&self.state, &self.watch, now);
            let mut noted = false;
            for ix in self.state.indices() {
                while let Some(record) = self.next(now, ix, &gate, out) {
                    self.note(now, record, out);
                    noted = true;
                    if let Some(hand) = self.hands.get_mut(ix.index()) {
                        hand.stale();
                    }
                }
            }
            if !noted {
                return;
            }
        }
    }

    /// The next thing for one effect: sent, waited for, or given back to be written down.
    fn next(
        &mut self,
        now: Timestamp,
        ix: EffectIx,
        gate: &Gate,
        out: &mut Vec<Output>,
    ) -> Option<Record> {
        let effect = self.state.opened.effects.get(ix.index())?;
        let progress = self.state.effects.get(ix.index())?;
        let hand = self.hands.get(ix.index())?;
        if hand.call.is_some() {
            return None;
        }
        let case = Case {
            ix,
            effect,
            progress,
            hand,
            limits: &self.state.opened.limits,
            settled: self.state.settled_at(ix),
            now,
        };
        let next = if progress.recalled {
            case.recall(gate)
        } else {
            let may = gate.may_begin(&self.state, &self.watch, ix);
            case.carry(&may)
        };
        match next {
            Next::Note(record) => return Some(record),
            Next::Ask(act) => self.call(now, ix, act, out),
            Next::Do => self.begin(now, ix, out),
            Next::Undo { overwrites } => {
                if self.has_room() {
                    let effect = ix;
                    self.note(now, Record::Undoing { effect, overwrites }, out);
                    self.call(now, ix, Act::Undo, out);
                }
            }
            Next::Wait(until) => self.wake_by(until),
            Next::Rest => {}
        }
        None
    }

    fn wake_by(&mut self, time: Timestamp) {
        self.wake = Some(self.wake.map_or(time, |wake| wake.min(time)));
    }

    fn has_room(&self) -> bool {
        self.in_flight < self.state.opened.limits.in_flight_max
    }

    /// Does it, unless a limit says to wait.
    fn begin(&mut self, now: Timestamp, ix: EffectIx, out: &mut Vec<Output>) {
        let kind = self.state.effect(ix).map(|effect| effect.kind.clone());
        let Some(kind) = kind.filter(|_| self.has_room()) else {
            return;
        };
        if let Some(free) = self.state.free_at(kind.as_str(), now) {
            self.wake_by(free);
            return;
        }
        self.note(now, Record::Doing { effect: ix }, out);
        self.call(now, ix, Act::Do, out);
    }

    fn call(&mut self, now: Timestamp, ix: EffectIx, act: Act, out: &mut Vec<Output>) {
        if !self.has_room() {
            return;
        }
        let (Some(effect), Some(progress)) = (
            self.state.opened.effects.get(ix.index()),
            self.state.effects.get(ix.index()),
        ) else {
            return;
        };
        let Some(hand) = self.hands.get_mut(ix.index()) else {
            return;
        };
        self.calls += 1;
        self.in_flight += 1;
        let id = CallId {
            generation: self.state.generation,
            effect: ix,
            number: self.calls,
        };
        if act.changes() {
            hand.stale();
        }
        hand.call = Some(InFlight {
            id,
            act,
            asked: now,
            until: later(now, effect.patience.answer_ms),
        });
        out.push(Output::Call(Call {
            id,
            act,
            prior: progress.prior.clone(),
            send_by: later(now, effect.patience.send_ms),
        }));
    }

    /// A recall is over when nothing is left that it could take back.
    pub(super) fn close(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let effects = &self.state.effects;
        let recalled = effects.iter().all(|p| p.recalled && p.phase.is_recalled());
        if recalled && !self.state.closed {
            self.note(now, Record::Closed, out);
        }
    }
}
