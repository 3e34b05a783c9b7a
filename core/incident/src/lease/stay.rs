//! Claims to an address, and from when to when each of its holders had it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{EntityKind, Lease, Tenure, Timestamp, Until};
use jiff::SignedDuration;

use super::{ENDS_PER_HOLDER, Finding, Tenant};
use crate::{
    Naming,
    identity::{Directory, Name, Thing},
};

/// For how long before and after a sighting it stands against what leases say.
const NEAR: SignedDuration = SignedDuration::from_mins(30);

/// For how long before and after a sighting it is believed where nobody says otherwise.
const FAR: SignedDuration = SignedDuration::from_hours(4);

/// What one record says of an address.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) lease: Arc<Lease>,
    pub(super) holder: Option<(EntityKind, Name)>,
}

/// One holder's time with an address, the end not included.
#[derive(Debug)]
pub(super) struct Stay {
    pub(super) kind: EntityKind,
    pub(super) thing: Thing,
    pub(super) name: Arc<str>,
    lease: Arc<Lease>,
    from: Timestamp,
    to: Timestamp,
    basis: Basis,
}

/// What a stay rests on, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Basis {
    /// It was given to them.
    Given,
    /// The same, while another's time with it was not over.
    Overlapping,
    /// They were seen with it shortly before or after.
    Near,
    /// They were seen with it hours before or after.
    Far,
}

impl Stay {
    pub(super) fn tenant(&self) -> Tenant {
        Tenant {
            kind: self.kind,
            id: Arc::clone(&self.name),
            lease: Arc::clone(&self.lease),
        }
    }

    fn covers(&self, time: Timestamp) -> bool {
        self.from <= time && time < self.to
    }

    fn how(&self) -> Naming {
        match self.basis {
            Basis::Given => Naming::Lent,
            Basis::Near => Naming::Sighted,
            Basis::Overlapping | Basis::Far => Naming::Perhaps,
        }
    }
}

/// Whose an address was at a time, of those of one kind, each with the surest and latest that says so; none if nobody's.
pub(super) fn at(
    stays: &[Stay],
    kind: EntityKind,
    time: Timestamp,
) -> Option<(Finding, Vec<&Stay>)> {
    let there = || {
        stays
            .iter()
            .filter(|stay| stay.kind == kind && stay.covers(time))
    };
    let mut best: BTreeMap<Thing, &Stay> = BTreeMap::new();
    let sure = there().any(|stay| stay.basis != Basis::Far);
    for stay in there().filter(|stay| !sure || stay.basis != Basis::Far) {
        let known = best.entry(stay.thing).or_insert(stay);
        let later = (known.basis, &stay.lease).cmp(&(stay.basis, &known.lease));
        if later.is_gt() {
            *known = stay;
        }
    }
    let mut found: Vec<&Stay> = best.into_values().collect();
    found.sort_by(|a, b| (&a.name, &a.lease).cmp(&(&b.name, &b.lease)));
    let finding = match found.as_slice() {
        [] => return None,
        [one] => Finding::One(one.how()),
        _ => Finding::Several,
    };
    Some((finding, found))
}

/// Whether an address was ever one's and another's of a kind.
pub(super) fn moves(stays: &[Stay]) -> bool {
    let mut first: BTreeMap<EntityKind, Thing> = BTreeMap::new();
    let mut holders = stays.iter();
    holders.any(|stay| *first.entry(stay.kind).or_insert(stay.thing) != stay.thing)
}

/// From when to when each holder had the address, by all claims to it in the order of time.
pub(super) fn stays(
    claims: &[&Claim],
    ends: &BTreeMap<Name, BTreeSet<Timestamp>>,
    directory: &Directory,
) -> Vec<Stay> {
    let claims: Vec<Held<'_>> = claims
        .iter()
        .map(|claim| Held::of(claim, directory))
        .collect();
    let mut found = Vec::new();
    for (place, claim) in claims.iter().enumerate() {
        let (before, after) = claims.split_at(place);
        let after = after.get(1..).unwrap_or_default();
        match claim.lease.says {
            Tenure::Given(until) => found.extend(claim.given(until, after, ends)),
            Tenure::Seen => found.extend(claim.seen(before, after)),
            Tenure::Ended => {}
        }
    }
    doubt(&mut found);
    found
}

/// A claim, with whom its holder is.
struct Held<'c> {
    lease: &'c Arc<Lease>,
    name: Option<Name>,
    thing: Option<(EntityKind, Thing)>,
}

impl<'c> Held<'c> {
    fn of(claim: &'c Claim, directory: &Directory) -> Self {
        let meant = |(kind, name)| (kind, directory.meaning(name).thing);
        Self {
            lease: &claim.lease,
            name: claim.holder.map(|(_, name)| name),
            thing: claim.holder.map(meant),
        }
    }

    fn at(&self) -> Timestamp {
        self.lease.at
    }

    fn is_given(&self) -> bool {
        matches!(self.lease.says, Tenure::Given(_))
    }

    /// Whether it says that another of the same kind has the address.
    fn is_anothers(&self, own: &Self) -> bool {
        let other = |(a, b): ((EntityKind, Thing), (EntityKind, Thing))| a.0 == b.0 && a.1 != b.1;
        self.lease.says != Tenure::Ended && self.thing.zip(own.thing).is_some_and(other)
    }

    /// Whether it says that the holder of another claim no longer has the address.
    fn ends(&self, own: &Self) -> bool {
        self.lease.says == Tenure::Ended && (self.thing.is_none() || self.thing == own.thing)
    }

    fn stay(&self, (from, to): (Timestamp, Timestamp), basis: Basis) -> Option<Stay> {
        let (kind, thing) = self.thing?;
        Some(Stay {
            kind,
            thing,
            name: Arc::clone(&self.lease.holder.as_ref()?.name),
            lease: Arc::clone(self.lease),
            from,
            to,
            basis,
        })
    }

    /// Until it is over, is given back, or is given to another who alone has it then.
    fn given(
        &self,
        until: Until,
        after: &[Self],
        ends: &BTreeMap<Name, BTreeSet<Timestamp>>,
    ) -> Option<Stay> {
        let end = until.latest().min(self.given_back(ends)?);
        let later = || after.iter().filter(|claim| claim.at() > self.at());
        let ended = later().find(|claim| claim.ends(self)).map(Self::at);
        let end = ended.map_or(end, |ended| ended.min(end));
        let next = later().find(|claim| claim.is_given() && claim.is_anothers(self));
        let end = match next.filter(|next| next.at() < end) {
            Some(next) if !self.comes_back(next, after, end) => next.at(),
            Some(_) | None => end,
        };
        self.stay((self.at(), end), Basis::Given)
    }

    /// When its holder gave back whatever they had; none if that is forgotten.
    fn given_back(&self, ends: &BTreeMap<Name, BTreeSet<Timestamp>>) -> Option<Timestamp> {
        let Some(ends) = self.name.and_then(|name| ends.get(&name)) else {
            return Some(Timestamp::MAX);
        };
        let known = ends.len() < ENDS_PER_HOLDER || ends.first() < Some(&self.at());
        let next = || ends.iter().find(|end| **end > self.at());
        known.then(|| next().copied().unwrap_or(Timestamp::MAX))
    }

    /// Whether the address was given to the same holder again, while this was not over and the other to whom it was
    /// given had not given it back: then both had it.
    fn comes_back(&self, next: &Self, after: &[Self], end: Timestamp) -> bool {
        let mut later = after.iter().filter(|claim| claim.at() > next.at());
        let first =
            later.find(|claim| claim.ends(next) || claim.is_given() && claim.thing == self.thing);
        first.is_some_and(|claim| claim.is_given() && claim.at() < end)
    }

    /// Around a sighting, as far as nobody says otherwise; near it, as far as it was given to nobody else.
    fn seen(&self, before: &[Self], after: &[Self]) -> impl Iterator<Item = Stay> {
        let around = |reach: SignedDuration, stops: &dyn Fn(&Self) -> bool| {
            let from = self.at().checked_sub(reach).unwrap_or(Timestamp::MIN);
            let to = self.at().checked_add(reach).unwrap_or(Timestamp::MAX);
            let last = before.iter().rev().find(|claim| stops(claim));
            let next = after.iter().find(|claim| stops(claim));
            let from = last.map_or(from, |claim| claim.at().max(from));
            (from, next.map_or(to, |claim| claim.at().min(to)))
        };
        let taken = |claim: &Self| claim.is_given() && claim.is_anothers(self) || claim.ends(self);
        let said = |claim: &Self| claim.is_anothers(self) || claim.ends(self);
        let near = self.stay(around(NEAR, &taken), Basis::Near);
        let far = self.stay(around(FAR, &said), Basis::Far);
        near.into_iter().chain(far)
    }
}

/// A lease that began while another's was to run longer, by its own word, is doubted.
fn doubt(stays: &mut [Stay]) {
    let told: Vec<(EntityKind, Thing, Timestamp, Timestamp)> = stays
        .iter()
        .filter_map(|stay| match stay.lease.says {
            Tenure::Given(Until::Told(end)) if stay.basis == Basis::Given => {
                Some((stay.kind, stay.thing, stay.to, end))
            }
            Tenure::Given(_) | Tenure::Seen | Tenure::Ended => None,
        })
        .collect();
    for stay in stays.iter_mut().filter(|stay| stay.basis == Basis::Given) {
        let ran_on = told.iter().any(|(kind, thing, to, end)| {
            *kind == stay.kind && *thing != stay.thing && *to == stay.from && stay.from < *end
        });
        if ran_on {
            stay.basis = Basis::Overlapping;
        }
    }
}
