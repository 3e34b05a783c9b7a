//! What the intruder is believed to hold, and how surely.

use std::{cmp::Ordering, collections::BTreeSet, fmt, sync::Arc};

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

    /// To ten-thousandths, for programs, without zeros that say nothing. Rounded half up, but what
    /// is neither certain nor impossible is never written as 1 or 0.
    pub fn decimal(self) -> String {
        let text = format!("{:.4}", self.parts(10_000.0) / 10_000.0);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// In whole percent, for people; rounded as [`Confidence::decimal`] is.
    pub fn percent(self) -> String {
        format!("{:.0}", self.parts(100.0))
    }

    /// How many parts of so many it is.
    fn parts(self, of: f64) -> f64 {
        let nearest = (self.0 * of).round();
        if self.0 <= 0.0 || self.0 >= 1.0 {
            nearest
        } else {
            nearest.clamp(1.0, of - 1.0)
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

/// To hundredths, for people; rounded as [`Confidence::decimal`] is.
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.parts(100.0) / 100.0)
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

/// From which confidence on something is believed to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    likely_from: Confidence,
    suspected_from: Confidence,
}

impl Thresholds {
    /// Thresholds; none if suspicion would begin at nothing, or above what is likely.
    pub fn new(likely_from: Confidence, suspected_from: Confidence) -> Option<Self> {
        let fits = suspected_from.0 > 0.0 && suspected_from <= likely_from;
        fits.then_some(Self {
            likely_from,
            suspected_from,
        })
    }

    /// The word for a confidence.
    pub fn belief(self, confidence: Confidence) -> Belief {
        if confidence >= self.likely_from {
            Belief::Likely
        } else if confidence >= self.suspected_from {
            Belief::Suspected
        } else {
            Belief::Unlikely
        }
    }

    /// From here on something is `likely` held.
    pub fn likely_from(self) -> Confidence {
        self.likely_from
    }

    /// From here on something is `suspected`.
    pub fn suspected_from(self) -> Confidence {
        self.suspected_from
    }
}

/// Likely from 0.8, suspected from 0.3.
impl Default for Thresholds {
    fn default() -> Self {
        Self {
            likely_from: Confidence(0.8),
            suspected_from: Confidence(0.3),
        }
    }
}

impl Belief {
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
    /// The products whose logs each say so without the others; empty if a person said it, or if only all of them
    /// together do.
    pub sources: BTreeSet<Arc<str>>,
}

impl Foothold {
    /// One that a person names, and no record.
    pub fn said(node: NodeIx, confidence: Confidence) -> Self {
        Self {
            node,
            confidence,
            evidence: Vec::new(),
            sources: BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Belief, Confidence, Thresholds};

    #[test]
    fn a_threshold_itself_is_enough_and_suspicion_never_begins_above_likelihood() {
        let of = |value: f64| Confidence::new(value).unwrap();
        let usual = Thresholds::default();
        for (value, expect) in [
            (0.8, Belief::Likely),
            (0.799, Belief::Suspected),
            (0.3, Belief::Suspected),
            (0.299, Belief::Unlikely),
        ] {
            assert_eq!(usual.belief(of(value)), expect);
        }
        let early = Thresholds::new(of(0.5), of(0.5)).unwrap();
        assert_eq!(early.belief(of(0.5)), Belief::Likely);
        assert_eq!(Thresholds::new(of(0.5), of(0.6)), None);
        assert_eq!(Thresholds::new(of(0.5), of(0.0)), None);
    }

    #[test]
    fn a_confidence_is_one_figure_everywhere_and_only_certainty_is_shown_as_certainty() {
        for (value, decimal, short, percent) in [
            (1.0, "1", "1.00", "100"),
            (0.999_98, "0.9999", "0.99", "99"),
            (0.955_648, "0.9556", "0.96", "96"),
            (0.72, "0.72", "0.72", "72"),
            (0.3, "0.3", "0.30", "30"),
            (0.000_01, "0.0001", "0.01", "1"),
            (0.0, "0", "0.00", "0"),
        ] {
            let confidence = Confidence::new(value).unwrap();
            assert_eq!(confidence.decimal(), decimal);
            assert_eq!(confidence.to_string(), short);
            assert_eq!(confidence.percent(), percent);
        }
        assert_eq!(Confidence::new(f64::NAN), None);
    }
}
