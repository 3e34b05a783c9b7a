//! How many effects stand where: each is counted once.

use std::collections::BTreeMap;

use crate::{Phase, Progress};

/// Effects by phase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<Phase, usize>);

impl Tally {
    pub(crate) fn of(effects: &[Progress]) -> Self {
        let mut counts = BTreeMap::new();
        for effect in effects {
            *counts.entry(effect.phase).or_insert(0) += 1;
        }
        Self(counts)
    }

    /// How many stand there.
    pub fn get(&self, phase: Phase) -> usize {
        self.0.get(&phase).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }
}
