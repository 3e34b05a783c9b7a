//! The records that come with a rule, and whether it fires on them.
//!
//! A line of `fires.ndjson` or `silent.ndjson` is a record as JSON, or a raw line of syslog as a JSON
//! string. A plain rule is tried on each record by itself (see [`crate::SingleRule`]); a correlation
//! is tried on the whole file as one sequence, by [`tell`]. Absent on purpose: files, and what was
//! expected.

use std::{collections::BTreeMap, fmt, sync::Arc};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink, read};
use cordon_model::Detection;
use serde_json::Value;

use crate::{Canonical, Correlator, Match, RuleSet, Screener};

/// A line that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRecord {
    /// It begins as a JSON string and is none.
    BrokenString,
    /// It is neither a JSON object nor a JSON string.
    NotJson,
    /// It was refused; why, in words.
    Refused(&'static str),
    /// It holds none, or several.
    NotOne(usize),
}

impl fmt::Display for NoRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokenString => f.write_str("begins like a JSON string and is none"),
            Self::NotJson => f.write_str("it begins with neither `{` nor `\"`"),
            Self::Refused(why) => f.write_str(why),
            Self::NotOne(count) => write!(f, "expected one record, found {count}"),
        }
    }
}

/// The record that a line holds, read as a log would be, and what was lost on the way.
///
/// # Errors
/// When the line holds no record, or several.
pub fn example_record(at: &Arc<str>, line: &str) -> Result<(Event, Vec<Degradation>), NoRecord> {
    let line = line.trim();
    let raw = match line.chars().next() {
        Some('"') => match serde_json::from_str(line) {
            Ok(Value::String(raw)) => raw,
            Ok(_) | Err(_) => return Err(NoRecord::BrokenString),
        },
        Some('{') => line.to_owned(),
        Some(_) => return Err(NoRecord::NotJson),
        None => return Err(NoRecord::NotOne(0)),
    };
    let mut collected = Collected::default();
    let mut bytes = raw.as_bytes();
    if let Err(error) = read(at, &mut bytes, &Hints::default(), &mut collected) {
        unreachable!("bytes in memory can be read: {error}");
    }
    match (collected.events.pop(), collected.refused) {
        (_, Some(refusal)) => Err(NoRecord::Refused(refusal.reason.words())),
        (Some(event), None) if collected.events.is_empty() => Ok((event, collected.degraded)),
        (Some(_), None) => Err(NoRecord::NotOne(collected.events.len() + 1)),
        (None, None) => Err(NoRecord::NotOne(0)),
    }
}

#[derive(Default)]
struct Collected {
    events: Vec<Event>,
    degraded: Vec<Degradation>,
    refused: Option<Refusal>,
}

impl Sink for Collected {
    fn event(&mut self, event: &Event, degraded: &[Degradation]) {
        self.events.push(event.clone());
        self.degraded.extend(degraded);
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.refused.get_or_insert(refusal);
    }
}

/// What a rule set tells of a sequence of records: plain detections and correlations, in the order
/// of the records' times.
pub fn tell(rules: &Arc<RuleSet>, events: &[Event], canonical: Canonical) -> Vec<Detection> {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by_cached_key(|event| (event.time, event.id()));
    let mut correlator = Correlator::new(Arc::clone(rules), canonical);
    let mut screener = Screener::new(rules);
    let mut told = Vec::new();
    for event in events {
        let found = screener.screen(event, &|_| Vec::new());
        for hit in found.into_iter().flat_map(Match::into_hits) {
            told.extend(rules.detection(&hit));
            told.extend(correlator.observe(&hit));
        }
    }
    told.extend(correlator.finish());
    told
}

/// One name for each thing that a table knows under several, whatever their case; any other text
/// stays as it is.
pub fn one_name(names: &BTreeMap<Arc<str>, Vec<String>>) -> Canonical {
    let mut one = BTreeMap::new();
    for (name, spellings) in names {
        for spelling in spellings.iter().map(String::as_str).chain([&**name]) {
            one.insert(spelling.to_lowercase(), Arc::clone(name));
        }
    }
    Arc::new(move |text| {
        let known = one.get(&text.to_lowercase());
        known.map_or_else(|| Arc::from(text), Arc::clone)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{NoRecord, example_record};

    #[test]
    fn a_line_is_a_record_or_says_why_not() {
        let at = Arc::from("fires.ndjson:1");
        let read =
            |line: &str| example_record(&at, line).map(|(event, _)| event.kind.product.clone());
        let okta = r#"{"eventType":"x","published":"2026-01-01T00:00:00Z","uuid":"u","actor":{},"legacyEventType":"y"}"#;
        assert!(read(okta).is_ok());
        assert_eq!(
            read(r#""<13>1 2026-01-01T00:00:00Z h app - - - text""#),
            Ok(Some(Arc::from("linux")))
        );
        assert_eq!(read(r#""unfinished"#), Err(NoRecord::BrokenString));
        assert_eq!(
            read("{"),
            Err(NoRecord::Refused("file ends inside the record"))
        );
        assert_eq!(read("garbage"), Err(NoRecord::NotJson));
        assert_eq!(read("   "), Err(NoRecord::NotOne(0)));
    }
}
