//! Answers that a person can follow, and the checker's refusals.

use std::fmt::Write;

use crate::sketch::{Sketch, question};
use cordon_model::{Estate, Hours, Minutes, Money, NodeIx, StepIx};
use cordon_plan::{
    Answer, Draft, Effort, Outcome, Question, TargetStatus, answer, check, loss_curve, price,
};

/// Two ways to the vault: through the desk, and through the backup server that the tills need.
fn shop() -> Sketch {
    Sketch::nodes("agent desk vault=1000000 backup till-server spare=5 island=7")
        .edges("agent>desk:5 desk>vault:10 agent>backup:1 backup>vault:30 vault>agent:1")
        .service("tills 40000 0h 0h till-server backup")
        .service("stock 100 6h 12h till-server")
        .step("disable-account/agent 50 agent !agent")
        .step("isolate-host/backup 200 backup !backup")
        .step("block-zone/desk 80 desk>vault")
        .step("revoke-sessions/desk 80 desk>vault")
        .step("stop-sync/all 10 agent>backup agent>desk !till-server")
}

fn path(estate: &Estate, path: &[NodeIx]) -> String {
    let ids: Vec<&str> = path
        .iter()
        .map(|&node| estate.node(node).id.as_str())
        .collect();
    ids.join(" -> ")
}

fn steps(estate: &Estate, steps: &[StepIx]) -> String {
    let ids: Vec<&str> = steps
        .iter()
        .map(|&step| estate.step(step).id.as_str())
        .collect();
    ids.join(", ")
}

fn told(question: &Question<'_>) -> String {
    let estate = question.estate;
    let Answer {
        targets,
        alternatives,
        outcome,
        outlook,
    } = answer(question);
    assert_eq!(outlook, None, "nothing else was asked");
    let mut out = String::new();
    for target in &targets {
        let (id, status) = (&estate.node(target.node).id, target.status);
        let minutes = target.minutes_before.as_ref().map(ToString::to_string);
        let (route, minutes) = (
            path(estate, &target.path_before),
            minutes.unwrap_or_default(),
        );
        writeln!(out, "{id}: {status:?} [{route}] {minutes}").unwrap();
    }
    match &outcome {
        Outcome::Plan(plan) => {
            let draft = plan.draft();
            writeln!(out, "plan: {}", steps(estate, &draft.steps)).unwrap();
            let (price, proof) = (&draft.price, &draft.proof);
            let (total, lifeline) = (&price.total, &price.lifeline);
            writeln!(
                out,
                "price {total}, lifeline {lifeline} h, proven {}",
                proof.proven
            )
            .unwrap();
            writeln!(out, "{}", proof.certificate).unwrap();
        }
        Outcome::Infeasible(why) => {
            for reason in &why.reasons {
                let protected: Vec<&str> = reason
                    .protected
                    .iter()
                    .map(cordon_model::ServiceId::as_str)
                    .collect();
                let (route, by) = (path(estate, &reason.path), steps(estate, &reason.steps));
                writeln!(out, "stays: {route}; but for {protected:?} cut by {by}").unwrap();
            }
            for way in &why.relaxations {
                let (kind, id, price) = (way.kind, &way.id, &way.price);
                writeln!(out, "way out: {kind:?} {id} {:?} at {price}", way.also).unwrap();
            }
        }
    }
    for alternative in &alternatives {
        let kind = alternative.kind;
        let Some((chosen, exposure)) = alternative
            .steps
            .as_ref()
            .zip(alternative.exposure.as_ref())
        else {
            writeln!(out, "{kind:?}: none").unwrap();
            continue;
        };
        let (chosen, fits) = (steps(estate, chosen), alternative.admissible);
        writeln!(
            out,
            "{kind:?}: [{chosen}] exposure {exposure}, admissible {fits}"
        )
        .unwrap();
    }
    out
}

#[test]
fn the_cheapest_cut_of_a_shop_is_told_whole() {
    let estate = shop().estate();
    insta::assert_snapshot!(told(&question(&estate, "agent", "24h")));
}

#[test]
fn a_jewel_that_is_held_asks_for_nothing() {
    let estate = shop().estate();
    insta::assert_snapshot!(told(&question(&estate, "vault spare", "24h")));
}

#[test]
fn a_cut_that_only_a_protected_service_forbids_names_it_and_the_ways_out() {
    let estate = Sketch::nodes("a b vault=1000")
        .edges("a>b b>vault")
        .service("tills* 10 0h 0h b")
        .step("isolate-host/b 5 b !b")
        .estate();
    insta::assert_snapshot!(told(&question(&estate, "a", "24h")));
}

#[test]
fn where_no_single_way_out_is_enough_what_must_go_together_is_named() {
    let estate = Sketch::nodes("a vault=1000 safe=500")
        .edges("a>vault a>safe")
        .estate();
    insta::assert_snapshot!(told(&question(&estate, "a", "24h")));
}

#[test]
fn no_more_ways_out_are_named_than_anyone_weighs() {
    let nodes: String = (0..40).fold("a vault=1000".to_owned(), |all, n| format!("{all} n{n}"));
    let edges: String = (1..40).fold("a>n0 n39>vault".to_owned(), |all, n| {
        format!("{all} n{}>n{n}", n - 1)
    });
    let estate = Sketch::nodes(&nodes).edges(&edges).estate();
    let Outcome::Infeasible(why) = answer(&question(&estate, "a", "24h")).outcome else {
        panic!("nothing cuts anything");
    };
    assert_eq!(why.relaxations.len(), 32);
    assert!(
        why.relaxations.iter().all(|way| way.price.is_zero()),
        "the dear ones go"
    );
}

#[test]
fn of_plans_equally_cheap_the_one_of_fewer_steps_and_then_of_the_first_ids_is_taken() {
    let estate = Sketch::nodes("a b c vault=1")
        .edges("a>b a>c b>vault c>vault")
        .step("s2 0 b")
        .step("s1 0 c")
        .step("s9 0 b c")
        .step("s10 0 vault")
        .estate();
    let Outcome::Plan(plan) = answer(&question(&estate, "a", "1h")).outcome else {
        panic!("there is a plan");
    };
    assert_eq!(steps(&estate, &plan.draft().steps), "s10");
}

#[test]
fn nothing_held_or_nothing_precious_needs_no_steps() {
    for (estate, held) in [
        (shop().estate(), ""),
        (Sketch::nodes("a b").edges("a>b").estate(), "a"),
        (Sketch::nodes("a b=1").estate(), "a"),
    ] {
        let Outcome::Plan(plan) = answer(&question(&estate, held, "24h")).outcome else {
            panic!("there is a plan");
        };
        assert!(plan.draft().steps.is_empty());
        assert!(plan.draft().price.total.is_zero());
        assert!(plan.draft().proof.proven);
    }
}

#[test]
fn losses_begin_after_the_cover_and_grow_over_the_ramp() {
    // Rate 100 an hour from hour 6 on, full from hour 18 on.
    let estate = Sketch::nodes("n")
        .service("s 100 6h 12h n")
        .step("x 5 !n")
        .estate();
    for (hold, total, lifeline) in [
        ("0h", "5", "0"),
        ("6h", "5", "0"),
        ("12h", "155", "6"),
        ("18h", "605", "12"),
        ("24h", "1205", "18"),
    ] {
        let price = price(&estate, &[StepIx(0)], &Hours::parse(hold).unwrap());
        assert_eq!(price.total, Money::parse(total).unwrap(), "{hold}");
        assert_eq!(price.lifeline.to_string(), lifeline, "{hold}");
    }
}

#[test]
fn the_loss_curve_has_the_hold_once_and_in_its_place() {
    let estate = Sketch::nodes("n")
        .service("s 1 0h 0h n")
        .step("x 5 !n")
        .estate();
    for (hold, hours) in [
        ("24h", vec!["0", "1", "6", "24", "72", "168"]),
        ("36h", vec!["0", "1", "6", "24", "36", "72", "168"]),
        ("90m", vec!["0", "1", "1.5", "6", "24", "72", "168"]),
        ("9d", vec!["0", "1", "6", "24", "72", "168", "216"]),
    ] {
        let curve = loss_curve(&estate, &[StepIx(0)], &Hours::parse(hold).unwrap());
        let found: Vec<String> = curve.iter().map(|point| point.after.to_string()).collect();
        assert_eq!(found, hours, "{hold}");
        assert!(curve.is_sorted_by(|a, b| a.loss <= b.loss), "{hold}");
    }
}

/// Spoils a good draft and says what the checker makes of it.
fn refused(spoil: impl Fn(&mut Draft)) -> Vec<String> {
    let estate = shop().service("phones* 0 0h 0h agent").estate();
    let question = question(&estate, "agent", "24h");
    let Outcome::Plan(plan) = answer(&question).outcome else {
        panic!("there is a plan");
    };
    let mut draft = plan.draft().clone();
    assert!(check(&question, draft.clone()).is_ok());
    spoil(&mut draft);
    let flaws = check(&question, draft).expect_err("the draft is spoilt");
    flaws.iter().map(ToString::to_string).collect()
}

#[test]
fn a_plan_that_leaves_the_vault_reachable_is_refused() {
    let flaws = refused(|draft| draft.steps.clear());
    assert_eq!(
        flaws[0],
        "`vault` can still be reached: agent -> desk -> vault"
    );
}

#[test]
fn a_plan_that_stops_a_protected_service_is_refused() {
    let flaws = refused(|draft| draft.steps = vec![StepIx(0)]);
    let stops = "protected service `phones` stops after 0 h, within the hold of 24 h";
    assert!(flaws.iter().any(|flaw| flaw == stops), "{flaws:?}");
}

#[test]
fn every_claim_that_is_not_so_is_refused() {
    let check = |spoil: fn(&mut Draft), expect: &str| {
        let flaws = refused(spoil);
        assert!(
            flaws.iter().any(|flaw| flaw.contains(expect)),
            "{expect}: {flaws:?}"
        );
    };
    check(|d| d.steps.push(StepIx(99)), "no step number 99");
    check(|d| d.steps.extend(d.steps.clone()), "chosen more than once");
    check(
        |d| d.price.total = Money::zero(),
        "the price is claimed as 0",
    );
    check(
        |d| d.price.steps = Money::zero(),
        "the steps' cost is claimed as 0",
    );
    check(
        |d| d.price.lifeline = Hours::from_units(999),
        "the lifeline hours",
    );
    check(
        |d| d.price.services[0].loss = Money::from_units(7),
        "service `tills`",
    );
    check(
        |d| d.price.services.truncate(1),
        "the number of services is claimed as 1",
    );
    check(
        |d| d.exposure = Money::zero(),
        "the exposure is claimed as 0",
    );
    check(|d| d.loss_curve.clear(), "the loss curve");
    check(|d| d.targets.truncate(1), "other targets");
    check(
        |d| d.targets[0].loss = Money::zero(),
        "the loss of target `vault`",
    );
    check(
        |d| d.targets[0].status = TargetStatus::NeverReachable,
        "claimed NeverReachable",
    );
    check(
        |d| d.targets[0].path_before.truncate(2),
        "the path to target `vault`",
    );
    check(
        |d| d.proof.lower_bound = Money::zero(),
        "is called proven with a lower bound of 0",
    );
    check(
        |d| d.proof.lower_bound = Money::from_units(1 << 40),
        "lower bound 1099511627776 is above",
    );
}

#[test]
fn the_minutes_of_an_unknown_path_are_unknown() {
    let estate = Sketch::nodes("a b vault=1")
        .edges("a>b:5 b>vault")
        .step("s 1 b")
        .estate();
    let answer = answer(&question(&estate, "a", "1h"));
    assert_eq!(answer.targets[0].minutes_before, None);
    let estate = Sketch::nodes("a b vault=1")
        .edges("a>b:5 b>vault:7")
        .step("s 1 b")
        .estate();
    let answer = cordon_plan::answer(&question(&estate, "a", "1h"));
    assert_eq!(
        answer.targets[0].minutes_before,
        Some(Minutes::parse("12").unwrap())
    );
}

#[test]
fn without_effort_a_plan_is_found_all_the_same() {
    let estate = shop().estate();
    let mut question = question(&estate, "agent", "24h");
    question.effort = Effort(0);
    assert!(matches!(answer(&question).outcome, Outcome::Plan(_)));
}
