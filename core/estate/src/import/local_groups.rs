//! Groups of single hosts that a graph has as nodes of their own, with their members.
//!
//! What a collector writes at the host itself is read so already; here it is made from relations.

use super::{
    facts::of_kind,
    hosts::GROUPS,
    index::Index,
    inventory::{Fact, Inventory},
};

/// The logon right that the desktop of a host asks for.
const DESKTOP_RIGHT: &str = "RemoteInteractiveLogonRight";

/// Adds what members of such groups may do.
pub(super) fn add(inventory: &mut Inventory) {
    let names = ["LocalToComputer", "MemberOfLocalGroup", DESKTOP_RIGHT];
    let indices = names.map(|name| {
        let rel = inventory.rel(name);
        Index::new(&inventory.links, &[rel])
    });
    let [of_host, members, may_log_on] = &indices;
    for (group, host, _) in of_host.pairs() {
        let logs_on = may_log_on.out(group).iter().any(|(to, _)| *to == host);
        let rid = inventory.id(group).rsplit_once('-').map(|(_, rid)| rid);
        let rid = rid.and_then(|rid| GROUPS.into_iter().find(|known| *known == rid));
        let members = members.back(group).iter().map(|(member, _)| *member);
        for member in members {
            if let Some(rid) = rid {
                inventory.link(member, &format!("LocalGroup{rid}"), host);
            }
            if logs_on {
                inventory.link(member, DESKTOP_RIGHT, host);
            }
        }
        if logs_on && rid == Some("555") {
            inventory.set(host, "desktopgroupmaylogon", Fact::Flag(true));
        }
    }
    for host in of_kind(inventory, "computer") {
        if inventory.flag(host, "collectedhost") == Some(true) {
            continue;
        }
        let collected = inventory.flag(host, "hasura") == Some(true);
        for (key, usual) in [
            ("logonrightscollected", collected),
            ("desktopgroupmaylogon", false),
        ] {
            if inventory.fact(host, key).is_none() {
                inventory.set(host, key, Fact::Flag(usual));
            }
        }
    }
}
