//! What derived edges stand on, for whoever wants to end them.

use std::collections::{BTreeMap, BTreeSet};

use crate::Pages;

use super::{
    inventory::{Inventory, Ix},
    letters,
};

/// An edge, by its ends and the letters of its kind.
type Key = (Ix, Ix, String);

/// What edges stand on, of kinds of which every rule says so. An edge that an inventory gives by itself
/// (`read` relations were read before any was derived) stands on nothing that is known.
pub(super) fn of(inventory: &Inventory, pages: &Pages, read: usize) -> BTreeMap<Key, BTreeSet<Ix>> {
    let rules = pages.rules();
    let free = rules.iter().filter(|(_, rule)| rule.ground.is_none());
    let free: BTreeSet<String> = free.map(|(name, _)| letters(name)).collect();
    let mut grounds: BTreeMap<Key, BTreeSet<Ix>> = BTreeMap::new();
    for ((from, to, rel), on) in &inventory.grounds {
        let kind = letters(inventory.rel_name(*rel));
        if !free.contains(&kind) {
            grounds.entry((*from, *to, kind)).or_default().insert(*on);
        }
    }
    let kinds: BTreeSet<String> = grounds.keys().map(|(_, _, kind)| kind.clone()).collect();
    for link in inventory.links.iter().take(read) {
        let kind = letters(inventory.rel_name(link.rel));
        if kinds.contains(&kind) {
            grounds.remove(&(link.from, link.to, kind));
        }
    }
    grounds
}
