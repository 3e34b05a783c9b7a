//! The way back: what is undone when, and what it may never open.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Estate, NodeIx, StepIx};
use cordon_plan::{
    Outcome, Question, Restoration, Stage, Why, answer, inadmissible, price, restoration,
};
use cordon_reach::{Removal, reach};

use crate::{
    plain::estates::{Case, case},
    sketch::{Sketch, question},
};

fn plan(question: &Question<'_>) -> Option<Vec<StepIx>> {
    match answer(question).outcome {
        Outcome::Plan(plan) => Some(plan.draft().steps.clone()),
        Outcome::Infeasible(_) => None,
    }
}

fn id(estate: &Estate, step: StepIx) -> &str {
    estate.step(step).id.as_str()
}

/// The stages in words: what is cleared, what is undone with what it returns, what stays and why.
fn words(estate: &Estate, stage: &Stage) -> String {
    let node = |node: &NodeIx| estate.node(*node).id.to_string();
    let nodes = |nodes: &[NodeIx]| nodes.iter().map(node).collect::<Vec<_>>();
    let undo = stage.undo.iter();
    let undo = undo.map(|u| format!(" -{} {}", id(estate, u.step), u.returns));
    let stays = stage.stays.iter().map(|stay| {
        let why = match &stay.why {
            Why::OnlyForward => "forward".to_owned(),
            Why::OpensJewel(path) | Why::LetsBackIn(path) => nodes(path).join(">"),
        };
        format!(" +{} {why}", id(estate, stay.step))
    });
    let cleared = nodes(&stage.cleared).join(",");
    format!(
        "{cleared}:{}{}",
        undo.collect::<String>(),
        stays.collect::<String>()
    )
}

fn check(sketch: &Sketch, held: &str, cleared: &str, expect: &[&str]) -> Restoration {
    let estate = sketch.estate();
    let question = question(&estate, held, "10h");
    let steps: Vec<StepIx> = estate.step_indices().collect();
    let cleared: Vec<NodeIx> = cleared
        .split_whitespace()
        .map(|id| estate.node_by_id(id).unwrap())
        .collect();
    let back = restoration(&question, &steps, &cleared).unwrap();
    let told: Vec<String> = back
        .stages
        .iter()
        .map(|stage| words(&estate, stage))
        .collect();
    assert_eq!(told, expect);
    back
}

#[test]
fn what_returns_most_trade_for_the_work_comes_first_and_what_still_cuts_stays() {
    let sketch = Sketch::nodes("u v a b vault=1 x y")
        .edges("u>a a>vault v>b b>vault")
        .step("cut/a 1 a>vault !x")
        .step("cut/b 1 b>vault !y")
        .step("idle/1 1 x>y")
        .service("shop 5 0h 0h x")
        .service("depot 7 0h 0h y");
    check(
        &sketch,
        "u v",
        "",
        &[
            ": -idle/1 0 +cut/a u>a>vault +cut/b v>b>vault",
            "v: -cut/b 70",
            "u: -cut/a 50",
        ],
    );
    check(
        &sketch,
        "u v",
        "u",
        &["u: -cut/a 50 -idle/1 0 +cut/b v>b>vault", "v: -cut/b 70"],
    );
}

#[test]
fn a_service_that_two_steps_keep_down_is_worth_undoing_both() {
    // The shop needs x and y: alone neither undo returns anything, together they return more than the depot.
    let sketch = || {
        Sketch::nodes("u a vault=1 x y z")
            .edges("u>a a>vault")
            .step("c/x 1 a>vault !x")
            .step("b/y 1 a>vault !y")
            .step("a/z 1 a>vault !z")
            .service("shop 9 0h 0h x y")
            .service("depot 4 0h 0h z")
    };
    let expect = ["u: -b/y 0 -c/x 90 -a/z 40"];
    check(&sketch().for_money(), "u", "u", &expect);
    // Where people depend on both, an hour of the depot comes back for half of the work.
    check(&sketch(), "u", "u", &["u: -a/z 40 -b/y 0 -c/x 90"]);
}

#[test]
fn what_is_cleared_is_not_given_back_to_the_intruder() {
    // v holds nothing of worth; undoing the cut between would let u into v again.
    let sketch = Sketch::nodes("u v vault=1")
        .edges("u>v v>vault")
        .step("cut/uv 1 u>v")
        .step("cut/v 1 v>vault");
    let back = check(
        &sketch,
        "u v",
        "v",
        &["v: -cut/v 0 +cut/uv u>v", "u: -cut/uv 0"],
    );
    assert_eq!(back.taken_again, []);
    let sketch = Sketch::nodes("u v w vault=1")
        .edges("u>v w>vault")
        .step("cut/uv 1 u>v")
        .step("cut/w 1 w>vault");
    check(
        &sketch,
        "u v",
        "v",
        &["v: -cut/w 0 +cut/uv u>v", "u: -cut/uv 0"],
    );
}

#[test]
fn what_can_be_taken_again_counts_as_held_until_those_that_lead_to_it_are_cleared_too() {
    let sketch = Sketch::nodes("u v vault=1")
        .edges("u>v v>u v>vault")
        .step("cut/v 1 v>vault");
    let back = check(&sketch, "u v", "v", &[": +cut/v v>vault", "u,v: -cut/v 0"]);
    assert_eq!(back.taken_again.len(), 1);
}

#[test]
fn what_only_goes_forward_stays_to_the_end() {
    let mut case = case(0, 0);
    for seed in 1.. {
        case = crate::plain::estates::case(seed, 8);
        let estate = case.estate();
        let asked = asked(&case, &estate);
        let chosen = plan(&asked).unwrap_or_default();
        if chosen.iter().any(|step| estate.step(*step).irreversible) {
            break;
        }
    }
    let estate = case.estate();
    let asked = asked(&case, &estate);
    let steps = plan(&asked).unwrap();
    let back = restoration(&asked, &steps, &[]).unwrap();
    let forward = steps
        .iter()
        .filter(|step| estate.step(**step).irreversible)
        .count();
    let first = back.stages.first().unwrap().stays.iter();
    let told = first.filter(|stay| stay.why == Why::OnlyForward).count();
    assert!(forward > 0 && told == forward);
    assert_eq!(back.stays.len(), forward);
}

#[test]
fn of_many_footholds_each_stage_tells_only_what_is_new() {
    let names: Vec<String> = (0..60).map(|n| format!("u{n}")).collect();
    let mut sketch = Sketch::nodes(&format!("{} vault=1000", names.join(" ")));
    for name in &names {
        sketch = sketch.edges(&format!("{name}>vault"));
        sketch = sketch.step(&format!("cut/{name} 1 {name}"));
    }
    let estate = sketch.estate();
    let asked = question(&estate, &names.join(" "), "10h");
    let steps = plan(&asked).unwrap();
    let back = restoration(&asked, &steps, &[]).unwrap();
    assert_eq!(back.stages.len(), 61);
    let told = back.stages.iter().map(|stage| stage.stays.len());
    assert_eq!(
        told.sum::<usize>(),
        60,
        "each reason once, at the beginning"
    );
    let undone = back.stages.iter().map(|stage| stage.undo.len());
    assert_eq!(undone.sum::<usize>(), 60);
}

#[test]
fn what_is_no_plan_has_no_way_back() {
    let estate = Sketch::nodes("u vault=1")
        .edges("u>vault")
        .step("cut 1 u>vault")
        .estate();
    assert!(restoration(&question(&estate, "u", "1h"), &[], &[]).is_err());
}

fn asked<'e>(case: &Case, estate: &'e Estate) -> Question<'e> {
    Question {
        estate,
        footholds: case.footholds(),
        outside_estate: Vec::new(),
        hold: case.hold.clone(),
        effort: cordon_plan::Effort::DEFAULT,
    }
}

/// What stays is undone in the stage that is told beside it, or never.
fn ends_are_told(back: &Restoration) {
    for (number, stage) in back.stages.iter().enumerate() {
        for stay in &stage.stays {
            let undone = stay.until.and_then(|until| back.stages.get(until));
            let is_undone = undone.is_some_and(|s| s.undo.iter().any(|u| u.step == stay.step));
            assert_eq!(is_undone, stay.until.is_some_and(|until| until > number));
            assert_ne!(is_undone, back.stays.contains(&stay.step));
        }
    }
}

/// Everything that must hold of the way back from the cheapest plan of a made case, some of whose footholds are cleared.
pub(crate) fn way_back_is_sound(seed: u64, cleared_first: usize) -> bool {
    let case = case(seed, 10);
    let estate = case.estate();
    let asked = asked(&case, &estate);
    let Some(steps) = plan(&asked) else {
        return false;
    };
    let first = case.held.get(..cleared_first.min(case.held.len())).unwrap();
    let back = restoration(&asked, &steps, first).unwrap();
    assert_eq!(
        back,
        restoration(&asked, &steps, first).unwrap(),
        "seed {seed}"
    );
    ends_are_told(&back);
    let mut left = steps.clone();
    let mut cleared: BTreeSet<NodeIx> = BTreeSet::new();
    let mut seen: Vec<(Vec<NodeIx>, Vec<StepIx>)> = Vec::new();
    let mut held = case.held.clone();
    held.sort_unstable();
    held.dedup();
    let mut reasons: BTreeMap<StepIx, Why> = BTreeMap::new();
    for stage in &back.stages {
        cleared.extend(&stage.cleared);
        held.retain(|node| !stage.cleared.contains(node));
        assert_eq!(held.len(), stage.held, "seed {seed}");
        for undo in &stage.undo {
            assert!(!estate.step(undo.step).irreversible, "seed {seed}");
            let before = price(&estate, &left, &asked.hold);
            seen.push((held.clone(), left.clone()));
            left.retain(|step| *step != undo.step);
            let after = price(&estate, &left, &asked.hold);
            let lost = |p: &cordon_plan::Price| p.total.exact() - p.steps.exact();
            assert_eq!(
                undo.returns.exact(),
                &(lost(&before) - lost(&after)),
                "seed {seed}"
            );
        }
        seen.push((held.clone(), left.clone()));
        for stay in &stage.stays {
            let before = reasons.insert(stay.step, stay.why.clone());
            assert!(before.as_ref() != Some(&stay.why), "seed {seed}");
        }
        reasons.retain(|step, _| left.contains(step));
        assert!(
            left.iter().all(|step| reasons.contains_key(step)),
            "seed {seed}"
        );
        stays_for_its_reason((&estate, &held), &reasons, &left, &cleared, seed);
    }
    assert_eq!(back.stays, left, "seed {seed}");
    // Undone from its end: every state is an admissible plan for what is held then, and lets nobody back in.
    for (held, left) in seen.iter().rev() {
        let mut then = asked.clone();
        then.footholds
            .retain(|foothold| held.contains(&foothold.node));
        assert_eq!(inadmissible(&then, left), [], "seed {seed}");
        let reached = reach(&estate, held, &Removal::of(&estate, left));
        let gone = asked
            .footholds
            .iter()
            .map(|f| f.node)
            .filter(|n| !held.contains(n));
        assert!(
            gone.into_iter().all(|node| !reached.contains(node)),
            "seed {seed}"
        );
    }
    assert!(held.is_empty(), "seed {seed}");
    !steps.is_empty()
}

/// What stays has to: without it a jewel is lost or the intruder is back in.
fn stays_for_its_reason(
    (estate, held): (&Estate, &[NodeIx]),
    reasons: &BTreeMap<StepIx, Why>,
    left: &[StepIx],
    cleared: &BTreeSet<NodeIx>,
    seed: u64,
) {
    for (stays, why) in reasons {
        let path = match why {
            Why::OnlyForward => {
                assert!(estate.step(*stays).irreversible, "seed {seed}");
                continue;
            }
            Why::OpensJewel(path) | Why::LetsBackIn(path) => path,
        };
        let mut without = left.to_vec();
        without.retain(|step| step != stays);
        let then = reach(estate, held, &Removal::of(estate, &without));
        let end = path.last().unwrap();
        assert!(
            then.contains(*end) && held.contains(&path[0]),
            "seed {seed}"
        );
        let matters = estate.node(*end).jewel.is_some() || cleared.contains(end);
        assert!(matters && !held.contains(end), "seed {seed}");
    }
}
