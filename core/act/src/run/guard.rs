//! Services that get worse, and what is taken back for it.

use std::collections::BTreeSet;

use cordon_model::Timestamp;

use super::{Look, Output, Run};
use crate::{EffectIx, Health, Record, Scope, hand::later, watch::Sighting};

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
            | (Some(Health::Unknown(_)), Health::Ill(_)) => true,
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

    /// A service that was well is not: what may have hurt it is taken back, and nothing goes on.
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
                BTreeSet::new(),
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

    /// The steps that were done since a service was last seen well, or else the last one.
    fn suspects(&self, last_well: Option<Timestamp>) -> BTreeSet<EffectIx> {
        let blame_ms = self.state.opened.limits.blame_ms;
        let indices = || self.state.indices().zip(&self.state.effects);
        let done = || {
            indices().filter_map(|(ix, p)| {
                let at = p.dos.last.filter(|_| !p.recalled)?;
                let blamed = last_well.is_none_or(|well| later(at, blame_ms) >= well);
                blamed.then_some((ix, at))
            })
        };
        let since: Vec<EffectIx> = done()
            .filter(|(_, at)| last_well.is_none_or(|well| *at >= well))
            .map(|(ix, _)| ix)
            .collect();
        let last = || done().max_by_key(|(_, at)| *at).map(|(ix, _)| ix);
        let first = if since.is_empty() {
            last().into_iter().collect()
        } else {
            since
        };
        let step = |ix: EffectIx| self.state.effect(ix).map(|effect| &effect.step);
        let steps: BTreeSet<_> = first.into_iter().filter_map(step).collect();
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
