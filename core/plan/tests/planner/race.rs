//! The race of steps against the intruder, and the order that loses least to it, against every order walked step by step.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use cordon_model::{Estate, Minutes, Money, NodeIx, StepIx};
use cordon_plan::{
    Beside, Choice, Merit, Outcome, Question, answer, inadmissible, outlook, price, race,
};
use cordon_reach::{Removal, reach};

use crate::{
    plain::{Number, estates::Dice, money, number},
    sketch::{Sketch, question},
};

/// Random estates tried; `CORDON_PLAN_ESTATES` sets another number.
fn estates() -> u64 {
    let set = std::env::var("CORDON_PLAN_ESTATES").ok();
    set.map_or(300, |set| set.parse().unwrap())
}

/// Jewels behind a few hops, every edge with a step of its own.
fn made(seed: u64) -> Estate {
    made_of(seed, 8)
}

fn made_of(seed: u64, edges: usize) -> Estate {
    let mut dice = Dice::new(seed);
    let mut sketch = Sketch::nodes("u v w a b c p=5 q=10 r=10 s=70 t=0.5");
    let names = ["u", "v", "w", "a", "b", "c", "p", "q", "r", "s", "t"];
    let (lengths, unknown) = (["1", "5", "20", "60", "0.5"], 3 + dice.below(30));
    let mut steps = BTreeSet::new();
    for _ in 0..edges + dice.below(edges) {
        let from = dice.below(names.len() - 1);
        let to = (from + 1 + dice.below(names.len() - 1 - from)).max(3);
        let ends = format!("{}>{}", names[from], names[to]);
        let minutes = if dice.one_in(unknown) {
            String::new()
        } else {
            format!(":{}", dice.of(&lengths))
        };
        sketch = sketch.edges(&format!("{ends}{minutes}"));
        steps.insert(ends);
    }
    for ends in steps {
        let kind = dice.of(&["disable", "block", "revoke", "x"]);
        let cost = dice.of(&["1", "2", "3"]);
        sketch = sketch.step(&format!("{kind}/{ends} {cost} {ends}"));
        if !dice.one_in(unknown) {
            sketch = sketch.takes(dice.of(&["1", "5", "10", "30"]));
        }
    }
    sketch.estate()
}

/// Jewels not surely kept, and those of them to which a way of known minutes is open too long.
fn lost(question: &Question<'_>, steps: &[StepIx]) -> (BTreeSet<NodeIx>, BTreeSet<NodeIx>) {
    let (estate, held) = (question.estate, question.footholds.iter().map(|f| f.node));
    let held: Vec<NodeIx> = held.collect();
    let after = reach(estate, &held, &Removal::of(estate, steps));
    let (mut open, mut late) = (BTreeSet::new(), BTreeSet::new());
    let mut at = Some(Minutes::zero());
    for done in 0..steps.len() {
        let takes = estate.step(steps[done]).minutes.as_ref();
        at = at.as_ref().zip(takes).map(|(at, takes)| at + takes);
        let left = reach(estate, &held, &Removal::of(estate, &steps[..done]));
        let is_late = |takes: &Minutes| at.as_ref().is_none_or(|at| takes < at);
        for (jewel, _) in estate.jewels().filter(|(jewel, _)| !after.contains(*jewel)) {
            if left.soonest(jewel).is_some_and(|takes| is_late(&takes)) {
                open.insert(jewel);
            }
            let known = left.fastest(jewel).and_then(|path| path.minutes);
            if known.is_some_and(|takes| is_late(&takes)) {
                late.insert(jewel);
            }
        }
    }
    (open, late)
}

fn cost(question: &Question<'_>, steps: &[StepIx]) -> (Number, Number) {
    let loss = |node: &NodeIx| money(&question.estate.node(*node).jewel.as_ref().unwrap().loss);
    let (open, late) = lost(question, steps);
    (open.iter().map(loss).sum(), late.iter().map(loss).sum())
}

fn orders(steps: &[StepIx]) -> Vec<Vec<StepIx>> {
    let Some((first, rest)) = steps.split_first() else {
        return vec![Vec::new()];
    };
    let rest = orders(rest);
    let with_first = |order: &Vec<StepIx>| {
        let places = 0..=order.len();
        let put = |place: usize| [&order[..place], &[*first], &order[place..]].concat();
        places.map(put).collect::<Vec<_>>()
    };
    rest.iter().flat_map(with_first).collect()
}

fn plan(question: &Question<'_>) -> Option<Vec<StepIx>> {
    match answer(question).outcome {
        Outcome::Plan(plan) => Some(plan.draft().steps.clone()),
        Outcome::Infeasible(_) => None,
    }
}

#[test]
fn no_other_order_of_the_steps_loses_less_to_the_intruder() {
    let (several, better) = (Cell::new(0), Cell::new(0));
    for seed in 0..estates() {
        let estate = made(seed);
        let question = question(&estate, "u v w", "24h");
        let steps = plan(&question).unwrap();
        let told = race(&question, &steps);
        let (open, late) = lost(&question, &steps);
        let jewels = told.late.iter().map(|late| late.jewel);
        assert_eq!(jewels.collect::<BTreeSet<_>>(), open, "seed {seed}");
        let known = told.late.iter().filter(|late| late.soonest.is_some());
        let known = known.map(|late| late.jewel);
        assert_eq!(known.collect::<BTreeSet<_>>(), late, "seed {seed}");
        for late in &told.late {
            let (closing, before) = (steps[late.step - 1], &steps[..late.step - 1]);
            for (from, to) in late.way.iter().zip(&late.way[1..]) {
                assert!(!estate.edges_between(*from, *to).is_empty(), "seed {seed}");
                let by = |step: &StepIx| {
                    let mut cut = estate.step(*step).removes_edges.iter();
                    cut.any(|edge| (edge.from, edge.to) == (*from, *to))
                };
                assert!(!before.iter().any(by), "seed {seed}");
            }
            assert!(estate.step(closing).removes_edges.iter().any(|edge| {
                let mut hops = late.way.windows(2);
                hops.any(|hop| hop == [edge.from, edge.to])
            }));
        }
        if steps.len() > 6 {
            continue;
        }
        let costs = orders(&steps)
            .into_iter()
            .map(|order| cost(&question, &order));
        let costs: Vec<(Number, Number)> = costs.collect();
        let best = costs.iter().min();
        assert_eq!(Some(&cost(&question, &steps)), best, "seed {seed}");
        several.set(several.get() + u64::from(steps.len() > 2));
        better.set(better.get() + u64::from(best < costs.iter().max()));
    }
    let figures = (several.get(), better.get());
    assert!(
        figures.0 > estates() / 3 && figures.1 > estates() / 5,
        "{figures:?}"
    );
}

/// The least that any admissible steps of known length lose in any order, then in minutes, then in money.
fn least(question: &Question<'_>) -> Option<(Number, Number, Number)> {
    let estate = question.estate;
    let all: Vec<StepIx> = estate.step_indices().collect();
    let sets = (0_u32..1 << all.len()).map(|set| {
        let chosen = all.iter().filter(|step| set >> step.0 & 1 == 1);
        chosen.copied().collect::<Vec<StepIx>>()
    });
    let sets = sets.filter(|steps| inadmissible(question, steps).is_empty());
    let rated = sets.filter_map(|steps| {
        let minutes = steps.iter().map(|step| estate.step(*step).minutes.as_ref());
        let minutes = minutes.collect::<Option<Vec<_>>>()?;
        let minutes = minutes.into_iter().map(|m| number(m.exact())).sum();
        let price = money(&price(estate, &steps, &question.hold).total);
        let orders = orders(&steps).into_iter();
        let lost = orders.map(|order| cost(question, &order).0).min()?;
        Some((lost, minutes, price))
    });
    rated.min()
}

#[test]
fn of_the_fastest_plan_it_is_said_what_it_may_lose_and_whether_none_loses_less() {
    let (proven, best, of, slower) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |cell: &Cell<u64>, counts: bool| cell.set(cell.get() + u64::from(counts));
    for seed in 0..estates() / 2 {
        let estate = made_of(seed, 4);
        let question = question(&estate, "u v w", "24h");
        if estate.steps().len() > 5 {
            continue;
        }
        let seen = outlook(&question, &answer(&question), &Beside::default());
        let fastest = |choice: &&Choice| choice.best_at.contains(&Merit::Fastest);
        let found = seen.choices.iter().find(fastest);
        let least = least(&question);
        assert_eq!(found.is_some(), least.is_some(), "seed {seed}");
        let (Some(found), Some(least)) = (found, least) else {
            continue;
        };
        let lost = cost(&question, &found.steps).0;
        assert_eq!(lost, money(&found.may_be_lost), "seed {seed}");
        let minutes = number(found.minutes.as_ref().unwrap().exact());
        let found_at = (lost, minutes, money(&found.price.total));
        assert!(found_at >= least, "seed {seed}: {found_at:?}, {least:?}");
        let is_proven = !found.unproven.contains(&Merit::Fastest);
        assert!(!is_proven || found_at == least, "seed {seed}");
        for other in &seen.choices {
            let lost = money(&other.may_be_lost);
            assert!(lost >= found_at.0 || other.minutes.is_none(), "seed {seed}");
        }
        count(&of, true);
        count(&proven, is_proven);
        count(&best, found_at == least);
        let quicker = |other: &Choice| other.minutes.as_ref() < found.minutes.as_ref();
        count(
            &slower,
            seen.choices
                .iter()
                .any(|c| c.minutes.is_some() && quicker(c)),
        );
    }
    let of = of.get();
    let figures = (of, best.get(), proven.get(), slower.get());
    assert!(best.get() * 50 >= of * 49, "{figures:?}");
    assert!(proven.get() * 2 > of, "{figures:?}");
}

#[test]
fn the_fastest_plan_takes_longer_where_that_loses_less() {
    // One step of twenty minutes is the quickest cut, and comes too late for what isolating takes a minute to save.
    let estate = Sketch::nodes("u a db=5000 dc=1000")
        .edges("u>a:2 a>db:8 a>dc:100")
        .step("disable/u 1 u")
        .takes("20")
        .step("isolate/db 9 a>db")
        .takes("1")
        .step("isolate/dc 9 a>dc")
        .takes("30")
        .estate();
    let question = question(&estate, "u", "24h");
    let seen = outlook(&question, &answer(&question), &Beside::default());
    let told = seen.choices.iter().map(|choice| {
        let ids = choice.steps.iter().map(|s| estate.step(*s).id.as_str());
        (ids.collect::<Vec<_>>(), choice.may_be_lost.clone())
    });
    let slow = (vec!["disable/u"], Money::from_units(5_000));
    let fast = (vec!["isolate/db", "disable/u"], Money::zero());
    let other = (vec!["isolate/db", "isolate/dc"], Money::zero());
    assert_eq!(told.collect::<Vec<_>>(), [slow, fast, other]);
    assert_eq!(seen.choices[1].best_at, [Merit::Fastest]);
    assert_eq!(seen.choices[2].best_at, [Merit::FewestShared]);
}

#[test]
fn what_is_cut_in_time_comes_before_what_can_wait() {
    // The other way round db would be lost after six minutes.
    let estate = Sketch::nodes("u w dc=1000 db=5000")
        .edges("u>dc:100 w>db:6")
        .step("disable/u 1 u")
        .takes("5")
        .step("isolate/db 1 w>db")
        .takes("5")
        .estate();
    let question = question(&estate, "u w", "24h");
    let steps = plan(&question).unwrap();
    let ids = steps.iter().map(|step| estate.step(*step).id.as_str());
    assert_eq!(ids.collect::<Vec<_>>(), ["isolate/db", "disable/u"]);
    assert_eq!(race(&question, &steps).late, []);
    let late = race(&question, &[steps[1], steps[0]]).late;
    let named = late
        .iter()
        .map(|late| (late.step, late.minutes.clone(), late.loss.clone()));
    let db = (2, Some(Minutes::from_units(6)), Money::from_units(5_000));
    assert_eq!(named.collect::<Vec<_>>(), [db]);
}

#[test]
fn where_no_order_saves_anything_identities_come_first() {
    let estate = Sketch::nodes("u w dc=1000 db=5000")
        .edges("u>dc:1 w>db:1")
        .step("isolate/db 1 w>db")
        .takes("5")
        .step("disable/u 1 u")
        .takes("50")
        .estate();
    let question = question(&estate, "u w", "24h");
    let steps = plan(&question).unwrap();
    let ids = steps.iter().map(|step| estate.step(*step).id.as_str());
    assert_eq!(ids.collect::<Vec<_>>(), ["disable/u", "isolate/db"]);
    assert_eq!(race(&question, &steps).late.len(), 2);
}

#[test]
fn of_many_steps_those_that_save_most_for_their_minutes_come_first() {
    // Forty ways, each closed by ten minutes of work; only the last four jewels are worth anything and can be saved.
    let names: Vec<String> = (0..40)
        .map(|n| format!("u{n} j{n}={}", n / 36 * 100))
        .collect();
    let mut sketch = Sketch::nodes(&names.join(" "));
    let mut held = Vec::new();
    for n in 0..40 {
        sketch = sketch
            .edges(&format!("u{n}>j{n}:{}", 45))
            .step(&format!("disable/{n:02} 1 u{n}"))
            .takes("10");
        held.push(format!("u{n}"));
    }
    let estate = sketch.estate();
    let question = question(&estate, &held.join(" "), "24h");
    let steps = plan(&question).unwrap();
    let late = race(&question, &steps).late;
    let by_loss: BTreeMap<Money, usize> = late.iter().fold(BTreeMap::new(), |mut all, late| {
        *all.entry(late.loss.clone()).or_default() += 1;
        all
    });
    assert_eq!(by_loss.get(&Money::from_units(100)), None, "{by_loss:?}");
}

#[test]
fn of_a_jewels_ways_the_soonest_counts_for_when_and_the_one_open_longest_for_how_long() {
    let sketch = Sketch::nodes("u m j=100")
        .edges("u>j:1 u>m:20 m>j:5")
        .step("a/x 1 u>j")
        .takes("15")
        .step("b/x 1 m>j");
    let (open, known) = (sketch.clone().estate(), sketch.takes("30").estate());
    let minutes = |m: &str| Some(Minutes::parse(m).unwrap());
    // Nobody knows when the second step is in force: until then the slower way is open.
    for estate in [&open, &known] {
        let question = question(estate, "u", "24h");
        let raced = race(&question, &plan(&question).unwrap());
        let late = &raced.late[0];
        assert_eq!(
            (late.soonest.clone(), late.is_certain),
            (minutes("1"), true)
        );
        assert_eq!((late.minutes.clone(), late.step), (minutes("25"), 2));
        assert_eq!(late.way.len(), 3);
    }
}
