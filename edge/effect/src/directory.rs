//! Accounts and groups of an Active Directory, or of Samba as one, over LDAPS.
//!
//! Each action owns one attribute, and of `userAccountControl` one bit; the undo writes back what was
//! captured of that and reads the rest anew. Invariants: nothing is changed that reads as wanted already,
//! since directories refuse some repetitions; Cordon's own account is never touched; a new password is known to nobody. Absent on
//! purpose: sessions that are open already, which a directory does not end; further domain controllers, to which the change has to be copied.

use std::{sync::Arc, time::SystemTime};

use cordon_act::{Ability, Act, Answer, Asked, Digest, Effect, Means, Patience, Standing};
use cordon_model::Value;
use rustls::ClientConfig;

use crate::{
    Connector, Job, Secret, evidence,
    http::Failed,
    ldap::{Change, Entry, Operation, Server, Session},
};
use action::Action;
use rotation::Rotation;

mod action;
mod password;
mod rotation;

/// Read before an account is cut off: who it is, and how it was used.
const EVIDENCE: [&str; 6] = [
    "objectSid",
    "sAMAccountName",
    "userPrincipalName",
    "lastLogon",
    "pwdLastSet",
    "whenChanged",
];

/// How to reach a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryServer {
    /// A domain controller, as its certificate names it.
    pub host: String,
    /// Its port for LDAPS.
    pub port: u16,
    /// Who Cordon is there, as `cordon@northgate.example`.
    pub user: String,
}

/// An Active Directory.
pub struct ActiveDirectory {
    server: Server,
    digest: Digest,
}

impl ActiveDirectory {
    /// The directory behind one of its domain controllers.
    ///
    /// # Errors
    /// When the certificates that the site names are none.
    pub fn new(
        server: DirectoryServer,
        password: Secret,
        ca_pem: Option<&str>,
    ) -> Result<Self, String> {
        let digest = Digest::of(format!("active-directory {server:?}").as_bytes());
        let tls: Arc<ClientConfig> = crate::tls::client(ca_pem)?;
        let DirectoryServer { host, port, user } = server;
        let server = Server {
            host,
            port,
            user,
            password,
            tls,
        };
        Ok(Self { server, digest })
    }

    fn capture(&self, action: Action, job: &Job<'_>) -> Result<Answer, Failed> {
        let mut session = self.server.session(job.effect.patience.answer_ms)?;
        let target = &job.effect.target;
        let about = session.read(target, &EVIDENCE, None)?.unwrap_or_default();
        self.keeps_us(&about)?;
        let state = state(&mut session, action, job.effect)?;
        if let Some(why) = action.unfit(&state) {
            return Err(Failed::Refused { why });
        }
        Ok(Answer::Captured {
            already: action.is_wanted(&state, None),
            prior: state,
            evidence: evidence::taken("account", told(&about)),
        })
    }

    /// Refuses to cut off the account that would have to undo it.
    fn keeps_us(&self, about: &Entry) -> Result<(), Failed> {
        let own = self.server.user.to_lowercase();
        let name = own.split('@').next().unwrap_or_default();
        let name = name.rsplit('\\').next().unwrap_or_default();
        let is = |attribute: &str, wanted: &str| {
            let value = text(about, attribute);
            value.is_some_and(|value| value.to_lowercase() == wanted)
        };
        if is("samaccountname", name) || is("userprincipalname", &own) {
            let why = format!("it is `{own}`, who Cordon is there: nobody could take it back");
            return Err(Failed::Refused { why });
        }
        Ok(())
    }

    fn act(&self, action: Action, job: &Job<'_>) -> Result<Answer, Failed> {
        let mut session = self.server.session(job.effect.patience.answer_ms)?;
        if action == Action::RotateKrbtgt {
            return rotate(&mut session, job);
        }
        let now = state(&mut session, action, job.effect)?;
        let changes = if job.act == Act::Undo {
            action.undo(&now, job.prior)?
        } else {
            action.done(&now)?
        };
        let dn = action.entry(job.effect);
        for changes in changes {
            session.modify(dn, &[filled(changes, job.effect)])?;
        }
        Ok(Answer::Accepted)
    }

    fn read_back(&self, action: Action, job: &Job<'_>) -> Result<Answer, Failed> {
        let mut session = self.server.session(job.effect.patience.answer_ms)?;
        let state = state(&mut session, action, job.effect)?;
        let standing = if action == Action::RotateKrbtgt {
            rotation(&job.effect.parameters)?.standing(&state, job.prior, SystemTime::now())
        } else if action.is_wanted(&state, Some(job.prior)) {
            Standing::AsWanted
        } else if action.is_restored(&state, job.prior) {
            Standing::AsBefore
        } else {
            Standing::Other
        };
        Ok(Answer::Stands { standing, state })
    }

    fn try_call(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let action = Action::named(&job.effect.action).ok_or_else(|| Failed::Refused {
            why: format!("it has no action `{}`", job.effect.action),
        })?;
        match job.act {
            Act::Capture => self.capture(action, job),
            Act::Do | Act::Undo => self.act(action, job),
            Act::ReadBack => self.read_back(action, job),
            Act::Probe => Ok(Answer::CannotTell {
                why: action.untried().to_owned(),
            }),
        }
    }
}

/// Every reset that is due: one, unless there is no wait between them.
fn rotate(session: &mut Session<'_>, job: &Job<'_>) -> Result<Answer, Failed> {
    let rotation = rotation(&job.effect.parameters)?;
    let action = Action::RotateKrbtgt;
    for _ in 0..rotation.resets {
        let now = state(session, action, job.effect)?;
        if !rotation.is_due(&now, job.prior, SystemTime::now()) {
            break;
        }
        session.modify(&job.effect.target, &action.done(&now)?)?;
    }
    Ok(Answer::Accepted)
}

fn rotation(parameters: &Value) -> Result<Rotation, Failed> {
    Rotation::of(parameters).map_err(|why| Failed::Refused { why })
}

/// What an action's attribute holds.
fn state(session: &mut Session<'_>, action: Action, effect: &Effect) -> Result<Value, Failed> {
    let member = effect.target.as_bytes();
    let having = (action == Action::RemoveFromGroup).then_some(("member", member));
    let entry = session.read(action.entry(effect), action.attributes(), having)?;
    Ok(action.state(entry.as_ref()))
}

/// A change of a membership needs to know whose.
fn filled(change: Change, effect: &Effect) -> Change {
    if change.attribute == "member" && change.values.is_empty() {
        let values = vec![effect.target.clone().into_bytes()];
        return Change { values, ..change };
    }
    change
}

/// The first value of an attribute, as text.
fn text(entry: &Entry, attribute: &str) -> Option<String> {
    let value = entry.get(attribute)?.first()?;
    String::from_utf8(value.clone()).ok()
}

/// Attributes as evidence; bytes that are no text as hexadecimal.
fn told(entry: &Entry) -> Value {
    let pairs = entry.iter().filter_map(|(name, values)| {
        let value = values.first()?;
        let text = match std::str::from_utf8(value) {
            Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
            Ok(_) | Err(_) => action::hex(value),
        };
        Some((name.clone(), Value::from(text)))
    });
    Value::Object(pairs.collect())
}

impl Connector for ActiveDirectory {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        let action = match asked.action {
            Some(name) => Action::named(name),
            None => Action::of_kind(asked.kind.as_str()),
        };
        let action = action.ok_or_else(|| {
            let asked = asked.action.unwrap_or(asked.kind.as_str());
            format!("it has no action for `{asked}`; known: {}", Action::names())
        })?;
        if action == Action::RemoveFromGroup
            && asked
                .parameters
                .get("group")
                .and_then(Value::as_str)
                .is_none()
        {
            return Err(
                "expected `group` beside the target, the group's distinguished name".to_owned(),
            );
        }
        let waits_ms = if action == Action::RotateKrbtgt {
            Rotation::of(asked.parameters)?.waits_ms()
        } else {
            0
        };
        Ok(Ability {
            action: action.name().to_owned(),
            reversal: action.reversal(),
            patience: Patience {
                answer_ms: 10_000,
                // A directory answers what it has done; what hangs in a queue is gone by then.
                land_ms: 10_000,
                effect_ms: waits_ms.saturating_add(120_000),
                ..Patience::default()
            },
        })
    }

    fn means(&self, action: &str) -> Means {
        Action::named(action).map_or(Means::Own, |action| Means::of(action.kinds()))
    }

    fn call(&self, job: Job<'_>) -> Answer {
        self.try_call(&job).unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let host = &self.server.host;
        match Action::named(&effect.action) {
            None => vec![format!("no action `{}`", effect.action)],
            Some(action) => {
                let dn = action.entry(effect);
                let (done, undone) = action.words();
                let often = Rotation::of(&effect.parameters)
                    .ok()
                    .filter(|_| action == Action::RotateKrbtgt)
                    .map(|r| format!(", {} times, {} s apart", r.resets, r.wait.as_secs()))
                    .unwrap_or_default();
                vec![
                    format!(
                        "read: ldaps://{host} {dn}: {}",
                        action.attributes().join(", ")
                    ),
                    format!("do: ldaps://{host} {dn}: {done}{often}"),
                    format!("undo: ldaps://{host} {dn}: {undone}"),
                ]
            }
        }
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}
