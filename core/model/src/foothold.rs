//! What the intruder is believed to hold, and how surely.

use std::{cmp::Ordering, fmt};

use crate::{EventId, NodeIx};

/// A probability of being held, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence(f64);

impl Confidence {
    /// Certainty.
    pub const CERTAIN: Self = Self(1.0);

    /// A probability; values outside 0 to 1, and what is not a number, are refused.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The word for it by the given thresholds (see [`Belief`]).
    pub fn belief(self) -> Belief {
        if self.0 >= Belief::LIKELY_FROM {
            Belief::Likely
        } else if self.0 >= Belief::SUSPECTED_FROM {
            Belief::Suspected
        } else {
            Belief::Unlikely
        }
    }
}

impl Eq for Confidence {}

impl PartialOrd for Confidence {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Confidence {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only certainty is written as certainty.
        let shown = if self.0 < 1.0 {
            self.0.min(0.99)
        } else {
            self.0
        };
        write!(f, "{shown:.2}")
    }
}

/// How surely an entity is held, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Belief {
    /// Not enough to show.
    Unlikely,
    /// Shown, and weighed.
    Suspected,
    /// A foothold of the plan.
    Likely,
}

impl Belief {
    /// From here on an entity is `likely` held.
    pub const LIKELY_FROM: f64 = 0.8;
    /// From here on an entity is `suspected`.
    pub const SUSPECTED_FROM: f64 = 0.3;

    /// The word used in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unlikely => "unlikely",
            Self::Suspected => "suspected",
            Self::Likely => "likely",
        }
    }
}

/// A node of the estate that the intruder is believed to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Foothold {
    /// Which node.
    pub node: NodeIx,
    /// How surely.
    pub confidence: Confidence,
    /// The records that say so; empty if a person said it.
    pub evidence: Vec<EventId>,
}

#[cfg(test)]
mod tests {
    use super::Confidence;

    #[test]
    fn only_certainty_is_shown_as_certainty() {
        let shown = |value| Confidence::new(value).unwrap().to_string();
        assert_eq!(shown(1.0), "1.00");
        assert_eq!(shown(0.999_9), "0.99");
        assert_eq!(shown(0.3), "0.30");
        assert_eq!(Confidence::new(f64::NAN), None);
    }
}
