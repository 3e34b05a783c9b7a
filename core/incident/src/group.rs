//! Which detections belong to one intrusion.
//!
//! Detections of at least medium level are joined when they name the same entity within
//! [`JOIN_GAP`], and somebody says that the intruder holds it. Weak detections, which fire on
//! everybody's ordinary day, join nothing: each is put to the nearest strong one about an entity that it says is held. What nobody holds (an
//! address, a device, a session, a ticket) joins only if few accounts share it: an office's address
//! would join the whole office.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use cordon_model::{Belief, Detection, EntityKind, Estate, EventId, Level, Timestamp};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use crate::{
    HeldEntity, Incident, IncidentId,
    belief::{Statement, confidence},
    identity::{Identity, Mention, mentions},
};

/// Longest quiet time within one intrusion: the intruders of 2025 paused for up to two days between
/// entry and movement.
const JOIN_GAP: SignedDuration = SignedDuration::from_hours(72);

/// Most accounts that may share an address, device, session or ticket for it still to join: more
/// is an office, a proxy or a pool.
const SHARED_ACCOUNTS_MAX: usize = 3;

/// Groups detections into incidents, earliest first.
///
/// Detections that make nothing at least `suspected` belong to no incident. The order of
/// `detections` does not matter; equal ones should have been put together before.
pub fn incidents(estate: &Estate, detections: &[Detection]) -> Vec<Incident> {
    let mut told: Vec<Told<'_>> = detections
        .iter()
        .map(|detection| Told {
            detection,
            mentions: mentions(estate, detection),
        })
        .collect();
    told.sort_by_key(|t| order(t.detection));
    let mut found: Vec<Incident> = components(&told)
        .into_iter()
        .filter_map(|members| {
            let members: Vec<&Told<'_>> = members.iter().filter_map(|m| told.get(*m)).collect();
            incident(estate, &members)
        })
        .collect();
    found.sort_by(|a, b| (a.first, &a.id).cmp(&(b.first, &b.id)));
    found
}

/// A detection and everything it names.
struct Told<'d> {
    detection: &'d Detection,
    mentions: Vec<Mention>,
}

/// By time (unknown last), then by rule and records: a total order on different detections.
fn order(detection: &Detection) -> (bool, Option<Timestamp>, &str, Vec<&EventId>) {
    let ids = detection.records.iter().map(|r| &r.id).collect();
    (
        detection.time.is_none(),
        detection.time,
        detection.rule.id.as_str(),
        ids,
    )
}

/// Sets of detections, by position, that belong together.
fn components(told: &[Told<'_>]) -> Vec<Vec<usize>> {
    let mut joined = Joined::new(told.len());
    for (identity, places) in places(told, strong) {
        let there: Vec<&Told<'_>> = places.iter().filter_map(|p| told.get(*p)).collect();
        if !joins(&identity, &there) {
            continue;
        }
        for (pair, ends) in places.windows(2).zip(there.windows(2)) {
            if let ([a, b], [first, second]) = (pair, ends)
                && near(first.detection, second.detection)
            {
                joined.join(*a, *b);
            }
        }
    }
    for (weak, host) in attachments(told) {
        joined.join(weak, host);
    }
    joined.sets()
}

/// Whether a detection may join others.
fn strong(detection: &Detection) -> bool {
    detection.rule.level >= Level::Medium
}

/// For each weak detection the one it is put to: the nearest strong one about an entity that it says
/// is held, else the weak one before it about the first such entity. One each, so that no weak
/// detection ever joins two strong ones.
fn attachments(told: &[Told<'_>]) -> Vec<(usize, usize)> {
    let strong_places = places(told, strong);
    let mut last_weak: BTreeMap<&Identity, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (place, weak) in told
        .iter()
        .enumerate()
        .filter(|(_, t)| !strong(t.detection))
    {
        let held = || weak.mentions.iter().filter(|m| m.held).map(|m| &m.identity);
        let nearest = held()
            .filter_map(|identity| strong_places.get(identity))
            .filter_map(|places| nearest(places, place))
            .filter(|host| {
                told.get(*host)
                    .is_some_and(|h| near(h.detection, weak.detection))
            })
            .min_by_key(|host| (host.abs_diff(place), *host));
        if let Some(host) = nearest {
            found.push((place, host));
        } else if let Some(identity) = held().next()
            && let Some(before) = last_weak.insert(identity, place)
            && told
                .get(before)
                .is_some_and(|b| near(b.detection, weak.detection))
        {
            found.push((place, before));
        }
    }
    found
}

/// The place nearest to `place` in an ascending list; the earlier of two as near.
fn nearest(places: &[usize], place: usize) -> Option<usize> {
    let after = places.partition_point(|p| *p < place);
    let around = [after.checked_sub(1), Some(after)];
    let candidates = around
        .into_iter()
        .flatten()
        .filter_map(|at| places.get(at).copied());
    candidates.min_by_key(|p| (p.abs_diff(place), *p))
}

/// Where each entity is named by detections of a kind, in order, each place once.
fn places(told: &[Told<'_>], kind: fn(&Detection) -> bool) -> BTreeMap<Identity, Vec<usize>> {
    let mut places: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (place, told) in told.iter().enumerate().filter(|(_, t)| kind(t.detection)) {
        for mention in &told.mentions {
            let list = places.entry(mention.identity.clone()).or_default();
            if list.last() != Some(&place) {
                list.push(place);
            }
        }
    }
    places
}

/// Whether an entity joins the detections that name it.
fn joins(identity: &Identity, there: &[&Told<'_>]) -> bool {
    let mentions = || there.iter().flat_map(|t| &t.mentions);
    let held = mentions().any(|m| m.held && m.identity == *identity);
    let kind = mentions().find(|m| m.identity == *identity).map(|m| m.kind);
    match kind {
        Some(
            EntityKind::Address | EntityKind::Device | EntityKind::Session | EntityKind::Ticket,
        ) if !held => {
            let accounts: BTreeSet<&Identity> = mentions()
                .filter(|m| m.kind == EntityKind::Account)
                .map(|m| &m.identity)
                .collect();
            accounts.len() <= SHARED_ACCOUNTS_MAX
        }
        Some(
            EntityKind::Account
            | EntityKind::Host
            | EntityKind::Device
            | EntityKind::Mailbox
            | EntityKind::Resource
            | EntityKind::Address
            | EntityKind::Session
            | EntityKind::Ticket,
        ) => held,
        Some(EntityKind::Group | EntityKind::Application) | None => false,
    }
}

fn near(a: &Detection, b: &Detection) -> bool {
    match (a.time, b.time) {
        (Some(a), Some(b)) => b.duration_since(a).abs() <= JOIN_GAP,
        (None, _) | (_, None) => true,
    }
}

/// Makes an incident of detections that belong together, if they make anything suspected.
fn incident(estate: &Estate, members: &[&Told<'_>]) -> Option<Incident> {
    let held = held(estate, members);
    if held.is_empty() {
        return None;
    }
    let detections: Vec<Detection> = members.iter().map(|t| t.detection.clone()).collect();
    let times = || {
        detections
            .iter()
            .flat_map(|d| &d.records)
            .filter_map(|r| r.time)
    };
    let id = name(detections.first()?);
    Some(Incident {
        id,
        first: times().min(),
        last: times().max(),
        held,
        detections,
    })
}

/// All that is said of one entity.
struct Case<'d> {
    statements: Vec<Statement<'d>>,
    first: &'d Mention,
    names: BTreeSet<Arc<str>>,
}

/// Everything at least suspected, surest first.
fn held(estate: &Estate, members: &[&Told<'_>]) -> Vec<HeldEntity> {
    let mut cases: BTreeMap<&Identity, Case<'_>> = BTreeMap::new();
    for told in members {
        for mention in told.mentions.iter().filter(|mention| mention.held) {
            let case = cases.entry(&mention.identity).or_insert_with(|| Case {
                statements: Vec::new(),
                first: mention,
                names: BTreeSet::new(),
            });
            case.statements.push(Statement {
                detection: told.detection,
                record: mention.record,
            });
            case.names.insert(Arc::clone(&mention.name));
        }
    }
    let mut held: Vec<HeldEntity> = cases
        .into_iter()
        .filter_map(|(identity, case)| {
            let confidence = confidence(&case.statements);
            (confidence.belief() >= Belief::Suspected).then(|| HeldEntity {
                kind: case.first.kind,
                id: display_name(estate, identity, case.first),
                node: node(identity),
                names: case.names,
                confidence,
                evidence: evidence(&case.statements),
            })
        })
        .collect();
    held.sort_by(|a, b| {
        b.confidence
            .cmp(&a.confidence)
            .then_with(|| a.id.cmp(&b.id))
    });
    held
}

fn node(identity: &Identity) -> Option<cordon_model::NodeIx> {
    match identity {
        Identity::Known(node) => Some(*node),
        Identity::Outside(..) => None,
    }
}

fn display_name(estate: &Estate, identity: &Identity, first: &Mention) -> Arc<str> {
    match identity {
        Identity::Known(node) => estate.node(*node).id.as_str().into(),
        Identity::Outside(..) => Arc::clone(&first.name),
    }
}

/// The records that name the entity, oldest first, those of at least medium level if there are any.
fn evidence(statements: &[Statement<'_>]) -> Vec<EventId> {
    let strong = |s: &&Statement<'_>| s.detection.rule.level >= Level::Medium;
    let any_strong = statements.iter().any(|s| strong(&s));
    let mut records: Vec<_> = statements
        .iter()
        .filter(|s| !any_strong || strong(s))
        .filter_map(|s| s.detection.records.get(s.record))
        .map(|record| (record.time.is_none(), record.time, &record.id))
        .collect();
    records.sort();
    records.dedup();
    records.into_iter().map(|(.., id)| id.clone()).collect()
}

/// A name made from the detection that began it.
fn name(first: &Detection) -> IncidentId {
    let mut digest = Sha256::new();
    digest.update(first.rule.id.as_str());
    for record in &first.records {
        digest.update([0]);
        digest.update(record.id.as_str());
    }
    let mut id = "inc-".to_owned();
    for byte in digest.finalize().iter().take(4) {
        let _ = write!(id, "{byte:02x}");
    }
    IncidentId(id.into())
}

/// Disjoint sets by union with path halving.
struct Joined(Vec<usize>);

impl Joined {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while let Some(&parent) = self.0.get(at) {
            if parent == at {
                break;
            }
            let grandparent = self.0.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = grandparent;
            }
            at = grandparent;
        }
        at
    }

    /// The smaller root stays, so that sets come out in the order of their first member.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }

    fn sets(mut self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for member in 0..self.0.len() {
            let root = self.root(member);
            sets.entry(root).or_default().push(member);
        }
        sets.into_values().collect()
    }
}

#[cfg(test)]
mod tests;
