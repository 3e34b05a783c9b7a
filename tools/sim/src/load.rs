//! A great many detections at once, for measuring.

use std::sync::Arc;

use cordon_model::{
    Detection, Entity, EntityKind, EventId, Evidence, FieldMatch, Level, LogRef, Record, Role,
    RuleFacts, RuleId, Timestamp,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How many detections, over how many entities: nine in ten accounts, the others hosts.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Detections.
    pub detections: u64,
    /// Accounts and hosts together.
    pub entities: u64,
}

/// Rules of all levels, as a large rule set has them: most of what fires is weak.
const LEVELS: [Level; 10] = [
    Level::Informational,
    Level::Informational,
    Level::Low,
    Level::Low,
    Level::Low,
    Level::Medium,
    Level::Medium,
    Level::Medium,
    Level::High,
    Level::Critical,
];

impl Load {
    /// The detections one by one, over five days, a little out of order; the same for a seed.
    ///
    /// Every name is a text of its own, as a reader of logs makes them.
    pub fn detections(self, seed: u64) -> impl Iterator<Item = Detection> {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let rules: Vec<Arc<RuleFacts>> = (0..400).map(rule).collect();
        let (record, clock) = (Arc::new(Record::new()), Arc::default());
        let (path, source): (Arc<str>, Arc<str>) = ("load.ndjson".into(), "load".into());
        (0..self.detections).map(move |n| {
            let whose = chance.random_range(0..self.entities * 9 / 10);
            let host = chance.random_range(0..(self.entities / 10).max(1));
            let second = n * 432_000 / self.detections.max(1);
            let late = chance.random_range(0..600);
            let second = i64::try_from(second + late).unwrap_or(0);
            let time = Timestamp::from_second(1_780_000_000 + second).ok();
            let rule = chance.random_range(0..rules.len());
            let entity = |role, kind, id: String| Entity {
                role,
                kind,
                id: id.into(),
            };
            let (account, computer) = (format!("LOAD\\user{whose}"), format!("host{host}"));
            Detection {
                rule: rules.get(rule).map_or_else(|| self::rule(0), Arc::clone),
                time,
                records: vec![Evidence {
                    id: EventId::new(format!("{:016x}{n:016x}", n.wrapping_mul(31))),
                    log: LogRef {
                        path: Arc::clone(&path),
                        record: n + 1,
                    },
                    time,
                    raw: cordon_model::RawPlace::default(),
                    clock: Arc::clone(&clock),
                    source: Arc::clone(&source),
                    deed: cordon_model::Deed::default(),
                    entities: vec![
                        entity(Role::Actor, EntityKind::Account, account),
                        entity(Role::Host, EntityKind::Host, computer),
                    ],
                    fields: Arc::clone(&record),
                }],
                matched: vec![FieldMatch {
                    field: Some(Arc::clone(&source)),
                    value: "value".to_owned(),
                }],
                group: Vec::new(),
            }
        })
    }
}

fn rule(number: usize) -> Arc<RuleFacts> {
    let level = LEVELS.get(number % LEVELS.len()).copied();
    Arc::new(RuleFacts {
        id: RuleId::new(format!("rule-{number}")),
        title: format!("Rule {number}"),
        level: level.unwrap_or(Level::Low),
        tags: vec!["attack.execution".to_owned(), "attack.t1059".to_owned()],
        holds: vec![Role::Actor],
    })
}
