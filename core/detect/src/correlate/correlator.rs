//! All windows of all correlations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use cordon_model::{Detection, EventId, Timestamp};

use super::{
    group::{Canonical, Key, Observation, Origin, Shown},
    joining::Joining,
    link::{Linked, Listener},
    losses::Losses,
    waiting::Waiting,
    window::{Again, Entry, Window},
};
use crate::{evidence::Hit, rule_set::RuleSet};

/// Most records kept in all windows together: about half a gigabyte of typical records.
const RECORDS_MAX: usize = 1_000_000;

/// The windows of all correlations of a rule set.
///
/// Windows slide in event time; what is reported when, and what is forgotten at which limit, is
/// written down at the head of this room's `correlate` module and in the reference.
pub struct Correlator {
    pub(crate) rules: Arc<RuleSet>,
    canonical: Canonical,
    pub(crate) groups: Vec<Groups>,
    /// The newest record, which every hit on it is told by.
    pub(crate) newest: Option<(Timestamp, EventId)>,
    /// Weight of the entries in all windows.
    kept: usize,
    kept_max: usize,
    pub(crate) losses: Losses,
    steps: u64,
}

/// The windows of one correlation.
#[derive(Default)]
pub(crate) struct Groups {
    pub(crate) windows: BTreeMap<Key, Window>,
    /// The same windows by the time of their newest record.
    by_age: BTreeSet<(Timestamp, Key)>,
    /// What is judged only after some time; stays empty where nothing waits.
    pub(crate) waiting: Waiting,
}

impl fmt::Debug for Correlator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Correlator")
            .field("kept", &self.kept)
            .field("losses", &self.losses)
            .finish_non_exhaustive()
    }
}

impl Correlator {
    /// Empty windows. `canonical` gives the one name of a thing that logs spell in several ways,
    /// and any other text as it is.
    pub fn new(rules: Arc<RuleSet>, canonical: Canonical) -> Self {
        let groups = rules
            .correlations()
            .iter()
            .map(|_| Groups::default())
            .collect();
        Self {
            rules,
            canonical,
            groups,
            newest: None,
            kept: 0,
            kept_max: RECORDS_MAX,
            losses: Losses::default(),
            steps: 0,
        }
    }

    /// What was not taken into account, and why.
    pub fn losses(&self) -> Losses {
        self.losses
    }

    /// What was done so far, counted in entries put, taken away and moved: the same on every
    /// machine.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Takes one hit, and gives the detections it completes. The first hit on a record speaks for
    /// all rules that matched it, so that further hits on it complete nothing.
    ///
    /// Records must come in the order of (time, event id), as [`crate::Reorder`] hands them out; one
    /// that is older than another before it is left out and counted, and one without a time
    /// correlates with nothing.
    pub fn observe(&mut self, hit: &Hit) -> Vec<Detection> {
        self.observe_record(std::slice::from_ref(hit))
    }

    /// As [`Correlator::observe`], for all hits on one record together: what matched is then known
    /// of each of its rules.
    pub fn observe_record(&mut self, hits: &[Hit]) -> Vec<Detection> {
        let Some((hit, time)) = hits.first().and_then(|hit| Some((hit, hit.evidence.time?))) else {
            return Vec::new();
        };
        if !self.moves_on(time, &hit.evidence.id) {
            return Vec::new();
        }
        let rules = Arc::clone(&self.rules);
        let mut detections = self.judge_waiting(&|due| due < time);
        let mut arriving = Arriving::new();
        for rule in hit.beside.iter() {
            let own = hits.iter().find(|hit| hit.rule == *rule);
            let observation = Observation {
                origin: Origin::Rule,
                time,
                records: vec![Arc::clone(&hit.evidence)],
                matched: own.map(|hit| hit.matched.clone()).unwrap_or_default(),
            };
            arrive(&mut arriving, rules.listeners(*rule), observation);
        }
        // A correlation stands behind all that it builds on, so when its turn comes, everything
        // that this record gives it has arrived.
        while let Some((place, observations)) = arriving.pop_first() {
            let Some(linked) = rules.correlations().get(place) else {
                continue;
            };
            for key in self.admit(place, linked, &observations) {
                if linked.waits.is_some() {
                    continue;
                }
                let Some((detection, fired)) = self.judge(place, linked, &key) else {
                    continue;
                };
                arrive(&mut arriving, &linked.listeners, fired);
                detections.extend((!linked.silent).then_some(detection));
            }
            self.expire(place, linked, time);
        }
        while self.kept > self.kept_max && self.forget_quietest() {}
        detections
    }

    /// Judges what waited up to a moment. The caller vouches that no record up to then will come any
    /// more; [`Correlator::observe_record`] does the same for the time before its record.
    pub fn pass(&mut self, until: Timestamp) -> Vec<Detection> {
        self.judge_waiting(&|due| due <= until)
    }

    /// Says that no record will come any more. What waits for a time after the newest record is not
    /// judged, because what it waits for could have come; it is counted.
    pub fn finish(&mut self) -> Vec<Detection> {
        let newest = self.newest.as_ref().map(|(time, _)| *time);
        let told = self.pass(newest.unwrap_or(Timestamp::MIN));
        for groups in &mut self.groups {
            self.losses.unfinished += groups.waiting.give_up();
        }
        told
    }

    /// Judges what is due, in the order of when it is.
    fn judge_waiting(&mut self, is_due: &dyn Fn(Timestamp) -> bool) -> Vec<Detection> {
        let rules = Arc::clone(&self.rules);
        let mut told = Vec::new();
        loop {
            let places = self.groups.iter().zip(rules.correlations()).enumerate();
            let next = places
                .filter_map(|(place, (groups, linked))| {
                    Some((groups.waiting.next_due(linked.timespan)?, place))
                })
                .filter(|(due, _)| is_due(*due))
                .min();
            let Some((_, place)) = next else {
                return told;
            };
            if let Some(linked) = rules.correlations().get(place) {
                told.extend(self.judge_next(place, linked));
            }
        }
    }

    /// Judges the record of a correlation that is due next; what it shows.
    fn judge_next(&mut self, place: usize, linked: &Linked) -> Option<Detection> {
        let groups = self.groups.get_mut(place)?;
        let (opened, key) = groups.waiting.take_next()?;
        let window = groups.windows.get_mut(&key)?;
        let oldest = opened.checked_sub(linked.timespan);
        self.kept -= window.drop_before(oldest.unwrap_or(Timestamp::MIN));
        self.steps += 1;
        let absent = linked.waits.iter().flatten();
        if absent.into_iter().any(|position| window.has(*position)) {
            groups.waiting.hear(opened);
        }
        if !window.fires(&linked.kind, linked.kept()) {
            return None;
        }
        if !groups.waiting.is_heard(opened) {
            self.losses.unheard += 1;
            return None;
        }
        self.steps += u64::try_from(window.entries.len()).unwrap_or(u64::MAX);
        let told = tell(place, linked, window);
        self.kept -= groups.drop_window(&key);
        told.map(|(detection, _)| detection)
    }

    /// Whether a record is a new one, and not older than those before it.
    fn moves_on(&mut self, time: Timestamp, id: &EventId) -> bool {
        if let Some((newest, last)) = &self.newest {
            if time < *newest {
                self.losses.out_of_order += 1;
                return false;
            }
            if time == *newest && id == last {
                return false;
            }
        }
        self.newest = Some((time, id.clone()));
        true
    }

    /// Puts observations of one record into the windows of their groups; the groups that they
    /// joined.
    fn admit(
        &mut self,
        place: usize,
        linked: &Linked,
        observations: &[(usize, Arc<Observation>)],
    ) -> BTreeSet<Key> {
        let mut joining = Joining::new(linked, &self.canonical);
        for (position, observation) in observations {
            joining.join(*position, observation, &mut self.losses);
        }
        let mut joined = BTreeSet::new();
        for (key, (shown, entries)) in joining.groups {
            for entry in entries.into_values() {
                self.put(place, linked, (Arc::clone(&key), shown.clone()), entry);
            }
            joined.insert(key);
        }
        joined
    }

    /// Puts an entry into the window of its group.
    pub(crate) fn put(
        &mut self,
        place: usize,
        linked: &Linked,
        (key, shown): (Key, Shown),
        entry: Entry,
    ) {
        let Some(groups) = self.groups.get_mut(place) else {
            return;
        };
        let window = groups
            .windows
            .entry(Arc::clone(&key))
            .or_insert_with(|| Window::new(shown, &linked.kind, linked.positions));
        let before = window.newest();
        if let Some(absent) = &linked.waits
            && !entry.positions.is_subset(absent)
        {
            groups.waiting.open(entry.time, Arc::clone(&key));
        }
        let change = window.push(entry, linked.kept());
        let after = window.newest();
        if before != after {
            groups
                .by_age
                .extend(after.map(|newest| (newest, Arc::clone(&key))));
            before.map(|before| groups.by_age.remove(&(before, key)));
        }
        self.kept = self.kept + change.added - change.left;
        self.losses.window_full += change.forgotten;
        self.steps += change.steps;
    }

    /// What a group shows, if it shows something new.
    fn judge(
        &mut self,
        place: usize,
        linked: &Linked,
        key: &Key,
    ) -> Option<(Detection, Observation)> {
        let groups = self.groups.get_mut(place)?;
        let window = groups.windows.get_mut(key)?;
        if !window.fires(&linked.kind, linked.timespan) {
            return None;
        }
        self.steps += u64::try_from(window.entries.len()).unwrap_or(u64::MAX);
        let told = tell(place, linked, window);
        match Again::of(&linked.kind, linked.positions) {
            Again::WithOthers => self.kept -= groups.drop_window(key),
            Again::AfterAllLeft => {}
        }
        told
    }

    /// Lets go of the windows of a correlation that nothing can join any more.
    fn expire(&mut self, place: usize, linked: &Linked, now: Timestamp) {
        let Some(groups) = self.groups.get_mut(place) else {
            return;
        };
        let oldest = now.checked_sub(linked.kept()).unwrap_or(Timestamp::MIN);
        while groups
            .by_age
            .first()
            .is_some_and(|(newest, _)| *newest < oldest)
        {
            self.kept -= groups.drop_quietest();
        }
    }

    /// Forgets the group that has been quiet longest, of whatever correlation; whether there was
    /// one.
    fn forget_quietest(&mut self) -> bool {
        let quietest = self
            .groups
            .iter_mut()
            .filter(|groups| !groups.by_age.is_empty())
            .min_by_key(|groups| groups.by_age.first().map(|(newest, _)| *newest));
        let Some(groups) = quietest else {
            return false;
        };
        let dropped = groups.drop_quietest();
        self.kept -= dropped;
        self.losses.memory_full += u64::try_from(dropped).unwrap_or(u64::MAX);
        true
    }
}

impl Groups {
    /// Drops the window whose newest record is the oldest; the weight of its entries.
    fn drop_quietest(&mut self) -> usize {
        let quietest = self.by_age.pop_first();
        let window = quietest.and_then(|(_, key)| {
            self.waiting.close(&key);
            self.windows.remove(&key)
        });
        window.map_or(0, |window| window.weight())
    }

    /// Drops the window of a group; the weight of its entries.
    fn drop_window(&mut self, key: &Key) -> usize {
        let Some(window) = self.windows.remove(key) else {
            return 0;
        };
        let newest = window.newest();
        newest.map(|newest| self.by_age.remove(&(newest, Arc::clone(key))));
        self.waiting.close(key);
        window.weight()
    }
}

/// What waits to be seen by each correlation, and at which position.
type Arriving = BTreeMap<usize, Vec<(usize, Arc<Observation>)>>;

fn arrive(arriving: &mut Arriving, listeners: &[Listener], observation: Observation) {
    let observation = Arc::new(observation);
    for listener in listeners {
        let waiting = arriving.entry(listener.correlation).or_default();
        waiting.push((listener.position, Arc::clone(&observation)));
    }
}

/// Tells what a window shows, to people and to the correlations built on this one.
fn tell(place: usize, linked: &Linked, window: &mut Window) -> Option<(Detection, Observation)> {
    let (records, matched) = window.tell();
    let time = records.last()?.time?;
    let detection = Detection {
        rule: Arc::clone(&linked.facts),
        time: Some(time),
        records: records
            .iter()
            .map(|record| record.as_ref().clone())
            .collect(),
        matched: matched.as_slice().into(),
        group: window.shown.clone(),
    };
    let named = linked
        .group_names
        .iter()
        .cloned()
        .zip(window.shown.iter().cloned());
    let fired = Observation {
        origin: Origin::Correlation(place, named.collect()),
        time,
        records,
        matched,
    };
    Some((detection, fired))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cordon_model::{EventId, Evidence, LogRef, Timestamp};
    use cordon_sigma::parse;
    use cordon_text::Source;
    use serde_json::json;

    use super::Correlator;
    use crate::{
        evidence::Hit,
        rule_set::{RuleIx, RuleSet},
    };

    const RULES: &str = "\
title: A
name: a
logsource: { product: p }
detection: { sel: { f: 1 }, condition: sel }
---
title: X
correlation: { type: event_count, rules: a, group-by: u, timespan: 1h, condition: { gte: 2 } }
";

    fn hit(second: i64, user: &str) -> Hit {
        let evidence = Evidence {
            id: EventId::new(format!("e{second}")),
            log: LogRef {
                path: Arc::from("log"),
                record: 1,
            },
            time: Timestamp::from_second(second).ok(),
            raw: cordon_model::RawPlace::default(),
            clock: Arc::default(),
            source: Arc::from("p"),
            deed: cordon_model::Deed::default(),
            entities: Vec::new(),
            fields: Arc::new(json!({ "u": user }).into()),
        };
        Hit {
            rule: RuleIx(0),
            evidence: Arc::new(evidence),
            matched: Vec::new(),
            beside: Arc::from([RuleIx(0)]),
        }
    }

    #[test]
    fn a_full_correlator_forgets_the_group_that_was_quiet_longest_and_counts_it() {
        let parsed = parse(&Source::new("r.yml", RULES));
        let (set, _) = RuleSet::compile(parsed.rules, parsed.correlations);
        let mut correlator = Correlator::new(Arc::new(set), Arc::new(|name| Arc::from(name)));
        correlator.kept_max = 2;
        for (second, user) in [(1, "x"), (2, "y"), (3, "z")] {
            assert_eq!(correlator.observe(&hit(second, user)), []);
        }
        assert_eq!((correlator.kept, correlator.losses().memory_full), (2, 1));
        assert_eq!(correlator.observe(&hit(4, "x")), []);
        assert_eq!(correlator.observe(&hit(5, "z")).len(), 1);
        assert_eq!((correlator.kept, correlator.losses().memory_full), (2, 3));
    }

    #[test]
    fn windows_that_nothing_can_join_any_more_are_let_go() {
        let parsed = parse(&Source::new("r.yml", RULES));
        let (set, _) = RuleSet::compile(parsed.rules, parsed.correlations);
        let mut correlator = Correlator::new(Arc::new(set), Arc::new(|name| Arc::from(name)));
        for second in 0..100 {
            correlator.observe(&hit(second * 3_000, &format!("user {second}")));
        }
        assert_eq!((correlator.kept, correlator.losses().memory_full), (2, 0));
        assert_eq!(correlator.groups[0].windows.len(), 2);
    }
}
