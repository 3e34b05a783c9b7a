//! Days of Northgate without an intruder: however strange the work of its administrators looks, what the
//! rules tell does not call for a decision.
//!
//! `CORDON_DAYS` asks for more days than the one that every run looks at.

#![expect(clippy::print_stderr, reason = "what was told is of interest, too")]

use std::{collections::BTreeMap, env, path::Path};

use cordon_engine::{Engine, Input, Output};
use cordon_model::{Level, Timestamp};
use cordon_sim::{Day, texts};

/// Days looked at unless asked for more.
const DAYS_USUAL: u64 = 1;

#[test]
fn days_without_an_intruder_call_for_no_decision() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let texts = texts(&content).unwrap();
    let days = env::var("CORDON_DAYS").map_or(DAYS_USUAL, |days| days.parse().unwrap());
    let mut loud = BTreeMap::new();
    for seed in 0..days {
        let day = Day::without_an_intruder(seed, &texts);
        let mut engine = Engine::new(day.setup);
        for (_, screened) in day.screened {
            engine.advance(Timestamp::MIN, Input::Screened(screened));
        }
        for output in engine.advance(Timestamp::MIN, Input::End) {
            match output {
                Output::Detections(detections) => {
                    let serious = detections.iter().map(|told| &told.rule);
                    for rule in serious.filter(|rule| rule.level >= Level::Medium) {
                        *loud
                            .entry((rule.level, rule.title.clone()))
                            .or_insert(0_usize) += 1;
                    }
                }
                Output::Decision(decision) => {
                    let held = (&decision.footholds, &decision.outside_estate);
                    let nobody = held.0.is_empty() && held.1.is_empty();
                    assert!(nobody, "seed {seed}: {held:?}, by {loud:?}");
                }
                Output::Incidents(_) | Output::Changes(_) => {}
            }
        }
    }
    eprintln!("{days} days: {loud:?}");
}
