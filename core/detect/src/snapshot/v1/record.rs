//! Records as the format writes them.

use std::sync::Arc;

use cordon_model::{
    Clock, Deed, Entity, EntityKind, EventId, Evidence, FieldMatch, LogRef, Outcome, RawPlace,
    Role, Timestamp, Value,
};
use jiff::{SignedDuration, tz::Offset};
use serde::{Deserialize, Serialize};

use super::{RestoreError, fields};

/// One record that a window or a hit rests on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    id: String,
    log: Log,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clock: Option<WrittenClock>,
    source: String,
    /// What was done, and the word for how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deed: Option<(Option<String>, String)>,
    /// Role, kind and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entities: Vec<(String, String, String)>,
    fields: Value,
}

/// How its time came about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClock {
    /// In nanoseconds.
    ahead: i128,
    zone: Option<String>,
    /// The offset written beside the time, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<i32>,
    arrival: Option<String>,
}

/// Where a record stands: its path and its number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Log(String, u64);

/// Where its raw bytes are: where they begin, how many there are, and their SHA-256.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Raw(u64, u64, Option<[u8; 32]>);

/// A field and what was found in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Matched(Option<String>, String);

impl Record {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let entity = |entity: &Entity| {
            let (role, kind) = (entity.role.word(), entity.kind.word());
            (role.to_owned(), kind.to_owned(), entity.id.to_string())
        };
        Self {
            id: evidence.id.to_string(),
            log: Log::of(&evidence.log),
            raw: (evidence.raw != RawPlace::default()).then(|| Raw::of(evidence.raw)),
            time: evidence.time.map(|time| time.to_string()),
            clock: (*evidence.clock != Clock::default()).then(|| WrittenClock::of(&evidence.clock)),
            source: evidence.source.to_string(),
            deed: (evidence.deed != Deed::default()).then(|| written(&evidence.deed)),
            entities: evidence.entities.iter().map(entity).collect(),
            fields: fields::written(evidence.fields.root()),
        }
    }

    pub(super) fn read(self) -> Result<Arc<Evidence>, RestoreError> {
        let entities = self.entities.into_iter().map(entity);
        Ok(Arc::new(Evidence {
            id: EventId::new(self.id),
            log: self.log.read(),
            raw: self.raw.map(Raw::read).unwrap_or_default(),
            time: self.time.map(|text| time(&text)).transpose()?,
            clock: self
                .clock
                .map(WrittenClock::read)
                .transpose()?
                .unwrap_or_default(),
            source: Arc::from(self.source),
            deed: self.deed.map(deed).transpose()?.unwrap_or_default(),
            entities: entities.collect::<Result<_, _>>()?,
            fields: Arc::new(fields::read(&self.fields)?),
        }))
    }
}

impl WrittenClock {
    fn of(clock: &Clock) -> Self {
        Self {
            ahead: clock.ahead.as_nanos(),
            zone: clock.zone.as_ref().map(ToString::to_string),
            written: clock.written.map(Offset::seconds),
            arrival: clock.arrival.map(|time| time.to_string()),
        }
    }

    fn read(self) -> Result<Arc<Clock>, RestoreError> {
        Ok(Arc::new(Clock {
            ahead: SignedDuration::from_nanos_i128(self.ahead),
            zone: self.zone.map(Arc::from),
            written: self.written.map(offset).transpose()?,
            arrival: self.arrival.map(|text| time(&text)).transpose()?,
        }))
    }
}

impl Raw {
    const fn of(raw: RawPlace) -> Self {
        Self(raw.offset, raw.length, raw.sha256)
    }

    const fn read(self) -> RawPlace {
        RawPlace {
            offset: self.0,
            length: self.1,
            sha256: self.2,
        }
    }
}

impl Log {
    pub(super) fn of(log: &LogRef) -> Self {
        Self(log.path.to_string(), log.record)
    }

    pub(super) fn read(self) -> LogRef {
        LogRef {
            path: Arc::from(self.0),
            record: self.1,
        }
    }
}

impl Matched {
    pub(super) fn all(matched: &[FieldMatch]) -> Vec<Self> {
        let one = |matched: &FieldMatch| {
            let field = matched.field.as_ref().map(ToString::to_string);
            Self(field, matched.value.clone())
        };
        matched.iter().map(one).collect()
    }

    pub(super) fn read_all(matched: Vec<Self>) -> Vec<FieldMatch> {
        let one = |Self(field, value)| FieldMatch {
            field: field.map(Arc::from),
            value,
        };
        matched.into_iter().map(one).collect()
    }
}

fn written(deed: &Deed) -> (Option<String>, String) {
    let action = deed.action.as_ref().map(ToString::to_string);
    (action, deed.outcome.word().to_owned())
}

fn deed((action, outcome): (Option<String>, String)) -> Result<Deed, RestoreError> {
    Ok(Deed {
        action: action.map(Arc::from),
        outcome: Outcome::from_word(&outcome).ok_or(RestoreError::Word(outcome))?,
    })
}

fn offset(seconds: i32) -> Result<Offset, RestoreError> {
    Offset::from_seconds(seconds).map_err(|cause| RestoreError::Time {
        text: seconds.to_string(),
        cause,
    })
}

fn entity((role, kind, id): (String, String, String)) -> Result<Entity, RestoreError> {
    Ok(Entity {
        role: Role::from_word(&role).ok_or(RestoreError::Word(role))?,
        kind: EntityKind::from_word(&kind).ok_or(RestoreError::Word(kind))?,
        id: Arc::from(id),
    })
}

/// Reads a point in time.
pub(super) fn time(text: &str) -> Result<Timestamp, RestoreError> {
    text.parse().map_err(|cause| RestoreError::Time {
        text: text.to_owned(),
        cause,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cordon_model::{Clock, Deed, Outcome, RawPlace, Timestamp};
    use jiff::{SignedDuration, tz::Offset};

    use super::{Raw, WrittenClock, deed, written};

    #[test]
    fn what_was_done_outlives_a_restart() {
        let done = Deed {
            action: Some(Arc::from("user.session.start")),
            outcome: Outcome::Failure,
        };
        assert_eq!(deed(written(&done)).unwrap(), done);
        assert!(deed((None, "perhaps".to_owned())).is_err());
    }

    #[test]
    fn where_raw_bytes_are_outlives_a_restart() {
        let raw = RawPlace {
            offset: 7,
            length: 9,
            sha256: Some([3; 32]),
        };
        let text = serde_json::to_string(&Raw::of(raw)).unwrap();
        let written: Raw = serde_json::from_str(&text).unwrap();
        assert_eq!(written.read(), raw);
    }

    #[test]
    fn a_declared_clock_outlives_a_restart() {
        let clock = Clock {
            ahead: SignedDuration::from_millis(-90_500),
            zone: Some(Arc::from("Europe/London")),
            written: Offset::from_seconds(-3600).ok(),
            arrival: Some(Timestamp::UNIX_EPOCH),
        };
        let text = serde_json::to_string(&WrittenClock::of(&clock)).unwrap();
        let written: WrittenClock = serde_json::from_str(&text).unwrap();
        assert_eq!(*written.read().unwrap(), clock);
    }
}
