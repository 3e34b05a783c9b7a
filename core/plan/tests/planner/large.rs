//! Estates too large to try every subset of, and shapes that searches stumble over.

use std::fmt::Write;

use crate::plain::retailer::{Size, retailer};
use crate::sketch::{Sketch, question, question_of};
use cordon_model::{
    Edge, EdgeKind, Estate, Likelihood, Money, Need, Node, NodeId, NodeIx, Step, StepId, StepIx,
    StepKind,
};
use cordon_plan::{Draft, Effort, Outcome, Question, answer};

/// The steps of a proven plan, by id, and the branches that the proof took.
fn proven(question: &Question<'_>) -> (Vec<String>, u64) {
    let Outcome::Plan(plan) = answer(question).outcome else {
        panic!("there is a plan");
    };
    let Draft { steps, proof, .. } = plan.draft();
    assert!(proof.proven, "{}", proof.certificate);
    let id = |&step: &StepIx| question.estate.step(step).id.to_string();
    let mut ids: Vec<String> = steps.iter().map(id).collect();
    ids.sort();
    (ids, proof.work)
}

#[test]
fn a_retailer_of_hundreds_of_nodes_is_proven_in_few_branches() {
    let round: &[&str] = &["20", "50", "100", "250", "1000"];
    let same: &[&str] = &["1"];
    let free: &[&str] = &["0", "0", "0", "1"];
    let crooked: &[&str] = &[
        "0.137",
        "12.71",
        "3.333333333333",
        "99.99",
        "1.000001",
        "250.25",
    ];
    for (seed, costs) in (2..).zip([round, same, free, crooked]) {
        let mut case = retailer(
            seed,
            &Size {
                users: 160,
                hosts: 140,
                extra_edges: 600,
                shared: 60,
                services: 25,
                jewels: 8,
                footholds: 3,
                costs,
            },
        );
        // What is held cannot simply be switched off.
        let held = case.held.clone();
        case.parts
            .steps
            .retain(|step| !step.removes_nodes.iter().any(|n| held.contains(n)));
        let estate = case.estate();
        let (steps, work) = proven(&question_of(&case, &estate));
        assert!(!steps.is_empty());
        assert!(work < 200, "seed {seed}: {work} branches");
    }
}

#[test]
fn of_more_equals_than_can_be_listed_the_first_is_found() {
    // Forty ways, each cut by any of three steps of the same cost: 3^40 best plans.
    let mut nodes = "held vault=1".to_owned();
    let mut edges = String::new();
    for way in 10..50 {
        write!(nodes, " a{way} b{way}").unwrap();
        write!(edges, " held>a{way} a{way}>b{way} b{way}>vault").unwrap();
    }
    let mut sketch = Sketch::nodes(&nodes).edges(&edges);
    for way in 10..50 {
        let third = way % 3;
        sketch = sketch
            .step(&format!("{third}x{way} 1 held>a{way}"))
            .step(&format!("{}y{way} 1 a{way}", (third + 1) % 3))
            .step(&format!("{}z{way} 1 b{way}>vault", (third + 2) % 3));
    }
    let estate = sketch.estate();
    let (steps, _) = proven(&question(&estate, "held", "24h"));
    assert_eq!(steps.len(), 40);
    assert!(steps.iter().all(|id| id.starts_with('0')), "{steps:?}");
}

#[test]
fn many_free_steps_are_not_taken_for_nothing() {
    let mut sketch = Sketch::nodes("held a vault=1").edges("held>a a>vault");
    for number in 100..300 {
        sketch = sketch.step(&format!("s{number} 0 a>vault"));
    }
    let estate = sketch.estate();
    let (steps, _) = proven(&question(&estate, "held", "24h"));
    assert_eq!(steps, ["s100"]);
}

#[test]
fn a_minimum_cut_needs_no_branching_to_speak_of() {
    // A grid of 9 by 9 nodes, each of which can be removed; the narrowest place is a side.
    let mut nodes = "held vault=1".to_owned();
    let mut edges = String::new();
    for x in 0..9 {
        write!(edges, " held>n0{x} n8{x}>vault").unwrap();
        for y in 0..9 {
            write!(nodes, " n{x}{y}").unwrap();
            if x < 8 {
                write!(edges, " n{x}{y}>n{}{y} n{}{y}>n{x}{y}", x + 1, x + 1).unwrap();
            }
            if y < 8 {
                write!(edges, " n{x}{y}>n{x}{} n{x}{}>n{x}{y}", y + 1, y + 1).unwrap();
            }
        }
    }
    let mut sketch = Sketch::nodes(&nodes).edges(&edges);
    for x in 0..9 {
        for y in 0..9 {
            let cost = if y == 4 { 2 } else { 1 + usize::from(x == 4) };
            sketch = sketch.step(&format!("s{x}{y} {cost} n{x}{y}"));
        }
    }
    let estate = sketch.estate();
    let (steps, work) = proven(&question(&estate, "held", "24h"));
    assert_eq!(
        steps,
        [
            "s00", "s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08"
        ]
    );
    assert!(work < 40, "{work} branches");
}

/// More ways than places: each way is closed by a step in any place, and two steps in one place stop what is protected. No
/// search that looks at ways and places one by one sees quickly that there are too few places.
fn pigeons(ways: usize, places: usize) -> Sketch {
    let mut nodes = "held vault=1".to_owned();
    let mut edges = String::new();
    for way in 0..ways {
        write!(nodes, " w{way}").unwrap();
        write!(edges, " held>w{way} w{way}>vault").unwrap();
        for place in 0..places {
            write!(nodes, " n{way}-{place}").unwrap();
        }
    }
    let mut sketch = Sketch::nodes(&nodes).edges(&edges);
    for place in 0..places {
        for way in 0..ways {
            sketch = sketch.step(&format!("s{way}-{place} 1 w{way}>vault !n{way}-{place}"));
            for other in 0..way {
                sketch = sketch.either(&format!(
                    "p{way}-{other}-{place}* n{way}-{place} n{other}-{place}"
                ));
            }
        }
    }
    sketch
}

#[test]
fn a_plan_that_is_hard_to_find_is_looked_for_only_so_long_and_that_is_said() {
    let estate = pigeons(9, 8).estate();
    let mut asked = question(&estate, "held", "24h");
    asked.effort = Effort(0);
    let Outcome::Infeasible(why) = answer(&asked).outcome else {
        panic!("there are too few places");
    };
    assert_eq!(why.not_found_in, Some(Effort(0).to_find_one().0));
    assert!(why.reasons.is_empty() && why.relaxations.is_empty());
    // With few enough to look at all of them it is certain.
    let estate = pigeons(4, 3).estate();
    let asked = question(&estate, "held", "24h");
    let Outcome::Infeasible(why) = answer(&asked).outcome else {
        panic!("there are too few places");
    };
    assert!(why.not_found_in.is_none() && !why.reasons.is_empty());
    let estate = pigeons(9, 9).estate();
    let asked = question(&estate, "held", "24h");
    assert!(matches!(answer(&asked).outcome, Outcome::Plan(_)));
}

/// Shops that each hold the jewel's key, and steps that close each: one that takes it down, and one that is dearer by its
/// number. So many of the shops must run.
fn shops(count: u32, running: usize, service: &str) -> Estate {
    let mut parts = Sketch::nodes("vault=1000000000").service(service).parts();
    let shop = |number: u32| NodeIx(number + 1);
    for number in 0..count {
        let id = format!("shop{number}");
        parts.nodes.push(Node {
            id: NodeId::new(id.as_str()),
            jewel: None,
            ..parts.nodes[0].clone()
        });
        parts.edges.push(Edge {
            from: shop(number),
            to: NodeIx(0),
            kind: EdgeKind::new("admin-to"),
            minutes: None,
            likelihood: Likelihood::certain(),
            unknown: None,
        });
        let step = |kind: &str, cost: u32, down: Vec<NodeIx>| Step {
            id: StepId::new(format!("{kind}/{number}")),
            kind: StepKind::new(kind),
            removes_nodes: vec![shop(number)],
            removes_edges: Vec::new(),
            takes_down: down,
            cost: Money::from_units(i64::from(cost)),
            minutes: None,
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        };
        parts.steps.push(step("off", 1, vec![shop(number)]));
        parts.steps.push(step("zone", 2 + number % 7, Vec::new()));
    }
    let of = (0..count).map(|number| Need::Node(shop(number)));
    parts.services[0].needs = Need::AtLeast {
        k: running,
        of: of.collect(),
    };
    Estate::new(parts)
}

#[test]
fn a_group_of_very_many_of_which_some_must_run_is_planned_within_little_work() {
    // Closed by zone, every shop runs. Every other is cheaper off, and those where a zone is dearest are taken down first.
    for (count, running, service) in [
        (1_600, 800, "trade* 0 0h 0h"),
        (1_600, 800, "trade 1000 0h 0h"),
        (1_600, 1_600, "trade 1000 0h 0h"),
        (1_600, 1, "trade 1 0h 0h"),
    ] {
        let estate = shops(count, running, service);
        let held: Vec<String> = (0..count).map(|number| format!("shop{number}")).collect();
        let question = question(&estate, &held.join(" "), "24h");
        let Outcome::Plan(plan) = answer(&question).outcome else {
            panic!("there is a plan");
        };
        let Draft { price, proof, .. } = plan.draft();
        // What a zone costs beside taking the shop down, the dearest first: so many may be off.
        let mut more: Vec<u32> = (0..count).map(|number| 1 + number % 7).collect();
        more.sort_unstable();
        let kept: u32 = more.iter().take(running).sum();
        let stopped = if service.starts_with("trade*") {
            u32::MAX
        } else {
            24 * service.split(' ').nth(1).unwrap().parse::<u32>().unwrap()
        };
        let best = count + kept.min(stopped);
        assert_eq!(price.total, Money::from_units(i64::from(best)), "{running}");
        assert!(proof.proven, "{}", proof.certificate);
        assert!(proof.work < 150, "{} units of work", proof.work);
    }
}
