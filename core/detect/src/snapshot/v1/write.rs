//! From what is remembered to a document.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::Evidence;

use super::{
    Correlation, Document, Entry, FORMAT, Losses, RememberedHit, RuleName, WaitingHit, WaitingRoom,
    Window,
    record::{Log, Matched, Record},
};
use crate::{
    Correlator, Reorder, Repeats, RuleIx, RuleSet,
    correlate::window::{Entry as Kept, Window as Open},
};

/// Writes down what waits and what the windows hold. The same state gives the same document.
pub fn snapshot(reorder: &Reorder, correlator: &Correlator) -> Document {
    let mut tables = Tables {
        names: names(&correlator.rules),
        rules: Vec::new(),
        rule_places: BTreeMap::new(),
        records: Vec::new(),
        record_places: BTreeMap::new(),
    };
    let waiting_room = tables.waiting_room(reorder);
    let correlations = correlator.rules.correlations().iter();
    let correlations = correlations
        .zip(&correlator.groups)
        .map(|(linked, groups)| Correlation {
            meaning: linked.fingerprint.as_str().to_owned(),
            heard: groups.waiting.heard.map(|time| time.to_string()),
            windows: groups
                .windows
                .iter()
                .map(|(key, window)| Window {
                    waiting: groups.waiting.of(key).map(|t| t.to_string()).collect(),
                    ..tables.window(window)
                })
                .collect(),
        })
        .collect();
    let newest = correlator.newest.as_ref();
    let losses = correlator.losses;
    Document {
        format: FORMAT.to_owned(),
        records: tables.records,
        rules: tables.rules,
        waiting_room,
        newest: newest.map(|(time, id)| (time.to_string(), id.to_string())),
        losses: Losses {
            window_full: losses.window_full,
            memory_full: losses.memory_full,
            crowded: losses.crowded,
            without_number: losses.without_number,
            out_of_order: losses.out_of_order,
            unheard: losses.unheard,
            unfinished: losses.unfinished,
        },
        correlations,
    }
}

/// How the plain rules of a set are called in documents, in their order.
pub(super) fn names(rules: &RuleSet) -> Vec<RuleName> {
    let mut alike: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    rules
        .described()
        .map(|(_, facts)| {
            let (id, title) = (facts.id.as_str(), facts.title.as_str());
            let before = alike.entry((id, title)).or_default();
            let name = RuleName(id.to_owned(), title.to_owned(), *before);
            *before += 1;
            name
        })
        .collect()
}

/// What is pointed to, in the order in which it first was.
struct Tables {
    names: Vec<RuleName>,
    rules: Vec<RuleName>,
    rule_places: BTreeMap<RuleIx, usize>,
    records: Vec<Record>,
    /// By where the record lies in memory, for looking up only.
    record_places: BTreeMap<usize, usize>,
}

impl Tables {
    fn rule(&mut self, rule: RuleIx) -> usize {
        if let Some(place) = self.rule_places.get(&rule) {
            return *place;
        }
        let number = usize::try_from(rule.0).ok();
        let Some(name) = number.and_then(|number| self.names.get(number)) else {
            unreachable!("a rule's place is used only with the rule set it comes from");
        };
        self.rules.push(name.clone());
        self.rule_places.insert(rule, self.rules.len() - 1);
        self.rules.len() - 1
    }

    fn record(&mut self, evidence: &Arc<Evidence>) -> usize {
        let next = self.records.len();
        let lies = Arc::as_ptr(evidence).addr();
        let place = *self.record_places.entry(lies).or_insert(next);
        if place == next {
            self.records.push(Record::of(evidence));
        }
        place
    }

    fn waiting_room(&mut self, reorder: &Reorder) -> WaitingRoom {
        let hits = reorder.waiting.values().map(|hit| WaitingHit {
            rule: self.rule(hit.rule),
            record: self.record(&hit.evidence),
            matched: Matched::all(&hit.matched),
            beside: hit.beside.iter().map(|rule| self.rule(*rule)).collect(),
        });
        let hits = hits.collect();
        let remembered = reorder.remembered.iter();
        let remembered = remembered.map(|(time, id, rule, log)| RememberedHit {
            time: time.map(|time| time.to_string()),
            id: id.to_string(),
            rule: self.rule(*rule),
            log: log.as_ref().map(Log::of),
        });
        WaitingRoom {
            each_place: reorder.repeats == Repeats::EachPlace,
            horizon: reorder.horizon.to_string(),
            told: reorder.told.to_string(),
            used: reorder.tally.used,
            duplicates: reorder.tally.duplicates,
            late: reorder.tally.late,
            hastened: reorder.tally.hastened,
            hits,
            remembered: remembered.collect(),
        }
    }

    fn window(&mut self, window: &Open) -> Window {
        let texts = |texts: &[Arc<str>]| texts.iter().map(ToString::to_string).collect();
        let entry = |entry: &Kept| Entry {
            time: entry.time.to_string(),
            positions: entry.positions.iter().copied().collect(),
            values: entry.values.iter().map(|value| texts(value)).collect(),
            numbers: entry
                .numbers
                .iter()
                .map(|(field, numbers)| {
                    let numbers = numbers.iter().map(ToString::to_string);
                    (field.to_string(), numbers.collect())
                })
                .collect(),
            records: entry.records.iter().map(|r| self.record(r)).collect(),
            matched: Matched::all(&entry.matched),
        };
        let entries = window.entries.iter().map(entry).collect();
        Window {
            group: texts(&window.shown),
            told: window.told,
            waiting: Vec::new(),
            floor: window.floor.map(|time| time.to_string()),
            entries,
        }
    }
}
