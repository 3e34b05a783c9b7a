//! Hosts: whose sessions are on them, who may do what there, and whether they are domain controllers.
//!
//! What was not collected of a host is not empty: [`crate::import::hosts`] says later what is taken to be so.

use crate::import::{
    everybody::RELAY,
    hosts::{GROUPS, RIGHTS, key},
    inventory::{Fact, Inventory, Ix},
};

use super::{
    named,
    shape::{DcRegistry, GpoChanges, LocalGroup, Many, Named, Object, Session},
};

/// Adds what an object says as a host, if it is one.
pub(super) fn add(inventory: &mut Inventory, ix: Ix, object: &Object) {
    sessions_of(inventory, ix, object);
    let domain = inventory.text(ix, "domainsid").map(str::to_owned);
    let controls = is_controller(inventory, ix, object);
    if let Some(controls) = controls.filter(|_| inventory.fact(ix, "isdc").is_none()) {
        inventory.set(ix, "isdc", Fact::Flag(controls));
    }
    if let Some(domain) = domain.filter(|_| controls == Some(true)) {
        let domain = inventory.object(&domain);
        inventory.guess_kind(domain, "domain");
        inventory.link(ix, "DCFor", domain);
    }
    if let Some(registry) = &object.dc_registry {
        dc_registry(inventory, ix, registry);
    }
    local_groups(inventory, ix, object);
    user_rights(inventory, ix, object);
    relaying(inventory, ix, object);
}

/// What a registry says where a host sends no sign-ins by NTLM to others.
const SENDS_NOTHING: u64 = 2;

/// Whether sign-ins of a host can be had and passed on.
fn relaying(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let signs = object.smb_info.as_ref();
    let signs = signs.and_then(|smb| smb.known()?.signing_enabled);
    let web = object.is_web_client_running.as_ref();
    let web = web.and_then(|running| running.known().copied());
    let sends = object.ntlm_registry.as_ref();
    let sends = sends.and_then(|registry| registry.known()?.restrict_sending_ntlm_traffic);
    let restricts = sends.map(|sends| sends == SENDS_NOTHING);
    for (key, value) in RELAY.into_iter().zip([signs, web, restricts]) {
        if let Some(value) = value {
            inventory.say(ix, key, Fact::Flag(value));
        }
    }
    // Older names of the same.
    for (old, key) in [
        ("ldapenabled", "ldapavailable"),
        ("ldapsenabled", "ldapsavailable"),
    ] {
        let said = object
            .properties
            .as_ref()
            .and_then(|all| Fact::of(all.get(old)?));
        if let Some(fact) = said {
            inventory.say(ix, key, fact);
        }
    }
}

/// Whether a host is a domain controller: as it says itself, or by the group that controllers belong to. None for
/// what is no host.
fn is_controller(inventory: &Inventory, ix: Ix, object: &Object) -> Option<bool> {
    let said = object.is_dc.or_else(|| inventory.flag(ix, "isdc"));
    let group = object.primary_group.as_deref().filter(|id| !id.is_empty());
    let group = group.filter(|_| !object.allowed_to_act.is_absent());
    let by_group = group.map(|id| ["-516", "-521"].iter().any(|end| id.ends_with(end)));
    said.or(by_group)
}

fn sessions_of(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let kinds = [
        &object.sessions,
        &object.privileged_sessions,
        &object.registry_sessions,
    ];
    for kind in kinds {
        sessions(inventory, ix, kind);
    }
    let asked = kinds.iter().any(|kind| !kind.is_absent());
    if asked && kinds.iter().all(|kind| !kind.collected) {
        let what = "hosts of which no sessions were collected";
        let name = inventory.shown(ix).to_owned();
        inventory.note("sessions-not-collected", what, &name);
    }
}

fn sessions(inventory: &mut Inventory, ix: Ix, sessions: &Many<Session>) {
    for session in &sessions.items {
        let Some(user) = session.user.as_deref().filter(|user| !user.is_empty()) else {
            inventory.note("unclear-session", "sessions of nobody", "");
            continue;
        };
        let host = session.computer.as_deref().filter(|host| !host.is_empty());
        let host = host.map_or(ix, |host| inventory.object(host));
        inventory.guess_kind(host, "computer");
        let user = inventory.object(user);
        inventory.guess_kind(user, "user");
        inventory.link(host, "HasSession", user);
    }
}

fn dc_registry(inventory: &mut Inventory, ix: Ix, registry: &DcRegistry) {
    let values = [
        (
            "certificatemappingmethodsraw",
            &registry.certificate_mapping_methods,
        ),
        (
            "strongcertificatebindingenforcementraw",
            &registry.strong_certificate_binding_enforcement,
        ),
    ];
    for (key, value) in values {
        if let Some(fact) = value.as_ref().and_then(|value| Fact::of(value.known()?)) {
            inventory.say(ix, key, fact);
        }
    }
}

/// The last part of the id of a local group that says what its members may do.
fn rid(id: &str) -> Option<&str> {
    let (_, rid) = id.rsplit_once('-')?;
    GROUPS.contains(&rid).then_some(rid)
}

fn local_groups(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let old = [
        ("544", &object.local_admins),
        ("555", &object.remote_desktop_users),
        ("562", &object.dcom_users),
        ("580", &object.ps_remote_users),
    ];
    for (rid, members) in old {
        local_members(inventory, ix, rid, &members.items);
        if members.collected {
            inventory.set(ix, &key(rid), Fact::Flag(true));
        }
    }
    let groups = &object.local_groups.items;
    for group in groups {
        if let Some(rid) = rid(group.id()) {
            local_members(inventory, ix, rid, &group.results.items);
        }
    }
    // A group that a collected host does not have has no members.
    let whole = groups.iter().any(LocalGroup::is_collected);
    for rid in GROUPS {
        let mut own = groups
            .iter()
            .filter(|group| self::rid(group.id()) == Some(rid));
        let lacking = own.clone().next().is_some() && !own.any(LocalGroup::is_collected);
        if whole && !lacking || old.iter().any(|(_, many)| many.collected) && rid == "551" {
            inventory.set(ix, &key(rid), Fact::Flag(true));
        }
    }
    let failed = groups.iter().find_map(|group| group.failure_reason.clone());
    let failed = failed.or_else(|| object.status.as_ref()?.error.clone());
    if let Some(why) = failed.filter(|_| inventory.fact(ix, "whynotcollected").is_none()) {
        inventory.set(ix, "whynotcollected", Fact::Text(why.into()));
    }
}

fn local_members(inventory: &mut Inventory, ix: Ix, rid: &str, members: &[Named]) {
    for member in members {
        if matches!(member.kind.as_str(), "LocalUser" | "LocalGroup") {
            inventory.note(
                "local-member",
                "accounts and groups of one host alone in its local groups",
                &member.id,
            );
            continue;
        }
        if let Some(member) = named(inventory, member) {
            inventory.link(member, &format!("LocalGroup{rid}"), ix);
        }
    }
}

fn user_rights(inventory: &mut Inventory, ix: Ix, object: &Object) {
    for told in &object.user_rights.items {
        let known = told.collected != Some(false) && !told.results.items.is_empty();
        let mut rights = RIGHTS.iter().filter(|_| known);
        let privilege = told.privilege.as_deref();
        let Some(right) = rights.find(|right| Some(right.privilege) == privilege) else {
            continue;
        };
        inventory.set(ix, right.collected, Fact::Flag(true));
        for holder in &told.results.items {
            if rid(&holder.id) == Some(right.group) {
                inventory.set(ix, right.granted, Fact::Flag(true));
            }
            for holder in holders(object, holder) {
                if let Some(holder) = named(inventory, holder) {
                    inventory.link(holder, right.name, ix);
                }
            }
        }
    }
}

/// Who has a right: an account or group of the directory itself, and the members of a group of the host.
fn holders<'o>(object: &'o Object, holder: &'o Named) -> Vec<&'o Named> {
    let local = |one: &Named| matches!(one.kind.as_str(), "LocalUser" | "LocalGroup");
    if !local(holder) {
        return vec![holder];
    }
    let groups = object.local_groups.items.iter();
    let same = groups.filter(|group| group.id().eq_ignore_ascii_case(&holder.id));
    same.flat_map(|group| &group.results.items)
        .filter(|member| !local(member))
        .collect()
}

/// Adds members that policies put into groups of hosts.
pub(super) fn policy_changes(inventory: &mut Inventory, changes: &GpoChanges) {
    let groups = [
        ("544", &changes.local_admins),
        ("551", &changes.backup_operators),
        ("555", &changes.remote_desktop_users),
        ("562", &changes.dcom_users),
        ("580", &changes.ps_remote_users),
    ];
    for host in &changes.affected_computers.items {
        let Some(host) = named(inventory, host) else {
            continue;
        };
        for (rid, members) in groups {
            local_members(inventory, host, rid, &members.items);
        }
    }
}
