//! The executor: what happened in, what to write, call and look at out.

use cordon_model::{Timestamp, Value};

use crate::{
    Act, Answer, Approved, EffectIx, Health, Misplaced, Phase, Record, State, Tally, hand::Hand,
    watch::Watch,
};

mod guard;
mod hear;
mod onward;

/// One call, unlike any other of any executor of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId {
    /// Which executor called.
    pub generation: u64,
    /// For which effect.
    pub effect: EffectIx,
    /// Counted by the executor.
    pub number: u64,
}

/// A call to a connector.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which call.
    pub id: CallId,
    /// What is asked.
    pub act: Act,
    /// The state before, for everything after `Capture`.
    pub prior: Option<Value>,
    /// The call must not be sent after this.
    pub send_by: Timestamp,
}

/// A look at a guarded service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    /// Which service, counted along those guarded.
    pub guarded: usize,
    /// Counted by the executor.
    pub number: u64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Time passed.
    Tick,
    /// A call was answered.
    Answered {
        /// Which.
        call: CallId,
        /// What.
        answer: Answer,
    },
    /// A service was looked at.
    Looked {
        /// Which look.
        look: Look,
        /// What was seen.
        health: Health,
    },
    /// Somebody wants it taken back.
    Recall {
        /// Who and why.
        why: String,
    },
    /// Somebody wants nothing further begun.
    Hold {
        /// Who and why.
        why: String,
    },
    /// Somebody lets it go on.
    Release {
        /// Who and why.
        why: String,
    },
    /// The journal refused a record, because another executor took over or the disk failed.
    Superseded,
}

/// What to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Make this durable before anything that follows; if that fails, do nothing of it and say
    /// [`Input::Superseded`].
    Write(Record),
    /// Send a call.
    Call(Call),
    /// Look at a service.
    Look(Look),
}

/// Where a run stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standstill {
    /// There is something to do or to wait for.
    Working,
    /// Nothing further is begun until somebody says so; what was begun has come to its end, and every guarded service was
    /// looked at since.
    Held,
    /// Every effect has come to its end, and every guarded service was looked at since; what is in place is
    /// watched.
    Settled,
    /// Everything is taken back and nothing is on its way.
    Closed,
    /// Another executor has it.
    Superseded,
}

/// One executor of one run.
#[derive(Debug, Clone)]
pub struct Run {
    state: State,
    hands: Vec<Hand>,
    watch: Watch,
    calls: u64,
    in_flight: u32,
    /// The latest time it was told.
    now: Timestamp,
    wake: Option<Timestamp>,
    unexpected: u64,
    superseded: bool,
}

impl Run {
    /// Opens a run. The outputs begin with its first record.
    ///
    /// # Errors
    /// When it could never be carried out.
    pub fn open(approved: Approved) -> Result<(Self, Vec<Output>), Misplaced> {
        let state = State::new(approved.into_opened())?;
        let first = Record::Opened(Box::new(state.opened.clone()));
        Ok((Self::of(state), vec![Output::Write(first)]))
    }

    /// Takes a run over from its records. The outputs begin with the record that says so, and
    /// that refuses every executor before.
    pub fn resume(mut state: State, now: Timestamp, torn_bytes: u64) -> (Self, Vec<Output>) {
        let generation = state.generation + 1;
        let record = Record::Resumed {
            generation,
            torn_bytes,
        };
        let now = state.no_earlier(now);
        if let Err(why) = state.apply(now, &record) {
            unreachable!("the next generation follows: {why}");
        }
        (Self::of(state), vec![Output::Write(record)])
    }

    fn of(state: State) -> Self {
        Self {
            hands: vec![Hand::default(); state.effects.len()],
            watch: Watch::over(&state.opened.guarded),
            calls: 0,
            in_flight: 0,
            now: Timestamp::MIN,
            wake: None,
            unexpected: 0,
            superseded: false,
            state,
        }
    }

    /// What the records add up to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Effects by where they stand.
    pub fn tally(&self) -> Tally {
        self.state.tally()
    }

    /// Answers that came late, twice, or to another executor's calls, and changed nothing.
    pub fn unexpected(&self) -> u64 {
        self.unexpected
    }

    /// Calls under way.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// When to come back at the latest, if nothing happens before.
    pub fn wake_at(&self) -> Option<Timestamp> {
        if self.superseded || self.state.closed {
            return None;
        }
        let calls = self.hands.iter().filter_map(|hand| hand.call);
        let calls = calls.map(|call| call.until).min();
        let looks = self.watch.wake_at(&self.state.opened.limits);
        [self.wake, calls, looks].into_iter().flatten().min()
    }

    /// Where the run stands as a whole.
    pub fn standstill(&self) -> Standstill {
        let effects = || self.state.effects.iter();
        if self.superseded {
            Standstill::Superseded
        } else if self.state.closed {
            Standstill::Closed
        } else if !self.watch.seen_after(self.last_change()) {
            Standstill::Working
        } else if self.state.held.is_some() {
            if self.idle() {
                Standstill::Held
            } else {
                Standstill::Working
            }
        } else if effects().all(|p| p.phase.is_settled() && p.phase != Phase::Confirmed) {
            Standstill::Settled
        } else {
            Standstill::Working
        }
    }

    /// When something was last done, undone or seen to be as wanted: harm may show from then on.
    fn last_change(&self) -> Option<Timestamp> {
        let effects = self.state.effects.iter();
        let times = effects.filter_map(|p| p.dos.last.max(p.undos.last).max(p.confirmed));
        times.max()
    }

    /// Whether only a hold keeps effects from going on: what was called for has landed, or cannot any more.
    fn idle(&self) -> bool {
        let mut effects = self
            .state
            .indices()
            .zip(self.state.effects.iter().zip(&self.hands));
        effects.all(|(ix, (progress, hand))| match progress.phase {
            Phase::Undoing | Phase::Confirmed => false,
            Phase::Doing => hand.read_since(self.state.settled_at(ix)),
            Phase::Waiting
            | Phase::Captured
            | Phase::AlreadySo
            | Phase::Effective
            | Phase::Unproven
            | Phase::GivenUp
            | Phase::Undone
            | Phase::Skipped
            | Phase::ForwardOnly
            | Phase::Stuck => true,
        })
    }

    /// Takes in what happened and says what to do, in order. Time does not go back: what was earlier than the last input
    /// or record counts as the same moment.
    pub fn advance(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        if self.superseded || self.state.closed {
            return out;
        }
        let now = self.state.no_earlier(now).max(self.now);
        self.now = now;
        match input {
            Input::Answered { call, answer } => self.hear(now, call, answer, &mut out),
            Input::Looked { look, health } => self.saw(now, look, health, &mut out),
            Input::Recall { why } => self.recall(now, why, &mut out),
            Input::Hold { why } => self.note(now, Record::Held { why }, &mut out),
            Input::Release { why } if self.state.held.is_some() => {
                self.note(now, Record::Released { why }, &mut out);
            }
            Input::Tick | Input::Release { .. } => {}
            Input::Superseded => {
                self.superseded = true;
                return out;
            }
        }
        self.time_out(now, &mut out);
        self.decide(now, &mut out);
        self.close(now, &mut out);
        if !self.state.closed {
            let looks = self.watch.due(now, &self.state.opened.limits);
            out.extend(looks.into_iter().map(Output::Look));
        }
        out
    }

    fn note(&mut self, now: Timestamp, record: Record, out: &mut Vec<Output>) {
        if let Err(why) = self.state.apply(now, &record) {
            unreachable!("an executor writes only what may follow: {why}");
        }
        out.push(Output::Write(record));
    }
}
