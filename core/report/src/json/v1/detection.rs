//! One detection as one line (`cordon scan --format jsonl`).

use std::sync::Arc;

use cordon_model::{
    Deed, Detection, Entity, Evidence, FieldMatch, LogRef, Outcome, Record, RuleFacts,
};
use serde::{Deserialize, Serialize};

use super::{
    pen::Pen,
    told::{
        ClockTold, DeedTold, Log, MatchedField, NamedEntity, RawTold, RecordFields, Rule,
        is_correlation,
    },
};

/// One rule's statement; of a correlation, `log`, `event` and `entities` are those of its last record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectionLine {
    /// The rule.
    pub rule: Rule,
    /// When, RFC 3339 in UTC; null if the record does not say.
    pub time: Option<String>,
    /// How that time came about; absent where there is nothing to say beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockTold>,
    /// Where the record stands.
    pub log: Option<Log>,
    /// Where its raw bytes are; absent of a record that stands in no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawTold>,
    /// What was done, and how it ended.
    #[serde(flatten)]
    pub deed: DeedTold,
    /// Whom and what it names.
    pub entities: Vec<NamedEntity>,
    /// Which fields matched.
    pub matched: Vec<MatchedField>,
    /// The record's own fields.
    pub event: Arc<Record>,
    /// All records of a correlation, oldest first; absent for a plain rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Vec<RecordFields>>,
}

impl DetectionLine {
    /// What a line of `cordon scan` says of a detection.
    pub fn of(detection: &Detection) -> Self {
        let last = detection.last();
        let all = || detection.records.iter().map(RecordFields::of).collect();
        Self {
            rule: Rule::of(&detection.rule),
            time: detection.time.map(|time| time.to_string()),
            clock: last.and_then(|record| ClockTold::of(&record.clock)),
            log: last.map(|record| Log::of(&record.log)),
            raw: last.and_then(|record| RawTold::of(&record.raw)),
            deed: last.map_or_else(|| DeedTold::of(&Deed::default()), |r| DeedTold::of(&r.deed)),
            entities: last.map_or_else(Vec::new, |record| {
                record.entities.iter().map(NamedEntity::of).collect()
            }),
            matched: detection.matched.iter().map(MatchedField::of).collect(),
            event: last.map_or_else(Arc::default, |record| Arc::clone(&record.fields)),
            records: is_correlation(detection).then(all),
        }
    }
}

/// A detection as a JSON object on one line, line end included.
///
/// Written by hand, because nothing else is written as often: the same bytes as of a [`DetectionLine`].
pub fn detection_line(detection: &Detection) -> String {
    let last = detection.last();
    let mut pen = Pen::with_room(last.map_or(0, |last| last.fields.size_bytes()));
    rule(&mut pen, &detection.rule);
    pen.raw(",\"time\":");
    pen.maybe(detection.time.map(|time| time.to_string()).as_deref());
    clock(&mut pen, last);
    pen.raw(",\"log\":");
    match last {
        Some(record) => log(&mut pen, &record.log),
        None => pen.raw("null"),
    }
    raw(&mut pen, last);
    deed(&mut pen, last);
    pen.raw(",\"entities\":");
    let entities = last.map_or(&[][..], |record| &record.entities);
    pen.list(entities, entity);
    pen.raw(",\"matched\":");
    pen.list(detection.matched.iter(), matched);
    pen.raw(",\"event\":");
    match last {
        Some(record) => pen.record(&record.fields),
        None => pen.raw("{}"),
    }
    if is_correlation(detection) {
        pen.raw(",\"records\":");
        pen.list(&detection.records, |pen, record| {
            pen.raw("{\"log\":");
            log(pen, &record.log);
            raw(pen, Some(record));
            pen.raw(",\"time\":");
            pen.maybe(record.time.map(|time| time.to_string()).as_deref());
            clock(pen, Some(record));
            deed(pen, Some(record));
            pen.raw(",\"event\":");
            pen.record(&record.fields);
            pen.raw("}");
        });
    }
    pen.raw("}");
    pen.into_line()
}

fn rule(pen: &mut Pen, rule: &RuleFacts) {
    pen.raw("{\"rule\":{\"id\":");
    pen.text(rule.id.as_str());
    pen.raw(",\"title\":");
    pen.text(&rule.title);
    pen.raw(",\"level\":");
    pen.text(rule.level.word());
    pen.raw(",\"tags\":");
    pen.list(&rule.tags, |pen, tag| pen.text(tag));
    pen.raw("}");
}

/// How a record's time came about, where there is something to say.
fn clock(pen: &mut Pen, record: Option<&Evidence>) {
    let Some(told) = record.and_then(|record| ClockTold::of(&record.clock)) else {
        return;
    };
    pen.raw(",\"clock\":{\"ahead_seconds\":");
    pen.raw(&told.ahead_seconds.to_string());
    pen.raw(",\"zone\":");
    pen.maybe(told.zone.as_deref());
    if let Some(written) = &told.written {
        pen.raw(",\"written\":");
        pen.text(written);
    }
    pen.raw(",\"arrival\":");
    pen.maybe(told.arrival.as_deref());
    pen.raw("}");
}

/// Where a record's raw bytes are, if it stands in a file.
fn raw(pen: &mut Pen, record: Option<&Evidence>) {
    let Some(told) = record.and_then(|record| RawTold::of(&record.raw)) else {
        return;
    };
    pen.raw(",\"raw\":{\"offset\":");
    pen.raw(&told.offset.to_string());
    pen.raw(",\"length\":");
    pen.raw(&told.length.to_string());
    pen.raw(",\"sha256\":");
    pen.maybe(told.sha256.as_deref());
    pen.raw("}");
}

/// What was done, and how it ended.
fn deed(pen: &mut Pen, record: Option<&Evidence>) {
    let done = record.map(|record| &record.deed);
    pen.raw(",\"action\":");
    pen.maybe(done.and_then(|deed| deed.action.as_deref()));
    pen.raw(",\"outcome\":");
    pen.text(done.map_or(Outcome::Unknown, |deed| deed.outcome).word());
}

fn log(pen: &mut Pen, log: &LogRef) {
    pen.raw("{\"path\":");
    pen.text(&log.path);
    pen.raw(",\"record\":");
    pen.raw(&log.record.to_string());
    pen.raw("}");
}

fn entity(pen: &mut Pen, entity: &Entity) {
    pen.raw("{\"role\":");
    pen.text(entity.role.word());
    pen.raw(",\"kind\":");
    pen.text(entity.kind.word());
    pen.raw(",\"id\":");
    pen.text(&entity.id);
    pen.raw("}");
}

fn matched(pen: &mut Pen, matched: &FieldMatch) {
    pen.raw("{\"field\":");
    pen.maybe(matched.field.as_deref());
    pen.raw(",\"value\":");
    pen.text(&matched.value);
    pen.raw("}");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cordon_model::{
        Clock, Deed, Detection, Entity, EntityKind, EventId, Evidence, FieldMatch, Level, LogRef,
        Outcome, Record, Role, RuleFacts, RuleId,
    };
    use serde_json::json;

    use super::{DetectionLine, detection_line};
    use crate::json::v1::write::line;

    fn record(record: u64, fields: serde_json::Value) -> Evidence {
        let entity = |id: &str| Entity {
            role: Role::Actor,
            kind: EntityKind::Account,
            id: id.into(),
        };
        Evidence {
            id: EventId::new("x"),
            log: LogRef {
                path: "a\u{202e}\"b.zip!c".into(),
                record,
            },
            time: "2025-05-01T10:00:00.25Z".parse().ok(),
            raw: cordon_model::RawPlace {
                offset: record,
                length: record - 7,
                sha256: Some([171; 32]),
            },
            clock: Arc::new(Clock {
                ahead: jiff::SignedDuration::from_hours(i64::try_from(record).unwrap() - 7),
                zone: (record == 8).then(|| "Europe/London".into()),
                written: (record == 8).then(|| jiff::tz::Offset::constant(1)),
                arrival: None,
            }),
            source: "windows/security".into(),
            deed: Deed {
                action: (record == 8).then(|| "user.session.start \"\u{202e}".into()),
                outcome: Outcome::Failure,
            },
            entities: vec![entity("NORTH\\gate"), entity("é")],
            fields: Arc::new(Record::from(fields)),
        }
    }

    #[test]
    fn a_line_is_the_document_that_it_stands_for() {
        let rule = RuleFacts {
            id: RuleId::new("id \"1\""),
            title: "Zoë\u{200b} said \\ so".to_owned(),
            level: Level::High,
            tags: vec!["attack.t1098".to_owned(), "x".to_owned()],
            holds: Vec::new(),
        };
        let field = |field: Option<&str>, value: &str| FieldMatch {
            field: field.map(Arc::from),
            value: value.to_owned(),
        };
        let plain = Detection {
            rule: Arc::new(rule),
            time: "2025-05-01T10:00:00.25Z".parse().ok(),
            records: vec![record(
                7,
                json!({"a": [1, -2.5, {"b": null}], "c\t": "d\n\u{7f}"}),
            )],
            matched: [field(Some("a"), "1"), field(None, "\u{1}")].into(),
            group: Vec::new(),
        };
        let mut timeless = plain.clone();
        timeless.time = None;
        timeless.matched = Arc::default();
        let mut correlation = plain.clone();
        correlation.records.push(record(8, json!({})));
        let mut of_nothing = plain.clone();
        of_nothing.records.clear();
        for detection in [plain, timeless, correlation, of_nothing] {
            assert_eq!(
                detection_line(&detection),
                line(&DetectionLine::of(&detection))
            );
        }
    }
}
