//! Everything that stays the same while an engine runs, and the part of its work without state.

use std::sync::Arc;

use cordon_detect::{Hit, RuleSet};
use cordon_event::{Event, FieldMap};
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
}

/// What a record that comes twice means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// One thing that happened, delivered twice: it counts once, wherever it stands.
    Once,
    /// Every place where a record stands is of interest: only the very same place counts once.
    EachPlace,
}

/// The hits of some events: what [`Setup::screen`] found, to be handed to the engine.
#[derive(Debug, Clone, Default)]
pub struct Screened {
    pub(crate) hits: Vec<Hit>,
}

impl Screened {
    /// Puts the hits of other events behind these; the engine's result does not depend on where.
    pub fn extend(&mut self, other: Self) {
        self.hits.extend(other.hits);
    }

    /// How many hits there are.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Whether nothing matched.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }
}

impl Setup {
    /// How late a record may arrive and still change the result, unless configured otherwise.
    pub const LATENESS: SignedDuration = SignedDuration::from_mins(15);

    /// Matches events against every rule. Needs no state, so that callers may share the work among
    /// threads as they like.
    pub fn screen<'e>(&self, events: impl IntoIterator<Item = &'e Event>) -> Screened {
        let mut hits = Vec::new();
        for event in events {
            self.rules
                .screen(event, &|event| self.fields.entities(event), &mut hits);
        }
        Screened { hits }
    }
}
