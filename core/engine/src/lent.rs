//! Who had which address, of all events: each lease is told, and of sightings of one holder within an hour the first.

use std::{collections::BTreeMap, sync::Arc};

use cordon_event::{Event, FieldMap};
use cordon_model::{Holder, Lease, Tenure, Timestamp};

/// Sightings remembered to have been told, some 100 MB; then it begins anew, and tells some again.
const TOLD_MAX: usize = 500_000;

/// An address, its holder and the hour.
type Sighting = (Option<Arc<str>>, Option<Holder>, i64);

/// Takes notice of who has which address, event by event.
#[derive(Debug, Default)]
pub(crate) struct Lent {
    /// When the first of each was that was told.
    told: BTreeMap<Sighting, Timestamp>,
}

impl Lent {
    /// What an event says that was not told. What is told twice, because others screened what came before, changes
    /// nothing: the first counts.
    pub(crate) fn take(&mut self, event: &Event, fields: &FieldMap) -> Vec<Lease> {
        let mut leases = fields.leases(event);
        leases.retain(|lease| match lease.says {
            Tenure::Seen => self.is_first(lease),
            Tenure::Given(_) | Tenure::Ended => true,
        });
        leases
    }

    fn is_first(&mut self, lease: &Lease) -> bool {
        if self.told.len() >= TOLD_MAX {
            self.told.clear();
        }
        let hour = lease.at.as_second().div_euclid(3_600);
        let (address, holder) = (lease.address.clone(), lease.holder.clone());
        let told = self.told.entry((address, holder, hour));
        let first = told.or_insert(Timestamp::MAX);
        // Which of two at the same moment counts is not decided here.
        let is_first = lease.at <= *first;
        *first = lease.at.min(*first);
        is_first
    }
}
