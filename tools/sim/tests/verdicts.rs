//! The law of the fast way on real records: with all public rules it finds exactly what evaluating
//! every rule in full finds.
//!
//! Full evaluation takes milliseconds a record, so that it is done for one record in many;
//! `CORDON_EVERY=1` does it for all.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot read recordings must fail, and one that is skipped says so"
)]

use std::{env, fs, path::Path};

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_recordings::{files_ending, recording, unpacked};
use cordon_source::list;
use cordon_text::Source;

/// One record in so many is evaluated in full, unless asked for more.
const EVERY_USUAL: u64 = 101;

fn rule_set(folder: &Path) -> RuleSet {
    let paths = files_ending(folder, ".yml");
    let parsed = paths.iter().flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        cordon_sigma::parse(&Source::new(path.display().to_string(), text)).rules
    });
    RuleSet::compile(parsed.collect::<Vec<_>>(), []).0
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
    let Some(rules) = recording("sigma-rules") else {
        return;
    };
    let packed = [
        "evtx/evtx-attack.tar.xz",
        "evtx/evtx-to-mitre.tar.xz",
        "cloud/cloudtrail-raw.tar.xz",
    ];
    let plain = [
        "windows-json",
        "cloud/cloudtrail-by-technique",
        "identity/labelled-events.jsonl",
    ];
    let packed = packed.iter().filter_map(|archive| unpacked(archive));
    let paths: Vec<_> = packed
        .chain(plain.iter().filter_map(|path| recording(path)))
        .collect();
    let rules = rule_set(&rules);
    let every = env::var("CORDON_EVERY").map_or(EVERY_USUAL, |every| every.parse().unwrap());
    let mut comparison = Comparison {
        rules: &rules,
        screener: Screener::new(&rules),
        every,
        events: 0,
        compared: 0,
        matches: 0,
    };
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
