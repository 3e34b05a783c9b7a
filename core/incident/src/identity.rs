//! One entity under many names: what the estate knows is one thing whatever a log calls it.

use std::{net::IpAddr, sync::Arc};

use cordon_model::{Detection, Entity, EntityKind, Estate, NodeIx, Role};

/// Who or what a name means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Identity {
    /// A node of the estate.
    Known(NodeIx),
    /// Something that the estate does not know, by kind and name in lower case.
    Outside(EntityKind, Arc<str>),
}

/// One entity of one record, identified.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub(crate) identity: Identity,
    pub(crate) kind: EntityKind,
    /// The spelling in the record.
    pub(crate) name: Arc<str>,
    /// Whether the detection says that the intruder holds it.
    pub(crate) held: bool,
    /// Which of the detection's records names it, by position.
    pub(crate) record: usize,
}

/// Everything that a detection names, with what it says is held.
pub(crate) fn mentions(estate: &Estate, detection: &Detection) -> Vec<Mention> {
    let mut found = Vec::new();
    for (record, evidence) in detection.records.iter().enumerate() {
        for entity in &evidence.entities {
            let identity = identify(estate, entity);
            let held = can_be_held(entity.kind) && is_held(estate, detection, entity, &identity);
            found.push(Mention {
                identity,
                kind: entity.kind,
                name: Arc::clone(&entity.id),
                held,
                record,
            });
        }
    }
    found
}

fn identify(estate: &Estate, entity: &Entity) -> Identity {
    match estate.resolve(&entity.id) {
        Some(node) => Identity::Known(node),
        None => Identity::Outside(entity.kind, outside(entity).into()),
    }
}

/// The name by which something outside the estate is known again. A machine is known by its short
/// name, because half of all records give no domain; two of one name in different domains are taken
/// for one, which matters little where neither is in the estate.
fn outside(entity: &Entity) -> String {
    let name = entity.id.to_lowercase();
    let address = name.parse::<IpAddr>().is_ok();
    match name.split_once('.') {
        Some((short, _)) if entity.kind == EntityKind::Host && !address => short.to_owned(),
        _ => name,
    }
}

/// A ticket, a group or an address is evidence about somebody; it is not itself taken.
fn can_be_held(kind: EntityKind) -> bool {
    match kind {
        EntityKind::Account
        | EntityKind::Host
        | EntityKind::Device
        | EntityKind::Mailbox
        | EntityKind::Application
        | EntityKind::Resource => true,
        EntityKind::Address | EntityKind::Group | EntityKind::Ticket | EntityKind::Session => false,
    }
}

fn is_held(estate: &Estate, detection: &Detection, entity: &Entity, identity: &Identity) -> bool {
    if detection.rule.holds.is_empty() {
        return detection
            .group
            .iter()
            .any(|name| names(estate, name, entity, identity));
    }
    let origin_of_a_host = entity.role == Role::Origin && entity.kind != EntityKind::Host;
    detection.rule.holds.contains(&entity.role) && !origin_of_a_host
}

/// Whether a correlation's group value means this entity: the same node, the same name, or for an
/// account outside the estate the same name without its domain.
fn names(estate: &Estate, value: &str, entity: &Entity, identity: &Identity) -> bool {
    if let Identity::Known(node) = identity {
        return estate.resolve(value) == Some(*node);
    }
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    same(value, &entity.id)
        || entity.kind == EntityKind::Account && same(bare(value), bare(&entity.id))
}

/// `DOMAIN\name` and `name@domain` without the domain.
fn bare(account: &str) -> &str {
    let account = account.rsplit_once('\\').map_or(account, |(_, name)| name);
    account.split_once('@').map_or(account, |(name, _)| name)
}
