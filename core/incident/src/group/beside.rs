//! To what weak detections are put.
//!
//! A weak detection fires on everybody's ordinary day and joins nothing: it is put to one other, or
//! to none.

use std::{cmp::Ordering, collections::BTreeMap};

use cordon_model::EntityKind;
use jiff::SignedDuration;

use super::{Grouping, shelf::Place};
use crate::identity::{Thing, Told};

/// Longest time between a weak detection and what it is put to.
const BESIDE_MAX: SignedDuration = SignedDuration::from_hours(72);

/// Longest time between two of a series.
const SERIES_GAP: SignedDuration = SignedDuration::from_hours(1);

/// Entities that a rule may name on an ordinary day for what it sees twice to be a series.
const RARE_PER_DAY: f64 = 1.0;

impl Grouping {
    /// For each weak detection the one it is put to: the nearest strong one about an entity that it
    /// says is held; else the nearest of its series that is put to a strong one; else the weak one
    /// before it about the first such entity. One each, so that no weak detection ever joins two
    /// strong ones.
    pub(super) fn attachments(&self, members: &[Place]) -> Vec<(Place, Place)> {
        let mut found = Vec::new();
        let mut last_weak: BTreeMap<Thing, Place> = BTreeMap::new();
        for place in members {
            let Some(told) = self.shelf.get(*place) else {
                continue;
            };
            if told.is_strong() {
                continue;
            }
            let beside = || {
                let series = self.series(*place).into_iter();
                let hosted = series.filter(|other| self.host(*other).is_some());
                hosted.min_by(|a, b| self.nearer(*place, *a, *b))
            };
            if let Some(host) = self.host(*place).or_else(beside) {
                found.push((*place, host));
            } else if let Some(thing) = first_held(told)
                && let Some(before) = last_weak.insert(thing, *place)
                && self.is_beside(before, *place)
            {
                found.push((*place, before));
            }
        }
        found
    }

    /// The strong detection that a weak one is put to: the nearest about an entity that it says is
    /// held.
    pub(super) fn host(&self, place: Place) -> Option<Place> {
        let told = self.shelf.get(place)?;
        if told.is_strong() {
            return None;
        }
        let held = told.says.iter().filter(|say| say.held > 0.0);
        held.filter_map(|say| self.seen.get(say.thing.index()))
            .filter_map(|seen| seen.nearest(place, &self.shelf))
            .filter(|host| self.is_beside(*host, place))
            .min_by(|a, b| self.nearer(place, *a, *b))
    }

    /// Which of two is nearer in time to a third; the earlier of two as near.
    fn nearer(&self, to: Place, a: Place, b: Place) -> Ordering {
        let gaps = self.shelf.gap(a, to).cmp(&self.shelf.gap(b, to));
        gaps.then_with(|| self.shelf.compare(a, b))
    }

    /// Other weak detections by the same rule that name one of the same accounts within the hour, if the rule
    /// was measured and is rare: a desk agent asked for three people in somebody else's name.
    pub(super) fn series(&self, place: Place) -> Vec<Place> {
        let Some(told) = self.shelf.get(place).filter(|t| !t.is_strong()) else {
            return Vec::new();
        };
        let rule = &told.detection.rule.id;
        let usual = self.knowledge.rates.of(rule);
        if usual.is_none_or(|rate| rate.per_day > RARE_PER_DAY) {
            return Vec::new();
        }
        let accounts = told.mentions.iter();
        let accounts = accounts.filter(|m| m.kind == EntityKind::Account);
        let named = accounts.filter_map(|m| self.seen.get(m.meaning.thing.index()));
        let other = |other: &Place| {
            let same = |t: &Told| t.detection.rule.id == *rule;
            *other != place
                && self.shelf.get(*other).is_some_and(same)
                && self
                    .shelf
                    .gap(*other, place)
                    .is_some_and(|gap| gap <= SERIES_GAP)
        };
        named
            .flat_map(|seen| seen.beside.iter().copied())
            .filter(other)
            .collect()
    }

    fn is_beside(&self, a: Place, b: Place) -> bool {
        self.shelf.gap(a, b).is_none_or(|gap| gap <= BESIDE_MAX)
    }
}

/// The first thing in a detection that it says is held.
pub(super) fn first_held(told: &Told) -> Option<Thing> {
    let held = |thing: Thing| told.says.iter().any(|s| s.thing == thing && s.held > 0.0);
    let mut mentions = told.mentions.iter().filter(|mention| mention.held);
    mentions
        .find(|mention| held(mention.meaning.thing))
        .map(|mention| mention.meaning.thing)
}
