//! Flows of most value when passing an arc has a length, and what is left to reach beside them.
//!
//! Every unit that gets from the source to the sink is worth what its way is shorter than the limit.
//! Ways are filled from the shortest on: a search by distance (Dial 1969) over what is left, then a
//! flow that blocks all ways of that distance (Dinic 1970). Any flow that keeps to the capacities is a
//! bound (see [`super::search`]), so that lengths may be as coarse as is convenient. Whole numbers only.

use std::ops::Range;

use super::field::{Arc, FREE};

/// The arcs, laid out for walking in both directions.
#[derive(Debug)]
pub(super) struct Network {
    starts: Vec<u32>,
    slots: Vec<Slot>,
    arcs: usize,
    /// By set of shared steps, the pools that passing its arcs draws on.
    sets: Vec<Vec<usize>>,
    /// By pool, the sets that draw on it.
    drawing: Vec<Vec<u32>>,
}

/// One direction of an arc, at the vertex it leaves. All that a walk asks for lies together: it sees each
/// but once, and waits for memory at each.
#[derive(Debug, Clone, Copy)]
struct Slot {
    to: u32,
    /// The other direction.
    pair: u32,
    /// Twice the arc's number, and one more if this goes against it.
    arc: u32,
    /// The number of the pools that it draws on together with others.
    set: u32,
    /// What may still pass.
    left: i64,
}

impl Slot {
    const fn is_forth(self) -> bool {
        self.arc.is_multiple_of(2)
    }
}

/// What arcs let through, and how long they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'t> {
    /// By set, what its arcs let through that have no capacity of their own.
    pub(super) free: &'t [i64],
    /// By set, how long its arcs are.
    pub(super) length: &'t [u32],
    /// Ways as long as this are worth nothing.
    pub(super) limit: u32,
    /// More flow than this is not wanted.
    pub(super) most: i64,
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
    /// Lays out arcs, whose sets draw on so many pools.
    pub(super) fn new(vertices: usize, arcs: &[Arc], sets: &[Vec<usize>], pools: usize) -> Self {
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
            set: 0,
            left: 0,
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
                set: arc.set,
                left: arc.capacity,
            };
            slots[back as usize] = Slot {
                to: arc.from,
                pair: forth,
                arc: 2 * number + 1,
                set: arc.set,
                left: 0,
            };
        }
        let mut drawing = vec![Vec::new(); pools];
        for (set, steps) in (0_u32..).zip(sets) {
            for &step in steps {
                drawing[step].push(set);
            }
        }
        Self {
            starts,
            slots,
            arcs: arcs.len(),
            sets: sets.to_vec(),
            drawing,
        }
    }

    /// The flow of most value.
    pub(super) fn flow(&self, terms: &Terms<'_>) -> Flow {
        let mut run = Run::new(self, terms);
        run.fill();
        run.done()
    }

    /// The flow of most value within narrower capacities by arc first, and what more there is beside it then.
    /// No arc may have a length: what was far may come near again.
    pub(super) fn flow_first_within(&self, narrow: &[i64], terms: &Terms<'_>) -> Flow {
        let mut run = Run::new(self, terms);
        let mut kept = vec![0; self.arcs];
        for slot in run.slots.iter_mut().filter(|slot| slot.is_forth()) {
            let arc = slot.arc as usize / 2;
            let now = slot.left.min(narrow[arc]);
            kept[arc] = slot.left - now;
            slot.left = now;
        }
        run.fill();
        for slot in run.slots.iter_mut().filter(|slot| slot.is_forth()) {
            slot.left += kept[slot.arc as usize / 2];
        }
        run.far.fill(0);
        run.fill();
        run.done()
    }
}

/// Where the sink was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// As near as it was: the layers lead to it.
    Near,
    /// Further off.
    Further,
    /// Not within the limit.
    Nowhere,
}

/// One computation of a flow.
struct Run<'n> {
    net: &'n Network,
    terms: &'n Terms<'n>,
    /// As those of the network, with what is left.
    slots: Vec<Slot>,
    /// By vertex, how far it was from the source when last looked; never falls.
    far: Vec<u32>,
    /// By vertex, how much further it has become, while that is looked for.
    beyond: Vec<u32>,
    /// Vertices to look at, by how much further they have become.
    queues: Vec<Vec<u32>>,
    /// By vertex, how many tight slots lead there.
    level: Vec<u32>,
    next: Vec<u32>,
    path: Vec<u32>,
    pools: Vec<i64>,
    /// By set, how many of its pools are empty.
    empty: Vec<u32>,
    total: i64,
    work: u64,
}

impl<'n> Run<'n> {
    fn new(net: &'n Network, terms: &'n Terms<'n>) -> Self {
        let mut slots = net.slots.clone();
        for slot in slots.iter_mut().filter(|slot| slot.left == FREE) {
            slot.left = terms.free[slot.set as usize];
        }
        let vertices = net.starts.len() - 1;
        let is_empty = |&&pool: &&usize| terms.pools[pool] == 0;
        let empties = net
            .sets
            .iter()
            .map(|set| set.iter().filter(is_empty).count());
        Self {
            slots,
            far: vec![0; vertices],
            beyond: vec![FAR; vertices],
            queues: vec![Vec::new(); terms.limit as usize + 1],
            level: vec![FAR; vertices],
            next: vec![0; vertices],
            path: Vec::new(),
            pools: terms.pools.to_vec(),
            empty: empties.map(|n| u32::try_from(n).unwrap_or(FAR)).collect(),
            net,
            terms,
            total: 0,
            work: 0,
        }
    }

    /// Sends what still fits.
    fn fill(&mut self) {
        let most = self.terms.most;
        while self.total < most {
            match self.look() {
                Found::Near => {
                    let pushed = self.block(most - self.total);
                    self.total += pushed;
                    if pushed == 0 {
                        // Only ways are left that draw on a low pool more than once.
                        return;
                    }
                }
                Found::Further => {}
                Found::Nowhere => return,
            }
        }
    }

    fn done(self) -> Flow {
        let mut through = vec![0; self.net.arcs];
        for slot in self.slots.iter().filter(|slot| !slot.is_forth()) {
            through[slot.arc as usize / 2] = slot.left;
        }
        Flow {
            total: self.total,
            through,
            far: self.far,
            work: self.work,
        }
    }

    fn range(&self, vertex: usize) -> Range<usize> {
        self.net.starts[vertex] as usize..self.net.starts[vertex + 1] as usize
    }

    /// How much further a slot leads, beyond what is known of both its ends.
    fn excess(&self, from: usize, slot: Slot) -> u32 {
        let length = self.terms.length[slot.set as usize];
        let (from, to) = (self.far[from], self.far[slot.to as usize]);
        if slot.is_forth() {
            (from.saturating_add(length)).saturating_sub(to)
        } else {
            // A way back is only open where flow passed, which it did along a shortest way.
            from.saturating_sub(to.saturating_add(length))
        }
    }

    /// Whether anything more may pass.
    fn is_open(&self, slot: Slot) -> bool {
        slot.left > 0 && (slot.set == 0 || !slot.is_forth() || self.empty[slot.set as usize] == 0)
    }

    /// Numbers vertices by how many tight slots lead to them. If the sink is not reached so, finds how far
    /// everything is now, as far as the sink.
    fn look(&mut self) -> Found {
        self.level.fill(FAR);
        self.beyond.fill(FAR);
        for queue in &mut self.queues {
            queue.clear();
        }
        if self.layer() {
            return Found::Near;
        }
        let found = self.approach();
        let limit = self.terms.limit;
        for (far, beyond) in self.far.iter_mut().zip(&self.beyond) {
            *far = far.saturating_add(*beyond.min(&found)).min(limit);
        }
        if self.far[SINK] < limit {
            Found::Further
        } else {
            Found::Nowhere
        }
    }

    /// Layers what tight slots lead to, and queues what others do; whether the sink is reached.
    fn layer(&mut self) -> bool {
        self.level[SOURCE] = 0;
        self.beyond[SOURCE] = 0;
        let mut open = std::mem::take(&mut self.path);
        open.clear();
        open.push(0);
        let mut first = 0;
        let mut is_reached = false;
        'all: while let Some(&vertex) = open.get(first) {
            first += 1;
            let from = vertex as usize;
            for place in self.range(from) {
                self.work += 1;
                let slot = self.slots[place];
                let to = slot.to as usize;
                if self.beyond[to] == 0 || !self.is_open(slot) {
                    continue;
                }
                let excess = self.excess(from, slot);
                if excess > 0 {
                    self.queue(to, excess);
                } else if self.far[to] < self.terms.limit {
                    self.beyond[to] = 0;
                    self.level[to] = self.level[from] + 1;
                    if to == SINK {
                        is_reached = true;
                        break 'all;
                    }
                    open.push(slot.to);
                }
            }
        }
        self.path = open;
        is_reached
    }

    /// Queues a vertex if it is nearer so than was known, and near enough to be of worth.
    fn queue(&mut self, vertex: usize, beyond: u32) {
        let is_worth = beyond.saturating_add(self.far[vertex]) < self.terms.limit;
        if is_worth && beyond < self.beyond[vertex] {
            self.beyond[vertex] = beyond;
            let number = u32::try_from(vertex).unwrap_or(FAR);
            self.queues[beyond as usize].push(number);
        }
    }

    /// Goes on from what is queued, the nearest first, until the sink is found: how much further it has
    /// become. Whatever is further off has become at least so much further.
    fn approach(&mut self) -> u32 {
        for at in 1..self.terms.limit {
            while let Some(vertex) = self.queues[at as usize].pop() {
                let from = vertex as usize;
                if self.beyond[from] != at {
                    continue;
                }
                if from == SINK {
                    return at;
                }
                for place in self.range(from) {
                    self.work += 1;
                    let slot = self.slots[place];
                    let to = slot.to as usize;
                    if self.beyond[to] > at && self.is_open(slot) {
                        let beyond = at + self.excess(from, slot);
                        self.queue(to, beyond);
                    }
                }
            }
        }
        FAR
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
                    let slot = &mut self.slots[place];
                    slot.left -= amount;
                    let slot = *slot;
                    self.slots[slot.pair as usize].left += amount;
                    if slot.set != 0 {
                        self.draw(slot, amount);
                    }
                }
                return amount;
            }
            // A pool is too low to be drawn on as often as this way does: not through its last arc.
            let mut back = self.path.iter().rev();
            let Some(&last) = back.find(|&&place| self.draws(place as usize)) else {
                return 0;
            };
            let from = self.origin(last as usize);
            self.next[from] += 1;
        }
        0
    }

    /// The vertex that a slot leaves.
    fn origin(&self, place: usize) -> usize {
        let pair = self.slots[place].pair as usize;
        self.slots[pair].to as usize
    }

    /// Finds a way from the source to the sink along the layers, as the path; whether there is one.
    fn walk(&mut self) -> bool {
        self.path.clear();
        let mut at = SOURCE;
        while at != SINK {
            let end = self.net.starts[at + 1];
            let onward = self.level[at].saturating_add(1);
            let mut found = None;
            while self.next[at] < end {
                self.work += 1;
                let slot = self.slots[self.next[at] as usize];
                let to = slot.to as usize;
                if self.level[to] == onward && self.is_open(slot) && self.excess(at, slot) == 0 {
                    found = Some(to);
                    break;
                }
                self.next[at] += 1;
            }
            if let Some(to) = found {
                self.path.push(self.next[at]);
                at = to;
            } else {
                let Some(place) = self.path.pop() else {
                    return false;
                };
                at = self.origin(place as usize);
                self.next[at] += 1;
            }
        }
        true
    }

    fn draws(&self, place: usize) -> bool {
        let slot = self.slots[place];
        slot.set != 0 && slot.is_forth()
    }

    fn draw(&mut self, slot: Slot, amount: i64) {
        let net = self.net;
        for &pool in &net.sets[slot.set as usize] {
            let before = self.pools[pool];
            if before == ENDLESS {
                continue;
            }
            let sign = if slot.is_forth() { -1 } else { 1 };
            let after = before + sign * amount;
            self.pools[pool] = after;
            if (before == 0) != (after == 0) {
                for &set in &net.drawing[pool] {
                    let empty = &mut self.empty[set as usize];
                    *empty = if after == 0 { *empty + 1 } else { *empty - 1 };
                }
            }
        }
    }

    /// The most that fits along the path, a pool that it draws on several times counting so often.
    fn fitting(&self, most: i64) -> i64 {
        let mut amount = most;
        let mut uses: Vec<usize> = Vec::new();
        for &place in &self.path {
            let slot = self.slots[place as usize];
            amount = amount.min(slot.left);
            if self.draws(place as usize) {
                uses.extend(&self.net.sets[slot.set as usize]);
            }
        }
        uses.sort_unstable();
        for times in uses.chunk_by(|a, b| a == b) {
            if let (Some(&pool), Ok(times)) = (times.first(), i64::try_from(times.len())) {
                amount = amount.min(self.pools[pool] / times);
            }
        }
        amount
    }
}
