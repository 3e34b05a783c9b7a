//! Whole runs over connectors in trouble: the state is known, the error clear, and the way back open.

use std::collections::{BTreeSet, VecDeque};

use cordon_act::{
    Circumstances, Effect, Input, Lately, Order, Output, Phase, Policy, PrivateKey, Run,
    Standstill, State, authorise,
};
use cordon_effect::{Connector as _, Http, Job};
use cordon_model::{Timestamp, Value};
use cordon_text::Source;

use crate::{
    SECRET, connect, effect,
    mock::{Fault, Mock},
    vendors::vendors,
};

/// A run over one connector, whose clock jumps to whenever something is due.
struct Bench {
    run: Run,
    now: Timestamp,
}

impl Bench {
    fn of(effect: Effect) -> (Self, Vec<Output>) {
        let text = "{ cordon: policy/v1, name: All, rules: [{ people: 0 }] }";
        let policy = Policy::parse(&Source::new("policy.yml", text)).unwrap();
        let order = Order::bare(policy.digest, vec![effect]);
        let circumstances = Circumstances {
            now: Timestamp::UNIX_EPOCH,
            used: BTreeSet::new(),
            run: "run".to_owned(),
            executor: PrivateKey::from_bytes([7; 32]).public(),
            lately: Lately::default(),
            seen: None,
        };
        let approved = authorise(order, &policy, &[], circumstances).unwrap();
        let (run, first) = Run::open(approved).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        (Self { run, now }, first)
    }

    /// Carries on until nothing is left to do.
    fn until_settled(&mut self, first: Vec<Output>, connector: &Http) -> Phase {
        let mut waiting = VecDeque::from(first);
        waiting.extend(self.run.advance(self.now, Input::Tick));
        for _ in 0..10_000 {
            if let Some(output) = waiting.pop_front() {
                let Output::Call(call) = output else {
                    continue;
                };
                let effect = self.state().effect(call.id.effect).unwrap().clone();
                let prior = call.prior.unwrap_or(Value::Null);
                let answer = connector.call(Job {
                    effect: &effect,
                    act: call.act,
                    prior: &prior,
                });
                let heard = Input::Answered {
                    call: call.id,
                    answer,
                };
                waiting.extend(self.run.advance(self.now, heard));
                continue;
            }
            match self.run.standstill() {
                Standstill::Settled | Standstill::Closed => return self.state().effects[0].phase,
                Standstill::Working | Standstill::Held | Standstill::Superseded => {}
            }
            self.now = self.run.wake_at().unwrap().max(self.now);
            waiting.extend(self.run.advance(self.now, Input::Tick));
        }
        panic!("the run comes to no end: {:?}", self.state());
    }

    fn recall(&mut self, connector: &Http) -> Phase {
        let why = "test".to_owned();
        let outputs = self.run.advance(self.now, Input::Recall { why });
        self.until_settled(outputs, connector)
    }

    fn state(&self) -> &State {
        self.run.state()
    }

    fn why(&self) -> &str {
        self.state().effects[0].why.as_deref().unwrap_or_default()
    }
}

#[test]
fn whoever_signs_in_wrongly_changes_nothing_and_what_was_done_waits_for_the_right_secret() {
    for vendor in vendors() {
        let mock = Mock::serve(vendor.state.clone(), vendor.answer);
        let (right, wrong) = (
            connect(&vendor, &mock, SECRET),
            connect(&vendor, &mock, "wr0ng"),
        );
        let effect = effect(&vendor, &right);
        let of = format!("{} {}", vendor.connector, vendor.action);
        let truth = || (vendor.truth)(&mock.state());
        let before = truth();

        let (mut bench, first) = Bench::of(effect.clone());
        assert_eq!(bench.until_settled(first, &wrong), Phase::GivenUp, "{of}");
        assert!(bench.why().contains("40"), "{of}: {}", bench.why());
        assert_eq!(bench.recall(&wrong), Phase::Skipped, "{of}");
        assert_eq!(truth(), before, "{of}");

        let (mut bench, first) = Bench::of(effect);
        let done = bench.until_settled(first, &right);
        assert_eq!(done, Phase::Effective, "{of}: {}", bench.why());
        let forward = bench.recall(&wrong);
        if forward == Phase::ForwardOnly {
            continue;
        }
        assert_eq!(forward, Phase::Stuck, "{of}");
        assert!(bench.why().contains("40"), "{of}: {}", bench.why());
        assert_eq!(bench.recall(&right), Phase::Undone, "{of}: {}", bench.why());
        assert_eq!(truth(), before, "{of}");
    }
}

#[test]
fn a_lie_a_pause_and_a_break_on_the_way_there_and_back_end_where_they_should() {
    for vendor in vendors() {
        for faults in [
            vec![Fault::Lie],
            vec![Fault::Throttle, Fault::Lie],
            vec![Fault::Break],
            vec![Fault::Pass, Fault::Refuse],
        ] {
            let mock = Mock::serve(vendor.state.clone(), vendor.answer);
            let connector = connect(&vendor, &mock, SECRET);
            let of = format!("{} {} {faults:?}", vendor.connector, vendor.action);
            let truth = || (vendor.truth)(&mock.state());
            let before = truth();
            let (mut bench, first) = Bench::of(effect(&vendor, &connector));
            mock.next_ones(&faults);
            let done = bench.until_settled(first, &connector);
            assert_eq!(done, Phase::Effective, "{of}: {}", bench.why());
            mock.forget_faults();
            mock.next_ones(&faults);
            let back = bench.recall(&connector);
            if back != Phase::ForwardOnly {
                assert_eq!(back, Phase::Undone, "{of}: {}", bench.why());
                assert_eq!(truth(), before, "{of}");
            }
        }
    }
}
