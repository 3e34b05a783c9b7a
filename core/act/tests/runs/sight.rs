//! A service that cannot be seen is not known to be well.

use cordon_act::{Act, Answer, Health, Input, Phase, Record, Standing, Standstill};

use crate::bench::{Bench, effect};

fn unseen() -> Health {
    Health::Unknown("its name does not resolve".to_owned())
}

#[test]
fn a_cut_after_which_a_service_is_out_of_sight_is_taken_back_and_the_run_is_held() {
    let effects = vec![effect("a", 0, None), effect("b", 1, None)];
    let mut bench = Bench::new(effects, &["service:till"]);
    bench.see(&Health::Well);
    bench.carry(0);
    bench.pass(1000);
    bench.see(&Health::Well);
    bench.carry(1);
    for _ in 0..3 {
        bench.pass(1000);
        bench.see(&unseen());
    }
    assert_eq!(bench.phases(), [Phase::Effective, Phase::Undoing]);
    while bench.run.standstill() == Standstill::Working {
        bench.see(&Health::Well);
        match bench.calls.first().map(|call| (call.id.effect.0, call.act)) {
            None => bench.pass(500),
            Some((1, Act::Undo)) => bench.answer(1, Act::Undo, Answer::Accepted),
            Some((1, _)) if !bench.has(|r| matches!(r, Record::Undoing { .. })) => {
                bench.reads(1, Standing::AsWanted);
            }
            Some((1, _)) => bench.reads(1, Standing::AsBefore),
            Some(_) => bench.reads(0, Standing::AsWanted),
        }
    }
    assert_eq!(bench.run.standstill(), Standstill::Held);
    assert_eq!(bench.phases(), [Phase::Effective, Phase::Undone]);
}

#[test]
fn one_that_is_out_of_sight_long_after_every_cut_holds_the_run_and_takes_nothing_back() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    bench.see(&Health::Well);
    bench.carry(0);
    for _ in 0..60 {
        bench.pass(1000);
        bench.see(&Health::Well);
        if !bench.calls.is_empty() {
            bench.reads(0, Standing::AsWanted);
        }
    }
    for _ in 0..3 {
        bench.pass(1000);
        bench.see(&unseen());
    }
    assert_eq!(bench.phases(), [Phase::Effective]);
    assert_eq!(bench.run.standstill(), Standstill::Held);
}

#[test]
fn nothing_is_begun_while_a_service_was_never_seen_unless_somebody_lets_it_go() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    for _ in 0..3 {
        bench.see(&unseen());
        assert!(bench.calls.is_empty(), "{:?}", bench.calls);
        bench.pass(1000);
    }
    assert_eq!(bench.run.standstill(), Standstill::Held);
    let why = "Anna watches it by eye".to_owned();
    bench.tell(Input::Release { why });
    bench.carry(0);
}

#[test]
fn one_look_that_saw_nothing_is_no_reason_to_hold() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    bench.see(&unseen());
    bench.pass(1000);
    bench.see(&Health::Well);
    bench.carry(0);
    assert!(!bench.has(|r| matches!(r, Record::Worse { .. })));
}
