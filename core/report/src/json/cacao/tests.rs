//! What the specification asks of a playbook, said again as checks of any playbook.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Play, PlayCommand, PlaybookOrigin, cacao_playbook};

const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn play(name: &str, stage: u32, call: PlayCommand, undo: Option<PlayCommand>) -> Play {
    Play {
        name: name.to_owned(),
        about: format!("Check {name}."),
        stage,
        reads: Vec::new(),
        does: vec![call],
        undoes: undo.into_iter().collect(),
    }
}

fn manual(text: &str) -> PlayCommand {
    PlayCommand::Manual(text.to_owned())
}

fn request(method: &str, body: Option<&str>) -> PlayCommand {
    PlayCommand::Http {
        method: method.to_owned(),
        url: "https://id.example/api/v1/users/a/lifecycle".to_owned(),
        headers: vec![(
            "Authorization".to_owned(),
            "SSWS __okta_token__:value".to_owned(),
        )],
        body: body.map(str::to_owned),
    }
}

fn command(host: Option<&str>) -> PlayCommand {
    PlayCommand::Shell {
        machine: host.map(|host| (host.to_owned(), 22, "cordon".to_owned())),
        command: "nft list ruleset".to_owned(),
    }
}

fn plays() -> Vec<Play> {
    let restored = request("PUT", Some(r#"{"groups": "__before_groups__:value"}"#));
    vec![
        play("a", 0, request("POST", None), Some(restored)),
        play(
            "b",
            0,
            command(Some("10.0.0.1")),
            Some(command(Some("10.0.0.1"))),
        ),
        play("c", 2, manual("Do c"), None),
        play("d", 3, command(None), Some(command(None))),
    ]
}

fn playbook(plays: &[Play]) -> Value {
    let origin = PlaybookOrigin {
        estate: "Northgate",
        digest: DIGEST,
        created: "2026-07-03T12:00:00Z".parse().unwrap(),
    };
    serde_json::from_str(&cacao_playbook(plays, origin)).unwrap()
}

/// `type--UUID` with a UUID of the versions that the language knows.
fn is_id(text: &str, kind: &str) -> bool {
    let Some((of, uuid)) = text.split_once("--") else {
        return false;
    };
    let parts: Vec<&str> = uuid.split('-').collect();
    let digits = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]);
    let hex = uuid.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    of == kind
        && digits
        && hex
        && parts[2].starts_with('4')
        && parts[3].starts_with(['8', '9', 'a', 'b'])
}

/// The steps that a step names.
fn named(step: &Value) -> Vec<&str> {
    let keys = [
        "on_completion",
        "on_success",
        "on_failure",
        "on_true",
        "on_false",
    ];
    let one = keys.iter().filter_map(|key| step[*key].as_str());
    let many = step["next_steps"].as_array().into_iter().flatten();
    one.chain(many.filter_map(Value::as_str)).collect()
}

/// Everything that sections 3, 4, 5, 7 and 10 of CACAO 2.0 demand of what is used here.
fn check(book: &Value) {
    for key in [
        "name",
        "created_by",
        "created",
        "modified",
        "workflow_start",
        "workflow",
    ] {
        assert!(!book[key].is_null(), "{key}");
    }
    assert_eq!(
        (&book["type"], &book["spec_version"]),
        (&"playbook".into(), &"cacao-2.0".into())
    );
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    assert!(is_id(&text(&book["id"]), "playbook") && is_id(&text(&book["created_by"]), "identity"));
    assert_eq!(book["created"], "2026-07-03T12:00:00.000Z");
    let (workflow, agents) = (
        book["workflow"].as_object().unwrap(),
        book["agent_definitions"].as_object().unwrap(),
    );
    let mut uuids: BTreeSet<&str> = BTreeSet::new();
    for (id, object) in workflow.iter().chain(agents) {
        assert!(
            is_id(id, object["type"].as_str().unwrap()),
            "{id}: {object}"
        );
        assert!(uuids.insert(id.split_once("--").unwrap().1), "{id} twice");
    }
    check_agents(book);
    check_steps(book);
    check_variables(book);
    check_branches(book);
}

/// Each goes on to steps that exist, and what the playbook says that it does is what its steps do.
fn check_steps(book: &Value) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (workflow, agents) = (
        book["workflow"].as_object().unwrap(),
        book["agent_definitions"].as_object().unwrap(),
    );
    let activities: BTreeSet<String> = book["playbook_activities"]
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .collect();
    let mut shown = BTreeSet::new();
    for step in workflow.values() {
        let kind = step["type"].as_str().unwrap();
        assert_eq!(named(step).is_empty(), kind == "end", "{step}");
        for next in named(step) {
            assert!(workflow.contains_key(next), "{next} is nowhere");
        }
        match kind {
            "action" => {
                assert!(
                    agents.contains_key(step["agent"].as_str().unwrap()),
                    "{step}"
                );
                for command in step["commands"].as_array().unwrap() {
                    shown.insert(text(&command["playbook_activity"]));
                    check_command(command, &agents[step["agent"].as_str().unwrap()]);
                }
            }
            "parallel" => assert!(step["next_steps"].as_array().unwrap().len() > 1, "{step}"),
            "if-condition" => assert!(step["condition"].is_string() && step["on_true"].is_string()),
            "start" | "end" => {}
            other => panic!("a step of type {other}"),
        }
    }
    assert_eq!(
        activities, shown,
        "each activity is a step's and each step's is listed"
    );
    assert!(
        !activities.is_empty(),
        "a playbook with types has activities"
    );
}

/// Each has a name, and those that are reached over a network an address.
fn check_agents(book: &Value) {
    let agents = book["agent_definitions"].as_object().unwrap();
    for agent in agents.values() {
        assert!(agent["name"].is_string(), "{agent}");
        let needs_address = ["http-api", "ssh"].contains(&agent["type"].as_str().unwrap());
        assert_eq!(agent["address"].is_object(), needs_address, "{agent}");
    }
}

/// Command and agent fit, and each has what its type needs.
fn check_command(command: &Value, agent: &Value) {
    let wanted = match command["type"].as_str().unwrap() {
        "manual" => "organization",
        "http-api" => {
            let line = command["command"].as_str().unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            assert!(
                words.len() == 3 && words[1].starts_with('/') && words[2] == "HTTP/1.1",
                "{line}"
            );
            let headers = command["headers"].as_object().unwrap();
            assert!(headers.values().all(Value::is_array), "{command}");
            "http-api"
        }
        "ssh" => "ssh",
        "bash" => "linux",
        other => panic!("a command of type {other}"),
    };
    assert_eq!(agent["type"], wanted, "{command}");
    assert!(command["command"].is_string());
}

/// What is used is defined, under a name that is one.
fn check_variables(book: &Value) {
    let used: BTreeSet<String> = book["workflow"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(super::used)
        .collect();
    let none = serde_json::Map::new();
    let defined = book["playbook_variables"].as_object().unwrap_or(&none);
    let names: BTreeSet<String> = defined.keys().cloned().collect();
    assert_eq!(used, names);
    for (name, variable) in defined {
        let inner = name
            .strip_prefix("__")
            .and_then(|name| name.strip_suffix("__"))
            .unwrap();
        assert!(
            inner.starts_with(|c: char| c.is_ascii_alphabetic()),
            "{name}"
        );
        assert!(variable["type"].is_string(), "{variable}");
    }
}

/// Every step is reached from the start or from the handler of exceptions, once, and each branch has an end of its own.
fn check_branches(book: &Value) {
    let workflow = &book["workflow"];
    let mut reached = BTreeSet::new();
    let begins = ["workflow_start", "workflow_exception"];
    let mut waiting: Vec<&str> = begins.map(|key| book[key].as_str().unwrap()).to_vec();
    while let Some(at) = waiting.pop() {
        assert!(reached.insert(at), "{at} is reached twice");
        waiting.extend(named(&workflow[at]));
    }
    assert_eq!(
        reached.len(),
        workflow.as_object().unwrap().len(),
        "a step that nobody reaches"
    );
}

#[test]
fn a_playbook_is_as_the_specification_asks() {
    check(&playbook(&plays()));
    for n in 0..4 {
        check(&playbook(&plays()[n..]));
    }
}

#[test]
fn what_is_of_one_stage_goes_side_by_side_and_the_way_back_in_reverse() {
    let book = playbook(&plays());
    let workflow = &book["workflow"];
    let begin = &workflow[book["workflow_start"].as_str().unwrap()];
    let first = &workflow[begin["on_completion"].as_str().unwrap()];
    assert_eq!(first["type"], "parallel");
    let names = |step: &Value| workflow[step.as_str().unwrap()]["name"].clone();
    let both: Vec<Value> = first["next_steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(names)
        .collect();
    assert_eq!(both, ["a", "b"]);
    assert_eq!(names(&first["on_completion"]), "c");
    let mut back = Vec::new();
    let mut at = book["workflow_exception"].as_str().unwrap();
    while let Some(next) = workflow[at]["on_completion"].as_str() {
        back.push(workflow[at]["name"].as_str().unwrap());
        at = next;
    }
    assert_eq!(
        back,
        ["Take back d", "Take back c", "Take back b", "Take back a"]
    );
    assert_eq!(
        book["playbook_processing_summary"]["manual_playbook"],
        false
    );
}

#[test]
fn secrets_and_what_was_before_are_variables() {
    let book = playbook(&plays());
    let variables = &book["playbook_variables"];
    assert_eq!(variables["__okta_token__"]["external"], true);
    assert_eq!(variables["__before_groups__"]["external"], false);
    assert_eq!(variables["__holds_1__"]["value"], "false");
}
