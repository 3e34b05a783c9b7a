//! Vertices that some best cut leaves on the same side, made one.
//!
//! Each reason is exact. Vertices that lead to each other by arcs that nothing closes are reached
//! together. So are a vertex and the only one that leads to it, if nothing closes that; and, seen from
//! the sink, a vertex and the only one it leads to. Cutting an arc of its own price never beats cutting
//! all that leaves its head, if that is not dearer, and so may be forbidden; likewise all that enters
//! its tail. And vertices that colour refinement cannot tell apart (see [`super::alike`]) may be cut all
//! or none.

use super::{
    alike,
    field::{Arc, FREE},
};

/// Rounds of merging. Each is linear, and what more would bring is small.
const ROUNDS_MAX: usize = 24;
/// The round after which vertices that are alike are made one, if nothing is left to do before.
const ALIKE_AFTER: usize = 8;

/// Fewer vertices that stand for those of a field.
#[derive(Debug, Clone)]
pub(super) struct Merged {
    /// For each vertex of the field the one that stands for it.
    pub(super) stands: Vec<u32>,
    pub(super) vertices: usize,
    pub(super) arcs: Vec<Arc>,
    /// Sets of shared steps that close the same arcs, by number; the first is empty.
    pub(super) sets: Vec<Vec<usize>>,
    /// For each set of the field the one that stands for it; none if its arcs are gone.
    pub(super) numbers: Vec<Option<u32>>,
}

impl Merged {
    /// Merges arcs as long as it helps.
    pub(super) fn new(vertices: usize, arcs: &[Arc], sets: &[Vec<usize>]) -> Self {
        let identity: Vec<u32> = (0..u32::try_from(vertices).unwrap_or(u32::MAX)).collect();
        let mut merged = Self {
            arcs: quotient(arcs, &identity),
            stands: identity,
            vertices,
            sets: sets.to_vec(),
            numbers: (0..).take(sets.len()).map(Some).collect(),
        };
        merged.settle();
        merged
    }

    /// Merges as long as it helps.
    pub(super) fn settle(&mut self) {
        let mut tried_alike = false;
        let mut still = 0;
        // Whether anything changed since it was last seen that nothing more goes together.
        let mut is_open = true;
        for round in 0..ROUNDS_MAX {
            let freed = match round % 3 {
                0 => self.free(End::Head),
                1 => self.free(End::Tail),
                _ => false,
            };
            is_open |= freed;
            let mut changed = freed;
            if is_open {
                let mut sides = Sides::new(self.vertices);
                together(self, &mut sides);
                is_open = sides.changed;
                if sides.changed {
                    changed = true;
                    self.apply(&sides.numbered());
                }
            }
            still = if changed { 0 } else { still + 1 };
            if !tried_alike && (still == 3 || round == ALIKE_AFTER) {
                tried_alike = true;
                if let Some(classes) = alike::classes(self.vertices, &self.arcs) {
                    changed = true;
                    is_open = true;
                    still = 0;
                    self.apply(&classes);
                }
            }
            if !changed && still >= 3 {
                break;
            }
        }
    }

    /// Takes one more step of merging: for each vertex, the number of its class.
    pub(super) fn apply(&mut self, classes: &[u32]) {
        for stand in &mut self.stands {
            *stand = classes[*stand as usize];
        }
        let last = classes.iter().copied().max().unwrap_or(1);
        self.vertices = last.max(1) as usize + 1;
        self.arcs = quotient(&self.arcs, classes);
    }

    /// Frees arcs that need not be cut because what lies behind the end is no dearer. Whatever is relied
    /// on stays as it is in the same round. Tells whether there were any.
    fn free(&mut self, end: End) -> bool {
        let mut sums = vec![0_i64; self.vertices];
        for arc in &self.arcs {
            let sum = match end {
                End::Head => &mut sums[arc.from as usize],
                End::Tail => &mut sums[arc.to as usize],
            };
            *sum = sum.saturating_add(arc.capacity);
        }
        let (mut relied, mut freed) = (vec![false; self.vertices], vec![false; self.vertices]);
        let mut any = false;
        for arc in &mut self.arcs {
            if arc.set != 0 || arc.capacity == FREE {
                continue;
            }
            let (near, behind, last) = match end {
                End::Head => (arc.from as usize, arc.to as usize, 1),
                End::Tail => (arc.to as usize, arc.from as usize, 0),
            };
            let cheap = behind != last && sums[behind] <= arc.capacity;
            if cheap && !relied[near] && !freed[behind] {
                relied[behind] = true;
                freed[near] = true;
                arc.capacity = FREE;
                any = true;
            }
        }
        any
    }
}

/// Which end of an arc is looked behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All that leaves where it leads.
    Head,
    /// All that enters where it comes from.
    Tail,
}

/// Arcs between classes: free ones count once and swallow others that the same steps close.
fn quotient(arcs: &[Arc], classes: &[u32]) -> Vec<Arc> {
    let mut between: Vec<Arc> = arcs
        .iter()
        .map(|arc| Arc {
            from: classes[arc.from as usize],
            to: classes[arc.to as usize],
            ..*arc
        })
        .filter(|arc| arc.from != arc.to && arc.to != 0 && arc.from != 1)
        .collect();
    sort(&mut between);
    let same = |a: &Arc, b: &Arc| (a.from, a.to, a.set) == (b.from, b.to, b.set);
    let mut out: Vec<Arc> = Vec::with_capacity(between.len());
    for group in between.chunk_by(same) {
        let Some(&first) = group.first() else {
            continue;
        };
        let is_free = group.iter().any(|arc| arc.capacity == FREE);
        let sum = || group.iter().map(|arc| arc.capacity).sum();
        out.push(Arc {
            capacity: if is_free { FREE } else { sum() },
            ..first
        });
    }
    out
}

/// Sorts arcs: by counting where they come from, and then those of each vertex, which are few.
fn sort(arcs: &mut Vec<Arc>) {
    let last = arcs.iter().map(|arc| arc.from as usize).max();
    let mut next = vec![0_usize; last.map_or(0, |last| last + 2)];
    for arc in arcs.iter() {
        next[arc.from as usize + 1] += 1;
    }
    for vertex in 1..next.len() {
        next[vertex] += next[vertex - 1];
    }
    let mut sorted = arcs.clone();
    for arc in arcs.iter() {
        let place = &mut next[arc.from as usize];
        sorted[*place] = *arc;
        *place += 1;
    }
    for group in sorted.chunk_by_mut(|a, b| a.from == b.from) {
        group.sort_unstable();
    }
    *arcs = sorted;
}

/// Which vertices go together: a forest of representatives.
pub(super) struct Sides {
    parent: Vec<u32>,
    pub(super) changed: bool,
}

impl Sides {
    pub(super) fn new(vertices: usize) -> Self {
        Self {
            parent: (0..u32::try_from(vertices).unwrap_or(u32::MAX)).collect(),
            changed: false,
        }
    }

    fn root(&mut self, vertex: u32) -> u32 {
        let mut at = vertex;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    /// The lower number stands for both, so that source and sink keep theirs.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b && a.max(b) > 1 {
            self.changed = true;
            self.parent[a.max(b) as usize] = a.min(b);
        }
    }

    /// A number for each class, source and sink first.
    pub(super) fn numbered(mut self) -> Vec<u32> {
        let mut numbers = vec![u32::MAX; self.parent.len()];
        let mut next = 0;
        for vertex in 0..u32::try_from(self.parent.len()).unwrap_or(u32::MAX) {
            let root = self.root(vertex) as usize;
            if numbers[root] == u32::MAX {
                numbers[root] = next;
                next += 1;
            }
            numbers[vertex as usize] = numbers[root];
        }
        numbers
    }
}

/// Whether nothing closes an arc.
fn is_bare(arc: &Arc) -> bool {
    arc.set == 0 && arc.capacity == FREE
}

/// Joins what is reached together. A vertex goes with the only one that leads to it or with the only one
/// it leads to, never with both: each by itself costs nothing, while both would join what lies before it
/// with what lies behind.
fn together(merged: &Merged, sides: &mut Sides) {
    let vertices = merged.vertices;
    let (mut into, mut out) = (vec![0_u32; vertices], vec![0_u32; vertices]);
    for arc in &merged.arcs {
        into[arc.to as usize] += 1;
        out[arc.from as usize] += 1;
    }
    let bare = || merged.arcs.iter().filter(|arc| is_bare(arc));
    let mut goes_back = vec![false; vertices];
    for arc in bare().filter(|arc| into[arc.to as usize] == 1) {
        goes_back[arc.to as usize] = true;
        sides.join(arc.from, arc.to);
    }
    for arc in bare().filter(|arc| out[arc.from as usize] == 1) {
        if !goes_back[arc.from as usize] {
            sides.join(arc.from, arc.to);
        }
    }
    for class in alike::strongly_connected(vertices, &merged.arcs, is_bare) {
        for pair in class.windows(2) {
            sides.join(pair[0], pair[1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::field::{Arc, FREE},
        Merged,
    };

    #[test]
    fn what_a_vertex_between_two_leads_to_and_comes_from_stays_apart() {
        // 2 leads through 3 to 4 freely; 4 is reached from the source too, and leads to 2 only past a step.
        let ways = [
            (0, 2, 1),
            (0, 4, 2),
            (2, 1, 3),
            (2, 3, 0),
            (3, 4, 0),
            (4, 2, 4),
            (4, 1, 5),
        ];
        let arc = |(from, to, set)| Arc {
            from,
            to,
            set,
            capacity: FREE,
        };
        let sets: Vec<Vec<usize>> = (0..6)
            .map(|set| (1..=set).filter(|s| *s == set).collect())
            .collect();
        let merged = Merged::new(5, &ways.map(arc), &sets);
        let [.., two, three, four] = merged.stands.as_slice() else {
            unreachable!("five vertices");
        };
        assert_ne!(two, four);
        assert_eq!(three, two);
    }
}
