//! What rules derive from small collections, and where they say that they do not know.

use cordon_estate::{Import, Options};
use serde_json::{Value, json};

use crate::{edges, estate, known, options, pages};

const DOMAIN: &str = "S-1-5-21-1";

fn file(kind: &str, data: &[Value]) -> (&'static str, String) {
    let count = data.len();
    let document = json!({"data": data, "meta": {"type": kind, "version": 6, "count": count}});
    ("collected.json", format!("\u{feff}{document}"))
}

fn collection(files: &[(&'static str, String)]) -> cordon_model::Estate {
    let texts: Vec<_> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    estate(&texts)
}

fn ace(holder: &str, right: &str) -> Value {
    json!({"PrincipalSID": holder, "PrincipalType": "Group", "RightName": right, "IsInherited": false})
}

fn group(id: &str, members: &[&str]) -> Value {
    let members: Vec<_> = members
        .iter()
        .map(|m| json!({"ObjectIdentifier": m, "ObjectType": "User"}))
        .collect();
    json!({"ObjectIdentifier": id, "Properties": {"domainsid": DOMAIN}, "Members": members})
}

fn user(id: &str) -> Value {
    json!({"ObjectIdentifier": id, "Properties": {"domainsid": DOMAIN}})
}

#[test]
fn two_rights_by_two_groups_make_one_edge_and_only_for_whoever_is_in_both() {
    let estate = collection(&[
        file("users", &[user("U1"), user("U2"), user("U3")]),
        file(
            "groups",
            &[
                group("A", &["U1", "U2"]),
                group("B", &["U2", "U3"]),
                group("C", &["U1"]),
            ],
        ),
        file(
            "domains",
            &[json!({
                "ObjectIdentifier": DOMAIN,
                "Properties": {"domainsid": DOMAIN},
                "Aces": [ace("A", "GetChanges"), ace("B", "GetChangesAll"), ace("C", "GetChanges"), ace("C", "GetChangesAll")],
            })],
        ),
    ]);
    let expect = [
        ("C".to_owned(), DOMAIN.to_owned()),
        ("U2".to_owned(), DOMAIN.to_owned()),
    ];
    assert_eq!(known(&estate, "dcsync"), expect.into());
}

/// A domain with an authority and one template, whose properties are given.
fn authority(template: &Value) -> cordon_model::Estate {
    collection(&[
        file("users", &[user("U1")]),
        file(
            "computers",
            &[json!({"ObjectIdentifier": "HOST", "Properties": {"enabled": true}, "IsDC": false})],
        ),
        file(
            "domains",
            &[json!({"ObjectIdentifier": DOMAIN, "Properties": {"domainsid": DOMAIN}})],
        ),
        file(
            "rootcas",
            &[
                json!({"ObjectIdentifier": "ROOT", "DomainSID": DOMAIN, "Properties": {"certthumbprint": "AA", "certchain": ["AA"]}}),
            ],
        ),
        file(
            "ntauthstores",
            &[
                json!({"ObjectIdentifier": "STORE", "DomainSID": DOMAIN, "Properties": {"certthumbprints": ["BB"]}}),
            ],
        ),
        file(
            "enterprisecas",
            &[json!({
                "ObjectIdentifier": "CA",
                "Properties": {"certthumbprint": "BB", "certchain": ["BB", "AA"], "domainsid": DOMAIN},
                "HostingComputer": "HOST",
                "EnabledCertTemplates": [{"ObjectIdentifier": "T", "ObjectType": "CertTemplate"}],
                "Aces": [ace("U1", "Enroll")],
            })],
        ),
        file(
            "certtemplates",
            &[json!({
                "ObjectIdentifier": "T",
                "Properties": template,
                "Aces": [ace("U1", "Enroll")],
            })],
        ),
    ])
}

fn weak() -> Value {
    json!({
        "name": "Laptops", "domainsid": DOMAIN, "requiresmanagerapproval": false, "authenticationenabled": true,
        "enrolleesuppliessubject": true, "schemaversion": 2, "authorizedsignatures": 0, "effectiveekus": ["1"],
        "nosecurityextension": false, "applicationpolicies": [],
    })
}

#[test]
fn a_template_that_takes_any_name_leads_to_the_domain_and_one_property_closes_it() {
    let expect = ("U1".to_owned(), DOMAIN.to_owned());
    assert_eq!(known(&authority(&weak()), "adcs-esc1"), [expect].into());
    for (key, value) in [
        ("requiresmanagerapproval", json!(true)),
        ("authenticationenabled", json!(false)),
        ("enrolleesuppliessubject", json!(false)),
        ("authorizedsignatures", json!(1)),
    ] {
        let mut template = weak();
        template[key] = value;
        assert_eq!(
            edges(&authority(&template), "adcs-esc1"),
            [].into(),
            "{key}"
        );
    }
}

#[test]
fn a_property_that_was_not_collected_makes_the_edge_unknown_and_says_which() {
    let mut template = weak();
    template
        .as_object_mut()
        .unwrap()
        .remove("authorizedsignatures");
    let estate = authority(&template);
    let found: Vec<_> = edges(&estate, "adcs-esc1").into_iter().collect();
    let why = Some("`authorizedsignatures` of Laptops is not known".to_owned());
    assert_eq!(found, [("U1".to_owned(), DOMAIN.to_owned(), why)]);
}

#[test]
fn the_host_of_an_authority_can_forge_certificates() {
    let expect = ("HOST".to_owned(), DOMAIN.to_owned());
    assert_eq!(known(&authority(&weak()), "golden-cert"), [expect].into());
}

#[test]
fn an_overlay_may_name_things_as_people_do() {
    let users = json!({
        "data": [{"ObjectIdentifier": "S-1", "Properties": {"name": "ANNA@N.EXAMPLE", "samaccountname": "anna", "domain": "N.EXAMPLE"}}],
        "meta": {"type": "users", "version": 6, "count": 1},
    });
    let overlay = r"cordon: estate/v1
name: Northgate
currency: GBP
nodes: [{id: zone:office, kind: zone}]
edges: [{from: 'n\ANNA', to: zone:office, kind: vpn-entry, minutes: 7}]
";
    let estate = estate(&[
        ("users.json", &users.to_string()),
        ("overlay.yaml", overlay),
    ]);
    let found = known(&estate, "vpn-entry");
    assert_eq!(found, [("S-1".to_owned(), "zone:office".to_owned())].into());
    assert_eq!(estate.name(), "Northgate");
    assert_eq!(estate.edges()[0].minutes.as_ref().unwrap().rounded(), "7");
}

#[test]
fn pairs_of_a_configuration_database_wait_until_somebody_says_which_side_needs_the_other() {
    let pages = pages();
    let mut import = Import::new(&pages);
    let table = "parent,child,type\nTills,srv1,Depends on::Used by\n";
    import.read("cmdb_rel_ci.csv", table.as_bytes()).unwrap();
    let asked = Options {
        direction: None,
        ..options()
    };
    let undirected = import.finish(&asked).unwrap_err();
    assert_eq!(
        (undirected.count, &*undirected.examples[0].child),
        (1, "srv1")
    );
}

#[test]
fn tables_of_services_make_needs_with_groups_and_unknown_losses_are_protected() {
    let services =
        "service,name,loss_per_hour,protected\nservice:tills,Tills,40000,no\nservice:app,App,,\n";
    let needs = "service,needs,group,at_least\nservice:tills,psp-a,psp,1\nservice:tills,psp-b,psp,1\n\
                 service:tills,switch,,\nservice:app,service:tills,,\n";
    let estate = estate(&[("services.csv", services), ("dependencies.csv", needs)]);
    let protected: Vec<_> = estate
        .services()
        .iter()
        .map(|s| (s.id.as_str(), s.protected))
        .collect();
    assert_eq!(protected, [("service:app", true), ("service:tills", false)]);
    let needs = format!("{:?}", estate.services()[1].needs);
    assert!(
        needs.starts_with("All([Node(") && needs.contains("Any([Node("),
        "{needs}"
    );
}
