//! Where each thing is named: for every thing the detections that name it, in their order.

use cordon_model::{EntityKind, Role};

use super::{
    link::Use,
    shelf::{Place, Shelf},
};
use crate::identity::{Say, Thing, Told};

/// Where one thing is named.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The first of the kinds that it is named as; none before it is named.
    pub(super) kind: Option<EntityKind>,
    pub(super) used: Use,
    /// Strong detections that name it.
    pub(super) strong: Vec<Place>,
    /// Those of them that say that it is held.
    pub(super) holding: Vec<Place>,
    /// Those of them that say so surely.
    pub(super) sure: Vec<Place>,
    /// Those of them that see what it does itself, if it is a machine.
    pub(super) own: Vec<Place>,
    /// Weak detections of which it is the first that they say is held.
    pub(super) weak: Vec<Place>,
    /// Every weak detection that names it.
    pub(super) beside: Vec<Place>,
}

impl Seen {
    /// Whether so many use it that it joins nothing.
    pub(super) fn is_common(&self) -> bool {
        self.kind.is_some_and(|kind| self.used.is_common(kind))
    }

    /// Takes notice of one detection that names it.
    pub(super) fn add(&mut self, place: Place, said: (&Say, &Shelf, First)) {
        let (say, all, first) = said;
        let kinds = [self.kind, Some(say.kind)];
        self.kind = kinds.into_iter().flatten().min();
        let strong = all.get(place).is_some_and(Told::is_strong);
        if strong {
            insert(&mut self.strong, place, all);
            if say.held > 0.0 {
                insert(&mut self.holding, place, all);
            }
            if say.is_sure() {
                insert(&mut self.sure, place, all);
            }
            if say.is_own_doing() {
                insert(&mut self.own, place, all);
            }
        } else {
            if first == First::Held {
                insert(&mut self.weak, place, all);
            }
            self.beside.push(place);
        }
    }

    /// The strong detections that one may be linked to by this thing: the one just before it, the last
    /// that says the thing is held, and those before and after it that say so surely.
    pub(super) fn partners(&self, place: Place, all: &Shelf) -> [Option<Place>; 4] {
        let last = |list| last_before(list, place, all);
        let next = |list: &[Place]| {
            let at = list.partition_point(|other| !all.less(place, *other));
            list.get(at).copied()
        };
        [
            last(&self.strong),
            last(&self.holding),
            last(&self.sure),
            next(&self.sure),
        ]
    }

    /// The last strong detection before one that sees what the thing does itself.
    pub(super) fn last_own(&self, place: Place, all: &Shelf) -> Option<Place> {
        last_before(&self.own, place, all)
    }

    /// The last strong detection before one that says surely that the thing is held.
    pub(super) fn last_sure(&self, place: Place, all: &Shelf) -> Option<Place> {
        last_before(&self.sure, place, all)
    }

    /// The strong detection nearest in time to a weak one; the earlier of two as near.
    pub(super) fn nearest(&self, place: Place, all: &Shelf) -> Option<Place> {
        let after = self.strong.partition_point(|other| all.less(*other, place));
        let around = [after.checked_sub(1), Some(after)];
        let candidates = around
            .into_iter()
            .flatten()
            .filter_map(|at| self.strong.get(at).copied());
        candidates.min_by_key(|other| all.gap(*other, place))
    }
}

/// Whether a thing is the first that a weak detection says is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// It is.
    Held,
    /// Another is, or none.
    Other,
}

/// The last of a list before a detection.
fn last_before(list: &[Place], place: Place, all: &Shelf) -> Option<Place> {
    let at = list.partition_point(|other| all.less(*other, place));
    at.checked_sub(1).and_then(|at| list.get(at).copied())
}

/// Mostly the new one is the last.
fn insert(list: &mut Vec<Place>, place: Place, all: &Shelf) {
    let at = match list.last() {
        Some(newest) if all.less(place, *newest) => {
            list.partition_point(|other| all.less(*other, place))
        }
        Some(_) | None => list.len(),
    };
    list.insert(at, place);
}

/// What a detection says of each thing it names, in the order of things; once for each.
pub(super) fn says(told: &Told, worth: f64, cleared: impl Fn(Thing) -> bool) -> Box<[Say]> {
    let mut says: Vec<Say> = told
        .mentions
        .iter()
        .map(|mention| Say {
            thing: mention.meaning.thing,
            kind: mention.kind,
            held: if mention.held && !cleared(mention.meaning.thing) {
                worth * mention.meaning.how.confidence()
            } else {
                0.0
            },
            acts: mention.kind == EntityKind::Host
                && told.entity(mention).is_some_and(|e| e.role == Role::Actor),
        })
        .collect();
    says.sort_by(|a, b| a.thing.cmp(&b.thing).then(b.held.total_cmp(&a.held)));
    says.dedup_by(|again, say| {
        let same = again.thing == say.thing;
        say.acts |= same && again.acts;
        same
    });
    says.into()
}
