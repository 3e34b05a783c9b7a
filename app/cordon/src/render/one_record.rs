//! One record of a log for people: what was understood of it, then all that it says.

use cordon_report::json::v1::OneRecord;
use serde_json::to_string_pretty;

use super::{Look, Tone, plain, plain_json};

/// Width of the names before what is told.
const NAME_WIDTH: usize = 10;

/// A record in lines of names and what they say, and its fields as JSON.
pub(crate) fn one_record(record: &OneRecord, look: Look) -> String {
    let heading = format!(
        "{} record {}: {}",
        record.log.path, record.log.record, record.source
    );
    let heading = look.paint(Tone::Heading, &plain(&heading));
    let told = lines(record).into_iter().map(|(name, value)| {
        let name = look.paint(Tone::Dim, &format!("{name:<NAME_WIDTH$}"));
        format!("  {name}{}\n", plain(&value))
    });
    // A record of texts and numbers can always be written.
    let fields = to_string_pretty(&record.event.to_value()).unwrap_or_default();
    let told: String = told.collect();
    format!("{heading}\n{told}\n{}\n", plain_json(&fields))
}

fn lines(record: &OneRecord) -> Vec<(&str, String)> {
    let unknown = || "unknown".to_owned();
    let mut lines = vec![("time", time(record))];
    let action = record.deed.action.clone();
    lines.push(("action", action.unwrap_or_else(unknown)));
    lines.push(("outcome", record.deed.outcome.clone()));
    for entity in &record.entities {
        lines.push((&entity.role, format!("{} {}", entity.kind, entity.id)));
    }
    lines.push(("id", record.id.clone()));
    if let Some(raw) = &record.raw {
        lines.push((
            "bytes",
            format!("{} from offset {}", raw.length, raw.offset),
        ));
        lines.push(("sha256", raw.sha256.clone().unwrap_or_else(unknown)));
    }
    let lost = record.degraded.iter();
    lines.extend(lost.map(|lost| ("degraded", lost.clone())));
    lines
}

/// The moment, and what is to be known of how it came about.
fn time(record: &OneRecord) -> String {
    let Some(time) = &record.time else {
        return "unknown".to_owned();
    };
    let mut notes = Vec::new();
    if let Some(clock) = &record.clock {
        notes.extend(
            clock
                .written
                .as_ref()
                .map(|offset| format!("written with {offset}")),
        );
        notes.extend(
            clock
                .zone
                .as_ref()
                .map(|zone| format!("by the clock of {zone}")),
        );
        let ahead = clock.ahead_seconds;
        notes.extend(
            (ahead != 0).then(|| format!("by a clock {ahead} s ahead, which is taken off")),
        );
    }
    if notes.is_empty() {
        time.clone()
    } else {
        format!("{time} ({})", notes.join(", "))
    }
}
