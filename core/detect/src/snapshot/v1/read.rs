//! From a document to what is remembered, under rules that may have changed meanwhile.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use cordon_model::{EventId, Evidence, Timestamp};
use cordon_sigma::Decimal;

use super::{
    Correlation, Document, Entry, FORMAT, RuleName, WaitingHit, WaitingRoom, Window,
    record::{Log, Matched, Record, time},
    write::names,
};
use crate::{
    Canonical, Correlator, Hit, Losses, Reorder, Repeats, RuleIx, RuleSet, Tally,
    correlate::{group::Key, window::Entry as Kept},
    fold::fold,
};

/// What a document was restored to.
#[derive(Debug)]
pub struct Restored {
    /// What waits and is remembered.
    pub reorder: Reorder,
    /// The windows.
    pub correlator: Correlator,
    /// What the rules at hand have no use for.
    pub dropped: Dropped,
}

/// What the rules at hand have no use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Windows of correlations that changed in meaning or are gone.
    pub windows: u64,
    /// Records in those windows; one may be in several.
    pub records: u64,
    /// Waiting hits of rules that are gone.
    pub hits: u64,
}

/// Why a document cannot be restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is of another format.
    #[error("expected a document of the format `{FORMAT}`, found `{0}`; start without a snapshot")]
    Format(String),
    /// A point in time cannot be read.
    #[error("expected a point in time, found `{text}`; the document is damaged")]
    Time {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: jiff::Error,
    },
    /// A number cannot be read.
    #[error("expected a decimal number, found `{0}`; the document is damaged")]
    Number(String),
    /// A role or kind of entity is not known.
    #[error("expected a role or a kind of entity, found `{0}`; the document is damaged")]
    Word(String),
    /// The fields of a record are not as they are written.
    #[error("expected the fields of a record, found `{0}`; the document is damaged")]
    Fields(String),
    /// Something is pointed to that is not there.
    #[error("the document points to its {what} {place}, which it does not have; it is damaged")]
    Missing {
        /// What is pointed to.
        what: &'static str,
        /// Its place in its list.
        place: usize,
    },
}

/// Restores what a document holds, for these rules.
///
/// # Errors
/// When the document is of another format or damaged.
pub fn restore(
    document: Document,
    rules: Arc<RuleSet>,
    canonical: Canonical,
) -> Result<Restored, RestoreError> {
    if document.format != FORMAT {
        return Err(RestoreError::Format(document.format));
    }
    let records = document.records.into_iter().map(Record::read);
    let mut reading = Reading {
        records: records.collect::<Result<_, _>>()?,
        rules: known(&document.rules, &rules),
        dropped: Dropped::default(),
    };
    let reorder = reading.waiting_room(document.waiting_room)?;
    let mut correlator = Correlator::new(rules, canonical);
    reading.windows(&mut correlator, document.correlations)?;
    let newest = document.newest;
    let newest = newest.map(|(at, id)| time(&at).map(|at| (at, EventId::new(id))));
    correlator.newest = newest.transpose()?;
    correlator.losses = Losses {
        window_full: document.losses.window_full,
        memory_full: document.losses.memory_full,
        crowded: document.losses.crowded,
        without_number: document.losses.without_number,
        out_of_order: document.losses.out_of_order,
        unheard: document.losses.unheard,
        unfinished: document.losses.unfinished,
    };
    Ok(Restored {
        reorder,
        correlator,
        dropped: reading.dropped,
    })
}

/// Which rules of a set a document speaks of; none for one that is gone.
fn known(named: &[RuleName], rules: &RuleSet) -> Vec<Option<RuleIx>> {
    let places = names(rules).into_iter().zip((0..).map(RuleIx));
    let places: BTreeMap<_, _> = places.collect();
    named.iter().map(|name| places.get(name).copied()).collect()
}

struct Reading {
    records: Vec<Arc<Evidence>>,
    rules: Vec<Option<RuleIx>>,
    dropped: Dropped,
}

impl Reading {
    fn record(&self, place: usize) -> Result<Arc<Evidence>, RestoreError> {
        let what = "record";
        let found = self.records.get(place).map(Arc::clone);
        found.ok_or(RestoreError::Missing { what, place })
    }

    fn rule(&self, place: usize) -> Result<Option<RuleIx>, RestoreError> {
        let what = "rule";
        let found = self.rules.get(place).copied();
        found.ok_or(RestoreError::Missing { what, place })
    }

    fn waiting_room(&mut self, room: WaitingRoom) -> Result<Reorder, RestoreError> {
        let mut reorder = Reorder::new(if room.each_place {
            Repeats::EachPlace
        } else {
            Repeats::Once
        });
        for waiting in room.hits {
            match self.hit(waiting)? {
                Some(hit) => reorder.put_back(hit),
                None => self.dropped.hits += 1,
            }
        }
        for known in room.remembered {
            let at = known.time.as_deref().map(time).transpose()?;
            let log = known.log.map(Log::read);
            if let Some(rule) = self.rule(known.rule)? {
                let key = (at, EventId::new(known.id), rule, log);
                reorder.remembered.insert(key);
            }
        }
        reorder.horizon = time(&room.horizon)?;
        reorder.told = time(&room.told)?;
        reorder.tally = Tally {
            used: room.used,
            duplicates: room.duplicates,
            late: room.late,
            hastened: room.hastened,
        };
        Ok(reorder)
    }

    /// A waiting hit; none if its rule is gone.
    fn hit(&self, waiting: WaitingHit) -> Result<Option<Hit>, RestoreError> {
        let beside = waiting.beside.iter().map(|place| self.rule(*place));
        let beside: Vec<_> = beside.collect::<Result<_, _>>()?;
        let evidence = self.record(waiting.record)?;
        let hit = |rule| Hit {
            rule,
            evidence,
            matched: Matched::read_all(waiting.matched),
            beside: beside.into_iter().flatten().collect(),
        };
        Ok(self.rule(waiting.rule)?.map(hit))
    }

    /// Fills the windows of each correlation that still means the same; correlations that mean the
    /// same as each other are told apart by their order.
    fn windows(
        &mut self,
        correlator: &mut Correlator,
        correlations: Vec<Correlation>,
    ) -> Result<(), RestoreError> {
        let rules = Arc::clone(&correlator.rules);
        let mut places: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
        for (place, linked) in rules.correlations().iter().enumerate() {
            let alike = places.entry(linked.fingerprint.as_str()).or_default();
            alike.push_back(place);
        }
        for correlation in correlations {
            let alike = places.get_mut(correlation.meaning.as_str());
            let place = alike.and_then(VecDeque::pop_front);
            let heard = correlation.heard.as_deref().map(time).transpose()?;
            if let Some(groups) = place.and_then(|place| correlator.groups.get_mut(place)) {
                groups.waiting.heard = heard;
            }
            for window in correlation.windows {
                match place {
                    Some(place) => self.window(correlator, place, window)?,
                    None => self.drop_window(&window),
                }
            }
        }
        Ok(())
    }

    fn window(
        &self,
        correlator: &mut Correlator,
        place: usize,
        window: Window,
    ) -> Result<(), RestoreError> {
        let rules = Arc::clone(&correlator.rules);
        let Some(linked) = rules.correlations().get(place) else {
            return Ok(());
        };
        let shown: Vec<Arc<str>> = window.group.into_iter().map(Arc::from).collect();
        let key: Key = shown.iter().map(|name| Arc::from(fold(name))).collect();
        for entry in window.entries {
            let group = (Arc::clone(&key), shown.clone());
            correlator.put(place, linked, group, self.entry(entry)?);
        }
        let floor = window.floor.as_deref().map(time).transpose()?;
        let Some(groups) = correlator.groups.get_mut(place) else {
            return Ok(());
        };
        // Only some of the entries that were put still wait.
        groups.waiting.close(&key);
        for at in &window.waiting {
            groups.waiting.open(time(at)?, Arc::clone(&key));
        }
        if let Some(open) = groups.windows.get_mut(&key) {
            open.told = window.told;
            open.floor = floor;
        }
        Ok(())
    }

    fn entry(&self, entry: Entry) -> Result<Kept, RestoreError> {
        let at: Timestamp = time(&entry.time)?;
        let records = entry.records.iter().map(|place| self.record(*place));
        let value = |value: Vec<String>| value.into_iter().map(Arc::from).collect();
        let mut numbers = BTreeMap::new();
        for (field, texts) in entry.numbers {
            let number = |text: String| Decimal::parse(&text).ok_or(RestoreError::Number(text));
            let read = texts.into_iter().map(number);
            numbers.insert(Arc::from(field), read.collect::<Result<_, _>>()?);
        }
        Ok(Kept {
            time: at,
            positions: entry.positions.into_iter().collect(),
            values: entry.values.into_iter().map(value).collect(),
            numbers,
            records: records.collect::<Result<_, _>>()?,
            matched: Matched::read_all(entry.matched),
        })
    }

    fn drop_window(&mut self, window: &Window) {
        self.dropped.windows += 1;
        self.dropped.records += u64::try_from(window.entries.len()).unwrap_or(u64::MAX);
    }
}
