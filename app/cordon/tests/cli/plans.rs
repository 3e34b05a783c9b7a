//! `cordon reach --to` and `cordon plan restore`, and what is held outside the estate.

use serde_json::{Value, json};

use crate::running::{cordon, folder};

const ESTATE: &str = "cordon: estate/v1
name: Northgate
currency: GBP
nodes:
- { id: u, kind: user }
- { id: v, kind: user }
- { id: a, kind: host, aliases: [A-ALIAS] }
- { id: dc, kind: host, jewel: { loss: 100000 } }
- { id: far, kind: host }
- { id: till, kind: host }
edges:
- { from: u, to: a, kind: admin-to, minutes: 3, likelihood: 0.2 }
- { from: u, to: a, kind: admin-to, minutes: 5, likelihood: 0.5 }
- { from: a, to: dc, kind: admin-to, minutes: 0 }
- { from: u, to: dc, kind: can-rdp, likelihood: 0.1, unknown: nobody looked }
- { from: v, to: dc, kind: can-rdp }
services:
- { id: shop, needs: till, loss_per_hour: 10 }
steps:
- { id: disable/u, kind: disable-account, cost: 10, minutes: 2, removes: { nodes: [u] }, takes_down: [till] }
- { id: disable/v, kind: disable-account, cost: 10, minutes: 2, removes: { nodes: [v] } }
";

#[test]
fn reach_explains_a_node_by_its_fastest_and_its_most_likely_path_and_what_may_be_faster() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let words = [
        "reach",
        "--estate",
        "estate.yaml",
        "--foothold",
        "u",
        "--to",
        "dc",
        "far",
    ];
    let ran = cordon(dir.path(), &words);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for part in [
        "fastest: 3 minutes, likelihood 0.2",
        "most likely: 5 minutes, likelihood 0.5",
        "perhaps faster, as not all minutes are known: an unknown time, likelihood 0.1",
        "nobody looked",
        "far cannot be taken from what is held",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let ran = cordon(dir.path(), &[&words[..], &["--format", "json"]].concat());
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    let node = &told["reachable"][0];
    assert_eq!(
        (&node["minutes"], &node["likelihood"]),
        (&json!(3), &json!(0.2))
    );
    assert_eq!(node["likeliest"]["likelihood"], json!(0.5));
    assert_eq!(node["perhaps_sooner"]["path"], json!(["u", "dc"]));
    assert_eq!(
        told["explained"][0]["likeliest"]["edges"][0]["minutes"],
        json!(5)
    );
    assert_eq!(told["explained"][1]["reachable"], json!(false));
    let ran = cordon(
        dir.path(),
        &[
            "reach",
            "--estate",
            "estate.yaml",
            "--foothold",
            "u",
            "--to",
            "dd",
        ],
    );
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("unresolved-node"), "{}", ran.stderr);
}

#[test]
fn what_is_held_outside_the_estate_is_listed_and_constrains_nothing() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let plan = [
        "plan",
        "--estate",
        "estate.yaml",
        "--format",
        "json",
        "--brief",
    ];
    let run = |words: &[&str]| cordon(dir.path(), &[&plan[..], words].concat());
    let with = run(&["--foothold", "u", "--outside-estate", "supplier"]);
    assert_eq!(with.code, 0, "{}", with.stderr);
    let with: Value = serde_json::from_str(&with.stdout).unwrap();
    assert_eq!(with["outside_estate"], json!(["supplier"]));
    let without: Value = serde_json::from_str(&run(&["--foothold", "u"]).stdout).unwrap();
    assert_eq!(with["steps"], without["steps"]);
    let alone = run(&["--outside-estate", "supplier"]);
    let alone: Value = serde_json::from_str(&alone.stdout).unwrap();
    assert_eq!(alone["no_steps"]["reason"], json!("only_outside_estate"));
    let known = run(&["--foothold", "u", "--outside-estate", "a-alias"]);
    assert_eq!(known.code, 2, "{}", known.stdout);
    assert!(known.stderr.contains("--foothold a"), "{}", known.stderr);
}

#[test]
fn the_way_back_is_told_stage_by_stage() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let plan = [
        "plan",
        "--estate",
        "estate.yaml",
        "--foothold",
        "u",
        "v",
        "--format",
        "json",
    ];
    let plan = cordon(dir.path(), &plan);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    std::fs::write(dir.path().join("plan.json"), &plan.stdout).unwrap();
    let words = ["plan", "restore", "plan.json", "--estate", "estate.yaml"];
    let run = |more: &[&str]| cordon(dir.path(), &[&words[..], more].concat());
    let ran = run(&["--cleared", "v"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = [
        "Now that v is cleared",
        "disable/v",
        "it would open u → dc",
        "Once u is cleared",
        "shop",
    ];
    for part in lines {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let told: Value = serde_json::from_str(&run(&["--format", "json"]).stdout).unwrap();
    let last = &told["stages"][1];
    assert_eq!(last["cleared"], json!(["u"]), "{told}");
    assert_eq!(last["undo"][0]["returns"], json!(240));
    let stranger = run(&["--cleared", "far"]);
    assert_eq!(stranger.code, 2, "{}", stranger.stdout);
    assert!(
        stranger.stderr.contains("does not count as held: far"),
        "{}",
        stranger.stderr
    );
    let tampered = plan.stdout.replace("\"disable/u\"", "\"disable/v\"");
    std::fs::write(dir.path().join("plan.json"), tampered).unwrap();
    let ran = run(&[]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(
        ran.stderr.contains("the plan is none on this estate"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_is_only_suspected_may_be_asked_about_and_a_hold_without_end_may_not() {
    let estate = "cordon: estate/v1\nname: A\ncurrency: GBP\n\
        nodes: [{id: u, kind: user}, {id: dc, kind: host, jewel: {loss: 100}}]\n\
        edges: [{from: u, to: dc, kind: admin-to}]\n\
        steps: [{id: s, kind: disable-account, removes: {nodes: [u]}, cost: 1}]\n";
    let dir = folder(&[("e.yaml", estate)]);
    let ran = |more: &str| {
        let asked = format!("plan --estate e.yaml {more}");
        cordon(dir.path(), &asked.split(' ').collect::<Vec<_>>())
    };
    let suspected = ran("--suspected u=0.5 --format json");
    assert_eq!(suspected.code, 0, "{}", suspected.stderr);
    assert!(
        suspected.stdout.contains("\"robust\""),
        "{}",
        suspected.stdout
    );
    assert_eq!(ran("--brief").code, 2, "nothing is held");
    let endless = ran("--foothold u --hold 9999999999999d");
    assert_eq!(endless.code, 2);
    assert!(endless.stderr.contains("ten years"), "{}", endless.stderr);
}
