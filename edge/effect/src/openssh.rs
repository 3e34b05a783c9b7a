//! Logins by OpenSSH: an account is denied and its sessions end, on this machine or by SSH.
//!
//! Denying alone leaves sessions open, and ending them alone lets the intruder sign in again, so that both are one effect:
//! first the file that denies, then the reload, then the sessions. Invariants: a configuration that
//! the server would not start with is taken back before it is loaded; Cordon's own account is never
//! denied; the undo takes away the file that was added and changes no other. Absent on
//! purpose: processes that a session left behind.

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Means, Patience, Reversal, Standing,
};
use cordon_model::Value;
use serde_json::json;

use crate::{
    Connector, Job, Shell, Spoken, connector::action, evidence, http::Failed, shell::Told,
};

/// The one thing that it does.
const DENY: &str = "deny-user";

/// The text that is run; the other side's `sh` reads it from its standard input.
const SCRIPT: &str = include_str!("openssh/deny.sh");

/// An SSH server that reads further files of configuration from a folder.
#[derive(Debug)]
pub struct OpenSsh {
    shell: Shell,
    server: OpenSshServer,
    digest: Digest,
}

/// How the server of a machine is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSshServer {
    /// The main file of its configuration.
    pub config: String,
    /// The folder that it includes.
    pub folder: String,
    /// What makes it read its configuration again: a command, or nothing for a signal to the process in `pid_file`.
    pub reload: Vec<String>,
    /// The file with its process's number.
    pub pid_file: String,
}

impl Default for OpenSshServer {
    /// As Debian and its kin have it.
    fn default() -> Self {
        Self {
            config: "/etc/ssh/sshd_config".to_owned(),
            folder: "/etc/ssh/sshd_config.d".to_owned(),
            reload: Vec::new(),
            pid_file: "/run/sshd.pid".to_owned(),
        }
    }
}

impl OpenSsh {
    /// The server of the machine behind a shell.
    pub fn new(shell: Shell, server: OpenSshServer) -> Self {
        let digest = Digest::of(format!("openssh {shell:?} {server:?}").as_bytes());
        Self {
            shell,
            server,
            digest,
        }
    }

    /// What the script is asked.
    fn words<'w>(&'w self, part: &'w str, user: &'w str) -> Vec<&'w str> {
        let server = &self.server;
        let mut words = vec![
            part,
            user,
            &*server.config,
            &*server.folder,
            &*server.pid_file,
        ];
        words.extend(server.reload.iter().map(String::as_str));
        words
    }

    fn run(&self, part: &str, user: &str, job: &Job<'_>) -> Result<Told, Failed> {
        let words = self.words(part, user);
        let wait_ms = job.effect.patience.answer_ms;
        self.shell.script(SCRIPT, &words, wait_ms)
    }

    /// What is denied, apart from how many sessions are open.
    fn denied(&self, user: &str, job: &Job<'_>) -> Result<Seen, Failed> {
        let told = self.run("look", user, job)?;
        Ok(Seen {
            file: told.first("file") == "yes",
            denied: told.first("denied") == "yes",
            sessions: told.all("session"),
        })
    }

    fn capture(&self, user: &str, job: &Job<'_>) -> Result<Answer, Failed> {
        if self.shell.ssh.as_ref().is_some_and(|ssh| ssh.user == user) {
            let why = format!("`{user}` is who Cordon is there: nobody could take it back");
            return Err(Failed::Refused { why });
        }
        let seen = self.denied(user, job)?;
        Ok(Answer::Captured {
            prior: seen.state(),
            already: seen.denied && seen.sessions.is_empty(),
            evidence: evidence::lines("sessions", seen.sessions),
        })
    }

    fn read_back(&self, user: &str, job: &Job<'_>) -> Result<Answer, Failed> {
        let seen = self.denied(user, job)?;
        let state = seen.state();
        let standing = if state == *job.prior && !seen.file {
            Standing::AsBefore
        } else if seen.denied {
            Standing::AsWanted
        } else {
            Standing::Other
        };
        Ok(Answer::Stands { standing, state })
    }

    fn probe(&self, user: &str, job: &Job<'_>) -> Result<Answer, Failed> {
        let seen = self.denied(user, job)?;
        Ok(match (seen.denied, seen.sessions.len()) {
            (true, 0) => Answer::Effective,
            (true, open) => Answer::NotYet {
                why: format!("{open} sessions of `{user}` are open"),
            },
            (false, _) => Answer::NotYet {
                why: format!("the server does not deny `{user}`"),
            },
        })
    }

    fn try_call(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let user = user(&job.effect.target).map_err(|why| Failed::Refused { why })?;
        match job.act {
            Act::Capture => self.capture(user, job),
            Act::Do => self.run("deny", user, job).map(|_told| Answer::Accepted),
            Act::ReadBack => self.read_back(user, job),
            Act::Probe => self.probe(user, job),
            Act::Undo => self.run("allow", user, job).map(|_told| Answer::Accepted),
        }
    }
}

/// What was seen of an account.
struct Seen {
    /// Whether our file is there.
    file: bool,
    /// Whether the configuration denies it, by whatever file.
    denied: bool,
    /// Its open sessions: process, since when, what.
    sessions: Vec<String>,
}

impl Seen {
    fn state(&self) -> Value {
        json!({ "file": self.file, "denied": self.denied })
    }
}

/// The name of an account, which goes through a shell and into a file.
fn user(target: &str) -> Result<&str, String> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let first = target.chars().next();
    let begins = first.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    if begins && target.len() <= 64 && target.chars().all(good) {
        return Ok(target);
    }
    Err(format!(
        "expected the name of an account in letters, digits, `_`, `-` and `.`, found `{target}`"
    ))
}

impl Connector for OpenSsh {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        Ok(Ability {
            action: action(asked, &[(DENY, &[])])?.to_owned(),
            reversal: Reversal::Undo,
            patience: Patience {
                answer_ms: 15_000,
                land_ms: 10_000,
                effect_ms: 60_000,
                ..Patience::default()
            }
            .by_program(),
        })
    }

    fn means(&self, _action: &str) -> Means {
        Means::of(&["disable-account", "disconnect-third-party"])
    }

    fn call(&self, job: Job<'_>) -> Answer {
        self.try_call(&job).unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let (place, folder) = (self.shell.place(), &self.server.folder);
        match user(&effect.target) {
            Err(why) => vec![why],
            Ok(user) => {
                let file = format!("{folder}/00-cordon-{user}.conf");
                vec![
                    format!(
                        "do: on {place}: write `DenyUsers {user}` to {file}, reload the server, end the sessions of `{user}`"
                    ),
                    format!("undo: on {place}: remove {file}, reload the server"),
                ]
            }
        }
    }

    fn spoken(&self, effect: &Effect) -> Spoken {
        let Ok(user) = user(&effect.target) else {
            return Spoken::in_words(&self.preview(effect));
        };
        let say = |part| {
            let mut words = vec!["sh", "-s", "--"];
            words.extend(self.words(part, user));
            vec![self.shell.said(&words, SCRIPT)]
        };
        Spoken {
            reads: say("look"),
            does: say("deny"),
            undoes: say("allow"),
        }
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::user;

    #[test]
    fn only_names_that_no_shell_reads_as_anything_else_are_accounts() {
        for name in ["root", "svc-backup", "a.b_c", "_apt"] {
            assert_eq!(user(name), Ok(name));
        }
        for text in ["", "-rf", "a b", "a;b", "$(id)", "a\nb", "a*", "../x", "é"] {
            assert!(user(text).is_err(), "{text}");
        }
    }
}
