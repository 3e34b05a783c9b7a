//! Hosts of which nobody collected who may do what on them.
//!
//! A host that was switched off has no list of administrators. That is no empty list: Domain Admins are
//! members of a host's groups unless somebody took them out, and so are taken for members, with the reason
//! why that is not known.

use super::{
    facts::of_kind,
    inventory::{Inventory, Ix},
};

/// Last parts of the ids of local groups whose members may do something on a host.
pub(super) const GROUPS: [&str; 5] = ["544", "551", "555", "562", "580"];

/// The property that says why a group of a host was not collected, or nothing if it was.
pub(super) fn key(group: &str) -> String {
    format!("local{group}")
}

/// Adds what is taken to be so on hosts that a collector described.
pub(super) fn add(inventory: &mut Inventory) {
    for host in of_kind(inventory, "computer") {
        if inventory.flag(host, "collectedhost") != Some(true) {
            continue;
        }
        let missing: Vec<(&str, String)> = GROUPS
            .into_iter()
            .filter(|group| inventory.flag(host, &key(group)) != Some(true))
            .map(|group| (group, why(inventory, host)))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let name = inventory.shown(host).to_owned();
        let what = "hosts of which local groups were not collected, so that who may do what on them is not known";
        inventory.note("local-groups-not-collected", what, &name);
        let Some(domain) = inventory.text(host, "domainsid").map(str::to_owned) else {
            continue;
        };
        let admins = inventory.object(&format!("{domain}-512"));
        inventory.guess_kind(admins, "group");
        for (group, why) in missing {
            inventory.link_unknown((admins, &format!("LocalGroup{group}"), host), &why);
        }
    }
}

fn why(inventory: &Inventory, host: Ix) -> String {
    let collected = "local groups of the host were not collected";
    match inventory.text(host, "whynotcollected") {
        Some(why) if !why.is_empty() => format!("{collected} ({why})"),
        Some(_) | None => collected.to_owned(),
    }
}
