//! The time line as a table that Timesketch and spreadsheets open (`timeline.csv`).

use cordon_incident::Incident;
use cordon_model::{Entity, Timestamp};

use crate::{
    Reading,
    gap::{Entry, Gap, Silent, entries},
    record::{Record, records},
    visible::visible,
};

/// How many columns there are.
const COLUMNS_COUNT: usize = 13;

/// Column names: Timesketch needs the first four, the rest are ours.
const COLUMNS: [&str; COLUMNS_COUNT] = [
    "message",
    "datetime",
    "timestamp_desc",
    "timestamp",
    "source",
    "rule",
    "level",
    "event_id",
    "log_path",
    "log_record",
    "entities",
    "incident",
    "told_by",
];

/// Every record that an incident rests on, one a line, oldest first; those without a time last.
///
/// A record that several rules matched is one line. `datetime` is RFC 3339 in UTC and `timestamp`
/// microseconds since 1970, both empty where the record does not say. An hour and more between two records of
/// one incident is a line of its own, whose `timestamp_desc` is `Nothing told`, or `Gap` where no
/// log wrote anything; a log that fell silent is one too (`Log silent`). No cell begins with a
/// character that makes a spreadsheet compute: such cells get a leading `'`.
pub fn timeline_csv(incidents: &[Incident], reading: &Reading) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = records(incidents);
    let mut written = writer.write_record(COLUMNS);
    for entry in entries(&rows, reading) {
        let row = match entry {
            Entry::Happened(_, record) => row(record),
            Entry::Gap(gap) => gap_row(&gap),
            Entry::Silent(silent) => silent_row(&silent),
        };
        written = written.and_then(|()| writer.write_record(row));
    }
    let bytes = written
        .map_err(|why| why.to_string())
        .and_then(|()| writer.into_inner().map_err(|why| why.to_string()));
    match bytes.map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(why)) => unreachable!("a table of strings is text: {why}"),
        Err(why) => unreachable!("a table of equal rows can be written to memory: {why}"),
    }
}

fn row(record: &Record<'_>) -> [String; COLUMNS_COUNT] {
    let evidence = record.evidence;
    let rules: Vec<&str> = record
        .rules
        .iter()
        .map(|said| said.rule.id.as_str())
        .collect();
    let incidents: Vec<&str> = record.incidents.iter().map(|id| id.as_str()).collect();
    let entities: Vec<String> = evidence.entities.iter().map(Entity::to_string).collect();
    let (datetime, described, timestamp) = match evidence.time {
        Some(time) => (
            time.to_string(),
            "Event time",
            time.as_microsecond().to_string(),
        ),
        None => (String::new(), "Time unknown", String::new()),
    };
    [
        cell(&record.sentence()),
        datetime,
        described.to_owned(),
        timestamp,
        cell(&evidence.source),
        cell(&rules.join("; ")),
        record.level().word().to_owned(),
        cell(evidence.id.as_str()),
        cell(&evidence.log.path),
        evidence.log.record.to_string(),
        cell(&entities.join("; ")),
        cell(&incidents.join("; ")),
        cell(&record.told_by()),
    ]
}

/// A gap stands where it begins.
fn gap_row(gap: &Gap<'_>) -> [String; COLUMNS_COUNT] {
    let described = if gap.is_empty() {
        "Gap"
    } else {
        "Nothing told"
    };
    let place = (gap.from, "");
    line((gap.sentence(), described), place, gap.incident.as_str())
}

/// So does the silence of a log.
fn silent_row(silent: &Silent<'_>) -> [String; COLUMNS_COUNT] {
    let incidents: Vec<&str> = silent.incidents.iter().map(|id| id.as_str()).collect();
    let place = (silent.silence.from, silent.silence.log.as_str());
    line(
        (silent.sentence(), "Log silent"),
        place,
        &incidents.join("; "),
    )
}

/// A line that is no record.
fn line(
    (sentence, described): (String, &str),
    (from, source): (Timestamp, &str),
    incidents: &str,
) -> [String; COLUMNS_COUNT] {
    let mut row: [String; COLUMNS_COUNT] = Default::default();
    let cells = [
        (0, cell(&sentence)),
        (1, from.to_string()),
        (2, described.to_owned()),
        (3, from.as_microsecond().to_string()),
        (4, cell(source)),
        (11, cell(incidents)),
    ];
    for (at, text) in cells {
        if let Some(place) = row.get_mut(at) {
            *place = text;
        }
    }
    row
}

/// A text that no spreadsheet takes for a formula, and that holds nothing unseen.
pub(crate) fn cell(text: &str) -> String {
    let computes = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    let shown = visible(text);
    if computes { format!("'{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_computes() {
        for (text, expect) in [
            ("=cmd()", "'=cmd()"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "'⟨U+0009⟩=1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expect);
        }
    }
}
