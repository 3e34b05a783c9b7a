//! What every admissible set of steps must cost at least, by inequalities that all of them obey.
//!
//! Any multiples of the rows, none negative, give a bound: what their sum demands, less what the
//! variables could contribute more cheaply. The simplex proposes multiples in floating point; they are
//! set to fractions of a fixed grid and the bound is then computed in whole numbers. Invariant: a bound
//! is never above the value of a set that obeys the rows, whatever the simplex does.

use std::rc::Rc;

use super::{
    row::Row,
    simplex::{Ended, Simplex},
};

/// Multiples are counted in these parts of a unit: divisible by everything up to twelve, so that the
/// fractions which multiples of small rows take come out exact.
pub(super) const PARTS: i32 = 27_720;

/// Rows, and the simplex that weighs them.
#[derive(Debug, Clone)]
pub(super) struct Relaxation {
    weights: Rc<[i64]>,
    rows: Vec<Rc<Row>>,
    simplex: Simplex,
    /// By variable, whether it is zero in every set that is asked for.
    gone: Vec<bool>,
}

/// A bound and what it would rise by for each variable taken, both on the grid.
#[derive(Debug)]
pub(super) struct Bound {
    total: i128,
    reduced: Vec<i128>,
}

impl Bound {
    /// No set that obeys the rows is worth less.
    pub(super) fn value(&self) -> i128 {
        ceil(self.total)
    }

    /// The bound on the grid.
    pub(super) fn total(&self) -> i128 {
        self.total
    }

    /// What a variable adds to it on the grid; below zero if it is what leaving it out adds.
    pub(super) fn reduced(&self, variable: usize) -> i128 {
        self.reduced[variable]
    }

    /// No set with this variable that obeys the rows is worth less.
    pub(super) fn with(&self, variable: usize) -> i128 {
        ceil(self.total + self.reduced[variable].max(0))
    }
}

fn ceil(on_grid: i128) -> i128 {
    let parts = i128::from(PARTS);
    on_grid.div_euclid(parts) + i128::from(on_grid.rem_euclid(parts) > 0)
}

impl Relaxation {
    /// No rows yet; weights are not negative and small enough to sum (see [`super::search`]).
    #[expect(
        clippy::cast_precision_loss,
        reason = "the simplex only proposes, so the nearest number serves"
    )]
    pub(super) fn new(weights: Vec<i64>) -> Self {
        Self {
            simplex: Simplex::new(weights.iter().map(|&weight| weight as f64).collect()),
            gone: vec![false; weights.len()],
            weights: weights.into(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: Rc<Row>) {
        self.simplex.add(&row);
        self.rows.push(row);
    }

    /// Has variables be zero from now on, in bounds and in points, and no longer weighs rows that the point exceeds. Whoever
    /// adds rows adds those again that are broken later.
    pub(super) fn shrink(&mut self, gone: impl IntoIterator<Item = usize>) {
        for variable in gone {
            self.gone[variable] = true;
        }
        self.simplex.shrink(&self.gone);
    }

    /// The rows that its bound is made of once more, where points leave some variables at zero. Unlike those that are gone,
    /// these count in bounds as what they are.
    pub(super) fn hiding(&self, hidden: &[usize]) -> Self {
        let mut anew = Self::new(self.weights.to_vec());
        anew.gone.clone_from(&self.gone);
        anew.simplex.shrink(&anew.gone);
        for &variable in hidden {
            anew.simplex.hide(variable);
        }
        let mut numbers: Vec<usize> = self.counted().map(|(row, _)| row).collect();
        numbers.sort_unstable();
        for number in numbers {
            anew.add(Rc::clone(&self.rows[number]));
        }
        anew
    }

    /// The best bound from the rows so far; none if it is certain that nothing obeys them.
    pub(super) fn settle(&mut self) -> Option<Bound> {
        if let Ended::Impossible(multiples) = self.simplex.settle() {
            let nothing = vec![0; self.weights.len()];
            let bound = self.bound(nothing, multiples.into_iter());
            if bound.total > 0 {
                return None;
            }
        }
        let weights = self
            .weights
            .iter()
            .map(|&weight| i128::from(weight) * i128::from(PARTS));
        Some(self.bound(weights.collect(), self.simplex.multipliers()))
    }

    fn bound(
        &self,
        mut reduced: Vec<i128>,
        multiples: impl Iterator<Item = (usize, f64)>,
    ) -> Bound {
        let mut total = 0;
        for (row, multiple) in self.on_grid(multiples) {
            let row = &self.rows[row];
            // Rounded so that the bound only falls; no rounding where the scale is one.
            let scale = i128::from(row.scale);
            let share = |number: i64| (multiple * i128::from(number)).div_euclid(scale);
            total += share(row.least);
            for &(variable, coefficient) in &row.terms {
                reduced[variable] += share(-coefficient);
            }
        }
        let there = reduced.iter().zip(&self.gone).filter(|(_, gone)| !**gone);
        total += there.map(|(&cost, _)| cost.min(0)).sum::<i128>();
        Bound { total, reduced }
    }

    /// Multiples of rows as the bound takes them; of those too large for that, none.
    fn on_grid(
        &self,
        multiples: impl Iterator<Item = (usize, f64)>,
    ) -> impl Iterator<Item = (usize, i128)> {
        let in_range = |&(row, multiple): &(usize, i128)| {
            let row = &self.rows[row];
            let widest = row.terms.iter().map(|(_, c)| c.saturating_abs()).max();
            let widest = widest.unwrap_or(0).max(row.least);
            multiple.checked_mul(i128::from(widest)).is_some()
        };
        let whole = multiples.map(|(row, multiple)| (row, whole(multiple * f64::from(PARTS))));
        whole.filter(in_range)
    }

    /// The rows that the bound is made of, by the order of adding, each with its multiple on the grid.
    pub(super) fn counted(&self) -> impl Iterator<Item = (usize, i128)> {
        self.on_grid(self.simplex.multipliers())
    }

    /// A row, by the order of adding.
    pub(super) fn row(&self, number: usize) -> &Row {
        &self.rows[number]
    }

    /// The rows that the bound is made of, by the order of adding, each with its multiple.
    pub(super) fn multiples(&self) -> impl Iterator<Item = (usize, f64)> {
        self.simplex.multipliers()
    }

    /// What is left of it where some variables are refused and others always taken: the rows that the
    /// bound is made of, without the refused. For each, which it was.
    pub(super) fn narrowed(&self, refused: &[usize], taken: &[usize]) -> (Self, Vec<usize>) {
        let mut numbers: Vec<usize> = self.counted().map(|(row, _)| row).collect();
        numbers.sort_unstable();
        let mut narrowed = Self::new(self.weights.to_vec());
        let gone = self.gone.iter().enumerate().filter(|(_, gone)| **gone);
        narrowed.shrink(gone.map(|(variable, _)| variable));
        for &number in &numbers {
            let row = &self.rows[number];
            let mut terms = row.terms.clone();
            terms.retain(|(variable, _)| refused.binary_search(variable).is_err());
            narrowed.add(Rc::new(Row {
                terms,
                ..Row::clone(row)
            }));
        }
        for &variable in taken {
            narrowed.add(Rc::new(Row::one_of([variable])));
        }
        (narrowed, numbers)
    }

    /// How much work settling it took so far, in coefficients changed.
    pub(super) fn changed(&self) -> u64 {
        self.simplex.changed()
    }

    /// How many rows were added.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The point at which the simplex rests.
    pub(super) fn values(&self) -> Vec<f64> {
        self.simplex.values()
    }
}

/// The nearest whole number of a number that is not negative, bounded so that sums stay in range.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float to an integer saturates and the range is cut first"
)]
fn whole(number: f64) -> i128 {
    number.round().clamp(0.0, 1e24) as i128
}
