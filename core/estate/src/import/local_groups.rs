//! Groups of single hosts that a graph has as nodes of their own, with their members.
//!
//! What a collector writes at the host itself is read so already; here it is made from relations.

use super::{
    facts::of_kind,
    hosts::{GROUPS, RIGHTS},
    index::Index,
    inventory::{Fact, Inventory},
};

/// Adds what members of such groups may do.
pub(super) fn add(inventory: &mut Inventory) {
    let [of_host, members] = ["LocalToComputer", "MemberOfLocalGroup"].map(|name| {
        let rel = inventory.rel(name);
        Index::new(&inventory.links, &[rel])
    });
    for (group, host, _) in of_host.pairs() {
        let rid = inventory.id(group).rsplit_once('-').map(|(_, rid)| rid);
        let rid = rid.and_then(|rid| GROUPS.into_iter().find(|known| *known == rid));
        if let Some(rid) = rid {
            for (member, _) in members.back(group) {
                inventory.link(*member, &format!("LocalGroup{rid}"), host);
            }
        }
    }
    for right in &RIGHTS {
        let rel = inventory.rel(right.name);
        let holders = Index::new(&inventory.links, &[rel]);
        for (group, host, _) in of_host.pairs() {
            if !holders.out(group).iter().any(|(to, _)| *to == host) {
                continue;
            }
            for (member, _) in members.back(group) {
                inventory.link(*member, right.name, host);
            }
            let id = inventory.id(group).rsplit_once('-');
            if id.is_some_and(|(_, rid)| rid == right.group) {
                inventory.set(host, right.granted, Fact::Flag(true));
            }
        }
        for host in of_kind(inventory, "computer") {
            if inventory.flag(host, "hasura") == Some(true) && !holders.back(host).is_empty() {
                inventory.set(host, right.collected, Fact::Flag(true));
            }
        }
    }
}
