//! Whether rules were met in order, told from what came last instead of from the whole window.
//!
//! For each length of the order, a chain remembers the latest moment at which records could have
//! begun that meet the first so many rules one after the other. A later beginning is never worse,
//! because it leaves the window later. A record that comes can only lengthen what is remembered, so that the
//! cost of a record does not depend on how many the window has.
//!
//! Records of one instant serve in any order: logs rarely tell which of two things in one second
//! came first. But each serves for one step only, so that which record serves for which is a
//! matter of assigning them, and they are assigned anew when one joins: if any assignment will do,
//! it is found.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::Timestamp;

/// The rules that a record matches, by their positions.
pub(crate) type Positions = BTreeSet<usize>;

/// How far one order has come.
#[derive(Debug)]
pub(super) struct Chain {
    /// The positions of the rules, in order; never empty.
    sequence: Vec<usize>,
    /// The latest beginning of each length, shortest first, by what came before the newest instant.
    before: Vec<Option<Timestamp>>,
    /// The same with the newest instant.
    reached: Vec<Option<Timestamp>>,
    newest: Timestamp,
    /// The records of the newest instant that can matter: how many match exactly these rules.
    instant: BTreeMap<Positions, usize>,
    /// How many of those each position has.
    choices: BTreeMap<usize, usize>,
}

impl Chain {
    pub(super) fn new(sequence: Vec<usize>) -> Self {
        Self {
            before: vec![None; sequence.len()],
            reached: vec![None; sequence.len()],
            newest: Timestamp::MIN,
            instant: BTreeMap::new(),
            choices: BTreeMap::new(),
            sequence,
        }
    }

    /// Adds a record, which is not older than any before it.
    pub(super) fn add(&mut self, time: Timestamp, positions: &Positions) {
        if time > self.newest {
            self.newest = time;
            self.instant.clear();
            self.choices.clear();
            self.before.clone_from(&self.reached);
        }
        let of_use = |position: &&usize| self.sequence.contains(position);
        let positions: Positions = positions.iter().filter(of_use).copied().collect();
        // A step that can choose among as many records as there are steps finds a free one whatever
        // the others take. So a record all of whose steps can matters no more, and what one instant costs
        // is bounded by the length of the order.
        let enough = self.sequence.len();
        let chosen_from = |position| self.choices.get(position).copied().unwrap_or(0);
        if positions
            .iter()
            .all(|position| chosen_from(position) >= enough)
        {
            return;
        }
        for position in &positions {
            *self.choices.entry(*position).or_default() += 1;
        }
        *self.instant.entry(positions).or_default() += 1;
        self.lengthen();
    }

    /// When the latest records began that meet the whole order.
    pub(super) fn whole(&self) -> Option<Timestamp> {
        self.reached.last().copied().flatten()
    }

    /// Finds what the newest instant adds to each length that was reached before it.
    fn lengthen(&mut self) {
        let beginnings = std::iter::once(Some(self.newest)).chain(self.before.iter().copied());
        for (met, beginning) in beginnings.enumerate() {
            let Some(beginning) = beginning else {
                continue;
            };
            let mut seats = Seats::new(&self.instant);
            let steps = self.sequence.iter().zip(&mut self.reached).skip(met);
            for (position, reached) in steps {
                if !seats.seat(*position) {
                    break;
                }
                *reached = (*reached).max(Some(beginning));
            }
        }
    }
}

/// Records of one instant, each of which serves for one step at most.
struct Seats<'r> {
    groups: Vec<Group<'r>>,
}

/// Records that match the same rules.
struct Group<'r> {
    positions: &'r Positions,
    records: usize,
    /// What they serve for, never more than there are records.
    serving: Vec<usize>,
}

impl<'r> Seats<'r> {
    fn new(instant: &'r BTreeMap<Positions, usize>) -> Self {
        let group = |(positions, records): (&'r Positions, &usize)| Group {
            positions,
            records: *records,
            serving: Vec::new(),
        };
        Self {
            groups: instant.iter().map(group).collect(),
        }
    }

    /// Lets a record serve for one more step, moving others where that frees one; whether it could.
    fn seat(&mut self, position: usize) -> bool {
        self.seat_beyond(position, &mut BTreeSet::new())
    }

    /// As [`Seats::seat`], without the groups already tried: an augmenting path of a matching.
    fn seat_beyond(&mut self, position: usize, tried: &mut BTreeSet<usize>) -> bool {
        for place in 0..self.groups.len() {
            let Some(group) = self.groups.get_mut(place) else {
                break;
            };
            if !group.positions.contains(&position) || !tried.insert(place) {
                continue;
            }
            if group.serving.len() < group.records {
                group.serving.push(position);
                return true;
            }
            for (seat, other) in group.serving.clone().into_iter().enumerate() {
                if self.seat_beyond(other, tried) {
                    let group = self.groups.get_mut(place);
                    if let Some(seat) = group.and_then(|group| group.serving.get_mut(seat)) {
                        *seat = position;
                    }
                    return true;
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Timestamp;
    use proptest::{
        collection::{btree_set, vec},
        prelude::*,
    };

    use super::{Chain, Positions};

    /// Whether the rest of an order is met by records other than those used: every choice is tried.
    fn met(order: &[usize], records: &[(i64, Positions)], used: &mut Vec<usize>) -> bool {
        let Some((first, rest)) = order.split_first() else {
            return true;
        };
        (0..records.len()).any(|place| {
            let (time, positions) = &records[place];
            let last = used.last().map(|last| records[*last].0);
            let serves = positions.contains(first) && !used.contains(&place);
            if !serves || last.is_some_and(|last| *time < last) {
                return false;
            }
            used.push(place);
            let found = met(rest, records, used);
            used.pop();
            found
        })
    }

    proptest! {
        #[test]
        fn an_order_is_met_exactly_where_some_choice_of_records_meets_it(
            order in vec(0_usize..4, 1..5),
            mut records in vec((0_i64..4, btree_set(0_usize..4, 1..4)), 1..9),
            width in 0_i64..5,
        ) {
            records.sort_by_key(|(time, _)| *time);
            let mut chain = Chain::new(order.clone());
            for (place, (now, positions)) in records.iter().enumerate() {
                chain.add(Timestamp::from_second(*now).unwrap(), positions);
                let oldest = Timestamp::from_second(now - width).unwrap();
                let told = chain.whole().is_some_and(|beginning| beginning >= oldest);
                let window: Vec<_> = records[..=place]
                    .iter()
                    .filter(|(time, _)| *time >= now - width)
                    .cloned()
                    .collect();
                prop_assert_eq!(told, met(&order, &window, &mut Vec::new()));
            }
        }
    }
}
