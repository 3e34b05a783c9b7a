//! Vertices that cannot be told apart by their arcs, however far one looks.
//!
//! Colour refinement with sums: two vertices of one colour have equal capacities to and from every
//! colour by every set of steps, and equally many free arcs. Averaging the potentials of a cut over each
//! colour then costs no more (Grohe, Kersting, Mladenov, Selman 2014), and with the shared steps fixed
//! the rest is a minimum cut and so whole: some best cut treats each colour alike. Colours are found by
//! hashing and then verified exactly.

use std::collections::BTreeMap;

use super::field::{Arc, FREE};

/// Rounds of refinement; estates are shallow.
const ROUNDS_MAX: usize = 40;
/// Colours for each ten vertices from which on looking further is not worth it.
const TOO_MANY_OF_TEN: usize = 9;

/// For each vertex the number of its colour, source and sink first; none if too few are alike.
pub(super) fn classes(vertices: usize, arcs: &[Arc]) -> Option<Vec<u32>> {
    let mut colours = vec![2_u32; vertices];
    colours[0] = 0;
    colours[1] = 1;
    let mut count = 3.min(vertices);
    for _ in 0..ROUNDS_MAX {
        let (finer, found) = refined(&colours, arcs);
        if found * 10 > vertices * TOO_MANY_OF_TEN {
            return None;
        }
        colours = finer;
        if found == count {
            let sound = is_stable(&colours, arcs);
            return (sound && count < vertices).then_some(colours);
        }
        count = found;
    }
    None
}

/// A number that spreads over all bits (the finaliser of `MurmurHash3`).
pub(super) fn mixed(mut bits: u64) -> u64 {
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    bits ^ bits >> 33
}

/// What an arc adds to the sums of its end: how much, and of what.
fn part(arc: &Arc, colour: u32, inward: u64) -> (u64, u64) {
    let (amount, free) = match arc.capacity {
        FREE => (1, 2),
        capacity => (capacity.unsigned_abs(), 0),
    };
    let what = u64::from(arc.set) << 34 | u64::from(colour) << 2 | free | inward;
    (amount, what)
}

fn refined(colours: &[u32], arcs: &[Arc]) -> (Vec<u32>, usize) {
    let mut sums = vec![(0_u64, 0_u64); colours.len()];
    for arc in arcs {
        let (from, to) = (arc.from as usize, arc.to as usize);
        for (at, other, inward) in [(from, to, 0), (to, from, 1)] {
            let (amount, what) = part(arc, colours[other], inward);
            let sum = &mut sums[at];
            sum.0 = sum.0.wrapping_add(amount.wrapping_mul(mixed(what)));
            sum.1 = sum.1.wrapping_add(amount.wrapping_mul(mixed(!what)));
        }
    }
    let mut order: Vec<u32> = (0..u32::try_from(colours.len()).unwrap_or(u32::MAX)).collect();
    let key = |vertex: u32| (colours[vertex as usize], sums[vertex as usize]);
    order.sort_unstable_by_key(|&vertex| key(vertex));
    let mut finer = vec![0; colours.len()];
    let mut count = 0;
    for group in order.chunk_by(|&a, &b| key(a) == key(b)) {
        for &vertex in group {
            finer[vertex as usize] = count;
        }
        count += 1;
    }
    (finer, count as usize)
}

/// Whether all vertices of each colour have equal sums, looked at one by one.
fn is_stable(colours: &[u32], arcs: &[Arc]) -> bool {
    let mut parts: Vec<(u32, u64, u64)> = Vec::with_capacity(2 * arcs.len());
    for arc in arcs {
        for (at, other, inward) in [(arc.from, arc.to, 0), (arc.to, arc.from, 1)] {
            let (amount, what) = part(arc, colours[other as usize], inward);
            parts.push((at, what, amount));
        }
    }
    parts.sort_unstable();
    let mut lists: Vec<Vec<(u64, u64)>> = vec![Vec::new(); colours.len()];
    for group in parts.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        if let Some(&(at, what, _)) = group.first() {
            let sum = group.iter().map(|(_, _, amount)| amount).sum();
            lists[at as usize].push((what, sum));
        }
    }
    let mut first: BTreeMap<u32, &[(u64, u64)]> = BTreeMap::new();
    let mut all = colours.iter().zip(&lists);
    all.all(|(colour, list)| **first.entry(*colour).or_insert(list) == **list)
}

/// Vertices that lead to each other by arcs of a kind (Tarjan 1972), classes of one left out.
pub(super) fn strongly_connected(
    vertices: usize,
    arcs: &[Arc],
    counts: fn(&Arc) -> bool,
) -> Vec<Vec<u32>> {
    let mut starts = vec![0_usize; vertices + 1];
    let kept = || arcs.iter().filter(|arc| counts(arc));
    for arc in kept() {
        starts[arc.from as usize + 1] += 1;
    }
    for vertex in 0..vertices {
        starts[vertex + 1] += starts[vertex];
    }
    // Arcs are sorted by where they come from, so that their heads stand in place already.
    let heads: Vec<u32> = kept().map(|arc| arc.to).collect();
    let mut search = Components {
        order: vec![0; vertices],
        low: vec![0; vertices],
        stack: Vec::new(),
        on_stack: vec![false; vertices],
        found: Vec::new(),
        clock: 0,
    };
    let mut next = starts.clone();
    for root in 0..vertices {
        // What leads nowhere leads back to nothing.
        if search.order[root] != 0 || starts[root] == starts[root + 1] {
            continue;
        }
        search.enter(root);
        let mut path = vec![root];
        while let Some(&at) = path.last() {
            if next[at] < starts[at + 1] {
                let to = heads[next[at]] as usize;
                next[at] += 1;
                if starts[to] == starts[to + 1] {
                    continue;
                }
                if search.order[to] == 0 {
                    search.enter(to);
                    path.push(to);
                } else if search.on_stack[to] {
                    search.low[at] = search.low[at].min(search.order[to]);
                }
                continue;
            }
            path.pop();
            search.leave(at);
            if let Some(&before) = path.last() {
                search.low[before] = search.low[before].min(search.low[at]);
            }
        }
    }
    search.found
}

struct Components {
    order: Vec<u32>,
    low: Vec<u32>,
    stack: Vec<u32>,
    on_stack: Vec<bool>,
    found: Vec<Vec<u32>>,
    clock: u32,
}

impl Components {
    fn enter(&mut self, vertex: usize) {
        self.clock += 1;
        self.order[vertex] = self.clock;
        self.low[vertex] = self.clock;
        self.stack.push(u32::try_from(vertex).unwrap_or(u32::MAX));
        self.on_stack[vertex] = true;
    }

    fn leave(&mut self, vertex: usize) {
        if self.low[vertex] != self.order[vertex] {
            return;
        }
        let mut class = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member as usize] = false;
            class.push(member);
            if member as usize == vertex {
                break;
            }
        }
        if class.len() > 1 {
            self.found.push(class);
        }
    }
}
