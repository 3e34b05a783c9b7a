//! What is ordered in one world, and what the world makes of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use cordon_act::{
    Ability, Approved, Circumstances, Effect, EffectIx, Guarded, Lately, Limits, Order, Patience,
    Policy, PrivateKey, Reversal, Statement, authorise,
};
use cordon_model::{ServiceId, StepId, StepKind, Timestamp};
use cordon_text::Source;

/// Short enough that a world of some minutes sees everything run out.
pub(super) const PATIENCE: Patience = Patience {
    send_ms: 2_000,
    answer_ms: 5_000,
    land_ms: 20_000,
    effect_ms: 60_000,
};

/// An order of one to eight effects in up to three stages, one of its steps with a canary.
pub(super) fn order(chance: &mut ChaCha8Rng) -> (Order, Approved) {
    let mut effects = Vec::new();
    let steps: u32 = chance.random_range(1..=4);
    for step in 0..steps {
        let stage = chance.random_range(0..3);
        let targets = if chance.random_ratio(1, 3) { 3 } else { 1 };
        let canary = u32::try_from(effects.len()).unwrap_or(0);
        let reversal = match chance.random_range(0..10) {
            0 => Reversal::Never,
            1 => Reversal::Passing,
            _ => Reversal::Undo,
        };
        for target in 0..targets {
            let ability = Ability {
                action: "set".to_owned(),
                reversal,
                patience: PATIENCE,
            };
            let kind = StepKind::new(format!("kind-{}", step % 2));
            effects.push(Effect {
                step: StepId::new(format!("step-{step}")),
                stage,
                canary: (target > 0).then_some(EffectIx(canary)),
                volatile: vec!["sessions".to_owned()],
                ..Effect::alone(kind, &format!("target-{step}-{target}"), ability)
            });
        }
    }
    let guarded = |n| Guarded {
        service: ServiceId::new(format!("service-{n}")),
        by: "tcp".to_owned(),
        at: format!("10.0.0.{n}:80"),
        beat: None,
    };
    let policy = policy();
    let order = Order {
        guarded: (0..chance.random_range(0..3)).map(guarded).collect(),
        limits: Limits {
            per_minute: BTreeMap::from([("kind-1".to_owned(), chance.random_range(1..6))]),
            in_flight_max: chance.random_range(1..6),
            watch_ms: 10_000,
            ..Limits::default()
        },
        ..Order::bare(policy.digest, effects)
    };
    let approved = approved(&order, &policy);
    (order, approved)
}

/// Anna's approval makes it one that may be carried out.
fn approved(order: &Order, policy: &Policy) -> Approved {
    let circumstances = Circumstances {
        now: Timestamp::UNIX_EPOCH,
        used: BTreeSet::new(),
        run: "run".to_owned(),
        executor: approver().public(),
        lately: Lately::default(),
        seen: None,
    };
    let statement = Statement {
        plan: order.plan,
        order: order.digest(),
        by: "anna".to_owned(),
        from: Timestamp::UNIX_EPOCH,
        until: Timestamp::UNIX_EPOCH + Duration::from_hours(1),
        once: "1".to_owned(),
    };
    let approvals = [statement.sign(&approver())];
    match authorise(order.clone(), policy, &approvals, circumstances) {
        Ok(approved) => approved,
        Err(why) => unreachable!("what anna approves is allowed: {why:?}"),
    }
}

/// The kind of step that somebody must approve.
pub(super) const ASKED_FOR: &str = "kind-0";

/// Anna's key.
pub(super) fn approver() -> PrivateKey {
    PrivateKey::from_bytes([1; 32])
}

/// One kind needs a person, the other is approved in advance.
fn policy() -> Policy {
    let key = approver().public();
    let text = format!(
        "{{ cordon: policy/v1, name: One, people: [{{ id: anna, key: '{key}' }}], \
         rules: [{{ kinds: [{ASKED_FOR}], people: 1 }}, {{ people: 0 }}] }}"
    );
    match Policy::parse(&Source::new("policy.yml", text)) {
        Ok(policy) => policy,
        Err(why) => unreachable!("the policy can be read: {why:?}"),
    }
}
