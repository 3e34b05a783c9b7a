//! A plan as a CACAO 2.0 playbook, for orchestrators.
//!
//! Stages come one after another, what is of one stage side by side; each play is done, then looked at, and told to a person where it does
//! not hold. The way back is a chain of steps of its own, in reverse order: it is the handler of exceptions, and where whoever wants
//! to take everything back begins. Invariants: the same plan and moment give the same bytes; every step that is named exists and is reached; every
//! branch ends in an end of its own; no UUID stands for two things; a variable that is used is defined. Absent on purpose: secrets, for which there are variables, and
//! approval, which a playbook cannot show.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cordon_model::Timestamp;
use serde_json::{Map, Value, json};

use super::{uuid::uuid, v1::document};

/// One thing of a plan that is done to one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Which step, and what it is done to.
    pub name: String,
    /// What is to be known of it.
    pub about: String,
    /// Plays of a stage go side by side, after those of earlier ones.
    pub stage: u32,
    /// To see how it stands.
    pub reads: Vec<PlayCommand>,
    /// To do it.
    pub does: Vec<PlayCommand>,
    /// To take it back; none if it only goes forward.
    pub undoes: Vec<PlayCommand>,
}

/// One command of a play. A variable in it is written `__name__:value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlayCommand {
    /// What a person does.
    Manual(String),
    /// A request.
    Http {
        /// `GET`, `POST`, …
        method: String,
        /// Where.
        url: String,
        /// By name.
        headers: Vec<(String, String)>,
        /// What it carries.
        body: Option<String>,
    },
    /// A command of a shell.
    Shell {
        /// By SSH there: the name or address, the port and the account; on the orchestrator's machine if none.
        machine: Option<(String, u16, String)>,
        /// What.
        command: String,
    },
}

/// Where a playbook is from.
#[derive(Debug, Clone, Copy)]
pub struct PlaybookOrigin<'o> {
    /// The estate.
    pub estate: &'o str,
    /// The SHA-256 of the plan's bytes in hexadecimal digits.
    pub digest: &'o str,
    /// When it is made.
    pub created: Timestamp,
}

/// A plan as a CACAO playbook.
pub fn cacao_playbook(plays: &[Play], origin: PlaybookOrigin<'_>) -> String {
    let mut book = Book::of(origin.digest);
    let playbook = book.id("playbook");
    let organization = book.agent("organization", json!({ "name": origin.estate }));
    let identity = book.id("identity");
    let back = book.way_back(plays, &organization);
    let end = book.step("end", json!({}));
    let first = book.stages(plays, &organization, &end);
    let start = book.step("start", json!({ "on_completion": first }));
    let created = format!("{:.3}", origin.created);
    let summary = book.summary();
    let mut playbook = json!({
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": playbook,
        "name": format!("Contain the intrusion at {}", origin.estate),
        "description": format!(
            "The plan with the SHA-256 {}. To take back what was done begin at {back}.", origin.digest
        ),
        "playbook_types": ["mitigation"],
        "playbook_activities": book.activities,
        "playbook_processing_summary": summary,
        "created_by": identity,
        "created": created,
        "modified": created,
        "workflow_start": start,
        "workflow_exception": back,
        "workflow": book.workflow,
        "agent_definitions": book.agents,
    });
    let variables = book.variables();
    if !variables.is_empty() {
        set(&mut playbook, "playbook_variables", variables.into());
    }
    document(&playbook)
}

/// What a variable holds that says whether a play holds.
const HOLDS: &str = "holds";

/// A playbook as it grows.
struct Book<'d> {
    digest: &'d str,
    /// How many identifiers were made.
    made: usize,
    workflow: Map<String, Value>,
    agents: Map<String, Value>,
    /// Agents by what they are.
    known: BTreeMap<String, String>,
    activities: Vec<&'static str>,
}

impl<'d> Book<'d> {
    fn of(digest: &'d str) -> Self {
        Self {
            digest,
            made: 0,
            workflow: Map::new(),
            agents: Map::new(),
            known: BTreeMap::new(),
            activities: Vec::new(),
        }
    }

    fn id(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{what}--{}", uuid(self.digest, self.made))
    }

    /// A step of a type, with an identifier of its own.
    fn step(&mut self, kind: &str, mut step: Value) -> String {
        let id = self.id(kind);
        set(&mut step, "type", kind.into());
        self.workflow.insert(id.clone(), step);
        id
    }

    /// An agent, made once however often it is named.
    fn agent(&mut self, kind: &str, mut agent: Value) -> String {
        set(&mut agent, "type", kind.into());
        let words = agent.to_string();
        if let Some(id) = self.known.get(&words) {
            return id.clone();
        }
        let id = self.id(kind);
        self.known.insert(words, id.clone());
        self.agents.insert(id.clone(), agent);
        id
    }

    /// All stages, of which the last goes on to a step.
    fn stages(&mut self, plays: &[Play], person: &str, after: &str) -> String {
        let mut numbered: BTreeMap<u32, Vec<(usize, &Play)>> = BTreeMap::new();
        for (n, play) in (1..).zip(plays) {
            numbered.entry(play.stage).or_default().push((n, play));
        }
        let mut next = after.to_owned();
        for (_, plays) in numbered.into_iter().rev() {
            next = match plays.as_slice() {
                [one] => self.play(*one, person, &next),
                several => {
                    let branches: Vec<String> = several
                        .iter()
                        .map(|play| {
                            let end = self.step("end", json!({}));
                            self.play(*play, person, &end)
                        })
                        .collect();
                    let both = json!({ "next_steps": branches, "on_completion": next });
                    self.step("parallel", both)
                }
            };
        }
        next
    }

    /// One play: done, looked at, and told where it does not hold. Gives its first step.
    fn play(&mut self, (n, play): (usize, &Play), person: &str, after: &str) -> String {
        let holds = format!("__{HOLDS}_{n}__");
        let told = format!(
            "Tell whoever approved the plan that this does not hold: {}",
            play.name
        );
        let told = vec![PlayCommand::Manual(told)];
        let (good, bad) = (self.step("end", json!({})), self.step("end", json!({})));
        let told = (
            format!("{} does not hold", play.name),
            told,
            "deliver-content",
        );
        let tell = self.action(told, person, &bad);
        let fork = json!({
            "name": format!("Whether {} holds", play.name),
            "condition": format!("{holds}:value = 'true'"),
            "on_true": good,
            "on_false": tell,
            "on_completion": after,
        });
        let fork = self.step("if-condition", fork);
        let mut looks = play.reads.clone();
        looks.push(PlayCommand::Manual(format!(
            "Set {holds} to `true` if it holds: {}",
            play.about
        )));
        let look = self.action(
            (format!("Look at {}", play.name), looks, "scan-system"),
            person,
            &fork,
        );
        self.mark(&look, "out_args", json!([holds]));
        let done = (play.name.clone(), play.does.clone(), "restrict-access");
        let first = self.action(done, person, &look);
        self.mark(&first, "description", play.about.clone().into());
        first
    }

    /// The way back, in reverse order. Gives its first step.
    fn way_back(&mut self, plays: &[Play], person: &str) -> String {
        let mut next = self.step("end", json!({}));
        for play in plays {
            let undo = if play.undoes.is_empty() {
                let words = format!(
                    "Nothing takes this back, it only goes forward: {}",
                    play.name
                );
                vec![PlayCommand::Manual(words)]
            } else {
                play.undoes.clone()
            };
            next = self.action(
                (format!("Take back {}", play.name), undo, "revert-system"),
                person,
                &next,
            );
        }
        next
    }

    fn mark(&mut self, step: &str, key: &str, value: Value) {
        if let Some(step) = self.workflow.get_mut(step) {
            set(step, key, value);
        }
    }

    /// Commands one after another: an action for each row of them that one agent carries out. Gives the first.
    fn action(
        &mut self,
        (name, commands, activity): (String, Vec<PlayCommand>, &'static str),
        person: &str,
        after: &str,
    ) -> String {
        if !self.activities.contains(&activity) {
            self.activities.push(activity);
        }
        let mut rows: Vec<(String, Vec<Value>)> = Vec::new();
        for command in commands {
            let agent = self.agent_of(&command, person);
            let command = written(command, activity);
            match rows.last_mut() {
                Some((last, row)) if *last == agent => row.push(command),
                Some(_) | None => rows.push((agent, vec![command])),
            }
        }
        let mut next = after.to_owned();
        for (agent, commands) in rows.into_iter().rev() {
            let action = json!({ "name": name, "commands": commands, "agent": agent, "on_completion": next });
            next = self.step("action", action);
        }
        next
    }

    fn agent_of(&mut self, command: &PlayCommand, person: &str) -> String {
        match command {
            PlayCommand::Manual(_) => person.to_owned(),
            PlayCommand::Http { url, .. } => {
                let (base, _path) = parted(url);
                self.agent(
                    "http-api",
                    json!({ "name": base, "address": { "url": [base] } }),
                )
            }
            PlayCommand::Shell { machine: None, .. } => {
                self.agent("linux", json!({ "name": "the orchestrator's machine" }))
            }
            PlayCommand::Shell {
                machine: Some((host, port, user)),
                ..
            } => {
                let key = match host.parse() {
                    Ok(std::net::IpAddr::V4(_)) => "ipv4",
                    Ok(std::net::IpAddr::V6(_)) => "ipv6",
                    Err(_) => "dname",
                };
                let agent = json!({
                    "name": host,
                    "description": format!("as `{user}`, by a key that the orchestrator has"),
                    "address": { key: [host] },
                    "port": port.to_string(),
                });
                self.agent("ssh", agent)
            }
        }
    }

    fn summary(&self) -> Value {
        let steps = || self.workflow.values();
        let has = |kind: &str| steps().any(|step| step["type"] == kind);
        let commands = steps()
            .filter_map(|step| step["commands"].as_array())
            .flatten();
        let mut kinds = commands.map(|command| &command["type"]);
        json!({
            "manual_playbook": kinds.all(|kind| kind == "manual"),
            "parallel_processing": has("parallel"),
            "if_logic": has("if-condition"),
        })
    }

    /// Every variable that is used, defined.
    fn variables(&self) -> Map<String, Value> {
        let mut found = Map::new();
        for step in self.workflow.values() {
            for name in used(step) {
                let (kind, about, outside) = if name.starts_with("__holds_") {
                    ("bool", "Whether a step holds, set by looking at it", false)
                } else if name.starts_with("__before_") {
                    (
                        "string",
                        "What was read of the target before, for taking it back",
                        false,
                    )
                } else {
                    (
                        "string",
                        "A secret, from where the orchestrator keeps it",
                        true,
                    )
                };
                let value = if kind == "bool" {
                    "false".into()
                } else {
                    Value::Null
                };
                let variable = json!({
                    "type": kind, "description": about, "value": value, "external": outside,
                });
                found.insert(name, variable);
            }
        }
        found
    }
}

/// Gives an object a value.
fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value);
    }
}

/// Names of the variables in a step, also within what is in Base64.
fn used(step: &Value) -> Vec<String> {
    let mut text = step.to_string();
    for command in step["commands"].as_array().into_iter().flatten() {
        let body = command["payload_b64"].as_str().unwrap_or_default();
        let body = STANDARD.decode(body).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&body));
    }
    let mut names = Vec::new();
    for (end, _) in text.match_indices("__:value") {
        let before = text.get(..end).unwrap_or_default();
        let other = |c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c);
        let name = before.rsplit(other).next().unwrap_or_default();
        names.push(format!("{name}__"));
    }
    names
}

/// A command as the language writes it.
fn written(command: PlayCommand, activity: &str) -> Value {
    let mut written = match command {
        PlayCommand::Manual(words) => json!({ "type": "manual", "command": words }),
        PlayCommand::Shell { machine, command } => {
            let kind = if machine.is_some() { "ssh" } else { "bash" };
            json!({ "type": kind, "command": command })
        }
        PlayCommand::Http {
            method,
            url,
            headers,
            body,
        } => {
            let (_base, path) = parted(&url);
            let headers: BTreeMap<String, Vec<String>> = headers
                .into_iter()
                .map(|(name, value)| (name, vec![value]))
                .collect();
            let mut request = json!({
                "type": "http-api",
                "command": format!("{method} {path} HTTP/1.1"),
                "headers": headers,
            });
            if let Some(body) = body {
                set(&mut request, "payload_b64", STANDARD.encode(body).into());
            }
            request
        }
    };
    set(&mut written, "playbook_activity", activity.into());
    written
}

/// A URL as its server and its path.
fn parted(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url.get(host..).and_then(|rest| rest.find('/'));
    match path {
        Some(at) => url.split_at(host + at),
        None => (url, "/"),
    }
}

#[cfg(test)]
mod tests;
