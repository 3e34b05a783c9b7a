//! Entries that list who has which right on what.

use serde_json::Value;

use crate::import::inventory::Inventory;

use super::{Data, role, subscription, text};

/// A list of those who have one right on one thing.
struct Held {
    kind: &'static str,
    list: &'static str,
    one: &'static str,
    on: &'static str,
    right: &'static str,
}

const fn list(
    kind: &'static str,
    (list, one): (&'static str, &'static str),
    on: &'static str,
    right: &'static str,
) -> Held {
    Held {
        kind,
        list,
        one,
        on,
        right,
    }
}

const OWNERS: (&str, &str) = ("owners", "owner");
const ADMINS: (&str, &str) = ("userAccessAdmins", "userAccessAdmin");
const CONTRIBUTORS: (&str, &str) = ("contributors", "contributor");

/// Every such list.
const HELD: [Held; 21] = [
    list("AZAppOwner", OWNERS, "appId", "AZOwns"),
    list("AZDeviceOwner", OWNERS, "deviceId", "AZOwns"),
    list("AZGroupOwner", OWNERS, "groupId", "AZOwns"),
    list(
        "AZServicePrincipalOwner",
        OWNERS,
        "servicePrincipalId",
        "AZOwns",
    ),
    list(
        "AZGroupMember",
        ("members", "member"),
        "groupId",
        "AZMemberOf",
    ),
    list("AZKeyVaultOwner", OWNERS, "keyVaultId", "AZOwner"),
    list(
        "AZKeyVaultUserAccessAdmin",
        ADMINS,
        "keyVaultId",
        "AZUserAccessAdministrator",
    ),
    list(
        "AZKeyVaultContributor",
        CONTRIBUTORS,
        "keyVaultId",
        "AZContributor",
    ),
    list(
        "AZKeyVaultKVContributor",
        ("kvContributors", "kvContributor"),
        "keyVaultId",
        "AZKeyVaultKVContributor",
    ),
    list(
        "AZManagementGroupOwner",
        OWNERS,
        "managementGroupId",
        "AZOwner",
    ),
    list(
        "AZManagementGroupUserAccessAdmin",
        ADMINS,
        "managementGroupId",
        "AZUserAccessAdministrator",
    ),
    list("AZResourceGroupOwner", OWNERS, "resourceGroupId", "AZOwner"),
    list(
        "AZResourceGroupUserAccessAdmin",
        ADMINS,
        "resourceGroupId",
        "AZUserAccessAdministrator",
    ),
    list("AZSubscriptionOwner", OWNERS, "subscriptionId", "AZOwner"),
    list(
        "AZSubscriptionUserAccessAdmin",
        ADMINS,
        "subscriptionId",
        "AZUserAccessAdministrator",
    ),
    list("AZVMOwner", OWNERS, "virtualMachineId", "AZOwner"),
    list(
        "AZVMUserAccessAdmin",
        ADMINS,
        "virtualMachineId",
        "AZUserAccessAdministrator",
    ),
    list(
        "AZVMContributor",
        CONTRIBUTORS,
        "virtualMachineId",
        "AZContributor",
    ),
    list(
        "AZVMVMContributor",
        ("vmContributors", "vmContributor"),
        "virtualMachineId",
        "AZVMContributor",
    ),
    list(
        "AZVMAdminLogin",
        ("adminLogins", "adminLogin"),
        "virtualMachineId",
        "AZVMAdminLogin",
    ),
    list(
        "AZVMAvereContributor",
        ("avereContributors", "avereContributor"),
        "virtualMachineId",
        "AZAvereContributor",
    ),
];

/// Roles on any resource, by the id of their definition.
const ROLES: [(&str, &str); 3] = [
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "AZOwner"),
    (
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "AZUserAccessAdministrator",
    ),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "AZContributor"),
];

/// Roles that give something on resources of one kind.
const OWN_ROLES: [(&str, &str, &str); 6] = [
    (
        "AZFunctionApp",
        "de139f84-1756-47ae-9be6-808fbbe84772",
        "AZWebsiteContributor",
    ),
    (
        "AZWebApp",
        "de139f84-1756-47ae-9be6-808fbbe84772",
        "AZWebsiteContributor",
    ),
    (
        "AZLogicApp",
        "87a39d53-fc1b-424a-814c-f7e04687dc9e",
        "AZLogicAppContributor",
    ),
    (
        "AZAutomationAccount",
        "f353d9bd-d4a6-484e-a77a-8050b599b867",
        "AZAutomationContributor",
    ),
    (
        "AZVMScaleSet",
        "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
        "AZVMContributor",
    ),
    (
        "AZManagedCluster",
        "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
        "AZAKSContributor",
    ),
];

/// Kinds of resources whose entries of role assignments name a role each.
const WITH_ROLES: [&str; 7] = [
    "AZFunctionApp",
    "AZWebApp",
    "AZLogicApp",
    "AZAutomationAccount",
    "AZVMScaleSet",
    "AZManagedCluster",
    "AZContainerRegistry",
];

/// Permissions of the tenant's interface that lead on, by their ids.
const PERMISSIONS: [(&str, &str); 7] = [
    (
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        "AZMGApplication_ReadWrite_All",
    ),
    (
        "06b708a9-e830-4db3-a914-8e69da51d44f",
        "AZMGAppRoleAssignment_ReadWrite_All",
    ),
    (
        "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
        "AZMGDirectory_ReadWrite_All",
    ),
    (
        "62a82d76-70ea-41e2-9197-370581804d09",
        "AZMGGroup_ReadWrite_All",
    ),
    (
        "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
        "AZMGGroupMember_ReadWrite_All",
    ),
    (
        "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
        "AZMGRoleManagement_ReadWrite_Directory",
    ),
    (
        "89c8469c-83ad-45f7-8ff2-6e3d4285709e",
        "AZMGServicePrincipalEndpoint_ReadWrite_All",
    ),
];

/// Roles that may be given over single applications.
const OVER_APPS: [(&str, &str); 2] = [
    ("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "AZAppAdmin"),
    ("158c047a-c907-4556-b7ef-446551a6b5f7", "AZCloudAppAdmin"),
];

/// Adds an entry of rights; whether it is one.
pub(super) fn held(inventory: &mut Inventory, kind: &str, data: &Data<'_>) -> bool {
    if let Some(held) = HELD.iter().find(|held| held.kind == kind) {
        listed(inventory, held, data);
        return true;
    }
    match kind {
        "AZRoleAssignment" => roles(inventory, data),
        "AZRoleEligibilityScheduleInstance" => {
            let role = role(data.text("roleDefinitionId"), data);
            related(
                inventory,
                (&data.id("principalId"), "AZRoleEligible", &role),
            );
        }
        "AZAppRoleAssignment" => permission(inventory, data),
        "AZKeyVaultAccessPolicy" => vault_policy(inventory, data),
        "AZManagementGroupDescendant" => {
            let parent = data
                .0
                .get("properties")
                .and_then(|own| own.pointer("/parent/id"));
            let parent = text(parent).to_uppercase();
            related(inventory, (&parent, "AZContains", &data.id("id")));
        }
        _ => return resource_roles(inventory, kind, data),
    }
    true
}

/// Relates two ids, or counts that one is missing.
fn related(inventory: &mut Inventory, (from, right, to): (&str, &str, &str)) {
    if from.is_empty() || to.is_empty() {
        inventory.note(
            "unclear-right",
            "entries of rights without holder or target",
            right,
        );
        return;
    }
    let (from, to) = (inventory.object(from), inventory.object(to));
    inventory.link(from, right, to);
}

fn listed(inventory: &mut Inventory, held: &Held, data: &Data<'_>) {
    let on = match held.on {
        "subscriptionId" => subscription(data.text(held.on)),
        key => data.id(key),
    };
    let entries = data.0.get(held.list).and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        let Some(one) = entry.get(held.one) else {
            inventory.note(
                "unclear-right",
                "entries of rights without holder or target",
                held.kind,
            );
            continue;
        };
        assigned(inventory, one, (held.right, &on));
    }
}

/// A right of an object of the directory, or of whom an assignment names, if it is one on the thing itself.
fn assigned(inventory: &mut Inventory, one: &Value, (right, on): (&str, &str)) {
    let Some(assignment) = one
        .get("properties")
        .filter(|own| own.get("scope").is_some())
    else {
        let id = text(one.get("id")).to_uppercase();
        let word = text(one.get("@odata.type"));
        if let Some(word) = word.strip_prefix("#microsoft.graph.") {
            let principal = inventory.object(&id);
            let kind = format!("az-{}", crate::spelling::to_kebab(word));
            inventory.guess_kind(principal, &kind);
        }
        related(inventory, (&id, right, on));
        return;
    };
    let scope = text(assignment.get("scope"));
    if !scope.eq_ignore_ascii_case(on) {
        let what = "assignments that count on what holds a resource, and are told of that";
        inventory.note(
            "inherited-assignment",
            what,
            &format!("{right} {on}: {scope}"),
        );
        return;
    }
    let id = text(assignment.get("principalId")).to_uppercase();
    related(inventory, (&id, right, on));
}

fn roles(inventory: &mut Inventory, data: &Data<'_>) {
    let entries = data.0.get("roleAssignments").and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        let of = |key: &str| text(entry.get(key));
        let definition = match of("roleDefinitionId") {
            "" => data.text("roleDefinitionId"),
            own => own,
        };
        let role = role(definition, data);
        let principal = of("principalId").to_uppercase();
        let scope = of("directoryScopeId").trim_start_matches('/');
        if scope.is_empty() {
            related(inventory, (&principal, "AZHasRole", &role));
            continue;
        }
        let over = OVER_APPS
            .iter()
            .find(|(id, _)| id.eq_ignore_ascii_case(definition));
        if let Some((_, right)) = over {
            related(inventory, (&principal, right, &scope.to_uppercase()));
            continue;
        }
        if principal.is_empty() || role.is_empty() {
            related(inventory, (&principal, "AZHasRole", &role));
            continue;
        }
        let why = format!("the role counts in {scope} only, and what lies there was not collected");
        let (from, to) = (inventory.object(&principal), inventory.object(&role));
        inventory.link_unknown((from, "AZHasRole", to), &why);
    }
}

fn permission(inventory: &mut Inventory, data: &Data<'_>) {
    let id = data.text("appRoleId");
    let known = PERMISSIONS
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(id));
    let Some((_, right)) = known else {
        let what = "permissions of applications that lead nobody on";
        inventory.note("passed-over", what, id);
        return;
    };
    let ids = [data.id("principalId"), data.id("resourceId")];
    for id in ids.iter().filter(|id| !id.is_empty()) {
        let principal = inventory.object(id);
        inventory.guess_kind(principal, "az-service-principal");
    }
    let [from, to] = ids;
    related(inventory, (&from, right, &to));
}

fn vault_policy(inventory: &mut Inventory, data: &Data<'_>) {
    let kinds = [
        ("certificates", "AZGetCertificates"),
        ("keys", "AZGetKeys"),
        ("secrets", "AZGetSecrets"),
    ];
    for (kind, right) in kinds {
        let granted = data.0.get("permissions").and_then(|all| all.get(kind));
        let mut granted = granted.and_then(Value::as_array).into_iter().flatten();
        let reads = |one: &Value| {
            let word = one.as_str().unwrap_or_default();
            ["get", "all"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(word))
        };
        if granted.any(reads) {
            related(
                inventory,
                (&data.id("objectId"), right, &data.id("keyVaultId")),
            );
        }
    }
}

/// Assignments that name their role each, of kinds of resources that have no lists of their own.
fn resource_roles(inventory: &mut Inventory, kind: &str, data: &Data<'_>) -> bool {
    let Some(resource) = kind
        .strip_suffix("RoleAssignment")
        .filter(|kind| WITH_ROLES.contains(kind))
    else {
        return false;
    };
    let entries =
        ["assignees", "roleAssignments"].map(|key| data.0.get(key).and_then(Value::as_array));
    for entry in entries.into_iter().flatten().flatten() {
        let definition = text(entry.get("roleDefinitionId"));
        let definition = definition.rsplit('/').next().unwrap_or_default();
        let is = |id: &str| id.eq_ignore_ascii_case(definition);
        let any = ROLES.iter().find(|(id, _)| is(id)).map(|(_, right)| *right);
        let own = OWN_ROLES
            .iter()
            .find(|(on, id, _)| *on == resource && is(id));
        let Some(right) = any.or(own.map(|(_, _, right)| *right)) else {
            let what = "assignments of roles that lead nobody on";
            inventory.note("passed-over", what, definition);
            continue;
        };
        let Some(assignee) = entry.get("assignee") else {
            inventory.note(
                "unclear-right",
                "entries of rights without holder or target",
                kind,
            );
            continue;
        };
        assigned(inventory, assignee, (right, &data.id("objectId")));
    }
    true
}
