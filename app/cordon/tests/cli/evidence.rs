//! From every sentence of a time line and every foothold to event ids, and from there to raw bytes, on recordings.

#![expect(
    clippy::unwrap_used,
    reason = "a document that is missing should stop the test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use serde_json::Value;

use crate::running::{cordon, folder};

/// Each record's id, where its bytes begin, and how many there are.
type Ids = BTreeMap<u64, (String, usize, usize)>;

/// Where the raw bytes of each record are, with its id.
#[derive(Default)]
struct Places(Ids);

impl Sink for Places {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        let number = |n: u64| usize::try_from(n).unwrap();
        let place = (
            event.id().to_string(),
            number(event.offset),
            number(event.length),
        );
        self.0.insert(event.log.record, place);
    }

    fn refusal(&mut self, _: Refusal) {}
}

fn places(bytes: &[u8]) -> Ids {
    let mut places = Places::default();
    cordon_event::read(&"x".into(), &mut &*bytes, &Hints::default(), &mut places).unwrap();
    places.0
}

#[test]
fn every_sentence_and_every_foothold_leads_to_the_bytes_that_say_so() {
    let Some(logs) = cordon_recordings::recording("cloud/cloudtrail-by-technique") else {
        return;
    };
    let estate = "cordon: estate/v1\nname: x\ncurrency: GBP\nnodes: [{ id: n, kind: host }]\n";
    let dir = folder(&[("estate.yaml", estate)]);
    let logs = logs.display().to_string();
    let ran = cordon(
        dir.path(),
        &[
            "respond",
            "--estate",
            "estate.yaml",
            "--logs",
            &logs,
            "--out",
            "out",
        ],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(dir.path().join("out").join(name)).unwrap())
            .unwrap()
    };
    let timeline = read("timeline.json");
    let mut told = BTreeSet::new();
    let mut files: BTreeMap<String, (Vec<u8>, Ids)> = BTreeMap::new();
    let lines = timeline["lines"].as_array().unwrap();
    for line in lines.iter().filter(|line| line["kind"] == "record") {
        let path = line["log"]["path"].as_str().unwrap().to_owned();
        let (bytes, at) = files.entry(path).or_insert_with_key(|path| {
            let bytes = fs::read(path).unwrap();
            let at = places(&bytes);
            (bytes, at)
        });
        let (id, offset, length) = &at[&line["log"]["record"].as_u64().unwrap()];
        assert_eq!(line["event_id"], id.as_str());
        let raw = &bytes[*offset..*offset + *length];
        assert_eq!(places(raw)[&1].0, *id, "the bytes alone are the record");
        told.insert(id.clone());
    }
    let incidents = read("incidents.json");
    let held = incidents["incidents"].as_array().unwrap().iter();
    let held: Vec<&Value> = held.flat_map(|i| i["held"].as_array().unwrap()).collect();
    assert!(
        told.len() >= 20 && !held.is_empty(),
        "{} records, {} held",
        told.len(),
        held.len()
    );
    for entity in held {
        let evidence = entity["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{entity}");
        for id in evidence {
            let id = id.as_str().or_else(|| id["event_id"].as_str()).unwrap();
            assert!(told.contains(id), "{id}");
        }
    }
}
