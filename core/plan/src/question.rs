//! What is asked of the planner.

use cordon_model::{Estate, Foothold, Hours};

/// How much searching is allowed, counted in work units (branches of the search looked at), never
/// in time, so that the same question always gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort(pub u64);

impl Effort {
    /// Enough to prove estates of a few hundred nodes.
    pub const DEFAULT: Self = Self(2_000_000);
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
