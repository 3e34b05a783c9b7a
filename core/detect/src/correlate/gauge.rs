//! What is counted and measured in a window, kept up to date as entries come and go.
//!
//! Each entry is added once and taken away once, and what a condition asks for is then at hand: no
//! question looks through the window. Sums are exact, so that taking away leaves no trace.

use std::collections::BTreeMap;

use cordon_model::Timestamp;
use cordon_sigma::{Bound, CorrelationKind, Decimal, Expr, Measure, Order};

use super::{
    chain::Chain,
    group::Key,
    ranked::{Rank, Ranked},
    window::Entry,
};

/// What is counted and measured in a window. Entries carry only what their correlation asks for,
/// so that the other parts stay empty.
#[derive(Debug)]
pub(super) struct Gauge {
    entries: u32,
    /// How many entries came through each position.
    positions: Vec<usize>,
    /// How many positions have an entry.
    met: u64,
    /// How many entries have each counted value.
    values: BTreeMap<Key, usize>,
    sum: Decimal,
    numbers: u32,
    ranked: Option<Ranked>,
    /// One for each order that would do.
    chains: Vec<Chain>,
    /// What was done, in entries and moves within structures.
    steps: u64,
}

impl Gauge {
    pub(super) fn new(kind: &CorrelationKind, positions: usize) -> Self {
        let ranked = match kind {
            CorrelationKind::ValueMeasure { measure, .. } => match measure {
                Measure::Percentile(percentile) => Some(Rank::Percentile(*percentile)),
                Measure::Median => Some(Rank::Middle),
                Measure::Sum | Measure::Average => None,
            },
            CorrelationKind::EventCount(_)
            | CorrelationKind::ValueCount { .. }
            | CorrelationKind::Temporal(_)
            | CorrelationKind::TemporalWhere(_)
            | CorrelationKind::TemporalOrdered(_) => None,
        };
        Self {
            entries: 0,
            positions: vec![0; positions],
            met: 0,
            values: BTreeMap::new(),
            sum: Decimal::default(),
            numbers: 0,
            ranked: ranked.map(Ranked::new),
            chains: orders(kind)
                .iter()
                .map(|order| Chain::new(order.sequence.clone()))
                .collect(),
            steps: 0,
        }
    }

    /// Adds an entry, which is not older than any before it.
    pub(super) fn add(&mut self, entry: &Entry) {
        self.entries += 1;
        for position in &entry.positions {
            if let Some(count) = self.positions.get_mut(*position) {
                *count += 1;
                self.met += u64::from(*count == 1);
            }
        }
        for value in &entry.values {
            *self.values.entry(Key::clone(value)).or_default() += 1;
        }
        for number in entry.numbers.values().flatten() {
            self.sum = self.sum + *number;
            self.numbers += 1;
            self.ranked
                .iter_mut()
                .for_each(|ranked| ranked.add(*number));
        }
        for chain in &mut self.chains {
            chain.add(entry.time, &entry.positions);
            self.steps += 1;
        }
        self.steps += 1;
    }

    /// Takes away the oldest entry.
    pub(super) fn remove(&mut self, entry: &Entry) {
        self.entries -= 1;
        for position in &entry.positions {
            if let Some(count) = self.positions.get_mut(*position) {
                *count -= 1;
                self.met -= u64::from(*count == 0);
            }
        }
        for value in &entry.values {
            if let Some(count) = self.values.get_mut(value) {
                *count -= 1;
                if *count == 0 {
                    self.values.remove(value);
                }
            }
        }
        for number in entry.numbers.values().flatten() {
            self.sum = self.sum - *number;
            self.numbers -= 1;
            self.ranked
                .iter_mut()
                .for_each(|ranked| ranked.remove(*number));
        }
        self.steps += 1;
    }

    /// What was done so far.
    pub(super) fn steps(&self) -> u64 {
        self.steps + self.ranked.as_ref().map_or(0, |ranked| ranked.moves)
    }

    /// Whether the condition holds. A chain counts if `whole` says so of its beginning.
    pub(super) fn shows(&self, kind: &CorrelationKind, whole: &dyn Fn(Timestamp) -> bool) -> bool {
        match kind {
            CorrelationKind::EventCount(bounds) => within(bounds, u64::from(self.entries)),
            CorrelationKind::ValueCount { bounds, .. } => {
                within(bounds, u64::try_from(self.values.len()).unwrap_or(u64::MAX))
            }
            CorrelationKind::ValueMeasure {
                measure, bounds, ..
            } => self.measure(*measure).is_some_and(|(total, parts)| {
                bounds.iter().all(|b| b.holds_for_share(total, parts))
            }),
            CorrelationKind::Temporal(bounds) if bounds.is_empty() => {
                usize::try_from(self.met) == Ok(self.positions.len())
            }
            CorrelationKind::Temporal(bounds) => within(bounds, self.met),
            CorrelationKind::TemporalWhere(expr) => self.makes_true(expr),
            CorrelationKind::TemporalOrdered(orders) => {
                let mut chains = orders.iter().zip(&self.chains);
                chains.any(|(order, chain)| {
                    chain.whole().is_some_and(whole)
                        && !order.absent.iter().any(|place| self.has(*place))
                })
            }
        }
    }

    /// A measure, as a sum and how many parts it is to be divided into; none without a number.
    fn measure(&self, measure: Measure) -> Option<(Decimal, u32)> {
        match measure {
            Measure::Sum => (self.numbers > 0).then_some((self.sum, 1)),
            Measure::Average => (self.numbers > 0).then_some((self.sum, self.numbers)),
            Measure::Percentile(_) | Measure::Median => self.ranked.as_ref()?.value(),
        }
    }

    fn makes_true(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Selection(place) => self.has(*place),
            Expr::Not(inner) => !self.makes_true(inner),
            Expr::And(parts) => parts.iter().all(|part| self.makes_true(part)),
            Expr::Or(parts) => parts.iter().any(|part| self.makes_true(part)),
        }
    }

    /// Whether a record came through a position.
    pub(super) fn has(&self, position: usize) -> bool {
        self.positions.get(position).is_some_and(|count| *count > 0)
    }
}

fn within(bounds: &[Bound], count: u64) -> bool {
    bounds.iter().all(|bound| bound.holds(Decimal::from(count)))
}

fn orders(kind: &CorrelationKind) -> &[Order] {
    match kind {
        CorrelationKind::TemporalOrdered(orders) => orders,
        CorrelationKind::EventCount(_)
        | CorrelationKind::ValueCount { .. }
        | CorrelationKind::ValueMeasure { .. }
        | CorrelationKind::Temporal(_)
        | CorrelationKind::TemporalWhere(_) => &[],
    }
}
