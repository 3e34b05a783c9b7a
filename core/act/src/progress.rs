//! How far one effect is, as its records tell.

use cordon_model::{Timestamp, Value};

use crate::{Record, Reversal, attempts::Attempts};

/// Where an effect stands. Each is in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Nothing is known or done yet.
    Waiting,
    /// The state before is written down, and nothing is done.
    Captured,
    /// It already was as wanted; nothing will be done or undone.
    AlreadySo,
    /// It was called for, and is not seen as wanted yet.
    Doing,
    /// It is seen as wanted, and not yet tried.
    Confirmed,
    /// It is seen as wanted, and tried where that is possible.
    Effective,
    /// It is seen as wanted, and a trial says that it does not hold.
    Unproven,
    /// It was tried and is not tried any further.
    GivenUp,
    /// It is being taken back.
    Undoing,
    /// It is as it was.
    Undone,
    /// It was recalled before anything was done.
    Skipped,
    /// It was recalled, and only goes forward.
    ForwardOnly,
    /// It was recalled, and taking it back did not work.
    Stuck,
}

impl Phase {
    /// In words, after a number.
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting | Self::Captured => "not begun",
            Self::AlreadySo => "already so",
            Self::Doing => "under way",
            Self::Confirmed => "in place",
            Self::Effective => "in place and effective as far as that could be tried",
            Self::Unproven => "in place without effect",
            Self::GivenUp => "given up",
            Self::Undoing => "being taken back",
            Self::Undone => "taken back",
            Self::Skipped => "never begun",
            Self::ForwardOnly => "only forward",
            Self::Stuck => "stuck",
        }
    }

    /// Whether later stages need not wait for it.
    pub fn is_settled(self) -> bool {
        match self {
            Self::Waiting | Self::Captured | Self::Doing | Self::Undoing => false,
            Self::AlreadySo
            | Self::Confirmed
            | Self::Effective
            | Self::Unproven
            | Self::GivenUp
            | Self::Undone
            | Self::Skipped
            | Self::ForwardOnly
            | Self::Stuck => true,
        }
    }

    /// Whether a recall has nothing more to do here.
    pub fn is_recalled(self) -> bool {
        matches!(
            self,
            Self::AlreadySo | Self::Undone | Self::Skipped | Self::ForwardOnly
        )
    }
}

/// What the records tell of one effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Where it stands.
    pub phase: Phase,
    /// The state before, once captured.
    pub prior: Option<Value>,
    /// Whether it is to be taken back.
    pub recalled: bool,
    /// Whether it was read back as before since it was recalled.
    pub reverted: bool,
    /// Calls that did it.
    pub dos: Attempts,
    /// Calls that undid it.
    pub undos: Attempts,
    /// How often others reverted it.
    pub drifts: u32,
    /// When it was last read back as wanted.
    pub confirmed: Option<Timestamp>,
    /// When it entered the phase it is in.
    pub since: Option<Timestamp>,
    /// Why it was given up on, is stuck or unproven.
    pub why: Option<String>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Waiting,
            prior: None,
            recalled: false,
            reverted: false,
            dos: Attempts::default(),
            undos: Attempts::default(),
            drifts: 0,
            confirmed: None,
            since: None,
            why: None,
        }
    }
}

impl Progress {
    /// Whether a record may follow.
    pub(crate) fn may_be(&self, record: &Record, reversal: Reversal) -> bool {
        use Phase as P;
        let carried = !self.recalled;
        match record {
            Record::Captured { .. } => self.phase == P::Waiting && carried,
            Record::Doing { .. } => {
                matches!(self.phase, P::Captured | P::Doing) && carried && self.prior.is_some()
            }
            Record::DoAnswered { .. } => self.dos.last.is_some() && self.dos.given.is_none(),
            Record::Confirmed { .. } => self.phase == P::Doing && carried,
            Record::Effective { .. } | Record::Unproven { .. } => {
                self.phase == P::Confirmed && carried
            }
            Record::Drifted { .. } => {
                matches!(self.phase, P::Confirmed | P::Effective | P::Unproven) && carried
            }
            Record::GivenUp { .. } => {
                matches!(self.phase, P::Waiting | P::Captured | P::Doing) && carried
            }
            Record::Undoing { .. } => {
                self.phase == P::Undoing && reversal == Reversal::Undo && self.prior.is_some()
            }
            Record::UndoAnswered { .. } => self.undos.last.is_some() && self.undos.given.is_none(),
            Record::Reverted { .. } | Record::Undone { .. } | Record::Stuck { .. } => {
                self.phase == P::Undoing && reversal == Reversal::Undo
            }
            Record::Skipped { .. } => self.recalled && self.dos.last.is_none(),
            Record::ForwardOnly { .. } => self.phase == P::Undoing && reversal != Reversal::Undo,
            Record::Opened(_)
            | Record::Resumed { .. }
            | Record::Recalling { .. }
            | Record::Held { .. }
            | Record::Released { .. }
            | Record::Health { .. }
            | Record::Worse { .. }
            | Record::Refused { .. }
            | Record::Closed => false,
        }
    }

    /// Takes a record in that may follow.
    pub(crate) fn take(&mut self, at: Timestamp, record: &Record) {
        match record {
            Record::Captured { prior, already, .. } => {
                self.prior = Some(prior.clone());
                let so = if *already {
                    Phase::AlreadySo
                } else {
                    Phase::Captured
                };
                self.enter(so, at);
            }
            Record::Doing { .. } => {
                self.dos.begin(at);
                self.enter(Phase::Doing, at);
            }
            Record::DoAnswered { given, .. } => self.dos.answered(given.clone()),
            Record::Confirmed { .. } => {
                self.confirmed = Some(at);
                self.enter(Phase::Confirmed, at);
            }
            Record::Effective { .. } => self.enter(Phase::Effective, at),
            Record::Unproven { why, .. } => self.enter_for(Phase::Unproven, at, why),
            Record::Drifted { .. } => {
                self.drifts += 1;
                self.dos.new_row();
                self.enter(Phase::Captured, at);
            }
            Record::GivenUp { why, .. } => self.enter_for(Phase::GivenUp, at, why),
            Record::Undoing { .. } => {
                self.undos.begin(at);
                self.reverted = false;
            }
            Record::UndoAnswered { given, .. } => self.undos.answered(given.clone()),
            Record::Reverted { .. } => self.reverted = true,
            Record::Undone { .. } => self.enter(Phase::Undone, at),
            Record::Skipped { .. } => self.enter(Phase::Skipped, at),
            Record::ForwardOnly { .. } => self.enter(Phase::ForwardOnly, at),
            Record::Stuck { why, .. } => self.enter_for(Phase::Stuck, at, why),
            Record::Opened(_)
            | Record::Resumed { .. }
            | Record::Recalling { .. }
            | Record::Held { .. }
            | Record::Released { .. }
            | Record::Health { .. }
            | Record::Worse { .. }
            | Record::Refused { .. }
            | Record::Closed => {}
        }
    }

    fn enter(&mut self, phase: Phase, at: Timestamp) {
        self.phase = phase;
        self.since = Some(at);
    }

    fn enter_for(&mut self, phase: Phase, at: Timestamp, why: &str) {
        self.enter(phase, at);
        self.why = Some(why.to_owned());
    }

    /// What was done is to be undone; what was not begun, or was so before, is left to be noted.
    pub(crate) fn recall(&mut self, at: Timestamp) {
        self.recalled = true;
        let done = self.dos.last.is_some();
        if done && !self.phase.is_recalled() && self.phase != Phase::Undoing {
            self.undos.new_row();
            self.reverted = false;
            self.enter(Phase::Undoing, at);
        }
    }
}
