//! A great many detections at once, for measuring.
//!
//! Each is as a scan tells one of a cloud's sign-in log or of a machine's: three entities, two matched fields, a place in
//! a file with the digest of its bytes, an id as long as a UUID, a word for what was done. Every text is one of its
//! own, as readers make them, but for those that a file or a rule has once. What is left out are the records' own
//! fields: all records share an empty set of them.

use std::sync::Arc;

use cordon_model::{
    Clock, Deed, Detection, Entity, EntityKind, EventId, Evidence, FieldMatch, Level, LogRef,
    Outcome, RawPlace, Record, Role, RuleFacts, RuleId, Timestamp,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How many detections, over how many entities: of ten entities eight are accounts, one is a host, one an address.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Detections.
    pub detections: u64,
    /// Accounts, hosts and addresses together.
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

/// Rules that fire.
const RULES: usize = 400;

/// The bytes of one record.
const RECORD_BYTES: u64 = 1_200;

impl Load {
    /// The detections one by one, over five days, a little out of order; the same for a seed.
    pub fn detections(self, seed: u64) -> impl Iterator<Item = Detection> {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let rules: Vec<Arc<RuleFacts>> = (0..RULES).map(rule).collect();
        let file = File::default();
        (0..self.detections).map(move |number| {
            let number_of_rule = chance.random_range(0..rules.len());
            let record = file.record(number, self.second(number, &mut chance), {
                let whose = chance.random_range(0..(self.entities * 8 / 10).max(1));
                let host = chance.random_range(0..(self.entities / 10).max(1));
                let address = chance.random_range(0..(self.entities / 10).max(1));
                (whose, host, address)
            });
            Detection {
                rule: rules
                    .get(number_of_rule)
                    .map_or_else(|| rule(number_of_rule), Arc::clone),
                time: record.time,
                records: vec![record],
                matched: [
                    file.matched(0, format!("event-{number_of_rule}")),
                    file.matched(1, "SUCCESS".to_owned()),
                ]
                .into(),
                group: Vec::new(),
            }
        })
    }

    /// When a detection was, in seconds of the epoch.
    fn second(self, number: u64, chance: &mut ChaCha8Rng) -> i64 {
        let second = number * 432_000 / self.detections.max(1);
        let late = chance.random_range(0..600);
        1_780_000_000 + i64::try_from(second + late).unwrap_or(0)
    }
}

/// What all records of one file have once.
struct File {
    path: Arc<str>,
    source: Arc<str>,
    clock: Arc<Clock>,
    fields: [Arc<str>; 2],
    record: Arc<Record>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            path: "load.ndjson".into(),
            source: "load".into(),
            clock: Arc::default(),
            fields: ["eventType".into(), "outcome.result".into()],
            record: Arc::new(Record::new()),
        }
    }
}

impl File {
    fn record(
        &self,
        number: u64,
        second: i64,
        (whose, host, address): (u64, u64, u64),
    ) -> Evidence {
        let entity = |role, kind, id: String| Entity {
            role,
            kind,
            id: id.into(),
        };
        let [a, b] = address
            .to_be_bytes()
            .last_chunk()
            .copied()
            .unwrap_or([0; 2]);
        let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut digest = [0; 32];
        for (chunk, times) in digest.chunks_mut(8).zip(1..) {
            chunk.copy_from_slice(&scattered.wrapping_mul(times).to_be_bytes());
        }
        Evidence {
            id: EventId::new(format!(
                "{:08x}-{:04x}-{:04x}-{:04x}-{number:012x}",
                scattered >> 32,
                scattered >> 16 & 0xffff,
                scattered & 0xffff,
                number & 0xffff,
            )),
            log: LogRef {
                path: Arc::clone(&self.path),
                record: number + 1,
            },
            time: Timestamp::from_second(second).ok(),
            raw: RawPlace {
                offset: number * RECORD_BYTES,
                length: RECORD_BYTES,
                sha256: Some(digest),
            },
            clock: Arc::clone(&self.clock),
            source: Arc::clone(&self.source),
            deed: Deed {
                action: Some("user.session.start".into()),
                outcome: Outcome::Success,
            },
            entities: vec![
                entity(
                    Role::Actor,
                    EntityKind::Account,
                    format!("LOAD\\user{whose}"),
                ),
                entity(Role::Host, EntityKind::Host, format!("host{host}")),
                entity(Role::Origin, EntityKind::Address, format!("10.77.{a}.{b}")),
            ],
            fields: Arc::clone(&self.record),
        }
    }

    fn matched(&self, field: usize, value: String) -> FieldMatch {
        FieldMatch {
            field: self.fields.get(field).map(Arc::clone),
            value,
        }
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
