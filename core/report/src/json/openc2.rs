//! A plan as commands in `OpenC2` (Language Specification 1.0): one JSON object a line, in the order to give them.
//!
//! Whatever the language has a target for is named by it: networks, connections, domains, addresses of mail, devices, URIs. It has none for
//! accounts, groups, rights and services; those are targets of a profile of our own (`x-cordon`), which only an actuator that was told of it
//! understands. Invariants: exactly one target each; no two commands of a plan have one id. Absent on purpose: sending.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::{
    uuid::uuid,
    v1::{Plan, Step, line},
};

/// The commands of a plan. `digest` is the SHA-256 of the plan's bytes in hexadecimal digits.
pub fn openc2_commands(plan: &Plan, digest: &str) -> String {
    let pairs = plan.steps.iter().flat_map(|step| {
        let targets = targets(step).into_iter();
        targets.map(move |target| (step, target))
    });
    let commands = (1..).zip(pairs).map(|(n, (step, target))| {
        let (action, target) = command(step, &target);
        json!({
            "action": action,
            "target": target,
            "args": { "response_requested": "complete" },
            "command_id": uuid(digest, n),
        })
    });
    commands.map(|command| line(&command)).collect()
}

/// What a step is done to; a step that names nothing stands for itself.
fn targets(step: &Step) -> Vec<String> {
    let said = |key: &str| step.action.as_ref().and_then(|action| action.get(key));
    let one = said("target").and_then(Value::as_str);
    let many = said("targets").and_then(Value::as_array);
    let many = many.into_iter().flatten().filter_map(Value::as_str);
    let targets: Vec<String> = one.into_iter().chain(many).map(str::to_owned).collect();
    if targets.is_empty() {
        vec![step.id.clone()]
    } else {
        targets
    }
}

/// What to do, and to what.
fn command(step: &Step, target: &str) -> (&'static str, Value) {
    let kind = step.kind.as_str();
    let on_network = [
        "block-address",
        "block-zone-to-zone",
        "isolate-zone",
        "isolate-host",
    ];
    if on_network.contains(&kind)
        && let Some(traffic) = traffic(target)
    {
        return ("deny", traffic);
    }
    match kind {
        "block-address" if target.contains("://") => ("deny", json!({ "uri": target })),
        "block-address" if is_domain(target) => ("deny", json!({ "domain_name": target })),
        "isolate-host" | "quarantine-device" => ("contain", json!({ "device": device(target) })),
        "power-down-host" => ("stop", json!({ "device": device(target) })),
        "disable-account" | "revoke-sessions" | "reset-password" | "reset-factor" => {
            let action = if kind == "disable-account" {
                "deny"
            } else {
                "update"
            };
            let action = if kind == "revoke-sessions" {
                "stop"
            } else {
                action
            };
            match target.split_once('@') {
                // An account that is called by an address is named by it.
                Some((name, domain)) if !name.is_empty() && is_domain(domain) => {
                    (action, json!({ "email_addr": target }))
                }
                Some(_) | None => (action, ours(step, "account", target)),
            }
        }
        "remove-from-group" | "remove-role" | "revoke-right" | "revoke-app-consent" => {
            ("delete", ours(step, "right", target))
        }
        "revoke-cloud-keys" | "rotate-service-secret" | "rotate-krbtgt" => {
            ("update", ours(step, "credential", target))
        }
        _ => ("contain", ours(step, "thing", target)),
    }
}

/// A target of our own profile.
fn ours(step: &Step, what: &str, target: &str) -> Value {
    let mut target = Map::from_iter([(what.to_owned(), target.into())]);
    target.insert("step".to_owned(), step.id.clone().into());
    target.insert("kind".to_owned(), step.kind.clone().into());
    json!({ "x-cordon": target })
}

/// A machine by its name if it has one, else by whatever number it goes.
fn device(target: &str) -> Value {
    if is_domain(target) {
        json!({ "hostname": target })
    } else {
        json!({ "device_id": target })
    }
}

/// Addresses, networks, and what flows between two of them, as `nftables` has them: `10.1.0.0/24 -> 10.2.0.9 tcp 22`.
fn traffic(target: &str) -> Option<Value> {
    let Some((from, rest)) = target.split_once("->") else {
        let (key, net) = network(target.trim())?;
        return Some(json!({ key: net }));
    };
    let mut words = rest.split_whitespace();
    let (from, to) = (network(from.trim())?, network(words.next()?)?);
    let mut flow = Map::from_iter([
        ("src_addr".to_owned(), from.1.into()),
        ("dst_addr".to_owned(), to.1.into()),
    ]);
    if let Some(protocol) = words.next().filter(|word| ["tcp", "udp"].contains(word)) {
        flow.insert("protocol".to_owned(), protocol.into());
        if let Some(ports) = words.next() {
            // The language knows one port; for several nothing less than all of them is cut off.
            match ports.parse::<u16>() {
                Ok(port) => flow.insert("dst_port".to_owned(), port.into()),
                Err(_several) => None,
            };
        }
    }
    match (from.0, to.0) {
        ("ipv4_net", "ipv4_net") => Some(json!({ "ipv4_connection": flow })),
        ("ipv6_net", "ipv6_net") => Some(json!({ "ipv6_connection": flow })),
        (_, _) => None,
    }
}

/// An address or a network, in the form that the language wants.
fn network(text: &str) -> Option<(&'static str, String)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    match address.parse().ok()? {
        IpAddr::V4(v4) => {
            let bits = bits.unwrap_or(32);
            (bits <= 32).then(|| ("ipv4_net", format!("{v4}/{bits}")))
        }
        IpAddr::V6(v6) => {
            let bits = bits.unwrap_or(128);
            (bits <= 128).then(|| ("ipv6_net", format!("{v6}/{bits}")))
        }
    }
}

/// A name of the domain name system with two labels at least (RFC 1034).
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.len() < 64 && label.chars().all(good) && !label.starts_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && text.len() < 254
        && text.split('.').all(label)
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::{command, openc2_commands};
    use crate::json::v1::{Plan, Step};

    /// Actions and targets of the language (sections 3.3.1.1 and 3.3.1.2), and ours.
    const ACTIONS: [&str; 7] = [
        "deny", "contain", "stop", "update", "delete", "allow", "set",
    ];
    const TARGETS: [&str; 8] = [
        "device",
        "domain_name",
        "email_addr",
        "ipv4_net",
        "ipv6_net",
        "ipv4_connection",
        "uri",
        "x-cordon",
    ];

    fn step(kind: &str, target: &Value) -> Value {
        json!({
            "n": 1, "id": "s", "kind": kind, "removes": {}, "takes_down": [], "cost": 1, "minutes": null,
            "undo": null, "check": null, "irreversible": false, "do": target,
        })
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a case for each target")]
    fn a_target_that_the_language_knows_is_named_in_it_and_any_other_in_ours() {
        for (kind, target, action, expect) in [
            (
                "block-address",
                "10.0.0.1",
                "deny",
                json!({ "ipv4_net": "10.0.0.1/32" }),
            ),
            (
                "isolate-zone",
                "10.0.0.0/24",
                "deny",
                json!({ "ipv4_net": "10.0.0.0/24" }),
            ),
            (
                "block-address",
                "2001:db8::1",
                "deny",
                json!({ "ipv6_net": "2001:db8::1/128" }),
            ),
            (
                "block-address",
                "bad.example",
                "deny",
                json!({ "domain_name": "bad.example" }),
            ),
            (
                "block-address",
                "https://bad.example/x",
                "deny",
                json!({ "uri": "https://bad.example/x" }),
            ),
            (
                "block-zone-to-zone",
                "10.1.0.0/24 -> 10.2.0.9 tcp 22",
                "deny",
                json!({ "ipv4_connection": {
                    "src_addr": "10.1.0.0/24", "dst_addr": "10.2.0.9/32", "protocol": "tcp", "dst_port": 22,
                } }),
            ),
            (
                "block-zone-to-zone",
                "10.1.0.0/24 -> 10.2.0.9 tcp 22,80",
                "deny",
                json!({ "ipv4_connection": { "src_addr": "10.1.0.0/24", "dst_addr": "10.2.0.9/32", "protocol": "tcp" } }),
            ),
            (
                "isolate-host",
                "pc7.house.example",
                "contain",
                json!({ "device": { "hostname": "pc7.house.example" } }),
            ),
            (
                "isolate-host",
                "host-1",
                "contain",
                json!({ "device": { "device_id": "host-1" } }),
            ),
            (
                "power-down-host",
                "esx1.house.example",
                "stop",
                json!({ "device": { "hostname": "esx1.house.example" } }),
            ),
            (
                "disable-account",
                "a@house.example",
                "deny",
                json!({ "email_addr": "a@house.example" }),
            ),
            (
                "revoke-sessions",
                "a@house.example",
                "stop",
                json!({ "email_addr": "a@house.example" }),
            ),
            (
                "disable-account",
                "CN=a,DC=x",
                "deny",
                json!({ "x-cordon": { "account": "CN=a,DC=x", "step": "s", "kind": "disable-account" } }),
            ),
            (
                "block-address",
                "vpn-pool",
                "contain",
                json!({ "x-cordon": { "thing": "vpn-pool", "step": "s", "kind": "block-address" } }),
            ),
            (
                "block-address",
                "10.0.0.1/99",
                "contain",
                json!({ "x-cordon": { "thing": "10.0.0.1/99", "step": "s", "kind": "block-address" } }),
            ),
        ] {
            let step: Step = serde_json::from_value(step(kind, &Value::Null)).unwrap();
            assert_eq!(command(&step, target), (action, expect), "{kind} {target}");
        }
    }

    #[test]
    fn each_command_has_one_target_and_an_id_of_its_own_in_the_form_that_is_asked_for() {
        let step =
            |kind, targets: &[&str]| step(kind, &json!({ "connector": "x", "targets": targets }));
        let plan = json!({
            "format": "cordon/plan/v1", "estate": "Northgate", "generation": 1, "hold_hours": 24, "footholds": [],
            "outside_estate": [], "targets": [], "price": null, "exposure": null, "proof": null, "loss_curve": [],
            "alternatives": [], "infeasible": null,
            "steps": [step("disable-account", &["a@b.example", "c"]), step("close-vpn", &[]), step("isolate-host", &["h"])],
        });
        let plan: Plan = serde_json::from_value(plan).unwrap();
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let told = openc2_commands(&plan, digest);
        let mut ids = BTreeSet::new();
        for line in told.lines() {
            let command: Value = serde_json::from_str(line).unwrap();
            let keys: Vec<&String> = command.as_object().unwrap().keys().collect();
            assert!(
                keys.iter()
                    .all(|key| ["action", "target", "args", "command_id"].contains(&key.as_str())),
                "{line}"
            );
            assert!(
                ACTIONS.contains(&command["action"].as_str().unwrap()),
                "{line}"
            );
            let target = command["target"].as_object().unwrap();
            assert_eq!(target.len(), 1, "{line}");
            assert!(
                target.keys().all(|key| TARGETS.contains(&key.as_str())),
                "{line}"
            );
            assert_eq!(command["args"]["response_requested"], "complete");
            // Printable, without blanks, 36 characters at most (3.4.2.3).
            let id = command["command_id"].as_str().unwrap().to_owned();
            assert!(id.len() <= 36 && !id.contains(' '), "{id}");
            assert!(ids.insert(id), "{line}");
        }
        assert_eq!(ids.len(), 4);
    }
}
