//! Flows of most value when passing an arc has a length, and what is left to reach beside them.
//!
//! Every unit that gets from the source to the sink is worth what its way is shorter than the limit.
//! Ways are filled from the shortest on: a search by distance (Dial 1969) over what is left, then a
//! flow that blocks all ways of that distance (Dinic 1970). Any flow that keeps to the capacities is a
//! bound (see [`super::search`]), so that lengths may be as coarse as is convenient. Whole numbers only.

use super::field::Arc;

/// The arcs, laid out for walking in both directions.
#[derive(Debug)]
pub(super) struct Network {
    starts: Vec<u32>,
    slots: Vec<Slot>,
    arcs: usize,
}

/// One direction of an arc, at the vertex it leaves.
#[derive(Debug, Clone, Copy)]
struct Slot {
    to: u32,
    /// The other direction.
    pair: u32,
    /// Twice the arc's number, and one more if this goes against it.
    arc: u32,
}

/// What arcs let through, and how long they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'t> {
    /// By arc.
    pub(super) capacity: &'t [i64],
    /// By arc.
    pub(super) length: &'t [u32],
    /// Ways as long as this are worth nothing.
    pub(super) limit: u32,
    /// More flow than this is not wanted.
    pub(super) most: i64,
    /// By arc, the number of the pools that it draws on together with others.
    pub(super) set: &'t [u32],
    /// By that number, the pools.
    pub(super) sets: &'t [Vec<usize>],
    /// What each pool holds.
    pub(super) pools: &'t [i64],
}

/// A pool that is never empty.
pub(super) const ENDLESS: i64 = i64::MAX;

/// A flow.
#[derive(Debug)]
pub(super) struct Flow {
    /// How much arrives.
    pub(super) total: i64,
    /// By arc.
    pub(super) through: Vec<i64>,
    /// By vertex, how far it is by what is left; the limit if that is not less.
    pub(super) far: Vec<u32>,
    /// Slots looked at.
    pub(super) work: u64,
}

const SOURCE: usize = 0;
const SINK: usize = 1;
const FAR: u32 = u32::MAX;

impl Network {
    pub(super) fn new(vertices: usize, arcs: &[Arc]) -> Self {
        let mut starts = vec![0_u32; vertices + 1];
        for arc in arcs {
            starts[arc.from as usize + 1] += 1;
            starts[arc.to as usize + 1] += 1;
        }
        for vertex in 0..vertices {
            starts[vertex + 1] += starts[vertex];
        }
        let mut next = starts.clone();
        let empty = Slot {
            to: 0,
            pair: 0,
            arc: 0,
        };
        let mut slots = vec![empty; 2 * arcs.len()];
        for (number, arc) in (0_u32..).zip(arcs) {
            let (forth, back) = (next[arc.from as usize], next[arc.to as usize]);
            next[arc.from as usize] += 1;
            // An arc never leads back to its own vertex, so the two places differ.
            next[arc.to as usize] += 1;
            slots[forth as usize] = Slot {
                to: arc.to,
                pair: back,
                arc: 2 * number,
            };
            slots[back as usize] = Slot {
                to: arc.from,
                pair: forth,
                arc: 2 * number + 1,
            };
        }
        Self {
            starts,
            slots,
            arcs: arcs.len(),
        }
    }

    /// The flow of most value.
    pub(super) fn flow(&self, terms: &Terms<'_>) -> Flow {
        let mut run = Run::new(self, terms);
        run.fill();
        run.done()
    }

    /// The flow of most value within narrower capacities first, and what more there is beside it then.
    /// No arc may have a length: what was far may come near again.
    pub(super) fn flow_first_within(&self, narrow: &[i64], terms: &Terms<'_>) -> Flow {
        let least = terms.capacity.iter().zip(narrow);
        let capacity: Vec<i64> = least.map(|(&full, &narrow)| full.min(narrow)).collect();
        let first = Terms {
            capacity: &capacity,
            ..*terms
        };
        let mut run = Run::new(self, &first);
        run.fill();
        for (slot, left) in self.slots.iter().zip(&mut run.left) {
            if slot.arc % 2 == 0 {
                let arc = slot.arc as usize / 2;
                *left += terms.capacity[arc] - capacity[arc];
            }
        }
        run.far.fill(0);
        run.fill();
        run.done()
    }
}

/// One computation of a flow.
struct Run<'n> {
    net: &'n Network,
    terms: &'n Terms<'n>,
    /// By slot, what may still pass.
    left: Vec<i64>,
    /// By vertex, how far it was from the source when last looked; never falls.
    far: Vec<u32>,
    level: Vec<u32>,
    next: Vec<u32>,
    path: Vec<u32>,
    pools: Vec<i64>,
    total: i64,
    work: u64,
}

impl<'n> Run<'n> {
    fn new(net: &'n Network, terms: &'n Terms<'n>) -> Self {
        let capacity = |slot: &Slot| match slot.arc % 2 {
            0 => terms.capacity[slot.arc as usize / 2],
            _ => 0,
        };
        let vertices = net.starts.len() - 1;
        Self {
            left: net.slots.iter().map(capacity).collect(),
            far: vec![0; vertices],
            level: vec![FAR; vertices],
            next: vec![0; vertices],
            path: Vec::new(),
            pools: terms.pools.to_vec(),
            net,
            terms,
            total: 0,
            work: 0,
        }
    }

    /// Sends what still fits.
    fn fill(&mut self) {
        let most = self.terms.most;
        while self.approach() && self.total < most {
            let before = self.total;
            while self.total < most && self.layer() {
                let pushed = self.block(most - self.total);
                self.total += pushed;
                if pushed == 0 {
                    break;
                }
            }
            if self.total == before {
                // Only ways are left that draw on a low pool more than once.
                break;
            }
        }
    }

    fn done(self) -> Flow {
        let mut through = vec![0; self.net.arcs];
        for (slot, left) in self.net.slots.iter().zip(&self.left) {
            if slot.arc % 2 == 1 {
                through[slot.arc as usize / 2] = *left;
            }
        }
        Flow {
            total: self.total,
            through,
            far: self.far,
            work: self.work,
        }
    }

    fn range(&self, vertex: usize) -> std::ops::Range<usize> {
        self.net.starts[vertex] as usize..self.net.starts[vertex + 1] as usize
    }

    /// How much further a slot leads, beyond what is known of both its ends.
    fn excess(&self, from: usize, slot: Slot) -> u32 {
        let length = self.terms.length[slot.arc as usize / 2];
        let (from, to) = (self.far[from], self.far[slot.to as usize]);
        match slot.arc % 2 {
            0 => (from.saturating_add(length)).saturating_sub(to),
            // A way back is only open where flow passed, which it did along a shortest way.
            _ => from.saturating_sub(to.saturating_add(length)),
        }
    }

    /// Finds how far everything is now; whether the sink is nearer than the limit.
    fn approach(&mut self) -> bool {
        let limit = self.terms.limit as usize;
        let mut beyond = vec![FAR; self.far.len()];
        let mut queues: Vec<Vec<u32>> = vec![Vec::new(); limit + 1];
        beyond[SOURCE] = 0;
        queues[0].push(0);
        let mut at = 0;
        while at < limit {
            let Some(vertex) = queues[at].pop() else {
                at += 1;
                continue;
            };
            let from = vertex as usize;
            if beyond[from] as usize != at {
                continue;
            }
            for place in self.range(from) {
                self.work += 1;
                if !self.is_open(place) {
                    continue;
                }
                let slot = self.net.slots[place];
                let reach = at + self.excess(from, slot) as usize;
                let to = slot.to as usize;
                if reach + (self.far[to] as usize) < limit && reach < beyond[to] as usize {
                    beyond[to] = u32::try_from(reach).unwrap_or(FAR);
                    queues[reach].push(slot.to);
                }
            }
        }
        for (far, beyond) in self.far.iter_mut().zip(beyond) {
            *far = match beyond {
                FAR => self.terms.limit,
                beyond => far.saturating_add(beyond).min(self.terms.limit),
            };
        }
        self.far[SINK] < self.terms.limit
    }

    /// The pools that passing a slot draws on.
    fn drawn(&self, slot: Slot) -> &'n [usize] {
        &self.terms.sets[self.terms.set[slot.arc as usize / 2] as usize]
    }

    /// Whether anything more may pass.
    fn is_open(&self, place: usize) -> bool {
        let slot = self.net.slots[place];
        self.left[place] > 0
            && (slot.arc % 2 == 1 || self.drawn(slot).iter().all(|&pool| self.pools[pool] > 0))
    }

    /// Whether a slot is open and part of a shortest way.
    fn is_tight(&self, from: usize, place: usize) -> bool {
        self.excess(from, self.net.slots[place]) == 0 && self.is_open(place)
    }

    /// Numbers vertices by how many tight slots lead to them; whether the sink is reached.
    fn layer(&mut self) -> bool {
        self.level.fill(FAR);
        self.level[SOURCE] = 0;
        let mut queue = vec![0_u32];
        let mut first = 0;
        while let Some(&vertex) = queue.get(first) {
            first += 1;
            let from = vertex as usize;
            for place in self.range(from) {
                self.work += 1;
                let to = self.net.slots[place].to;
                if self.level[to as usize] == FAR
                    && self.far[to as usize] < self.terms.limit
                    && self.is_tight(from, place)
                {
                    self.level[to as usize] = self.level[from] + 1;
                    if to as usize == SINK {
                        return true;
                    }
                    queue.push(to);
                }
            }
        }
        false
    }

    /// Fills the layers.
    fn block(&mut self, most: i64) -> i64 {
        let last = self.net.starts.len() - 1;
        self.next.copy_from_slice(&self.net.starts[..last]);
        let mut total = 0;
        loop {
            let pushed = self.push(most - total);
            total += pushed;
            if pushed == 0 || total >= most {
                return total;
            }
        }
    }

    /// Sends as much as fits along one more way of the layers.
    fn push(&mut self, most: i64) -> i64 {
        while self.walk() {
            let amount = self.fitting(most);
            if amount > 0 {
                for step in 0..self.path.len() {
                    let place = self.path[step] as usize;
                    let slot = self.net.slots[place];
                    self.left[place] -= amount;
                    self.left[slot.pair as usize] += amount;
                    self.draw(slot, amount);
                }
                return amount;
            }
            // A pool is too low to be drawn on as often as this way does: not through its last arc.
            let last = self
                .path
                .iter()
                .rev()
                .find(|&&place| self.draws(place as usize));
            let Some(&last) = last else {
                return 0;
            };
            let pair = self.net.slots[last as usize].pair as usize;
            self.next[self.net.slots[pair].to as usize] += 1;
        }
        0
    }

    /// Finds a way from the source to the sink along the layers, as the path; whether there is one.
    fn walk(&mut self) -> bool {
        self.path.clear();
        let mut at = SOURCE;
        while at != SINK {
            let end = self.net.starts[at + 1];
            let mut onward = None;
            while self.next[at] < end {
                self.work += 1;
                let place = self.next[at] as usize;
                let to = self.net.slots[place].to as usize;
                if self.level[to] == self.level[at].saturating_add(1) && self.is_tight(at, place) {
                    onward = Some((place, to));
                    break;
                }
                self.next[at] += 1;
            }
            if let Some((place, to)) = onward {
                self.path.push(u32::try_from(place).unwrap_or(FAR));
                at = to;
            } else {
                let Some(place) = self.path.pop() else {
                    return false;
                };
                at = self.net.slots[self.net.slots[place as usize].pair as usize].to as usize;
                self.next[at] += 1;
            }
        }
        true
    }

    fn draws(&self, place: usize) -> bool {
        let slot = self.net.slots[place];
        slot.arc.is_multiple_of(2) && !self.drawn(slot).is_empty()
    }

    fn draw(&mut self, slot: Slot, amount: i64) {
        for &pool in self.drawn(slot) {
            let left = &mut self.pools[pool];
            if *left == ENDLESS {
                continue;
            }
            *left += if slot.arc.is_multiple_of(2) {
                -amount
            } else {
                amount
            };
        }
    }

    /// The most that fits along the path, a pool that it draws on several times counting so often.
    fn fitting(&self, most: i64) -> i64 {
        let slots = || self.path.iter().map(|&place| place as usize);
        let mut amount = slots()
            .map(|place| self.left[place])
            .min()
            .unwrap_or(0)
            .min(most);
        let mut uses: Vec<usize> = slots()
            .map(|place| self.net.slots[place])
            .filter(|slot| slot.arc.is_multiple_of(2))
            .flat_map(|slot| self.drawn(slot).iter().copied())
            .collect();
        uses.sort_unstable();
        for times in uses.chunk_by(|a, b| a == b) {
            if let (Some(&pool), Ok(times)) = (times.first(), i64::try_from(times.len())) {
                amount = amount.min(self.pools[pool] / times);
            }
        }
        amount
    }
}
