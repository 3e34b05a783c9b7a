//! Kinds of rights one by one: what a collector writes, and the edges that follow from it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    edges, known,
    small::{Collected, DOMAIN, ace, authority, domain, group, host, user, weak},
};

type Pairs = BTreeSet<(String, String)>;

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs
        .iter()
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect()
}

#[test]
fn rights_of_access_lists_are_edges_of_their_own_kinds() {
    let rights = [
        ("AddAllowedToAct", "add-allowed-to-act"),
        ("WriteAccountRestrictions", "write-account-restrictions"),
        ("WriteSPN", "write-spn"),
        ("WriteGPLink", "write-gp-link"),
        ("ReadLAPSPassword", "read-laps-password"),
        ("ReadGMSAPassword", "read-gmsa-password"),
        ("AddKeyCredentialLink", "add-key-credential-link"),
        ("ForceChangePassword", "force-change-password"),
        ("GenericAll", "generic-all"),
        ("GenericWrite", "generic-write"),
        ("AllExtendedRights", "all-extended-rights"),
        ("AddMember", "add-member"),
        ("AddSelf", "add-self"),
        ("WriteDacl", "write-dacl"),
        (
            "WriteAltSecurityIdentities",
            "write-alt-security-identities",
        ),
        ("WritePublicInformation", "write-public-information"),
        ("ManageCA", "manage-ca"),
        ("ManageCertificates", "manage-certificates"),
    ];
    for (right, kind) in rights {
        let mut target = user("U2");
        target["Aces"] = json!([ace("U1", right), ace("U2", right)]);
        let estate = Collected::default()
            .with("users", &[user("U1"), target])
            .estate();
        assert_eq!(known(&estate, kind), pairs(&[("U1", "U2")]), "{right}");
    }
}

#[test]
fn delegation_former_identities_and_keys_of_hosts_lead_where_the_collector_says() {
    let far = |id: &str, kind: &str| json!([{"ObjectIdentifier": id, "ObjectType": kind}]);
    let mut one = host("H1");
    one["AllowedToDelegate"] = far("H2", "Computer");
    one["AllowedToAct"] = far("U1", "User");
    one["DumpSMSAPassword"] = far("M1", "User");
    one["HasSIDHistory"] = far("H3", "Computer");
    let mut anna = user("U1");
    anna["AllowedToDelegate"] = far("H1", "Computer");
    anna["HasSIDHistory"] = far("U9", "User");
    anna["SPNTargets"] = json!([{"ComputerSID": "H1", "Port": 1433, "Service": "SQLAdmin"}]);
    let mut group = group("G", &["U1"]);
    group["HasSIDHistory"] = far("G9", "Group");
    let estate = Collected::default()
        .with("computers", &[one])
        .with("users", &[anna])
        .with("groups", &[group])
        .estate();
    let cases = [
        ("allowed-to-delegate", pairs(&[("H1", "H2"), ("U1", "H1")])),
        ("allowed-to-act", pairs(&[("U1", "H1")])),
        ("dump-smsa-password", pairs(&[("H1", "M1")])),
        (
            "has-sid-history",
            pairs(&[("H1", "H3"), ("U1", "U9"), ("G", "G9")]),
        ),
        ("sql-admin", pairs(&[("U1", "H1")])),
        (
            "member-of",
            pairs(&[("U1", "G"), ("H1", "S-1-5-21-1-2-3-515")]),
        ),
    ];
    for (kind, expect) in cases {
        assert_eq!(known(&estate, kind), expect, "{kind}");
    }
}

#[test]
fn replication_rights_count_through_nested_groups() {
    let mut whole = domain();
    whole["Aces"] = json!([
        ace("OUTER", "GetChanges"),
        ace("INNER", "GetChangesAll"),
        ace("FILTERED", "GetChangesInFilteredSet")
    ]);
    let nested = json!({"ObjectIdentifier": "OUTER", "Properties": {}, "Members": [{"ObjectIdentifier": "INNER", "ObjectType": "Group"}]});
    let mut laps = host("H1");
    laps["Properties"]["haslaps"] = json!(true);
    let mut bare = host("H2");
    bare["Properties"]["haslaps"] = json!(false);
    let estate = Collected::default()
        .with(
            "groups",
            &[nested, group("INNER", &["U1"]), group("FILTERED", &["U1"])],
        )
        .with("users", &[user("U1")])
        .with("computers", &[laps, bare])
        .with("domains", &[whole])
        .estate();
    assert_eq!(known(&estate, "dcsync"), pairs(&[("INNER", DOMAIN)]));
    assert_eq!(known(&estate, "sync-laps-password"), pairs(&[("U1", "H1")]));
}

#[test]
fn what_an_owner_may_do_follows_from_the_entries_for_owner_rights() {
    let own = |entries: Value, properties: Value| {
        let mut target = user("U9");
        target["Aces"] = entries;
        target["Properties"]
            .as_object_mut()
            .unwrap()
            .extend(properties.as_object().unwrap().clone());
        let estate = Collected::default()
            .with("users", &[user("U1"), user("U2"), target])
            .estate();
        [
            "owns",
            "owns-limited-rights",
            "write-owner",
            "write-owner-limited-rights",
        ]
        .map(|kind| known(&estate, kind).len())
    };
    let plain = [ace("U1", "Owns"), ace("U2", "WriteOwner")];
    let limited = |inherited: bool| {
        let mut right = ace("N.EXAMPLE-S-1-3-4", "GenericWrite");
        right["IsInherited"] = json!(inherited);
        json!([plain[0], plain[1], right])
    };
    let mentioned = |stays: bool| json!({"doesanyacegrantownerrights": true, "doesanyinheritedacegrantownerrights": stays});
    let cases = [
        (json!(plain), json!({}), [1, 0, 1, 0]),
        (limited(true), json!({}), [0, 1, 0, 1]),
        (limited(false), json!({}), [0, 1, 1, 0]),
        (limited(false), mentioned(true), [0, 1, 0, 0]),
        (json!(plain), mentioned(false), [0, 0, 1, 0]),
        (json!(plain), mentioned(true), [0, 0, 0, 0]),
    ];
    for (entries, properties, expect) in cases {
        assert_eq!(
            own(entries.clone(), properties.clone()),
            expect,
            "{entries} {properties}"
        );
    }
}

#[test]
fn a_domain_may_take_from_owners_what_they_may_do_on_hosts_and_service_accounts() {
    let mut whole = domain();
    let blocks = format!("{}1", "0".repeat(28));
    whole["Properties"]["dsheuristics"] = json!(blocks);
    let owned = |mut object: Value| {
        object["Aces"] = json!([ace("U1", "Owns"), ace("ADMIN", "Owns")]);
        object["Aces"].as_array_mut().unwrap().truncate(1);
        object["Aces"]
            .as_array_mut()
            .unwrap()
            .push(ace("U1", "WriteOwner"));
        object
    };
    let mut service = user("GMSA");
    service["Properties"]["gmsa"] = json!(true);
    let mut admins_host = host("H2");
    admins_host["Aces"] = json!([ace("ADMIN", "Owns")]);
    let estate = Collected::default()
        .with("domains", &[whole])
        .with("groups", &[group(&format!("{DOMAIN}-512"), &["ADMIN"])])
        .with(
            "users",
            &[user("U1"), user("ADMIN"), owned(user("U2")), owned(service)],
        )
        .with("computers", &[owned(host("H1")), admins_host])
        .estate();
    assert_eq!(
        known(&estate, "owns"),
        pairs(&[("U1", "U2"), ("ADMIN", "H2")])
    );
    assert_eq!(known(&estate, "write-owner"), pairs(&[("U1", "U2")]));
}

#[test]
fn policies_apply_down_to_where_inheritance_is_blocked_unless_they_are_enforced() {
    let within = |mut object: Value, holder: &str, kind: &str| {
        object["ContainedBy"] = json!({"ObjectIdentifier": holder, "ObjectType": kind});
        object
    };
    let unit = |id: &str, blocks: Value| {
        let unit = json!({"ObjectIdentifier": id, "Properties": {"name": id, "blocksinheritance": blocks}});
        within(unit, DOMAIN, "Domain")
    };
    let mut whole = domain();
    whole["Links"] =
        json!([{"GUID": "P1", "IsEnforced": false}, {"GUID": "P2", "IsEnforced": true}]);
    whole["Aces"] = json!([ace("U0", "WriteGPLink")]);
    let mut open = unit("OPEN", json!(false));
    open["Links"] = json!([{"GUID": "P3", "IsEnforced": false}]);
    let policies =
        ["P1", "P2", "P3"].map(|id| json!({"ObjectIdentifier": id, "Properties": {"name": id}}));
    let estate = Collected::default()
        .with("domains", &[whole])
        .with("gpos", &policies)
        .with(
            "ous",
            &[
                open,
                unit("SHUT", json!(true)),
                unit("UNKNOWN", Value::Null),
            ],
        )
        .with(
            "users",
            &[
                user("U0"),
                within(user("U1"), "OPEN", "OU"),
                within(user("U2"), "SHUT", "OU"),
                within(user("U3"), "UNKNOWN", "OU"),
                within(user("U4"), DOMAIN, "Domain"),
            ],
        )
        .estate();
    let of = |to: &str| -> Vec<(String, bool)> {
        let found = edges(&estate, "gpo-applies")
            .into_iter()
            .filter(|(_, own, _)| own == to);
        found.map(|(from, _, why)| (from, why.is_none())).collect()
    };
    let is = |known: &[(&str, bool)]| -> Vec<(String, bool)> {
        known
            .iter()
            .map(|(id, known)| ((*id).to_owned(), *known))
            .collect()
    };
    assert_eq!(of("U1"), is(&[("P1", true), ("P2", true), ("P3", true)]));
    assert_eq!(of("U2"), is(&[("P2", true)]));
    assert_eq!(of("U3"), is(&[("P1", false), ("P2", true)]));
    assert_eq!(of("U4"), is(&[("P1", true), ("P2", true)]));
    let expect = pairs(&[("U0", "U1"), ("U0", "U2"), ("U0", "U3"), ("U0", "U4")]);
    assert_eq!(known(&estate, "can-apply-gpo"), expect);
    assert_eq!(known(&estate, "gp-link").len(), 3);
}

#[test]
fn logon_rights_narrow_who_may_use_a_desktop_once_they_were_collected() {
    let may = |holders: Value| {
        let mut one = host("H1");
        let named = |id: &str, kind: &str| json!({"ObjectIdentifier": id, "ObjectType": kind});
        one["LocalGroups"] = json!([
            {"ObjectIdentifier": "H1-544", "Collected": true, "Results": [named("U2", "User")]},
            {"ObjectIdentifier": "H1-555", "Collected": true, "Results": [named("G", "Group"), named("U2", "User")]},
        ]);
        one["UserRights"] = json!([{"Privilege": "SeRemoteInteractiveLogonRight", "Collected": true, "Results": holders}]);
        let estate = Collected::default()
            .with("computers", &[one])
            .with("groups", &[group("G", &["U1"])])
            .with("users", &[user("U1"), user("U2")])
            .estate();
        known(&estate, "can-rdp")
    };
    let local = |id: &str| json!([{"ObjectIdentifier": id, "ObjectType": "LocalGroup"}]);
    let own = json!([{"ObjectIdentifier": "U1", "ObjectType": "User"}]);
    assert_eq!(may(json!([])), pairs(&[("G", "H1"), ("U2", "H1")]));
    assert_eq!(may(local("H1-555")), pairs(&[("G", "H1"), ("U2", "H1")]));
    assert_eq!(may(own), pairs(&[("U1", "H1")]));
    assert_eq!(may(local("H1-544")), pairs(&[("U2", "H1")]));
}

#[test]
fn keys_of_a_trust_lie_with_the_account_that_stands_for_it() {
    let mut trusted = domain();
    trusted["Properties"]["netbios"] = json!("NORTH");
    trusted["Trusts"] = json!([{
        "TargetDomainSid": "S-1-5-21-7-7-7", "TrustDirection": "Outbound", "TrustType": "External",
        "SidFilteringEnabled": true, "TGTDelegationEnabled": false,
    }]);
    let account = json!({"ObjectIdentifier": "A", "Properties": {"domainsid": "S-1-5-21-7-7-7", "samaccountname": "NORTH$"}});
    let estate = Collected::default()
        .with("domains", &[trusted])
        .with("users", &[account])
        .estate();
    assert_eq!(known(&estate, "has-trust-keys"), pairs(&[(DOMAIN, "A")]));
}

#[test]
fn trusts_lead_from_the_trusted_to_the_trusting_side() {
    let trust = |direction: &str, kind: &str| {
        let mut whole = domain();
        whole["Trusts"] = json!([{
            "TargetDomainSid": "S-1-5-21-7-7-7", "TrustDirection": direction, "TrustType": kind,
            "SidFilteringEnabled": false, "TGTDelegationEnabled": true,
        }]);
        let estate = Collected::default().with("domains", &[whole]).estate();
        [
            "same-forest-trust",
            "spoof-sid-history",
            "abuse-tgt-delegation",
        ]
        .map(|kind| {
            edges(&estate, kind)
                .into_iter()
                .map(|(from, to, _)| (from, to))
                .collect::<Pairs>()
        })
    };
    let far = "S-1-5-21-7-7-7";
    let cases = [
        (
            "Inbound",
            "ParentChild",
            [pairs(&[(far, DOMAIN)]), pairs(&[]), pairs(&[])],
        ),
        (
            "Bidirectional",
            "TreeRoot",
            [
                pairs(&[(far, DOMAIN), (DOMAIN, far)]),
                pairs(&[]),
                pairs(&[]),
            ],
        ),
        (
            "Inbound",
            "External",
            [pairs(&[]), pairs(&[]), pairs(&[(far, DOMAIN)])],
        ),
        (
            "Outbound",
            "Forest",
            [pairs(&[]), pairs(&[(far, DOMAIN)]), pairs(&[])],
        ),
        ("Disabled", "Forest", [pairs(&[]), pairs(&[]), pairs(&[])]),
    ];
    for (direction, kind, expect) in cases {
        assert_eq!(trust(direction, kind), expect, "{direction} {kind}");
    }
}

/// A template by which accounts are renamed, with a controller that maps weakly, and U2 in control of U1.
fn renamed(template: &[(&str, Value)], registry: &Value) -> Collected {
    let mut whole = weak();
    let usual = json!({
        "enrolleesuppliessubject": false, "nosecurityextension": true, "subjectaltrequireupn": true,
        "subjectaltrequirespn": false, "subjectaltrequiredns": false, "subjectaltrequiredomaindns": false,
        "effectiveekus": ["1.3.6.1.5.5.7.3.2"],
    });
    whole
        .as_object_mut()
        .unwrap()
        .extend(usual.as_object().unwrap().clone());
    for (key, value) in template {
        whole[*key] = value.clone();
    }
    let mut controller = host("DC");
    controller["IsDC"] = json!(true);
    controller["DCRegistryData"] = registry.clone();
    let mut collected = authority(&whole)
        .with("computers", &[controller])
        .with("users", &[user("U2")]);
    collected.of("users")["Aces"] = json!([ace("U2", "GenericWrite")]);
    collected
}

#[test]
fn weak_mapping_of_certificates_leads_to_the_domain_by_an_account_under_control() {
    let registry = |methods: i64, binding: i64| {
        json!({
            "CertificateMappingMethods": {"Collected": true, "Value": methods},
            "StrongCertificateBindingEnforcement": {"Collected": true, "Value": binding},
        })
    };
    let found = |collected: &Collected| {
        let estate = collected.estate();
        ["9a", "10a"].map(|number| known(&estate, &format!("adcs-esc{number}")).len())
    };
    let cases = [
        (registry(4, 0), [1, 1]),
        (registry(4, 2), [0, 1]),
        (registry(24, 1), [1, 0]),
        (registry(-1, -1), [1, 0]),
        (registry(24, 2), [0, 0]),
    ];
    for (registry, expect) in cases {
        assert_eq!(found(&renamed(&[], &registry)), expect, "{registry}");
    }
    let open = registry(4, 0);
    let closing: [(&str, Value, [usize; 2]); 5] = [
        ("requiresmanagerapproval", json!(true), [0, 0]),
        ("nosecurityextension", json!(false), [0, 1]),
        ("schannelauthenticationenabled", json!(false), [1, 0]),
        ("effectiveekus", json!(["1.1"]), [1, 0]),
        ("subjectaltrequiredns", json!(true), [0, 0]),
    ];
    for (key, value, expect) in closing {
        assert_eq!(found(&renamed(&[(key, value)], &open)), expect, "{key}");
    }
    let dark = renamed(
        &[],
        &json!({"CertificateMappingMethods": {"Collected": false, "Value": 0}}),
    );
    let estate = dark.estate();
    for number in ["9a", "10a"] {
        let found: Vec<_> = edges(&estate, &format!("adcs-esc{number}"))
            .into_iter()
            .collect();
        assert_eq!(found.len(), 1, "{number}");
        assert!(found[0].2.is_some(), "{number}");
    }
}

#[test]
fn an_authority_that_takes_any_name_or_a_template_under_control_leads_to_the_domain() {
    let mut template = weak();
    for (key, value) in [
        ("enrolleesuppliessubject", json!(false)),
        ("nosecurityextension", json!(true)),
        ("subjectaltrequiredns", json!(false)),
        ("subjectaltrequiredomaindns", json!(false)),
    ] {
        template[key] = value;
    }
    let mut collected = authority(&template);
    collected.of("enterprisecas")["CARegistryData"] =
        json!({"IsUserSpecifiesSanEnabled": {"Collected": true, "Value": true}});
    let estate = collected.estate();
    assert_eq!(known(&estate, "adcs-esc6a"), pairs(&[("U1", DOMAIN)]));
    assert_eq!(known(&estate, "adcs-esc1"), pairs(&[]));
    let mut controlled = authority(&template);
    controlled.of("certtemplates")["Aces"] = json!([ace("U1", "WriteDacl")]);
    assert_eq!(
        known(&controlled.estate(), "adcs-esc4"),
        pairs(&[("U1", DOMAIN)])
    );
    let mut shut = controlled.clone();
    shut.of("enterprisecas")["CARegistryData"] =
        json!({"IsUserSpecifiesSanEnabled": {"Collected": true, "Value": false}});
    assert_eq!(edges(&shut.estate(), "adcs-esc6a"), [].into());
    let found: Vec<_> = edges(&authority(&template).estate(), "adcs-esc6a")
        .into_iter()
        .collect();
    let why = "`isuserspecifiessanenabled` of CA is not known".to_owned();
    assert_eq!(found, [("U1".to_owned(), DOMAIN.to_owned(), Some(why))]);
}
