//! Services that get worse, and what is taken back for it.

use std::collections::BTreeSet;

use cordon_model::Timestamp;

use super::{Look, Output, Run};
use crate::{EffectIx, Health, Progress, Record, Scope, hand::later, watch::Sighting};

impl Run {
    pub(super) fn saw(
        &mut self,
        now: Timestamp,
        look: Look,
        health: Health,
        out: &mut Vec<Output>,
    ) {
        let limits = &self.state.opened.limits;
        let Some(guarded) = self.state.opened.guarded.get(look.guarded) else {
            self.unexpected += 1;
            return;
        };
        let before = self.state.health.get(&guarded.service);
        let worsens = match (before, &health) {
            (Some(Health::Well), Health::Ill(_) | Health::Unknown(_))
            | (Some(Health::Unknown(_)), Health::Ill(_))
            | (None, Health::Unknown(_)) => true,
            (Some(_) | None, _) => false,
        };
        if let Some(sighting) = self.watch.saw(look, health, before, limits) {
            if worsens {
                self.worse(now, sighting, out);
            } else {
                let service = guarded.service.clone();
                let health = sighting.health;
                self.note(now, Record::Health { service, health }, out);
            }
        }
    }

    /// A service that was well is not, or nobody could ever see it: what may have hurt it is taken back, and nothing goes
    /// on.
    fn worse(&mut self, now: Timestamp, sighting: Sighting, out: &mut Vec<Output>) {
        let Some(guarded) = self.state.opened.guarded.get(sighting.guarded) else {
            return;
        };
        let service = guarded.service.clone();
        let (recalls, why) = match &sighting.health {
            Health::Well => return,
            Health::Ill(seen) => (
                self.suspects(sighting.last_well),
                format!("`{service}` got worse: {seen}"),
            ),
            Health::Unknown(seen) => (
                self.blinding(sighting.last_well),
                format!("`{service}` cannot be seen: {seen}"),
            ),
        };
        let worse = Record::Worse {
            service,
            health: sighting.health,
            recalls: recalls.into_iter().collect(),
            why,
        };
        self.note(now, worse, out);
        self.let_go();
    }

    /// The steps that may have taken effect since a service was last seen well, or else the last one
    /// if it is not long ago.
    fn suspects(&self, last_well: Option<Timestamp>) -> BTreeSet<EffectIx> {
        let blame_ms = self.state.opened.limits.blame_ms;
        let mut first = self.since(last_well);
        if first.is_empty() {
            let recent = |(.., last): &(EffectIx, &Progress, Timestamp)| {
                last_well.is_none_or(|well| later(*last, blame_ms) >= well)
            };
            let latest = self.done().filter(recent).max_by_key(|(.., last)| *last);
            first.extend(latest.map(|(ix, ..)| ix));
        }
        self.whole_steps(first)
    }

    /// The steps that may have taken effect since a service was last seen well, for which it may be out of sight. An
    /// executor that never saw it knows of none: it may stand where nobody sees.
    fn blinding(&self, last_well: Option<Timestamp>) -> BTreeSet<EffectIx> {
        let since = last_well.map(|well| self.since(Some(well)));
        self.whole_steps(since.unwrap_or_default())
    }

    /// What was done and is not taken back, with when it was last called for.
    fn done(&self) -> impl Iterator<Item = (EffectIx, &Progress, Timestamp)> {
        let pairs = self.state.indices().zip(&self.state.effects);
        pairs.filter_map(|(ix, progress)| {
            let last = progress.dos.last.filter(|_| !progress.recalled)?;
            Some((ix, progress, last))
        })
    }

    /// What may have taken effect since then.
    fn since(&self, last_well: Option<Timestamp>) -> Vec<EffectIx> {
        let may = |(ix, progress, last): &(EffectIx, &Progress, Timestamp)| {
            let Some(well) = last_well else {
                return true;
            };
            // The service was seen well while it was in place.
            let innocent = progress
                .confirmed
                .is_some_and(|at| at >= *last && at < well);
            let effect = self.state.effect(*ix);
            let lands = effect.map_or(0, |effect| effect.patience.settle_ms());
            !innocent && later(*last, lands) >= well
        };
        self.done().filter(may).map(|(ix, ..)| ix).collect()
    }

    /// All effects of the steps that these belong to.
    fn whole_steps(&self, some: Vec<EffectIx>) -> BTreeSet<EffectIx> {
        let step = |ix: EffectIx| self.state.effect(ix).map(|effect| &effect.step);
        let steps: BTreeSet<_> = some.into_iter().filter_map(step).collect();
        let of_them = |ix: &EffectIx| step(*ix).is_some_and(|id| steps.contains(id));
        self.state.indices().filter(of_them).collect()
    }

    pub(super) fn recall(&mut self, now: Timestamp, why: String, out: &mut Vec<Output>) {
        let scope = Scope::All;
        self.note(now, Record::Recalling { scope, why }, out);
        self.let_go();
    }

    /// What was read for doing is not what undoing asks, and nobody waits for a call that hangs: its
    /// outcome is unknown from here on.
    fn let_go(&mut self) {
        for (hand, progress) in self.hands.iter_mut().zip(&self.state.effects) {
            if progress.recalled {
                hand.stale();
                self.in_flight -= u32::from(hand.call.take().is_some());
            }
        }
    }
}
