//! Hits wait here until nothing earlier can still come, and leave in the order of their time.
//!
//! The promise: whatever the order of arrival, records leave in the order of (time, event id), each
//! with all hits on it, and so correlations tell the same as of the sorted stream, as long as each
//! record comes before the horizon passes its time. What comes later is given back to whoever
//! brought it, and counted.
//!
//! Memory is bounded. When too many hits wait, the horizon moves on to the oldest of them early:
//! nothing is dropped, but what then comes for the time before is late. When too many are remembered to
//! know a duplicate again, the oldest are let go: a duplicate of one of those is late, and so is told
//! a second time. The first is counted; the second can happen only behind the horizon. No clock
//! is read here: the caller says how far the horizon has come.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EventId, LogRef, Timestamp};

use crate::{evidence::Hit, rule_set::RuleIx};

/// Most hits that wait: a busy week of a large retailer.
const WAITING_MAX: usize = 2_000_000;

/// Most hits remembered after they left, to know a duplicate again; about 200 MB.
const REMEMBERED_MAX: usize = 2_000_000;

/// What a record that comes twice means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// One thing that happened, delivered twice: it counts once, wherever it stands.
    Once,
    /// Every place where a record stands is of interest: only the very same place counts once.
    EachPlace,
}

/// What makes a hit the same as another: when, which record, which rule, and where it stands if
/// every place counts. Hits on one record are neighbours in this order.
pub(crate) type HitKey = (Option<Timestamp>, EventId, RuleIx, Option<LogRef>);

/// What became of hits on their way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Hits that left in their turn.
    pub used: u64,
    /// Hits seen before, and put aside.
    pub duplicates: u64,
    /// Hits that came behind the horizon, and were given back.
    pub late: u64,
    /// Hits that left early because too many waited; they count as used too.
    pub hastened: u64,
}

/// Where hits wait for their turn.
#[derive(Debug)]
pub struct Reorder {
    pub(crate) repeats: Repeats,
    pub(crate) waiting: BTreeMap<HitKey, Hit>,
    /// Hits that left, or that were late.
    pub(crate) remembered: BTreeSet<HitKey>,
    /// Everything up to here leaves; what comes now and is not newer is late.
    pub(crate) horizon: Timestamp,
    /// How far the caller's horizon came; further only when too many waited.
    pub(crate) told: Timestamp,
    pub(crate) tally: Tally,
    waiting_max: usize,
    remembered_max: usize,
}

impl Reorder {
    /// Nothing waits, and nothing is late yet.
    pub fn new(repeats: Repeats) -> Self {
        Self {
            repeats,
            waiting: BTreeMap::new(),
            remembered: BTreeSet::new(),
            horizon: Timestamp::MIN,
            told: Timestamp::MIN,
            tally: Tally::default(),
            waiting_max: WAITING_MAX,
            remembered_max: REMEMBERED_MAX,
        }
    }

    /// What became of the hits so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// How many hits wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Lets a hit wait for its turn, unless it is a duplicate; gives it back if it is late.
    ///
    /// Of duplicates that wait, the one that stands first counts, so that their order of arrival
    /// does not matter either.
    pub fn take(&mut self, hit: Hit) -> Option<Hit> {
        let key = self.key(&hit);
        if let Some(first) = self.waiting.get_mut(&key) {
            self.tally.duplicates += 1;
            if hit.evidence.log < first.evidence.log {
                *first = hit;
            }
            return None;
        }
        if self.remembered.contains(&key) {
            self.tally.duplicates += 1;
            return None;
        }
        if key.0.is_some_and(|time| time <= self.horizon) {
            self.tally.late += 1;
            self.remember(key);
            return Some(hit);
        }
        self.waiting.insert(key, hit);
        if self.waiting.len() > self.waiting_max {
            let oldest = self.waiting.keys().find_map(|key| key.0);
            self.horizon = self.horizon.max(oldest.unwrap_or(Timestamp::MIN));
        }
        None
    }

    /// Whether a hit came before, and so will be put aside.
    pub fn knows(&self, hit: &Hit) -> bool {
        let key = self.key(hit);
        self.waiting.contains_key(&key) || self.remembered.contains(&key)
    }

    /// Lets a hit wait that waited before a restart.
    pub(crate) fn put_back(&mut self, hit: Hit) {
        self.waiting.insert(self.key(&hit), hit);
    }

    fn key(&self, hit: &Hit) -> HitKey {
        let place = match self.repeats {
            Repeats::Once => None,
            Repeats::EachPlace => Some(hit.evidence.log.clone()),
        };
        (hit.evidence.time, hit.evidence.id.clone(), hit.rule, place)
    }

    /// Moves the horizon: the caller vouches that what comes from now on is newer, or accepts that
    /// it is late. It never moves back.
    pub fn move_horizon(&mut self, horizon: Timestamp) {
        self.told = self.told.max(horizon);
        self.horizon = self.horizon.max(horizon);
    }

    /// Up to where everything leaves: what comes now and is not newer is late.
    pub fn horizon(&self) -> Timestamp {
        self.horizon
    }

    /// The next record whose turn has come, with every hit on it; in the order of (time, event id),
    /// those without a time first.
    pub fn next_record(&mut self) -> Option<Vec<Hit>> {
        let (time, id) = {
            let (key, _) = self.waiting.first_key_value()?;
            (key.0, key.1.clone())
        };
        if time.is_some_and(|time| time > self.horizon) {
            return None;
        }
        let mut hits = Vec::new();
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0 != time || entry.key().1 != id {
                break;
            }
            let (key, hit) = entry.remove_entry();
            self.tally.used += 1;
            self.tally.hastened += u64::from(time.is_some_and(|time| time > self.told));
            self.remember(key);
            hits.push(hit);
        }
        Some(hits)
    }

    fn remember(&mut self, key: HitKey) {
        self.remembered.insert(key);
        while self.remembered.len() > self.remembered_max {
            self.remembered.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cordon_model::{EventId, Evidence, LogRef, Timestamp};
    use serde_json::json;

    use super::{Reorder, Repeats, Tally};
    use crate::{evidence::Hit, rule_set::RuleIx};

    /// `7 x 0 p2` is a hit of rule 0 on the record `x` of second 7, which stands at the place 2.
    fn hit(sketch: &str) -> Hit {
        let words: Vec<_> = sketch.split(' ').collect();
        let evidence = Evidence {
            id: EventId::new(words[1]),
            log: LogRef {
                path: Arc::from(words[3]),
                record: 1,
            },
            time: words[0]
                .parse()
                .ok()
                .map(|s| Timestamp::from_second(s).unwrap()),
            raw: cordon_model::RawPlace::default(),
            clock: Arc::default(),
            source: Arc::from("p"),
            deed: cordon_model::Deed::default(),
            entities: Vec::new(),
            fields: Arc::new(json!({}).into()),
        };
        Hit {
            rule: RuleIx(words[2].parse().unwrap()),
            evidence: Arc::new(evidence),
            matched: Vec::new(),
            beside: Arc::from([RuleIx(0)]),
        }
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn leave(reorder: &mut Reorder) -> Vec<String> {
        let sketch = |hit: &Hit| {
            let (log, id) = (&hit.evidence.log.path, hit.evidence.id.as_str());
            format!("{id}{}{log}", hit.rule.0)
        };
        std::iter::from_fn(|| reorder.next_record())
            .map(|hits| hits.iter().map(sketch).collect::<Vec<_>>().join("+"))
            .collect()
    }

    #[test]
    fn records_leave_whole_and_in_order_once_the_horizon_has_passed_them() {
        let mut reorder = Reorder::new(Repeats::Once);
        for sketch in ["9 a 0 p", "7 b 1 p", "7 a 1 p", "7 b 0 p", "- z 0 p"] {
            assert_eq!(reorder.take(hit(sketch)), None);
        }
        assert_eq!(leave(&mut reorder), ["z0p"]);
        reorder.move_horizon(second(8));
        assert_eq!(leave(&mut reorder), ["a1p", "b0p+b1p"]);
        reorder.move_horizon(second(3));
        assert_eq!(leave(&mut reorder), [""; 0]);
        assert_eq!(reorder.waiting(), 1);
        reorder.move_horizon(Timestamp::MAX);
        assert_eq!(leave(&mut reorder), ["a0p"]);
    }

    #[test]
    fn duplicates_count_once_and_stand_where_the_first_of_them_does() {
        let arrive = |repeats, order: [&str; 2]| {
            let mut reorder = Reorder::new(repeats);
            for sketch in order {
                assert_eq!(reorder.take(hit(sketch)), None);
            }
            reorder.move_horizon(second(8));
            let left = leave(&mut reorder);
            assert_eq!(reorder.take(hit(order[0])), None, "known again");
            (left, reorder.tally().duplicates)
        };
        for order in [["7 a 0 p", "7 a 0 q"], ["7 a 0 q", "7 a 0 p"]] {
            assert_eq!(arrive(Repeats::Once, order), (vec!["a0p".to_owned()], 2));
            let both = (vec!["a0p+a0q".to_owned()], 1);
            assert_eq!(arrive(Repeats::EachPlace, order), both);
        }
    }

    #[test]
    fn what_comes_behind_the_horizon_is_given_back_once_and_counted() {
        let mut reorder = Reorder::new(Repeats::Once);
        reorder.move_horizon(second(8));
        assert!(reorder.take(hit("8 a 0 p")).is_some());
        assert!(reorder.take(hit("8 a 0 p")).is_none());
        assert!(reorder.take(hit("9 a 0 p")).is_none());
        let expect = Tally {
            late: 1,
            duplicates: 1,
            ..Tally::default()
        };
        assert_eq!(reorder.tally(), expect);
    }

    #[test]
    fn too_many_that_wait_move_the_horizon_and_are_counted_and_none_is_dropped() {
        let mut reorder = Reorder::new(Repeats::Once);
        reorder.waiting_max = 2;
        for sketch in ["5 a 0 p", "7 b 0 p", "5 c 0 p"] {
            assert_eq!(reorder.take(hit(sketch)), None);
        }
        assert_eq!(leave(&mut reorder), ["a0p", "c0p"]);
        assert!(reorder.take(hit("4 d 0 p")).is_some());
        assert!(reorder.take(hit("6 e 0 p")).is_none());
        reorder.move_horizon(second(9));
        assert_eq!(leave(&mut reorder), ["e0p", "b0p"]);
        let expect = Tally {
            used: 4,
            late: 1,
            hastened: 2,
            ..Tally::default()
        };
        assert_eq!(reorder.tally(), expect);
    }

    #[test]
    fn a_duplicate_of_what_is_no_longer_remembered_is_late() {
        let mut reorder = Reorder::new(Repeats::Once);
        reorder.remembered_max = 1;
        for sketch in ["5 a 0 p", "6 b 0 p"] {
            assert_eq!(reorder.take(hit(sketch)), None);
        }
        reorder.move_horizon(second(9));
        assert_eq!(leave(&mut reorder), ["a0p", "b0p"]);
        assert!(reorder.take(hit("6 b 0 p")).is_none());
        assert!(reorder.take(hit("5 a 0 p")).is_some());
        assert_eq!((reorder.tally().late, reorder.tally().duplicates), (1, 1));
    }
}
