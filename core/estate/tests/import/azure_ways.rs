//! Ways through a tenant that stand in no list of owners: roles taken up, consents, workloads, managed domains,
//! storage, and assignments over more than one thing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::azure::{
    APPLICATIONS, GLOBAL, GROUPS, HELPDESK, TENANT, entry, file, group, holds, members, of, pairs,
    role, role_group, role_id, tenant, user,
};
use crate::{edges, estate_of, imported, known, options};

const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

fn eligible(template: &str, holder: &str, scope: &str) -> Value {
    entry(
        "AZRoleEligibilityScheduleInstance",
        json!({"id": "x", "roleDefinitionId": template, "principalId": holder, "directoryScopeId": scope}),
    )
}

fn policy(template: &str, said: &Value) -> Value {
    let mut policy = said.clone();
    policy["id"] = json!("p");
    policy["roleDefinitionId"] = json!(template.to_uppercase());
    entry("AZRoleManagementPolicyAssignment", policy)
}

/// Why it is not known that the user may take a role up, with what its policy says; none if it is known.
fn doubt(policy: Option<Value>, scope: &str) -> Option<String> {
    let mut entries = vec![
        tenant(),
        user("u1"),
        user("boss"),
        group("board"),
        role(HELPDESK),
        role(GLOBAL),
        eligible(HELPDESK, "u1", scope),
    ];
    entries.extend(policy);
    let estate = of(&entries);
    let found: Vec<_> = edges(&estate, "az-activates-role").into_iter().collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&*found[0].0, found[0].1.clone()),
        ("U1", role_id(HELPDESK))
    );
    assert_eq!(
        known(&estate, "az-has-role"),
        pairs(&[]),
        "not before it is taken up"
    );
    found[0].2.clone()
}

#[test]
fn a_role_is_taken_up_unless_its_policy_asks_somebody_else() {
    let asks = |said: Value| Some(policy(HELPDESK, &said));
    assert_eq!(doubt(asks(json!({})), "/"), None);
    assert_eq!(
        doubt(asks(json!({"endUserAssignmentRequiresMFA": true})), "/"),
        None
    );
    let cases = [
        (None, "/", "was not collected"),
        (
            asks(json!({"endUserAssignmentRequiresApproval": true})),
            "/",
            "an administrator of roles must agree",
        ),
        (
            asks(json!({
                "endUserAssignmentRequiresApproval": true,
                "endUserAssignmentUserApprovers": ["BOSS"],
                "endUserAssignmentGroupApprovers": ["BOARD"],
            })),
            "/",
            "board or boss@n.example must agree",
        ),
        (
            asks(json!({})),
            "/administrativeUnits/x",
            "counts in administrativeUnits/x only",
        ),
    ];
    for (policy, scope, expect) in cases {
        let why = doubt(policy, scope).unwrap();
        assert!(why.contains(expect), "{expect}: {why}");
    }
}

#[test]
fn whoever_takes_up_a_role_reaches_what_its_holders_do() {
    let estate = of(&[
        tenant(),
        user("u1"),
        user("u2"),
        role_group("made"),
        members("made", &["u2"]),
        role(GLOBAL),
        eligible(GLOBAL, "u1", "/"),
        eligible(GLOBAL, "made", "/"),
        policy(GLOBAL, &json!({})),
    ]);
    assert_eq!(
        known(&estate, "az-global-admin"),
        pairs(&[("U1", TENANT), ("U2", TENANT), ("MADE", TENANT)])
    );
}

#[test]
fn a_workload_signs_in_as_the_application_that_trusts_it() {
    let fic = |id: &str, issuer: &str, subject: &str| json!({"appId": "a1", "fic": {"id": id, "name": id, "issuer": issuer, "subject": subject}});
    let pattern = json!({"appId": "a1", "fic": {
        "id": "f3", "issuer": "https://tokens.forge.example",
        "claimsMatchingExpression": {"value": "claims['sub'] matches 'repo:north/*'"},
    }});
    let estate = of(&[
        tenant(),
        entry(
            "AZApp",
            json!({"id": "o1", "appId": "a1", "displayName": "Shop"}),
        ),
        entry(
            "AZFederatedIdentityCredential",
            json!({"appId": "a1", "fics": [
                fic("f1", "https://tokens.forge.example", "repo:north/shop:ref:refs/heads/main"),
                fic("f2", "https://login.microsoftonline.com/t/v2.0", "mi1"),
                pattern,
            ]}),
        ),
    ]);
    let expect = pairs(&[("f1", "A1"), ("MI1", "A1"), ("f3", "A1")].map(|(from, to)| (from, to)));
    let expect: BTreeSet<_> = expect
        .into_iter()
        .map(|(from, to)| (from.to_uppercase(), to))
        .collect();
    assert_eq!(known(&estate, "az-authenticates-to"), expect);
    let node = |id: &str| estate.nodes().iter().find(|node| node.id.to_string() == id);
    let workload = node("F1").unwrap();
    assert_eq!(workload.kind.as_str(), "az-federated-identity-credential");
    let name = workload.name.as_deref().unwrap();
    assert!(name.contains("repo:north/shop"), "{name}");
    assert_eq!(node("MI1").unwrap().kind.as_str(), "az-service-principal");
}

#[test]
fn a_consent_lets_an_application_act_for_whoever_gave_it() {
    let consent = |scope: &str, who: Option<&str>| {
        let kind = if who.is_some() {
            "Principal"
        } else {
            "AllPrincipals"
        };
        entry(
            "AZOAuth2PermissionGrant",
            json!({"id": "g", "clientId": "s1", "consentType": kind, "principalId": who, "resourceId": "graph", "scope": scope}),
        )
    };
    let found = |scope: &str, who: Option<&str>| -> BTreeSet<(String, bool)> {
        let estate = of(&[
            tenant(),
            user("u1"),
            user("ga"),
            role(GLOBAL),
            holds(GLOBAL, &["ga"]),
            entry("AZServicePrincipal", json!({"id": "s1", "appId": "a1"})),
            consent(scope, who),
        ]);
        let found = edges(&estate, "az-acts-for").into_iter();
        found.map(|(_, to, why)| (to, why.is_none())).collect()
    };
    let to = |to: &str, known: bool| BTreeSet::from([(to.to_owned(), known)]);
    let strong = [
        "Mail.ReadWrite",
        "User.Read Directory.AccessAsUser.All",
        "Files.Read.All",
        "user_impersonation",
    ];
    for scope in strong {
        assert_eq!(found(scope, Some("u1")), to("U1", true), "{scope}");
        assert_eq!(found(scope, None), to("GA", false), "{scope}");
    }
    for scope in [
        "openid profile email offline_access",
        " User.Read",
        "User.Read.All Group.Read.All",
        "",
    ] {
        assert_eq!(found(scope, Some("u1")), BTreeSet::new(), "{scope}");
        assert_eq!(found(scope, None), BTreeSet::new(), "{scope}");
    }
}

const GROUP: &str = "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG1";

fn resource(kind: &str, id: &str) -> Value {
    entry(
        kind,
        json!({"id": id, "name": id, "resourceGroupId": GROUP}),
    )
}

fn assigned(who: &str, scope: &str) -> Value {
    json!({"properties": {"principalId": who, "principalType": "User", "scope": scope}})
}

#[test]
fn a_managed_domain_takes_a_role_on_it_and_two_in_the_tenant() {
    let domain = format!("{GROUP}/PROVIDERS/MICROSOFT.AAD/DOMAINSERVICES/N.EXAMPLE");
    let mut service = resource("AZEntraDS", &domain);
    service["data"]["properties"] = json!({"tenantId": TENANT, "domainName": "n.example"});
    service["data"]["tenantId"] = json!(null);
    let on = |who: &str, role: &str, scope: &str| json!({"assignee": assigned(who, scope), "objectId": domain, "roleDefinitionId": role});
    let own = "eeaeda52-9324-47f6-8069-5d5bade478b2";
    let estate = of(&[
        tenant(),
        user("all"),
        user("wide"),
        user("two"),
        user("member"),
        group("g"),
        members("g", &["member"]),
        entry(
            "AZResourceGroup",
            json!({"id": GROUP, "name": "rg1", "subscriptionId": "S1"}),
        ),
        entry("AZSubscription", json!({"id": "/subscriptions/S1"})),
        service,
        role(APPLICATIONS),
        role(GROUPS),
        holds(APPLICATIONS, &["all", "wide", "two", "member"]),
        holds(GROUPS, &["all", "wide", "member"]),
        entry(
            "AZEntraDSRoleAssignment",
            json!({"objectId": domain, "assignees": [
                on("all", own, &domain), on("two", own, &domain), on("g", CONTRIBUTOR, &domain),
            ]}),
        ),
        entry(
            "AZSubscriptionContributor",
            json!({"subscriptionId": "S1", "contributors": [
                {"contributor": assigned("wide", "/subscriptions/S1"), "subscriptionId": "S1"},
            ]}),
        ),
    ]);
    assert_eq!(
        known(&estate, "az-manage-entra-ds"),
        pairs(&[("ALL", &domain), ("WIDE", &domain), ("MEMBER", &domain)])
    );
}

#[test]
fn storage_is_reached_by_roles_on_it_and_holds_its_containers() {
    let account = format!("{GROUP}/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/ST1");
    let container = format!("{account}/BLOBSERVICES/DEFAULT/CONTAINERS/C1");
    let on = |who: &str, role: &str| json!({"assignee": assigned(who, &account), "objectId": account, "roleDefinitionId": role});
    let reads = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
    let keys = "81a9662b-bebf-436f-a333-f67b29880f12";
    let estate = of(&[
        tenant(),
        resource("AZStorageAccount", &account),
        entry(
            "AZStorageContainer",
            json!({"id": container, "name": "c1", "storageAccountId": account}),
        ),
        entry(
            "AZStorageAccountRoleAssignment",
            json!({"objectId": account, "assignees": [on("u1", reads), on("u2", keys), on("u3", READER)]}),
        ),
    ]);
    assert_eq!(
        known(&estate, "az-storage-access"),
        pairs(&[("U1", &account), ("U2", &account)])
    );
    assert!(known(&estate, "az-contains").contains(&(account, container)));
}

/// Checks who has which rights after these entries.
fn check(entries: &[Value], expect: &[(&str, &[(&str, &str)])]) {
    let imported = imported(&[("azurehound.json", &file(entries))], &options());
    let estate = estate_of(&imported);
    for (kind, expect) in expect {
        assert_eq!(known(&estate, kind), pairs(expect), "{kind}");
    }
}

const MACHINE: &str =
    "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG1/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM1";

#[test]
fn rights_over_many_things_stand_where_they_were_given_and_narrow_ones_on_each_thing() {
    let listed = |end: &str, one: &str, who: &str, scope: &str| {
        let list = format!("{one}s");
        entry(
            &format!("AZVM{end}"),
            json!({"virtualMachineId": MACHINE, list: [{one: assigned(who, scope)}]}),
        )
    };
    let whole = "/SUBSCRIPTIONS/S1";
    check(
        &[
            tenant(),
            resource("AZVM", MACHINE),
            listed("Contributor", "contributor", "wide", "/subscriptions/s1"),
            listed("Contributor", "contributor", "own", MACHINE),
            listed("VMContributor", "vmContributor", "narrow", whole),
            listed("AdminLogin", "adminLogin", "login", GROUP),
            listed("UserAccessAdmin", "userAccessAdmin", "root", "/"),
            entry(
                "AZResourceGroupContributor",
                json!({"resourceGroupId": GROUP, "contributors": [{"contributor": assigned("rg", GROUP)}]}),
            ),
        ],
        &[
            (
                "az-contributor",
                &[("WIDE", whole), ("OWN", MACHINE), ("RG", GROUP)],
            ),
            ("az-vm-contributor", &[("NARROW", MACHINE)]),
            ("az-vm-admin-login", &[("LOGIN", MACHINE)]),
            ("az-user-access-administrator", &[("ROOT", MACHINE)]),
        ],
    );
}

#[test]
fn assignments_that_name_their_role_are_read_of_machines_vaults_and_what_holds_them() {
    let vault = format!("{GROUP}/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V1");
    let by_role = |kind: &str, (key, on): (&str, &str), who: &str, role: &str| {
        let mut assignment = assigned(who, on);
        let definition = format!("/providers/Microsoft.Authorization/roleDefinitions/{role}");
        assignment["properties"]["roleDefinitionId"] = json!(definition);
        let list = json!([{key: on, "roleAssignment": assignment}]);
        entry(kind, json!({key: on, "roleAssignments": list}))
    };
    let login = "1c0163c0-47e6-4577-8991-ea5c82e286e4";
    let vaults = "f25e0fa2-a7c8-4377-a976-54943a77a395";
    let machine = ("virtualMachineId", MACHINE);
    let whole = ("subscriptionId", "/subscriptions/s1");
    check(
        &[
            tenant(),
            by_role("AZVMRoleAssignment", machine, "v1", login),
            by_role("AZVMRoleAssignment", machine, "v2", vaults),
            by_role(
                "AZKeyVaultRoleAssignment",
                ("virtualMachineId", &vault),
                "k1",
                vaults,
            ),
            by_role("AZSubscriptionRoleAssignment", whole, "c1", CONTRIBUTOR),
            by_role("AZSubscriptionRoleAssignment", whole, "c2", READER),
        ],
        &[
            ("az-vm-admin-login", &[("V1", MACHINE)]),
            ("az-key-vault-kv-contributor", &[("K1", &vault)]),
            ("az-contributor", &[("C1", "/SUBSCRIPTIONS/S1")]),
        ],
    );
}

/// Roles on resources: what each gives, and on which of their kinds.
const ROLES: [(&str, &str, &str); 7] = [
    (
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "az-owner",
        EVERYTHING,
    ),
    (
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "az-user-access-administrator",
        EVERYTHING,
    ),
    (CONTRIBUTOR, "az-contributor", EVERYTHING),
    (
        "de139f84-1756-47ae-9be6-808fbbe84772",
        "az-website-contributor",
        "FunctionApp WebApp",
    ),
    (
        "87a39d53-fc1b-424a-814c-f7e04687dc9e",
        "az-logic-app-contributor",
        "LogicApp",
    ),
    (
        "f353d9bd-d4a6-484e-a77a-8050b599b867",
        "az-automation-contributor",
        "AutomationAccount",
    ),
    (
        "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
        "az-aks-contributor",
        "ManagedCluster",
    ),
];

const EVERYTHING: &str = "AutomationAccount ContainerRegistry EntraDS FunctionApp LogicApp ManagedCluster \
    StorageAccount VMScaleSet WebApp";

#[test]
fn a_role_on_a_resource_gives_what_it_gives_on_its_kind_and_nothing_on_others() {
    for (role, edge, on) in ROLES {
        let mut entries = vec![tenant()];
        for kind in EVERYTHING.split_whitespace() {
            let id = format!("{GROUP}/{}", kind.to_uppercase());
            entries.push(resource(&format!("AZ{kind}"), &id));
            let assignee = json!({"assignee": assigned("u1", &id), "roleDefinitionId": role});
            entries.push(entry(
                &format!("AZ{kind}RoleAssignment"),
                json!({"objectId": id, "assignees": [assignee]}),
            ));
        }
        let on = on.split_whitespace();
        let expect = on.map(|kind| ("U1".to_owned(), format!("{GROUP}/{}", kind.to_uppercase())));
        assert_eq!(known(&of(&entries), edge), expect.collect(), "{edge}");
    }
}

#[test]
fn lists_that_are_not_written_are_told_and_those_that_are_empty_are_not() {
    let count = |data: Value| {
        let texts = file(&[tenant(), entry("AZGroupMember", data)]);
        let imported = imported(&[("azurehound.json", &texts)], &options());
        let notes = imported.notes.iter();
        let ours = notes.filter(|((code, _), _)| *code == "unclear-right");
        ours.map(|(_, note)| note.count).sum::<u64>()
    };
    let cases = [
        (json!({"groupId": "g", "members": null}), 0),
        (json!({"groupId": "g", "members": []}), 0),
        (json!({"groupId": "g"}), 1),
        (json!({"groupId": "g", "members": {"id": "u1"}}), 1),
        (json!({"groupId": "g", "members": [{"id": "u1"}]}), 1),
        (json!({"members": [{"member": {"id": "u1"}}]}), 1),
    ];
    for (data, expect) in cases {
        assert_eq!(count(data.clone()), expect, "{data}");
    }
}
