//! Entries that list who has which right on what.
//!
//! An assignment that was given over something larger than the thing in whose list it stands counts there: who
//! owns or contributes to a group of resources has all of them, and one edge says so. Of narrower roles each thing
//! has an edge of its own, as the role gives nothing on other things of the group.

use serde_json::{Map, Value};

use crate::import::inventory::Inventory;

use super::{Data, subscription, text};
use tables::{DIRECTORY, LISTED, LISTS, ROLES, WIDE, WITH_ROLES};

mod directory;
mod tables;

/// Adds an entry of rights; whether it is one.
pub(super) fn held(inventory: &mut Inventory, kind: &str, data: &Data<'_>) -> bool {
    if let Some((_, on, list, one, right)) = DIRECTORY.iter().find(|(own, ..)| *own == kind) {
        let on = data.id(on);
        return listed(inventory, data, (list, one), (kind, right, &on));
    }
    let listing = LISTED.iter().find_map(|(thing, key)| {
        let end = kind.strip_prefix(thing)?;
        let list = LISTS.iter().find(|(own, ..)| *own == end)?;
        Some((key, list))
    });
    if let Some((key, (_, list, one, right))) = listing {
        let on = thing(data, key);
        return listed(inventory, data, (list, one), (kind, right, &on));
    }
    if kind == "AZManagementGroupDescendant" {
        let parent = data.0.get("properties");
        let parent = text(parent.and_then(|own| own.pointer("/parent/id"))).to_uppercase();
        related(inventory, (&parent, "AZContains", &data.id("id")));
        return true;
    }
    if kind == "AZKeyVaultAccessPolicy" {
        vault_policy(inventory, data);
        return true;
    }
    by_role(inventory, kind, data) || directory::held(inventory, kind, data)
}

/// The id of the thing that a list is about.
fn thing(data: &Data<'_>, key: &str) -> String {
    match key {
        "subscriptionId" => subscription(data.text(key)),
        key => data.id(key),
    }
}

/// Relates two ids, or counts that one is missing.
fn related(inventory: &mut Inventory, (from, right, to): (&str, &str, &str)) {
    if from.is_empty() || to.is_empty() {
        unclear(inventory, right);
        return;
    }
    let (from, to) = (inventory.object(from), inventory.object(to));
    inventory.link(from, right, to);
}

fn unclear(inventory: &mut Inventory, example: &str) {
    let what = "entries of rights without holder or target";
    inventory.note("unclear-right", what, example);
}

/// The entries of a list under any of these names. A list that is written as null is empty; one that is not written at
/// all, or is no list, is told.
fn entries<'d>(
    inventory: &mut Inventory,
    data: &Data<'d>,
    (kind, keys): (&str, &[&str]),
) -> Vec<&'d Value> {
    let map: &'d Map<String, Value> = data.0;
    let lists: Vec<&Value> = keys.iter().filter_map(|key| map.get(*key)).collect();
    if lists.is_empty() || lists.iter().any(|list| !list.is_array() && !list.is_null()) {
        unclear(inventory, kind);
    }
    let lists = lists.into_iter().filter_map(Value::as_array);
    lists.flatten().collect()
}

fn listed(
    inventory: &mut Inventory,
    data: &Data<'_>,
    (list, one): (&str, &str),
    (kind, right, on): (&str, &str, &str),
) -> bool {
    for entry in entries(inventory, data, (kind, &[list])) {
        match entry.get(one) {
            Some(one) => assigned(inventory, one, (right, on)),
            None => unclear(inventory, kind),
        }
    }
    true
}

/// A right of an object of the directory, or of whom an assignment names.
fn assigned(inventory: &mut Inventory, one: &Value, (right, on): (&str, &str)) {
    let Some(assignment) = one
        .get("properties")
        .filter(|own| own.get("scope").is_some())
    else {
        let id = text(one.get("id")).to_uppercase();
        let word = text(one.get("@odata.type"));
        guess(inventory, &id, word.strip_prefix("#microsoft.graph."));
        related(inventory, (&id, right, on));
        return;
    };
    let id = text(assignment.get("principalId")).to_uppercase();
    let word = assignment.get("principalType").and_then(Value::as_str);
    guess(inventory, &id, word);
    let scope = text(assignment.get("scope")).to_uppercase();
    let wide = scope != on && WIDE.contains(&right);
    match holder_kind(&scope).filter(|_| wide) {
        Some(kind) => {
            related(inventory, (&id, right, &scope));
            let scope = inventory.object(&scope);
            inventory.guess_kind(scope, kind);
        }
        None => related(inventory, (&id, right, on)),
    }
}

/// What an object is, by the word of the tenant's interface for it.
fn guess(inventory: &mut Inventory, id: &str, word: Option<&str>) {
    if let Some(word) = word.filter(|word| !word.is_empty() && !id.is_empty()) {
        let principal = inventory.object(id);
        let kind = format!("az-{}", crate::spelling::to_kebab(word));
        inventory.guess_kind(principal, &kind);
    }
}

/// What holds things, by the form of its id.
fn holder_kind(scope: &str) -> Option<&'static str> {
    let parts: Vec<&str> = scope.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["SUBSCRIPTIONS", _] => Some("az-subscription"),
        ["SUBSCRIPTIONS", _, "RESOURCEGROUPS", _] => Some("az-resource-group"),
        ["PROVIDERS", "MICROSOFT.MANAGEMENT", "MANAGEMENTGROUPS", _] => Some("az-management-group"),
        _ => None,
    }
}

fn vault_policy(inventory: &mut Inventory, data: &Data<'_>) {
    let permissions = data.0.get("permissions").and_then(Value::as_object);
    let Some(permissions) = permissions else {
        let what = "access policies of vaults whose permissions could not be read";
        inventory.note("unclear-right", what, &data.id("keyVaultId"));
        return;
    };
    let kinds = [
        ("certificates", "AZGetCertificates"),
        ("keys", "AZGetKeys"),
        ("secrets", "AZGetSecrets"),
    ];
    let mut some = false;
    for (kind, right) in kinds {
        let mut granted = permissions
            .get(kind)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let reads = |one: &Value| {
            let word = one.as_str().unwrap_or_default();
            ["get", "all"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(word))
        };
        if granted.any(reads) {
            some = true;
            related(
                inventory,
                (&data.id("objectId"), right, &data.id("keyVaultId")),
            );
        }
    }
    if !some {
        let what = "access policies of vaults that let nobody read what is in them";
        inventory.note("passed-over", what, &data.id("keyVaultId"));
    }
}

/// Assignments that name their role each; whether it is a list of them.
fn by_role(inventory: &mut Inventory, kind: &str, data: &Data<'_>) -> bool {
    let Some(resource) = kind.strip_suffix("RoleAssignment") else {
        return false;
    };
    let own = LISTED.iter().find(|(own, _)| *own == resource);
    if own.is_none() && !WITH_ROLES.contains(&resource) {
        return false;
    }
    // Vaults are written under the name that machines have.
    let keys = [own.map_or("objectId", |(_, key)| key), "virtualMachineId"];
    let on = keys.map(|key| thing(data, key));
    let on = on.iter().find(|id| !id.is_empty());
    let on = on.map_or("", |id| id);
    let lists = ["assignees", "roleAssignments"];
    for entry in entries(inventory, data, (kind, &lists)) {
        let assignment = ["assignee", "roleAssignment"].map(|key| entry.get(key));
        let Some(assignment) = assignment.into_iter().flatten().next() else {
            unclear(inventory, kind);
            continue;
        };
        let definition = match text(entry.get("roleDefinitionId")) {
            "" => text(assignment.pointer("/properties/roleDefinitionId")),
            own => own,
        };
        let definition = definition.rsplit('/').next().unwrap_or_default();
        let role = ROLES.iter().find(|(id, _, kinds)| {
            let fits = kinds.is_empty() || kinds.contains(&resource);
            id.eq_ignore_ascii_case(definition) && fits
        });
        if let Some((_, right, _)) = role {
            assigned(inventory, assignment, (right, on));
        } else {
            let what = "assignments of roles that lead nobody on";
            inventory.note("passed-over", what, definition);
        }
    }
    true
}
