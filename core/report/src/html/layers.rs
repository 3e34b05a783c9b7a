//! Where things of a flow stand in a drawing: in layers, sources first, ends last.
//!
//! The textbook way (Sugiyama, Tagawa, Toda 1981): break cycles, layer by longest path, lead long
//! lines through places of their own, order each layer by barycentres, then straighten. The result
//! depends only on the input's order. Absent on purpose: pixels.

use std::collections::BTreeSet;

/// What is to be placed: `count` things, lines between them by position, and which belong last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flow {
    pub(crate) count: usize,
    pub(crate) lines: Vec<(usize, usize)>,
    /// Things drawn in the last layer if no line leaves them.
    pub(crate) last: BTreeSet<usize>,
}

/// A place: which layer, and how far along it (0 is the middle of the drawing, 1 one thing's room).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) layer: usize,
    pub(crate) along: f64,
}

/// Everything placed.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// Where each thing stands.
    pub(crate) things: Vec<Place>,
    /// For each line the places it passes through between its ends, in order.
    pub(crate) bends: Vec<Vec<Place>>,
    pub(crate) layers: usize,
}

/// Sweeps over the layers that order them: orders settle within a few.
const ORDER_SWEEPS: usize = 12;

/// Sweeps that straighten lines.
const STRAIGHTEN_SWEEPS: usize = 16;

/// Room that a passing line takes, where a thing takes 1.
const PASSING_ROOM: f64 = 0.5;

/// Places everything.
pub(crate) fn place(flow: &Flow) -> Placed {
    let forward = forward_lines(flow);
    let layer = layers_of(flow, &forward);
    let mut grid = Grid::new(flow, &layer);
    grid.order();
    let along = grid.straighten();
    let at = |thing: usize| Place {
        layer: grid.layer_of(thing),
        along: along.get(thing).copied().unwrap_or_default(),
    };
    Placed {
        things: (0..flow.count).map(at).collect(),
        bends: grid
            .bends
            .iter()
            .map(|bends| bends.iter().map(|b| at(*b)).collect())
            .collect(),
        layers: grid.rows.len(),
    }
}

/// Lines that a depth-first walk does not find leading back to where it came from.
fn forward_lines(flow: &Flow) -> Vec<(usize, usize)> {
    let out = neighbours(flow.count, &flow.lines);
    let mut state = vec![Seen::Never; flow.count];
    let mut forward = Vec::new();
    for start in 0..flow.count {
        if state.get(start) == Some(&Seen::Never) {
            walk(start, &out, &mut state, &mut forward);
        }
    }
    forward
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    OnTheWay,
    Done,
}

/// One walk, on a stack of its own: drawings are small, but what they are drawn from need not be.
fn walk(start: usize, out: &[Vec<usize>], state: &mut [Seen], forward: &mut Vec<(usize, usize)>) {
    let mut way = vec![(start, 0)];
    set(state, start, Seen::OnTheWay);
    while let Some((thing, next)) = way.last_mut() {
        let from = *thing;
        let Some(&to) = out.get(from).and_then(|ends| ends.get(*next)) else {
            set(state, from, Seen::Done);
            way.pop();
            continue;
        };
        *next += 1;
        match state.get(to) {
            Some(Seen::OnTheWay) | None => {}
            Some(Seen::Done) => forward.push((from, to)),
            Some(Seen::Never) => {
                forward.push((from, to));
                set(state, to, Seen::OnTheWay);
                way.push((to, 0));
            }
        }
    }
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

fn neighbours(count: usize, lines: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); count];
    for (from, to) in lines {
        if let Some(ends) = out.get_mut(*from) {
            ends.push(*to);
        }
    }
    out
}

/// The longest path to each thing, in lines; ends that belong last stand last.
fn layers_of(flow: &Flow, forward: &[(usize, usize)]) -> Vec<usize> {
    let mut layer = vec![0_usize; flow.count];
    for _ in 0..flow.count {
        let mut moved = false;
        for (from, to) in forward {
            let least = layer.get(*from).map_or(0, |l| l + 1);
            if let Some(slot) = layer.get_mut(*to)
                && *slot < least
            {
                *slot = least;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let deepest = layer.iter().copied().max().unwrap_or(0);
    let leaves: BTreeSet<usize> = flow.lines.iter().map(|(from, _)| *from).collect();
    for thing in flow.last.iter().filter(|thing| !leaves.contains(thing)) {
        set(&mut layer, *thing, deepest);
    }
    layer
}

/// Things and passing lines, layer by layer.
struct Grid {
    /// Things first, then passing places, in order within each layer.
    rows: Vec<Vec<usize>>,
    layer: Vec<usize>,
    things: usize,
    /// Links between neighbouring layers, in both directions.
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    bends: Vec<Vec<usize>>,
}

impl Grid {
    fn new(flow: &Flow, layer: &[usize]) -> Self {
        let mut layer = layer.to_vec();
        let mut links = Vec::new();
        let mut bends = Vec::new();
        for (from, to) in &flow.lines {
            let mut through = Vec::new();
            let ends = (layer.get(*from).copied(), layer.get(*to).copied());
            if let (Some(first), Some(last)) = ends
                && first < last
            {
                let mut previous = *from;
                for between in first + 1..last {
                    let passing = layer.len();
                    layer.push(between);
                    links.push((previous, passing));
                    through.push(passing);
                    previous = passing;
                }
                links.push((previous, *to));
            }
            bends.push(through);
        }
        let mut rows = vec![Vec::new(); layer.iter().max().map_or(0, |deepest| deepest + 1)];
        for (thing, at) in layer.iter().enumerate() {
            if let Some(row) = rows.get_mut(*at) {
                row.push(thing);
            }
        }
        let turned: Vec<(usize, usize)> = links.iter().map(|(a, b)| (*b, *a)).collect();
        Self {
            rows,
            things: flow.count,
            before: neighbours(layer.len(), &turned),
            after: neighbours(layer.len(), &links),
            layer,
            bends,
        }
    }

    fn layer_of(&self, thing: usize) -> usize {
        self.layer.get(thing).copied().unwrap_or_default()
    }

    fn room(&self, thing: usize) -> f64 {
        if thing < self.things {
            1.0
        } else {
            PASSING_ROOM
        }
    }

    /// Orders the layers so that few lines cross.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        for sweep in 0..ORDER_SWEEPS {
            let mut rank = self.ranks();
            let down = sweep % 2 == 0;
            let links = if down { &self.before } else { &self.after };
            let mut rows = std::mem::take(&mut self.rows);
            let count = rows.len();
            for step in 0..count {
                let at = if down { step } else { count - 1 - step };
                let Some(row) = rows.get_mut(at) else {
                    continue;
                };
                let pull = |thing: &usize| mean(links.get(*thing), &rank).unwrap_or(f64::NAN);
                let mut keyed: Vec<(f64, usize)> = row.iter().map(|t| (pull(t), *t)).collect();
                fill_gaps(&mut keyed, &rank);
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                *row = keyed.into_iter().map(|(_, thing)| thing).collect();
                for (place, thing) in row.iter().enumerate() {
                    set(&mut rank, *thing, number(place));
                }
            }
            self.rows = rows;
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    fn ranks(&self) -> Vec<f64> {
        let mut rank = vec![0.0; self.layer.len()];
        for row in &self.rows {
            for (place, thing) in row.iter().enumerate() {
                set(&mut rank, *thing, number(place));
            }
        }
        rank
    }

    fn crossings(&self) -> usize {
        let rank = self.ranks();
        let at = |thing: usize| rank.get(thing).copied().unwrap_or_default();
        let mut count = 0;
        for row in &self.rows {
            let mut links = Vec::new();
            for thing in row {
                let ends = self.after.get(*thing).into_iter().flatten();
                links.extend(ends.map(|end| (at(*thing), at(*end))));
            }
            for (place, (a, b)) in links.iter().enumerate() {
                let others = links.iter().skip(place + 1);
                count += others.filter(|(c, d)| (a - c) * (b - d) < 0.0).count();
            }
        }
        count
    }

    /// How far along its layer each thing stands: near its neighbours, in order, with room.
    fn straighten(&self) -> Vec<f64> {
        let mut along = vec![0.0; self.layer.len()];
        for row in &self.rows {
            let wanted = vec![0.0; row.len()];
            self.settle(row, &wanted, &mut along);
        }
        for sweep in 0..STRAIGHTEN_SWEEPS {
            let count = self.rows.len();
            for step in 0..count {
                let at = if sweep % 2 == 0 {
                    step
                } else {
                    count - 1 - step
                };
                let Some(row) = self.rows.get(at) else {
                    continue;
                };
                let wanted: Vec<f64> = row.iter().map(|t| self.wanted(*t, &along)).collect();
                self.settle(row, &wanted, &mut along);
            }
        }
        along
    }

    fn wanted(&self, thing: usize, along: &[f64]) -> f64 {
        let sides = [
            mean(self.before.get(thing), along),
            mean(self.after.get(thing), along),
        ];
        let known: Vec<f64> = sides.into_iter().flatten().collect();
        if known.is_empty() {
            return along.get(thing).copied().unwrap_or_default();
        }
        known.iter().sum::<f64>() / number(known.len())
    }

    /// Puts a layer as near to where its things want to be as their order and room allow: the mean
    /// of pushing from the one end and from the other, which keeps both.
    fn settle(&self, row: &[usize], wanted: &[f64], along: &mut [f64]) {
        let gap = |a: usize, b: usize| f64::midpoint(self.room(a), self.room(b));
        let push = |things: &[(usize, f64)], sign: f64| {
            let mut placed: Vec<f64> = Vec::new();
            let mut previous: Option<(usize, f64)> = None;
            for (thing, want) in things {
                let place = match previous {
                    Some((other, edge)) => (want * sign).max(edge + gap(other, *thing)),
                    None => want * sign,
                };
                previous = Some((*thing, place));
                placed.push(place * sign);
            }
            placed
        };
        let pairs: Vec<(usize, f64)> = row.iter().copied().zip(wanted.iter().copied()).collect();
        let turned: Vec<(usize, f64)> = pairs.iter().rev().copied().collect();
        let near = push(&pairs, 1.0);
        let far = push(&turned, -1.0);
        for ((thing, a), b) in row.iter().zip(near).zip(far.into_iter().rev()) {
            set(along, *thing, f64::midpoint(a, b));
        }
    }
}

/// Things without neighbours keep their place in the order.
fn fill_gaps(keyed: &mut [(f64, usize)], rank: &[f64]) {
    for (key, thing) in keyed {
        if key.is_nan() {
            *key = rank.get(*thing).copied().unwrap_or_default();
        }
    }
}

fn mean(things: Option<&Vec<usize>>, along: &[f64]) -> Option<f64> {
    let things = things?;
    let values: Vec<f64> = things
        .iter()
        .filter_map(|t| along.get(*t))
        .copied()
        .collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / number(values.len()))
}

/// A count of drawn things, as a coordinate.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::{Flow, place};

    fn check(lines: &[(usize, usize)], last: &[usize], expect: &[usize]) {
        let flow = Flow {
            count: expect.len(),
            lines: lines.to_vec(),
            last: last.iter().copied().collect(),
        };
        let placed = place(&flow);
        let layers: Vec<usize> = placed.things.iter().map(|p| p.layer).collect();
        assert_eq!(layers, expect);
        for (a, first) in placed.things.iter().enumerate() {
            for second in placed.things.iter().skip(a + 1) {
                let apart = (first.along - second.along).abs();
                assert!(
                    first.layer != second.layer || apart > 0.999,
                    "two things of a layer never overlap"
                );
            }
        }
    }

    #[test]
    fn sources_stand_first_and_ends_last() {
        check(&[(0, 1), (1, 2), (0, 3)], &[2, 3], &[0, 1, 2, 2]);
        check(&[(0, 1), (1, 2), (0, 2)], &[2], &[0, 1, 2]);
    }

    #[test]
    fn a_cycle_is_drawn_and_not_walked_for_ever() {
        check(&[(0, 1), (1, 2), (2, 1), (2, 3)], &[3], &[0, 1, 2, 3]);
    }

    #[test]
    fn nothing_is_placed_nowhere() {
        check(&[], &[], &[]);
    }

    #[test]
    fn two_parallel_ways_do_not_cross() {
        let flow = Flow {
            count: 6,
            lines: vec![(0, 3), (1, 2), (2, 4), (3, 5)],
            last: [4, 5].into_iter().collect(),
        };
        let placed = place(&flow);
        let below = |a: usize, b: usize| placed.things[a].along < placed.things[b].along;
        assert_eq!(below(0, 1), below(3, 2));
        assert_eq!(below(3, 2), below(5, 4));
    }
}
