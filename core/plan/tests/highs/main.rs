//! The planner against `HiGHS`, a solver that shares nothing with it, on estates that are too large to try
//! every set of steps of.
//!
//! Needs Python with the package `highspy`. Without it the test says `SKIPPED` and passes, unless
//! `CORDON_HIGHS` is set.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on fails there; whether the solver must be there is set from outside"
)]

#[path = "../planner/plain"]
mod plain {
    pub(crate) mod estates;
    pub(crate) mod retailer;
}

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use cordon_model::{Estate, Need, Step, StepIx};
use cordon_plan::{Effort, Outcome, Question, answer, inadmissible, price};
use plain::{
    estates::{Case, case},
    retailer::{Size, retailer},
};
use serde_json::{Value, json};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/highs/oracle.py");

fn is_there() -> bool {
    let asked = Command::new("python3")
        .args(["-c", "import highspy"])
        .output();
    let there = asked.is_ok_and(|out| out.status.success());
    assert!(
        there || std::env::var_os("CORDON_HIGHS").is_none(),
        "CORDON_HIGHS is set, and python3 has no package highspy"
    );
    there
}

fn need(need: &Need) -> Value {
    let gate = |trips: usize, of: &[Need]| {
        let of: Vec<Value> = of.iter().map(self::need).collect();
        json!({"trips": trips, "of": of})
    };
    match need {
        Need::Node(node) => json!({"node": node.0}),
        Need::Service(service) => json!({"service": service.0}),
        Need::All(of) => gate(1, of),
        Need::Any(of) => gate(of.len(), of),
        Need::AtLeast { k, of } => gate(of.len() + 1 - k, of),
    }
}

fn program(case: &Case, estate: &Estate) -> Value {
    let steps = |of: &dyn Fn(&Step) -> bool| -> Vec<usize> {
        let all = estate.steps().iter().enumerate();
        all.filter(|(_, step)| of(step)).map(|(n, _)| n).collect()
    };
    let edges = estate.edges();
    let services: Vec<Value> = estate
        .services()
        .iter()
        .map(|s| {
            json!({
                "needs": need(&s.needs), "rate": s.loss_per_hour.exact().to_string(),
                "cover": s.cover.exact().to_string(), "ramp": s.ramp.exact().to_string(),
                "protected": s.protected,
            })
        })
        .collect();
    let jewels = estate.jewels().map(|(node, _)| node);
    let jewels: Vec<u32> = jewels
        .filter(|n| !case.held.contains(n))
        .map(|n| n.0)
        .collect();
    json!({
        "nodes": estate.nodes().len(),
        "edges": edges.iter().map(|e| (e.from.0, e.to.0)).collect::<Vec<_>>(),
        "edge_steps": edges.iter().map(|edge| {
            steps(&|step: &Step| step.removes_edges.iter().any(|p| p.matches(edge)))
        }).collect::<Vec<_>>(),
        "node_steps": estate.node_indices().map(|node| {
            steps(&|step: &Step| step.removes_nodes.contains(&node))
        }).collect::<Vec<_>>(),
        "costs": estate.steps().iter().map(|s| s.cost.exact().to_string()).collect::<Vec<_>>(),
        "takes_down": estate.steps().iter().map(|s| {
            s.takes_down.iter().map(|n| n.0).collect::<Vec<_>>()
        }).collect::<Vec<_>>(),
        "held": case.held.iter().map(|n| n.0).collect::<Vec<_>>(),
        "jewels": jewels,
        "services": services,
        "bottom_up": estate.services_bottom_up().iter().map(|s| s.0).collect::<Vec<_>>(),
        "hold": case.hold.exact().to_string(),
    })
}

fn highs(program: &Value) -> Option<Vec<StepIx>> {
    let mut child = Command::new("python3")
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(program.to_string().as_bytes()).unwrap();
    drop(input);
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    let steps: Option<Vec<u32>> = serde_json::from_slice(&out.stdout).unwrap();
    steps.map(|steps| steps.into_iter().map(StepIx).collect())
}

fn prices_are_equal(case: &Case, name: &str) {
    let estate = case.estate();
    let question = Question {
        estate: &estate,
        footholds: case.footholds(),
        outside_estate: Vec::new(),
        hold: case.hold.clone(),
        effort: Effort::DEFAULT,
    };
    let theirs = highs(&program(case, &estate)).map(|steps| {
        assert_eq!(inadmissible(&question, &steps), [], "{name}");
        price(&estate, &steps, &case.hold).total
    });
    match answer(&question).outcome {
        Outcome::Plan(plan) => {
            let draft = plan.draft();
            assert!(draft.proof.proven, "{name}: {}", draft.proof.certificate);
            assert_eq!(Some(&draft.price.total), theirs.as_ref(), "{name}");
            let shown = draft.proof.flow.as_ref().map(|flow| &flow.bound);
            assert!(
                shown.is_none_or(|shown| *shown <= draft.price.total),
                "{name}"
            );
        }
        Outcome::Infeasible(_) => assert_eq!(theirs, None, "{name}"),
    }
}

#[test]
fn another_solver_finds_the_same_prices() {
    if !is_there() {
        println!("SKIPPED: python3 has no package highspy");
        return;
    }
    for seed in 0..20 {
        let case = case(seed, 16);
        let costs = case.parts.steps.iter().map(|step| &step.cost);
        // Floating point cannot tell such costs apart.
        if costs.max().is_none_or(|dear| dear.to_f64() < 1e6) {
            prices_are_equal(&case, &format!("small {seed}"));
        }
    }
    let costs: &[&str] = &["20", "50", "100", "250", "1000"];
    // HiGHS takes a minute and a half for the larger ones.
    let (many, sizes) = if std::env::var_os("CORDON_HIGHS").is_some() {
        (12, 3)
    } else {
        (3, 1)
    };
    for seed in 0..many {
        let large = seed % sizes;
        let size = Size {
            users: 60 + 300 * large,
            hosts: 50 + 250 * large,
            extra_edges: 200 + 1_500 * large,
            shared: 20 + 30 * large,
            services: 10 + 8 * large,
            jewels: 4 + 2 * large,
            footholds: 3,
            costs,
        };
        let case = retailer(u64::try_from(seed).unwrap(), &size);
        prices_are_equal(&case, &format!("retailer {seed}"));
    }
}
