//! Claims about what stays bound to an approval once a run is opened.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot make its subject has failed"
)]

use std::collections::BTreeSet;

use cordon_act::{
    Ability, Circumstances, ConnectorDigest, Digest, Effect, Input, Lately, Opened, Order, Output,
    Patience, Phase, Policy, PrivateKey, Record, Reversal, Run, State, Statement, authorise,
};
use cordon_model::{StepKind, Timestamp};
use cordon_text::Source;

fn anna() -> PrivateKey {
    PrivateKey::from_bytes([1; 32])
}

fn executor() -> PrivateKey {
    PrivateKey::from_bytes([2; 32])
}

fn minute(n: i64) -> Timestamp {
    Timestamp::from_second(n * 60).unwrap()
}

/// A run of one target, approved for ten minutes.
fn run() -> (Run, Opened) {
    let text = format!(
        "{{ cordon: policy/v1, name: One, executor: '{}', people: [{{ id: anna, key: '{}' }}], rules: [{{ people: 1 }}] }}",
        executor().public(),
        anna().public()
    );
    let policy = Policy::parse(&Source::new("policy.yml", text)).unwrap();
    let ability = Ability {
        action: "cut".to_owned(),
        reversal: Reversal::Undo,
        patience: Patience::default(),
    };
    let effect = Effect::alone(StepKind::new("disable-account"), "a", ability);
    let order = Order {
        connectors: vec![ConnectorDigest {
            connector: "ad".to_owned(),
            definition: Digest::of(b"ad"),
        }],
        ..Order::bare(policy.digest, vec![effect])
    };
    let statement = Statement {
        plan: order.plan,
        order: order.digest(),
        by: "anna".to_owned(),
        from: minute(0),
        until: minute(10),
        once: "1".to_owned(),
    };
    let circumstances = Circumstances {
        now: minute(1),
        used: BTreeSet::new(),
        run: "run".to_owned(),
        executor: executor().public(),
        lately: Lately::default(),
        seen: None,
    };
    let approved = authorise(order, &policy, &[statement.sign(&anna())], circumstances).unwrap();
    let (run, _) = Run::open(approved).unwrap();
    let opened = run.state().opened.clone();
    (run, opened)
}

#[test]
fn a_run_remembers_who_may_carry_it_out_by_which_connectors_and_until_when_it_may_begin() {
    let (_, opened) = run();
    assert_eq!(opened.executor, Some(executor().public()));
    assert_eq!(opened.begin_by, Some(minute(10)));
    assert_eq!(opened.connectors.len(), 1);
    let record = Record::Opened(Box::new(opened));
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
}

#[test]
fn nothing_is_begun_once_the_approvals_hold_no_longer_and_everything_can_be_taken_back() {
    let called = |outputs: &[Output]| outputs.iter().any(|o| matches!(o, Output::Call(_)));
    let (mut run, opened) = run();
    assert!(called(&run.advance(minute(9), Input::Tick)));
    let state = State::replay([(minute(1), &Record::Opened(Box::new(opened)))]).unwrap();
    let (mut late, _) = Run::resume(state, minute(10), 0);
    assert!(!called(&late.advance(minute(10), Input::Tick)));
    let progress = late.state().effects.first().unwrap();
    assert_eq!(progress.phase, Phase::GivenUp);
    assert!(
        progress
            .why
            .as_ref()
            .unwrap()
            .contains("until 1970-01-01T00:10:00Z")
    );
    let why = "test".to_owned();
    late.advance(minute(11), Input::Recall { why });
    assert!(late.state().closed);
}
