//! Programs of the site as a connector.
//!
//! A program is called with the act and the target (`capture`, `do`, `read-back`, `probe`, `undo`), without a
//! shell, and gets `{"target", "parameters", "prior"}` as JSON on its standard input. It prints JSON: for
//! `capture` `{"prior", "already", "evidence": {"sessions": …}}`; for `read-back` `{"standing", "state"}`; for `probe` `{"effective": true}`,
//! `{"effective": false, "why"}` or `{"effective": null, "why"}`; nothing for `do` and `undo`. Code 0: it
//! went well. Code 3: refused, without effect, the reason on standard error. Any other: unknown.
//! Which program stands for which name is the site's to say, never the estate's.

use std::{collections::BTreeMap, time::Duration};

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Evidence, Means, Patience, Reversal,
};
use cordon_model::Value;
use serde_json::json;

use crate::{Connector, Job, program};

/// The code by which a program says that it refused, without effect.
const REFUSED: i32 = 3;

/// What one connector of programs is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The program and its first arguments.
    pub command: Vec<String>,
    /// Kinds of steps it knows; any if empty.
    pub kinds: Vec<String>,
    /// How its effects are taken back.
    pub reversal: Reversal,
    /// How long its calls may take.
    pub patience: Patience,
    /// Variables of the environment that it does not get: those in which other connectors' secrets are.
    pub without: Vec<String>,
}

/// A program that carries out effects.
#[derive(Debug)]
pub struct Exec {
    programs: Programs,
    digest: Digest,
}

impl Exec {
    /// With these programs.
    pub fn new(programs: Programs) -> Self {
        // What is withheld is other connectors' affair, and no part of what is approved.
        let Programs {
            command,
            kinds,
            reversal,
            patience,
            without: _,
        } = &programs;
        let bound = json!([command, kinds, reversal, patience]).to_string();
        let digest = Digest::of(bound.as_bytes());
        Self { programs, digest }
    }

    fn words(&self, act: Act, effect: &Effect) -> Vec<String> {
        let mut words = self.programs.command.clone();
        words.extend([word(act).to_owned(), effect.target.clone()]);
        words
    }
}

fn word(act: Act) -> &'static str {
    match act {
        Act::Capture => "capture",
        Act::Do => "do",
        Act::ReadBack => "read-back",
        Act::Probe => "probe",
        Act::Undo => "undo",
    }
}

impl Connector for Exec {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        let kinds = &self.programs.kinds;
        let kind = asked.kind.as_str();
        if !kinds.is_empty() && !kinds.iter().any(|known| known == kind) {
            return Err(format!("it knows steps of the kinds {}", kinds.join(", ")));
        }
        Ok(Ability {
            action: asked.action.unwrap_or(kind).to_owned(),
            reversal: self.programs.reversal,
            patience: self.programs.patience.by_program(),
        })
    }

    fn means(&self, _action: &str) -> Means {
        Means::Own
    }

    fn call(&self, job: Job<'_>) -> Answer {
        let words = self.words(job.act, job.effect);
        let input = json!({
            "action": job.effect.action,
            "target": job.effect.target,
            "parameters": job.effect.parameters,
            "prior": job.prior,
        });
        let wait = Duration::from_millis(job.effect.patience.answer_ms);
        let without = &self.programs.without;
        let ran = match program::run(&words, input.to_string().as_bytes(), without, wait) {
            Ok(ran) => ran,
            Err(why @ (program::ProgramError::Nothing | program::ProgramError::Start { .. })) => {
                return Answer::Refused {
                    why: why.to_string(),
                };
            }
            Err(why) => {
                return Answer::Unknown {
                    why: why.to_string(),
                };
            }
        };
        let said = ran.stderr.lines().next().unwrap_or_default();
        match ran.code {
            Some(0) => read(job.act, &ran.stdout),
            Some(REFUSED) => Answer::Refused {
                why: format!("the program refused: {said}"),
            },
            Some(_) | None => Answer::Unknown {
                why: format!("the program ended with {}: {said}", ran.ending()),
            },
        }
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let acts = [Act::Capture, Act::Do, Act::ReadBack, Act::Probe];
        let acts = acts.iter().map(|act| self.words(*act, effect).join(" "));
        acts.map(|line| format!("run: {line}")).collect()
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}

/// What a program that went well printed.
fn read(act: Act, stdout: &str) -> Answer {
    if act.changes() {
        return Answer::Accepted;
    }
    let unfit = |wanted: &str| Answer::Unknown {
        why: format!("the program printed no {wanted}"),
    };
    let Ok(said) = serde_json::from_str::<Value>(stdout) else {
        return unfit("JSON");
    };
    let get = |key: &str| said.get(key).cloned();
    match act {
        Act::Capture => match (get("prior"), get("already").and_then(|a| a.as_bool())) {
            (Some(prior), Some(already)) => Answer::Captured {
                prior,
                already,
                evidence: Evidence {
                    taken: facts(get("evidence")),
                    skipped: BTreeMap::new(),
                },
            },
            (_, _) => unfit("`prior` and `already`"),
        },
        Act::ReadBack => {
            let standing = get("standing").and_then(|word| serde_json::from_value(word).ok());
            match standing {
                Some(standing) => Answer::Stands {
                    standing,
                    state: get("state").unwrap_or(Value::Null),
                },
                None => unfit("`standing`: as-before, as-wanted, pending or other"),
            }
        }
        Act::Probe | Act::Do | Act::Undo => {
            let why = get("why").and_then(|why| why.as_str().map(str::to_owned));
            let why = why.unwrap_or_else(|| "the program does not say why".to_owned());
            match get("effective") {
                Some(Value::Bool(true)) => Answer::Effective,
                Some(Value::Bool(false)) => Answer::NotYet { why },
                Some(_) | None => Answer::CannotTell { why },
            }
        }
    }
}

/// Facts by name; what has no names is one.
fn facts(said: Option<Value>) -> BTreeMap<String, Value> {
    match said {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(Value::Object(facts)) => facts.into_iter().collect(),
        Some(one) => BTreeMap::from([("evidence".to_owned(), one)]),
    }
}

#[cfg(test)]
mod tests {
    use cordon_act::{Act, Answer, Asked, Patience, Reversal, Standing};
    use cordon_model::{StepKind, Value};

    use super::{Exec, Programs, read};
    use crate::Connector as _;

    #[test]
    fn a_call_counts_as_on_its_way_for_as_long_as_its_program_may_run_and_what_it_did_may_land() {
        let patience = Patience {
            answer_ms: 60_000,
            land_ms: 1_000,
            ..Patience::default()
        };
        let exec = Exec::new(Programs {
            command: vec!["true".to_owned()],
            kinds: Vec::new(),
            reversal: Reversal::Undo,
            patience,
            without: Vec::new(),
        });
        let asked = Asked {
            kind: &StepKind::new("disable-account"),
            action: None,
            parameters: &Value::Null,
        };
        let ability = exec.ability(asked).unwrap();
        assert_eq!(ability.patience.settle_ms(), 5_000 + 60_000 + 1_000);
        assert_eq!(
            patience.settle_ms(),
            65_000,
            "whatever is said to land sooner"
        );
    }

    #[test]
    fn what_a_program_prints_is_read_or_counts_as_a_doubt() {
        assert_eq!(read(Act::Do, "whatever"), Answer::Accepted);
        assert_eq!(
            read(Act::Probe, r#"{"effective": true}"#),
            Answer::Effective
        );
        let stands = read(Act::ReadBack, r#"{"standing": "as-wanted", "state": 7}"#);
        assert!(matches!(
            stands,
            Answer::Stands {
                standing: Standing::AsWanted,
                ..
            }
        ));
        for (act, text) in [
            (Act::ReadBack, r#"{"standing": "fine"}"#),
            (Act::ReadBack, "fine"),
            (Act::Capture, r#"{"prior": 1}"#),
        ] {
            assert!(matches!(read(act, text), Answer::Unknown { .. }), "{text}");
        }
    }
}
