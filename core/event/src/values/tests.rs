//! Every shape in which JSON records are shipped, and the broken ones.

use super::{Piece, Splitter};
use crate::{RefusalReason, lines::RECORD_BYTES_MAX};

use proptest::prelude::*;

type Seen = (u64, String, Option<RefusalReason>);

/// The same without long runs: every byte by itself.
fn split_by_steps(text: &[u8]) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut take = |piece: Piece<'_>| {
        let text = String::from_utf8_lossy(piece.bytes).into_owned();
        seen.push((piece.offset, text, piece.refused));
    };
    let mut splitter = Splitter::new(0);
    for byte in text {
        splitter.step(*byte, &mut take);
        splitter.advance(&[*byte]);
    }
    splitter.finish(&mut take);
    seen
}

proptest! {
    #[test]
    fn long_runs_change_nothing(
        bits in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", "\\", "\\\"", "\n", " ", "  ", ",", ":", "a", "\"a\":", "\"Records\":[", "{\"b\":1}",
            "\"a long text, longer than eight times eight signs, so that none looks at it by eights\"", "\t", "é", "\n{",
        ]), 0..40),
        parts in 1..9_usize,
    ) {
        let text = bits.concat();
        let chunks: Vec<&[u8]> = text.as_bytes().chunks(parts).collect();
        prop_assert_eq!(split(&[text.as_bytes()]), split_by_steps(text.as_bytes()));
        prop_assert_eq!(split(&chunks), split_by_steps(text.as_bytes()));
    }
}

fn split(chunks: &[&[u8]]) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut take = |piece: Piece<'_>| {
        let text = String::from_utf8_lossy(piece.bytes).into_owned();
        seen.push((piece.offset, text, piece.refused));
    };
    let mut splitter = Splitter::new(0);
    for chunk in chunks {
        splitter.feed(chunk, &mut take);
    }
    splitter.finish(&mut take);
    seen
}

/// Checks the records of a text, fed whole and byte by byte.
fn check(text: &str, expect: &[&str]) {
    let whole = split(&[text.as_bytes()]);
    let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
    assert_eq!(whole, split(&bytes), "{text}");
    let texts: Vec<&str> = whole.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(texts, expect, "{text}");
    for (offset, record, refused) in &whole {
        let at = usize::try_from(*offset).unwrap();
        assert!(text[at..].starts_with(record), "{record} at {at} of {text}");
        assert_eq!(*refused, None, "{record}");
    }
}

fn check_refused(text: &str, expect: &[(&str, Option<RefusalReason>)]) {
    let seen = split(&[text.as_bytes()]);
    let seen: Vec<_> = seen.iter().map(|(_, t, r)| (t.as_str(), *r)).collect();
    assert_eq!(seen, expect, "{text}");
}

#[test]
fn objects_one_after_another_are_records() {
    check(r#"{"a":1}{"b":2}"#, &[r#"{"a":1}"#, r#"{"b":2}"#]);
    check(
        "{\n \"a\": \"}\"\n}\n{\n \"b\": [{}]\n}\n",
        &["{\n \"a\": \"}\"\n}", "{\n \"b\": [{}]\n}"],
    );
    check("\u{1e}{\"a\":\"\\\"\"}\n", &[r#"{"a":"\""}"#]);
    check("Record 1\n{}\nRecord 2\n{}\n", &["{}", "{}"]);
}

#[test]
fn elements_of_an_array_are_records() {
    check(r#"[{"a":[1]}, {"b":2}]"#, &[r#"{"a":[1]}"#, r#"{"b":2}"#]);
    check("[]", &[]);
    check("[{}]\n[{}]", &["{}", "{}"]);
}

#[test]
fn elements_of_an_envelope_are_records() {
    check(
        r#"{"Records":[{"a":1},{"b":2}]}"#,
        &[r#"{"a":1}"#, r#"{"b":2}"#],
    );
    check(
        "{\"Records\": []}\n{\"Records\": [{\"a\":1}]}",
        &[r#"{"a":1}"#],
    );
    check(
        r#"{"@odata.context":"x,y[","count": 2, "value" : [ {"a":1} ], "after":{"b":[]}} {"c":1}"#,
        &[r#"{"a":1}"#, r#"{"c":1}"#],
    );
    check(
        r#"{"result":[{"sys_id":"1"}],"x":"]}"}"#,
        &[r#"{"sys_id":"1"}"#],
    );
}

#[test]
fn an_object_that_merely_has_such_a_key_is_a_record() {
    for text in [
        r#"{"user":"a","value":[{"b":1}]}"#,
        r#"{"value":["a","b"]}"#,
        r#"{"value":1}"#,
        r#"{"result":{"a":[{}]}}"#,
        r#"{"count":[1],"value":[{}]}"#,
        r#"{"a":{"Records":[{}]}}"#,
    ] {
        check(text, &[text]);
    }
}

#[test]
fn a_record_that_breaks_off_does_not_swallow_the_next() {
    let broken = Some(RefusalReason::BrokenJson);
    check_refused(
        "{\n \"a\": \"x\n{\n \"b\": 1\n}\n",
        &[("{\n \"a\": \"x\n", broken), ("{\n \"b\": 1\n}", None)],
    );
    check_refused(
        "[\n {\"a\": \"x\n ,\n {\"b\": 1}\n]",
        &[("{\"a\": \"x\n ,\n ", broken), ("{\"b\": 1}", None)],
    );
    check_refused(
        "{\"a\":1}{\"b\":",
        &[
            ("{\"a\":1}", None),
            ("{\"b\":", Some(RefusalReason::Truncated)),
        ],
    );
}

#[test]
fn what_is_no_object_is_refused_in_its_place() {
    let no = Some(RefusalReason::NotAnObject);
    check_refused(
        r#"[1, "a,]", {"b":1}, null]"#,
        &[
            ("1", no),
            ("\"a,]\"", None),
            ("{\"b\":1}", None),
            ("null", no),
        ],
    );
    check_refused(
        "hello\n{}",
        &[("hello", Some(RefusalReason::BrokenJson)), ("{}", None)],
    );
}

#[test]
fn a_record_beyond_the_limit_is_passed_over_without_being_held() {
    let mut seen = Vec::new();
    let mut splitter = Splitter::new(0);
    let mut take = |piece: Piece<'_>| seen.push((piece.bytes.len(), piece.refused));
    splitter.feed(b"[{\"a\":\"", &mut take);
    let block = vec![b'x'; 65_536];
    for _ in 0..(2 * RECORD_BYTES_MAX / block.len()) {
        splitter.feed(&block, &mut take);
    }
    assert!(splitter.record.capacity() <= 2 * RECORD_BYTES_MAX);
    splitter.feed(b"\"},{\"b\":1}]", &mut take);
    splitter.finish(&mut take);
    assert_eq!(seen[0].1, Some(RefusalReason::TooLong));
    assert_eq!(seen[1], (7, None));
}

#[test]
fn envelopes_of_more_vendors_are_opened() {
    check(
        "{\"stat\":\"OK\",\"response\":[{\"a\":1},{\"a\":2}]}",
        &["{\"a\":1}", "{\"a\":2}"],
    );
    check(
        "{\"response\": {\"authlogs\": [{\"a\":1}, {\"a\":2}], \"metadata\": {\"next_offset\": [1, 2]}}, \"stat\": \"OK\"}\n{\"b\":1}",
        &["{\"a\":1}", "{\"a\":2}", "{\"b\":1}"],
    );
    check(
        "{\"status\":{\"error\":false,\"code\":200},\"pagination\":{\"after\":\"}\"},\"data\":[{\"a\":1}]}",
        &["{\"a\":1}"],
    );
    check(
        "{\"kind\":\"k\",\"etag\":\"e\",\"items\":[{\"a\":1}]}",
        &["{\"a\":1}"],
    );
    check(
        "{\"tickets\":[{\"a\":1}],\"next_page\":null}",
        &["{\"a\":1}"],
    );
}

#[test]
fn records_that_begin_like_an_envelope_stay_whole() {
    for whole in [
        "{\"data\":[{\"a\":1}]}",
        "{\"items\":[{\"a\":1}],\"b\":2}",
        "{\"status\":{\"a\":[{\"b\":1}]},\"id\":7}",
        "{\"response\":{\"x\":[{\"a\":1}]}}",
        "{\"metadata\":{\"eventType\":\"x\"},\"event\":{}}",
        "{\"kind\":\"Event\",\"verb\":\"get\"}",
    ] {
        check(whole, &[whole]);
    }
}

#[test]
fn a_record_beyond_the_limit_that_never_ends_takes_none_of_the_lines_behind_it() {
    for begin in ["{\"a\":\"", "{\"a\":[1,"] {
        let long = "x".repeat(RECORD_BYTES_MAX + 1);
        let text = format!("{begin}{long}\n{{\"b\":1}}\n{{\"b\":2}}\n");
        let seen = split(&[text.as_bytes()]);
        let reasons: Vec<_> = seen.iter().map(|(_, _, refused)| *refused).collect();
        assert_eq!(reasons, [Some(RefusalReason::TooLong), None, None]);
    }
}
