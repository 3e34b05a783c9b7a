//! The state machine: hits wait until nothing earlier can still come, then become detections,
//! incidents, and a decision.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_detect::{Canonical, Correlator, Hit, Match};
use cordon_incident::{Incident, incidents};
use cordon_model::{Confidence, Detection, Estate, EventId, LogRef, NodeIx, Timestamp};
use cordon_plan::Question;

use crate::{Decision, Repeats, Screened, Setup, decide, decision::held};

/// Most hits remembered, to know a duplicate again: a busy week of a large retailer, in about
/// 200 MB. Further ones are counted as overflow, and nothing is decided on them.
const HITS_MAX: usize = 2_000_000;

/// What an engine is told.
#[derive(Debug, Clone)]
pub enum Input {
    /// Events were screened.
    Screened(Screened),
    /// An analyst says whether a node is held.
    Mark(NodeIx, Mark),
    /// Only time has passed.
    Tick,
    /// No more will come: all that waits is used, and a decision is asked for.
    End,
}

/// An analyst's word on a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// It is held, this surely.
    Held(Confidence),
    /// It is not held, whatever the detections say.
    Clear,
}

/// What follows from an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// New detections, oldest first.
    Detections(Vec<Detection>),
    /// All incidents there are, after something about them changed.
    Incidents(Vec<Incident>),
    /// What to do about what is held, after that changed.
    Decision(Box<Decision>),
}

/// What became of the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Hits that were used.
    pub used: u64,
    /// Hits seen before, and put aside.
    pub duplicates: u64,
    /// Hits that came later than the lateness: reported, but not correlated.
    pub late: u64,
    /// Hits put aside because the engine remembers no more.
    pub overflow: u64,
}

/// What makes a hit the same as another: when, which record, which rule, and where it stands if
/// every place counts.
type HitKey = (
    Option<Timestamp>,
    EventId,
    cordon_detect::RuleIx,
    Option<LogRef>,
);

/// Whether more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Running,
    Ending,
}

/// The middle of the product as one state machine.
#[derive(Debug)]
pub struct Engine {
    setup: Setup,
    correlator: Correlator,
    waiting: BTreeMap<HitKey, Hit>,
    seen: BTreeSet<HitKey>,
    /// Everything up to here was used; what comes now and is older is late.
    horizon: Timestamp,
    detections: Vec<Detection>,
    incidents: Vec<Incident>,
    marks: BTreeMap<NodeIx, Mark>,
    decided: Option<crate::decision::Held>,
    tally: Tally,
}

impl Engine {
    /// An engine that knows nothing yet.
    pub fn new(setup: Setup) -> Self {
        let correlator = Correlator::new(Arc::clone(&setup.rules), canonical(&setup.estate));
        Self {
            setup,
            correlator,
            waiting: BTreeMap::new(),
            seen: BTreeSet::new(),
            horizon: Timestamp::MIN,
            detections: Vec::new(),
            incidents: Vec::new(),
            marks: BTreeMap::new(),
            decided: None,
            tally: Tally::default(),
        }
    }

    /// What the engine works with.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What became of the hits so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Takes one input at a time `now`, and gives what follows.
    ///
    /// Hits wait until `now` is past their time by the lateness. Over files, where nothing tells how
    /// far the writing had come, `now` stays at [`Timestamp::MIN`] until [`Input::End`].
    pub fn advance(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let stage = if matches!(input, Input::End) {
            Stage::Ending
        } else {
            Stage::Running
        };
        let mut fresh = Vec::new();
        match input {
            Input::Screened(screened) => {
                for hit in screened.matches.into_iter().flat_map(Match::into_hits) {
                    self.take(hit, &mut fresh);
                }
            }
            Input::Mark(node, mark) => {
                self.marks.insert(node, mark);
            }
            Input::Tick | Input::End => {}
        }
        let reached = now
            .checked_sub(self.setup.lateness)
            .unwrap_or(Timestamp::MIN);
        self.horizon = self.horizon.max(match stage {
            Stage::Running => reached,
            Stage::Ending => Timestamp::MAX,
        });
        self.release(&mut fresh);
        self.conclude(fresh, stage)
    }

    /// Lets a hit wait for its turn, or puts it aside with a counted reason.
    fn take(&mut self, hit: Hit, fresh: &mut Vec<Detection>) {
        let place = match self.setup.repeats {
            Repeats::Once => None,
            Repeats::EachPlace => Some(hit.evidence.log.clone()),
        };
        let key = (hit.evidence.time, hit.evidence.id.clone(), hit.rule, place);
        if self.seen.contains(&key) {
            self.tally.duplicates += 1;
            if let Some(first) = self.waiting.get_mut(&key)
                && hit.evidence.log < first.evidence.log
            {
                *first = hit;
            }
            return;
        }
        if self.seen.len() >= HITS_MAX {
            self.tally.overflow += 1;
            return;
        }
        self.seen.insert(key.clone());
        if key.0.is_some_and(|time| time <= self.horizon) {
            self.tally.late += 1;
            fresh.extend(self.setup.rules.detection(&hit));
        } else {
            self.waiting.insert(key, hit);
        }
    }

    /// Uses every waiting hit that nothing earlier can overtake any more.
    fn release(&mut self, fresh: &mut Vec<Detection>) {
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0.is_some_and(|time| time > self.horizon) {
                break;
            }
            let hit = entry.remove();
            self.tally.used += 1;
            fresh.extend(self.setup.rules.detection(&hit));
            fresh.extend(self.correlator.observe(&hit));
        }
    }

    /// Says what changed.
    fn conclude(&mut self, fresh: Vec<Detection>, stage: Stage) -> Vec<Output> {
        let ends = stage == Stage::Ending;
        let mut outputs = Vec::new();
        if !fresh.is_empty() {
            self.detections.extend(fresh.iter().cloned());
            outputs.push(Output::Detections(fresh));
            let now = incidents(&self.setup.estate, &self.detections);
            if now != self.incidents && !ends {
                outputs.push(Output::Incidents(now.clone()));
            }
            self.incidents = now;
        }
        if ends {
            outputs.push(Output::Incidents(self.incidents.clone()));
        }
        let held = held(&self.incidents, &self.marks);
        let changed = self
            .decided
            .as_ref()
            .map_or(!held.footholds.is_empty(), |d| *d != held);
        if changed || ends {
            let decision = decide(Question {
                estate: &self.setup.estate,
                footholds: held.footholds.clone(),
                outside_estate: held.outside.clone(),
                hold: self.setup.hold.clone(),
                effort: self.setup.effort,
            });
            outputs.push(Output::Decision(Box::new(decision)));
            self.decided = Some(held);
        }
        outputs
    }
}

/// One name for each thing the estate knows, so that a correlation joins a person's records
/// whatever the logs call them.
fn canonical(estate: &Arc<Estate>) -> Canonical {
    let estate = Arc::clone(estate);
    Arc::new(move |name| match estate.resolve(name) {
        Some(node) => estate.node(node).id.as_str().into(),
        None => name.to_lowercase().into(),
    })
}
