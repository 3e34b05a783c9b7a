//! The planner against every subset of the steps, on random estates.

use std::collections::BTreeSet;

use crate::plain::{
    self, Best, Plain, Wanted,
    estates::{Case, case},
    money,
};
use crate::sketch::question_of;
use cordon_model::{
    Care, Estate, Hours, Money, Need, NodeIx, Service, ServiceId, ServiceIx, StepIx,
};
use cordon_plan::{
    Alternative, AlternativeKind, Answer, Effort, Infeasible, Outcome, Question, Relaxation,
    RelaxationKind, answer,
};

/// Random estates tried; `CORDON_PLAN_ESTATES` sets another number, and has them bigger.
fn estates() -> u64 {
    set_from_outside().unwrap_or(1_000)
}

fn set_from_outside() -> Option<u64> {
    let set = std::env::var("CORDON_PLAN_ESTATES").ok();
    set.map(|set| set.parse().unwrap())
}

fn question<'e>(case: &Case, estate: &'e Estate, effort: Effort) -> Question<'e> {
    Question {
        effort,
        ..question_of(case, estate)
    }
}

fn listed(estate: &Estate, steps: &[StepIx]) -> Best {
    let mut ids: Vec<String> = steps
        .iter()
        .map(|&s| estate.step(s).id.to_string())
        .collect();
    ids.sort();
    (money(&Money::zero()), ids.len(), ids)
}

/// As many steps as all subsets can be tried of in reasonable time.
fn steps_max(seed: u64) -> usize {
    match set_from_outside() {
        Some(_) => 16,
        None if seed.is_multiple_of(10) => 12,
        None => 9,
    }
}

#[test]
fn no_subset_is_better_than_the_plan() {
    let (mut plans, mut refusals, mut ways_out, mut joint) = (0, 0, 0, 0);
    for seed in 0..estates() {
        let case = case(seed, steps_max(seed));
        let estate = case.estate();
        let question = question(&case, &estate, Effort::DEFAULT);
        let answer = answer(&question);
        let mut plain = Plain::new(&estate, &case.held, &case.hold);
        let wanted = plain.wanted();
        let best = plain.best(&wanted);
        joint += u64::from(plain.two_stop_what_neither_stops());
        match (&answer.outcome, best) {
            (Outcome::Plan(plan), Some(best)) => {
                plans += 1;
                let draft = plan.draft();
                assert_eq!(money(&draft.price.total), best.0, "price, seed {seed}");
                let listed = listed(&estate, &draft.steps);
                assert_eq!(listed.2, best.2, "steps, seed {seed}");
                assert!(draft.proof.proven, "seed {seed}");
            }
            (Outcome::Infeasible(why), None) => {
                refusals += 1;
                ways_out += why.relaxations.len();
                reasons_are_irreducible(&estate, &mut plain, why, seed);
                relaxations_are_the_best(&estate, &mut plain, why, seed);
            }
            (found, best) => panic!("seed {seed}: {found:?} against {best:?}"),
        }
        alternatives_are_right(&estate, &mut plain, &answer, seed);
        assert_eq!(answer, cordon_plan::answer(&question), "seed {seed}");
    }
    let figures = format!(
        "{plans} plans, {refusals} refusals, {ways_out} ways out; in {joint} estates two steps stop what neither stops"
    );
    let all_kinds = plans > 0 && refusals > 0 && ways_out > 0 && joint > estates() / 20;
    assert!(all_kinds || estates() < 100, "{figures}");
}

fn demanded(why: &Infeasible, estate: &Estate) -> Wanted {
    let service = |id: &ServiceId| {
        let mut services = (0..).map(ServiceIx).zip(estate.services());
        services.find(|(_, s)| s.id == *id).unwrap().0
    };
    Wanted {
        jewels: why.reasons.iter().map(|reason| reason.target).collect(),
        protected: why
            .reasons
            .iter()
            .flat_map(|r| &r.protected)
            .map(service)
            .collect(),
        gone: None,
    }
}

fn reasons_are_irreducible(estate: &Estate, plain: &mut Plain<'_>, why: &Infeasible, seed: u64) {
    let all = demanded(why, estate);
    assert!(!why.reasons.is_empty(), "seed {seed}");
    assert_eq!(
        plain.best(&all),
        None,
        "seed {seed}: the reasons are no contradiction"
    );
    for jewel in &all.jewels {
        let mut fewer = all.clone();
        fewer.jewels.remove(jewel);
        assert!(
            plain.best(&fewer).is_some(),
            "seed {seed}: {jewel:?} is needless"
        );
    }
    for service in &all.protected {
        let mut fewer = all.clone();
        fewer.protected.remove(service);
        assert!(
            plain.best(&fewer).is_some(),
            "seed {seed}: {service:?} is needless"
        );
    }
    for reason in &why.reasons {
        assert_eq!(reason.path.last(), Some(&reason.target), "seed {seed}");
        assert_eq!(
            reason.protected.is_empty(),
            reason.steps.is_empty(),
            "seed {seed}: {why:?}"
        );
    }
}

/// What giving something up leaves to be wanted, and the loss that comes with it.
fn relaxed(
    estate: &Estate,
    all: &Wanted,
    given_up: &[(RelaxationKind, String)],
) -> (Wanted, plain::Number) {
    let mut wanted = all.clone();
    let mut lost = plain::Number::from(0);
    for (kind, id) in given_up {
        match kind {
            RelaxationKind::Unprotect => {
                wanted
                    .protected
                    .retain(|s| estate.service(*s).id.as_str() != id);
            }
            RelaxationKind::AcceptLoss => {
                let node = estate.node_by_id(id).unwrap();
                wanted.jewels.remove(&node);
                lost += money(&estate.node(node).jewel.as_ref().unwrap().loss);
            }
            RelaxationKind::AddStep => {
                let (from, to) = id.split_once(" -> ").unwrap();
                let end = |id| estate.node_by_id(id).unwrap();
                wanted.gone = Some((end(from), end(to)));
            }
        }
    }
    (wanted, lost)
}

fn relaxations_are_the_best(estate: &Estate, plain: &mut Plain<'_>, why: &Infeasible, seed: u64) {
    let all = plain.wanted();
    let things = |r: &Relaxation| {
        let mut all = vec![(r.kind, r.id.clone())];
        all.extend(r.also.iter().cloned());
        all
    };
    for relaxation in &why.relaxations {
        let given_up = things(relaxation);
        let (wanted, lost) = relaxed(estate, &all, &given_up);
        let best = plain.best(&wanted).map(|best| best.0 + lost);
        assert_eq!(
            Some(money(&relaxation.price)),
            best,
            "seed {seed}: {relaxation:?}"
        );
        for (number, _) in given_up.iter().enumerate().filter(|_| given_up.len() > 1) {
            let mut fewer = given_up.clone();
            fewer.remove(number);
            let (wanted, _) = relaxed(estate, &all, &fewer);
            assert_eq!(
                plain.best(&wanted),
                None,
                "seed {seed}: {fewer:?} is enough"
            );
        }
    }
    let mut singles: Vec<(RelaxationKind, String)> = Vec::new();
    for service in &all.protected {
        singles.push((
            RelaxationKind::Unprotect,
            estate.service(*service).id.to_string(),
        ));
    }
    for jewel in &all.jewels {
        singles.push((
            RelaxationKind::AcceptLoss,
            estate.node(*jewel).id.to_string(),
        ));
    }
    let id = |node: NodeIx| &estate.node(node).id;
    let edges = plain.without_step().into_iter();
    singles
        .extend(edges.map(|(a, b)| (RelaxationKind::AddStep, format!("{} -> {}", id(a), id(b)))));
    singles.retain(|single| {
        let (wanted, _) = relaxed(estate, &all, std::slice::from_ref(single));
        plain.best(&wanted).is_some()
    });
    let found = why.relaxations.iter();
    if singles.is_empty() {
        assert!(!why.relaxations.is_empty(), "seed {seed}: no way out");
    } else {
        let singles: BTreeSet<_> = singles.into_iter().collect();
        let found: BTreeSet<_> = found.map(|r| (r.kind, r.id.clone())).collect();
        assert_eq!(found, singles, "seed {seed}");
    }
    assert!(
        why.relaxations.is_sorted_by(|a, b| a.price <= b.price),
        "seed {seed}"
    );
}

fn alternatives_are_right(estate: &Estate, plain: &mut Plain<'_>, answer: &Answer, seed: u64) {
    let [nothing, contain, pull, cut] = answer.alternatives.as_slice() else {
        panic!("four alternatives, seed {seed}");
    };
    assert_eq!(contain.kind, AlternativeKind::ContainHeld);
    let wanted = plain.contain();
    let found = contain.steps.as_ref().map(|steps| listed(estate, steps).2);
    assert_eq!(
        found,
        wanted.as_ref().map(|best| best.2.clone()),
        "seed {seed}"
    );
    for alternative in [nothing, contain, pull, cut] {
        alternative_is_right(estate, plain, alternative, seed);
    }
}

fn alternative_is_right(estate: &Estate, plain: &mut Plain<'_>, shown: &Alternative, seed: u64) {
    let Some(steps) = &shown.steps else {
        assert!(!shown.admissible && shown.price.is_none(), "seed {seed}");
        return;
    };
    let mask = steps.iter().fold(0, |mask, step| mask | 1 << step.0);
    let (total, ..) = plain.sized(mask);
    let found = shown.price.as_ref().unwrap();
    assert_eq!(money(&found.total), total, "seed {seed}");
    let fall = plain.fall(mask);
    assert_eq!(
        plain::number(found.lifeline.exact()),
        fall.lifeline,
        "seed {seed}"
    );
    let wanted = plain.wanted();
    let reached = plain.reached(mask);
    let lost: Vec<NodeIx> = wanted.jewels.intersection(&reached).copied().collect();
    assert_eq!(shown.reachable, lost, "seed {seed}");
    let losses = lost
        .iter()
        .map(|n| money(&estate.node(*n).jewel.as_ref().unwrap().loss));
    let exposure = losses.fold(total, |sum, loss| sum + loss);
    assert_eq!(
        shown.exposure.as_ref().map(money),
        Some(exposure),
        "seed {seed}"
    );
    let stopped: Vec<ServiceIx> = fall
        .stopped()
        .intersection(&wanted.protected)
        .copied()
        .collect();
    assert_eq!(shown.stops_protected, stopped, "seed {seed}");
    assert_eq!(
        shown.admissible,
        lost.is_empty() && stopped.is_empty(),
        "seed {seed}"
    );
}

#[test]
fn a_plan_cut_short_is_admissible_and_its_bound_holds() {
    for seed in 0..estates() / 4 {
        let case = case(seed, 9);
        let estate = case.estate();
        let full = answer(&question(&case, &estate, Effort::DEFAULT));
        for effort in 0..3 {
            let short = answer(&question(&case, &estate, Effort(effort)));
            match (&full.outcome, &short.outcome) {
                (Outcome::Plan(full), Outcome::Plan(short)) => {
                    let (full, short) = (full.draft(), short.draft());
                    assert!(short.price.total >= full.price.total, "seed {seed}");
                    assert!(short.proof.lower_bound <= full.price.total, "seed {seed}");
                    let same = short.price.total == short.proof.lower_bound;
                    assert_eq!(short.proof.proven, same, "seed {seed}");
                }
                (Outcome::Infeasible(_), Outcome::Infeasible(_)) => {}
                (full, short) => panic!("seed {seed}: {full:?} against {short:?}"),
            }
        }
    }
}

/// Services in layers, each needing both of the layer below: twice as many moments with every layer.
fn layered(seed: u64) -> Case {
    let mut case = case(seed, 8);
    let service = |number: usize, needs: Need| Service {
        id: ServiceId::new(format!("layer:{number}")),
        name: None,
        needs,
        loss_per_hour: Money::from_units(3),
        cover: Hours::from_units(1 << number),
        ramp: Hours::zero(),
        protected: number == 13,
        care: Care::None,
        probe: None,
    };
    let node = |number: usize| {
        let nodes = case.parts.nodes.len();
        Need::Node(NodeIx(u32::try_from(number % nodes).unwrap()))
    };
    let mut services: Vec<Service> = Vec::new();
    for number in 0..14 {
        let below = number - number % 2;
        let mut needs: Vec<Need> =
            vec![node(number + usize::try_from(seed).unwrap()), node(number)];
        needs.extend(
            (0..2)
                .filter(|_| below > 0)
                .map(|side| Need::Service(ServiceIx(u32::try_from(below - 1 - side).unwrap()))),
        );
        let k = 1 + needs.len() / 2;
        services.push(service(number, Need::AtLeast { k, of: needs }));
    }
    case.parts.services = services;
    case.hold = Hours::from_units(1 << 15);
    case
}

#[test]
fn more_moments_of_stopping_than_are_kept_change_no_answer() {
    for seed in 0..estates() / 10 {
        let case = layered(seed);
        let estate = case.estate();
        let mut plain = Plain::new(&estate, &case.held, &case.hold);
        let wanted = plain.wanted();
        let best = plain.best(&wanted);
        let found = match answer(&question(&case, &estate, Effort::DEFAULT)).outcome {
            Outcome::Plan(plan) => {
                let draft = plan.draft();
                Some((money(&draft.price.total), listed(&estate, &draft.steps).2))
            }
            Outcome::Infeasible(_) => None,
        };
        assert_eq!(found, best.map(|best| (best.0, best.2)), "seed {seed}");
    }
}
