//! Detections as a table.

use cordon_model::Detection;

use super::{Column, Look, amount::many, table};

/// Longest list of entities in one cell.
const ENTITIES_MAX: usize = 3;

/// A line for each detection.
pub(crate) fn detections(detections: &[Detection], look: Look) -> String {
    let columns = [
        Column::Text("time"),
        Column::Text("level"),
        Column::Text("rule"),
        Column::Text("who and what"),
        Column::Text("record"),
        Column::Number("records"),
    ];
    let rows = detections.iter().map(|detection| {
        let last = detection.last();
        let entities = last.map_or(&[][..], |record| &record.entities);
        let named: Vec<&str> = entities.iter().take(ENTITIES_MAX).map(|e| &*e.id).collect();
        [
            detection
                .time
                .map_or_else(|| "unknown".to_owned(), |time| time.to_string()),
            detection.rule.level.word().to_owned(),
            detection.rule.title.clone(),
            named.join(", "),
            last.map_or_else(String::new, |r| format!("{}:{}", r.log.path, r.log.record)),
            many(detection.records.len()),
        ]
    });
    table(&columns, rows, look)
}
