//! Of all sets of the least value the one whose list of ids comes first.
//!
//! They all have as many steps, so the first list is found id by id: an id belongs to it if some set of
//! the least value has it beside those already taken and without those already refused. That asks one
//! short search for each id in doubt, instead of listing what may be millions of equals.

use num_bigint::BigInt;

use super::{
    greedy,
    problem::numbers,
    search::{Choice, End, Search, Until},
};

/// Replaces the best set by the first of those as good, as far as the effort allows.
pub(super) fn first_by_ids(search: &mut Search<'_, '_>) -> End {
    let Some(best) = search.best.clone() else {
        return End::Done;
    };
    let beyond: BigInt = best.value + 1;
    search.set_limit(beyond.clone());
    search.prepare();
    let mut wanted = numbers(&best.set).count();
    for step in 0..best.set.len() {
        if wanted == 0 {
            break;
        }
        search.set_limit(beyond.clone());
        match is_in_some(search, step) {
            Some(Choice::In) => {
                search.settle(step, Choice::In);
                wanted -= 1;
            }
            Some(Choice::Out) => search.settle(step, Choice::Out),
            Some(Choice::Open) => {}
            None => return End::OutOfEffort(beyond - 1),
        }
    }
    End::Done
}

/// Whether a set as good as the best has this step; if so, it is the best now. Open if it was plain
/// already that none has, none if the effort ran out.
fn is_in_some(search: &mut Search<'_, '_>, step: usize) -> Option<Choice> {
    let best = search.best.as_ref()?;
    if best.set[step] {
        return Some(Choice::In);
    }
    if search.decided(step) == Choice::Out || search.is_hopeless(step) {
        return Some(Choice::Open);
    }
    let state = search.state(&[(step, Choice::In)]);
    let mut swapped = best.set.clone();
    swapped[step] = true;
    greedy::drop_needless(search.problem, &mut swapped, &state);
    search.offer(swapped);
    if search.best.as_ref()?.set[step] {
        return Some(Choice::In);
    }
    match search.run(vec![(step, Choice::In)], Until::First) {
        End::OutOfEffort(_) => None,
        End::Done if search.best.as_ref()?.set[step] => Some(Choice::In),
        End::Done => Some(Choice::Out),
    }
}
