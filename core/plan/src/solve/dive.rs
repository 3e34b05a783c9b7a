//! Down from a point of the relaxation to a set near it: what is nearly decided is taken as decided, again and again.
//!
//! Completing a point step by step never takes back what a few steps too many make fail. Deciding a little at a time has the
//! relaxation say what is best beside it. Nothing is proven: what is found is offered, and the bounds are thrown away.

use std::rc::Rc;

use super::{
    greedy,
    relaxation::Relaxation,
    search::{Choice, Search, TORN, decision},
    separate::TOLERANCE,
};

/// Points looked at on the way.
const POINTS_MAX: usize = 60;
/// Steps that a point takes so far are taken together.
const NEARLY: f64 = 0.9;

/// Offers sets near the point of a relaxation as long as one below the limit may be there.
pub(super) fn dive(
    search: &mut Search<'_, '_>,
    mut relaxation: Relaxation,
    mut state: Vec<Choice>,
) {
    for _ in 0..POINTS_MAX {
        let values = relaxation.values();
        if let Some(set) = greedy::complete((search.problem, &search.gates), &state, &values) {
            search.offer(set);
        }
        let decided = next(search, &state, &values);
        if decided.is_empty() || search.is_out_of_effort() {
            return;
        }
        for (variable, choice) in decided {
            relaxation.add(Rc::new(decision(variable, choice)));
            if let Some(slot) = state.get_mut(variable) {
                *slot = choice;
            }
        }
        match search.tighten(&mut relaxation) {
            Some(bound) if bound.value() < search.limit_units => {}
            Some(_) | None => return,
        }
    }
}

/// What to take as decided: whether something fails of which that is nearest to being so, else the steps that are nearly
/// taken, and the most nearly taken one in any case.
fn next(search: &Search<'_, '_>, state: &[Choice], values: &[f64]) -> Vec<(usize, Choice)> {
    let torn = |variable: usize| values[variable].min(1.0 - values[variable]);
    let gates = search.gates.that_cost().filter(|&gate| torn(gate) > TORN);
    if let Some(gate) = gates.min_by(|&a, &b| torn(a).total_cmp(&torn(b)).then(a.cmp(&b))) {
        let fails = values[gate] > 0.5;
        return vec![(gate, if fails { Choice::In } else { Choice::Out })];
    }
    let open = (0..state.len()).filter(|&step| state[step] == Choice::Open);
    let mut steps: Vec<usize> = open.filter(|&step| torn(step) > TOLERANCE).collect();
    steps.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let near = steps.partition_point(|&step| values[step] > NEARLY);
    let taken = steps.into_iter().take(near.max(1));
    taken.map(|step| (step, Choice::In)).collect()
}
