//! What a plan says of the race and of its bound, and that `cordon plan check` believes none of it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that does not find what it expects fails there and then"
)]

use serde_json::{Value, json};

use crate::running::{cordon, folder};

const ESTATE: &str = "cordon: estate/v1
name: Northgate
currency: GBP
nodes:
- { id: u, kind: user }
- { id: v, kind: user }
- { id: w, kind: user }
- { id: x, kind: user }
- { id: dc, kind: host, jewel: { loss: 1000 } }
- { id: db, kind: host, jewel: { loss: 5000 } }
- { id: till, kind: host, jewel: { loss: 70 } }
edges:
- { from: u, to: dc, kind: admin-to, minutes: 100 }
- { from: w, to: db, kind: admin-to, minutes: 6 }
- { from: v, to: till, kind: admin-to, minutes: 9 }
- { from: x, to: till, kind: admin-to, minutes: 9 }
steps:
- { id: disable/u, kind: disable-account, cost: 1, minutes: 5, removes: { nodes: [u] } }
- { id: isolate/db, kind: isolate-host, cost: 1, minutes: 5, removes: { edges: [{ from: w, to: db }] } }
- { id: isolate/till, kind: isolate-host, cost: 1, minutes: 5, removes: { edges: [{ from: x, to: till }] } }
";

const HELD: [&str; 6] = ["--foothold", "u", "--foothold", "w", "--foothold", "x"];

/// Where a plan is wrong, and how it is made so.
type Change<'c> = (&'c str, &'c dyn Fn(&mut Value));

fn planned(dir: &std::path::Path, more: &[&str]) -> String {
    let words = [&["plan", "--estate", "estate.yaml"], &HELD[..], more].concat();
    let ran = cordon(dir, &words);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn what_may_be_lost_before_the_cut_is_told_and_what_can_be_kept_is_cut_first() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let plan: Value = serde_json::from_str(&planned(dir.path(), &["--format", "json"])).unwrap();
    let steps: Vec<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["id"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["isolate/db", "disable/u", "isolate/till"]);
    assert_eq!(
        plan["race"],
        json!({
            "in_force_minutes": [5, 10, 15],
            "may_be_lost": [{"id": "till", "loss": 70, "soonest_minutes": 9, "path": ["x", "till"], "minutes": 9, "step": 3}],
            "loss": 70,
        })
    );
    // Sentences are wrapped.
    let text = planned(dir.path(), &[]).replace('\n', " ");
    for part in [
        "the cut is in force after 15 min",
        "What may be lost before it is cut off",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// What is said of a plan that was changed.
fn checked(dir: &std::path::Path, plan: &Value, change: &dyn Fn(&mut Value)) -> Value {
    let mut plan = plan.clone();
    change(&mut plan);
    std::fs::write(dir.join("plan.json"), plan.to_string()).unwrap();
    let words = "plan check plan.json --estate estate.yaml --format json";
    let ran = cordon(dir, &words.split(' ').collect::<Vec<_>>());
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(told["holds"] == json!(true), ran.code == 0, "{told}");
    told
}

/// Changes of a plan, each of which is found at its place.
fn found(dir: &std::path::Path, plan: &Value, wrong: &[Change<'_>]) {
    for (place, change) in wrong {
        let told = checked(dir, plan, change);
        let flaws = told["flaws"].to_string();
        assert!(flaws.contains(place), "{place}: {flaws}");
    }
}

#[test]
fn claims_of_race_bound_and_time_that_are_not_so_are_refused() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let plan: Value = serde_json::from_str(&planned(dir.path(), &["--format", "json"])).unwrap();
    let checked = |change: &dyn Fn(&mut Value)| checked(dir.path(), &plan, change);
    let told = checked(&|_| {});
    assert_eq!(told["bound"]["verdict"], json!("shown"), "{told}");
    assert_eq!(told["may_be_lost"], json!(["till"]));
    let told = checked(&|plan| {
        plan["proof"].as_object_mut().unwrap().remove("flow");
    });
    assert_eq!(told["bound"]["verdict"], json!("not shown"));
    assert_eq!(told["holds"], json!(true));
    let wrong: [Change<'_>; 7] = [
        ("proof.gap", &|plan| plan["proof"]["gap"] = json!(1)),
        ("proof.proven", &|plan| {
            plan["proof"]["proven"] = json!(false);
        }),
        ("minutes_before", &|plan| {
            plan["targets"][0]["minutes_before"] = json!(101);
        }),
        ("race.may_be_lost", &|plan| {
            plan["race"]["may_be_lost"] = json!([]);
        }),
        ("race.in_force_minutes[1]", &|plan| {
            plan["race"]["in_force_minutes"][1] = json!(9);
        }),
        ("race.loss", &|plan| plan["race"]["loss"] = json!(0)),
        ("steps", &|plan| {
            plan["steps"].as_array_mut().unwrap().swap(0, 1);
        }),
    ];
    found(dir.path(), &plan, &wrong);
}

#[test]
fn claims_of_other_plans_that_are_not_so_are_refused() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let more = ["--suspected", "v=0.5", "--format", "json"];
    let plan: Value = serde_json::from_str(&planned(dir.path(), &more)).unwrap();
    assert_eq!(checked(dir.path(), &plan, &|_| {})["flaws"], json!([]));
    let wrong: [Change<'_>; 14] = [
        ("alternatives[0].price", &|plan| {
            plan["alternatives"][0]["price"] = json!(-5);
        }),
        ("alternatives[2].admissible", &|plan| {
            let was = plan["alternatives"][2]["admissible"].as_bool().unwrap();
            plan["alternatives"][2]["admissible"] = json!(!was);
        }),
        (
            "alternatives[3].steps: the estate has no step `nope/1`",
            &|plan| {
                plan["alternatives"][3]["steps"] = json!(["nope/1"]);
            },
        ),
        ("alternatives[1].kind", &|plan| {
            plan["alternatives"][1]["kind"] = json!("pray");
        }),
        ("outlook.choices[0]: `dc` can still be reached", &|plan| {
            plan["outlook"]["choices"][0]["steps"] = json!(["isolate/db", "isolate/till"]);
        }),
        ("outlook.choices[0].price", &|plan| {
            plan["outlook"]["choices"][0]["price"] = json!(0);
        }),
        ("outlook.choices[0].may_be_lost", &|plan| {
            plan["outlook"]["choices"][0]["may_be_lost"] = json!(0);
        }),
        ("outlook.holds[1].price", &|plan| {
            plan["outlook"]["holds"][1]["price"] = json!(1);
        }),
        ("outlook.frontier[0].price", &|plan| {
            plan["outlook"]["frontier"][0]["price"] = json!(1);
        }),
        ("outlook.frontier[1]: ", &|plan| {
            plan["outlook"]["frontier"][1]["steps"] = json!([]);
            plan["outlook"]["frontier"][1]["accepted"] = json!([]);
        }),
        ("outlook.robust.suspected[0].confidence", &|plan| {
            plan["outlook"]["robust"]["suspected"][0]["confidence"] = json!(2);
        }),
        ("outlook.robust.suspected[0].id", &|plan| {
            plan["outlook"]["robust"]["suspected"][0]["id"] = json!("nobody");
        }),
        ("outlook.robust.price", &|plan| {
            plan["outlook"]["robust"]["price"] = json!(0);
        }),
        ("outlook.robust.lower_bound", &|plan| {
            plan["outlook"]["robust"]["lower_bound"] = json!(1_000_000);
        }),
    ];
    found(dir.path(), &plan, &wrong);
}
