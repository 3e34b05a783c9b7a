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

/// A right on a host that a group of the host has usually, and without which membership is worth nothing there.
pub(super) struct HostRight {
    /// The relation between whoever has it and the host.
    pub(super) name: &'static str,
    /// What collectors call it.
    pub(super) privilege: &'static str,
    /// Last part of the id of the group.
    pub(super) group: &'static str,
    /// The property that says whether holders of the right are known.
    pub(super) collected: &'static str,
    /// The property that says whether the group has it.
    pub(super) granted: &'static str,
}

/// All of them.
pub(super) const RIGHTS: [HostRight; 3] = [
    HostRight {
        name: "RemoteInteractiveLogonRight",
        privilege: "SeRemoteInteractiveLogonRight",
        group: "555",
        collected: "logonrightscollected",
        granted: "desktopgroupmaylogon",
    },
    HostRight {
        name: "BackupPrivilege",
        privilege: "SeBackupPrivilege",
        group: "551",
        collected: "backuprightscollected",
        granted: "backupgroupmaybackup",
    },
    HostRight {
        name: "RestorePrivilege",
        privilege: "SeRestorePrivilege",
        group: "551",
        collected: "restorerightscollected",
        granted: "backupgroupmayrestore",
    },
];

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
