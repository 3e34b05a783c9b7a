//! What is expected of each role and permission of a tenant: whom it leads to, and to nobody else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::azure::{
    APPLICATIONS, GLOBAL, GROUPS, HELPDESK, INTUNE, PRIVILEGED, READERS, TENANT, entry, group,
    holds, members, of, pairs, role, role_group, role_id, tenant, user,
};
use crate::{edges, known};

const AUTHENTICATION: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const CLOUD_APPLICATIONS: &str = "158c047a-c907-4556-b7ef-446551a6b5f7";
const CONDITIONAL: &str = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9";
const GUESTS: &str = "95e79109-95c0-4d8e-aee3-d01accf2d47b";
const HYBRID: &str = "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2";
const MESSAGES: &str = "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b";
const PARTNERS_1: &str = "4ba39ca4-527c-499a-b93d-d9b492c50246";
const PARTNERS_2: &str = "e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8";
const PASSWORDS: &str = "966707d0-3269-4727-9be2-8c3a10f19b9d";
const PRIVILEGED_AUTHENTICATION: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
const REPORTS: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";
const SYNC: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";
const USAGE: &str = "75934031-6c7e-415a-99d7-48dbd49e875e";
const USERS: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

/// Roles that take part in who may reset whom, each with a word for the users of this test.
const ROLES: [(&str, &str); 17] = [
    ("app", APPLICATIONS),
    ("auth", AUTHENTICATION),
    ("ga", GLOBAL),
    ("groups", GROUPS),
    ("guests", GUESTS),
    ("help", HELPDESK),
    ("messages", MESSAGES),
    ("pass", PASSWORDS),
    ("pauth", PRIVILEGED_AUTHENTICATION),
    ("pra", PRIVILEGED),
    ("read", READERS),
    ("reports", REPORTS),
    ("tier1", PARTNERS_1),
    ("tier2", PARTNERS_2),
    ("usage", USAGE),
    ("users", USERS),
    ("intune", INTUNE),
];

/// A user for each role, one with none, one with two, one who only is in a group made for roles, and all roles.
fn staff() -> Vec<Value> {
    let mut entries = vec![
        tenant(),
        user("plain"),
        user("both"),
        user("in-group"),
        role_group("made"),
        members("made", &["in-group"]),
    ];
    for (word, template) in ROLES {
        let mut held = vec![word];
        if [HELPDESK, USERS].contains(&template) {
            held.push("both");
        }
        entries.extend([user(word), role(template), holds(template, &held)]);
    }
    entries
}

#[test]
fn whom_a_role_may_reset_depends_on_the_roles_of_the_other() {
    let estate = of(&staff());
    let reset = known(&estate, "az-reset-password");
    let by = |template: &str| -> BTreeSet<String> {
        let from = role_id(template);
        let ours = reset.iter().filter(|(role, _)| *role == from);
        ours.map(|(_, to)| to.to_lowercase()).collect()
    };
    let everybody: Vec<&str> = ROLES.iter().map(|(word, _)| *word).collect();
    let everybody = format!("both in-group plain {}", everybody.join(" "));
    let below = "guests messages plain read reports usage";
    let cases = [
        (GLOBAL, everybody.clone()),
        (PRIVILEGED_AUTHENTICATION, everybody.clone()),
        (PARTNERS_2, everybody),
        (USERS, format!("{below} pass help users groups both")),
        (HELPDESK, format!("{below} pass help")),
        (AUTHENTICATION, format!("{below} pass auth")),
        (PASSWORDS, "plain pass guests read".to_owned()),
        (PARTNERS_1, "plain".to_owned()),
        (APPLICATIONS, String::new()),
        (PRIVILEGED, String::new()),
        (GROUPS, String::new()),
    ];
    for (template, expect) in cases {
        let expect = expect.split_whitespace().map(str::to_owned).collect();
        assert_eq!(by(template), expect, "{template}");
    }
}

#[test]
fn roles_that_administer_the_tenant_are_known_by_their_holders() {
    let estate = of(&staff());
    let cases = [
        ("az-global-admin", "GA"),
        ("az-privileged-role-admin", "PRA"),
        ("az-privileged-auth-admin", "PAUTH"),
    ];
    for (kind, holder) in cases {
        assert_eq!(known(&estate, kind), pairs(&[(holder, TENANT)]), "{kind}");
    }
}

#[test]
fn members_are_added_by_these_roles_only_and_to_groups_made_for_roles_by_two_of_them() {
    let every = [
        (GLOBAL, "open made"),
        (PRIVILEGED, "open made"),
        (GROUPS, "open"),
        ("9360feb5-f418-4baa-8175-e2a00bac4301", "open"),
        ("45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "open"),
        (USERS, "open"),
        (INTUNE, "open"),
        ("b5a8dcf3-09d5-43a9-a639-8e29ef291470", "open"),
        ("744ec460-397e-42ad-a462-8b3f9747a02c", "open"),
        (HELPDESK, ""),
        (APPLICATIONS, ""),
    ];
    for (template, expect) in every {
        let estate = of(&[
            tenant(),
            user("u1"),
            entry("AZServicePrincipal", json!({"id": "s1", "appId": "a1"})),
            group("open"),
            role_group("made"),
            role(template),
            holds(template, &["u1", "s1"]),
        ]);
        let to = expect.split_whitespace().map(str::to_uppercase);
        let expect = to.flat_map(|to| ["U1", "S1"].map(|from| (from.to_owned(), to.clone())));
        assert_eq!(
            known(&estate, "az-add-members"),
            expect.collect(),
            "{template}"
        );
    }
}

#[test]
fn roles_that_write_applications_lead_to_every_one_of_the_tenant() {
    let entries = |templates: &[&str]| {
        let mut entries = vec![
            tenant(),
            user("u1"),
            entry("AZApp", json!({"id": "o1", "appId": "a1"})),
            entry("AZServicePrincipal", json!({"id": "s1", "appId": "a1"})),
        ];
        entries.extend(templates.iter().map(|template| role(template)));
        entries
    };
    let cases = [
        ("az-add-owner", &[HYBRID, PARTNERS_1, PARTNERS_2, SYNC][..]),
        ("az-add-secret", &[APPLICATIONS, CLOUD_APPLICATIONS]),
    ];
    for (kind, templates) in cases {
        let all = [templates, &[CONDITIONAL, READERS, USERS]].concat();
        let from = templates.iter().map(|template| role_id(template));
        let expect = from.flat_map(|from| ["A1", "S1"].map(|to| (from.clone(), to.to_owned())));
        assert_eq!(known(&of(&entries(&all)), kind), expect.collect(), "{kind}");
    }
}

#[test]
fn a_role_over_one_application_leads_to_it_by_either_of_its_ids() {
    let over = |template: &str, scope: &str| {
        let assignment =
            json!({"roleDefinitionId": template, "principalId": "u1", "directoryScopeId": scope});
        of(&[
            tenant(),
            user("u1"),
            role(template),
            entry("AZApp", json!({"id": "o1", "appId": "a1"})),
            entry("AZServicePrincipal", json!({"id": "s1", "appId": "a1"})),
            entry(
                "AZRoleAssignment",
                json!({"roleDefinitionId": template, "roleAssignments": [assignment]}),
            ),
        ])
    };
    let cases = [
        (APPLICATIONS, "/o1", "az-app-admin", "A1"),
        (APPLICATIONS, "/s1", "az-app-admin", "S1"),
        (CLOUD_APPLICATIONS, "/o1", "az-cloud-app-admin", "A1"),
    ];
    for (template, scope, kind, expect) in cases {
        let estate = over(template, scope);
        assert_eq!(known(&estate, kind), pairs(&[("U1", expect)]), "{scope}");
        assert_eq!(known(&estate, "az-has-role"), pairs(&[]), "{scope}");
        assert!(
            estate
                .nodes()
                .iter()
                .all(|node| &*node.id.to_string() != "o1")
        );
    }
}

#[test]
fn commands_reach_every_device_with_windows_in_its_name() {
    let device =
        |id: &str, system: Value| entry("AZDevice", json!({"id": id, "operatingSystem": system}));
    let estate = of(&[
        tenant(),
        user("u1"),
        device("d1", json!("Windows")),
        device("d2", json!("windows server 2022")),
        device("d3", json!("Linux")),
        device("d4", json!(null)),
        role(INTUNE),
        holds(INTUNE, &["u1"]),
    ]);
    let found: Vec<_> = edges(&estate, "az-execute-command")
        .into_iter()
        .map(|(from, to, why)| (from, to, why.is_none()))
        .collect();
    let expect = [("U1", "D1", true), ("U1", "D2", true), ("U1", "D4", false)];
    let expect = expect.map(|(from, to, known)| (from.to_owned(), to.to_owned(), known));
    assert_eq!(found, expect);
}

#[test]
fn permissions_of_the_interface_are_those_of_applications_over_it() {
    let interface = "00000003-0000-0000-c000-000000000000";
    let groups = "62a82d76-70ea-41e2-9197-370581804d09";
    let assigned = |app: &str, kind: &str| {
        let mut entries = vec![
            tenant(),
            group("open"),
            role_group("made"),
            user("s1"),
            entry(
                "AZAppRoleAssignment",
                json!({"appRoleId": groups, "appId": app, "principalType": kind, "principalId": "s1", "resourceId": "graph"}),
            ),
        ];
        if kind == "ServicePrincipal" {
            entries.push(entry(
                "AZServicePrincipal",
                json!({"id": "s1", "appId": "a1"}),
            ));
        }
        known(&of(&entries), "az-mg-add-member")
    };
    assert_eq!(
        assigned(interface, "ServicePrincipal"),
        pairs(&[("S1", "OPEN")])
    );
    assert_eq!(assigned("another-app", "ServicePrincipal"), pairs(&[]));
    assert_eq!(assigned(interface, "User"), pairs(&[]));
}

/// What each permission of the interface leads an application to: kinds of edges, and where.
const PERMISSIONS: [(&str, &[(&str, &str)]); 11] = [
    (
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        &[("add-secret", "A1 S2 GRAPH"), ("add-owner", "A1 S2 GRAPH")],
    ),
    (
        "06b708a9-e830-4db3-a914-8e69da51d44f",
        &[("grant-app-roles", "TENANT")],
    ),
    (
        "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
        &[("add-member", "OPEN"), ("add-owner", "OPEN")],
    ),
    (
        "62a82d76-70ea-41e2-9197-370581804d09",
        &[("add-member", "OPEN"), ("add-owner", "OPEN")],
    ),
    (
        "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
        &[("add-member", "OPEN")],
    ),
    (
        "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
        &[
            ("add-member", "OPEN MADE"),
            ("add-owner", "A1 S2 GRAPH OPEN MADE"),
            ("add-secret", "A1 S2 GRAPH"),
            ("grant-app-roles", "TENANT"),
            ("grant-role", "ROLE"),
        ],
    ),
    (
        "89c8469c-83ad-45f7-8ff2-6e3d4285709e",
        &[("add-owner", "S2 GRAPH")],
    ),
    (
        "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
        &[("grant-role", "ROLE")],
    ),
    (
        "fee28b28-e1f3-4841-818e-2704dc62245f",
        &[("grant-role", "ROLE")],
    ),
    (
        "50483e42-d915-4231-9639-7fdb7fd190e5",
        &[("reset-sign-in", "U1 U2 U3")],
    ),
    (
        "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
        &[("reset-sign-in", "U1")],
    ),
];

#[test]
fn each_permission_of_the_interface_leads_to_these_objects_and_no_others() {
    let kinds = [
        "add-member",
        "add-owner",
        "add-secret",
        "grant-app-roles",
        "grant-role",
        "reset-sign-in",
    ];
    for (permission, leads) in PERMISSIONS {
        let estate = of(&[
            tenant(),
            user("u1"),
            user("u2"),
            user("u3"),
            group("open"),
            role_group("made"),
            members("made", &["u3"]),
            role(READERS),
            holds(READERS, &["u2"]),
            entry("AZApp", json!({"id": "o1", "appId": "a1"})),
            entry("AZServicePrincipal", json!({"id": "s1", "appId": "x1"})),
            entry("AZServicePrincipal", json!({"id": "s2", "appId": "a1"})),
            entry("AZServicePrincipal", json!({"id": "graph", "appId": "a1"})),
            entry(
                "AZAppRoleAssignment",
                json!({"appRoleId": permission, "principalId": "s1", "resourceId": "graph"}),
            ),
        ]);
        for kind in kinds {
            let expect = leads.iter().filter(|(own, _)| *own == kind);
            let expect = expect.flat_map(|(_, to)| to.split_whitespace());
            let expect: BTreeSet<_> = expect
                .map(|to| match to {
                    "ROLE" => role_id(READERS),
                    to => to.to_owned(),
                })
                .map(|to| ("S1".to_owned(), to))
                .collect();
            let found = known(&estate, &format!("az-mg-{kind}"));
            assert_eq!(found, expect, "{permission}: {kind}");
        }
    }
}
