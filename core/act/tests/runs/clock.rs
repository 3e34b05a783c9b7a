//! Time does not go back, whatever clocks show.

use cordon_act::{
    Act, Answer, Health, Input, Output, Phase, Record, Run, Standing, Standstill, State,
};
use cordon_model::Timestamp;

use crate::bench::{Bench, effect};

#[test]
fn an_input_from_before_the_last_record_counts_as_the_same_moment() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.pass(15_000);
    bench.capture(0);
    bench.ms = 10_000;
    bench.answer(0, Act::Do, Answer::Accepted);
    bench.reads(0, Standing::AsWanted);
    let confirmed = bench.run.state().effects[0].confirmed.unwrap();
    assert_eq!(confirmed.as_millisecond(), 15_000);
    let replayed = State::replay(bench.records.iter().map(|(at, r)| (*at, r))).unwrap();
    assert_eq!(&replayed, bench.run.state());
}

#[test]
fn whoever_takes_over_with_a_clock_that_was_set_back_goes_on_from_the_last_record() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    bench.pass(3_600_000);
    bench.see(&Health::Well);
    bench.capture(0);
    let state = bench.run.state().clone();
    let early = Timestamp::from_second(60).unwrap();
    let from = state.no_earlier(early);
    assert_eq!(from.as_second(), 3600);
    let (mut run, _) = Run::resume(state, early, 0);
    let outputs = run.advance(from, Input::Tick);
    assert!(
        outputs.iter().any(|o| matches!(o, Output::Look(_))),
        "{outputs:?}"
    );
}

#[test]
fn a_clock_that_was_set_ahead_while_nobody_had_the_run_does_not_make_a_recall_final_early() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.capture(0);
    // It is called for, and the executor dies; the next one sees a day gone by that never was.
    bench.calls.clear();
    bench.ms = 86_400_000;
    let (run, outputs) = Run::resume(bench.run.state().clone(), bench.now(), 0);
    bench.run = run;
    bench.take(outputs);
    let why = "test".to_owned();
    bench.tell(Input::Recall { why });
    bench.reads(0, Standing::AsBefore);
    assert_eq!(bench.phases(), [Phase::Undoing]);
    bench.pass(34_000);
    bench.tell(Input::Tick);
    assert_ne!(bench.run.standstill(), Standstill::Closed);
    while bench.run.standstill() != Standstill::Closed {
        if bench.calls.is_empty() {
            bench.pass(1000);
        } else {
            bench.reads(0, Standing::AsBefore);
        }
    }
    assert!(bench.ms >= 86_435_000, "{}", bench.ms);
}

#[test]
fn nothing_follows_the_end_of_a_run() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    let why = "test".to_owned();
    bench.tell(Input::Recall { why: why.clone() });
    assert_eq!(bench.run.standstill(), Standstill::Closed);
    let written = bench.records.len();
    bench.tell(Input::Hold { why: why.clone() });
    bench.see(&Health::Ill("gone".to_owned()));
    assert_eq!(bench.records.len(), written, "{:?}", bench.records);
    let mut state = bench.run.state().clone();
    assert!(state.apply(bench.now(), &Record::Held { why }).is_err());
}
