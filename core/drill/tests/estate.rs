//! Northgate's estate: it reads without a complaint, the shipped example is current, and the story
//! that it was built to tell comes out of the planner.
#![expect(
    clippy::disallowed_methods,
    reason = "the shipped example and the pages are files"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test whose world cannot be built should stop"
)]

use std::{fs, path::PathBuf, sync::OnceLock};

use cordon_drill::{DEFAULT_SEED, Drill, northgate};
use cordon_estate::{Pages, read};
use cordon_model::{Confidence, Estate, Foothold, Hours, Money, StepIx};
use cordon_plan::{Alternative, AlternativeKind, Answer, Effort, Outcome, Question, answer, price};
use cordon_text::Source;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn drill() -> &'static Drill {
    static DRILL: OnceLock<Drill> = OnceLock::new();
    DRILL.get_or_init(|| northgate(DEFAULT_SEED))
}

fn pages_of(kind: &str) -> Vec<Source> {
    let folder = root().join("content").join(kind);
    let files = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|e| e == "yml"))
        .collect();
    pages.sort();
    let source = |path: &PathBuf| {
        Source::new(
            path.display().to_string(),
            fs::read_to_string(path).unwrap(),
        )
    };
    pages.iter().map(source).collect()
}

fn estate() -> &'static Estate {
    static ESTATE: OnceLock<Estate> = OnceLock::new();
    ESTATE.get_or_init(|| read_estate(&drill().estate))
}

fn read_estate(text: &str) -> Estate {
    let (pages, wrong) = Pages::parse(&pages_of("steps"), &pages_of("reach"));
    assert!(wrong.diagnostics.is_empty(), "{:#?}", wrong.diagnostics);
    let source = Source::new("estate.yaml", text.to_owned());
    let read = read(&[source], &pages).expect("the estate reads");
    assert!(
        read.lints.diagnostics.is_empty(),
        "{:#?}",
        read.lints.diagnostics
    );
    read.estate
}

#[test]
fn the_estate_reads_without_a_complaint() {
    let estate = estate();
    assert!((300..=600).contains(&estate.nodes().len()));
    assert!((80..=230).contains(&estate.steps().len()));
    assert_eq!(estate.currency(), "GBP");
}

#[test]
fn the_shipped_example_is_current() {
    let path = root().join("examples/northgate/estate.yaml");
    let shipped = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        shipped == drill().estate,
        "{} is not what the default seed gives; \
         `cargo run -p xtask -- generate` writes it anew",
        path.display()
    );
}

fn ask(holding: &[&str], hours: i64) -> Answer {
    let estate = estate();
    let foothold = |id: &&str| {
        let node = estate.resolve(id).expect("what is held is in the estate");
        Foothold::said(node, Confidence::CERTAIN)
    };
    let mut footholds: Vec<Foothold> = holding.iter().map(foothold).collect();
    footholds.sort_by_key(|f| f.node);
    answer(&Question {
        estate,
        footholds,
        outside_estate: Vec::new(),
        hold: Hours::from_units(hours),
        effort: Effort::DEFAULT,
    })
}

fn held() -> Vec<&'static str> {
    drill().truth.held.iter().map(|h| h.node.as_str()).collect()
}

fn alternative(answer: &Answer, kind: AlternativeKind) -> &Alternative {
    answer.alternatives.iter().find(|a| a.kind == kind).unwrap()
}

fn stopped(alternative: &Alternative) -> Vec<&'static str> {
    let name = |s: &cordon_model::ServiceIx| estate().service(*s).id.as_str();
    alternative.stops_protected.iter().map(name).collect()
}

fn ids(steps: &[StepIx]) -> Vec<&'static str> {
    let mut ids: Vec<&str> = steps
        .iter()
        .map(|s| estate().step(*s).id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn the_cheapest_cut_is_a_handful_of_steps_that_leaves_trade_alone() {
    let answer = ask(&held(), 24);
    let Outcome::Plan(plan) = &answer.outcome else {
        panic!("{:#?}", answer.outcome)
    };
    let plan = plan.draft();
    assert!(plan.proof.proven);
    let steps = ids(&plan.steps);
    assert!((4..=8).contains(&steps.len()), "{steps:?}");
    for narrow in [
        "block-zone-to-zone/automation-outward",
        "block-zone-to-zone/key-loading-to-switch",
        "isolate-host/jump-partner-1",
        "restrict-resets/privileged",
        "restrict-vault/jobs",
    ] {
        assert!(steps.contains(&narrow), "{steps:?}");
    }
    assert!(!steps.contains(&"isolate-host/jobs-1"));
    assert!(plan.price.total < Money::from_units(20_000));
    assert!(plan.price.lifeline.is_zero());
    let week = plan.loss_curve.last().unwrap();
    assert_eq!(week.after, Hours::from_units(168));
    assert!(week.loss < Money::from_units(600_000));
}

#[test]
fn doing_nothing_loses_every_jewel() {
    let answer = ask(&held(), 24);
    let nothing = alternative(&answer, AlternativeKind::DoNothing);
    assert_eq!(nothing.reachable.len(), estate().jewels().count());
    assert!(nothing.exposure.clone().unwrap() > Money::from_units(300_000_000));
}

#[test]
fn containing_what_is_held_is_cheap_today_and_stops_the_terminals_tomorrow() {
    let short = ask(&held(), 6);
    let contain = alternative(&short, AlternativeKind::ContainHeld);
    assert!(contain.admissible);
    assert!(contain.price.clone().unwrap().total < Money::from_units(5_000));
    let day = ask(&held(), 24);
    let contain = alternative(&day, AlternativeKind::ContainHeld);
    assert!(!contain.admissible);
    assert_eq!(
        stopped(contain),
        ["service:contactless", "service:lifeline-ordering"]
    );
    let cut = alternative(&day, AlternativeKind::CheapestCut);
    assert!(contain.exposure > cut.exposure);
}

#[test]
fn pulling_every_plug_stops_what_must_not_stop_and_costs_a_fortune() {
    let answer = ask(&held(), 24);
    let plugs = alternative(&answer, AlternativeKind::PullEveryPlug);
    assert!(!plugs.admissible);
    assert_eq!(
        stopped(plugs),
        [
            "service:contactless",
            "service:lifeline-ordering",
            "service:funeral-care"
        ]
    );
    assert!(plugs.price.clone().unwrap().total > Money::from_units(10_000_000));
}

#[test]
fn cutting_the_ordering_zone_is_cheap_after_six_hours_and_dear_after_three_days() {
    let estate = estate();
    let zone = estate
        .step_indices()
        .find(|s| estate.step(*s).id.as_str() == "isolate-zone/integration")
        .unwrap();
    let after = |hours| price(estate, &[zone], &Hours::from_units(hours)).total;
    assert!(after(6) < Money::from_units(1_000));
    assert!(after(72) > Money::from_units(3_000_000));
    assert!(after(168) > Money::from_units(15_000_000));
}

#[test]
fn whatever_else_turns_out_to_be_held_there_is_a_plan() {
    let victim = held()[0];
    let scheduler = held()[2];
    for holding in [
        vec![victim],
        vec![victim, scheduler],
        vec![victim, "host:jump-partner-1", scheduler, "host:esx-a03"],
        vec![victim, scheduler, "host:vcenter-1", "host:helpline-vdi-1"],
    ] {
        let answer = ask(&holding, 24);
        let Outcome::Plan(plan) = &answer.outcome else {
            panic!("{holding:?}: {:#?}", answer.outcome)
        };
        assert!(plan.draft().proof.proven, "{holding:?}");
    }
}
