//! The first of many targets goes ahead.

use cordon_act::{Act, Answer, Phase, Standing};

use crate::bench::{Bench, effect};

fn two_targets() -> Bench {
    let effects = vec![effect("a", 0, None), effect("a", 0, Some(0))];
    let mut bench = Bench::new(effects, &[]);
    bench.capture(0);
    bench.answer(0, Act::Do, Answer::Accepted);
    bench.reads(0, Standing::AsWanted);
    bench
}

#[test]
fn the_others_wait_until_the_first_was_tried_and_found_effective() {
    let mut bench = two_targets();
    assert_eq!(bench.phases(), [Phase::Confirmed, Phase::Waiting]);
    assert_eq!(bench.calls.len(), 1, "only the trial is under way");
    bench.answer(0, Act::Probe, Answer::Effective);
    bench.capture(1);
}

#[test]
fn what_is_in_place_without_effect_spares_the_others() {
    let mut bench = two_targets();
    while bench.phases() == [Phase::Confirmed, Phase::Waiting] {
        if bench.calls.is_empty() {
            bench.pass(1000);
        } else {
            let why = "still signs in".to_owned();
            bench.answer(0, Act::Probe, Answer::NotYet { why });
        }
    }
    assert_eq!(bench.phases(), [Phase::Unproven, Phase::GivenUp]);
    let why = bench.run.state().effects[1].why.clone().unwrap();
    assert!(why.contains("without effect"), "{why}");
}
