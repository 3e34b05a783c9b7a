//! Claims about one run, call by call. What holds in every world is the simulator's to show.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot make its subject has failed"
)]

mod bench;
mod canary;
mod clock;
mod hold;
mod sight;

use cordon_act::{
    Act, Answer, Beat, EffectIx, Evidence, Health, Input, Phase, Record, Standing, Standstill,
    State,
};
use cordon_model::Value;

use bench::{Bench, effect};

#[test]
fn the_state_before_is_written_down_before_anything_is_done() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.carry(0);
    let place = |wanted: fn(&Record) -> bool| {
        let mut records = bench.records.iter();
        records.position(|(_, record)| wanted(record)).unwrap()
    };
    let captured = place(|r| matches!(r, Record::Captured { .. }));
    let doing = place(|r| matches!(r, Record::Doing { .. }));
    assert!(captured < doing);
    assert_eq!(bench.phases(), [Phase::Effective]);
    assert_eq!(bench.run.standstill(), Standstill::Settled);
    let replayed = State::replay(bench.records.iter().map(|(at, r)| (*at, r))).unwrap();
    assert_eq!(&replayed, bench.run.state());
}

#[test]
fn what_already_was_so_is_neither_done_nor_undone() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    let prior = Value::from(1);
    let captured = Answer::Captured {
        prior,
        already: true,
        evidence: Evidence::default(),
    };
    bench.answer(0, Act::Capture, captured);
    bench.tell(Input::Recall {
        why: "test".to_owned(),
    });
    assert_eq!(
        (bench.calls.len(), bench.phases()),
        (0, vec![Phase::AlreadySo])
    );
    assert_eq!(bench.run.standstill(), Standstill::Closed);
}

#[test]
fn a_success_that_reads_back_unchanged_is_tried_again_and_then_called_a_failure() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.capture(0);
    let mut dos = 0;
    while bench.run.standstill() == Standstill::Working {
        match bench.calls.first().map(|call| call.act) {
            Some(Act::Do) => {
                dos += 1;
                bench.answer(0, Act::Do, Answer::Accepted);
            }
            Some(_) => bench.reads(0, Standing::AsBefore),
            None => bench.pass(500),
        }
    }
    assert_eq!((dos, bench.phases()), (5, vec![Phase::GivenUp]));
    let why = bench.run.state().effects[0].why.clone().unwrap();
    assert!(why.contains("reads back unchanged after 5 tries"), "{why}");
}

#[test]
fn a_later_stage_waits_for_the_earlier_one_and_for_a_look_at_the_services() {
    let effects = vec![effect("a", 0, None), effect("b", 2, None)];
    let mut bench = Bench::new(effects, &["service:till"]);
    assert!(
        bench.calls.is_empty(),
        "nothing begins before the service was seen"
    );
    bench.see(&Health::Well);
    bench.carry(0);
    assert!(bench.calls.is_empty(), "the service was not seen since");
    bench.pass(1000);
    bench.see(&Health::Well);
    bench.carry(1);
    assert_eq!(bench.phases(), [Phase::Effective; 2]);
}

#[test]
fn a_run_has_not_settled_before_every_service_was_looked_at_after_the_last_stage() {
    for health in [Health::Well, Health::Ill("no answer".to_owned())] {
        let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
        bench.see(&Health::Well);
        bench.carry(0);
        assert_eq!(bench.run.standstill(), Standstill::Working);
        for _ in 0..3 {
            bench.pass(1000);
            bench.see(&health);
        }
        let worse = |r: &Record| matches!(r, Record::Worse { recalls, .. } if recalls.len() == 1);
        if health == Health::Well {
            assert_eq!(bench.run.standstill(), Standstill::Settled);
        } else {
            assert!(bench.has(worse), "{:?}", bench.records);
        }
    }
}

#[test]
fn a_heartbeat_is_asked_again_once_it_no_longer_counts_what_came_before_the_last_stage() {
    let beat = Beat {
        holds: None,
        at_least: 1,
        within_ms: 5_000,
    };
    let mut bench = Bench::over(vec![effect("a", 0, None)], &["service:till"], Some(&beat));
    bench.see(&Health::Well);
    bench.carry(0);
    for second in 1..=5 {
        bench.pass(1000);
        bench.see(&Health::Well);
        assert_eq!(bench.run.standstill(), Standstill::Working, "{second}");
    }
    bench.pass(1000);
    bench.see(&Health::Well);
    assert_eq!(bench.run.standstill(), Standstill::Settled);
}

#[test]
fn the_first_of_many_targets_goes_ahead_and_its_failure_spares_the_others() {
    let effects = vec![
        effect("a", 0, None),
        effect("a", 0, Some(0)),
        effect("a", 0, Some(0)),
    ];
    let mut bench = Bench::new(effects, &[]);
    bench.capture(0);
    assert_eq!(bench.calls.len(), 1);
    let why = "not allowed".to_owned();
    bench.answer(0, Act::Do, Answer::Refused { why });
    bench.reads(0, Standing::AsBefore);
    assert_eq!(bench.phases(), [Phase::GivenUp; 3]);
    let tried: Vec<bool> = bench
        .run
        .state()
        .effects
        .iter()
        .map(|p| p.dos.last.is_some())
        .collect();
    assert_eq!(tried, [true, false, false]);
}

#[test]
fn a_service_that_gets_worse_has_the_last_step_taken_back_in_time_and_holds_the_rest() {
    let effects = vec![
        effect("a", 0, None),
        effect("b", 1, None),
        effect("c", 2, None),
    ];
    let mut bench = Bench::new(effects, &["service:till"]);
    bench.see(&Health::Well);
    bench.carry(0);
    bench.pass(1000);
    bench.see(&Health::Well);
    bench.capture(1);
    bench.answer(1, Act::Do, Answer::Accepted);
    bench.reads(1, Standing::AsWanted);
    bench.answer(1, Act::Probe, Answer::Effective);
    let began = bench.ms;
    let ill = Health::Ill("no payment for a second".to_owned());
    while !bench.has(|r| matches!(r, Record::Undoing { .. })) {
        bench.pass(100);
        bench.see(&ill);
        if bench
            .calls
            .first()
            .is_some_and(|call| call.act == Act::ReadBack)
        {
            bench.reads(1, Standing::AsWanted);
        }
        assert!(bench.ms - began < 5000, "{:?}", bench.phases());
    }
    assert_eq!(
        bench.phases(),
        [Phase::Effective, Phase::Undoing, Phase::Waiting]
    );
    bench.answer(1, Act::Undo, Answer::Accepted);
    bench.reads(1, Standing::AsBefore);
    for _ in 0..60 {
        bench.pass(1000);
        bench.see(&Health::Well);
        if bench
            .calls
            .first()
            .is_some_and(|call| call.id.effect == EffectIx(1))
        {
            bench.reads(1, Standing::AsBefore);
        } else if !bench.calls.is_empty() {
            bench.reads(0, Standing::AsWanted);
        }
    }
    assert_eq!(
        bench.phases(),
        [Phase::Effective, Phase::Undone, Phase::Waiting]
    );
    assert_eq!(bench.run.standstill(), Standstill::Held);
}

#[test]
fn a_service_hurt_long_after_the_last_step_takes_nothing_back() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &["service:till"]);
    bench.see(&Health::Well);
    bench.carry(0);
    for _ in 0..700 {
        bench.pass(1000);
        bench.see(&Health::Well);
        if !bench.calls.is_empty() {
            bench.reads(0, Standing::AsWanted);
        }
    }
    for _ in 0..5 {
        bench.pass(1000);
        bench.see(&Health::Ill("gone".to_owned()));
    }
    assert_eq!(bench.phases(), [Phase::Effective]);
    assert!(bench.has(|r| matches!(r, Record::Worse { recalls, .. } if recalls.is_empty())));
}

#[test]
fn a_recall_does_not_wait_for_a_call_that_hangs_and_is_final_only_when_it_can_no_longer_land() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.capture(0);
    let hanging = bench.calls.remove(0);
    assert_eq!(hanging.act, Act::Do);
    bench.tell(Input::Recall {
        why: "test".to_owned(),
    });
    bench.reads(0, Standing::AsBefore);
    assert_eq!(bench.phases(), [Phase::Undoing]);
    // It lands late; the next reading finds it, and it is undone.
    bench.tell(Input::Answered {
        call: hanging.id,
        answer: Answer::Accepted,
    });
    assert_eq!(bench.run.unexpected(), 1);
    while !bench.has(|r| matches!(r, Record::Undoing { .. })) {
        if bench.calls.is_empty() {
            bench.pass(1000);
        } else {
            let landed = bench.ms >= 35_000;
            bench.reads(
                0,
                if landed {
                    Standing::AsWanted
                } else {
                    Standing::AsBefore
                },
            );
        }
    }
    bench.answer(0, Act::Undo, Answer::Accepted);
    while bench.run.standstill() != Standstill::Closed {
        if bench.calls.is_empty() {
            bench.pass(1000);
        } else {
            bench.reads(0, Standing::AsBefore);
        }
    }
    assert_eq!(bench.phases(), [Phase::Undone]);
}

#[test]
fn a_held_run_begins_nothing_until_it_is_released() {
    let effects = vec![effect("a", 0, None), effect("b", 1, None)];
    let mut bench = Bench::new(effects, &[]);
    bench.tell(Input::Hold {
        why: "test".to_owned(),
    });
    bench.capture(0);
    assert_eq!(
        (bench.calls.len(), bench.run.standstill()),
        (0, Standstill::Held)
    );
    bench.tell(Input::Release {
        why: "test".to_owned(),
    });
    bench.answer(0, Act::Do, Answer::Accepted);
}

#[test]
fn a_journal_in_which_something_is_done_without_its_state_before_is_refused() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.carry(0);
    let without = bench
        .records
        .iter()
        .filter(|(_, r)| !matches!(r, Record::Captured { .. }));
    let refused = State::replay(without.map(|(at, r)| (*at, r)));
    assert!(refused.is_err());
    let (first, rest) = bench.records.split_first().unwrap();
    let held = (
        first.0,
        Record::Held {
            why: "x".to_owned(),
        },
    );
    let held = [first, &held].into_iter().chain(rest);
    assert!(State::replay(held.map(|(at, r)| (*at, r))).is_err());
}

#[test]
fn what_others_revert_is_done_again_but_not_for_ever() {
    let mut bench = Bench::new(vec![effect("a", 0, None)], &[]);
    bench.carry(0);
    for _ in 0..2 {
        bench.pass(30_000);
        bench.reads(0, Standing::AsBefore);
        bench.answer(0, Act::Do, Answer::Accepted);
        bench.reads(0, Standing::AsWanted);
        bench.answer(0, Act::Probe, Answer::Effective);
    }
    bench.pass(30_000);
    bench.reads(0, Standing::AsBefore);
    assert_eq!(bench.phases(), [Phase::GivenUp]);
}
