//! The independent check of a plan.

use crate::Draft;

/// A plan that the checker passed.
#[derive(Debug, Clone, PartialEq)]
pub struct VettedPlan {
    draft: Draft,
}

impl VettedPlan {
    /// What was passed.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }
}
