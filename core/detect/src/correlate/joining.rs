//! What one record adds to the groups of one correlation.
//!
//! A record is one entry of a group, however many references it came through, and so is each
//! detection of an inner correlation that it completes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::FieldMatch;
use cordon_sigma::{CorrelationKind, Decimal};

use super::{
    group::{Canonical, Key, Observation, Origin, Shown},
    link::Linked,
    losses::Losses,
    window::Entry,
};

/// What one record adds to each group.
pub(super) struct Joining<'c> {
    linked: &'c Linked,
    canonical: &'c Canonical,
    pub(super) groups: BTreeMap<Key, (Shown, BTreeMap<Through, Entry>)>,
}

/// The inner correlation that something came through, with the group that it told of.
type Through = Option<(usize, Vec<(Arc<str>, Arc<str>)>)>;

/// What an observation is worth: the values that are counted, or the numbers that are measured.
#[derive(Default)]
struct Worth {
    values: BTreeSet<Key>,
    numbers: BTreeMap<Arc<str>, Vec<Decimal>>,
}

impl<'c> Joining<'c> {
    pub(super) fn new(linked: &'c Linked, canonical: &'c Canonical) -> Self {
        Self {
            linked,
            canonical,
            groups: BTreeMap::new(),
        }
    }

    /// Adds what came through one reference to the entries of the groups that it joins.
    pub(super) fn join(&mut self, position: usize, observation: &Observation, losses: &mut Losses) {
        let Some(worth) = self.worth(position, observation, losses) else {
            return;
        };
        let fields = self.linked.group_fields.get(position);
        let fields = fields.map_or(&[][..], Vec::as_slice);
        let groups = observation.combinations(fields, self.canonical);
        losses.crowded += groups.more;
        let through = match &observation.origin {
            Origin::Rule => None,
            Origin::Correlation(inner, group) => Some((*inner, group.clone())),
        };
        for (key, shown) in groups.first {
            let (_, entries) = self.groups.entry(key).or_insert((shown, BTreeMap::new()));
            let entry = entries.entry(through.clone()).or_insert_with(|| Entry {
                time: observation.time,
                positions: BTreeSet::new(),
                values: BTreeSet::new(),
                numbers: BTreeMap::new(),
                records: observation.records.clone(),
                matched: Vec::new(),
            });
            entry.positions.insert(position);
            entry.values.extend(worth.values.iter().cloned());
            entry.numbers.extend(worth.numbers.clone());
            for matched in &observation.matched {
                if !entry.matched.contains(matched) {
                    entry.matched.push(FieldMatch::clone(matched));
                }
            }
        }
    }

    /// What an observation is worth to the correlation; none if it lacks what is counted or
    /// measured.
    fn worth(
        &self,
        position: usize,
        observation: &Observation,
        losses: &mut Losses,
    ) -> Option<Worth> {
        let fields = self.linked.worth_fields.get(position);
        let fields = fields.map_or(&[][..], Vec::as_slice);
        let mut worth = Worth::default();
        match &self.linked.kind {
            CorrelationKind::ValueCount { .. } => {
                let tuples = observation.combinations(fields, self.canonical);
                losses.crowded += tuples.more;
                worth.values = tuples.first.into_iter().map(|(key, _)| key).collect();
                (!worth.values.is_empty()).then_some(worth)
            }
            CorrelationKind::ValueMeasure { .. } => {
                let field = fields.first()?;
                let numbers = observation.numbers(field);
                losses.crowded += numbers.more;
                if numbers.first.is_empty() {
                    losses.without_number += 1;
                    return None;
                }
                worth.numbers.insert(Arc::clone(field), numbers.first);
                Some(worth)
            }
            CorrelationKind::EventCount(_)
            | CorrelationKind::Temporal(_)
            | CorrelationKind::TemporalWhere(_)
            | CorrelationKind::TemporalOrdered(_) => Some(worth),
        }
    }
}
