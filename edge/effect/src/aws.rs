//! Amazon Web Services: keys, people, sessions of roles, and the network of machines.
//!
//! These APIs sign each request and answer in XML, and a machine's security groups are a list that must be put
//! back whole, so that this is code and not a definition. What denies is a policy of our own by name: nothing
//! that others wrote is touched. Absent on purpose: connections that a security group already let through,
//! which go on until they end by themselves.

use std::time::{Duration, Instant};

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Evidence, Means, Patience, Reversal, Standing,
};
use cordon_model::{StepKind, Timestamp, Value};
use serde_json::json;

use crate::{Connector, Job, Site, http::Failed};
use api::Api;

mod api;
mod signature;

/// The policy that denies a person everything.
const DENY_POLICY: &str = "CordonDeny";

/// The policy that denies a role's sessions from before; the console calls its own otherwise.
const OLDER_POLICY: &str = "CordonDenyOlderSessions";

/// IAM is copied to all regions within seconds, usually.
const PATIENCE: Patience = Patience {
    send_ms: 5_000,
    answer_ms: 20_000,
    land_ms: 60_000,
    effect_ms: 300_000,
};

/// The connector.
pub struct Aws {
    api: Api,
    digest: Digest,
}

/// What it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// The target, a key's id, is made inactive; `user` is whose.
    DeactivateKey,
    /// The target, a user's name, is denied everything.
    DenyUser,
    /// Sessions of the target, a role's name, that were begun before now are denied everything.
    DenyOlderSessions,
    /// The target, an instance's id, gets `group` as its only security group.
    Quarantine,
}

impl Action {
    const ALL: [Self; 4] = [
        Self::DeactivateKey,
        Self::DenyUser,
        Self::DenyOlderSessions,
        Self::Quarantine,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::DeactivateKey => "deactivate-key",
            Self::DenyUser => "deny-user",
            Self::DenyOlderSessions => "deny-older-sessions",
            Self::Quarantine => "quarantine",
        }
    }

    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::DeactivateKey => &["revoke-cloud-keys"],
            Self::DenyUser => &["disable-account"],
            Self::DenyOlderSessions => &["revoke-sessions"],
            Self::Quarantine => &["isolate-host", "quarantine-device"],
        }
    }

    /// What must stand beside the target.
    fn parameter(self) -> Option<&'static str> {
        match self {
            Self::DeactivateKey => Some("user"),
            Self::Quarantine => Some("group"),
            Self::DenyUser | Self::DenyOlderSessions => None,
        }
    }

    fn of(name: Option<&str>, kind: &StepKind) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        match name {
            Some(name) => all.find(|action| action.name() == name),
            None => all.find(|action| action.kinds().contains(&kind.as_str())),
        }
    }
}

/// An effect as this connector understands it.
struct Task<'e> {
    action: Action,
    target: &'e str,
    /// What stands beside the target, or nothing.
    beside: &'e str,
    until: Instant,
}

impl<'e> Task<'e> {
    fn of(effect: &'e Effect) -> Result<Self, Failed> {
        let action = Action::of(Some(&effect.action), &effect.kind);
        let refused = |why| Failed::Refused { why };
        let action =
            action.ok_or_else(|| refused(format!("`aws` has no action `{}`", effect.action)))?;
        Ok(Self {
            action,
            target: &effect.target,
            beside: beside(action, &effect.parameters).map_err(refused)?,
            until: Instant::now() + Duration::from_millis(effect.patience.answer_ms),
        })
    }
}

fn beside(action: Action, parameters: &Value) -> Result<&str, String> {
    let Some(key) = action.parameter() else {
        return Ok("");
    };
    let text = parameters.get(key).and_then(Value::as_str);
    text.ok_or_else(|| format!("`{}` needs `{key}: …` beside its target", action.name()))
}

impl Aws {
    /// For one region. `iam` and `ec2` among the settings are addresses other than those of AWS.
    ///
    /// # Errors
    /// What the site does not set.
    pub fn new(region: &str, site: Site) -> Result<Self, String> {
        let settings = serde_json::to_string(&site.settings).unwrap_or_default();
        Ok(Self {
            digest: Digest::of(format!("aws {region}\n{settings}").as_bytes()),
            api: Api::new(region, site)?,
        })
    }

    /// The state of a target, in what this connector sets of it.
    fn state(&self, task: &Task<'_>) -> Result<Value, Failed> {
        let target = task.target;
        match task.action {
            Action::DeactivateKey => {
                let status = self.api.key_status(task.beside, target, task.until)?;
                Ok(json!({ "status": status }))
            }
            Action::DenyUser => {
                let of = [("UserName", target), ("PolicyName", DENY_POLICY)];
                let policy = self.api.policy("GetUserPolicy", &of, task.until)?;
                Ok(json!({ "policy": policy }))
            }
            Action::DenyOlderSessions => {
                let of = [("RoleName", target), ("PolicyName", OLDER_POLICY)];
                let policy = self.api.policy("GetRolePolicy", &of, task.until)?;
                Ok(json!({ "policy": policy }))
            }
            Action::Quarantine => {
                let groups = self.api.groups(target, task.until)?;
                Ok(json!({ "groups": groups }))
            }
        }
    }

    /// Whether a state is the one wanted, given the one before.
    fn is_wanted(task: &Task<'_>, state: &Value, prior: &Value) -> bool {
        match task.action {
            Action::DeactivateKey => *state == json!({ "status": "Inactive" }),
            Action::DenyUser => *state == json!({ "policy": deny() }),
            // Only what denies sessions from before this moment does; an older policy of ours does not.
            Action::DenyOlderSessions => !state["policy"].is_null() && state != prior,
            Action::Quarantine => *state == json!({ "groups": [task.beside] }),
        }
    }

    fn capture(&self, task: &Task<'_>) -> Result<Answer, Failed> {
        let prior = self.state(task)?;
        let already =
            task.action != Action::DenyOlderSessions && Self::is_wanted(task, &prior, &Value::Null);
        Ok(Answer::Captured {
            evidence: self.evidence(task),
            prior,
            already,
        })
    }

    fn evidence(&self, task: &Task<'_>) -> Evidence {
        let mut evidence = Evidence::default();
        if task.action == Action::DeactivateKey {
            match self.api.last_used(task.target, task.until) {
                Ok(used) => evidence.taken.insert("tokens".to_owned(), used),
                Err(failed) => evidence
                    .skipped
                    .insert("tokens".to_owned(), failed.words())
                    .map(Value::from),
            };
        }
        evidence
    }

    /// Puts a target into a state: the one wanted, or the one before.
    fn set(&self, task: &Task<'_>, state: &Value) -> Result<Answer, Failed> {
        let target = task.target;
        match task.action {
            Action::DeactivateKey => {
                let status = state["status"].as_str().unwrap_or("Active");
                let of = [
                    ("UserName", task.beside),
                    ("AccessKeyId", target),
                    ("Status", status),
                ];
                self.api.iam("UpdateAccessKey", &of, task.until)?;
            }
            Action::DenyUser => {
                let of = [("UserName", target), ("PolicyName", DENY_POLICY)];
                let calls = ("PutUserPolicy", "DeleteUserPolicy");
                self.api
                    .set_policy(calls, &of, (&state["policy"], task.until))?;
            }
            Action::DenyOlderSessions => {
                let of = [("RoleName", target), ("PolicyName", OLDER_POLICY)];
                let calls = ("PutRolePolicy", "DeleteRolePolicy");
                self.api
                    .set_policy(calls, &of, (&state["policy"], task.until))?;
            }
            Action::Quarantine => self.api.set_groups(target, &state["groups"], task.until)?,
        }
        Ok(Answer::Accepted)
    }

    fn read_back(&self, task: &Task<'_>, prior: &Value) -> Result<Answer, Failed> {
        let state = self.state(task)?;
        let standing = if Self::is_wanted(task, &state, prior) {
            Standing::AsWanted
        } else if state == *prior {
            Standing::AsBefore
        } else {
            Standing::Other
        };
        Ok(Answer::Stands { standing, state })
    }
}

/// The state that a task wants.
fn wanted(task: &Task<'_>) -> Value {
    match task.action {
        Action::DeactivateKey => json!({ "status": "Inactive" }),
        Action::DenyUser => json!({ "policy": deny() }),
        Action::DenyOlderSessions => json!({ "policy": deny_older(Timestamp::now()) }),
        Action::Quarantine => json!({ "groups": [task.beside] }),
    }
}

fn deny() -> Value {
    let all = json!({ "Sid": "Cordon", "Effect": "Deny", "Action": "*", "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [all] })
}

fn deny_older(now: Timestamp) -> Value {
    let before =
        json!({ "aws:TokenIssueTime": now.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string() });
    let older = json!({
        "Sid": "Cordon",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": { "DateLessThan": before },
    });
    json!({ "Version": "2012-10-17", "Statement": [older] })
}

impl Connector for Aws {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        let action = Action::of(asked.action, asked.kind).ok_or_else(|| {
            let known: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
            let wanted = asked.action.unwrap_or(asked.kind.as_str());
            format!(
                "it has no action for `{wanted}`; known: {}",
                known.join(", ")
            )
        })?;
        beside(action, asked.parameters)?;
        Ok(Ability {
            action: action.name().to_owned(),
            reversal: Reversal::Undo,
            patience: PATIENCE,
        })
    }

    fn means(&self, action: &str) -> Means {
        let action = Action::ALL.into_iter().find(|one| one.name() == action);
        action.map_or(Means::Own, |action| Means::of(action.kinds()))
    }

    fn call(&self, job: Job<'_>) -> Answer {
        let answered = Task::of(job.effect).and_then(|task| match job.act {
            Act::Capture => self.capture(&task),
            Act::Do => self.set(&task, &wanted(&task)),
            Act::ReadBack => self.read_back(&task, job.prior),
            Act::Probe => Ok(Answer::CannotTell {
                why: "nobody has given Cordon what was cut off, to try it".to_owned(),
            }),
            Act::Undo => self.set(&task, job.prior),
        });
        answered.unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let task = match Task::of(effect) {
            Ok(task) => task,
            Err(failed) => return vec![failed.words()],
        };
        let (target, beside) = (task.target, task.beside);
        let (read, act, undo) = match task.action {
            Action::DeactivateKey => (
                format!("ListAccessKeys of user {beside}"),
                format!("UpdateAccessKey {target} of user {beside}, Inactive"),
                "UpdateAccessKey, its status before".to_owned(),
            ),
            Action::DenyUser => (
                format!("GetUserPolicy {DENY_POLICY} of user {target}"),
                format!("PutUserPolicy {DENY_POLICY} of user {target}: {}", deny()),
                "DeleteUserPolicy, or the policy before".to_owned(),
            ),
            Action::DenyOlderSessions => (
                format!("GetRolePolicy {OLDER_POLICY} of role {target}"),
                format!(
                    "PutRolePolicy {OLDER_POLICY} of role {target}: deny all to sessions begun before now"
                ),
                "DeleteRolePolicy, or the policy before".to_owned(),
            ),
            Action::Quarantine => (
                format!("DescribeInstanceAttribute groupSet of {target}"),
                format!("ModifyInstanceAttribute of {target}: {beside} as its only security group"),
                "ModifyInstanceAttribute, its groups before".to_owned(),
            ),
        };
        vec![
            format!("read: {read}"),
            format!("do: {act}"),
            format!("undo: {undo}"),
        ]
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}
