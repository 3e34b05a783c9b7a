//! Firewalls, hypervisors and the service desk.

use cordon_model::Value;
use serde_json::json;

use crate::{
    SECRET,
    mock::{Asked, Said, World, say},
};

pub(super) fn fortigate_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.header("authorization") != format!("Bearer {SECRET}") {
        return say(401, "");
    }
    let banned = "/api/v2/monitor/user/banned";
    let vdom = "?vdom=our-vdom";
    if asked.is("GET", &format!("{banned}{vdom}")) {
        let list = world.state["banned"].as_array().unwrap().iter();
        let list: Vec<Value> = list
            .map(|ip| json!({"ip_address": ip, "cause": "manual"}))
            .collect();
        return say(
            200,
            json!({"results": list, "status": "success"}).to_string(),
        );
    }
    if asked.method == "GET"
        && asked
            .path
            .starts_with("/api/v2/monitor/firewall/session?vdom=our-vdom&count=")
    {
        let from = asked.path.split("source=").nth(1).unwrap_or_default();
        let sessions = world.state["sessions"].as_array().unwrap().iter();
        let open: Vec<Value> = sessions
            .filter(|ip| **ip == from)
            .map(|ip| json!({"saddr": ip, "dport": 445}))
            .collect();
        let body = json!({"results": {"details": open}, "status": "success"});
        return say(200, body.to_string());
    }
    world.change(|state| {
        let asked_for = asked.json()["ip_addresses"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let list = state["banned"].as_array_mut().unwrap();
        list.retain(|ip| !asked_for.contains(ip));
        if asked.is("POST", &format!("{banned}/add_users{vdom}")) {
            list.extend(asked_for.clone());
            let sessions = state["sessions"].as_array_mut().unwrap();
            sessions.retain(|ip| !asked_for.contains(ip));
        } else if !asked.is("POST", &format!("{banned}/clear_users{vdom}")) {
            return say(404, "");
        }
        say(200, r#"{"status":"success"}"#)
    })
}

pub(super) fn vcenter_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.is("POST", "/api/session") {
        // "our-user:" and the secret, in Base64.
        let right = asked.header("authorization") == "Basic b3VyLXVzZXI6czNjcjN0LW9mLXRoZS1zaXRl";
        return if right {
            say(201, r#""sess10n""#)
        } else {
            say(401, "{}")
        };
    }
    if asked.header("vmware-api-session-id") != "sess10n" {
        return say(401, "{}");
    }
    let (nic, power) = (
        "/api/vcenter/vm/vm-42/hardware/ethernet/4000",
        "/api/vcenter/vm/vm-42/power",
    );
    if asked.is("GET", nic) {
        return say(200, json!({"state": world.state["nic"]}).to_string());
    }
    if asked.is("GET", power) {
        return say(200, json!({"state": world.state["power"]}).to_string());
    }
    world.change(|state| {
        let (key, next) = match asked.path.as_str() {
            path if path == format!("{nic}?action=disconnect") => ("nic", "NOT_CONNECTED"),
            path if path == format!("{nic}?action=connect") => ("nic", "CONNECTED"),
            path if path == format!("{power}?action=suspend") => ("power", "SUSPENDED"),
            path if path == format!("{power}?action=start") => ("power", "POWERED_ON"),
            _ => return say(404, "{}"),
        };
        if state[key] == next {
            return say(400, r#"{"error_type":"ALREADY_IN_DESIRED_STATE"}"#);
        }
        state[key] = next.into();
        say(204, "")
    })
}

pub(super) fn servicenow_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.header("authorization") != "Basic b3VyLXVzZXI6czNjcjN0LW9mLXRoZS1zaXRl" {
        return say(
            401,
            r#"{"error":{"message":"User Not Authenticated"},"status":"failure"}"#,
        );
    }
    let record = "/api/now/table/sys_user/s1";
    if asked.method == "GET" && asked.path.starts_with(record) {
        return say(200, json!({"result": world.state}).to_string());
    }
    world.change(|state| {
        if !asked.is("PATCH", record) {
            return say(404, "{}");
        }
        state["locked_out"] = asked.json()["locked_out"].clone();
        say(200, json!({"result": state}).to_string())
    })
}

pub(super) fn panos_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.header("x-pan-key") != SECRET {
        return say(403, r#"<response status="error" code="403"/>"#);
    }
    let member = "%3Cmember%3Ecordon%3C%2Fmember%3E";
    if !asked.is("POST", "/api/") || !asked.body.contains("10.1.2.3") {
        return say(400, r#"<response status="error" code="17"/>"#);
    }
    if asked.body.contains("%3Cshow%3E%3Csession%3E") {
        let open = "<entry><source>10.1.2.3</source></entry>";
        let count = usize::try_from(world.state["sessions"].as_i64().unwrap()).unwrap();
        let open = open.repeat(count);
        return say(
            200,
            format!(r#"<response status="success"><result>{open}</result></response>"#),
        );
    }
    if asked.body.contains("%3Cclear%3E%3Csession%3E") {
        return world.change(|state| {
            state["sessions"] = 0.into();
            say(200, r#"<response status="success"/>"#)
        });
    }
    if asked.body.contains("type=op") {
        let tags = world.state["tags"].as_array().unwrap().iter();
        let tags: String = tags
            .map(|tag| format!("<member>{}</member>", tag.as_str().unwrap()))
            .collect();
        return say(
            200,
            format!(r#"<response status="success"><result><tag>{tags}</tag></result></response>"#),
        );
    }
    world.change(|state| {
        let tags = if asked.body.contains("%3Cregister%3E") && asked.body.contains(member) {
            json!(["cordon"])
        } else {
            json!([])
        };
        state["tags"] = tags;
        say(200, r#"<response status="success"/>"#)
    })
}
