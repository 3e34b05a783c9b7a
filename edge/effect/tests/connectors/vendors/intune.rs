//! Devices that do what they were told when they next ask.

use cordon_model::Value;
use serde_json::json;

use super::{bears_token, token};
use crate::mock::{Asked, Said, World, say};

pub(super) fn intune_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.is("POST", "/our-tenant/oauth2/v2.0/token") {
        return token(asked);
    }
    if !bears_token(asked) {
        return say(401, r#"{"error":{"code":"InvalidAuthenticationToken"}}"#);
    }
    let device = "/v1.0/deviceManagement/managedDevices/d1";
    if asked.is("GET", &format!("{device}?$select=deviceActionResults")) {
        return say(200, results(&mut world.state).to_string());
    }
    if asked.is("GET", &format!("{device}?$select=managementState")) {
        return say(
            200,
            json!({"managementState": world.state["management"]}).to_string(),
        );
    }
    world.change(|state| {
        if asked.is("POST", &format!("{device}/remoteLock")) {
            let n = state["n"].as_i64().unwrap() + 1;
            state["n"] = n.into();
            state["lock"] = format!("2026-07-03T12:00:{n:02}Z").into();
            state["reads"] = 0.into();
            say(204, "")
        } else if asked.is("POST", &format!("{device}/retire")) && state["management"] == "managed"
        {
            state["management"] = "retirePending".into();
            say(204, "")
        } else {
            say(400, r#"{"error":{"code":"BadRequest"}}"#)
        }
    })
}

/// A lock is pending for two readings; another action stands before it in the list.
fn results(state: &mut Value) -> Value {
    let mut list = vec![json!({"actionName": "syncDevice", "actionState": "done"})];
    if !state["lock"].is_null() {
        let reads = state["reads"].as_i64().unwrap() + 1;
        state["reads"] = reads.into();
        let now = ["pending", "active"].get(usize::try_from(reads - 1).unwrap());
        list.push(json!({
            "actionName": "remoteLock",
            "actionState": now.unwrap_or(&"done"),
            "startDateTime": state["lock"],
        }));
    }
    json!({ "deviceActionResults": list })
}
