//! The services: each a state, how it answers, and what of it a connector may change.

use cordon_model::Value;
use serde_json::json;

use crate::{
    SECRET,
    mock::{Asked, Handler, Said, World, say, silence},
};
use intune::intune_answers;
use network::{fortigate_answers, panos_answers, servicenow_answers, vcenter_answers};

mod intune;
mod network;

/// One action of one connector, and the service that it is tried on.
pub(crate) struct Vendor {
    pub(crate) connector: &'static str,
    pub(crate) action: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) target: &'static str,
    pub(crate) parameters: Value,
    pub(crate) state: Value,
    pub(crate) answer: Handler,
    /// What must be restored of the state.
    pub(crate) truth: fn(&Value) -> Value,
}

fn whole(state: &Value) -> Value {
    state.clone()
}

pub(crate) fn vendors() -> Vec<Vendor> {
    let vendor = |connector, action, kind, target, state, answer| Vendor {
        connector,
        action,
        kind,
        target,
        parameters: Value::Null,
        state,
        answer,
        truth: whole,
    };
    let okta = json!({"status": "ACTIVE", "cleared": 0, "factors": ["sms1", "push1"]});
    let entra = json!({"accountEnabled": true, "validFrom": "2026-01-01T00:00:00Z", "n": 0, "members": ["u1", "u2"], "deviceEnabled": true});
    let intune = json!({"lock": null, "n": 0, "reads": 0, "management": "managed"});
    let disk = json!({"power": "POWERED_ON", "nic": "CONNECTED"});
    vec![
        vendor(
            "okta",
            "suspend-user",
            "disable-account",
            "00u1",
            okta.clone(),
            okta_answers,
        ),
        vendor(
            "okta",
            "end-sessions",
            "revoke-sessions",
            "00u1",
            okta.clone(),
            okta_answers,
        ),
        vendor(
            "okta",
            "reset-factors",
            "reset-factor",
            "00u1",
            okta,
            okta_answers,
        ),
        vendor(
            "entra",
            "disable-user",
            "disable-account",
            "u1",
            entra.clone(),
            entra_answers,
        ),
        vendor(
            "entra",
            "revoke-sessions",
            "revoke-sessions",
            "u1",
            entra.clone(),
            entra_answers,
        ),
        Vendor {
            parameters: json!({"group": "g1"}),
            ..vendor(
                "entra",
                "remove-from-group",
                "remove-from-group",
                "u1",
                entra.clone(),
                entra_answers,
            )
        },
        vendor(
            "entra",
            "disable-device",
            "quarantine-device",
            "dev1",
            entra,
            entra_answers,
        ),
        Vendor {
            // What it last did to a machine stays in its list; whether it is isolated is restored.
            truth: |state| state["isolated"].clone(),
            ..vendor(
                "defender",
                "isolate",
                "isolate-host",
                "m1",
                json!({"isolated": false, "last": null, "reads": 0}),
                defender_answers,
            )
        },
        Vendor {
            truth: |state| state["status"].clone(),
            ..vendor(
                "crowdstrike",
                "contain",
                "isolate-host",
                "d1",
                json!({"status": "normal", "reads": 0}),
                crowdstrike_answers,
            )
        },
        vendor(
            "intune",
            "lock",
            "quarantine-device",
            "d1",
            intune.clone(),
            intune_answers,
        ),
        vendor(
            "intune",
            "retire",
            "force-reenrol",
            "d1",
            intune,
            intune_answers,
        ),
        Vendor {
            truth: |state| state["banned"].clone(),
            ..vendor(
                "fortigate",
                "ban-address",
                "block-address",
                "10.1.2.3",
                json!({"banned": [], "sessions": ["10.1.2.3", "10.1.2.4"]}),
                fortigate_answers,
            )
        },
        Vendor {
            parameters: json!({"adapter": "4000"}),
            ..vendor(
                "vcenter",
                "disconnect-adapter",
                "isolate-host",
                "vm-42",
                disk.clone(),
                vcenter_answers,
            )
        },
        vendor(
            "vcenter",
            "suspend",
            "power-down-host",
            "vm-42",
            disk,
            vcenter_answers,
        ),
        vendor(
            "servicenow",
            "lock-out",
            "disable-account",
            "s1",
            json!({"locked_out": "false"}),
            servicenow_answers,
        ),
        Vendor {
            // Sessions that were ended are made anew by whoever had them.
            truth: |state| state["tags"].clone(),
            parameters: json!({"tag": "cordon"}),
            ..vendor(
                "panos",
                "tag-address",
                "block-address",
                "10.1.2.3",
                json!({"tags": [], "sessions": 2}),
                panos_answers,
            )
        },
    ]
}

fn okta_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.header("authorization") != format!("SSWS {SECRET}") {
        return say(
            401,
            r#"{"errorCode":"E0000011","errorSummary":"Invalid token provided"}"#,
        );
    }
    let user = "/api/v1/users/00u1";
    if asked.is("GET", user) {
        return say(
            200,
            json!({"id": "00u1", "status": world.state["status"]}).to_string(),
        );
    }
    if asked.is("GET", &format!("{user}/grants")) {
        return say(200, r#"[{"id":"grant1"}]"#);
    }
    if asked.method == "GET"
        && asked
            .path
            .starts_with("/api/v1/logs?filter=actor.id%20eq%20%2200u1%22")
    {
        return say(200, r#"[{"uuid":"s1","eventType":"user.session.start"}]"#);
    }
    if asked.is("GET", &format!("{user}/factors")) {
        let factors = world.state["factors"].as_array().unwrap().iter();
        let factors: Vec<Value> = factors.map(|id| json!({"id": id})).collect();
        return say(200, Value::from(factors).to_string());
    }
    if asked.method == "GET"
        && asked
            .path
            .starts_with("/api/v1/logs?filter=eventType%20eq%20%22user.session.clear%22")
    {
        let cleared = world.state["cleared"].as_i64().unwrap();
        let log = if cleared == 0 {
            json!([])
        } else {
            json!([{"uuid": format!("e{cleared}")}])
        };
        return say(200, log.to_string());
    }
    let path = asked.path.clone();
    let wrong = || {
        say(
            403,
            r#"{"errorCode":"E0000001","errorSummary":"Api validation failed: lifecycle"}"#,
        )
    };
    world.change(
        |state| match (asked.method.as_str(), path.strip_prefix(user)) {
            ("POST", Some("/lifecycle/suspend")) if state["status"] == "ACTIVE" => {
                state["status"] = "SUSPENDED".into();
                say(200, "{}")
            }
            ("POST", Some("/lifecycle/unsuspend")) if state["status"] == "SUSPENDED" => {
                state["status"] = "ACTIVE".into();
                say(200, "{}")
            }
            ("DELETE", Some("/sessions?oauthTokens=true")) => {
                state["cleared"] = (state["cleared"].as_i64().unwrap() + 1).into();
                say(204, "")
            }
            ("POST", Some("/lifecycle/reset_factors")) => {
                state["factors"] = json!([]);
                say(200, "{}")
            }
            (_, _) => wrong(),
        },
    )
}

/// A token for the right secret, by client credentials.
fn token(asked: &Asked) -> Said {
    let right = asked.body.contains(&format!("client_secret={SECRET}"))
        && asked.body.contains("grant_type=client_credentials");
    if right {
        say(
            200,
            r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0ken"}"#,
        )
    } else {
        let echo = format!(r#"{{"error":"invalid_client","sent":"{}"}}"#, asked.body);
        say(401, echo)
    }
}

fn bears_token(asked: &Asked) -> bool {
    asked.header("authorization") == "Bearer t0ken"
}

fn entra_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.is("POST", "/our-tenant/oauth2/v2.0/token") {
        return token(asked);
    }
    if !bears_token(asked) {
        return say(401, r#"{"error":{"code":"InvalidAuthenticationToken"}}"#);
    }
    let (user, members) = ("/v1.0/users/u1", "/v1.0/groups/g1/members");
    let device = "/v1.0/devices/dev1";
    if let Some(facts) = entra_facts(asked) {
        let deaf = world.state["deaf"] == true;
        return if deaf { silence() } else { facts };
    }
    if asked.is("GET", &format!("{device}?$select=accountEnabled")) {
        let device = json!({"accountEnabled": world.state["deviceEnabled"]});
        return say(200, device.to_string());
    }
    if asked.is("POST", "/v1.0/directoryObjects/u1/checkMemberGroups") {
        let is_member = world.state["members"]
            .as_array()
            .unwrap()
            .contains(&"u1".into());
        let is_member = is_member || world.state["nested"] == true;
        let asked_for = asked.json()["groupIds"] == json!(["g1"]);
        let found = if is_member && asked_for {
            json!(["g1"])
        } else {
            json!([])
        };
        return say(200, json!({"value": found}).to_string());
    }
    if asked.method == "GET" && asked.path.starts_with(&format!("{user}?$select=")) {
        let state = &world.state;
        let user = json!({
            "id": "u1",
            "accountEnabled": state["accountEnabled"],
            "onPremisesSyncEnabled": null,
            "signInSessionsValidFromDateTime": state["validFrom"],
        });
        return say(200, user.to_string());
    }
    if asked.method == "GET" && asked.path.starts_with(&format!("{members}?")) {
        let ids = world.state["members"].as_array().unwrap().iter();
        let ids: Vec<Value> = ids.map(|id| json!({"id": id})).collect();
        let mut page = json!({"value": ids});
        if world.state["more"] == true {
            page["@odata.nextLink"] = "https://graph.example/next".into();
        }
        return say(200, page.to_string());
    }
    world.change(|state| {
        if asked.is("PATCH", user) {
            state["accountEnabled"] = asked.json()["accountEnabled"].clone();
            say(204, "")
        } else if asked.is("PATCH", device) {
            state["deviceEnabled"] = asked.json()["accountEnabled"].clone();
            say(204, "")
        } else if asked.is("POST", &format!("{user}/revokeSignInSessions")) {
            let n = state["n"].as_i64().unwrap() + 1;
            state["n"] = n.into();
            state["validFrom"] = format!("2026-07-03T12:00:{n:02}Z").into();
            say(200, r#"{"value":true}"#)
        } else if asked.is("DELETE", &format!("{members}/u1/$ref")) {
            let list = state["members"].as_array_mut().unwrap();
            let before = list.len();
            list.retain(|id| id != "u1");
            if list.len() < before {
                say(204, "")
            } else {
                say(404, "{}")
            }
        } else if asked.is("POST", &format!("{members}/$ref")) {
            let list = state["members"].as_array_mut().unwrap();
            if list.iter().any(|id| id == "u1") {
                return say(
                    400,
                    r#"{"error":{"message":"One or more added object references already exist"}}"#,
                );
            }
            list.insert(0, "u1".into());
            say(204, "")
        } else {
            say(404, "{}")
        }
    })
}

/// What is kept before a cut.
fn entra_facts(asked: &Asked) -> Option<Said> {
    let lists = [
        "/v1.0/auditLogs/signIns?$filter=userId%20eq%20'u1'",
        "/v1.0/users/u1/oauth2PermissionGrants",
        "/v1.0/users/u1/transitiveMemberOf?",
    ];
    let asks = lists.iter().any(|list| asked.path.starts_with(list));
    (asked.method == "GET" && asks).then(|| say(200, r#"{"value":[{"id":"f1"}]}"#))
}

/// An action is pending for two readings, then succeeds.
fn defender_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.is("POST", "/our-tenant/oauth2/v2.0/token") {
        return token(asked);
    }
    if !bears_token(asked) {
        return say(401, "{}");
    }
    if asked.method == "GET"
        && asked
            .path
            .starts_with("/api/machineactions?$filter=machineId%20eq%20'm1'")
    {
        let state = &mut world.state;
        if state["last"].is_null() {
            return say(200, r#"{"value":[]}"#);
        }
        let reads = state["reads"].as_i64().unwrap() + 1;
        state["reads"] = reads.into();
        let status = ["Pending", "InProgress"].get(usize::try_from(reads - 1).unwrap());
        if status.is_none() {
            state["isolated"] = (state["last"] == "Isolate").into();
        }
        let action = json!({"type": state["last"], "status": status.unwrap_or(&"Succeeded")});
        return say(200, json!({"value": [action]}).to_string());
    }
    world.change(|state| {
        let action = match asked.path.as_str() {
            "/api/machines/m1/isolate" if asked.json()["IsolationType"] == "Full" => "Isolate",
            "/api/machines/m1/unisolate" => "Unisolate",
            _ => return say(404, "{}"),
        };
        if state["last"] == action {
            return say(400, r#"{"error":{"code":"ActiveRequestAlreadyExists"}}"#);
        }
        state["last"] = action.into();
        state["reads"] = 0.into();
        say(
            201,
            json!({"id": "a1", "type": action, "status": "Pending"}).to_string(),
        )
    })
}

fn crowdstrike_answers(world: &mut World, asked: &Asked) -> Said {
    if asked.is("POST", "/oauth2/token") {
        return token(asked);
    }
    if !bears_token(asked) {
        return say(
            401,
            r#"{"errors":[{"code":401,"message":"access denied"}]}"#,
        );
    }
    if asked.is("GET", "/devices/entities/devices/v2?ids=d1") {
        let state = &mut world.state;
        let shown = state["status"].clone();
        let reads = state["reads"].as_i64().unwrap() + 1;
        state["reads"] = reads.into();
        if reads >= 2 {
            let next = match shown.as_str().unwrap() {
                "containment_pending" => "contained",
                "lift_containment_pending" => "normal",
                same => same,
            };
            state["status"] = next.into();
        }
        let body = json!({"resources": [{"device_id": "d1", "status": shown}], "errors": []});
        return say(200, body.to_string());
    }
    world.change(|state| {
        let ids = asked.json()["ids"] == json!(["d1"]);
        let next = match (asked.path.split('=').nth(1), state["status"].as_str().unwrap()) {
            (Some("contain"), "normal") if ids => "containment_pending",
            (Some("lift_containment"), "contained") if ids => "lift_containment_pending",
            // An error inside an answer that looks good.
            (_, _) => {
                let body = json!({"resources": [], "errors": [{"code": 409, "message": "device is not in a state for it"}]});
                return say(202, body.to_string());
            }
        };
        state["status"] = next.into();
        state["reads"] = 0.into();
        say(202, r#"{"resources":[{"id":"d1"}],"errors":[]}"#)
    })
}
