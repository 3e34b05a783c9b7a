//! Detections as a table for spreadsheets (`cordon scan --format csv`).

use cordon_model::{Detection, Entity};

use crate::{json::v1::RawTold, timeline::cell};

/// How many there are.
const WIDTH: usize = 17;

const COLUMNS: [&str; WIDTH] = [
    "time",
    "level",
    "rule",
    "title",
    "tags",
    "source",
    "log_path",
    "log_record",
    "event_id",
    "records",
    "entities",
    "matched",
    "action",
    "outcome",
    "raw_offset",
    "raw_length",
    "raw_sha256",
];

/// The line with the names of the columns, with its end.
///
/// Below it, `time` is RFC 3339 in UTC, empty where the record does not say. No cell begins with a character that
/// makes a spreadsheet compute: such cells get a leading `'`.
pub fn detections_csv_head() -> String {
    written(COLUMNS.map(str::to_owned))
}

/// A detection as a line of the table, with its end; the record is the last one of a correlation.
pub fn detections_csv_line(detection: &Detection) -> String {
    written(row(detection))
}

fn written(row: [String; WIDTH]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let bytes = writer
        .write_record(row)
        .map_err(|why| why.to_string())
        .and_then(|()| writer.into_inner().map_err(|why| why.to_string()));
    match bytes.map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(why)) => unreachable!("a table of strings is text: {why}"),
        Err(why) => unreachable!("a row can be written to memory: {why}"),
    }
}

fn row(detection: &Detection) -> [String; WIDTH] {
    let last = detection.last();
    let rule = &detection.rule;
    let entities = last.map_or(&[][..], |record| &record.entities);
    let entities: Vec<String> = entities.iter().map(Entity::to_string).collect();
    let matched = detection
        .matched
        .iter()
        .map(|matched| match &matched.field {
            Some(field) => format!("{field}: {}", matched.value),
            None => matched.value.clone(),
        });
    let matched: Vec<String> = matched.collect();
    let raw = last.and_then(|record| RawTold::of(&record.raw));
    let of_raw =
        |told: fn(RawTold) -> Option<String>| raw.clone().and_then(told).unwrap_or_default();
    let of_last = |text: Option<&str>| cell(text.unwrap_or_default());
    [
        detection
            .time
            .map_or_else(String::new, |time| time.to_string()),
        rule.level.word().to_owned(),
        cell(rule.id.as_str()),
        cell(&rule.title),
        cell(&rule.tags.join("; ")),
        of_last(last.map(|record| &*record.source)),
        of_last(last.map(|record| &*record.log.path)),
        last.map_or_else(String::new, |record| record.log.record.to_string()),
        of_last(last.map(|record| record.id.as_str())),
        detection.records.len().to_string(),
        cell(&entities.join("; ")),
        cell(&matched.join("; ")),
        of_last(last.and_then(|record| record.deed.action.as_deref())),
        of_last(last.map(|record| record.deed.outcome.word())),
        of_raw(|raw| Some(raw.offset.to_string())),
        of_raw(|raw| Some(raw.length.to_string())),
        of_raw(|raw| raw.sha256),
    ]
}
