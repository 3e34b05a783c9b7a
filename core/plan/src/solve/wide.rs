//! Wide estates: hundreds of thousands of steps, of which a few hundred are shared.
//!
//! Steps that close one arc and stop nothing follow from the others by a minimum cut, so that only the
//! shared ones are searched (`field`, `search`). Vertices that some best cut leaves on one side are made
//! one first (`merge`, `alike`). Invariant: prices and bounds are those of the narrow search; among sets
//! of one price any may come.

mod alike;
mod benders;
mod candidate;
mod field;
mod flow;
mod kernel;
mod merge;
mod narrow;
mod proof;
mod search;
mod toll;

use cordon_model::StepIx;
use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::{
    Found, NARROW_STEPS_MAX, NoSet, Settled,
    gates::Gates,
    problem::{Problem, Stripped, numbers},
};
use crate::{Effort, FlowProof};
use field::Parted;
use kernel::Kernel;
use merge::Merged;
use proof::Made;
use search::{End, Search};

/// How much is searched when only the proof at the root is wanted: its relaxation, and little more.
const PROOF_EFFORT: Effort = Effort(2);

/// Shared steps beyond which tolls are tried first: the relaxation needs about a row for each, in dense tables.
const SHARED_MAX: usize = 500;
/// Shared steps beyond which nothing but tolls is tried, if they find anything.
const TOLLED_ONLY: usize = 1_500;
/// Slots that tolls may look at for each unit of work.
const SLOTS_A_UNIT: u64 = 100_000;

/// The cheapest admissible set of a stripped task, as far as the effort goes.
///
/// # Errors
/// When no set is admissible, or none was found.
pub(super) fn cheapest(mut stripped: Stripped<'_>, effort: Effort) -> Result<Found, NoSet> {
    let parted = Parted::new(stripped.estate(), &mut stripped);
    let shared = parted.shared.len();
    if shared <= SHARED_MAX {
        return searched(stripped, parted, effort);
    }
    match with_tolls(&stripped, &parted, effort) {
        Err(NoSet::Impossible) => Err(NoSet::Impossible),
        Ok(found) if shared > TOLLED_ONLY || found.lower_bound == found.price => Ok(found),
        Err(NoSet::NotFound(_)) => searched(stripped, parted, effort),
        Ok(tolled) => {
            let Ok(mut found) = searched(stripped, parted, effort) else {
                return Ok(tolled);
            };
            let lower = found.lower_bound.clone().max(tolled.lower_bound.clone());
            if tolled.price < found.price {
                found = tolled;
            }
            found.lower_bound = lower.min(found.price.clone());
            Ok(found)
        }
    }
}

/// The cheapest set that tolls lead to, with the flow that own prices alone let through.
fn with_tolls(stripped: &Stripped<'_>, parted: &Parted, effort: Effort) -> Result<Found, NoSet> {
    let steps = stripped.steps.clone();
    let problem = Problem::wide(stripped.clone(), steps, &[]);
    let gates = Gates::laid_out(&problem);
    let slots = effort.0.saturating_mul(SLOTS_A_UNIT);
    let found = toll::tolled((&problem, &gates), parted, stripped.ground.vertices, slots);
    let work = 1 + found.scanned / SLOTS_A_UNIT;
    let Some((set, value)) = &found.best else {
        return Err(if found.lower >= found.beyond {
            NoSet::Impossible
        } else {
            NoSet::NotFound(work)
        });
    };
    let price = |value: &BigInt| problem.ledger.price(value);
    let mut cheapest = Found {
        steps: numbers(set).map(|number| problem.steps[number]).collect(),
        lower_bound: price((&found.lower).min(value)),
        bound_at_root: price((&found.first).min(value)),
        price: price(value),
        work,
        settled: Settled::Price,
        flow: priced_flow(stripped.clone(), parted),
    };
    if found.lower < *value && numbers(set).count() <= NARROW_STEPS_MAX {
        let kernel = Kernel {
            known: set,
            taken: &found.taken,
        };
        let left = effort.0.saturating_sub(work);
        let better = kernel.searched(stripped.clone(), parted, left);
        (cheapest.steps, cheapest.price) = (better.steps, better.price);
        cheapest.lower_bound = cheapest.lower_bound.max(better.lower_bound);
        cheapest.work += better.work;
    }
    Ok(cheapest)
}

/// A flow that no step stops more of than it costs itself, whatever it stops besides.
fn priced_flow(mut stripped: Stripped<'_>, parted: &Parted) -> Option<FlowProof> {
    stripped.counted.fill(false);
    stripped.ground.ways.clone_from(&parted.ways);
    stripped.ground.sets.clone_from(&parted.sets);
    let replaced = stripped.replaced.clone();
    let vertices = stripped.ground.vertices;
    let parted = Parted::new(stripped.estate(), &mut stripped);
    let problem = Problem::wide(stripped, parted.shared.clone(), &parted.own);
    let (field, shift) = parted.field(&problem, &[], vertices);
    let merged = Merged::new(field.vertices, &field.arcs, &field.sets);
    let nothing = vec![0; merged.arcs.len()];
    let made = Made {
        problem: &problem,
        field: &field,
        shift,
        replaced: &replaced,
    };
    made.proof(&merged, &nothing)
}

/// The cheapest set that the search of shared steps finds.
fn searched(stripped: Stripped<'_>, parted: Parted, effort: Effort) -> Result<Found, NoSet> {
    let vertices = stripped.ground.vertices;
    let replaced = stripped.replaced.clone();
    let problem = Problem::wide(stripped, parted.shared.clone(), &parted.own);
    let gates = Gates::new(&problem);
    let (field, shift) = parted.field(&problem, gates.weights(), vertices);
    let merged = Merged::new(field.vertices, &field.arcs, &field.sets);
    let mut search = Search::new(&problem, gates, (&field, &merged, shift), effort.0);
    let end = search.run();
    let Some(best) = search.best.as_ref() else {
        return Err(match end {
            End::Done => NoSet::Impossible,
            End::OutOfEffort(_) => NoSet::NotFound(search.work()),
        });
    };
    let of_units = |units: i128| (BigInt::from(units.max(0)) << shift).min(best.value.clone());
    let lower = match end {
        End::Done => best.value.clone(),
        End::OutOfEffort(units) => of_units(units),
    };
    let shared = numbers(&best.shared).map(|number| problem.steps[number]);
    let mut steps: Vec<StepIx> = shared.collect();
    steps.extend(best.own.iter().map(|&own| field.own_step(own)));
    let estate = problem.outage.estate();
    steps.sort_by(|&a, &b| estate.step(a).id.cmp(&estate.step(b).id));
    let made = Made {
        problem: &problem,
        field: &field,
        shift,
        replaced: &replaced,
    };
    if search.blends.is_empty() {
        let nothing = vec![0; merged.arcs.len()];
        search.blends.push((merged, nothing));
    }
    // Every price is a whole number of units, so that a part of one more means all of it.
    let unit = problem.ledger.price(&BigInt::one());
    let whole = |flow: &FlowProof| (flow.bound.exact() / unit.exact()).ceil().to_integer();
    let (mut flow, mut shown) = (None, BigInt::zero());
    for (merged, blend) in search.blends.iter().rev() {
        let more = made.proof(merged, blend);
        let found = more.as_ref().map_or_else(BigInt::zero, whole);
        if flow.is_none() || found > shown {
            (flow, shown) = (more, found);
        }
        if shown >= lower {
            break;
        }
    }
    let lower = lower.max(shown).min(best.value.clone());
    Ok(Found {
        steps,
        price: problem.ledger.price(&best.value),
        lower_bound: problem.ledger.price(&lower),
        bound_at_root: problem.ledger.price(&of_units(search.bound_at_root)),
        work: search.work(),
        settled: Settled::Price,
        flow,
    })
}

/// A flow that bounds the price of every set that meets a task, for whoever has the estate only.
pub(super) fn proof(mut stripped: Stripped<'_>) -> Option<FlowProof> {
    let parted = Parted::new(stripped.estate(), &mut stripped);
    let found = searched(stripped, parted, PROOF_EFFORT).ok();
    found.and_then(|found| found.flow)
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "how many estates are tried is set from outside"
)]
mod tests {
    use cordon_model::{Estate, NodeIx, ServiceIx};

    use super::super::{
        Aim, Found, NoSet, Task, Ties,
        estates::{Case, case},
        ground::Uncuttable,
        problem::Stripped,
    };
    use crate::{Effort, Question, vet_flow};

    #[test]
    fn the_wide_search_finds_the_prices_of_the_narrow_one() {
        let set = std::env::var("CORDON_PLAN_ESTATES").ok();
        let many: u64 = set.map_or(2_000, |set| set.parse().unwrap());
        let (mut plans, mut proven, mut carried) = (0, 0, 0);
        for seed in 0..many {
            let case = case(seed, 14);
            let estate = case.estate();
            let held = case.held.clone();
            let jewels = estate.jewels().map(|(node, _)| node);
            let jewels: Vec<NodeIx> = jewels.filter(|node| !held.contains(node)).collect();
            let services =
                (0..estate.services().len()).map(|n| ServiceIx(u32::try_from(n).unwrap()));
            let task = Task {
                estate: &estate,
                hold: &case.hold,
                aim: Aim::CutOff {
                    held,
                    jewels,
                    gone: std::collections::BTreeSet::new(),
                },
                protected: services.map(|s| estate.service(s).protected).collect(),
            };
            let narrow = super::super::cheapest(&task, Effort(100_000), Ties::Any);
            let wide = Stripped::new(&task).map_err(|Uncuttable| NoSet::Impossible);
            let wide = wide.and_then(|stripped| super::cheapest(stripped, Effort(100_000)));
            match (narrow, wide) {
                (Ok(narrow), Ok(wide)) => {
                    plans += 1;
                    // Only amounts too fine for the units of capacity leave anything open.
                    let is_proven = wide.lower_bound == wide.price;
                    proven += u64::from(is_proven);
                    assert!(!is_proven || narrow.price == wide.price, "seed {seed}");
                    assert!(wide.lower_bound <= narrow.price, "seed {seed}");
                    assert!(wide.price >= narrow.price, "seed {seed}");
                    assert!(wide.bound_at_root <= wide.price, "seed {seed}");
                    carried += flow_holds(&case, &estate, &wide, seed);
                }
                (Err(NoSet::Impossible), Err(NoSet::Impossible)) => {}
                (narrow, wide) => unreachable!("seed {seed}: {narrow:?} against {wide:?}"),
            }
        }
        assert!(plans > many / 4, "{plans} plans");
        assert!(proven > plans * 9 / 10, "{proven} of {plans} are proven");
        assert!(
            carried > plans / 8,
            "{carried} of {plans} plans are shown by flows"
        );
    }

    /// Whether the flow shows all of the price; that it shows what it says is asserted.
    fn flow_holds(case: &Case, estate: &Estate, found: &Found, seed: u64) -> u64 {
        let question = Question {
            estate,
            footholds: case.footholds(),
            outside_estate: Vec::new(),
            hold: case.hold.clone(),
            effort: Effort(0),
        };
        let Some(flow) = &found.flow else {
            return u64::from(found.price.is_zero());
        };
        assert_eq!(
            vet_flow(&question, flow),
            Ok(flow.bound.clone()),
            "seed {seed}"
        );
        assert!(flow.bound <= found.price, "seed {seed}");
        let near = flow.bound.to_f64() > found.price.to_f64() * 0.999;
        u64::from(near)
    }
}
