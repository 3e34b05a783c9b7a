//! A hold begins nothing, and ends when what was begun has come to its end.

use cordon_act::{Act, Answer, Health, Input, Phase, Record, Run, Standing, Standstill};

use crate::bench::{Bench, effect};

fn hold(bench: &mut Bench) {
    let why = "test".to_owned();
    bench.tell(Input::Hold { why });
}

#[test]
fn what_was_called_for_is_awaited_and_read_back_before_a_hold_is_called_one() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    bench.see(&Health::Well);
    bench.capture(0);
    // Whoever called dies; the next one holds, and the call lands twenty seconds later.
    bench.calls.clear();
    let (run, outputs) = Run::resume(bench.run.state().clone(), bench.now(), 0);
    bench.run = run;
    bench.take(outputs);
    hold(&mut bench);
    while bench.run.standstill() == Standstill::Working {
        bench.see(&Health::Well);
        if bench.calls.is_empty() {
            bench.pass(500);
            continue;
        }
        let landed = bench.ms >= 20_000;
        match bench.calls.first().map(|call| call.act) {
            Some(Act::ReadBack) if !landed => bench.reads(0, Standing::AsBefore),
            Some(Act::ReadBack) => bench.reads(0, Standing::AsWanted),
            _ => bench.answer(0, Act::Probe, Answer::Effective),
        }
    }
    assert_eq!(bench.run.standstill(), Standstill::Held);
    assert_eq!(bench.phases(), [Phase::Effective]);
}

#[test]
fn what_can_no_longer_land_keeps_no_hold_waiting() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.capture(0);
    let why = "the connection broke".to_owned();
    hold(&mut bench);
    bench.answer(0, Act::Do, Answer::Unknown { why });
    while bench.run.standstill() == Standstill::Working {
        if bench.calls.is_empty() {
            bench.pass(500);
        } else {
            bench.reads(0, Standing::AsBefore);
        }
    }
    assert_eq!(bench.run.standstill(), Standstill::Held);
    assert!((35_000..60_000).contains(&bench.ms), "{}", bench.ms);
    let dos = bench
        .records
        .iter()
        .filter(|(_, r)| matches!(r, Record::Doing { .. }));
    assert_eq!(dos.count(), 1);
}

#[test]
fn a_service_that_dies_of_what_lands_during_a_hold_has_it_taken_back() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    bench.see(&Health::Well);
    bench.capture(0);
    hold(&mut bench);
    bench.answer(0, Act::Do, Answer::Accepted);
    assert_eq!(bench.run.standstill(), Standstill::Working);
    let ill = Health::Ill("no payment".to_owned());
    while !bench.has(|r| matches!(r, Record::Undoing { .. })) {
        bench.see(&ill);
        match bench.calls.first().map(|call| call.act) {
            None => bench.pass(500),
            Some(Act::Probe) => bench.answer(0, Act::Probe, Answer::Effective),
            Some(_) => bench.reads(0, Standing::AsWanted),
        }
        assert!(bench.ms < 10_000, "{:?}", bench.phases());
    }
}
