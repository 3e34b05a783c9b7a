//! A question looked at from all sides, and the effort that all the searches for that share.
//!
//! Most of them need little. Where many need much, each of some forty would take as long as the plan itself: so all of them
//! together have as much as the plan had, and each that comes when it is spent has little left.

use std::{cell::Cell, ops::Deref};

use crate::{
    Effort, Question,
    infeasible::Demands,
    solve::{self, Found, NoSet, Ties},
};

/// Of the effort of the question, the part that one search may take, and the part that it may take in any case.
const SHARE: u64 = 5;
const LEAST_SHARE: u64 = 100;

/// A question, and what is left of the effort.
#[derive(Debug)]
pub(super) struct Asked<'q> {
    question: &'q Question<'q>,
    left: Cell<u64>,
}

impl<'q> Deref for Asked<'q> {
    type Target = Question<'q>;

    fn deref(&self) -> &Self::Target {
        self.question
    }
}

impl<'q> Asked<'q> {
    /// Nothing is spent.
    pub(super) fn new(question: &'q Question<'q>) -> Self {
        Self {
            left: Cell::new(question.effort.0),
            question,
        }
    }

    /// The cheapest plan of a question that is this one with something changed.
    ///
    /// # Errors
    /// When there is none, or none was found.
    pub(super) fn cheapest(&self, changed: &Question<'_>) -> Result<Found, NoSet> {
        let all = self.question.effort.0;
        let left = self.left.get().max(all.div_ceil(LEAST_SHARE));
        let effort = Effort(all.div_ceil(SHARE).min(left));
        let found = solve::cheapest(
            &Demands::of(changed).task(changed),
            effort,
            Ties::FirstByIds,
        );
        let work = match &found {
            Ok(found) => found.work,
            Err(NoSet::NotFound(work)) => *work,
            Err(NoSet::Impossible) => 0,
        };
        self.left.set(self.left.get().saturating_sub(work));
        found
    }
}
