//! The fast way against the careful one, on recordings of others and on what damage makes of them.

#![expect(
    clippy::disallowed_methods,
    reason = "recordings lie in files beside the workspace"
)]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::{collections::BTreeMap, fs, mem, path::PathBuf, sync::Arc};

use ::evtx::{EvtxChunkData, ParserSettings};
use cordon_model::Record;
use cordon_recordings::{files_ending, unpacked};
use proptest::prelude::*;

use super::{
    CHUNK_BYTES, CHUNK_HEADER_BYTES, HEADER_BYTES,
    bytes::{place, u16_at, u32_at},
    chunk,
    decode::Decoder,
    frames::{self, Frames, Next},
    known::Programs,
    template,
};
use crate::{Degradation, Event, Hints, ReadSummary, Refusal, Sink};

fn recordings() -> Option<Vec<PathBuf>> {
    let archives = ["evtx/evtx-attack.tar.xz", "evtx/evtx-to-mitre.tar.xz"];
    let [attack, mitre] = archives.map(unpacked);
    let mut files = files_ending(&attack?, ".evtx");
    files.extend(files_ending(&mitre?, ".evtx"));
    Some(files)
}

fn chunks(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let header = usize::try_from(HEADER_BYTES).unwrap();
    let chunk = usize::try_from(CHUNK_BYTES).unwrap();
    file.get(header..).unwrap_or_default().chunks_exact(chunk)
}

#[derive(Debug, Default)]
struct Ways {
    fast: u64,
    careful: u64,
    refused: u64,
    /// Which records the fast way leaves to the careful one.
    left: BTreeMap<String, u64>,
    /// What was learned of the chunks before, whatever file they stood in.
    programs: Programs,
}

impl Ways {
    /// Reads a chunk both ways.
    fn compare(&mut self, chunk: &[u8]) {
        let mut decoder = Decoder::new(mem::take(&mut self.programs));
        decoder.begin_chunk();
        let Ok(mut data) = EvtxChunkData::new(chunk.to_vec(), false) else {
            assert!(Frames::of(chunk).is_none());
            return;
        };
        let Ok(mut parsed) = data.parse(Arc::new(ParserSettings::new())) else {
            return;
        };
        let mut frames = Frames::of(chunk).unwrap();
        let mut in_order = true;
        let (mut plain, mut careful) = (Record::new(), Record::new());
        for record in parsed.iter() {
            let next = if in_order { frames.next() } else { Next::Odd };
            in_order = next != Next::Odd;
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    self.refused += 1;
                    if let Next::Record(frame) = next {
                        let filled = decoder.fill(chunk, frame.body, &mut plain);
                        assert_eq!(filled, None, "{error}");
                    }
                    continue;
                }
            };
            let body = chunk::body(&record);
            if let Next::Record(frame) = &next {
                assert_eq!(frame.body, body);
                assert_eq!(
                    frame.written.time.as_nanosecond(),
                    record.timestamp.as_nanosecond()
                );
            }
            let fast = decoder.fill(chunk, body, &mut plain);
            let slow = chunk::fill_carefully(record, &mut careful);
            match (fast, slow) {
                (Some(()), Some(())) => {
                    assert_eq!(plain, careful);
                    self.fast += 1;
                }
                (Some(()), None) => panic!("refused by the careful way: {plain:?}"),
                (None, Some(())) => {
                    self.careful += 1;
                    let name = |name| careful.get(name).map(cordon_model::Item::to_value);
                    let log = format!("{:?} {:?}", name("Provider_Name"), name("EventID"));
                    *self.left.entry(log).or_default() += 1;
                }
                (None, None) => self.refused += 1,
            }
        }
        if in_order {
            assert!(!matches!(frames.next(), Next::Record(_)));
        }
        self.programs = decoder.give_known();
    }
}

#[test]
fn recordings_are_read_alike_both_ways_and_nearly_all_the_fast_way() {
    let Some(files) = recordings() else { return };
    let mut ways = Ways::default();
    for path in &files {
        let file = fs::read(path).unwrap();
        for chunk in chunks(&file) {
            ways.compare(chunk);
        }
    }
    let left: Vec<_> = ways.left.iter().collect();
    eprintln!(
        "{} records the fast way, {} the careful way, {} refused: {left:#?}",
        ways.fast, ways.careful, ways.refused
    );
    assert!(ways.fast > 19 * ways.careful);
}

#[derive(Default)]
struct Counted(Vec<u64>);

impl Sink for Counted {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push(event.log.record);
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.0.push(refusal.log.record);
    }
}

fn read(file: &[u8]) -> ReadSummary {
    let mut counted = Counted::default();
    let mut input = file;
    let summary = crate::read(&"t".into(), &mut input, &Hints::default(), &mut counted).unwrap();
    assert_eq!(summary.records, summary.events + summary.refused_count());
    assert_eq!(counted.0, (1..=summary.records).collect::<Vec<_>>());
    summary
}

/// A few files whose templates and logs differ.
fn seeds() -> Vec<Vec<u8>> {
    let files = recordings().unwrap_or_default();
    let step = (files.len() / 12).max(1);
    files
        .iter()
        .step_by(step)
        .map(|path| fs::read(path).unwrap())
        .collect()
}

#[test]
fn what_is_counted_in_a_damaged_chunk_is_what_a_whole_one_holds() {
    let Some(files) = recordings() else { return };
    for path in files {
        let file = fs::read(&path).unwrap();
        for chunk in chunks(&file) {
            let Some(mut frames) = Frames::of(chunk) else {
                continue;
            };
            let mut records = 0;
            while let Next::Record(_) = frames.next() {
                records += 1;
            }
            let held = frames::records_held(chunk);
            assert_eq!(held, records.max(1), "{}", path.display());
        }
    }
}

/// Where the kinds of values stand that a fragment has, and those in it.
fn kinds(chunk: &[u8], start: usize) -> Vec<usize> {
    let token = start + 4;
    if chunk[token] != 0x0c {
        return Vec::new();
    }
    let mut at = token + 10;
    if u32_at(chunk, token + 6).map(place) == Some(at) {
        at += template::length(chunk, at).unwrap();
    }
    let count = place(u32_at(chunk, at).unwrap());
    let mut value = at + 4 + 4 * count;
    let mut kinds = Vec::new();
    for head in (0..count).map(|n| at + 4 + 4 * n) {
        let size = usize::from(u16_at(chunk, head).unwrap());
        kinds.push(head + 2);
        if chunk[head + 2] == 0x21 && size > 0 {
            kinds.extend(self::kinds(chunk, value));
        }
        value += size;
    }
    kinds
}

#[test]
fn values_of_every_kind_are_read_alike_both_ways() {
    let Some(files) = recordings() else { return };
    let mut ways = Ways::default();
    let files: Vec<_> = files.iter().map(|path| fs::read(path).unwrap()).collect();
    let few_records =
        |chunk: &&[u8]| Frames::of(chunk).is_some() && frames::records_held(chunk) < 4;
    let few = files
        .iter()
        .flat_map(|file| chunks(file))
        .filter(few_records);
    for chunk in few.step_by(30).take(3) {
        let mut chunk = chunk.to_vec();
        for at in kinds(&chunk, CHUNK_HEADER_BYTES + frames::RECORD_HEADER_BYTES) {
            let before = chunk[at];
            for kind in (0..=0x23).chain(0x80..=0x96) {
                chunk[at] = kind;
                ways.compare(&chunk);
            }
            chunk[at] = before;
        }
    }
    eprintln!(
        "{} the fast way, {} the careful way",
        ways.fast, ways.careful
    );
    assert!(ways.fast > 0 && ways.careful > 0);
}

fn damaged() -> impl Strategy<Value = (usize, usize, Vec<(usize, u8)>)> {
    let place = prop_oneof![0..512_usize, 512..3000_usize, 512..65_536_usize];
    let bytes = prop::collection::vec((place, any::<u8>()), 1..40);
    (any::<usize>(), any::<usize>(), bytes)
}

#[test]
fn damage_never_makes_the_fast_way_say_something_else() {
    let seeds = seeds();
    if seeds.is_empty() {
        return;
    }
    let check = |(seed, number, changes): (usize, usize, Vec<(usize, u8)>)| {
        let mut file = seeds[seed % seeds.len()].clone();
        let written = chunks(&file).filter(|chunk| Frames::of(chunk).is_some());
        let begin = 4096 + 65_536 * (number % written.count().max(1));
        let whole = read(&file).records;
        let header_is_whole = changes.iter().all(|(at, _)| *at >= CHUNK_HEADER_BYTES);
        for (at, byte) in changes {
            file[begin + at] = byte;
        }
        let mut ways = Ways::default();
        ways.compare(&file[begin..begin + 65_536]);
        let damaged = read(&file).records;
        prop_assert!(!header_is_whole || damaged == whole, "{damaged} of {whole}");
        Ok(())
    };
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner.run(&damaged(), check).unwrap();
}
