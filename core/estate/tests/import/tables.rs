//! Tables of a configuration database and of spreadsheets: nothing in them goes missing unsaid.

use cordon_estate::{Direction, Import, Imported, Options, Undirected};
use serde_json::json;

use crate::{estate_of, imported, options, pages};

fn noted(imported: &Imported, code: &str) -> u64 {
    let ours = imported.notes.iter().filter(|((own, _), _)| *own == code);
    ours.map(|(_, note)| note.count).sum()
}

fn ids(imported: &Imported) -> Vec<String> {
    let estate = estate_of(imported);
    estate
        .nodes()
        .iter()
        .map(|node| node.id.to_string())
        .collect()
}

/// What a service needs, as it was written.
fn needs(imported: &Imported, service: &str) -> serde_json::Value {
    let mut text = Vec::new();
    imported.write(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut services = lines.filter_map(|line| line.get("service").cloned());
    let service = services.find(|own| own["id"] == service).unwrap();
    service["needs"].clone()
}

const RELATIONS: &str = "parent,child,type\n\
    Pay Service,app1,Depends on::Used by\n\
    app1,srv1,Runs on::Runs\n\
    cluster1,srv1,Contains::Contained by\n\
    mgr,Pay Service,Manages::Managed by\n";

#[test]
fn relations_without_a_service_keep_every_item_and_count_every_need() {
    let imported = imported(&[("cmdb_rel_ci.csv", RELATIONS)], &options());
    assert_eq!(
        ids(&imported),
        ["Pay Service", "app1", "cluster1", "mgr", "srv1"]
    );
    assert_eq!(noted(&imported, "needs-of-no-service"), 4);
    assert_eq!(noted(&imported, "not-described"), 5);
}

#[test]
fn the_direction_may_be_said_for_each_type_of_relation() {
    let items = "name,sys_class_name\nPay Service,cmdb_ci_service\n";
    let asked = Options {
        direction: Some(Direction::ParentNeedsChild),
        by_relation: [
            (
                "Contains::Contained by".to_owned(),
                Direction::ChildNeedsParent,
            ),
            ("Manages::Managed by".to_owned(), Direction::Neither),
        ]
        .into(),
        ..options()
    };
    let imported = imported(&[("rel.csv", RELATIONS), ("ci.csv", items)], &asked);
    assert_eq!(
        needs(&imported, "Pay Service"),
        json!({"all": ["app1", "cluster1", "srv1"]})
    );
    assert_eq!(noted(&imported, "no-need"), 1);
}

#[test]
fn a_type_that_no_table_has_is_refused_with_the_one_that_was_meant() {
    let said = ["Dependz on", "runs on::runs", "Owns::Owned by"];
    let by_relation = said.map(|said| (said.to_owned(), Direction::ParentNeedsChild));
    let asked = Options {
        direction: Some(Direction::Neither),
        by_relation: by_relation.into(),
        ..options()
    };
    let refused = undirected(&asked);
    let meant = |said: &str, meant: Option<&str>| (said.to_owned(), meant.map(str::to_owned));
    assert_eq!(
        refused.unknown,
        [
            meant("Dependz on", Some("Depends on::Used by")),
            meant("Owns::Owned by", None),
            meant("runs on::runs", Some("Runs on::Runs")),
        ]
    );
    assert_eq!(refused.count, 0);
}

#[test]
fn retired_items_are_needed_by_nobody_and_what_is_not_weighed_is_told() {
    let items = "name,sys_class_name,operational_status,busines_criticality\n\
        Pay,cmdb_ci_service,Operational,1 - most critical\nold,cmdb_ci_server,Retired,\n\
        Cheques,cmdb_ci_service,Retired,\ntwice,cmdb_ci_server,Retired,\n";
    let records = json!([
        {"sys_id": "a", "name": "gone", "sys_class_name": "cmdb_ci_server", "install_status": "7"},
        {"sys_id": "b", "name": "there", "sys_class_name": "cmdb_ci_server", "install_status": "1"},
        {"name": "Twice", "sys_class_name": "cmdb_ci_server", "operational_status": "1"},
        {"parent": "Pay", "child": "gone", "type": "Depends on::Used by", "percent_outage": 50},
        {"parent": "Pay", "child": "OLD", "type": "Depends on::Used by"},
        {"parent": "Pay", "child": "there", "type": "Depends on::Used by"},
        {"parent": "Pay", "child": "twice", "type": "Depends on::Used by"},
        {"parent": "Cheques", "child": "there", "type": "Depends on::Used by"},
    ]);
    let texts = [("ci.csv", items), ("ci.json", &records.to_string())];
    let imported = imported(&texts, &options());
    assert_eq!(noted(&imported, "retired"), 3);
    assert_eq!(noted(&imported, "retired-need"), 3);
    assert_eq!(noted(&imported, "not-weighed"), 2);
    assert_eq!(needs(&imported, "Pay"), json!({"all": ["Twice", "there"]}));
    let estate = crate::estate_of(&imported);
    let services: Vec<_> = estate
        .services()
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    assert_eq!(services, ["Pay"]);
}

fn undirected(asked: &Options) -> Undirected {
    let pages = pages();
    let mut import = Import::new(pages);
    import.read("rel.csv", RELATIONS.as_bytes()).unwrap();
    import.finish(asked).unwrap_err()
}

#[test]
fn a_type_of_which_nothing_is_said_is_asked_for() {
    let asked = Options {
        direction: None,
        by_relation: [("Runs on::Runs".to_owned(), Direction::ParentNeedsChild)].into(),
        ..options()
    };
    let asked = undirected(&asked);
    assert_eq!(asked.count, 3);
    let types: Vec<&str> = asked.examples.iter().map(|pair| &*pair.relation).collect();
    assert_eq!(
        types,
        [
            "Contains::Contained by",
            "Depends on::Used by",
            "Manages::Managed by"
        ]
    );
}

#[test]
fn records_that_name_items_by_number_are_joined_with_them() {
    let link = |id: &str| json!({"link": format!("https://x.example/api/now/table/cmdb_ci/{id}"), "value": id});
    let document = json!({"result": [
        {"sys_id": "r1", "parent": link("aaa"), "child": link("bbb"), "type": link("t1")},
        {"sys_id": "r2", "parent": link("bbb"), "child": link("zzz"), "type": link("t1")},
        {"sys_id": "aaa", "name": "Pay Service", "sys_class_name": "cmdb_ci_service"},
        {"sys_id": "bbb", "name": "srv1", "sys_class_name": "cmdb_ci_server"},
        {"sys_id": "t1", "name": "Depends on::Used by"},
    ]});
    let asked = Options {
        direction: None,
        by_relation: [(
            "Depends on::Used by".to_owned(),
            Direction::ParentNeedsChild,
        )]
        .into(),
        ..options()
    };
    let imported = imported(&[("table.json", &document.to_string())], &asked);
    assert_eq!(
        needs(&imported, "Pay Service"),
        json!({"all": ["srv1", "zzz"]})
    );
    assert_eq!(ids(&imported), ["srv1", "zzz"]);
    assert_eq!(noted(&imported, "unknown-item"), 1);
    assert_eq!(noted(&imported, "needs-nothing"), 0);
}

#[test]
fn two_items_of_one_name_stay_two() {
    let document = json!([
        {"sys_id": "a", "name": "srv1", "sys_class_name": "cmdb_ci_server"},
        {"sys_id": "b", "name": "srv1", "sys_class_name": "cmdb_ci_server"},
        {"sys_id": "s", "name": "Pay", "sys_class_name": "cmdb_ci_service"},
        {"parent": {"value": "s"}, "child": {"value": "b"}, "type": "Depends on::Used by"},
    ]);
    let imported = imported(&[("table.json", &document.to_string())], &options());
    assert_eq!(ids(&imported), ["srv1 (a)", "srv1 (b)"]);
    assert_eq!(needs(&imported, "Pay"), json!("srv1 (b)"));
}

#[test]
fn what_at_least_asks_for_is_kept_or_told() {
    let cases = [
        (
            "pay,h1,g,2\npay,h2,g,2\npay,h3,g,2\n",
            json!({"at_least": 2, "of": ["h1", "h2", "h3"]}),
            "",
            0,
        ),
        (
            "pay,h1,g,3\npay,h2,g,3\n",
            json!({"at_least": 2, "of": ["h1", "h2"]}),
            "group-too-small",
            1,
        ),
        (
            "pay,h1,g,1\npay,h2,g,2\n",
            json!({"at_least": 2, "of": ["h1", "h2"]}),
            "group-differs",
            1,
        ),
        ("pay,h1,,\npay,h2,,2\n", json!("h1"), "unreadable", 1),
        ("pay,h1,,\npay,h2,g,0\n", json!("h1"), "unreadable", 1),
    ];
    for (rows, expect, code, count) in cases {
        let table = format!("service,needs,group,at_least\n{rows}");
        let imported = imported(&[("dependencies.csv", &table)], &options());
        assert_eq!(needs(&imported, "pay"), expect, "{rows}");
        assert_eq!(noted(&imported, code), count, "{rows}");
    }
}

#[test]
fn a_row_that_an_estate_would_refuse_is_refused_with_its_line() {
    let cases = [
        "a,A,-5,,,,",
        "a,A,5,,5,,",
        "a,A,5,,,xx,",
        "a,A,5,,,,bogus",
        "a,A,5,maybe,,,",
    ];
    for row in cases {
        let table =
            format!("service,name,loss_per_hour,protected,cover,ramp,care\nb,B,1,,,,\n{row}\n");
        let imported = imported(&[("services.csv", &table)], &options());
        let note = imported
            .notes
            .iter()
            .find(|((code, _), _)| *code == "unreadable");
        let note = note.unwrap_or_else(|| panic!("{row}")).1;
        assert!(
            note.example.starts_with("services.csv:3: "),
            "{}",
            note.example
        );
        estate_of(&imported);
    }
}

#[test]
fn two_rows_of_one_service_keep_the_careful_side_in_either_order() {
    let head = "service,name,loss_per_hour,protected,cover,ramp,care\n";
    let rows = ["dup,D,5,no,10d,30m,", "dup,D,7,yes,9h,1h,"];
    for rows in [[rows[0], rows[1]], [rows[1], rows[0]]] {
        let table = format!("{head}{}\n{}\n", rows[0], rows[1]);
        let imported = imported(&[("services.csv", &table)], &options());
        let estate = estate_of(&imported);
        let service = &estate.services()[0];
        assert_eq!(
            (service.loss_per_hour.rounded(), service.protected),
            ("7".to_owned(), true)
        );
        let times = [&service.cover, &service.ramp].map(cordon_model::Hours::rounded);
        assert_eq!(times, ["9", "0.5"]);
        assert_eq!(noted(&imported, "service-differs"), 4);
    }
}

#[test]
fn what_a_catalogue_speaks_of_and_does_not_describe_is_told() {
    let catalogue = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web}
spec: {dependsOn: ['resource:prod/db'], consumesApis: [api], subcomponentOf: shop, system: sales}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: engine}
spec: {providesApis: [ghost]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: queue}
spec: {type: broker, system: sales}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: sales}
";
    let imported = imported(&[("catalog-info.yaml", catalogue)], &options());
    let web = "component:default/web";
    assert_eq!(
        needs(&imported, web),
        json!({"all": ["api:default/api", "resource:prod/db"]})
    );
    assert_eq!(needs(&imported, "component:default/shop"), json!(web));
    let sales = json!({"all": [web, "resource:default/queue"]});
    assert_eq!(needs(&imported, "system:default/sales"), sales);
    assert_eq!(noted(&imported, "not-described"), 3, "db, api and ghost");
    assert_eq!(
        noted(&imported, "needs-of-no-service"),
        1,
        "of ghost, which nothing consumes"
    );
}

#[test]
fn the_domain_of_an_item_is_a_name_of_its_only_behind_its_own() {
    let items = "name,sys_class_name,dns_domain\nSRV1,cmdb_ci_server,x.example\nSRV2,cmdb_ci_server,x.example\n";
    let imported = imported(&[("ci.csv", items)], &options());
    let estate = estate_of(&imported);
    let aliases: Vec<_> = estate
        .nodes()
        .iter()
        .map(|node| node.aliases.join(" "))
        .collect();
    assert_eq!(aliases, ["SRV1.x.example", "SRV2.x.example"]);
}
