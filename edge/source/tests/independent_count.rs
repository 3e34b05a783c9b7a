//! Every record of the recordings is counted once: ours against a count made in a few obvious lines.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its recordings must fail"
)]

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_recordings::{files_ending, recording, unpacked};
use cordon_source::list;
use serde_json::Value;
use zip::ZipArchive;

/// Counts, and holds the numbers of each file to be without a gap.
#[derive(Default)]
struct Counted {
    events: u64,
    refused: u64,
}

impl Sink for Counted {
    fn event(&mut self, _: &Event, _: &[Degradation]) {
        self.events += 1;
    }

    fn refusal(&mut self, _: Refusal) {
        self.refused += 1;
    }
}

/// What we read of a path: records, of which so many were refused.
fn ours(path: &Path) -> (u64, u64) {
    let mut counted = Counted::default();
    let mut records = 0;
    let hints = Hints::at("2026-01-01T00:00:00Z".parse().unwrap());
    for member in list(&[path.to_owned()]).unwrap().members {
        let summary = member.read(&hints, &mut counted, &|_| {}).unwrap();
        assert_eq!(summary.records, summary.events + summary.refused_count());
        records += summary.records;
    }
    assert_eq!(records, counted.events + counted.refused);
    (records, counted.refused)
}

fn lines(bytes: &[u8]) -> u64 {
    let lines = bytes.split(|b| *b == b'\n');
    let told = lines.filter(|line| !line.trim_ascii().is_empty());
    told.count() as u64
}

/// Records of JSON of any shape: elements of arrays, of the array in an envelope, or the values themselves.
fn values(bytes: &[u8]) -> u64 {
    let values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    let count = |value: Value| match &value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => match fields.get("Records") {
            Some(Value::Array(items)) => items.len(),
            _ => 1,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    };
    values.map(|value| count(value.unwrap()) as u64).sum()
}

/// Records of a Windows event log: each chunk says where its records end, each record how long it is.
fn evtx(bytes: &[u8]) -> u64 {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4).unwrap();
        u32::from_le_bytes(bytes.try_into().unwrap()) as usize
    };
    let is = |at: usize, mark: &[u8]| bytes.get(at..).unwrap().starts_with(mark);
    let mut records = 0;
    for chunk in (4096..bytes.len()).step_by(65_536) {
        if !is(chunk, b"ElfChnk\0") {
            continue;
        }
        let (mut at, end) = (chunk + 512, chunk + number(chunk + 48));
        while at + 24 <= end && is(at, b"**\0\0") {
            records += 1;
            at += number(at + 4);
        }
    }
    records
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let found = files_ending(folder, ending);
    assert!(!found.is_empty(), "{}", folder.display());
    found
}

#[test]
fn windows_event_logs_have_as_many_records_as_their_chunks_say() {
    let archives = ["evtx/evtx-attack.tar.xz", "evtx/evtx-to-mitre.tar.xz"];
    for archive in archives {
        let (Some(folder), Some(packed)) = (unpacked(archive), recording(archive)) else {
            return;
        };
        let mut all = 0;
        for file in files(&folder, ".evtx") {
            let expect = evtx(&fs::read(&file).unwrap());
            assert_eq!(ours(&file), (expect, 0), "{}", file.display());
            all += expect;
        }
        // The archive as it is gives the same records.
        assert_eq!(ours(&packed), (all, 0), "{archive}");
    }
}

#[test]
fn windows_json_has_a_record_on_every_line() {
    let Some(folder) = recording("windows-json") else {
        return;
    };
    for file in files(&folder, ".zip") {
        let mut archive = ZipArchive::new(File::open(&file).unwrap()).unwrap();
        let mut expect = 0;
        for index in 0..archive.len() {
            let mut bytes = Vec::new();
            let mut entry = archive.by_index(index).unwrap();
            if entry.name().unwrap().starts_with("__MACOSX") {
                continue;
            }
            entry.read_to_end(&mut bytes).unwrap();
            expect += lines(&bytes);
        }
        assert!(expect > 0);
        assert_eq!(ours(&file), (expect, 0), "{}", file.display());
    }
}

#[test]
fn identity_records_stand_one_on_a_line() {
    let Some(file) = recording("identity/labelled-events.jsonl") else {
        return;
    };
    let bytes = fs::read(&file).unwrap();
    assert_eq!(ours(&file), (lines(&bytes), 0));
    // The records themselves, each as its vendor writes it.
    let folder = tempfile::TempDir::new().unwrap();
    let records = folder.path().join("records.jsonl");
    let logs = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    let logs = logs.map(|line| serde_json::from_slice::<Value>(line).unwrap()["log"].to_string());
    let logs: Vec<String> = logs.collect();
    fs::write(&records, logs.join("\n")).unwrap();
    assert_eq!(ours(&records), (logs.len() as u64, 0));
}

#[test]
fn cloud_recordings_have_as_many_records_as_a_plain_parser_finds() {
    let (Some(by_technique), Some(raw)) = (
        recording("cloud/cloudtrail-by-technique"),
        unpacked("cloud/cloudtrail-raw.tar.xz"),
    ) else {
        return;
    };
    for folder in [by_technique, raw] {
        for file in files(&folder, ".json") {
            let expect = values(&fs::read(&file).unwrap());
            assert_eq!(ours(&file), (expect, 0), "{}", file.display());
        }
    }
}
