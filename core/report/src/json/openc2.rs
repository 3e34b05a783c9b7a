//! A plan as commands in `OpenC2` (Language Specification 1.0): one JSON object a line, in the order to give them.
//!
//! Addresses and devices are targets that the language knows. Everything else is a target of our own
//! (`x-cordon`), which only an actuator that was told of it understands. Absent on purpose: sending.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::v1::{Plan, Step, line};

/// The commands of a plan.
pub fn openc2_commands(plan: &Plan) -> String {
    let steps = plan.steps.iter();
    steps
        .flat_map(commands)
        .map(|command| line(&command))
        .collect()
}

fn commands(step: &Step) -> Vec<Value> {
    let said = |key: &str| step.action.as_ref().and_then(|action| action.get(key));
    let one = said("target").and_then(Value::as_str);
    let many = said("targets").and_then(Value::as_array);
    let many = many.into_iter().flatten().filter_map(Value::as_str);
    let mut targets: Vec<&str> = one.into_iter().chain(many).collect();
    if targets.is_empty() {
        targets.push(&step.id);
    }
    targets.iter().map(|target| command(step, target)).collect()
}

fn command(step: &Step, target: &str) -> Value {
    let (action, target) = match (step.kind.as_str(), target.parse()) {
        ("block-address", Ok(IpAddr::V4(address))) => {
            ("deny", json!({"ipv4_net": format!("{address}/32")}))
        }
        ("block-address", Ok(IpAddr::V6(address))) => {
            ("deny", json!({"ipv6_net": format!("{address}/128")}))
        }
        ("isolate-host" | "quarantine-device", _) => {
            ("contain", json!({"device": {"device_id": target}}))
        }
        (kind, _) => (
            "contain",
            json!({"x-cordon": {"step": step.id, "kind": kind, "target": target}}),
        ),
    };
    json!({
        "action": action,
        "target": target,
        "args": {"response_requested": "complete"},
        "command_id": format!("{}-{}", step.n, step.id),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::command;
    use crate::json::v1::Step;

    #[test]
    fn a_target_that_the_language_knows_is_named_in_it_and_any_other_in_ours() {
        for (kind, target, action, key) in [
            ("block-address", "10.0.0.1", "deny", "ipv4_net"),
            ("block-address", "2001:db8::1", "deny", "ipv6_net"),
            ("block-address", "vpn-pool", "contain", "x-cordon"),
            ("isolate-host", "host-1", "contain", "device"),
            ("disable-account", "agent-7", "contain", "x-cordon"),
        ] {
            let step = format!(
                r#"{{"n":1,"id":"s","kind":"{kind}","removes":{{}},"takes_down":[],"cost":1,"minutes":null,"undo":null,"check":null,"irreversible":false,"do":null}}"#
            );
            let step: Step = serde_json::from_str(&step).unwrap();
            let command = command(&step, target);
            assert_eq!(command["action"], action, "{target}");
            assert_ne!(command["target"][key], Value::Null, "{target}");
        }
    }
}
