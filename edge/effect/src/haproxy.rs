//! Servers and frontends of `HAProxy` by its runtime API.
//!
//! A server goes into maintenance and its sessions end; a frontend listens no more, and its sessions end. Each command is a
//! connection of its own. Invariants: a name goes into a command only if it is one word; the undo sets the state that was
//! captured, be it ready or draining. Absent on purpose: anything that outlives a restart of
//! `HAProxy`, whose configuration stays as it is.

use std::{
    io::{Read as _, Write as _},
    thread,
    time::Duration,
};

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Means, Patience, Reversal, Standing,
};
use cordon_model::Value;

use crate::{Address, Connector, Job, connector::action, evidence, http::Failed, timed::Timed};

/// More than a hundred thousand sessions take.
const ANSWER_BYTES_MAX: u64 = 32 << 20;

/// How often sessions are ended before the probe has to tell of what is left.
const ROUNDS: u32 = 5;
/// How long a session may take to end.
const ROUND: Duration = Duration::from_millis(50);

/// `srv_admin_state`: maintenance, forced by a command or by the configuration.
const MAINTENANCE: u32 = 0x01 | 0x04;
/// `srv_admin_state`: draining, forced by a command.
const DRAIN: u32 = 0x08;

/// A load balancer.
#[derive(Debug)]
pub struct HaProxy {
    address: Address,
    digest: Digest,
}

/// What is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target<'t> {
    Server(&'t str, &'t str),
    Frontend(&'t str),
}

impl HaProxy {
    /// The one whose `stats socket … level admin` is here.
    pub fn new(address: Address) -> Self {
        let digest = Digest::of(format!("haproxy {address}").as_bytes());
        Self { address, digest }
    }

    fn ask(&self, command: &str, job: &Job<'_>) -> Result<String, Failed> {
        let asked = || {
            let mut stream = Timed::connect(&self.address, job.effect.patience.answer_ms)?;
            stream.write_all(format!("{command}\n").as_bytes())?;
            let mut said = String::new();
            stream.take(ANSWER_BYTES_MAX).read_to_string(&mut said)?;
            Ok(said)
        };
        asked().map_err(|why: std::io::Error| Failed::Unknown {
            why: format!("no answer from {}: {why}", self.address),
        })
    }

    /// A command that says nothing if it worked.
    fn tell(&self, command: &str, job: &Job<'_>) -> Result<(), Failed> {
        let said = self.ask(command, job)?;
        if said.trim().is_empty() {
            return Ok(());
        }
        Err(Failed::Refused {
            why: format!("{}: {}", self.address, crate::shell::first_line(&said)),
        })
    }

    fn state(&self, target: Target<'_>, job: &Job<'_>) -> Result<Value, Failed> {
        let none = |what: String| Failed::Refused {
            why: format!("{} knows no {what}", self.address),
        };
        match target {
            Target::Server(backend, server) => {
                let said = self.ask(&format!("show servers state {backend}"), job)?;
                let state = server_state(&said, server);
                state.ok_or_else(|| none(format!("server `{backend}/{server}`")))
            }
            Target::Frontend(name) => {
                let said = self.ask("show stat -1 1 -1", job)?;
                let status = status(&said, name);
                let status = status.ok_or_else(|| none(format!("frontend `{name}`")))?;
                Ok(status.into())
            }
        }
    }

    /// Lines about the sessions through the target.
    fn sessions(&self, target: Target<'_>, job: &Job<'_>) -> Result<Vec<String>, Failed> {
        let said = self.ask("show sess", job)?;
        let through = |line: &&str| {
            let has = |word: String| line.split_whitespace().any(|known| known == word);
            match target {
                Target::Server(backend, server) => {
                    has(format!("be={backend}")) && has(format!("srv={server}"))
                }
                Target::Frontend(name) => has(format!("fe={name}")),
            }
        };
        // What follows tells of time, which differs each time.
        let words = |line: &str| {
            line.split_whitespace()
                .take(6)
                .collect::<Vec<_>>()
                .join(" ")
        };
        Ok(said.lines().filter(through).map(words).collect())
    }

    fn capture(&self, target: Target<'_>, job: &Job<'_>) -> Result<Answer, Failed> {
        let prior = self.state(target, job)?;
        let sessions = self.sessions(target, job)?;
        let already = target.is_closed(&prior) && sessions.is_empty();
        Ok(Answer::Captured {
            already,
            prior,
            evidence: evidence::lines("sessions", sessions),
        })
    }

    fn close(&self, target: Target<'_>, job: &Job<'_>) -> Result<Answer, Failed> {
        match target {
            Target::Server(backend, server) => {
                self.tell(&format!("set server {backend}/{server} state maint"), job)?;
            }
            Target::Frontend(name) => {
                // Disabling it twice is an error to it.
                if !target.is_closed(&self.state(target, job)?) {
                    self.tell(&format!("disable frontend {name}"), job)?;
                }
            }
        }
        self.end_sessions(target, job)?;
        Ok(Answer::Accepted)
    }

    /// Ends what is open; a session takes a moment to end, and may have begun just before the state was set.
    fn end_sessions(&self, target: Target<'_>, job: &Job<'_>) -> Result<(), Failed> {
        for _ in 0..ROUNDS {
            let open = self.sessions(target, job)?;
            if open.is_empty() {
                break;
            }
            for line in open {
                let id = line.split(':').next().unwrap_or_default();
                // It may have ended by itself.
                let _said = self.ask(&format!("shutdown session {id}"), job)?;
            }
            thread::sleep(ROUND);
        }
        Ok(())
    }

    fn open(&self, target: Target<'_>, job: &Job<'_>) -> Result<Answer, Failed> {
        match target {
            Target::Server(backend, server) => {
                let prior = job
                    .prior
                    .as_str()
                    .filter(|word| ["ready", "drain", "maint"].contains(word));
                let prior = prior.ok_or_else(|| Failed::Refused {
                    why: "the state before was not captured".to_owned(),
                })?;
                self.tell(&format!("set server {backend}/{server} state {prior}"), job)?;
            }
            Target::Frontend(name) => {
                if target.is_closed(&self.state(target, job)?) && !target.is_closed(job.prior) {
                    self.tell(&format!("enable frontend {name}"), job)?;
                }
            }
        }
        Ok(Answer::Accepted)
    }

    fn read_back(&self, target: Target<'_>, job: &Job<'_>) -> Result<Answer, Failed> {
        let state = self.state(target, job)?;
        let standing = if target.is_closed(&state) {
            Standing::AsWanted
        } else if state == *job.prior {
            Standing::AsBefore
        } else {
            Standing::Other
        };
        Ok(Answer::Stands { standing, state })
    }

    fn probe(&self, target: Target<'_>, job: &Job<'_>) -> Result<Answer, Failed> {
        if !target.is_closed(&self.state(target, job)?) {
            let why = "it takes connections".to_owned();
            return Ok(Answer::NotYet { why });
        }
        Ok(match self.sessions(target, job)?.len() {
            0 => Answer::Effective,
            open => Answer::NotYet {
                why: format!("{open} sessions are open"),
            },
        })
    }

    fn try_call(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let target = Target::parse(&job.effect.action, &job.effect.target);
        let target = target.map_err(|why| Failed::Refused { why })?;
        match job.act {
            Act::Capture => self.capture(target, job),
            Act::Do => self.close(target, job),
            Act::ReadBack => self.read_back(target, job),
            Act::Probe => self.probe(target, job),
            Act::Undo => self.open(target, job),
        }
    }
}

impl<'t> Target<'t> {
    fn parse(action: &str, target: &'t str) -> Result<Self, String> {
        let word = |text: &str| {
            let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
            !text.is_empty() && text.chars().all(good)
        };
        match (action, target.split_once('/')) {
            ("disable-server", Some((backend, server))) if word(backend) && word(server) => {
                Ok(Self::Server(backend, server))
            }
            ("disable-server", _) => Err(format!("expected `backend/server`, found `{target}`")),
            ("disable-frontend", None) if word(target) => Ok(Self::Frontend(target)),
            ("disable-frontend", _) => Err(format!("expected a frontend's name, found `{target}`")),
            (_, _) => Err(format!("it has no action `{action}`")),
        }
    }

    fn is_closed(self, state: &Value) -> bool {
        match self {
            Self::Server(..) => state == "maint",
            Self::Frontend(_) => state != "OPEN",
        }
    }
}

/// The state of one server among those of its backend.
fn server_state(said: &str, server: &str) -> Option<Value> {
    let heads = said.lines().find_map(|line| line.strip_prefix("# "))?;
    let at = |name: &str| heads.split_whitespace().position(|head| head == name);
    let (name, admin) = (at("srv_name")?, at("srv_admin_state")?);
    let rows = said
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows
        .into_iter()
        .find(|row| row.get(name) == Some(&server))?;
    let admin: u32 = row.get(admin)?.parse().ok()?;
    let word = if admin & MAINTENANCE != 0 {
        "maint"
    } else if admin & DRAIN != 0 {
        "drain"
    } else {
        "ready"
    };
    Some(word.into())
}

/// The status of one frontend in the statistics.
fn status(said: &str, frontend: &str) -> Option<String> {
    let heads = said.lines().find_map(|line| line.strip_prefix("# "))?;
    let at = |name: &str| heads.split(',').position(|head| head == name);
    let (proxy, status) = (at("pxname")?, at("status")?);
    let rows = said.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let found = rows
        .into_iter()
        .find(|cells| cells.get(proxy) == Some(&frontend))?;
    found.get(status).map(|cell| (*cell).to_owned())
}

impl Connector for HaProxy {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        let known: [(&str, &[&str]); 2] = [
            ("disable-server", &["take-application-offline"]),
            ("disable-frontend", &[]),
        ];
        let action = action(asked, &known)?;
        Ok(Ability {
            action: action.to_owned(),
            reversal: Reversal::Undo,
            patience: Patience {
                answer_ms: 5_000,
                // A command is carried out when it is read, or its connection is gone.
                land_ms: 2_000,
                effect_ms: 30_000,
                ..Patience::default()
            },
        })
    }

    fn means(&self, action: &str) -> Means {
        Means::Of {
            kinds: vec!["take-application-offline".to_owned()],
            // Whatever comes in by it, to however many applications.
            wide: action == "disable-frontend",
        }
    }

    fn call(&self, job: Job<'_>) -> Answer {
        self.try_call(&job).unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let place = &self.address;
        match Target::parse(&effect.action, &effect.target) {
            Err(why) => vec![why],
            Ok(Target::Server(backend, server)) => vec![
                format!(
                    "do: {place}: set server {backend}/{server} state maint; shutdown session, each"
                ),
                format!("undo: {place}: set server {backend}/{server} state as captured"),
            ],
            Ok(Target::Frontend(name)) => vec![
                format!("do: {place}: disable frontend {name}; shutdown session, each"),
                format!("undo: {place}: enable frontend {name}"),
            ],
        }
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, server_state, status};

    #[test]
    fn targets_are_single_words() {
        assert_eq!(
            Target::parse("disable-server", "web/s1"),
            Ok(Target::Server("web", "s1"))
        );
        assert_eq!(
            Target::parse("disable-frontend", "shop"),
            Ok(Target::Frontend("shop"))
        );
        for (action, target) in [
            ("disable-server", "web"),
            ("disable-server", "web/s1; disable frontend shop"),
            ("disable-frontend", "shop\nshutdown"),
            ("disable-frontend", ""),
            ("enable", "shop"),
        ] {
            assert!(Target::parse(action, target).is_err(), "{action} {target}");
        }
    }

    #[test]
    fn states_are_found_by_the_names_of_columns() {
        let said = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state\n3 web 1 s1 127.0.0.1 2 8\n3 web 2 s2 127.0.0.1 0 5\n";
        assert_eq!(server_state(said, "s1"), Some("drain".into()));
        assert_eq!(server_state(said, "s2"), Some("maint".into()));
        assert_eq!(server_state(said, "s3"), None);
        let said = "# pxname,svname,status\nshop,FRONTEND,OPEN\n";
        assert_eq!(status(said, "shop").as_deref(), Some("OPEN"));
    }
}
