//! Everything that stays the same while an engine runs, and the part of its work without state.

use std::sync::Arc;

use cordon_detect::{Match, Repeats, RuleSet, Screener};
use cordon_event::{Event, FieldMap, Numbering, Seen};
use cordon_model::{Estate, Hours};
use cordon_plan::Effort;
use jiff::SignedDuration;

/// What an engine works with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the organisation runs.
    pub estate: Arc<Estate>,
    /// The rules to match.
    pub rules: Arc<RuleSet>,
    /// Which field of which log names whom.
    pub fields: Arc<FieldMap>,
    /// How long a cut is expected to stay.
    pub hold: Hours,
    /// How much searching a decision may take.
    pub effort: Effort,
    /// How late a record may arrive and still change the result.
    pub lateness: SignedDuration,
    /// What a record that comes twice means.
    pub repeats: Repeats,
    /// What is asked for.
    pub goal: Goal,
}

/// What an engine is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// What the rules say, and nothing that follows from it.
    Detections,
    /// The same, for somebody who waits: a plain rule's word on a record comes with the record, and only
    /// correlations wait until nothing earlier can still come.
    DetectionsAtOnce,
    /// What to do.
    Decision,
}

/// What [`Setup::screen`] found in some events, to be handed to the engine.
#[derive(Debug, Clone, Default)]
pub struct Screened {
    pub(crate) matches: Vec<Match>,
    pub(crate) seen: Seen,
}

impl Screened {
    /// Puts what was found in other events behind this; the engine's result does not depend on
    /// where.
    pub fn extend(&mut self, other: Self) {
        self.matches.extend(other.matches);
        self.seen.merge(other.seen);
    }

    /// Says what the records of a part of a stream are called there.
    pub fn number(&mut self, numbering: &Numbering) {
        for found in &mut self.matches {
            let evidence = &mut found.evidence;
            numbering.apply(&mut evidence.log, &mut evidence.id);
        }
    }

    /// How many hits there are: one for each rule that matched a record.
    pub fn len(&self) -> usize {
        self.matches.iter().map(|found| found.rules.len()).sum()
    }

    /// Whether nothing matched.
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty()
    }
}

impl Setup {
    /// How late a record may arrive and still change the result, unless configured otherwise.
    pub const LATENESS: SignedDuration = SignedDuration::from_mins(15);

    /// Matches events against every rule, one after another. Keeps no state that shows in a
    /// result, so that callers may share the work among threads as they like, each with one of
    /// these.
    pub fn screen(&self) -> Screen<'_> {
        Screen {
            screener: Screener::new(&self.rules),
            fields: &self.fields,
            screened: Screened::default(),
        }
    }
}

/// One event after another through all rules.
#[derive(Debug)]
pub struct Screen<'s> {
    screener: Screener<'s>,
    fields: &'s FieldMap,
    screened: Screened,
}

impl Screen<'_> {
    /// Takes one event.
    pub fn take(&mut self, event: &Event) {
        self.screened.seen.saw(event);
        let entities = |event: &Event| self.fields.entities(event);
        let found = self.screener.screen(event, &entities);
        self.screened.matches.extend(found);
    }

    /// Gives what was found since this was last asked.
    pub fn give(&mut self) -> Screened {
        std::mem::take(&mut self.screened)
    }
}
