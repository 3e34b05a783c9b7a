//! The way in through an `OpenVPN` server by its management interface.
//!
//! `close` puts the server on hold and restarts it, so that it ends every session and listens no more until it is
//! released. `end-sessions` ends those of one common name, who may come again if nothing else keeps them out. Invariants: a name goes
//! into a command only as one quoted word; a server that was on hold before stays so. Absent on purpose: the files of the server.

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Means, Patience, Reversal, Standing,
};
use cordon_model::Value;
use serde_json::json;

use crate::{Address, Connector, Job, Secret, connector::action, evidence, http::Failed};
use management::Management;

mod management;

/// Closes the way in.
const CLOSE: &str = "close";
/// Ends the sessions of a name.
const END: &str = "end-sessions";

/// An `OpenVPN` server.
pub struct OpenVpn {
    address: Address,
    password: Option<Secret>,
    digest: Digest,
}

/// How the server is.
struct Seen {
    hold: bool,
    connected: bool,
}

impl Seen {
    fn state(&self) -> Value {
        json!({ "hold": self.hold, "connected": self.connected })
    }
}

impl OpenVpn {
    /// The one whose management interface is here, with its password, if it has one.
    pub fn new(address: Address, password: Option<Secret>) -> Self {
        let digest = Digest::of(format!("openvpn {address}").as_bytes());
        Self {
            address,
            password,
            digest,
        }
    }

    fn open(&self, job: &Job<'_>) -> Result<Management, Failed> {
        let wait_ms = job.effect.patience.answer_ms;
        Management::open(&self.address, self.password.as_ref(), wait_ms)
    }

    fn close(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let mut management = self.open(job)?;
        management.tell("hold on")?;
        if seen(&mut management)?.connected {
            management.tell("signal SIGUSR1")?;
        }
        Ok(Answer::Accepted)
    }

    fn release(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let mut management = self.open(job)?;
        if job.prior["hold"] == false {
            management.tell("hold off")?;
        }
        if job.prior["connected"] == true && !seen(&mut management)?.connected {
            management.tell("hold release")?;
        }
        Ok(Answer::Accepted)
    }

    fn close_call(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        match job.act {
            Act::Do => return self.close(job),
            Act::Undo => return self.release(job),
            Act::Capture | Act::ReadBack | Act::Probe => {}
        }
        let mut management = self.open(job)?;
        let seen = seen(&mut management)?;
        let (state, closed) = (seen.state(), seen.hold && !seen.connected);
        if job.act == Act::Capture {
            let evidence = match sessions(&mut management, None) {
                Ok(sessions) => evidence::lines("sessions", sessions),
                Err(failed) => evidence::skipped("sessions", failed.words()),
            };
            return Ok(Answer::Captured {
                prior: state,
                already: closed,
                evidence,
            });
        }
        if job.act == Act::Probe {
            return Ok(if closed {
                Answer::Effective
            } else {
                Answer::NotYet {
                    why: format!("the server says {state}"),
                }
            });
        }
        let standing = if closed {
            Standing::AsWanted
        } else if state == *job.prior {
            Standing::AsBefore
        } else {
            // It restarts.
            Standing::Pending
        };
        Ok(Answer::Stands { standing, state })
    }

    fn end_call(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let name = job.effect.target.as_str();
        if name.chars().any(char::is_control) || name.is_empty() {
            let why = format!("expected a common name, found `{}`", name.escape_debug());
            return Err(Failed::Refused { why });
        }
        let mut management = self.open(job)?;
        let open = sessions(&mut management, Some(name))?;
        let of_before = |session: &&String| {
            let before = job.prior.as_array().into_iter().flatten();
            before
                .into_iter()
                .any(|known| known.as_str() == Some(session))
        };
        let left = open.iter().filter(of_before).count();
        Ok(match job.act {
            Act::Capture => Answer::Captured {
                already: open.is_empty(),
                prior: open.clone().into(),
                evidence: evidence::lines("sessions", open),
            },
            Act::Do => {
                if left > 0 {
                    management.tell(&format!("kill \"{}\"", quoted(name)))?;
                }
                Answer::Accepted
            }
            Act::Undo => Answer::Accepted,
            Act::ReadBack => Answer::Stands {
                standing: if left == 0 {
                    Standing::AsWanted
                } else {
                    Standing::AsBefore
                },
                state: open.into(),
            },
            Act::Probe if left == 0 => Answer::Effective,
            Act::Probe => Answer::NotYet {
                why: format!("{left} sessions are open"),
            },
        })
    }
}

fn seen(management: &mut Management) -> Result<Seen, Failed> {
    let hold = management.tell("hold")?;
    let lines = management.list("state")?;
    let last = lines.last().map(String::as_str).unwrap_or_default();
    Ok(Seen {
        hold: hold.ends_with("hold=1"),
        connected: last.split(',').nth(1) == Some("CONNECTED"),
    })
}

/// Sessions, each by its name, where it comes from and since when. On hold there are none.
fn sessions(management: &mut Management, name: Option<&str>) -> Result<Vec<String>, Failed> {
    let lines = management.list("status 3")?;
    let clients = lines.iter().filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells.as_slice() {
            ["CLIENT_LIST", cn, from, _, _, _, _, since, ..]
                if name.is_none_or(|name| name == *cn) =>
            {
                Some(format!("{cn} from {from} since {since}"))
            }
            _ => None,
        }
    });
    Ok(clients.collect())
}

/// Within quotes, a backslash takes the next character as it is.
fn quoted(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"")
}

impl Connector for OpenVpn {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        let action = action(
            asked,
            &[(CLOSE, &["close-vpn"]), (END, &["revoke-sessions"])],
        )?;
        Ok(Ability {
            action: action.to_owned(),
            reversal: if action == CLOSE {
                Reversal::Undo
            } else {
                Reversal::Passing
            },
            patience: Patience {
                answer_ms: 8_000,
                // A command is carried out when it is read, or its connection is gone.
                land_ms: 2_000,
                effect_ms: 60_000,
                ..Patience::default()
            },
        })
    }

    fn means(&self, action: &str) -> Means {
        if action == CLOSE {
            return Means::Of {
                kinds: vec!["close-vpn".to_owned()],
                wide: true,
            };
        }
        Means::of(&["revoke-sessions"])
    }

    fn call(&self, job: Job<'_>) -> Answer {
        let answered = match job.effect.action.as_str() {
            CLOSE => self.close_call(&job),
            END => self.end_call(&job),
            other => Err(Failed::Refused {
                why: format!("it has no action `{other}`"),
            }),
        };
        answered.unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let place = &self.address;
        if effect.action == CLOSE {
            return vec![
                format!("do: {place}: hold on; signal SIGUSR1"),
                format!("undo: {place}: hold off; hold release"),
            ];
        }
        vec![format!("do: {place}: kill \"{}\"", quoted(&effect.target))]
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_stays_one_word_whatever_it_holds() {
        assert_eq!(quoted(r#"a" b\"#), r#"a\" b\\"#);
    }
}
