//! Who had which network address when: leases, sessions with an address of their own, and what records
//! say of it in passing.
//!
//! An address is no name, but at one time it is mostly one machine's: a detection at an address is at whoever had it
//! then. What is answered depends on the set of leases alone, as long as there is room; what is forgotten, or was not
//! taken, is counted. Doubt joins nothing: an address that several had at once, or that many accounts used on that
//! day, is nobody's, and it is said whose it may have been.

mod crowd;
mod stay;

#[cfg(test)]
pub(crate) mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
    sync::Arc,
};

use cordon_model::{Detection, Entity, EntityKind, Evidence, Holder, Lease, Tenure, Timestamp};

use crate::{
    Naming, Uses,
    baseline::day,
    identity::{Directory, Name, Thing},
};
use crowd::{Crowds, USERS_KEPT};
use stay::{Claim, Stay, at, moves, stays};

/// Claims kept of one address: the latest. A lease that is renewed every four hours takes six weeks to fill them.
const CLAIMS_PER_ADDRESS: usize = 256;

/// Claims kept in all: some 250 MB.
const CLAIMS_MAX: usize = 1_000_000;

/// Times kept at which somebody gave back whatever they had: the latest.
const ENDS_PER_HOLDER: usize = 256;

/// Accounts that may use an address on a day for each that it was given to, before it counts as many people's.
const USERS_FREELY: usize = 8;

/// In which sightings of one holder count once.
const SIGHTING_SECONDS: i64 = 3_600;

/// Who had an address that a record names, at the time of that record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenancy {
    /// The address.
    pub address: Arc<str>,
    /// Whose it was, or may have been.
    pub tenants: Vec<Tenant>,
    /// What follows from that.
    pub finding: Finding,
}

/// A machine or a person that had an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenant {
    /// What it is.
    pub kind: EntityKind,
    /// Its name, as the record spells it that says so.
    pub id: Arc<str>,
    /// Where that is said.
    pub lease: Arc<Lease>,
}

/// Whether an address was somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It was one's, this surely.
    One(Naming),
    /// Several had it at once, so that it joins nothing.
    Several,
    /// It was one's, but so many accounts used it that day that they are others'.
    Shared(usize),
}

impl fmt::Display for Tenancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = |tenant: &Tenant| {
            let log = &tenant.lease.log;
            format!("says {} record {}", log.path, log.record)
        };
        let name = |tenant: &Tenant| format!("{} {}", tenant.kind.word(), tenant.id);
        let each = |between: &str| {
            let tenants = self.tenants.iter();
            let tenants = tenants.map(|tenant| format!("{}, {}", name(tenant), says(tenant)));
            tenants.collect::<Vec<_>>().join(between)
        };
        let address = &self.address;
        match (self.finding, self.tenants.as_slice()) {
            (Finding::One(how), [one]) => {
                let (one, says) = (name(one), says(one));
                write!(f, "{address} was taken for {one}, which {how}, {says}")
            }
            (Finding::One(_) | Finding::Several, _) => {
                write!(f, "whose {address} was is in doubt: {}", each(", or "))
            }
            (Finding::Shared(users), _) => write!(
                f,
                "{address} was {}, but {users} accounts or more used it that day",
                each(", or ")
            ),
        }
    }
}

/// What one address of one record is taken for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lodging {
    /// Which record, by position.
    pub(crate) record: u16,
    /// Which of its entities is the address, by position.
    pub(crate) place: u16,
    /// Its tenants, as if the record named them beside the address; none that it does name.
    pub(crate) tenants: Vec<(Entity, Naming)>,
    /// What the address is while it is theirs, if it was others' at other times.
    pub(crate) instead: Option<Thing>,
    /// Who used the address that day, of one that stands for its tenants.
    pub(crate) users: Vec<u64>,
    /// What is said of it: of a machine, of a person, or of both.
    pub(crate) tenancies: Vec<Tenancy>,
}

/// All that records say of who had which address.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    books: BTreeMap<Arc<str>, Book>,
    /// When somebody gave back whatever they had.
    ends: BTreeMap<Name, BTreeSet<Timestamp>>,
    crowds: Crowds,
    claims: usize,
    forgotten: u64,
    left_out: u64,
    /// Addresses of which something was learned since they were last looked at.
    news: BTreeSet<Arc<str>>,
    /// Whether somebody gave back whatever they had since then.
    any_ended: bool,
}

/// What is said of one address.
#[derive(Debug, Default)]
struct Book {
    claims: BTreeMap<Key, Claim>,
    /// The time of the latest claim that was forgotten: nothing is known of the time before.
    since: Option<Timestamp>,
    /// Worked out of the claims when somebody asks.
    stays: Option<Box<[Stay]>>,
}

/// By time; sightings of one holder within the hour have one.
type Key = (Timestamp, Tenure, Option<Holder>, Option<Arc<Lease>>);

fn key(lease: &Arc<Lease>) -> Key {
    let holder = lease.holder.clone();
    match lease.says {
        Tenure::Seen => {
            let second = lease.at.as_second();
            let hour = second - second.rem_euclid(SIGHTING_SECONDS);
            let hour = Timestamp::from_second(hour).unwrap_or(Timestamp::MIN);
            (hour, lease.says, holder, None)
        }
        Tenure::Given(_) | Tenure::Ended => (lease.at, lease.says, holder, Some(Arc::clone(lease))),
    }
}

impl Leases {
    /// Takes what a record says.
    pub(crate) fn take(&mut self, lease: &Lease, directory: &mut Directory) {
        let holder = lease.holder.as_ref();
        let holder = holder.map(|holder| (holder.kind, directory.name(holder.kind, &holder.name)));
        let Some(address) = &lease.address else {
            if let Some((_, name)) = holder {
                self.end(name, lease.at);
            }
            return;
        };
        let lease = Arc::new(lease.clone());
        let key = key(&lease);
        let is_full = self.claims >= CLAIMS_MAX;
        if is_full && !self.books.contains_key(address) {
            self.left_out += 1;
            return;
        }
        let book = self.books.entry(Arc::clone(address)).or_default();
        match book.claims.get_mut(&key) {
            Some(known) if known.lease <= lease => return,
            Some(known) => known.lease = lease,
            None if is_full => {
                self.left_out += 1;
                return;
            }
            None => {
                self.claims += 1;
                book.claims.insert(key, Claim { lease, holder });
            }
        }
        if book.claims.len() > CLAIMS_PER_ADDRESS
            && let Some(((at, ..), _)) = book.claims.pop_first()
        {
            book.since = book.since.max(Some(at));
            self.claims -= 1;
            self.forgotten += 1;
        }
        book.stays = None;
        self.news.insert(Arc::clone(address));
    }

    fn end(&mut self, name: Name, at: Timestamp) {
        let ends = self.ends.entry(name).or_default();
        if ends.insert(at) {
            if ends.len() > ENDS_PER_HOLDER {
                ends.pop_first();
                self.forgotten += 1;
            }
            self.any_ended = true;
        }
    }

    /// Takes what events say of who used an address on which day.
    pub(crate) fn notice(&mut self, uses: &Uses, digest: impl Fn(EntityKind, &str) -> u64) {
        for (address, day, (kind, user)) in uses.crowds() {
            if self.crowds.add((address, *day), digest(*kind, user)) {
                self.news.insert(Arc::clone(address));
            }
        }
    }

    /// How many claims were forgotten because later ones took their place, and how many were not taken because there was
    /// no room.
    pub(crate) fn losses(&self) -> (u64, u64) {
        (self.forgotten, self.left_out + self.crowds.left_out())
    }

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.books.is_empty()
    }

    /// Works out anew whose everything was: names may mean something else now.
    pub(crate) fn reconsider(&mut self) {
        for book in self.books.values_mut() {
            book.stays = None;
        }
    }

    /// Addresses of which something was learned since this was last asked.
    pub(crate) fn take_news(&mut self) -> BTreeSet<Arc<str>> {
        let mut news = std::mem::take(&mut self.news);
        if std::mem::take(&mut self.any_ended) {
            self.reconsider();
            news.extend(self.books.keys().cloned());
        }
        news
    }

    /// What the addresses that a detection names are taken for, in its order.
    pub(crate) fn lodgings(
        &mut self,
        detection: &Detection,
        directory: &mut Directory,
    ) -> Box<[Lodging]> {
        if self.is_empty() {
            return Box::default();
        }
        let mut found = Vec::new();
        for (number, record) in (0..u16::MAX).zip(&detection.records) {
            for (place, entity) in (0..u16::MAX).zip(&record.entities) {
                if entity.kind == EntityKind::Address {
                    let lodging = self.lodge(record, entity, directory);
                    found.extend(lodging.map(|lodging| Lodging {
                        record: number,
                        place,
                        ..lodging
                    }));
                }
            }
        }
        found.into()
    }

    /// Whose an address was when a record happened that names it.
    fn lodge(
        &mut self,
        record: &Evidence,
        entity: &Entity,
        directory: &mut Directory,
    ) -> Option<Lodging> {
        let time = record.time?;
        let book = self.books.get_mut(&entity.id)?;
        if book.is_forgotten(time) {
            return None;
        }
        let users = self.crowds.users(&entity.id, day(time), directory);
        let most = USERS_FREELY * book.holders_on(day(time)).max(1);
        let is_shared = users.len() > most.min(USERS_KEPT - 1);
        let stays = book.stays(&self.ends, directory);
        let mut lodging = Lodging {
            record: 0,
            place: 0,
            tenants: Vec::new(),
            instead: None,
            users: Vec::new(),
            tenancies: Vec::new(),
        };
        let (mut whose, mut is_several) = (String::new(), false);
        for kind in [EntityKind::Account, EntityKind::Host] {
            let Some((mut finding, found)) = at(stays, kind, time) else {
                continue;
            };
            if is_shared && finding != Finding::Several {
                finding = Finding::Shared(users.len());
            }
            for stay in &found {
                let _ = write!(whose, " {:016x}", directory.digest_of(stay.thing));
                let tenant = Entity {
                    role: entity.role,
                    kind,
                    id: Arc::clone(&stay.name),
                };
                if let Finding::One(how) = finding {
                    lodging.tenants.push((tenant, how));
                }
            }
            // What the record says itself need not be said beside it.
            let said = found.iter().all(|stay| directory.names(record, stay.thing));
            if said {
                lodging.tenants.retain(|(tenant, _)| tenant.kind != kind);
            } else {
                lodging.tenancies.push(Tenancy {
                    address: Arc::clone(&entity.id),
                    tenants: found.into_iter().map(Stay::tenant).collect(),
                    finding,
                });
            }
            is_several |= finding == Finding::Several;
        }
        if whose.is_empty() {
            return None;
        }
        if is_several {
            // Not even one with itself in another record.
            whose = record.id.to_string();
            lodging.tenants.clear();
        }
        if is_several || !is_shared && moves(stays) {
            lodging.instead = Some(directory.part(&entity.id, &whose));
            lodging.users = users;
        }
        Some(lodging)
    }
}

impl Book {
    /// Whether claims of that time were forgotten.
    fn is_forgotten(&self, time: Timestamp) -> bool {
        self.since
            .is_some_and(|since| time.as_second() < since.as_second() + SIGHTING_SECONDS)
    }

    /// How many had it on a day, or were seen with it.
    fn holders_on(&self, then: u32) -> usize {
        let holders = self.claims.values().filter_map(|claim| {
            let is_then = day(claim.lease.at) == then;
            claim.holder.filter(|_| is_then)
        });
        holders.collect::<BTreeSet<_>>().len()
    }

    fn stays(
        &mut self,
        ends: &BTreeMap<Name, BTreeSet<Timestamp>>,
        directory: &Directory,
    ) -> &[Stay] {
        let claims = &self.claims;
        self.stays.get_or_insert_with(|| {
            let claims: Vec<&Claim> = claims.values().collect();
            stays(&claims, ends, directory).into()
        })
    }
}
