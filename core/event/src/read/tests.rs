//! Streams of every shape, and the promise that every record is accounted for.

use std::{
    io::{BufReader, Read},
    sync::Arc,
};

use jiff::SignedDuration;

use crate::{
    Degradation, Event, Hints, LogFormat, ReadSummary, RefusalReason, SourceSettings, kept::Kept,
    read,
};

fn run(bytes: &[u8]) -> (Kept, ReadSummary) {
    let mut kept = Kept::default();
    let mut input = BufReader::with_capacity(7, bytes);
    let summary = read(&"log".into(), &mut input, &Hints::default(), &mut kept).unwrap();
    assert_eq!(summary.records, summary.events + summary.refused_count());
    assert_eq!(summary.events, u64::try_from(kept.events.len()).unwrap());
    (kept, summary)
}

/// Checks the record numbers of events and refusals.
fn check(bytes: &[u8], events: &[u64], refusals: &[(u64, RefusalReason)]) {
    let (kept, _) = run(bytes);
    let numbers: Vec<u64> = kept.events.iter().map(|e| e.log.record).collect();
    let refused: Vec<_> = kept
        .refusals
        .iter()
        .map(|r| (r.log.record, r.reason))
        .collect();
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(
        (numbers.as_slice(), refused.as_slice()),
        (events, refusals),
        "{text}"
    );
}

#[test]
fn refused_records_keep_their_number_and_empty_lines_are_none() {
    check(
        b"{\"a\":1}\n\n{\"a\":\n{\"a\":2}\n  \n{\"a\":3},\n",
        &[1, 3, 4],
        &[(2, RefusalReason::Truncated)],
    );
    check(
        b"[{\"a\":1}, 7, {\"a\":2}]",
        &[1, 3],
        &[(2, RefusalReason::NotAnObject)],
    );
    check(b"{\"Records\":[{\"a\":1},{\"a\":2}]}\n", &[1, 2], &[]);
    check(b"", &[], &[]);
    check(
        b"\x7fELF\x02\x01\0\0\0\0",
        &[],
        &[(1, RefusalReason::Binary)],
    );
    check(
        b"some text\nmore\0text\n",
        &[],
        &[(1, RefusalReason::Binary)],
    );
}

#[test]
fn byte_order_marks_of_both_encodings_are_understood() {
    check(b"\xef\xbb\xbf{\"a\":1}\n{\"a\":2}\n", &[1, 2], &[]);
    let wide: Vec<u8> = "\u{feff}{\"a\":1}\r\n{\"a\":2}\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&wide, &[1, 2], &[]);
}

#[test]
fn raw_bytes_are_found_again_by_offset_and_length() {
    let bytes = b"\xef\xbb\xbf{\"a\":1}\r\n  {\"b\":2}\n";
    let (kept, _) = run(bytes);
    let raw = |event: &Event| {
        let begin = usize::try_from(event.offset).unwrap();
        let end = begin + usize::try_from(event.length).unwrap();
        std::str::from_utf8(&bytes[begin..end]).unwrap().to_owned()
    };
    assert_eq!(raw(&kept.events[0]), "{\"a\":1}");
    assert_eq!(raw(&kept.events[1]), "{\"b\":2}");
}

#[test]
fn a_line_of_200_mb_is_refused_with_a_clipped_sample() {
    let head = &b"{\"ok\":1}\n{\"long\":\""[..];
    let long = head.chain(std::io::repeat(b'x').take(200 * 1024 * 1024));
    let mut input = BufReader::new(long.chain(&b"\"}\n{\"ok\":2}\n"[..]));
    let mut kept = Kept::default();
    let summary = read(&"log".into(), &mut input, &Hints::default(), &mut kept).unwrap();
    assert_eq!((summary.records, summary.events), (3, 2));
    assert_eq!(kept.refusals[0].reason, RefusalReason::TooLong);
    assert_eq!(kept.refusals[0].offset, 9);
    assert!(kept.refusals[0].sample.starts_with("{\"long\":\"xxx"));
    assert!(kept.refusals[0].sample.chars().count() <= 161);
    assert_eq!(kept.events[1].log.record, 3);
}

#[test]
fn what_is_lost_is_counted_with_an_example() {
    let (_, summary) =
        run(b"{\"time\":\"2024-01-01T00:00:00Z\",\"a\":\"\xff\"}\n{\"a\":1}\n{\"a\":1}\n");
    let invalid = &summary.degraded[&Degradation::InvalidUtf8];
    assert_eq!((invalid.count, invalid.example.log.record), (1, 1));
    let timeless = &summary.degraded[&Degradation::TimeMissing];
    assert_eq!((timeless.count, timeless.example.log.record), (2, 2));
    assert_eq!(timeless.example.sample, "{\"a\":1}");
    assert_eq!(summary.first, summary.last);
    assert_eq!(summary.by_source[&Arc::from("unknown")], 3);
}

#[test]
fn merging_summaries_adds_up() {
    let (_, mut summary) = run(b"{\"time\":\"2024-01-02T00:00:00Z\"}\n{\"a\":\n");
    let (_, other) = run(b"{\"time\":\"2024-01-01T00:00:00Z\"}\n");
    summary.merge(other);
    assert_eq!(
        (summary.records, summary.events, summary.refused_count()),
        (3, 2, 1)
    );
    assert_eq!(summary.first.unwrap().to_string(), "2024-01-01T00:00:00Z");
    assert_eq!(summary.last.unwrap().to_string(), "2024-01-02T00:00:00Z");
}

/// Gives some bytes and then fails, as a file on a damaged disk or in a torn archive does.
struct Torn<'b>(&'b [u8]);

impl Read for Torn<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::other("torn"));
        }
        self.0.read(to)
    }
}

#[test]
fn what_was_read_of_a_stream_that_fails_is_counted_like_any_other() {
    let record = r#"{"published":"2025-04-22T09:00:00Z","eventType":"user.session.start","actor":{"id":"a"}}"#;
    let bytes = format!("{record}\nno record\n{record}\n");
    // The first bytes of a stream are asked for at once, so what fails must lie beyond them.
    let bytes = bytes.repeat(1 + crate::format::PREFIX_BYTES_MAX / bytes.len());
    let mut input = BufReader::new(Torn(bytes.as_bytes()));
    let mut kept = Kept::default();
    let failed = read(&"log".into(), &mut input, &Hints::default(), &mut kept).unwrap_err();
    let (_, whole) = run(bytes.as_bytes());
    assert_eq!(*failed.so_far, whole);
    assert!(failed.so_far.by_source.contains_key("okta"));
    assert!(failed.so_far.last.is_some() && !failed.so_far.degraded.is_empty());
}

#[test]
fn a_clock_that_runs_ahead_is_set_right_and_a_forced_format_is_obeyed() {
    let bytes = b"{\"time\":\"2024-01-01T02:00:00Z\"}";
    let read_with = |settings| {
        let mut kept = Kept::default();
        let hints = Hints::default().of(settings);
        let summary = read(&"log".into(), &mut &bytes[..], &hints, &mut kept).unwrap();
        (kept, summary)
    };
    let (kept, summary) = read_with(SourceSettings {
        clock_offset: SignedDuration::from_hours(2),
        ..SourceSettings::default()
    });
    assert_eq!(kept.events[0].time, summary.first);
    assert_eq!(summary.first.unwrap().to_string(), "2024-01-01T00:00:00Z");
    let (kept, _) = read_with(SourceSettings {
        format: Some(LogFormat::Evtx),
        ..SourceSettings::default()
    });
    assert_eq!(kept.events, []);
    assert!(!kept.refusals.is_empty());
}
