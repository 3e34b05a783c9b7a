//! Why a plan has no steps. "Nothing has to be cut" and "nothing that could be cut is known" are
//! different news, and whoever tells a plan without steps must say which it is.

use cordon_model::Foothold;

use crate::{Answer, Outcome, TargetStatus};

/// Why a plan has no steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSteps {
    /// Nothing is likely held.
    NothingHeld,
    /// Only entities that the estate does not know are held.
    OnlyOutsideEstate,
    /// No jewel can be reached from what is held.
    NothingReachable,
}

impl NoSteps {
    /// Why the plan that answers a question has no steps: none if it has some, or if there is no
    /// plan. `footholds` and `outside` are what the question says is held in the estate and beyond.
    pub fn of(answer: &Answer, footholds: &[Foothold], outside: &[String]) -> Option<Self> {
        let Outcome::Plan(plan) = &answer.outcome else {
            return None;
        };
        if !plan.draft().steps.is_empty() {
            return None;
        }
        let reachable = |s| s == TargetStatus::CutOff || s == TargetStatus::Reachable;
        debug_assert!(
            !answer.targets.iter().any(|t| reachable(t.status)),
            "a vetted plan without steps leaves no jewel reachable"
        );
        Some(match (footholds.is_empty(), outside.is_empty()) {
            (true, true) => Self::NothingHeld,
            (true, false) => Self::OnlyOutsideEstate,
            (false, _) => Self::NothingReachable,
        })
    }

    /// The reason as one stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NothingHeld => "nothing_held",
            Self::OnlyOutsideEstate => "only_outside_estate",
            Self::NothingReachable => "nothing_reachable",
        }
    }

    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NothingHeld => "nothing is believed to be held with enough confidence to act",
            Self::OnlyOutsideEstate => {
                "everything that is held lies outside the estate, so nothing in it is reached from there"
            }
            Self::NothingReachable => "no jewel can be reached from what is held",
        }
    }
}
