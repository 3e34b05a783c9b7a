//! What rules derive from small collections, and where they say that they do not know.

use cordon_estate::{Import, Options};
use serde_json::json;

use crate::{
    edges, estate, known, options, pages,
    small::{Collected, DOMAIN, ace, authority, domain, group, user, weak},
};

#[test]
fn two_rights_by_two_groups_make_one_edge_and_only_for_whoever_is_in_both() {
    let mut whole = domain();
    whole["Aces"] = json!([
        ace("A", "GetChanges"),
        ace("B", "GetChangesAll"),
        ace("C", "GetChanges"),
        ace("C", "GetChangesAll")
    ]);
    let groups = [
        group("A", &["U1", "U2"]),
        group("B", &["U2", "U3"]),
        group("C", &["U1"]),
    ];
    let estate = Collected::default()
        .with("users", &[user("U1"), user("U2"), user("U3")])
        .with("groups", &groups)
        .with("domains", &[whole])
        .estate();
    // U1 has one right by A alone, and so not only what C gives.
    let expect = ["C", "U1", "U2"].map(|from| (from.to_owned(), DOMAIN.to_owned()));
    assert_eq!(known(&estate, "dcsync"), expect.into());
}

#[test]
fn a_template_that_takes_any_name_leads_to_the_domain_and_one_property_closes_it() {
    let expect = ("U1".to_owned(), DOMAIN.to_owned());
    assert_eq!(
        known(&authority(&weak()).estate(), "adcs-esc1"),
        [expect].into()
    );
    for (key, value) in [
        ("requiresmanagerapproval", json!(true)),
        ("authenticationenabled", json!(false)),
        ("enrolleesuppliessubject", json!(false)),
        ("authorizedsignatures", json!(1)),
    ] {
        let mut template = weak();
        template[key] = value;
        assert_eq!(
            edges(&authority(&template).estate(), "adcs-esc1"),
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
    let estate = authority(&template).estate();
    let found: Vec<_> = edges(&estate, "adcs-esc1").into_iter().collect();
    let why = Some("`authorizedsignatures` of Laptops is not known".to_owned());
    assert_eq!(found, [("U1".to_owned(), DOMAIN.to_owned(), why)]);
}

#[test]
fn the_host_of_an_authority_can_forge_certificates() {
    let expect = ("HOST".to_owned(), DOMAIN.to_owned());
    assert_eq!(
        known(&authority(&weak()).estate(), "golden-cert"),
        [expect].into()
    );
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
    let mut import = Import::new(pages);
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

#[test]
fn words_for_kinds_and_rights_are_known_whatever_their_case() {
    let file = |kind: &str, data: serde_json::Value| {
        json!({"data": [data], "meta": {"type": kind, "count": 1, "version": 6}}).to_string()
    };
    let right = |of: &str, name: &str| json!({"PrincipalSID": of, "PrincipalType": "GROUP", "RightName": name});
    let member = json!({"ObjectIdentifier": "S-1-5-21-1-7", "ObjectType": "user"});
    let group = |id: &str| {
        file(
            "Groups",
            json!({"ObjectIdentifier": id, "Properties": {}, "Members": [member]}),
        )
    };
    let rights = [
        right("S-1-5-21-1-5", "GETCHANGES"),
        right("S-1-5-21-1-6", "getchangesall"),
    ];
    let domain =
        json!({"ObjectIdentifier": "S-1-5-21-1", "Properties": {"name": "SHOP"}, "Aces": rights});
    let texts = [
        ("d", file("DOMAINS", domain)),
        ("one", group("S-1-5-21-1-5")),
        ("two", group("S-1-5-21-1-6")),
    ];
    let estate = estate(&texts.each_ref().map(|(name, text)| (*name, text.as_str())));
    let expect = [("S-1-5-21-1-7".to_owned(), "S-1-5-21-1".to_owned())];
    assert_eq!(known(&estate, "dcsync"), expect.into());
    let kinds = estate.nodes().iter().map(|node| node.kind.to_string());
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        ["domain", "group", "group", "user"]
    );
}
