//! What must hold of every estate, whatever its plan is.

use std::thread;

use cordon_model::{Hours, NodeIx, Step, StepIx};
use cordon_plan::{Beside, Outcome, answer, inadmissible, outlook, price, restoration};
use proptest::prelude::*;

use crate::{
    plain::{
        self,
        estates::{Case, case},
        money,
    },
    restore::way_back_is_sound,
    sketch::question_of,
};

fn best_price(case: &Case) -> Option<plain::Number> {
    let estate = case.estate();
    match answer(&question_of(case, &estate)).outcome {
        Outcome::Plan(plan) => Some(money(&plan.draft().price.total)),
        Outcome::Infeasible(_) => None,
    }
}

/// The same case without all steps of a kind; none if there is no such step.
fn without_kind(case: &Case, kind: &str) -> Option<Case> {
    let mut fewer = case.clone();
    fewer
        .parts
        .steps
        .retain(|step: &Step| step.kind.as_str() != kind);
    (fewer.parts.steps.len() < case.parts.steps.len()).then_some(fewer)
}

/// Estates tried for each law; `CORDON_PLAN_ESTATES` sets another number.
fn cases() -> u32 {
    let set = std::env::var("CORDON_PLAN_ESTATES").ok();
    set.map_or(150, |set| set.parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn a_further_kind_of_step_never_makes_the_best_plan_dearer(seed: u64, kind in 0..4_usize) {
        let more = case(seed, 12);
        let kind = ["disable-account", "revoke-sessions", "block-vpn", "x"][kind];
        if let Some(fewer) = without_kind(&more, kind)
            && let Some(without) = best_price(&fewer)
        {
            let with = best_price(&more);
            prop_assert!(with.is_some_and(|with| with <= without), "{with:?} against {without}");
        }
    }

    #[test]
    fn one_foothold_less_never_makes_the_best_plan_dearer(seed: u64, which in 0..3_usize) {
        let more = case(seed, 12);
        let mut fewer = more.clone();
        let free = fewer.held.remove(which % more.held.len());
        fewer.held.retain(|node| *node != free);
        let is_jewel = |node: &NodeIx| more.parts.nodes[node.index()].jewel.is_some();
        if !is_jewel(&free) && let Some(with) = best_price(&more) {
            let without = best_price(&fewer);
            prop_assert!(without.is_some_and(|without| without <= with), "{without:?} against {with}");
        }
    }

    #[test]
    fn a_longer_hold_never_makes_the_same_steps_cheaper(seed: u64, set: u16, minutes in (0..20_000_i64, 0..20_000_i64)) {
        let case = case(seed, 12);
        let estate = case.estate();
        let chosen = estate.step_indices().filter(|step| set >> step.0 & 1 == 1);
        let chosen: Vec<StepIx> = chosen.collect();
        let hours = |minutes: i64| Hours::parse(&format!("{minutes}m")).unwrap();
        let (short, long) = (minutes.0.min(minutes.1), minutes.0.max(minutes.1));
        let at = |minutes| price(&estate, &chosen, &hours(minutes));
        let (short, long) = (at(short), at(long));
        prop_assert!(short.total <= long.total && short.lifeline <= long.lifeline);
    }

    #[test]
    fn undoing_the_way_back_from_its_end_gives_vetted_plans_only(seed: u64, cleared in 0..3_usize) {
        way_back_is_sound(seed, cleared);
    }
}

/// Everything that a person is told, as text.
fn all_told(case: &Case) -> String {
    let estate = case.estate();
    let question = question_of(case, &estate);
    let answer = answer(&question);
    let beside = Beside {
        suspected: case.footholds().into_iter().take(2).collect(),
        approved: None,
    };
    let outlook = outlook(&question, &answer, &beside);
    let back = match &answer.outcome {
        Outcome::Plan(plan) => {
            let steps = &plan.draft().steps;
            assert_eq!(inadmissible(&question, steps), []);
            restoration(&question, steps, &[]).ok()
        }
        Outcome::Infeasible(_) => None,
    };
    format!("{answer:?}\n{outlook:?}\n{back:?}")
}

#[test]
fn the_same_question_has_the_same_answer_to_the_byte_on_one_thread_or_many() {
    let cases: Vec<Case> = (0..24).map(|seed| case(seed, 10)).collect();
    let alone: Vec<String> = cases.iter().map(all_told).collect();
    for threads in [2, 4] {
        thread::scope(|scope| {
            let run = || cases.iter().map(all_told).collect::<Vec<String>>();
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            for thread in running {
                assert!(thread.join().unwrap() == alone, "{threads} threads");
            }
        });
    }
}
