//! AzureHound's own files, entry by entry, and the edges that follow in a tenant.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{edges, estate, imported, known, options};

pub(crate) const TENANT: &str = "TENANT";
pub(crate) const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(crate) const PRIVILEGED: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
pub(crate) const APPLICATIONS: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
pub(crate) const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
pub(crate) const READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
pub(crate) const INTUNE: &str = "3a2c62db-5318-420d-8d74-23affee5d9d5";
pub(crate) const GROUPS: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";

pub(crate) fn file(entries: &[Value]) -> String {
    json!({"data": entries, "meta": {"type": "azure", "version": 5, "count": entries.len()}})
        .to_string()
}

pub(crate) fn entry(kind: &str, data: Value) -> Value {
    let mut data = data;
    data["tenantId"] = json!(TENANT.to_lowercase());
    json!({"kind": kind, "data": data})
}

pub(crate) fn tenant() -> Value {
    entry("AZTenant", json!({"displayName": "North"}))
}

pub(crate) fn user(id: &str) -> Value {
    entry(
        "AZUser",
        json!({"id": id, "userPrincipalName": format!("{id}@n.example"), "accountEnabled": true}),
    )
}

pub(crate) fn group(id: &str) -> Value {
    entry("AZGroup", json!({"id": id, "displayName": id}))
}

/// A group that was made for roles.
pub(crate) fn role_group(id: &str) -> Value {
    let mut group = group(id);
    group["data"]["isAssignableToRole"] = json!(true);
    group
}

pub(crate) fn role(template: &str) -> Value {
    entry(
        "AZRole",
        json!({"id": template, "templateId": template, "displayName": template}),
    )
}

pub(crate) fn role_id(template: &str) -> String {
    format!("{}@{TENANT}", template.to_uppercase())
}

pub(crate) fn holds(template: &str, holders: &[&str]) -> Value {
    let assignments = holders.iter().map(|holder| {
        json!({"roleDefinitionId": template, "principalId": holder, "directoryScopeId": "/"})
    });
    entry(
        "AZRoleAssignment",
        json!({"roleDefinitionId": template, "roleAssignments": assignments.collect::<Vec<_>>()}),
    )
}

pub(crate) fn members(group: &str, ids: &[&str]) -> Value {
    let members = ids.iter().map(|id| json!({"member": {"id": id, "@odata.type": "#microsoft.graph.user"}, "groupId": group}));
    entry(
        "AZGroupMember",
        json!({"groupId": group, "members": members.collect::<Vec<_>>()}),
    )
}

pub(crate) fn pairs(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    pairs
        .iter()
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect()
}

pub(crate) fn of(entries: &[Value]) -> cordon_model::Estate {
    estate(&[("azurehound.json", &file(entries))])
}

#[test]
fn objects_stand_in_their_tenant_and_resources_in_what_holds_them() {
    let group = "/subscriptions/s1/resourceGroups/rg1";
    let machine = json!({
        "id": format!("{group}/providers/Microsoft.Compute/virtualMachines/vm1"), "name": "vm1", "resourceGroupId": group,
        "identity": {"principalId": "mi1", "userAssignedIdentities": {"x": {"clientId": "c", "principalId": "mi2"}}},
    });
    let cluster = json!({
        "id": format!("{group}/providers/Microsoft.ContainerService/managedClusters/k1"), "name": "k1", "resourceGroupId": group,
        "properties": {"nodeResourceGroup": "MC_1"},
    });
    let estate = of(&[
        tenant(),
        user("u1"),
        entry(
            "AZApp",
            json!({"id": "o1", "appId": "a1", "displayName": "Shop"}),
        ),
        entry(
            "AZServicePrincipal",
            json!({"id": "sp1", "appId": "a1", "displayName": "Shop"}),
        ),
        entry(
            "AZSubscription",
            json!({"id": "/subscriptions/s1", "subscriptionId": "s1", "displayName": "Sub"}),
        ),
        entry(
            "AZManagementGroup",
            json!({"id": "/providers/Microsoft.Management/managementGroups/m1"}),
        ),
        entry(
            "AZManagementGroupDescendant",
            json!({
                "id": "/subscriptions/s1",
                "properties": {"parent": {"id": "/providers/Microsoft.Management/managementGroups/m1"}},
            }),
        ),
        entry(
            "AZResourceGroup",
            json!({"id": group, "name": "rg1", "subscriptionId": "s1"}),
        ),
        entry("AZVM", machine),
        entry("AZManagedCluster", cluster),
    ]);
    let group = "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG1";
    let machine = format!("{group}/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM1");
    let cluster = format!("{group}/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/K1");
    let above = "/PROVIDERS/MICROSOFT.MANAGEMENT/MANAGEMENTGROUPS/M1";
    let expect = pairs(&[
        (TENANT, "U1"),
        (TENANT, "A1"),
        (TENANT, "SP1"),
        (TENANT, "/SUBSCRIPTIONS/S1"),
        (TENANT, above),
        (above, "/SUBSCRIPTIONS/S1"),
        ("/SUBSCRIPTIONS/S1", group),
        (group, &machine),
        (group, &cluster),
    ]);
    assert_eq!(known(&estate, "az-contains"), expect);
    assert_eq!(known(&estate, "az-runs-as"), pairs(&[("A1", "SP1")]));
    assert_eq!(
        known(&estate, "az-managed-identity"),
        pairs(&[(&machine, "MI1"), (&machine, "MI2")])
    );
    let nodes = "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/MC_1";
    assert_eq!(
        known(&estate, "az-node-resource-group"),
        pairs(&[(&cluster, nodes)])
    );
}

#[test]
fn a_role_leads_its_holders_to_what_it_administers() {
    let estate = of(&[
        tenant(),
        user("ga"),
        user("pra"),
        user("app"),
        user("desk"),
        user("groups"),
        user("intune"),
        user("reader"),
        user("plain"),
        user("safe"),
        group("open"),
        role_group("roles"),
        members("roles", &["safe"]),
        entry(
            "AZDevice",
            json!({"id": "d1", "operatingSystem": "Windows"}),
        ),
        entry("AZDevice", json!({"id": "d2", "operatingSystem": "MacMDM"})),
        entry("AZServicePrincipal", json!({"id": "sp1", "appId": "a1"})),
        role(GLOBAL),
        role(PRIVILEGED),
        role(APPLICATIONS),
        role(HELPDESK),
        role(READERS),
        role(INTUNE),
        role(GROUPS),
        holds(GLOBAL, &["ga"]),
        holds(PRIVILEGED, &["pra"]),
        holds(APPLICATIONS, &["app"]),
        holds(HELPDESK, &["desk"]),
        holds(READERS, &["reader"]),
        holds(INTUNE, &["intune"]),
        holds(GROUPS, &["groups"]),
    ]);
    assert_eq!(known(&estate, "az-global-admin"), pairs(&[("GA", TENANT)]));
    assert_eq!(
        known(&estate, "az-privileged-role-admin"),
        pairs(&[("PRA", TENANT)])
    );
    let apps = role_id(APPLICATIONS);
    assert_eq!(known(&estate, "az-add-secret"), pairs(&[(&apps, "SP1")]));
    let members = pairs(&[
        ("GA", "OPEN"),
        ("GA", "ROLES"),
        ("PRA", "OPEN"),
        ("PRA", "ROLES"),
        ("GROUPS", "OPEN"),
        ("INTUNE", "OPEN"),
    ]);
    assert_eq!(known(&estate, "az-add-members"), members);
    assert_eq!(
        known(&estate, "az-execute-command"),
        pairs(&[("INTUNE", "D1")])
    );
    let reset = known(&estate, "az-reset-password").into_iter();
    let by_desk: BTreeSet<String> = reset
        .filter(|(from, _)| *from == role_id(HELPDESK))
        .map(|(_, to)| to)
        .collect();
    assert_eq!(
        by_desk,
        ["DESK", "PLAIN", "READER"].map(str::to_owned).into()
    );
    let all = known(&estate, "az-reset-password")
        .into_iter()
        .filter(|(from, _)| *from == role_id(GLOBAL));
    assert_eq!(all.count(), 9);
}

#[test]
fn a_group_made_for_roles_passes_them_on_once_and_no_other_does() {
    let nested = json!({"member": {"id": "inner", "@odata.type": "#microsoft.graph.group"}, "groupId": "outer"});
    let mut outer = members("outer", &["u1"]);
    outer["data"]["members"]
        .as_array_mut()
        .unwrap()
        .push(nested);
    let entries = |group: fn(&str) -> Value| {
        [
            tenant(),
            user("u1"),
            user("u2"),
            group("outer"),
            group("inner"),
            outer.clone(),
            members("inner", &["u2"]),
            role(GLOBAL),
            holds(GLOBAL, &["outer"]),
        ]
    };
    assert_eq!(
        known(&of(&entries(role_group)), "az-global-admin"),
        pairs(&[("OUTER", TENANT), ("U1", TENANT)])
    );
    assert_eq!(
        known(&of(&entries(group)), "az-global-admin"),
        pairs(&[("OUTER", TENANT)])
    );
}

#[test]
fn permissions_of_the_tenants_interface_lead_applications_on() {
    let permission = |id: &str| {
        entry(
            "AZAppRoleAssignment",
            json!({"appRoleId": id, "principalId": "sp1", "resourceId": "graph"}),
        )
    };
    let with = |id: &str| {
        of(&[
            tenant(),
            group("open"),
            role_group("roles"),
            entry("AZServicePrincipal", json!({"id": "sp1", "appId": "a1"})),
            entry("AZServicePrincipal", json!({"id": "graph", "appId": "a2"})),
            role(GLOBAL),
            permission(id),
        ])
    };
    let directory = with("19dbc75e-c2e2-444c-a770-ec69d8559fc7");
    assert_eq!(
        known(&directory, "az-mg-add-member"),
        pairs(&[("SP1", "OPEN")])
    );
    assert_eq!(
        known(&directory, "az-mg-add-owner"),
        pairs(&[("SP1", "OPEN")])
    );
    let roles = with("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8");
    assert_eq!(
        known(&roles, "az-mg-grant-role"),
        pairs(&[("SP1", &role_id(GLOBAL))])
    );
    assert_eq!(
        known(&roles, "az-mg-grant-app-roles"),
        pairs(&[("SP1", TENANT)])
    );
    assert_eq!(
        known(&roles, "az-mg-add-member"),
        pairs(&[("SP1", "OPEN"), ("SP1", "ROLES")])
    );
    assert_eq!(
        known(&roles, "az-mg-add-secret"),
        pairs(&[("SP1", "GRAPH")])
    );
    let applications = with("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9");
    assert_eq!(
        known(&applications, "az-mg-add-secret"),
        pairs(&[("SP1", "GRAPH")])
    );
    let grants = with("06b708a9-e830-4db3-a914-8e69da51d44f");
    assert_eq!(
        known(&grants, "az-mg-grant-app-roles"),
        pairs(&[("SP1", TENANT)])
    );
}

#[test]
fn assignments_are_edges_on_what_they_were_given_over() {
    let vault = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.KeyVault/vaults/v1";
    let assigned =
        |id: &str, scope: &str| json!({"properties": {"principalId": id, "scope": scope}});
    let app = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.Web/sites/w1";
    let texts = file(&[
        entry("AZKeyVault", json!({"id": vault, "name": "v1"})),
        entry(
            "AZKeyVaultOwner",
            json!({"keyVaultId": vault, "owners": [
                {"owner": assigned("p1", vault)}, {"owner": assigned("p2", "/subscriptions/s1")},
            ]}),
        ),
        entry(
            "AZKeyVaultAccessPolicy",
            json!({"keyVaultId": vault, "objectId": "p3", "permissions": {
                "secrets": ["Get", "List"], "keys": ["List"], "certificates": ["get"],
            }}),
        ),
        entry(
            "AZWebAppRoleAssignment",
            json!({"objectId": app, "assignees": [
                {"assignee": assigned("p4", app), "roleDefinitionId": "de139f84-1756-47ae-9be6-808fbbe84772"},
                {"assignee": assigned("p5", app), "roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
            ]}),
        ),
        entry(
            "AZAppOwner",
            json!({"appId": "a1", "owners": [{"owner": {"id": "p6", "@odata.type": "#microsoft.graph.user"}}]}),
        ),
        entry(
            "AZRoleAssignment",
            json!({"roleDefinitionId": APPLICATIONS, "roleAssignments": [
                {"roleDefinitionId": APPLICATIONS, "principalId": "p7", "directoryScopeId": "/o1"},
            ]}),
        ),
        entry("AZSomethingNew", json!({"id": "n1"})),
    ]);
    let imported = imported(&[("azurehound.json", &texts)], &options());
    let estate = crate::estate_of(&imported);
    let vault = vault.to_uppercase();
    assert_eq!(
        known(&estate, "az-owner"),
        pairs(&[("P1", &vault), ("P2", "/SUBSCRIPTIONS/S1")])
    );
    assert_eq!(known(&estate, "az-get-secrets"), pairs(&[("P3", &vault)]));
    assert_eq!(known(&estate, "az-get-keys"), pairs(&[]));
    assert_eq!(
        known(&estate, "az-get-certificates"),
        pairs(&[("P3", &vault)])
    );
    assert_eq!(
        known(&estate, "az-website-contributor"),
        pairs(&[("P4", &app.to_uppercase())])
    );
    assert_eq!(known(&estate, "az-owns"), pairs(&[("P6", "A1")]));
    assert_eq!(
        known(&estate, "az-app-admin"),
        pairs(&[("P7", "O1")]),
        "no application has this id"
    );
    let count = |code: &str| {
        let ours = imported.notes.iter().filter(|((own, _), _)| *own == code);
        ours.map(|(_, note)| note.count).sum::<u64>()
    };
    assert_eq!(count("passed-over"), 2);
}

#[test]
fn accounts_kept_in_step_are_one_and_what_was_not_collected_is_unknown() {
    let synced = |id: &str, sync: Option<bool>| {
        let mut user = user(id);
        user["data"]["onPremisesSecurityIdentifier"] = json!(format!("S-1-5-21-1-2-3-{id}"));
        user["data"]["onPremisesSyncEnabled"] = json!(sync);
        user
    };
    let estate = of(&[
        tenant(),
        synced("1", Some(true)),
        synced("2", None),
        synced("3", Some(false)),
    ]);
    for (kind, flipped) in [("synced-to-entra-user", false), ("synced-to-ad-user", true)] {
        let found: BTreeSet<_> = edges(&estate, kind)
            .into_iter()
            .map(|(from, to, why)| {
                if flipped {
                    (to, from, why.is_none())
                } else {
                    (from, to, why.is_none())
                }
            })
            .collect();
        let expect = [
            ("S-1-5-21-1-2-3-1", "1", true),
            ("S-1-5-21-1-2-3-2", "2", false),
        ];
        let expect = expect.map(|(from, to, known)| (from.to_owned(), to.to_owned(), known));
        assert_eq!(found, expect.into(), "{kind}");
    }
    let limited = entry(
        "AZRoleAssignment",
        json!({"roleDefinitionId": GLOBAL, "roleAssignments": [
            {"principalId": "u1", "directoryScopeId": "/administrativeUnits/x"},
        ]}),
    );
    let estate = of(&[tenant(), user("u1"), role(GLOBAL), limited]);
    let found: Vec<_> = edges(&estate, "az-global-admin").into_iter().collect();
    assert!(found.len() == 1 && found[0].2.is_some(), "{found:?}");
}

#[test]
fn a_role_that_may_be_taken_up_leads_on_with_the_reason_why_that_is_not_known() {
    let global = "62e90394-69f5-4237-9190-012177145e10";
    let eligible = |holder: &str| {
        entry(
            "AZRoleEligibilityScheduleInstance",
            json!({"id": "x", "roleDefinitionId": global, "principalId": holder, "directoryScopeId": "/"}),
        )
    };
    let estate = of(&[
        tenant(),
        user("u1"),
        user("u2"),
        user("u3"),
        role_group("g"),
        members("g", &["u2"]),
        role(global),
        holds(global, &["u3"]),
        eligible("u1"),
        eligible("g"),
        eligible("u3"),
    ]);
    let found = edges(&estate, "az-global-admin");
    let unknown: BTreeSet<&str> = found
        .iter()
        .filter(|(_, _, why)| why.as_deref().is_some_and(|why| why.contains("taken up")))
        .map(|(from, _, _)| from.as_str())
        .collect();
    assert_eq!(unknown, ["G", "U1", "U2"].into());
    assert!(found.contains(&("U3".to_owned(), TENANT.to_owned(), None)));
}

#[test]
fn what_no_rule_knows_and_what_cannot_be_read_is_not_told_as_leading_nobody_on() {
    let policy = |permissions: &str| {
        let permissions: serde_json::Value = serde_json::from_str(permissions).unwrap();
        entry(
            "AZKeyVaultAccessPolicy",
            json!({"keyVaultId": "v", "objectId": "p", "permissions": permissions}),
        )
    };
    let texts = file(&[
        policy("null"),
        policy("[\"get\"]"),
        policy("{\"secrets\": [\"list\"]}"),
        entry(
            "AZAppRoleAssignment",
            json!({"appRoleId": "7e05723c-0bb0-42da-be95-ae9f08a6e53c", "principalId": "s", "resourceId": "g"}),
        ),
    ]);
    let imported = imported(&[("azurehound.json", &texts)], &options());
    let told = imported.notes.iter();
    let told = told.filter(|((code, _), _)| ["unclear-right", "passed-over"].contains(code));
    let told: Vec<_> = told
        .map(|((_, what), note)| format!("{} {what}", note.count))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    1 access policies of vaults that let nobody read what is in them
    1 permissions of applications of which no rule knows where they lead
    2 access policies of vaults whose permissions could not be read
    ");
}
