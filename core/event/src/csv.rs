//! Tables as text: a row of names, then rows of values, parted by one character.
//!
//! Each row below the names is a record with its own number and place; the names are none. A row of
//! other length than the names keeps what it has and is counted: values without a name stand
//! in a list under `more`.

mod doubled;
mod rows;
mod sniff;

pub(crate) use rows::cells;
pub(crate) use sniff::recognise;

use std::{
    borrow::Cow,
    io::{self, BufRead},
};

use memchr::memchr;

use crate::{
    Degradation, RefusalReason,
    columns::{Cell, Columns, MORE},
    intake::{Intake, Raw},
    lines::text_of,
};

use rows::{Row, Rows};

/// Reads a table. `between` parts its values.
pub(crate) fn read(
    input: &mut dyn BufRead,
    offset: u64,
    between: u8,
    intake: &mut Intake<'_>,
) -> io::Result<()> {
    let mut rows = Rows::new(input, offset, between);
    let mut columns: Option<Columns> = None;
    while let Some(row) = rows.next()? {
        let raw = Raw {
            bytes: row.bytes,
            offset: row.offset,
        };
        match (&columns, row.refused) {
            (Some(_), _) if intake.broke_off(raw, row.end) => {}
            (_, Some(reason)) => intake.refuse(raw, reason),
            (None, None) if is_preface(&row) => {}
            (None, None) => {
                let names = text_of(row.bytes);
                let names = cells(&names, between).map(Cow::into_owned).collect();
                columns = Some(Columns::new(distinct(names)));
            }
            (Some(columns), None) => take(raw, columns, between, intake),
        }
    }
    Ok(())
}

/// Lines before the names: `sep=;` of Excel, `#TYPE …` of `PowerShell`, blank ones.
fn is_preface(row: &Row<'_>) -> bool {
    let text = row.bytes.trim_ascii();
    text.is_empty() || text.starts_with(b"sep=") || text.starts_with(b"#TYPE ")
}

fn take(raw: Raw<'_>, columns: &Columns, between: u8, intake: &mut Intake<'_>) {
    if raw.bytes.trim_ascii().is_empty() {
        return;
    }
    if memchr(0, raw.bytes).is_some() {
        intake.refuse(raw, RefusalReason::Binary);
        return;
    }
    let row = text_of(raw.bytes);
    let cells = cells(&row, between).map(Cell::Text);
    let is_even = columns.fill(&mut intake.draft.fields, &row, cells);
    let mut understood = intake.understood();
    let flaws = [
        (!is_even, Degradation::UnevenRow),
        (matches!(row, Cow::Owned(_)), Degradation::InvalidUtf8),
    ];
    let flaws = flaws.into_iter().filter(|(is_there, _)| *is_there);
    understood.degraded.extend(flaws.map(|(_, flaw)| flaw));
    intake.accept(raw, understood);
}

/// The names of columns, each once: a second one of a name is `name_2`, one without a name is known by
/// its place.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = vec![MORE.to_owned()];
    for (at, name) in names.into_iter().enumerate() {
        let name = name.trim().trim_start_matches('\u{feff}').to_owned();
        let base = if name.is_empty() {
            format!("column_{}", at + 1)
        } else {
            name
        };
        let mut name = base.clone();
        let mut nth = 1;
        while seen.contains(&name) {
            nth += 1;
            name = format!("{base}_{nth}");
        }
        seen.push(name);
    }
    seen.remove(0);
    seen
}

#[cfg(test)]
mod tests {
    use crate::kept::Kept;
    use serde_json::json;

    use crate::{Degradation, Hints, LogFormat, ReadSummary, RefusalReason, SourceSettings, read};

    fn run(bytes: &[u8], settings: SourceSettings) -> (Kept, ReadSummary) {
        let mut kept = Kept::default();
        let mut input = std::io::BufReader::with_capacity(5, bytes);
        let hints = Hints::default().of(settings);
        let summary = read(&"t".into(), &mut input, &hints, &mut kept).unwrap();
        assert_eq!(summary.records, summary.events + summary.refused_count());
        for event in &kept.events {
            let begin = usize::try_from(event.offset).unwrap();
            let end = begin + usize::try_from(event.length).unwrap();
            assert!(bytes.get(begin..end).is_some());
        }
        (kept, summary)
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "so that cases read as tables"
    )]
    fn check(bytes: &str, expect: serde_json::Value) {
        let (kept, _) = run(bytes.as_bytes(), SourceSettings::default());
        let found: Vec<_> = kept.events.iter().map(|e| e.fields.to_value()).collect();
        assert_eq!(json!(found), expect, "{bytes}");
        assert_eq!(kept.refusals, [], "{bytes}");
    }

    #[test]
    fn tables_are_read_whatever_parts_them() {
        let expect = json!([{"id": "1", "name": "a, b", "note": "two\nlines"},
            {"id": "2", "name": "\"c\"", "note": ""}]);
        check(
            "id,name,note\n1,\"a, b\",\"two\nlines\"\n2,\"\"\"c\"\"\",\n",
            expect.clone(),
        );
        check(
            "\u{feff}id;name;note\r\n1;a, b;\"two\nlines\"\r\n2;\"\"\"c\"\"\";\r\n",
            expect.clone(),
        );
        check(
            "id\tname\tnote\n1\ta, b\t\"two\nlines\"\n2\t\"\"\"c\"\"\"\t\n",
            expect.clone(),
        );
        check(
            "sep=;\nid;name;note\n1;a, b;\"two\nlines\"\n2;\"\"\"c\"\"\";\n",
            expect.clone(),
        );
        check(
            "#TYPE Selected.X\n\"id\",\"name\",\"note\"\n1,\"a, b\",\"two\nlines\"\n2,\"\"\"c\"\"\",\"\"\n\n",
            expect,
        );
    }

    #[test]
    fn rows_of_another_length_keep_what_they_have_and_are_counted() {
        let (kept, summary) = run(
            b"id,name,note\n1,a,b\n2,c\n3,d,e,f\n4,g,h\n5,i,j\n6,k,l\n",
            SourceSettings::default(),
        );
        assert_eq!(summary.degraded[&Degradation::UnevenRow].count, 2);
        assert_eq!(
            kept.events[1].fields.to_value(),
            json!({"id": "2", "name": "c"})
        );
        assert_eq!(kept.events[2].fields.to_value()["more"], json!(["f"]));
    }

    #[test]
    fn a_quote_that_never_ends_costs_its_own_row_only() {
        let (kept, summary) = run(
            b"id,name,note\n1,a,b\n2,\"c,d\n3,e,f\n4,g,h\n",
            SourceSettings::default(),
        );
        let numbers: Vec<u64> = kept.events.iter().map(|e| e.log.record).collect();
        assert_eq!(numbers, [1, 3, 4]);
        assert_eq!(summary.records, 4);
        assert_eq!(kept.refusals[0].reason, RefusalReason::BrokenCsv);
        assert_eq!(kept.refusals[0].log.record, 2);
    }

    #[test]
    fn names_are_told_apart() {
        check(
            "a,,a\n1,2,3\n4,5,6\n7,8,9\n",
            json!([
            {"a": "1", "column_2": "2", "a_2": "3"}, {"a": "4", "column_2": "5", "a_2": "6"},
            {"a": "7", "column_2": "8", "a_2": "9"}]),
        );
    }

    #[test]
    fn a_hint_makes_a_table_of_what_does_not_look_like_one() {
        let (kept, _) = run(
            b"user\nbob\n",
            SourceSettings {
                format: Some(LogFormat::Csv),
                ..SourceSettings::default()
            },
        );
        assert_eq!(kept.events[0].fields.to_value(), json!({"user": "bob"}));
    }
}
