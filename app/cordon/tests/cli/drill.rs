//! Days to rehearse on.

use std::{collections::BTreeSet, fs};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use serde_json::Value;

use crate::running::{cordon, folder};

/// Which records of a file there are.
#[derive(Default)]
struct Numbers(BTreeSet<u64>);

impl Sink for Numbers {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.insert(event.log.record);
    }

    fn refusal(&mut self, refusal: Refusal) {
        unreachable!("{refusal:?}");
    }
}

#[test]
fn a_day_has_its_intruders_and_the_truth_names_records_that_are_there() {
    let dir = folder(&[]);
    let make = |out: &str| {
        let ran = cordon(
            dir.path(),
            &[
                "drill",
                "--out",
                out,
                "--seed",
                "7",
                "--intruder",
                "telephone",
                "affiliate",
            ],
        );
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        fs::read_to_string(dir.path().join(out).join("truth.json")).unwrap()
    };
    let truth = make("day");
    assert_eq!(truth, make("again"), "the same seed makes the same day");
    let truth: Value = serde_json::from_str(&truth).unwrap();
    assert_eq!(
        truth["intrusions"],
        serde_json::json!(["telephone", "affiliate"])
    );
    assert!(truth["benign_records"].as_u64().unwrap() >= 200_000);
    let steps = truth["steps"].as_array().unwrap();
    assert_eq!(
        steps.len() as u64,
        truth["intrusion_records"].as_u64().unwrap()
    );
    let paths: BTreeSet<&str> = steps
        .iter()
        .map(|s| s["log"]["path"].as_str().unwrap())
        .collect();
    for path in paths {
        let bytes = fs::read(dir.path().join("day/logs").join(path)).unwrap();
        let mut there = Numbers::default();
        cordon_event::read(
            &path.into(),
            &mut bytes.as_slice(),
            &Hints::default(),
            &mut there,
        )
        .unwrap();
        let of_it = steps.iter().filter(|step| step["log"]["path"] == path);
        for step in of_it {
            assert!(
                there.0.contains(&step["log"]["record"].as_u64().unwrap()),
                "{step}"
            );
        }
    }
}

#[test]
fn an_unknown_intruder_is_refused_with_those_that_there_are() {
    let dir = folder(&[]);
    let ran = cordon(dir.path(), &["drill", "--out", "d", "--intruder", "santa"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("telephone, exhaustion, affiliate"),
        "{}",
        ran.stderr
    );
}
