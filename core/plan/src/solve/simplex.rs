//! A dual simplex on a dense dictionary: the cheapest point of a few hundred inequalities.
//!
//! Floating point, so nothing rests on it: it only proposes multipliers from which
//! [`super::relaxation`] computes an exact bound, and values that guide the search. Every basic
//! variable is written as a sum over the others, which are zero; costs stay at or above zero
//! throughout, so that the multipliers are usable whenever it stops. Rows may be added at any time; a
//! variable gets its column with the first row that names it, since until then it is best left at zero.

use std::rc::Rc;

use super::row::Row;

/// Pivots for one call. Estates of hundreds of steps need tens to a few hundred; a call that runs into
/// this has lost its way in rounding, and what it has is still a bound.
const PIVOTS_MAX: usize = 4_000;
/// Coefficients that one call changes, two or three seconds of work. Tables of thousands of lines and columns reach it.
const CHANGED_MAX: u64 = 2_500_000_000;
/// Pivots that gain nothing before choices become those that cannot go round in circles.
const STALL_MAX: usize = 60;
/// Below this a coefficient or an excess counts as zero. Values are of the order of one.
const TINY: f64 = 1e-9;

/// What a column or a line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// A variable.
    Variable(usize),
    /// How far a row, by the order of adding, is exceeded.
    Excess(usize),
}

/// A basic variable as a sum.
#[derive(Debug, Clone)]
struct Line {
    name: Name,
    value: f64,
    parts: Vec<f64>,
}

/// Where a variable is at present.
#[derive(Debug, Clone, Copy)]
enum Place {
    Unseen,
    /// It is zero for good.
    Gone,
    Column(usize),
    Line(usize),
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ended {
    /// At the cheapest point, or out of pivots on the way there.
    Settled,
    /// No point obeys all rows; these multiples of rows show it.
    Impossible(Vec<(usize, f64)>),
}

/// The dictionary.
#[derive(Debug, Clone)]
pub(super) struct Simplex {
    weights: Rc<[f64]>,
    columns: Vec<Name>,
    costs: Vec<f64>,
    lines: Vec<Line>,
    places: Vec<Place>,
    rows: usize,
    /// Coefficients that pivots changed.
    changed: u64,
}

impl Simplex {
    /// All variables at zero, no rows; weights are not negative.
    pub(super) fn new(weights: Rc<[f64]>) -> Self {
        Self {
            columns: Vec::new(),
            places: vec![Place::Unseen; weights.len()],
            costs: Vec::new(),
            weights,
            lines: Vec::new(),
            rows: 0,
            changed: 0,
        }
    }

    /// Adds a row; it is obeyed after the next call of [`Simplex::settle`].
    pub(super) fn add(&mut self, row: &Row) {
        for &(variable, _) in &row.terms {
            self.show(variable);
        }
        let mut parts = vec![0.0; self.columns.len()];
        let mut value = -row.scaled(row.least);
        for &(variable, coefficient) in &row.terms {
            let coefficient = row.scaled(coefficient);
            match self.places[variable] {
                Place::Unseen | Place::Gone => {}
                Place::Column(column) => parts[column] += coefficient,
                Place::Line(line) => {
                    let line = &self.lines[line];
                    value += coefficient * line.value;
                    for (part, other) in parts.iter_mut().zip(&line.parts) {
                        *part += coefficient * other;
                    }
                }
            }
        }
        let name = Name::Excess(self.rows);
        self.rows += 1;
        self.lines.push(Line { name, value, parts });
    }

    /// Gives a variable its column.
    fn show(&mut self, variable: usize) {
        match self.places[variable] {
            Place::Unseen => {}
            Place::Gone | Place::Column(_) | Place::Line(_) => return,
        }
        self.places[variable] = Place::Column(self.columns.len());
        self.columns.push(Name::Variable(variable));
        self.costs.push(self.weights[variable]);
        for line in &mut self.lines {
            line.parts.push(0.0);
        }
    }

    /// Leaves a variable at zero that no row names so far.
    pub(super) fn hide(&mut self, variable: usize) {
        self.places[variable] = Place::Gone;
    }

    /// Has variables that rest at zero stay there, and forgets rows that are exceeded; some of those may be broken later.
    pub(super) fn shrink(&mut self, gone: &[bool]) {
        for (place, _) in self.places.iter_mut().zip(gone).filter(|(_, gone)| **gone) {
            match place {
                Place::Unseen | Place::Column(_) => *place = Place::Gone,
                Place::Gone | Place::Line(_) => {}
            }
        }
        let stays = |name: &Name| match *name {
            Name::Variable(variable) => !matches!(self.places[variable], Place::Gone),
            Name::Excess(_) => true,
        };
        let kept: Vec<bool> = self.columns.iter().map(stays).collect();
        let mut numbers = kept.iter();
        self.columns.retain(|_| numbers.next() == Some(&true));
        let mut numbers = kept.iter();
        self.costs.retain(|_| numbers.next() == Some(&true));
        self.lines
            .retain(|line| matches!(line.name, Name::Variable(_)));
        for line in &mut self.lines {
            let mut numbers = kept.iter();
            line.parts.retain(|_| numbers.next() == Some(&true));
        }
        for number in 0..self.columns.len() {
            self.note(self.columns[number], Place::Column(number));
        }
        for number in 0..self.lines.len() {
            self.note(self.lines[number].name, Place::Line(number));
        }
    }

    /// Pivots until every row is obeyed or cannot be.
    pub(super) fn settle(&mut self) -> Ended {
        let mut stalled = 0;
        let until = self.changed + CHANGED_MAX;
        for _ in 0..PIVOTS_MAX {
            if self.changed > until {
                break;
            }
            let Some(line) = self.leaving(stalled) else {
                break;
            };
            let Some(column) = self.entering(line, stalled) else {
                return Ended::Impossible(self.reasons(line));
            };
            stalled = if self.costs[column] > TINY {
                0
            } else {
                stalled + 1
            };
            self.pivot(line, column);
        }
        Ended::Settled
    }

    /// The line furthest below zero; the first by name once stalled.
    fn leaving(&self, stalled: usize) -> Option<usize> {
        let broken = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.value < -TINY);
        let found = if stalled > STALL_MAX {
            broken.min_by_key(|(_, line)| line.name)
        } else {
            broken.min_by(|(_, a), (_, b)| a.value.total_cmp(&b.value))
        };
        found.map(|(line, _)| line)
    }

    /// The column whose cost rises least for raising that line; of equals the safest to divide by,
    /// once stalled the first by name.
    fn entering(&self, line: usize, stalled: usize) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (column, &part) in self.lines[line].parts.iter().enumerate() {
            if part <= TINY {
                continue;
            }
            let ratio = self.costs[column].max(0.0) / part;
            let better = best.is_none_or(|(least, at)| {
                let same = ratio <= least + least.abs() * 1e-12;
                let wins = if stalled > STALL_MAX {
                    self.columns[column] < self.columns[at]
                } else {
                    part > self.lines[line].parts[at]
                };
                ratio < least - least.abs() * 1e-12 || same && wins
            });
            if better {
                best = Some((ratio, column));
            }
        }
        best.map(|(_, column)| column)
    }

    fn reasons(&self, line: usize) -> Vec<(usize, f64)> {
        let line = &self.lines[line];
        let columns = self.columns.iter().zip(&line.parts);
        let multiples = columns
            .map(|(&name, part)| (name, -part))
            .chain([(line.name, 1.0)]);
        multiples
            .filter_map(|(name, multiple)| match name {
                Name::Excess(row) if multiple > 0.0 => Some((row, multiple)),
                Name::Excess(_) | Name::Variable(_) => None,
            })
            .collect()
    }

    fn pivot(&mut self, at: usize, column: usize) {
        let mut parts = std::mem::take(&mut self.lines[at].parts);
        let by = parts[column];
        for part in &mut parts {
            *part /= -by;
        }
        parts[column] = 1.0 / by;
        let value = -self.lines[at].value / by;
        for line in &mut self.lines {
            let Some(share) = line.parts.get_mut(column).map(std::mem::take) else {
                continue;
            };
            if share.abs() > TINY * 1e-3 {
                self.changed += parts.len() as u64;
                line.value += share * value;
                add_scaled(&mut line.parts, share, &parts);
            }
        }
        let share = std::mem::take(&mut self.costs[column]);
        add_scaled(&mut self.costs, share, &parts);
        let entering = std::mem::replace(&mut self.columns[column], self.lines[at].name);
        self.note(self.lines[at].name, Place::Column(column));
        self.note(entering, Place::Line(at));
        self.lines[at] = Line {
            name: entering,
            value,
            parts,
        };
    }

    fn note(&mut self, name: Name, place: Place) {
        match name {
            Name::Variable(variable) => self.places[variable] = place,
            Name::Excess(_) => {}
        }
    }

    /// How many coefficients pivots changed so far: the work of it.
    pub(super) fn changed(&self) -> u64 {
        self.changed
    }

    /// The multiplier of each row that has one.
    pub(super) fn multipliers(&self) -> impl Iterator<Item = (usize, f64)> {
        let columns = self.columns.iter().zip(&self.costs);
        columns.filter_map(|(name, &cost)| match name {
            Name::Excess(row) if cost > 0.0 => Some((*row, cost)),
            Name::Excess(_) | Name::Variable(_) => None,
        })
    }

    /// The value of each variable.
    pub(super) fn values(&self) -> Vec<f64> {
        let value = |place: &Place| match place {
            Place::Unseen | Place::Gone | Place::Column(_) => 0.0,
            Place::Line(line) => self.lines[*line].value.clamp(0.0, 1.0),
        };
        self.places.iter().map(value).collect()
    }
}

fn add_scaled(to: &mut [f64], factor: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * from;
    }
}
