//! What an export did not collect is not taken for what is not so.

use serde_json::{Value, json};

use crate::{
    edges, known,
    small::{Collected, DOMAIN, ace, authority, domain, group, host, user, weak},
};

type Change = fn(&mut Collected);

/// Takes a property away from the first object of a type.
fn forget(collected: &mut Collected, kind: &str, key: &str) {
    let properties = collected.of(kind)["Properties"].as_object_mut();
    properties.unwrap().remove(key).unwrap();
}

/// Edges of a kind with the reason why each is not known.
fn reasons(collected: &Collected, kind: &str) -> Vec<(String, String, Option<String>)> {
    edges(&collected.estate(), kind).into_iter().collect()
}

#[test]
fn each_missing_fact_about_an_authority_leaves_its_edges_unknown_with_the_reason() {
    let cases: [(Change, &str); 8] = [
        (
            |c| forget(c, "enterprisecas", "certchain"),
            "`certchain` of CA is not known",
        ),
        (
            |c| forget(c, "enterprisecas", "certthumbprint"),
            "`certthumbprint` of CA is not known",
        ),
        (
            |c| forget(c, "ntauthstores", "certthumbprints"),
            "`certthumbprints` of STORE is not known",
        ),
        (
            |c| c.of("enterprisecas")["HostingComputer"] = Value::Null,
            "`hosts` of CA is not known",
        ),
        (
            |c| *c = c.clone().without("ntauthstores"),
            "the store of authorities that sign people in to N.EXAMPLE was not collected",
        ),
        (
            |c| *c = c.clone().without("rootcas"),
            "no root that N.EXAMPLE trusts was collected",
        ),
        (
            |c| c.of("enterprisecas")["Properties"]["certchain"] = json!(["BB", "CC", "AA"]),
            "the authority that signed CA was not collected",
        ),
        (
            |c| forget(c, "computers", "enabled"),
            "`enabled` of HOST is not known",
        ),
    ];
    for (change, why) in cases {
        let mut collected = authority(&weak());
        change(&mut collected);
        let expect = [("U1".to_owned(), DOMAIN.to_owned(), Some(why.to_owned()))];
        assert_eq!(reasons(&collected, "adcs-esc1"), expect, "{why}");
        let golden = reasons(&collected, "golden-cert");
        let hosted = !why.starts_with("`hosts`");
        assert_eq!(golden.len(), usize::from(hosted), "{why}");
        assert!(golden.iter().all(|(_, _, own)| own.as_deref() == Some(why)));
    }
}

#[test]
fn what_was_collected_about_an_authority_closes_its_edges() {
    let cases: [Change; 4] = [
        |c| c.of("enterprisecas")["Properties"]["certchain"] = json!(["BB"]),
        |c| c.of("ntauthstores")["Properties"]["certthumbprints"] = json!(["CC"]),
        |c| c.of("computers")["Properties"]["enabled"] = json!(false),
        |c| c.of("rootcas")["DomainSID"] = json!("S-1-5-21-9-9-9"),
    ];
    for (place, change) in cases.into_iter().enumerate() {
        let mut collected = authority(&weak());
        if place == 3 {
            // Another root is known, so that the domain's roots are.
            let other = json!({"ObjectIdentifier": "R2", "DomainSID": DOMAIN, "Properties": {"certthumbprint": "DD"}});
            collected = collected.with("rootcas", &[other]);
        }
        change(&mut collected);
        assert_eq!(reasons(&collected, "adcs-esc1"), [], "case {place}");
    }
}

#[test]
fn a_property_of_another_type_than_asked_for_is_not_known() {
    let mut template = weak();
    template["requiresmanagerapproval"] = json!("true");
    let why = "`requiresmanagerapproval` of Laptops is not known".to_owned();
    let expect = [("U1".to_owned(), DOMAIN.to_owned(), Some(why))];
    assert_eq!(reasons(&authority(&template), "adcs-esc1"), expect);
}

#[test]
fn two_collections_that_differ_leave_a_property_unknown_in_either_order() {
    let mut one = authority(&weak());
    let mut other = one.of("certtemplates").clone();
    other["Properties"]["requiresmanagerapproval"] = json!(true);
    let two = one.clone().with("certtemplates", &[other.clone()]);
    let mut three = Collected::default().with("certtemplates", &[other]);
    three.0.extend(one.0);
    let why = "`requiresmanagerapproval` of Laptops is not known".to_owned();
    let expect = [("U1".to_owned(), DOMAIN.to_owned(), Some(why))];
    assert_eq!(reasons(&two, "adcs-esc1"), expect);
    assert_eq!(reasons(&three, "adcs-esc1"), expect);
}

/// A domain with one host whose local groups are these.
fn hosted(local_groups: &Value) -> Collected {
    let mut host = host("HOST");
    host["LocalGroups"] = local_groups.clone();
    host["Status"] = json!({"Connectable": false, "Error": "PortNotOpen"});
    Collected::default()
        .with("computers", &[host])
        .with("users", &[user("U1")])
        .with("groups", &[group(&format!("{DOMAIN}-512"), &[])])
        .with("domains", &[domain()])
}

#[test]
fn a_host_whose_local_groups_were_not_collected_has_unknown_administrators() {
    let not = json!([{"ObjectIdentifier": "HOST-544", "Collected": false, "FailureReason": "NtStatus", "Results": []}]);
    let cases = [
        (
            json!([]),
            "local groups of the host were not collected (PortNotOpen)",
        ),
        (
            not,
            "local groups of the host were not collected (NtStatus)",
        ),
    ];
    for (groups, why) in cases {
        let collected = hosted(&groups);
        for kind in [
            "admin-to",
            "can-rdp",
            "can-psremote",
            "execute-dcom",
            "can-backup",
        ] {
            let expect = [(
                format!("{DOMAIN}-512"),
                "HOST".to_owned(),
                Some(why.to_owned()),
            )];
            assert_eq!(reasons(&collected, kind), expect, "{kind}");
        }
        let imported = collected.imported();
        let told = imported
            .notes
            .keys()
            .any(|(code, _)| *code == "local-groups-not-collected");
        assert!(told);
    }
}

#[test]
fn a_collected_host_has_the_members_that_it_says_and_no_others() {
    let member = json!({"ObjectIdentifier": "U1", "ObjectType": "User"});
    let groups = json!([
        {"ObjectIdentifier": "HOST-544", "Collected": true, "Results": [member]},
        {"ObjectIdentifier": "HOST-555", "Collected": false, "Results": []},
    ]);
    let estate = hosted(&groups).estate();
    assert_eq!(
        known(&estate, "admin-to"),
        [("U1".to_owned(), "HOST".to_owned())].into()
    );
    assert_eq!(known(&estate, "can-psremote"), [].into());
    let desktop: Vec<_> = edges(&estate, "can-rdp").into_iter().collect();
    assert_eq!(desktop.len(), 1);
    assert!(
        desktop[0].2.is_some(),
        "the one group that was not collected is unknown"
    );
}

#[test]
fn findings_tell_of_machines_that_decide_over_the_rest_and_of_which_nothing_is_known() {
    let mut controller = host("DC1");
    controller["IsDC"] = json!(true);
    controller["DomainSID"] = json!(DOMAIN);
    controller["LocalGroups"] = json!([]);
    let estate = hosted(&json!([])).with("computers", &[controller]).estate();
    let found = cordon_estate::findings(&estate);
    let blind = found
        .iter()
        .find(|finding| finding.code == "nothing-known-about")
        .unwrap();
    assert_eq!(blind.examples, ["DC1"]);
    let hosts = found
        .iter()
        .find(|finding| finding.code == "administrators-unknown")
        .unwrap();
    assert_eq!(hosts.count, 2);
}

#[test]
fn a_host_is_a_domain_controller_by_its_primary_group_where_nothing_else_says_so() {
    let cases = [
        (Some("516"), [true, false]),
        (Some("521"), [true, false]),
        (Some("515"), [false, true]),
    ];
    for (group, [controller, coerced]) in cases {
        let mut host = host("HOST");
        host.as_object_mut().unwrap().remove("IsDC");
        host["PrimaryGroupSID"] = json!(group.map(|rid| format!("{DOMAIN}-{rid}")));
        host["Properties"]["unconstraineddelegation"] = json!(true);
        let estate = Collected::default()
            .with("computers", &[host])
            .with("domains", &[domain()])
            .estate();
        assert_eq!(
            known(&estate, "dc-for").len(),
            usize::from(controller),
            "{group:?}"
        );
        assert_eq!(
            known(&estate, "coerce-to-tgt").len(),
            usize::from(coerced),
            "{group:?}"
        );
    }
    let mut host = host("HOST");
    for key in ["IsDC", "PrimaryGroupSID"] {
        host.as_object_mut().unwrap().remove(key);
    }
    host["Properties"]["unconstraineddelegation"] = json!(true);
    let collected = Collected::default()
        .with("computers", &[host])
        .with("domains", &[domain()]);
    let why = "whether the host is a domain controller was not collected".to_owned();
    assert_eq!(
        reasons(&collected, "coerce-to-tgt"),
        [("HOST".to_owned(), DOMAIN.to_owned(), Some(why))]
    );
}

#[test]
fn settings_of_a_trust_that_were_not_collected_are_unknown() {
    let trust = |settings: &Value| {
        let mut trust = json!({
            "TargetDomainSid": "S-1-5-21-7-7-7", "TargetDomainName": "FAR.EXAMPLE",
            "TrustDirection": "Bidirectional", "TrustType": "External",
        });
        let known = settings.as_object().unwrap().clone();
        trust.as_object_mut().unwrap().extend(known);
        let mut domain = domain();
        domain["Trusts"] = json!([trust]);
        Collected::default().with("domains", &[domain])
    };
    let nothing = trust(&json!({}));
    for kind in ["abuse-tgt-delegation", "spoof-sid-history"] {
        let found = reasons(&nothing, kind);
        assert_eq!(found.len(), 1, "{kind}");
        assert!(found[0].2.is_some(), "{kind}");
    }
    let shut = trust(&json!({"SidFilteringEnabled": true, "TGTDelegationEnabled": false}));
    let open = trust(&json!({"SidFilteringEnabled": false, "TGTDelegationEnabled": true}));
    for kind in ["abuse-tgt-delegation", "spoof-sid-history"] {
        assert_eq!(reasons(&shut, kind), [], "{kind}");
        assert_eq!(known(&open.estate(), kind).len(), 1, "{kind}");
    }
}

#[test]
fn an_issuance_policy_without_its_number_may_be_any_that_the_template_carries() {
    let collected = |policy: Value, carried: Option<Value>| {
        let mut template = weak();
        template["enrolleesuppliessubject"] = json!(false);
        template["subjectaltrequiredns"] = json!(false);
        template["subjectaltrequiredomaindns"] = json!(false);
        if let Some(carried) = carried {
            template["certificatepolicy"] = carried;
        }
        let policy = json!({
            "ObjectIdentifier": "POLICY", "Properties": policy,
            "GroupLink": {"ObjectIdentifier": "G", "ObjectType": "Group"},
        });
        authority(&template)
            .with("groups", &[group("G", &[])])
            .with("issuancepolicies", &[policy])
    };
    let numbered = || json!({"domainsid": DOMAIN, "certtemplateoid": "1.2"});
    let edge = |why: Option<&str>| vec![("U1".to_owned(), "G".to_owned(), why.map(str::to_owned))];
    let cases = [
        (numbered(), Some(json!(["1.2"])), edge(None)),
        (numbered(), Some(json!(["1.3"])), Vec::new()),
        (numbered(), Some(json!([])), Vec::new()),
        (
            numbered(),
            None,
            edge(Some("`certificatepolicy` of Laptops is not known")),
        ),
        (
            json!({"domainsid": DOMAIN}),
            Some(json!(["1.2"])),
            edge(Some("`certtemplateoid` of POLICY is not known")),
        ),
    ];
    for (policy, carried, expect) in cases {
        let found = reasons(&collected(policy.clone(), carried.clone()), "adcs-esc13");
        assert_eq!(found, expect, "{policy} {carried:?}");
    }
}

#[test]
fn one_malformed_entry_costs_that_entry_and_not_the_object() {
    let mut anna = user("U1");
    anna["Properties"]["name"] = json!("ANNA@N.EXAMPLE");
    anna["PrimaryGroupSID"] = json!(format!("{DOMAIN}-513"));
    anna["Aces"] = json!([{"PrincipalSID": 5, "RightName": "GenericAll"}, ace("U2", "GenericAll")]);
    anna["HasSIDHistory"] = json!(7);
    let collected = Collected::default().with("users", &[anna, user("U2")]);
    let imported = collected.imported();
    let lost = imported
        .notes
        .iter()
        .find(|((code, _), _)| *code == "unreadable-part");
    assert_eq!(lost.map(|(_, note)| note.count), Some(2));
    let estate = collected.estate();
    assert_eq!(
        known(&estate, "generic-all"),
        [("U2".to_owned(), "U1".to_owned())].into()
    );
    assert_eq!(known(&estate, "member-of").len(), 1);
    let anna = estate
        .nodes()
        .iter()
        .find(|node| node.id.as_str() == "U1")
        .unwrap();
    assert_eq!(
        (anna.kind.as_str(), anna.name.as_deref()),
        ("user", Some("ANNA@N.EXAMPLE"))
    );
}

#[test]
fn who_may_ask_an_authority_is_everybody_with_the_reason_where_nothing_says_it() {
    let security = |collected: bool, data: &[Value]| json!({"CASecurity": {"Collected": collected, "Data": data}});
    let elsewhere = json!([ace("U9", "ManageCA")]);
    let unknown = [(
        "U1".to_owned(),
        DOMAIN.to_owned(),
        Some("who may ask CA for certificates was not collected".to_owned()),
    )];
    let known = [("U1".to_owned(), DOMAIN.to_owned(), None)];
    let cases = [
        (Value::Null, elsewhere.clone(), &unknown[..]),
        (security(false, &[]), elsewhere.clone(), &unknown[..]),
        (security(true, &[]), elsewhere.clone(), &[]),
        (
            security(true, &[ace("U1", "Enroll")]),
            elsewhere,
            &known[..],
        ),
        (Value::Null, json!([ace("U1", "Enroll")]), &known[..]),
    ];
    for (registry, aces, expect) in cases {
        let mut collected = authority(&weak());
        let ca = collected.of("enterprisecas");
        ca["CARegistryData"] = registry.clone();
        ca["Aces"] = aces.clone();
        assert_eq!(
            reasons(&collected, "adcs-esc1"),
            expect,
            "{registry} {aces}"
        );
    }
}

fn noted(collected: &Collected, code: &str) -> u64 {
    let imported = collected.imported();
    let ours = imported.notes.iter().filter(|((own, _), _)| *own == code);
    ours.map(|(_, note)| note.count).sum()
}

#[test]
fn a_policy_that_a_template_carries_and_nobody_collected_is_told() {
    let mut template = weak();
    template["certificatepolicy"] = json!(["1.2.3"]);
    let collected = authority(&template);
    assert_eq!(noted(&collected, "policy-not-collected"), 1);
    let policy = json!({"ObjectIdentifier": "P", "Properties": {"domainsid": DOMAIN, "certtemplateoid": "1.2.3"}});
    let whole = collected.with("issuancepolicies", &[policy]);
    assert_eq!(noted(&whole, "policy-not-collected"), 0);
}

#[test]
fn a_trust_whose_way_is_told_by_an_unknown_word_goes_both_ways_with_the_reason() {
    for (way, expect) in [
        (json!("Sideways"), 2),
        (json!(9), 2),
        (json!("Disabled"), 0),
        (json!(0), 0),
        (json!("Inbound"), 1),
    ] {
        let mut one = domain();
        one["Trusts"] = json!([{
            "TargetDomainSid": "S-1-5-21-9-9-9", "TargetDomainName": "FAR.EXAMPLE", "TrustDirection": way, "TrustType": "ParentChild",
        }]);
        let estate = Collected::default().with("domains", &[one]).estate();
        let trusts = edges(&estate, "same-forest-trust");
        assert_eq!(trusts.len(), expect, "{way}");
        let unknown = trusts.iter().filter(|(_, _, why)| why.is_some()).count();
        assert_eq!(unknown, if expect == 2 { 2 } else { 0 }, "{way}");
    }
}
