//! Puts what was read in an order of its own.
//!
//! Objects, relations and reasons are numbered as they are met, and so by the order of the files. After
//! [`Inventory::settle`] they are numbered by their names, and nothing that follows depends on which file
//! was read first.

use std::ops::Range;

use serde_json::Value;

use super::{Inventory, Ix, Link, Rel, number};

impl Inventory {
    /// Renumbers everything by names, and keeps each relation once.
    pub(in crate::import) fn settle(&mut self) {
        let objects = self.settle_objects();
        let (rels, reasons) = (self.settle_rels(), self.settle_reasons());
        let now = |map: &[u32], old: u32| map.get(old as usize).copied().unwrap_or(old);
        let rel = |old: Rel| rels.get(usize::from(old)).copied().unwrap_or(old);
        for link in &mut self.links {
            *link = Link {
                from: now(&objects, link.from),
                to: now(&objects, link.to),
                rel: rel(link.rel),
                why: now(&reasons, link.why),
            };
        }
        self.links.sort_unstable();
        let before = self.links.len();
        self.links.dedup();
        self.repeated(before - self.links.len());
        for object in &mut self.objects {
            object.aliases.sort_unstable();
        }
        let said = self.said.settle_texts();
        self.wanted.settle(&said);
        self.settle_steps();
    }

    /// Keeps one step of each id: no estate has two, and of two that differ the first in order is kept and told.
    fn settle_steps(&mut self) {
        self.steps.sort_unstable();
        let mut steps = std::mem::take(&mut self.steps);
        steps.dedup_by(|step, kept| {
            if step.id != kept.id {
                return false;
            }
            let [one, two] = [&kept.text, &step.text].map(|text| value(text));
            if one != two {
                let what =
                    "steps that inventories give differently, of which the first in order was kept";
                self.note("step-differs", what, &kept.id);
            }
            true
        });
        self.steps = steps;
    }

    /// Counts relations that were told more than once.
    pub(in crate::import) fn repeated(&mut self, many: usize) {
        let many = u64::try_from(many).unwrap_or(u64::MAX);
        if many > 0 {
            let what = "relations that were told more than once, and are kept once";
            self.note_many("repeated", what, (many, ""));
        }
    }

    fn settle_objects(&mut self) -> Vec<Ix> {
        let (_, map) = order(self.indices(), |ix| self.id(ix));
        reorder(&mut self.objects, &map);
        reorder(&mut self.ids, &map);
        for ix in &mut self.table {
            *ix = map.get(*ix as usize).copied().unwrap_or(*ix);
        }
        map
    }

    fn settle_rels(&mut self) -> Vec<Rel> {
        let all = 0..number(self.rels.len());
        let (_, map) = order(all, |rel| self.rels.get(rel as usize));
        let map: Vec<Rel> = map
            .into_iter()
            .map(|new| Rel::try_from(new).unwrap_or(Rel::MAX))
            .collect();
        self.rels.sort_unstable();
        for rel in self.rel_table.values_mut() {
            *rel = map.get(usize::from(*rel)).copied().unwrap_or(*rel);
        }
        map
    }

    /// Reasons are counted from 1.
    fn settle_reasons(&mut self) -> Vec<u32> {
        let all = 0..number(self.reasons.len());
        let (_, map) = order(all, |why| self.reasons.get(why as usize));
        self.reasons.sort_unstable();
        let map: Vec<u32> = std::iter::once(0)
            .chain(map.into_iter().map(|new| new + 1))
            .collect();
        for reason in self.reason_table.values_mut() {
            *reason = map.get(*reason as usize).copied().unwrap_or(*reason);
        }
        map
    }
}

/// What a step says, whatever the order of its keys.
fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Old numbers in the new order, and the new number of each old one.
pub(in crate::import) fn order<K: Ord>(
    numbers: Range<u32>,
    key: impl Fn(u32) -> K,
) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = numbers.collect();
    order.sort_unstable_by_key(|old| key(*old));
    let mut map = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(cell) = map.get_mut(*old as usize) {
            *cell = number(new);
        }
    }
    (order, map)
}

/// Puts each item where `map` has it, in place: there may be millions.
fn reorder<T>(items: &mut [T], map: &[u32]) {
    let mut to = map.to_vec();
    for place in 0..items.len().min(to.len()) {
        while let Some(other) = to.get(place).map(|other| *other as usize)
            && other != place
        {
            items.swap(place, other);
            to.swap(place, other);
        }
    }
}
