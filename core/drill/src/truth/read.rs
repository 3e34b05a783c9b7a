//! The truth, read back from its document (`cordon/truth/v1`).

use std::fmt;

use cordon_model::{LogRef, NodeId, Timestamp};
use serde_json::Value;

use super::{Held, Stage, Truth, TruthStep};
use crate::Profile;

/// Why a text is no truth: what was wanted, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoTruth {
    wanted: &'static str,
    place: String,
}

impl fmt::Display for NoTruth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wanted, place } = self;
        write!(f, "expected {wanted} at `{place}`")
    }
}

impl std::error::Error for NoTruth {}

impl Truth {
    /// Reads what [`Truth::document`] wrote.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, NoTruth> {
        let document: Value = serde_json::from_str(text)
            .map_err(|why| wrong("a JSON document", &format!("line {}", why.line())))?;
        if document.get("format").and_then(Value::as_str) != Some("cordon/truth/v1") {
            return Err(wrong("`cordon/truth/v1`", "format"));
        }
        let profile = |value: &Value| value.as_str().and_then(Profile::from_word);
        let intrusions = list(&document, "intrusions", |value| {
            profile(value).ok_or_else(|| wrong("a profile", "intrusions"))
        })?;
        let number = |key: &str| {
            let found = document.get(key).and_then(Value::as_u64);
            found.ok_or_else(|| wrong("a number", key))
        };
        let known = |value: &Value| {
            let found = value.get("intrusion").and_then(Value::as_u64);
            let found = found.and_then(|n| usize::try_from(n).ok());
            let found = found.filter(|n| *n < intrusions.len());
            found.ok_or_else(|| wrong("the number of an intrusion", "intrusion"))
        };
        Ok(Self {
            held: list(&document, "held", |value| {
                Ok(Held {
                    node: NodeId::new(text_at(value, "node")?),
                    since: time(value, "since")?,
                    intrusion: known(value)?,
                })
            })?,
            steps: list(&document, "steps", |value| {
                let stage = text_at(value, "stage")?;
                let log = value.get("log").unwrap_or(&Value::Null);
                let record = log.get("record").and_then(Value::as_u64);
                Ok(TruthStep {
                    time: time(value, "time")?,
                    intrusion: known(value)?,
                    stage: Stage::from_word(stage).ok_or_else(|| wrong("a stage", "stage"))?,
                    log: LogRef {
                        path: text_at(log, "path")?.into(),
                        record: record.ok_or_else(|| wrong("a number", "record"))?,
                    },
                })
            })?,
            benign_records: number("benign_records")?,
            intrusion_records: number("intrusion_records")?,
            intrusions,
        })
    }
}

fn wrong(wanted: &'static str, place: &str) -> NoTruth {
    NoTruth {
        wanted,
        place: place.to_owned(),
    }
}

fn list<T>(
    document: &Value,
    key: &str,
    one: impl FnMut(&Value) -> Result<T, NoTruth>,
) -> Result<Vec<T>, NoTruth> {
    let items = document.get(key).and_then(Value::as_array);
    let items = items.ok_or_else(|| wrong("a list", key))?;
    items.iter().map(one).collect()
}

fn text_at<'v>(value: &'v Value, key: &str) -> Result<&'v str, NoTruth> {
    let found = value.get(key).and_then(Value::as_str);
    found.ok_or_else(|| wrong("a text", key))
}

fn time(value: &Value, key: &str) -> Result<Timestamp, NoTruth> {
    let found = text_at(value, key)?.parse();
    found.ok().ok_or_else(|| wrong("a time in RFC 3339", key))
}
