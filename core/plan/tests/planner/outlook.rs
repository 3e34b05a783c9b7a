//! What else is known of a question, against every subset of the steps.

use std::{cell::Cell, collections::BTreeSet};

use cordon_model::{
    Confidence, Estate, Foothold, Hours, Jewel, Money, NodeIx, ServiceIx, StepIx, StepKind,
};
use cordon_plan::{
    Accepting, Beside, Choice, Effort, InAdvance, Merit, Outcome, Outlook, Question, Reason,
    answer, outlook, price,
};

use crate::plain::{
    Best, Number, Plain, Wanted,
    estates::{Case, Dice, case},
    money,
};
use crate::sketch::question_of;

/// Random estates tried; `CORDON_PLAN_ESTATES` sets another number.
fn estates() -> u64 {
    let set = std::env::var("CORDON_PLAN_ESTATES").ok();
    set.map_or(300, |set| set.parse().unwrap())
}

pub(crate) struct Asked {
    pub(crate) case: Case,
    pub(crate) estate: Estate,
    pub(crate) beside: Beside,
    pub(crate) has_plan: bool,
}

/// Every case with what is known of it.
pub(crate) fn each(check: impl Fn(u64, &Asked, &Outlook, &mut Plain<'_>)) {
    for seed in 0..estates() {
        let mut case = case(seed, if seed.is_multiple_of(10) { 11 } else { 8 });
        if !seed.is_multiple_of(3) {
            more_jewels(seed, &mut case);
        }
        let estate = case.estate();
        let beside = beside(seed, &estate);
        let question = question(&case, &estate);
        let answer = answer(&question);
        let seen = outlook(&question, &answer, &beside);
        assert_eq!(seen, outlook(&question, &answer, &beside), "seed {seed}");
        let mut plain = Plain::new(&estate, &case.held, &case.hold);
        let has_plan = matches!(answer.outcome, Outcome::Plan(_));
        let asked = Asked {
            estate: estate.clone(),
            case,
            beside,
            has_plan,
        };
        check(seed, &asked, &seen, &mut plain);
    }
}

/// With few jewels there is little to weigh.
fn more_jewels(seed: u64, case: &mut Case) {
    let mut dice = Dice::new(seed ^ 0x7e);
    for node in &mut case.parts.nodes {
        if dice.one_in(2) {
            let loss = Money::parse(dice.of(&["1", "7.5", "30", "400"])).unwrap();
            node.jewel = Some(Jewel { loss, why: None });
        }
    }
}

fn question<'e>(case: &Case, estate: &'e Estate) -> Question<'e> {
    Question {
        effort: Effort(Effort::DEFAULT.0 * 5),
        ..question_of(case, estate)
    }
}

/// Up to three suspects, and half of the kinds approved.
fn beside(seed: u64, estate: &Estate) -> Beside {
    let mut dice = Dice::new(seed ^ 0xb3);
    let nodes = estate.nodes().len();
    let suspect = |dice: &mut Dice| {
        let node = NodeIx(u32::try_from(dice.below(nodes)).unwrap());
        let confidence = dice.of(&["0.3", "0.5", "0.75"]).parse().unwrap();
        Foothold::said(node, Confidence::new(confidence).unwrap())
    };
    let kinds = ["disable-account", "x"].map(StepKind::new);
    Beside {
        suspected: (0..dice.below(4)).map(|_| suspect(&mut dice)).collect(),
        approved: dice.one_in(2).then(|| kinds.to_vec()),
    }
}

fn ids(estate: &Estate, steps: &[StepIx]) -> Vec<String> {
    let ids = steps.iter().map(|&step| estate.step(step).id.to_string());
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids
}

#[test]
fn the_plan_for_each_hold_is_the_best_for_it() {
    each(|seed, asked, seen, plain| {
        assert!(
            seen.holds.is_sorted_by(|a, b| a.hold < b.hold),
            "seed {seed}"
        );
        assert!(seen.holds.iter().any(|at| at.hold == asked.case.hold));
        for at in &seen.holds {
            let mut plain = plain.held_for(&at.hold);
            let wanted = plain.wanted();
            let best = plain.best(&wanted);
            let found = at.plan.as_ref().map(|plan| {
                assert!(plan.proven, "seed {seed}");
                let ids = ids(&asked.estate, &plan.steps);
                (money(&plan.price), ids.len(), ids)
            });
            assert_eq!(found, best, "seed {seed}, {}", at.hold);
        }
    });
}

#[test]
fn a_plan_is_changed_for_the_next_when_that_has_become_better_and_not_before() {
    let minute = Hours::parse("1m").unwrap();
    each(|seed, asked, seen, _| {
        for (one, next) in seen.holds.iter().zip(seen.holds.iter().skip(1)) {
            let (Some(now), Some(then)) = (&one.plan, &next.plan) else {
                assert_eq!(one.change_after, None, "seed {seed}");
                continue;
            };
            let price = |steps: &[StepIx], at: &Hours| price(&asked.estate, steps, at).total;
            let same = ids(&asked.estate, &now.steps) == ids(&asked.estate, &then.steps);
            let Some(change) = &one.change_after else {
                let fine = same || price(&now.steps, &next.hold) < price(&then.steps, &next.hold);
                assert!(fine, "seed {seed}");
                continue;
            };
            assert!(!same && *change <= next.hold, "seed {seed}: {change}");
            if now.stands_until.as_ref() == Some(change) {
                continue;
            }
            assert!(*change > one.hold, "seed {seed}");
            assert!(
                price(&now.steps, change) >= price(&then.steps, change),
                "seed {seed}"
            );
            let before = Hours::from_exact(change.exact() - minute.exact()).max(one.hold.clone());
            let cheaper = price(&now.steps, &before) < price(&then.steps, &before);
            assert!(cheaper || before == one.hold, "seed {seed}");
        }
    });
}

#[test]
fn the_break_even_is_the_first_minute_that_costs_more_than_is_kept() {
    let mut broke = 0;
    for seed in 0..estates() {
        let case = case(seed, 8);
        let estate = case.estate();
        let question = question(&case, &estate);
        let answer = answer(&question);
        let Outcome::Plan(plan) = &answer.outcome else {
            continue;
        };
        let seen = outlook(&question, &answer, &Beside::default());
        let cut_off = plan.draft().targets.iter();
        let cut_off = cut_off.filter(|t| t.status == cordon_plan::TargetStatus::CutOff);
        let kept: Money = cut_off.map(|t| &t.loss).sum();
        let cost = |at: &Hours| price(&estate, &plan.draft().steps, at).total;
        match seen.break_even {
            None => assert!(cost(&Hours::from_units(1 << 20)) <= kept, "seed {seed}"),
            Some(at) => {
                broke += 1;
                assert!(cost(&at) > kept, "seed {seed}");
                let before = at.exact() - Hours::parse("1m").unwrap().exact();
                let before = Hours::from_exact(before);
                assert!(at.is_zero() || cost(&before) <= kept, "seed {seed}");
            }
        }
    }
    assert!(broke > estates() / 20, "{broke} plans break even");
}

/// What a set of steps has of what a choice is best at.
fn measure(merit: Merit, plain: &mut Plain<'_>, set: u64, plan: u64) -> (usize, Number) {
    let none = Number::from(0);
    match merit {
        Merit::Cheapest | Merit::ApprovedInAdvance => (0, none),
        Merit::Fastest => unreachable!("it depends on the order of steps"),
        Merit::FewestShared => ((set & plan).count_ones() as usize, none),
        Merit::FewestLifelineHours => (0, plain.fall(set).lifeline),
        Merit::FewestIrreversible => (plain.steps_of(set).filter(|s| s.irreversible).count(), none),
    }
}

fn best_at(
    (merit, plan): (Merit, u64),
    plain: &mut Plain<'_>,
    wanted: &Wanted,
    approved: &[StepKind],
) -> Option<Best> {
    let mut best: Option<((usize, Number), Best)> = None;
    for set in plain.sets() {
        let allowed = merit != Merit::ApprovedInAdvance
            || plain
                .steps_of(set)
                .all(|s| !s.irreversible && approved.contains(&s.kind));
        if allowed && plain.does(set, wanted) {
            let this = (measure(merit, plain, set, plan), plain.sized(set));
            if best.as_ref().is_none_or(|best| this < *best) {
                best = Some(this);
            }
        }
    }
    best.map(|(_, best)| best)
}

/// Nothing that is approved in advance meets what the reasons are about, and something meets all of that but one jewel.
fn irreducible(
    seed: u64,
    plain: &mut Plain<'_>,
    (wanted, approved): (&Wanted, &[StepKind]),
    reasons: &[Reason],
) {
    assert_ne!(reasons, [], "seed {seed}");
    let mut possible = |without: Option<NodeIx>| {
        let targets = reasons.iter().map(|reason| reason.target);
        let wanted = Wanted {
            jewels: targets.filter(|node| Some(*node) != without).collect(),
            ..wanted.clone()
        };
        best_at((Merit::ApprovedInAdvance, 0), plain, &wanted, approved).is_some()
    };
    assert!(!possible(None), "seed {seed}");
    for reason in reasons {
        assert!(possible(Some(reason.target)), "seed {seed}");
    }
}

#[test]
fn each_choice_is_best_at_what_it_is_said_to_be_and_no_two_are_the_same() {
    each(|seed, asked, seen, plain| {
        if !asked.has_plan {
            assert_eq!(seen.choices, [], "seed {seed}");
            return;
        }
        let sets: BTreeSet<_> = seen
            .choices
            .iter()
            .map(|c| ids(&asked.estate, &c.steps))
            .collect();
        assert_eq!(sets.len(), seen.choices.len(), "seed {seed}");
        let approved = asked.beside.approved.clone();
        let cheapest = |c: &&Choice| c.best_at.contains(&Merit::Cheapest);
        let cheapest = seen.choices.iter().find(cheapest).unwrap();
        let plan = cheapest.steps.iter().fold(0, |set, step| set | 1 << step.0);
        for merit in [
            Merit::Cheapest,
            Merit::FewestLifelineHours,
            Merit::FewestIrreversible,
            Merit::FewestShared,
            Merit::ApprovedInAdvance,
        ] {
            let mut wanted = plain.wanted();
            if merit == Merit::ApprovedInAdvance {
                let services = 0..u32::try_from(asked.estate.services().len()).unwrap();
                wanted.protected = services.map(ServiceIx).collect();
            }
            let best = match (merit, &approved) {
                (Merit::ApprovedInAdvance, None) => None,
                (_, approved) => best_at(
                    (merit, plan),
                    plain,
                    &wanted,
                    approved.as_deref().unwrap_or_default(),
                ),
            };
            let of_merit = |c: &&Choice| c.best_at.contains(&merit);
            let found = seen.choices.iter().find(of_merit).map(|choice| {
                assert!(!choice.unproven.contains(&merit), "seed {seed}: {merit:?}");
                let ids = ids(&asked.estate, &choice.steps);
                (money(&choice.price.total), ids.len(), ids)
            });
            if merit == Merit::ApprovedInAdvance {
                let expect = approved.as_ref().map(|_| best.is_some());
                let known = match &seen.in_advance {
                    InAdvance::NotAsked => None,
                    InAdvance::Possible => Some(true),
                    InAdvance::Impossible(reasons) => {
                        let approved = approved.as_deref().unwrap();
                        irreducible(seed, plain, (&wanted, approved), reasons);
                        Some(false)
                    }
                    InAdvance::NotFound => panic!("seed {seed}"),
                };
                assert_eq!(known, expect, "seed {seed}");
            }
            // A plan is no other than itself.
            let best = best.filter(|best| {
                merit != Merit::FewestShared || *best.2 != ids(&asked.estate, &cheapest.steps)
            });
            assert_eq!(found, best, "seed {seed}: {merit:?}");
        }
    });
}

/// The corners of the lower hull of all that can be had: loss accepted and price.
fn hull(plain: &mut Plain<'_>, estate: &Estate) -> Vec<(Number, Number)> {
    let all = plain.wanted();
    let loss = |node: &NodeIx| money(&estate.node(*node).jewel.as_ref().unwrap().loss);
    let zero = Number::from(0);
    let must = all.jewels.iter().copied().filter(|node| loss(node) == zero);
    let must = Wanted {
        jewels: must.collect(),
        ..all.clone()
    };
    let sets: Vec<u64> = plain.sets().filter(|&set| plain.does(set, &must)).collect();
    let mut points: Vec<(Number, Number)> = sets
        .into_iter()
        .map(|set| {
            let reached = plain.reached(set);
            let lost = all.jewels.intersection(&reached);
            (lost.map(loss).sum(), plain.price(set))
        })
        .collect();
    points.sort();
    let mut hull: Vec<(Number, Number)> = Vec::new();
    for point in points {
        if hull.last().is_some_and(|last| point.1 >= last.1) {
            continue;
        }
        while let [.., a, b] = hull.as_slice() {
            // The middle one is no corner if it is on or above the line of its neighbours.
            let over = (b.1 - a.1) * (point.0 - a.0) >= (point.1 - a.1) * (b.0 - a.0);
            if !over {
                break;
            }
            hull.pop();
        }
        hull.push(point);
    }
    hull
}

#[test]
fn the_frontier_has_every_corner_and_nothing_beats_it() {
    let several = Cell::new(0);
    each(|seed, asked, seen, plain| {
        let jewels = plain.wanted().jewels;
        let loss = |n: &NodeIx| money(&asked.estate.node(*n).jewel.as_ref().unwrap().loss);
        if jewels.iter().all(|node| loss(node) == Number::from(0)) {
            assert_eq!(seen.frontier, [], "seed {seed}");
            return;
        }
        let point = |p: &Accepting| (money(&p.loss), money(&p.price));
        let found: Vec<_> = seen.frontier.iter().map(point).collect();
        let hull = hull(plain, &asked.estate);
        for corner in &hull {
            assert!(found.contains(corner), "seed {seed}: {found:?} of {hull:?}");
        }
        // What lies on a line between two corners may be there as well.
        assert!(
            found.is_sorted_by(|a, b| a.0 < b.0 && a.1 > b.1),
            "seed {seed}"
        );
        for shown in &seen.frontier {
            let lost: Number = shown.jewels.iter().map(loss).sum();
            assert_eq!(lost, money(&shown.loss), "seed {seed}");
        }
        several.set(several.get() + u64::from(hull.len() > 2));
    });
    assert!(
        several.get() > estates() / 40,
        "{} frontiers",
        several.get()
    );
}
