//! Parts put together against the stream in one piece.

use std::sync::Arc;

use cordon_model::{EventId, LogRef};

use super::{PART_BYTES, Part, Parts};
use crate::{Degradation, Event, Hints, ReadSummary, Reader, Refusal, Sink, read};

/// What is known of one record.
#[derive(Debug, PartialEq)]
struct Seen {
    log: LogRef,
    id: EventId,
    what: String,
}

#[derive(Default)]
struct Records {
    seen: Vec<Seen>,
    parts: Option<Vec<Part>>,
}

impl Sink for Records {
    fn event(&mut self, event: &Event, degraded: &[Degradation]) {
        let (time, offset, length) = (event.time, event.offset, event.length);
        self.seen.push(Seen {
            log: event.log.clone(),
            id: event.id(),
            what: format!("{} {time:?} {offset} {length} {degraded:?}", event.fields),
        });
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.seen.push(Seen {
            id: EventId::new("refused"),
            what: format!("{:?} {} {}", refusal.reason, refusal.offset, refusal.sample),
            log: refusal.log,
        });
    }

    fn wants_parts(&self) -> bool {
        self.parts.is_some()
    }

    fn part(&mut self, part: Part) {
        self.parts.get_or_insert_default().push(part);
    }
}

fn whole(bytes: &[u8]) -> (Vec<Seen>, ReadSummary) {
    let mut records = Records::default();
    let hints = Hints::default();
    let summary = read(&Arc::from("x.log"), &mut &*bytes, &hints, &mut records);
    (records.seen, summary.unwrap())
}

/// How many parts there were, and what came of them; they are read from the last to the first.
fn in_parts(bytes: &[u8]) -> (usize, Vec<Seen>, ReadSummary) {
    let hints = Hints::default();
    let mut records = Records {
        parts: Some(Vec::new()),
        ..Records::default()
    };
    let mut summary = read(&Arc::from("x.log"), &mut &*bytes, &hints, &mut records).unwrap();
    let cut = records.parts.unwrap_or_default();
    let mut reader = Reader::new();
    let read = |part: &Part| {
        let mut records = Records::default();
        let read = reader.read_part(part, &hints, &mut records);
        (read, records.seen)
    };
    let mut read: Vec<_> = cut.iter().rev().map(read).collect();
    let mut parts = Parts::default();
    let mut seen = records.seen;
    while let Some((part, records)) = read.pop() {
        let numbering = parts.add(part);
        for mut record in records {
            numbering.apply(&mut record.log, &mut record.id);
            seen.push(record);
        }
    }
    summary.merge(parts.into_summary());
    (cut.len(), seen, summary)
}

fn check(bytes: &[u8], least_parts: usize) {
    let (parts, seen, summary) = in_parts(bytes);
    assert!(parts >= least_parts, "{parts} parts");
    let (whole, whole_summary) = whole(bytes);
    assert_eq!(seen.len(), whole.len());
    for (found, expect) in seen.iter().zip(&whole) {
        assert_eq!(found, expect);
    }
    assert_eq!(summary, whole_summary);
}

#[test]
fn a_stream_read_in_parts_is_the_same_as_in_one_piece() {
    let lines = [
        r#"{"EventID":1,"Channel":"Security","Computer":"a","EventRecordID":7,"@timestamp":"2025-05-01T10:00:00Z"}"#,
        r#"{"same":"every time","n":[1,2]}"#,
        "",
        "  {\"broken\":",
        "May  1 10:00:00 host sshd[1]: Accepted password for root from 10.0.0.1 port 22 ssh2",
        "\r",
        r#""text","#,
    ];
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    let mut n = 0;
    while bytes.len() < 4 * PART_BYTES {
        n += 1;
        bytes.extend(format!("{}\r\n{{\"n\":{n}}}\n", lines[n % lines.len()]).bytes());
    }
    check(&bytes, 4);
    bytes.extend(b"{\"the\":\"last one\"}");
    check(&bytes, 4);
}

#[test]
fn a_line_beyond_the_limit_is_refused_in_parts_too() {
    let long = "x".repeat(20 * PART_BYTES);
    let some = "{\"a\":1}\n".repeat(1000);
    check(
        format!("{some}{long}\n{some}{{\"b\":\"{long}\"}}").as_bytes(),
        2,
    );
}

#[test]
fn what_is_no_stream_of_lines_is_not_cut() {
    let values = format!("[{}{{\"a\":2}}]", "{\"a\":1},".repeat(20_000));
    assert_eq!(in_parts(values.as_bytes()).0, 0);
    check(values.as_bytes(), 0);
    check(b"", 0);
}

#[test]
fn numbers_and_ids_begin_anew_with_each_stream() {
    let hints = Hints::default();
    let mut parts = Parts::default();
    for _stream in 0..2 {
        let mut records = Records {
            parts: Some(Vec::new()),
            ..Records::default()
        };
        let mut bytes = &b"{\"a\":1}\n{\"a\":1}\n"[..];
        read(&Arc::from("x.log"), &mut bytes, &hints, &mut records).unwrap();
        let part = records.parts.unwrap_or_default().remove(0);
        let mut found = Records::default();
        let read = Reader::new().read_part(&part, &hints, &mut found);
        let numbering = parts.add(read);
        for (expect, mut record) in (1..).zip(found.seen) {
            numbering.apply(&mut record.log, &mut record.id);
            assert_eq!(record.log.record, expect);
            assert_eq!(record.id.as_str().ends_with("#2"), expect == 2);
        }
    }
    assert_eq!(parts.into_summary().records, 4);
}
