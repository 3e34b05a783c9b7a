//! Quick admissible sets: add the most promising step of an open path, then drop what is not needed.

use super::{
    gates::Gates,
    problem::{Problem, numbers},
    search::{Choice, chosen},
};

/// Completes the chosen steps to an admissible set, those of high `score` first, the cheaper of
/// equals; none if it runs into a protected service, which proves nothing. As long as something else closes a path, nothing
/// fails by it that costs by itself and has a low score.
pub(super) fn complete(
    (problem, gates): (&Problem<'_>, &Gates),
    state: &[Choice],
    score: &[f64],
) -> Option<Vec<bool>> {
    let mut set = chosen(state);
    loop {
        let open = |arc: &super::net::Arc| !arc.labels.iter().any(|&label| set[label]);
        let Some(path) = problem.net.path(open) else {
            break;
        };
        let mut steps: Vec<usize> = path;
        steps.retain(|&step| state[step] == Choice::Open);
        steps.sort_by(|&a, &b| {
            let (dear, dearer) = (problem.ledger.cost(a), problem.ledger.cost(b));
            let high = score[b].total_cmp(&score[a]);
            high.then_with(|| dear.cmp(dearer)).then_with(|| a.cmp(&b))
        });
        let failed = gates.failed(&set);
        let with = |step: usize| {
            let mut with = set.clone();
            with[step] = true;
            with
        };
        let keeps = |step: usize| {
            let then = gates.failed(&with(step));
            let mut new = gates
                .that_cost()
                .filter(|&gate| then[gate] && !failed[gate]);
            new.all(|gate| score[gate] > 0.5)
        };
        let spares = |step: &usize| problem.spares_protected(&with(*step));
        let mut kept = steps.iter().copied().filter(|&step| keeps(step));
        let fits = kept.find(spares);
        let fits = fits.or_else(|| steps.iter().copied().find(spares));
        set[fits?] = true;
    }
    drop_needless(problem, &mut set, state);
    Some(set)
}

/// Drops steps without which nothing opens, the dearest first, of equals the last by id; never one
/// that is chosen for good.
pub(super) fn drop_needless(problem: &Problem<'_>, set: &mut [bool], state: &[Choice]) {
    let mut order: Vec<usize> = numbers(set)
        .filter(|&step| state[step] != Choice::In)
        .collect();
    order.sort_by(|&a, &b| {
        let (cheap, dear) = (problem.ledger.cost(a), problem.ledger.cost(b));
        dear.cmp(cheap).then(b.cmp(&a))
    });
    for step in order {
        set[step] = false;
        if !problem.net.is_cut_by(set) {
            set[step] = true;
        }
    }
}
