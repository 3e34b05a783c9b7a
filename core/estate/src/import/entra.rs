//! What follows in a tenant from several objects together: what lies in it, who holds which role, and which
//! accounts are one with accounts of a directory.
//!
//! A group passes its roles on to its own members and to nobody further, and only if it was made for roles. A role
//! that somebody may take up is theirs as soon as they want it, unless its policy asks somebody else first.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::of_kind,
    index::Index,
    inventory::{Fact, Inventory, Ix},
};

/// Adds all of it.
pub(super) fn add(inventory: &mut Inventory) {
    apps(inventory);
    in_tenant(inventory);
    roles(inventory);
    synced(inventory);
}

fn in_tenant(inventory: &mut Inventory) {
    let tenants: BTreeMap<String, Ix> = of_kind(inventory, "az-tenant")
        .into_iter()
        .map(|ix| (inventory.id(ix).to_uppercase(), ix))
        .collect();
    if tenants.is_empty() {
        return;
    }
    for ix in inventory.indices() {
        let id = inventory.text(ix, "tenantid").map(str::to_uppercase);
        let tenant = id.and_then(|id| tenants.get(&id)).copied();
        if let Some(tenant) = tenant.filter(|tenant| *tenant != ix) {
            inventory.link(ix, "InTenant", tenant);
        }
    }
    let contains = inventory.rel("AZContains");
    let contains = Index::new(&inventory.links, &[contains]);
    for tenant in tenants.into_values() {
        for (ix, _) in contains.out(tenant) {
            inventory.link(*ix, "InTenant", tenant);
        }
    }
}

/// Who holds a role, by themselves or through a group, and what roles users have.
fn roles(inventory: &mut Inventory) {
    let [has, member] = ["AZHasRole", "AZMemberOf"].map(|name| inventory.rel(name));
    let has = Index::new(&inventory.links, &[has]);
    let members = Index::new(&inventory.links, &[member]);
    eligible(inventory, &members);
    let mut of_user: BTreeMap<Ix, BTreeSet<Box<str>>> = BTreeMap::new();
    for (holder, role, why) in has.pairs() {
        let mut all = vec![(holder, why)];
        if inventory.kind(holder) == "az-group" {
            all.extend(passed_on(inventory, &members, (holder, why)));
        }
        let template = inventory.text(role, "templateid").unwrap_or_default();
        let template: Box<str> = template.to_lowercase().into();
        for (holder, why) in all {
            if inventory.kind(holder) == "az-user" {
                of_user.entry(holder).or_default().insert(template.clone());
            }
            match inventory.reason_text(why).map(str::to_owned) {
                Some(why) => inventory.link_unknown((holder, "AZHoldsRole", role), &why),
                None => inventory.link(holder, "AZHoldsRole", role),
            }
        }
    }
    for user in of_kind(inventory, "az-user") {
        let roles = of_user.remove(&user).unwrap_or_default();
        inventory.set(user, "roles", Fact::List(roles.into_iter().collect()));
        let assignable =
            |(group, _): &(Ix, u32)| inventory.flag(*group, "isassignabletorole") == Some(true);
        if members.out(user).iter().any(assignable) {
            inventory.set(user, "inassignablegroup", Fact::Flag(true));
        }
    }
}

/// Who may take up a role when they want it, by themselves or through a group.
fn eligible(inventory: &mut Inventory, members: &Index) {
    let [eligible, approver] = ["AZRoleEligible", "AZRoleApprover"].map(|name| inventory.rel(name));
    let eligible = Index::new(&inventory.links, &[eligible]);
    let approvers = Index::new(&inventory.links, &[approver]);
    for (holder, role, why) in eligible.pairs() {
        let why = why.max(agreement(inventory, role, &approvers));
        let mut all = vec![(holder, why)];
        if inventory.kind(holder) == "az-group" {
            all.extend(passed_on(inventory, members, (holder, why)));
        }
        for (holder, why) in all {
            for name in ["AZActivatesRole", "AZHoldsRole"] {
                match inventory.reason_text(why).map(str::to_owned) {
                    Some(why) => inventory.link_unknown((holder, name, role), &why),
                    None => inventory.link(holder, name, role),
                }
            }
        }
    }
}

/// The reason why it is not known whether a role can be taken up by whoever may; none if nobody else is asked.
fn agreement(inventory: &mut Inventory, role: Ix, approvers: &Index) -> u32 {
    let why = match inventory.flag(role, "requiresapproval") {
        Some(false) => return 0,
        Some(true) => {
            let named = approvers.back(role).iter();
            let named: BTreeSet<&str> = named.map(|(ix, _)| inventory.shown(*ix)).collect();
            let named: Vec<&str> = named.into_iter().collect();
            let who = match named.as_slice() {
                [] => "an administrator of roles".to_owned(),
                named => named.join(" or "),
            };
            format!("{who} must agree before the role is taken up")
        }
        None => {
            "whether somebody must agree before the role is taken up was not collected".to_owned()
        }
    };
    inventory.reason(&why)
}

/// Roles over single applications, which name them by the ids that only the directory uses.
fn apps(inventory: &mut Inventory) {
    let mut meant: BTreeMap<Ix, Ix> = BTreeMap::new();
    for app in of_kind(inventory, "az-app") {
        let other = inventory.text(app, "objectid");
        let other = other.and_then(|id| inventory.find(id));
        if let Some(other) = other.filter(|ix| *ix != app && !inventory.is_described(*ix)) {
            meant.insert(other, app);
        }
    }
    for link in &mut inventory.links {
        link.to = meant.get(&link.to).copied().unwrap_or(link.to);
    }
}

/// Members who have a role because their group does.
fn passed_on(
    inventory: &mut Inventory,
    members: &Index,
    (group, why): (Ix, u32),
) -> Vec<(Ix, u32)> {
    let why = match inventory.flag(group, "isassignabletorole") {
        Some(true) => why,
        Some(false) => return Vec::new(),
        None => {
            let name = inventory.shown(group);
            let missing = format!("`isassignabletorole` of {name} is not known");
            inventory.reason(&missing)
        }
    };
    let own = members.back(group).iter();
    own.filter(|(member, _)| inventory.kind(*member) != "az-group")
        .map(|(member, doubt)| (*member, why.max(*doubt)))
        .collect()
}

/// Accounts that are kept in step with accounts of a directory: who holds one holds the other.
fn synced(inventory: &mut Inventory) {
    for user in of_kind(inventory, "az-user") {
        let Some(id) = inventory.text(user, "onpremid").map(str::to_owned) else {
            continue;
        };
        let enabled = inventory.flag(user, "onpremsyncenabled");
        if id.is_empty() || enabled == Some(false) {
            continue;
        }
        let own = inventory.object(&id);
        inventory.guess_kind(own, "user");
        let both = [
            (own, "SyncedToEntraUser", user),
            (user, "SyncedToADUser", own),
        ];
        for (from, name, to) in both {
            if enabled == Some(true) {
                inventory.link(from, name, to);
            } else {
                let name_of = inventory.shown(user);
                let why = format!("`onpremsyncenabled` of {name_of} is not known");
                inventory.link_unknown((from, name, to), &why);
            }
        }
    }
}
