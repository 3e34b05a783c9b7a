//! Times in which nothing was told, with what was read meanwhile.

use std::sync::Arc;

use cordon_incident::{Incident, Knowledge, incidents};
use cordon_model::{
    Detection, Entity, EntityKind, Estate, EstateParts, EventId, Evidence, Level, LogRef, RawPlace,
    Record as Fields, Role, RuleFacts, RuleId, Timestamp,
};

use super::{Entry, entries};
use crate::{ActivityFacts, Reading, SilenceFacts, record::records};

const HOUR: i64 = 3_600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_040 + seconds).unwrap()
}

/// A critical detection on somebody in a log.
fn told(who: &str, log: &str, seconds: i64) -> Detection {
    Detection {
        rule: Arc::new(RuleFacts {
            id: RuleId::new(format!("r{seconds}")),
            title: "r".to_owned(),
            level: Level::Critical,
            tags: Vec::new(),
            holds: vec![Role::Actor],
        }),
        time: Some(at(seconds)),
        records: vec![Evidence {
            id: EventId::new(format!("{who}-{seconds}")),
            log: LogRef {
                path: log.into(),
                record: 1,
            },
            raw: RawPlace::default(),
            time: Some(at(seconds)),
            clock: Arc::default(),
            source: log.into(),
            deed: cordon_model::Deed::default(),
            entities: vec![Entity {
                role: Role::Actor,
                kind: EntityKind::Account,
                id: who.into(),
            }],
            fields: Arc::new(Fields::new()),
        }],
        matched: Arc::default(),
        group: Vec::new(),
    }
}

fn found(detections: Vec<Detection>) -> Vec<Incident> {
    let estate = Arc::new(Estate::new(EstateParts::default()));
    incidents(&estate, &Arc::new(Knowledge::default()), detections)
}

fn activity(log: &str, minutes: &[(i64, u64)]) -> ActivityFacts {
    ActivityFacts {
        log: log.to_owned(),
        known_from: None,
        minutes: minutes
            .iter()
            .map(|(seconds, n)| (at(*seconds - 20), *n))
            .collect(),
    }
}

/// What stands between the records.
fn between(incidents: &[Incident], reading: &Reading) -> Vec<String> {
    let records = records(incidents);
    let entries = entries(&records, reading);
    let said = entries.iter().filter_map(|entry| match entry {
        Entry::Happened(..) => None,
        Entry::Gap(gap) => {
            assert_eq!(*gap.incident, incidents[0].id);
            Some(gap.sentence())
        }
        Entry::Silent(silent) => Some(silent.sentence()),
    });
    said.collect()
}

#[test]
fn records_that_no_rule_spoke_of_are_counted_and_no_log_is_called_missing() {
    let found = found(vec![told("ann", "okta", 0), told("ann", "okta", 11 * HOUR)]);
    let reading = Reading {
        activity: vec![
            activity("okta", &[(0, 1), (2 * HOUR, 5_000), (11 * HOUR, 1)]),
            activity(
                "windows/security",
                &[(0, 9), (HOUR, 208_093), (11 * HOUR, 1)],
            ),
            activity("vpn", &[(0, 2), (11 * HOUR, 2)]),
        ],
        ..Reading::default()
    };
    assert_eq!(
        between(&found, &reading),
        ["Nothing told for 11 h; 213,093 records of 2 logs were read meanwhile"]
    );
}

#[test]
fn a_log_of_the_incident_that_wrote_before_and_after_is_named() {
    let found = found(vec![told("ann", "okta", 0), told("ann", "okta", 2 * HOUR)]);
    let reading = Reading {
        activity: vec![
            activity("okta", &[(0, 1), (2 * HOUR + 60, 1)]),
            activity("windows/security", &[(HOUR, 7)]),
        ],
        ..Reading::default()
    };
    assert_eq!(
        between(&found, &reading),
        [
            "Nothing told for 2 h; 7 records of 1 log were read meanwhile, none of okta, \
             though it wrote before and after"
        ]
    );
}

#[test]
fn only_where_nobody_wrote_anything_a_log_may_be_missing() {
    let found = found(vec![told("ann", "okta", 0), told("ann", "okta", 2 * HOUR)]);
    let quiet = Reading {
        activity: vec![activity("okta", &[(0, 1), (2 * HOUR, 1)])],
        ..Reading::default()
    };
    assert_eq!(
        between(&found, &quiet),
        ["No record of any log for 2 h: nobody wrote, or logs are missing"]
    );
    let unknown = between(&found, &Reading::default());
    assert!(unknown[0].ends_with("is not known"), "{unknown:?}");
}

#[test]
fn gaps_are_those_of_one_incident_whatever_others_do_meanwhile() {
    let found = found(vec![
        told("ann", "okta", 0),
        told("bob", "okta", 2 * HOUR),
        told("bob", "okta", 2 * HOUR + 600),
        told("ann", "okta", 4 * HOUR),
    ]);
    assert_eq!(found.len(), 2);
    let said = between(&found, &Reading::default());
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("Nothing told for 4 h"), "{said:?}");
}

#[test]
fn a_log_that_fell_silent_during_an_incident_is_a_line_and_another_is_not() {
    let found = found(vec![told("ann", "okta", 0), told("ann", "okta", HOUR / 2)]);
    let silence = |log: &str, from: i64| SilenceFacts {
        log: log.to_owned(),
        host: None,
        from: at(from),
        until: Some(at(from + 4 * HOUR)),
        usual_minutes: 3,
        silence_minutes: 30,
    };
    let reading = Reading {
        silences: vec![
            silence("okta", 60),
            silence("vpn", 60),
            silence("okta", 5 * HOUR),
        ],
        ..Reading::default()
    };
    assert_eq!(
        between(&found, &reading),
        ["The log okta wrote nothing for 4 h; it is usually quiet for 3 min at most"]
    );
}
