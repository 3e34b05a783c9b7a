//! What is asked of the planner.

use cordon_model::{Estate, Foothold, Hours};

/// How much searching is allowed, counted in work units (branches of the search looked at, and what is computed for
/// them), never in time, so that the same question always gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort(pub u64);

impl Effort {
    /// Ten times what the hardest of some hundred made estates of a few hundred nodes needed. A unit takes about a
    /// millisecond, whatever the estate.
    pub const DEFAULT: Self = Self(5_000);

    /// How long a first admissible plan is looked for. Every estate seen had one within a few branches, or none; only one
    /// made to be hard needs more, and there nobody knows how much.
    #[must_use]
    pub const fn to_find_one(self) -> Self {
        Self(self.0.saturating_mul(4).saturating_add(1_000))
    }
}

/// An estate, what is held in it, and how long a cut is expected to stay.
#[derive(Debug, Clone)]
pub struct Question<'e> {
    /// The estate.
    pub estate: &'e Estate,
    /// What the intruder holds, one entry a node.
    pub footholds: Vec<Foothold>,
    /// Held entities that the estate does not know; they constrain nothing.
    pub outside_estate: Vec<String>,
    /// How long the cut is expected to stay.
    pub hold: Hours,
    /// How much searching is allowed.
    pub effort: Effort,
}
