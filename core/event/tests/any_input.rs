//! Laws that hold for any bytes at all.

#![expect(clippy::unwrap_used, reason = "reading from memory cannot fail")]

use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, Sink, read};
use proptest::prelude::*;

#[derive(Default)]
struct Numbers(Vec<(u64, u64, u64)>, Vec<String>);

impl Sink for Numbers {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push((event.log.record, event.offset, event.length));
        self.1.push(event.id().as_str().to_owned());
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.0.push((refusal.log.record, refusal.offset, 0));
        assert!(!refusal.sample.contains(char::is_control));
    }
}

fn run(bytes: &[u8]) -> (Numbers, ReadSummary) {
    let mut sink = Numbers::default();
    let hints = Hints::at("2026-05-01T00:00:00Z".parse().unwrap());
    let mut input = bytes;
    let summary = read(&"t".into(), &mut input, &hints, &mut sink).unwrap();
    (sink, summary)
}

fn check(bytes: &[u8]) {
    let (sink, summary) = run(bytes);
    assert_eq!(summary.records, summary.events + summary.refused_count());
    let numbers: Vec<u64> = sink.0.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=summary.records).collect::<Vec<_>>());
    let end = u64::try_from(bytes.len()).unwrap();
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    assert!(
        wide || sink
            .0
            .iter()
            .all(|(_, offset, length)| offset + length <= end)
    );
    assert_eq!(sink.1, run(bytes).0.1, "reading again gives the same ids");
}

proptest! {
    #[test]
    fn every_record_of_any_bytes_is_accounted_for(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn every_record_of_any_json_like_text_is_accounted_for(
        text in r#"([{}\[\],:"\\ \n]|"a"|"Records":|"value":|\{"a":1\}|1|null|\\ud83d){0,60}"#
    ) {
        check(text.as_bytes());
    }

    #[test]
    fn every_record_of_any_line_like_text_is_accounted_for(
        text in r#"(<1[0-9]{1,2}>|1 |2026-04-17T10:00:00Z |Apr 17 10:00:00 |host |vpxd |Event \[|\] \[|shell\[1\]: |\[|\]|"|=|%ASA-1: |,GLOBALPROTECT,|logid=devid=|type=X msg=audit\(|é|\n| ){0,40}"#
    ) {
        check(text.as_bytes());
    }

    #[test]
    fn any_damage_to_the_frame_of_a_windows_log_is_survived(
        bytes in proptest::collection::vec(any::<u8>(), 0..3000)
    ) {
        let mut file = b"ElfFile\0".to_vec();
        file.resize(4096, 0);
        file.extend_from_slice(b"ElfChnk\0");
        file.extend_from_slice(&bytes);
        check(&file);
    }
}
