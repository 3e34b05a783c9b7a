//! One linear inequality that every admissible set of steps obeys.

use std::collections::BTreeMap;

/// The sum of coefficients times variables is at least `least`; every variable lies within 0 and 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) least: i64,
    /// What everything in the row is a multiple of when it is weighed against other rows: floating
    /// point wants numbers of the order of one.
    pub(super) scale: i64,
}

impl Row {
    /// One of these at least.
    pub(super) fn one_of(variables: impl IntoIterator<Item = usize>) -> Self {
        Self {
            terms: variables.into_iter().map(|v| (v, 1)).collect(),
            least: 1,
            scale: 1,
        }
    }

    /// Not this one.
    pub(super) fn never(variable: usize) -> Self {
        Self {
            terms: vec![(variable, -1)],
            least: 0,
            scale: 1,
        }
    }

    /// Where so many of the causes hold as trip it, so does their effect; a cause named twice counts twice.
    pub(super) fn trips(effect: usize, trips: usize, causes: &[usize]) -> Self {
        let small = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let spare = small(causes.len()) - small(trips) + 1;
        let mut terms = vec![(effect, spare)];
        let mut known = BTreeMap::from([(effect, 0)]);
        for &cause in causes {
            let place = *known.entry(cause).or_insert(terms.len());
            match terms.get_mut(place) {
                Some((_, coefficient)) => *coefficient -= 1,
                None => terms.push((cause, -1)),
            }
        }
        Self {
            terms,
            least: 1 - small(trips),
            scale: 1,
        }
    }

    /// A number of this row as floating point knows it.
    #[expect(
        clippy::cast_precision_loss,
        reason = "floating point only proposes, so the nearest number serves"
    )]
    pub(super) fn scaled(&self, number: i64) -> f64 {
        number as f64 / self.scale as f64
    }

    /// How far these values are above it, in its scale; below zero if they break it.
    pub(super) fn excess(&self, values: &[f64]) -> f64 {
        let term = |&(v, c): &(usize, i64)| self.scaled(c) * values[v];
        self.terms.iter().map(term).sum::<f64>() - self.scaled(self.least)
    }
}
