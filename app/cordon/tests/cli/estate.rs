//! `cordon estate`: what is wrong with an estate, what it leaves open, what is in it.

use crate::running::{cordon, cordon_within, folder};
use serde_json::Value;

const ESTATE: &str = r"cordon: estate/v1
name: Northgate
currency: GBP
nodes:
  - { id: user:agent-7, kind: user, name: Agent 7, aliases: ['NORTHGATE\agent7'] }
  - { id: host:dc1, kind: domain-controller, jewel: { loss: 3000000 } }
  - { id: host:dc2, kind: domain-controller }
  - { id: host:old, kind: host }
edges:
  - { from: user:agent-7, to: host:dc1, kind: admin-to, minutes: 10, unknown: local groups were not collected }
steps:
  - { id: isolate-host/dc1, kind: isolate-host, removes: { nodes: [host:dc1] }, takes_down: [host:dc1], cost: 50 }
";

fn json(args: &[&str]) -> (i32, Value) {
    let dir = folder(&[
        ("e.yaml", ESTATE),
        (
            "wrong.yaml",
            "cordon: estate/v1\nnodes: [{id: a}]\nedges: [{from: a, to: zz, kind: admin-to}]\n",
        ),
    ]);
    let ran = cordon(dir.path(), &[args, &["--format", "json"]].concat());
    (
        ran.code,
        serde_json::from_str(&ran.stdout).unwrap_or_default(),
    )
}

#[test]
fn check_tells_everything_wrong_at_once_and_ends_with_2() {
    let (code, told) = json(&["estate", "check", "e.yaml", "wrong.yaml"]);
    assert_eq!(code, 2, "{told}");
    let codes = told["diagnostics"].as_array().unwrap().iter();
    let codes: Vec<_> = codes.map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["missing-key", "unknown-id"], "{told}");
    assert_eq!(told["estate"], Value::Null);
}

#[test]
fn check_names_what_a_sound_estate_leaves_open() {
    let (code, told) = json(&["estate", "check", "--estate", "e.yaml"]);
    assert_eq!(code, 0, "{told}");
    let findings = told["findings"].as_array().unwrap().iter();
    let findings: Vec<_> = findings
        .map(|f| {
            (
                f["code"].as_str().unwrap(),
                f["examples"][0].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        findings,
        [
            ("nothing-leads-to", "host:dc2"),
            ("only-unknown", "host:dc1"),
            ("administrators-unknown", "host:dc1"),
            ("unknown-edges", "1 × local groups were not collected"),
            ("stands-apart", "host:old"),
        ]
    );
    assert_eq!(told["counts"]["unknown_edges"], 1);
}

#[test]
fn show_counts_by_kind_and_shows_one_node_with_its_edges() {
    let (_, told) = json(&["estate", "show", "e.yaml"]);
    assert_eq!(told["nodes_by_kind"]["domain-controller"], 2);
    let (_, told) = json(&["estate", "show", "e.yaml", "--node", r"northgate\AGENT7"]);
    assert_eq!(told["out"][0]["node"], "host:dc1");
    assert_eq!(told["out"][0]["unknown"], "local groups were not collected");
    let (_, told) = json(&["estate", "show", "e.yaml", "--steps"]);
    assert_eq!(told["steps"][0]["removes"]["nodes"][0], "host:dc1");
    let dir = folder(&[("e.yaml", ESTATE)]);
    let ran = cordon(
        dir.path(),
        &["estate", "show", "e.yaml", "--node", "nobody"],
    );
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("no node has the id `nobody`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn import_tells_every_row_that_it_could_not_read_writes_the_rest_and_ends_with_2() {
    let rows =
        "service,name,loss_per_hour,protected\npay,P,\"1234,50\",no\nweb,W,5,no\nbad,B,-5,maybe\n";
    let dir = folder(&[("services.csv", rows)]);
    let import = "estate import services.csv --name A --currency GBP --out e.jsonl";
    let args: Vec<&str> = import.split(' ').collect();
    let ran = cordon(dir.path(), &args);
    assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
    for place in ["- services.csv:2: ", "- services.csv:4: "] {
        assert!(ran.stdout.contains(place), "{}", ran.stdout);
    }
    let told = cordon(dir.path(), &[&args[..], &["--format", "json"]].concat());
    let beside = "2 rows that could not be read, such as services.csv:2: ";
    assert!(told.stderr.contains(beside), "{}", told.stderr);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let notes = told["notes"].as_array().unwrap();
    let unread = notes
        .iter()
        .find(|note| note["code"] == "unreadable")
        .unwrap();
    assert_eq!(unread["places"].as_array().unwrap().len(), 2, "{unread}");
    assert_eq!(cordon(dir.path(), &["estate", "check", "e.jsonl"]).code, 0);
}

#[test]
fn import_refuses_what_is_of_no_known_form() {
    let dir = folder(&[("junk.json", "{\"foo\":1}")]);
    let ran = cordon(
        dir.path(),
        &["estate", "import", "junk.json", "--out", "e.jsonl"],
    );
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("`foo`"), "{}", ran.stderr);
}

#[test]
fn a_type_of_relation_that_no_table_has_is_refused_with_the_one_that_was_meant() {
    let relations = "parent,type,child\nPay,Depends on::Used by,SRV1\n";
    let dir = folder(&[("rel.csv", relations)]);
    let import = |said: &str| {
        let needs = ["--needs", said, "--needs", "neither", "--out", "e.jsonl"];
        cordon(
            dir.path(),
            &[&["estate", "import", "rel.csv"][..], &needs].concat(),
        )
    };
    let ran = import("Dependz on=parent-needs-child");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for told in ["`Dependz on`", "did you mean `Depends on::Used by`?"] {
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    assert!(!dir.path().join("e.jsonl").exists());
    assert_eq!(import("Depends on::Used by=parent-needs-child").code, 0);
}

#[test]
fn a_misspelt_column_ends_an_import_with_2_and_what_was_meant() {
    let table = "service,loss_per_hour,protectd,owner\nweb,5,yes,ann\n";
    let dir = folder(&[("services.csv", table)]);
    let ran = cordon(
        dir.path(),
        &["estate", "import", "services.csv", "--out", "e.jsonl"],
    );
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let meant = "services.csv:1: unknown column `protectd`: did you mean `protected`?";
    assert!(ran.stdout.contains(meant), "{}", ran.stdout);
    assert!(ran.stdout.contains("`owner`"), "{}", ran.stdout);
}

#[test]
fn a_misspelt_key_ends_an_import_with_2_and_no_plan_is_made_with_it() {
    let overlay = "cordon: estate/v1\nnodes: [{id: dc, kind: host}]\nservices: [{id: pay, needs: dc, loss_per_hour: 5, protekted: true}]\n";
    let dir = folder(&[("o.yaml", overlay)]);
    let ran = cordon(
        dir.path(),
        &["estate", "import", "o.yaml", "--out", "e.jsonl"],
    );
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let meant = "o.yaml:service 1: a service has no key `protekted`, did you mean `protected`?";
    assert!(ran.stdout.contains(meant), "{}", ran.stdout);
    for asked in [
        &["estate", "check", "e.jsonl"][..],
        &["plan", "--estate", "e.jsonl", "--foothold", "dc"][..],
    ] {
        let ran = cordon(dir.path(), asked);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(told.contains("`protekted`"), "{told}");
    }
}

#[test]
fn yaml_that_an_import_passes_over_in_a_folder_is_told_with_its_number() {
    let catalogue = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web}\n";
    let dir = folder(&[
        ("in/services.csv", "service,loss_per_hour\npay,5\n"),
        ("in/catalog-info.yaml", catalogue),
    ]);
    let import = "estate import in --name A --currency GBP --out e.jsonl --format json";
    let args: Vec<&str> = import.split(' ').collect();
    let ran = cordon(dir.path(), &args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = "passed over: 1 × code, rules or configuration, such as ";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert!(ran.stderr.contains("catalog-info.yaml"), "{}", ran.stderr);
}

#[test]
fn what_is_printed_is_as_wide_as_columns_says() {
    let dir = folder(&[("e.yaml", ESTATE)]);
    let arguments = ["estate", "check", "e.yaml"];
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max();
    let plain = cordon(dir.path(), &arguments).stdout;
    let narrow = cordon_within(dir.path(), &arguments, "60").stdout;
    assert!(widest(&plain) > Some(60), "{plain}");
    assert!(widest(&narrow) <= Some(60), "{narrow}");
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&plain), words(&narrow));
    assert_eq!(cordon_within(dir.path(), &arguments, "wide").stdout, plain);
}
