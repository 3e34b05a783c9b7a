//! Detections as a table.

use cordon_model::{Detection, Level};

use super::{Column, Look, Tone, amount::many, hung, plain, table};

/// Longest list of entities in one cell.
const ENTITIES_MAX: usize = 3;

const fn tone(level: Level) -> Tone {
    match level {
        Level::Informational | Level::Low => Tone::Dim,
        Level::Medium => Tone::Plain,
        Level::High | Level::Critical => Tone::Bad,
    }
}

/// One detection as a line by itself, where no table can be drawn because more will come.
pub(crate) fn detection(detection: &Detection, look: Look) -> String {
    let level = detection.rule.level;
    let tone = tone(level);
    let [time, _, title, named, record, records] = cells(detection);
    let level = look.paint(tone, &format!("{:<8}", level.word()));
    let mut line = format!("{time}  {level}  {}", plain(&title));
    for (before, text) in [(": ", named), ("  ", record), (" ", records)] {
        if !text.is_empty() {
            line.push_str(before);
            line.push_str(&plain(&text));
        }
    }
    line.push('\n');
    line
}

/// Least columns that a table fits in without breaking times and addresses.
const TABLE_COLUMNS_MIN: usize = 100;

/// One detection in lines of its own, where a line is too narrow for a table; a name is never broken.
fn narrow(detection: &Detection, look: Look) -> String {
    let level = detection.rule.level;
    let [time, _, title, named, record, records] = cells(detection);
    let level = look.paint(tone(level), level.word());
    let mut text = format!("{time}  {level}\n  {}\n", plain(&title));
    let record = if records.is_empty() {
        record
    } else {
        format!("{record} {records}")
    };
    for more in [named, record] {
        if !more.is_empty() {
            text.push_str(&hung(&format!("  {}", plain(&more)), look.width));
        }
    }
    text
}

/// A line for each detection; several, where lines are short.
pub(crate) fn detections(detections: &[Detection], look: Look) -> String {
    if look.width < TABLE_COLUMNS_MIN {
        return detections.iter().map(|one| narrow(one, look)).collect();
    }
    let columns = [
        Column::Whole("time"),
        Column::Text("level"),
        Column::Text("rule"),
        Column::Text("who and what"),
        Column::Text("record"),
        Column::Number("records"),
    ];
    table(&columns, detections.iter().map(cells), look)
}

fn cells(detection: &Detection) -> [String; 6] {
    let last = detection.last();
    let entities = last.map_or(&[][..], |record| &record.entities);
    let mut named: Vec<&str> = Vec::new();
    for entity in entities {
        // Who does something to themselves is one name.
        if named.len() < ENTITIES_MAX && !named.contains(&&*entity.id) {
            named.push(&entity.id);
        }
    }
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
}
