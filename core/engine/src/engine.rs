//! The state machine: hits wait until nothing earlier can still come, then become detections,
//! incidents, and a decision.

use std::{collections::BTreeMap, sync::Arc};

use cordon_detect::{Canonical, Correlator, Hit, Losses, Match, Reorder, Tally};
use cordon_event::Coverage;
use cordon_incident::{Change, Grouping, Incident, Mark, Marked};
use cordon_model::{Detection, Estate, Timestamp};
use cordon_plan::Question;

use crate::{Decision, Goal, Screened, Setup, decide, decision::held};

/// What an engine is told.
#[derive(Debug, Clone)]
pub enum Input {
    /// Events were screened.
    Screened(Screened),
    /// An analyst says whether something is held.
    Mark(Marked, Mark),
    /// Only time has passed.
    Tick,
    /// No more will come: all that waits is used, and a decision is asked for.
    End,
}

/// What follows from an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// New detections, oldest first.
    Detections(Vec<Detection>),
    /// All incidents there are, after something about them changed.
    Incidents(Vec<Incident>),
    /// Incidents that became one, or one that became several, since they were last told.
    Changes(Vec<Change>),
    /// What to do about what is held, after that changed.
    Decision(Box<Decision>),
}

/// Whether more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Running,
    /// It may, and an analyst said something.
    Judged,
    Ending,
}

/// The middle of the product as one state machine.
#[derive(Debug)]
pub struct Engine {
    setup: Setup,
    correlator: Correlator,
    reorder: Reorder,
    coverage: Coverage,
    /// Hits on events that nobody delivered.
    own_hits: u64,
    grouping: Grouping,
    incidents: Vec<Incident>,
    marks: BTreeMap<Marked, Mark>,
    decided: Option<crate::decision::Held>,
}

impl Engine {
    /// An engine that knows nothing yet.
    pub fn new(setup: Setup) -> Self {
        let correlator = Correlator::new(Arc::clone(&setup.rules), canonical(&setup.estate));
        let reorder = Reorder::new(setup.repeats);
        let grouping = Grouping::new(Arc::clone(&setup.estate), Arc::clone(&setup.knowledge));
        Self {
            setup,
            correlator,
            reorder,
            coverage: Coverage::default(),
            own_hits: 0,
            grouping,
            incidents: Vec::new(),
            marks: BTreeMap::new(),
            decided: None,
        }
    }

    /// What the engine works with.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What became of the hits so far. Late ones were told, but not correlated.
    pub fn tally(&self) -> Tally {
        self.reorder.tally()
    }

    /// What correlations did not take into account so far.
    pub fn losses(&self) -> Losses {
        self.correlator.losses()
    }

    /// Which sources wrote when, and which fell silent.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// How often it was not kept who uses something, because there was no room for one more thing.
    pub fn uses_left_out(&self) -> u64 {
        self.grouping.left_out()
    }

    /// How many statements of who had an address were forgotten because later ones took their place, and how many
    /// were not taken because there was no room.
    pub fn leases_lost(&self) -> (u64, u64) {
        self.grouping.leases_lost()
    }

    /// How many hits there were on what the engine itself noted, that a source fell silent: nobody delivered them.
    pub fn own_hits(&self) -> u64 {
        self.own_hits
    }

    /// Takes one input at a time `now`, and gives what follows.
    ///
    /// Hits wait until `now` is past their time by the lateness. Over files, where nothing tells how
    /// far the writing had come, `now` stays at [`Timestamp::MIN`] until [`Input::End`].
    pub fn advance(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let mut stage = if matches!(input, Input::End) {
            Stage::Ending
        } else {
            Stage::Running
        };
        let mut fresh = Vec::new();
        match input {
            Input::Screened(screened) => {
                self.coverage.merge(screened.seen);
                for alias in &screened.aliases {
                    self.grouping.learn(alias);
                }
                self.grouping.notice(&screened.uses);
                for lease in &screened.leases {
                    self.grouping.lend(lease);
                }
                for hit in screened.matches.into_iter().flat_map(Match::into_hits) {
                    self.take(hit, &mut fresh);
                }
            }
            Input::Mark(marked, mark) => {
                self.grouping.mark(&marked, mark.clone());
                self.marks.insert(marked, mark);
                stage = Stage::Judged;
            }
            Input::Tick | Input::End => {}
        }
        let horizon = match stage {
            Stage::Running | Stage::Judged => now
                .checked_sub(self.setup.lateness)
                .unwrap_or(Timestamp::MIN),
            Stage::Ending => Timestamp::MAX,
        };
        self.note_silence(horizon, &mut fresh);
        self.reorder.move_horizon(horizon);
        self.release(&mut fresh);
        fresh.extend(match stage {
            Stage::Running | Stage::Judged => self.correlator.pass(self.reorder.horizon()),
            Stage::Ending => self.correlator.finish(),
        });
        self.conclude(fresh, stage)
    }

    /// That a source fell silent is an event like any other, as soon as nothing can come that denies it.
    fn note_silence(&mut self, horizon: Timestamp, fresh: &mut Vec<Detection>) {
        let events = self.coverage.advance(horizon);
        if events.is_empty() {
            return;
        }
        let mut screen = self.setup.screen();
        for event in &events {
            screen.take(event);
        }
        let matches = screen.give().matches;
        for hit in matches.into_iter().flat_map(Match::into_hits) {
            self.own_hits += 1;
            self.take(hit, fresh);
        }
    }

    /// Lets a hit wait for its turn; a late one is told at once, and not correlated.
    fn take(&mut self, hit: Hit, fresh: &mut Vec<Detection>) {
        let told = self.setup.goal == Goal::DetectionsAtOnce && !self.reorder.knows(&hit);
        if told {
            fresh.extend(self.setup.rules.detection(&hit));
        }
        if let Some(late) = self.reorder.take(hit)
            && !told
        {
            fresh.extend(self.setup.rules.detection(&late));
        }
        self.release(fresh);
    }

    /// Uses every record whose turn has come.
    fn release(&mut self, fresh: &mut Vec<Detection>) {
        while let Some(hits) = self.reorder.next_record() {
            if self.setup.goal != Goal::DetectionsAtOnce {
                let plain = hits.iter().map(|hit| self.setup.rules.detection(hit));
                fresh.extend(plain.flatten());
            }
            fresh.extend(self.correlator.observe_record(&hits));
        }
    }

    /// Says what changed.
    fn conclude(&mut self, fresh: Vec<Detection>, stage: Stage) -> Vec<Output> {
        if self.setup.goal != Goal::Decision {
            return vec![Output::Detections(fresh)];
        }
        let ends = stage == Stage::Ending;
        let mut outputs = Vec::new();
        for detection in &fresh {
            self.grouping.add(detection.clone());
        }
        if !fresh.is_empty() || stage != Stage::Running {
            let now = self.grouping.incidents();
            let changes = self.grouping.take_changes();
            if !fresh.is_empty() {
                outputs.push(Output::Detections(fresh));
            }
            if now != self.incidents || ends {
                outputs.push(Output::Incidents(now.clone()));
            }
            if !changes.is_empty() {
                outputs.push(Output::Changes(changes));
            }
            self.incidents = now;
        }
        let thresholds = self.setup.knowledge.thresholds;
        let held = held(&self.incidents, (&self.marks, thresholds));
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
