//! The law of the fast way on real records: with all public rules it finds exactly what evaluating
//! every rule in full finds.
//!
//! Recordings and rules lie under `CORDON_TEST_DATA`, by default beside the workspace. Full evaluation
//! takes milliseconds a record, so that it is done for one record in many; `CORDON_EVERY=1` does it
//! for all.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot read recordings must fail, and one that is skipped says so"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::list;
use cordon_text::Source;

/// One record in so many is evaluated in full, unless asked for more.
const EVERY_USUAL: u64 = 101;

/// The recordings, or nothing where there are none and none are demanded.
fn recordings() -> Option<PathBuf> {
    let given = env::var_os("CORDON_TEST_DATA");
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = given.as_ref().map_or(beside, PathBuf::from);
    if found.exists() {
        return Some(found);
    }
    let demanded = given.is_some() || env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!demanded, "no recordings at {}", found.display());
    eprintln!("SKIPPED: no recordings at {}", found.display());
    None
}

fn rules(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rules(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            found.push(path);
        }
    }
}

fn rule_set(data: &Path) -> RuleSet {
    let mut paths = Vec::new();
    rules(&data.join("sigma-rules"), &mut paths);
    paths.sort();
    let parsed = paths.iter().flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        cordon_sigma::parse(&Source::new(path.display().to_string(), text)).rules
    });
    RuleSet::compile(parsed.collect::<Vec<_>>(), []).0
}

/// Packed folders, unpacked once into the build folder.
fn unpacked(data: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recordings");
    let done = folder.join(".unpacked");
    if !done.exists() {
        fs::create_dir_all(&folder).unwrap();
        for archive in [
            "evtx/evtx-attack",
            "evtx/evtx-to-mitre",
            "cloud/cloudtrail-raw",
        ] {
            let status = Command::new("tar")
                .arg("-xf")
                .arg(data.join(format!("{archive}.tar.xz")))
                .arg("-C")
                .arg(&folder)
                .status();
            assert!(status.unwrap().success());
        }
        fs::write(done, "").unwrap();
    }
    folder
}

struct Comparison<'r> {
    rules: &'r RuleSet,
    screener: Screener<'r>,
    every: u64,
    events: u64,
    compared: u64,
    matches: u64,
}

impl Sink for Comparison<'_> {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.events += 1;
        let fast = self.screener.screen(event, &|_| Vec::new());
        self.matches += fast.as_ref().map_or(0, |found| found.rules.len() as u64);
        // Records that match anything are looked at more often than others.
        let often = if fast.is_some() {
            1 + self.every / 10
        } else {
            self.every
        };
        if self.events.is_multiple_of(often) {
            let full = self.rules.screen_in_full(event, &|_| Vec::new());
            assert_eq!(fast, full, "{:?}", event.log);
            self.compared += 1;
        }
    }

    fn refusal(&mut self, _: Refusal) {}
}

#[test]
fn all_public_rules_say_the_same_of_real_records_either_way() {
    let Some(data) = recordings() else { return };
    let rules = rule_set(&data);
    let every = env::var("CORDON_EVERY").map_or(EVERY_USUAL, |every| every.parse().unwrap());
    let mut comparison = Comparison {
        rules: &rules,
        screener: Screener::new(&rules),
        every,
        events: 0,
        compared: 0,
        matches: 0,
    };
    let paths = [
        unpacked(&data),
        data.join("windows-json"),
        data.join("cloud/cloudtrail-by-technique"),
        data.join("identity/labelled-events.jsonl"),
    ];
    for member in list(&paths).unwrap().members {
        member
            .read(&Hints::default(), &mut comparison, &|_| {})
            .unwrap();
    }
    let Comparison {
        events,
        matches,
        compared,
        ..
    } = comparison;
    eprintln!(
        "{} rules on {events} events: {matches} matches; {compared} compared in full",
        rules.len()
    );
    assert!(
        events > 120_000 && compared > 1_000,
        "{events} events, {compared} compared"
    );
}
