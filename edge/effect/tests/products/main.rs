//! Connectors against the products that they speak to, run here in namespaces of their own.
//!
//! Needs Linux, root and the product. Where one is missing a test says `SKIPPED`, and passes: what is
//! shown here is shown on machines that have it.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot make its subject has failed, and one that is skipped says so"
)]

mod directory;
mod haproxy;
mod nftables;
mod openssh;
mod openvpn;
mod room;

use cordon_act::{Act, Answer, Asked, Effect};
use cordon_effect::{Connector, Job};
use cordon_model::{StepKind, Value};

/// An effect of a kind, as an order would have it.
pub(crate) fn effect(
    connector: &dyn Connector,
    kind: &str,
    target: &str,
    parameters: Value,
) -> Effect {
    let kind = StepKind::new(kind);
    let asked = Asked {
        kind: &kind,
        action: parameters.get("action").and_then(Value::as_str),
        parameters: &parameters,
    };
    let ability = connector.ability(asked).unwrap();
    Effect {
        parameters,
        ..Effect::alone(kind, target, ability)
    }
}

/// One call, without a state before.
pub(crate) fn call(connector: &dyn Connector, effect: &Effect, act: Act) -> Answer {
    let prior = &Value::Null;
    connector.call(Job { effect, act, prior })
}
