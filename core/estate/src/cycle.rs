//! Services that need each other in a circle.

use std::collections::{BTreeSet, VecDeque};

/// Most circles told at once; whoever has more wants to see these first.
const CYCLES_MAX: usize = 20;

/// The shortest circle through each number that lies on one and on none told before; each begins
/// with its lowest number. `needs` gives for each number those it needs.
pub(crate) fn cycles(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    let tangled = tangled(needs);
    for start in tangled.iter().copied() {
        if found.len() >= CYCLES_MAX {
            break;
        }
        if told.contains(&start) {
            continue;
        }
        if let Some(mut cycle) = shortest_back(needs, &tangled, start) {
            told.extend(cycle.iter().copied());
            let lowest = cycle.iter().copied().min();
            let first = cycle.iter().position(|n| Some(*n) == lowest).unwrap_or(0);
            cycle.rotate_left(first);
            found.push(cycle);
        }
    }
    found
}

/// Numbers that lie on a circle or between two: what is left once everything without open needs,
/// or without users, is taken away again and again.
fn tangled(needs: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut users = vec![Vec::new(); needs.len()];
    for (user, needed) in needs.iter().enumerate() {
        for need in needed {
            if let Some(users) = users.get_mut(*need) {
                users.push(user);
            }
        }
    }
    let below = peel(needs, &users);
    let above = peel(&users, needs);
    (0..needs.len())
        .filter(|n| !below.contains(n) && !above.contains(n))
        .collect()
}

/// What can be taken away in turn, each having nothing left that it waits for.
fn peel(waits_for: &[Vec<usize>], frees: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut open: Vec<usize> = waits_for.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = open
        .iter()
        .enumerate()
        .filter(|(_, n)| **n == 0)
        .map(|(number, _)| number)
        .collect();
    let mut gone = BTreeSet::new();
    while let Some(number) = ready.pop() {
        gone.insert(number);
        for freed in frees.get(number).into_iter().flatten() {
            if let Some(count) = open.get_mut(*freed) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*freed);
                }
            }
        }
    }
    gone
}

/// The shortest way from a number back to itself, within the tangled ones.
fn shortest_back(
    needs: &[Vec<usize>],
    tangled: &BTreeSet<usize>,
    start: usize,
) -> Option<Vec<usize>> {
    let mut came_from = vec![None; needs.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in needs
            .get(at)
            .into_iter()
            .flatten()
            .filter(|n| tangled.contains(n))
        {
            if *next == start {
                let back = |n: &usize| came_from.get(*n).copied().flatten();
                let mut cycle: Vec<_> = std::iter::successors(Some(at), back).collect();
                cycle.reverse();
                return Some(cycle);
            }
            if let Some(cell @ None) = came_from.get_mut(*next) {
                *cell = Some(at);
                queue.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::cycles;

    fn check(needs: &[&[usize]], expect: &[&[usize]]) {
        let needs: Vec<_> = needs.iter().map(|n| n.to_vec()).collect();
        assert_eq!(cycles(&needs), expect, "{needs:?}");
    }

    #[test]
    fn every_circle_is_found_by_its_shortest_way_and_what_lies_between_is_not() {
        check(&[&[1], &[2], &[]], &[]);
        check(&[&[0]], &[&[0]]);
        check(&[&[1], &[2], &[0, 1]], &[&[0, 1, 2]]);
        check(&[&[], &[2, 0], &[3], &[1, 1]], &[&[1, 2, 3]]);
        check(&[&[1], &[0, 2], &[3], &[4], &[3]], &[&[0, 1], &[3, 4]]);
        check(&[&[2], &[0], &[1], &[2]], &[&[0, 2, 1]]);
    }
}
