//! Which detections are at which address, so that news of whose it was reaches them.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{EntityKind, EventId, Lease};

use super::{Grouping, shelf::Place};
use crate::{Tenancy, identity::Told};

/// Detections by the addresses that they name.
#[derive(Debug, Default)]
pub(super) struct AtAddress {
    of: BTreeMap<Arc<str>, Vec<Place>>,
    /// How many detections were noted; none before it is known of any address whose it was.
    noted: usize,
}

impl AtAddress {
    /// Notes which addresses a detection names.
    pub(super) fn note(&mut self, told: &Told, place: Place) {
        self.noted += 1;
        let records = told.detection.records.iter();
        let named = records.flat_map(|record| &record.entities);
        for entity in named.filter(|entity| entity.kind == EntityKind::Address) {
            match self.of.get_mut(&entity.id) {
                Some(places) if places.last() == Some(&place) => {}
                Some(places) => places.push(place),
                None => {
                    self.of.insert(Arc::clone(&entity.id), vec![place]);
                }
            }
        }
    }
}

impl Grouping {
    /// Takes what a record says of who has an address.
    pub fn lend(&mut self, lease: &Lease) {
        self.leases.take(lease, &mut self.directory);
    }

    /// How many leases were forgotten because later ones of their address took their place, and how many were not
    /// taken because there was no room.
    pub fn leases_lost(&self) -> (u64, u64) {
        self.leases.losses()
    }

    /// Whether an address that a detection names turned out to have been another's than it was taken for.
    pub(super) fn somebody_moved(&mut self) -> bool {
        let news = self.leases.take_news();
        if self.at_address.noted < self.settled {
            return !news.is_empty();
        }
        let at = &self.at_address.of;
        let places = news.iter().filter_map(|address| at.get(address));
        let mut places: Vec<Place> = places.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().any(|place| {
            let told = self.shelf.get(place);
            told.is_some_and(|told| {
                let now = self.leases.lodgings(&told.detection, &mut self.directory);
                now != told.lodgings
            })
        })
    }
}

/// Whose the addresses were that records name, by record.
pub(super) fn tenancies(told: &[&Told]) -> BTreeMap<EventId, Vec<Tenancy>> {
    let mut found: BTreeMap<EventId, Vec<Tenancy>> = BTreeMap::new();
    for told in told {
        for lodging in told.lodgings.iter().filter(|l| !l.tenancies.is_empty()) {
            let record = told.detection.records.get(usize::from(lodging.record));
            if let Some(record) = record {
                let here = found.entry(record.id.clone()).or_default();
                here.extend(lodging.tenancies.iter().cloned());
            }
        }
    }
    for here in found.values_mut() {
        here.sort();
        here.dedup();
    }
    found
}
