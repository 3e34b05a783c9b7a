//! One linear inequality that every admissible set of steps obeys.

/// The sum of coefficients times variables is at least `least`; every variable lies within 0 and 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i32)>,
    pub(super) least: i32,
}

impl Row {
    /// One of these at least.
    pub(super) fn one_of(variables: impl IntoIterator<Item = usize>) -> Self {
        Self {
            terms: variables.into_iter().map(|v| (v, 1)).collect(),
            least: 1,
        }
    }

    /// Not this one.
    pub(super) fn never(variable: usize) -> Self {
        Self {
            terms: vec![(variable, -1)],
            least: 0,
        }
    }

    /// Where all causes hold, so does their effect; a cause named twice counts twice.
    pub(super) fn forces(effect: usize, causes: &[usize]) -> Self {
        let mut terms = vec![(effect, 1)];
        for &cause in causes {
            match terms.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, coefficient)) => *coefficient -= 1,
                None => terms.push((cause, -1)),
            }
        }
        let causes = i32::try_from(causes.len()).unwrap_or(i32::MAX);
        Self {
            terms,
            least: 1 - causes,
        }
    }

    /// How far these values are above it; below zero if they break it.
    pub(super) fn excess(&self, values: &[f64]) -> f64 {
        let sum = self
            .terms
            .iter()
            .map(|&(v, c)| f64::from(c) * values[v])
            .sum::<f64>();
        sum - f64::from(self.least)
    }
}
