//! What the records of a run add up to. There is no other way to change it than a record.
//!
//! [`State::apply`] refuses what cannot follow: an effect that is done without its state before, an effect
//! that is done while the run is held or after it was recalled. So the laws of a run hold for
//! journals that somebody else wrote too.

use std::collections::{BTreeMap, VecDeque};

use cordon_model::{ServiceId, Timestamp};
use thiserror::Error;

use crate::{Effect, EffectIx, Health, Opened, Phase, Progress, Record, Scope, Tally, hand::later};

/// A minute, which limits of speed speak of.
const MINUTE_MS: u64 = 60_000;

/// A record that cannot follow those before it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Misplaced {
    /// The first record does not open a run, or another one does.
    #[error("a journal begins with the record `opened`, and has no other one")]
    Opened,
    /// An effect that the run does not have.
    #[error("the run has no effect number {}", .0.0)]
    NoSuchEffect(EffectIx),
    /// An effect that cannot get there from where it is.
    #[error("effect {} is {phase:?}, and cannot be {record}", .effect.0)]
    Effect {
        /// Which.
        effect: EffectIx,
        /// Where it stands.
        phase: Phase,
        /// What the record says of it.
        record: &'static str,
    },
    /// A generation that is not the next.
    #[error("generation {found} follows {before}")]
    Generation {
        /// The last one.
        before: u64,
        /// The one found.
        found: u64,
    },
    /// A service that the run does not guard.
    #[error("the run does not guard the service `{0}`")]
    NoSuchService(ServiceId),
    /// Anything after its end.
    #[error("the run is closed")]
    Closed,
    /// A limit of nothing, under which nothing could ever be done.
    #[error("the limit `{0}` must be 1 at least")]
    Limit(&'static str),
    /// A canary that is no earlier effect.
    #[error("effect {} follows a canary that is not an earlier effect", .0.0)]
    Canary(EffectIx),
}

/// The state of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// What it was opened with.
    pub opened: Opened,
    /// How many executors took it over.
    pub generation: u64,
    /// How far each effect is.
    pub effects: Vec<Progress>,
    /// Why nothing further is begun, if so.
    pub held: Option<String>,
    /// How guarded services are.
    pub health: BTreeMap<ServiceId, Health>,
    /// Whether everything is taken back and nothing is on its way.
    pub closed: bool,
    /// When its last record was written; no later one counts as earlier.
    latest: Timestamp,
    /// When an executor last took it over.
    taken_over: Option<Timestamp>,
    /// When changes by steps of a kind began lately.
    begun: BTreeMap<String, VecDeque<Timestamp>>,
}

impl State {
    /// A run as it begins.
    ///
    /// # Errors
    /// When its limits forbid everything, or a canary is no earlier effect.
    pub fn new(opened: Opened) -> Result<Self, Misplaced> {
        let limits = &opened.limits;
        for (limit, value) in [
            ("per_minute_other", limits.per_minute_other),
            ("in_flight_max", limits.in_flight_max),
            ("attempts_max", limits.attempts_max),
            ("ill_looks", limits.ill_looks),
        ] {
            if value == 0 {
                return Err(Misplaced::Limit(limit));
            }
        }
        if limits.per_minute.values().any(|&most| most == 0) {
            return Err(Misplaced::Limit("per_minute"));
        }
        for (ix, effect) in (0..).map(EffectIx).zip(&opened.effects) {
            if effect.canary.is_some_and(|canary| canary >= ix) {
                return Err(Misplaced::Canary(ix));
            }
        }
        Ok(Self {
            generation: 0,
            effects: vec![Progress::new(); opened.effects.len()],
            held: None,
            health: BTreeMap::new(),
            closed: false,
            latest: Timestamp::MIN,
            taken_over: None,
            begun: BTreeMap::new(),
            opened,
        })
    }

    /// Reads the records of a journal.
    ///
    /// # Errors
    /// When one cannot follow those before it, with its number from 0.
    pub fn replay<'r>(
        records: impl IntoIterator<Item = (Timestamp, &'r Record)>,
    ) -> Result<Self, (usize, Misplaced)> {
        let mut records = records.into_iter();
        let Some((_, Record::Opened(opened))) = records.next() else {
            return Err((0, Misplaced::Opened));
        };
        let mut state = Self::new(opened.as_ref().clone()).map_err(|why| (0, why))?;
        for (number, (at, record)) in (1..).zip(records) {
            state.apply(at, record).map_err(|why| (number, why))?;
        }
        Ok(state)
    }

    /// An effect as it was ordered.
    pub fn effect(&self, ix: EffectIx) -> Option<&Effect> {
        self.opened.effects.get(ix.index())
    }

    /// All effects with their numbers.
    pub fn indices(&self) -> impl Iterator<Item = EffectIx> + use<> {
        (0..u32::try_from(self.effects.len()).unwrap_or(u32::MAX)).map(EffectIx)
    }

    /// Effects by where they stand.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.effects)
    }

    /// The time for an executor whose clock shows this: a clock that was set back shows an earlier one than was written
    /// down.
    pub fn no_earlier(&self, clock: Timestamp) -> Timestamp {
        clock.max(self.latest)
    }

    /// From when on no call for an effect can take effect any more; none if none was made. Whoever takes a run over does
    /// not know how long nobody had it, because the clock may have been set meanwhile.
    pub(crate) fn settled_at(&self, ix: EffectIx) -> Option<Timestamp> {
        let patience = self.effect(ix)?.patience;
        let progress = self.effects.get(ix.index())?;
        let last = progress.dos.last.max(progress.undos.last)?;
        Some(later(
            last.max(self.taken_over.unwrap_or(last)),
            patience.settle_ms(),
        ))
    }

    /// From when on a further target may be changed by a step of this kind; none if now.
    pub(crate) fn free_at(&self, kind: &str, now: Timestamp) -> Option<Timestamp> {
        let most = self.opened.limits.per_minute(kind);
        let begun = self.begun.get(kind)?;
        if begun.len() < usize::try_from(most).unwrap_or(usize::MAX) {
            return None;
        }
        let free = later(*begun.front()?, MINUTE_MS);
        (free > now).then_some(free)
    }

    /// Takes a record in.
    ///
    /// # Errors
    /// When it cannot follow those before it; the state is as it was then.
    pub fn apply(&mut self, at: Timestamp, record: &Record) -> Result<(), Misplaced> {
        if self.closed && !matches!(record, Record::Resumed { .. }) {
            return Err(Misplaced::Closed);
        }
        let at = self.no_earlier(at);
        match record {
            Record::Opened(_) | Record::Refused { .. } => return Err(Misplaced::Opened),
            Record::Resumed { generation, .. } => {
                let before = self.generation;
                if *generation != before + 1 {
                    let found = *generation;
                    return Err(Misplaced::Generation { before, found });
                }
                self.generation = *generation;
                self.taken_over = Some(at);
            }
            Record::Held { why } => self.held = Some(why.clone()),
            Record::Released { .. } => self.held = None,
            Record::Closed => self.closed = true,
            Record::Health { service, health } => self.see(service, health)?,
            Record::Recalling { scope, .. } => self.recall(at, scope)?,
            Record::Worse {
                service,
                health,
                recalls,
                why,
            } => {
                self.see(service, health)?;
                self.recall(at, &Scope::Effects(recalls.clone()))?;
                self.held = Some(why.clone());
            }
            Record::Captured { .. }
            | Record::Doing { .. }
            | Record::DoAnswered { .. }
            | Record::Confirmed { .. }
            | Record::Effective { .. }
            | Record::Unproven { .. }
            | Record::Drifted { .. }
            | Record::GivenUp { .. }
            | Record::Undoing { .. }
            | Record::UndoAnswered { .. }
            | Record::Reverted { .. }
            | Record::Undone { .. }
            | Record::Skipped { .. }
            | Record::ForwardOnly { .. }
            | Record::Stuck { .. } => self.progress(at, record)?,
        }
        self.latest = at;
        Ok(())
    }

    fn see(&mut self, service: &ServiceId, health: &Health) -> Result<(), Misplaced> {
        if self.opened.guarded.iter().all(|g| g.service != *service) {
            return Err(Misplaced::NoSuchService(service.clone()));
        }
        self.health.insert(service.clone(), health.clone());
        Ok(())
    }

    fn recall(&mut self, at: Timestamp, scope: &Scope) -> Result<(), Misplaced> {
        let every: Vec<EffectIx>;
        let chosen = match scope {
            Scope::All => {
                every = self.indices().collect();
                &every
            }
            Scope::Effects(chosen) => chosen,
        };
        if let Some(ix) = chosen.iter().find(|ix| self.effect(**ix).is_none()) {
            return Err(Misplaced::NoSuchEffect(*ix));
        }
        for ix in chosen {
            if let Some(progress) = self.effects.get_mut(ix.index()) {
                progress.recall(at);
            }
        }
        Ok(())
    }

    fn progress(&mut self, at: Timestamp, record: &Record) -> Result<(), Misplaced> {
        let Some((ix, word)) = record.subject() else {
            return Ok(());
        };
        let nobody = Misplaced::NoSuchEffect(ix);
        let effect = self.opened.effects.get(ix.index()).ok_or(nobody.clone())?;
        let progress = self.effects.get_mut(ix.index()).ok_or(nobody)?;
        let phase = progress.phase;
        let held = self.held.is_some() && matches!(record, Record::Doing { .. });
        if held || !progress.may_be(record, effect.reversal) {
            return Err(Misplaced::Effect {
                effect: ix,
                phase,
                record: word,
            });
        }
        progress.take(at, record);
        if matches!(record, Record::Doing { .. }) {
            self.count(ix, at);
        }
        Ok(())
    }

    fn count(&mut self, ix: EffectIx, at: Timestamp) {
        let Some(effect) = self.opened.effects.get(ix.index()) else {
            return;
        };
        let kind = effect.kind.as_str();
        let most = self.opened.limits.per_minute(kind);
        let begun = self.begun.entry(kind.to_owned()).or_default();
        begun.push_back(at);
        while begun.len() > usize::try_from(most).unwrap_or(usize::MAX) {
            begun.pop_front();
        }
    }
}
