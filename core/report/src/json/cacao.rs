//! A plan as a CACAO 2.0 playbook: its steps one after another, for orchestrators that people read.
//!
//! Each step is a manual command, because what a connector of this house would call means nothing
//! elsewhere; what carries it out stands in the step's description. Invariants: the same plan and
//! moment give the same bytes; ids are made from the plan's digest. Absent on purpose: the undo, which
//! a playbook of its own would be.

use cordon_model::Timestamp;
use serde_json::{Map, Value, json};

use super::v1::{Plan, Step, document};

/// A plan as a CACAO playbook. `digest` is the SHA-256 of the plan's bytes in hexadecimal digits.
pub fn cacao_playbook(plan: &Plan, digest: &str, created: Timestamp) -> String {
    let id = |what: &str, n: usize| format!("{what}--{}", uuid(digest, n));
    let agent = id("organization", 0);
    let mut workflow = Map::new();
    let after = |n: usize| {
        if n < plan.steps.len() {
            id("action", n + 1)
        } else {
            id("end", 0)
        }
    };
    let start = json!({"type": "start", "on_completion": after(0)});
    workflow.insert(id("start", 0), start);
    for (n, step) in (1..).zip(&plan.steps) {
        workflow.insert(id("action", n), action(step, &agent, &after(n)));
    }
    workflow.insert(id("end", 0), json!({"type": "end"}));
    let playbook = json!({
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": id("playbook", 0),
        "name": format!("Contain the intrusion at {}", plan.estate),
        "description": format!("The plan with the SHA-256 {digest}, for a hold of {} hours", plan.hold_hours),
        "playbook_types": ["mitigation"],
        "created_by": id("identity", 0),
        "created": format!("{created:.3}"),
        "modified": format!("{created:.3}"),
        "workflow_start": id("start", 0),
        "workflow": workflow,
        "agent_definitions": { agent: {"type": "organization", "name": plan.estate} },
    });
    document(&playbook)
}

fn action(step: &Step, agent: &str, after: &str) -> Value {
    let by = step
        .action
        .as_ref()
        .map_or_else(|| "a person".to_owned(), Value::to_string);
    let undo = step.undo.as_deref().unwrap_or("none: it only goes forward");
    let command = format!("Carry out {} ({}) by {by}", step.id, step.kind);
    json!({
        "type": "action",
        "name": step.id,
        "description": format!("Check: {}. Undo: {undo}", step.check.as_deref().unwrap_or("not described")),
        "commands": [{"type": "manual", "command": command}],
        "agent": agent,
        "on_completion": after,
    })
}

/// An identifier in the form of a UUID of version 8 (RFC 9562): 100 bits of the digest, and a number.
fn uuid(digest: &str, number: usize) -> String {
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-8{}-8{}-{}{number:05x}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 25)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{cacao_playbook, uuid};
    use crate::json::v1::Plan;

    const PLAN: &str = r#"{"format":"cordon/plan/v1","estate":"Northgate","generation":1,"hold_hours":24,
"footholds":[],"outside_estate":[],"targets":[],"steps":[
{"n":1,"id":"a","kind":"disable-account","removes":{},"takes_down":[],"cost":1,"minutes":null,"undo":"enable","check":"bind","irreversible":false,"do":{"connector":"ad"}},
{"n":2,"id":"b","kind":"isolate-host","removes":{},"takes_down":[],"cost":1,"minutes":null,"undo":null,"check":null,"irreversible":true,"do":null}],
"price":null,"exposure":null,"proof":null,"loss_curve":[],"alternatives":[],"infeasible":null}"#;

    #[test]
    fn every_step_is_reached_from_the_start_in_order_and_the_end_from_the_last() {
        let plan: Plan = serde_json::from_str(PLAN).unwrap();
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let created = "2026-07-03T12:00:00Z".parse().unwrap();
        let book: Value = serde_json::from_str(&cacao_playbook(&plan, digest, created)).unwrap();
        assert_eq!(book["created"], "2026-07-03T12:00:00.000Z");
        let workflow = book["workflow"].as_object().unwrap();
        let mut at = book["workflow_start"].as_str().unwrap().to_owned();
        let mut names = Vec::new();
        while let Some(next) = workflow[&at]["on_completion"].as_str() {
            names.extend(workflow[&at]["name"].as_str().map(str::to_owned));
            at = next.to_owned();
        }
        assert_eq!(
            (names, &workflow[&at]["type"]),
            (vec!["a".to_owned(), "b".to_owned()], &Value::from("end"))
        );
        for step in workflow.values().filter(|step| step["type"] == "action") {
            assert!(
                book["agent_definitions"]
                    .get(step["agent"].as_str().unwrap())
                    .is_some()
            );
            assert_eq!(step["commands"][0]["type"], "manual");
        }
    }

    #[test]
    fn ids_have_the_form_of_a_uuid() {
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        assert_eq!(uuid(digest, 10), "01234567-89ab-8cde-8f01-23456780000a");
    }
}
