//! Which effects may begin, and which may be undone, judged by where all others stand.

use cordon_model::Timestamp;

use crate::{EffectIx, Phase, Progress, State, watch::Watch};

/// Whether an effect may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum May {
    /// Now.
    Begin,
    /// Not yet.
    NotYet,
    /// Never, and why.
    Never(String),
}

/// What the effects together allow.
pub(crate) struct Gate {
    held: bool,
    /// The earliest stage that has not settled.
    open: Option<u32>,
    /// Whether the services were seen since the stages before it settled.
    seen: bool,
    /// The last stage that is still being taken back.
    undo: Option<u32>,
    /// Until when anything could be begun, if that time is over.
    over: Option<Timestamp>,
}

impl Gate {
    pub(crate) fn of(state: &State, watch: &Watch, now: Timestamp) -> Self {
        let pairs = || state.opened.effects.iter().zip(&state.effects);
        let waits = pairs().filter(|(_, p)| !p.phase.is_settled() && !p.recalled);
        let open = waits.map(|(effect, _)| effect.stage).min();
        let before = pairs().filter(|(effect, _)| open.is_some_and(|open| effect.stage < open));
        let settled = before.filter_map(|(_, p)| p.since).max();
        let undoing = pairs().filter(|(_, p)| p.phase == Phase::Undoing && !p.reverted);
        Self {
            held: state.held.is_some(),
            open,
            seen: watch.seen_since(settled),
            undo: undoing.map(|(effect, _)| effect.stage).max(),
            over: state.opened.begin_by.filter(|until| *until <= now),
        }
    }

    /// Whether an effect may be captured and done.
    pub(crate) fn may_begin(&self, state: &State, watch: &Watch, ix: EffectIx) -> May {
        let Some(effect) = state.effect(ix) else {
            return May::NotYet;
        };
        let never_begun = |p: &Progress| p.dos.last.is_none();
        if let Some(until) = self.over.filter(|_| !self.held)
            && state.effects.get(ix.index()).is_some_and(never_begun)
        {
            return May::Never(format!("what was approved could be begun until {until:.0}"));
        }
        if self.held || self.open != Some(effect.stage) || !self.seen {
            return May::NotYet;
        }
        let Some(canary) = effect.canary else {
            return May::Begin;
        };
        let Some(ahead) = state.effects.get(canary.index()) else {
            return May::NotYet;
        };
        let failed = |how: &str| May::Never(format!("the first target of its step {how}"));
        if ahead.recalled {
            return failed("is taken back");
        }
        match ahead.phase {
            Phase::AlreadySo | Phase::Effective if watch.seen_since(ahead.since) => May::Begin,
            // What reads as wanted may still be without effect.
            Phase::AlreadySo
            | Phase::Effective
            | Phase::Waiting
            | Phase::Captured
            | Phase::Doing
            | Phase::Confirmed
            | Phase::Undoing => May::NotYet,
            Phase::Unproven => failed("is in place without effect"),
            Phase::GivenUp | Phase::Undone | Phase::Skipped | Phase::ForwardOnly | Phase::Stuck => {
                failed("did not work")
            }
        }
    }

    /// Whether an effect of this stage may be undone: later ones go first.
    pub(crate) fn may_undo(&self, stage: u32) -> bool {
        self.undo.is_none_or(|last| last <= stage)
    }
}
