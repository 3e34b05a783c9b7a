//! The questions of an HTTP connector: the state of a target, what is soon gone, and whether it holds.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use cordon_act::{Answer, Evidence, Standing};
use cordon_model::Value;

use super::{
    Ask, Failed, Http,
    client::{MOMENT, Reply, short},
};
use crate::{
    Job,
    definition::{Action, Place, Probe, Read},
    matching::{Condition, Conditions},
    pointer,
};

/// A cut does not wait longer than this for what it may destroy: an intruder who is ahead by minutes
/// is not given seconds for every fact.
const EVIDENCE_MS: u64 = 3_000;

impl Http {
    fn state(&self, action: &Action, ask: &Ask<'_>) -> Result<Value, Failed> {
        let mut state = serde_json::Map::new();
        for read in &action.reads {
            let reply = self.send(&read.request, ask)?;
            state.extend(self.values(read, &reply, ask)?);
        }
        Ok(Value::Object(state))
    }

    fn values(
        &self,
        read: &Read,
        reply: &Reply,
        ask: &Ask<'_>,
    ) -> Result<BTreeMap<String, Value>, Failed> {
        let filling = self.filling(ask.job.effect, ask.job.prior);
        let unknown = |why: String| Failed::Unknown { why };
        if reply.repeats_secret {
            let why = "the state of the target repeats a secret of this connector's";
            return Err(unknown(why.to_owned()));
        }
        let mut values = BTreeMap::new();
        for (key, place) in &read.state {
            let value = match place {
                Place::Holds(text) => {
                    let text = text.text(&filling).map_err(unknown)?;
                    Value::Bool(reply.body.contains(&text))
                }
                Place::Pointer(pointer) => {
                    let pointer = pointer.text(&filling).map_err(unknown)?;
                    let body = reply.json().map_err(unknown)?;
                    pointer::find(&body, &pointer)
                        .cloned()
                        .unwrap_or(Value::Null)
                }
            };
            values.insert(key.clone(), value);
        }
        Ok(values)
    }

    pub(super) fn capture(&self, action: &Action, ask: &Ask<'_>) -> Result<Answer, Failed> {
        let prior = self.state(action, ask)?;
        let already = !changes(action) && action.wanted.hold(&prior, &Value::Null);
        if !already && !action.requires.hold(&prior, &Value::Null) {
            return Err(Failed::Refused {
                why: format!(
                    "it works only while {}, and {} was found",
                    action.requires.words(),
                    short(&prior.to_string())
                ),
            });
        }
        let job = Job {
            prior: &prior,
            ..ask.job
        };
        let evidence = self.evidence(action, &Ask { job, ..*ask });
        Ok(Answer::Captured {
            prior,
            already,
            evidence,
        })
    }

    pub(super) fn read_back(&self, action: &Action, ask: &Ask<'_>) -> Result<Answer, Failed> {
        let state = self.state(action, ask)?;
        let pending = |one: &Conditions| one.hold(&state, ask.job.prior);
        let restored = action.restored.as_ref();
        let standing = if action.wanted.hold(&state, ask.job.prior) {
            Standing::AsWanted
        } else if state == *ask.job.prior || restored.is_some_and(pending) {
            Standing::AsBefore
        } else if action.pending.iter().any(pending) {
            Standing::Pending
        } else {
            Standing::Other
        };
        Ok(Answer::Stands { standing, state })
    }

    /// What is soon gone, as far as it can be had in no time.
    fn evidence(&self, action: &Action, ask: &Ask<'_>) -> Evidence {
        let soon = Instant::now() + Duration::from_millis(EVIDENCE_MS);
        let quick = Ask {
            job: ask.job,
            until: ask.until.min(soon),
        };
        let mut evidence = Evidence::default();
        for (fact, request) in &action.evidence {
            let skipped = if Instant::now() >= quick.until {
                format!("skipped for speed: the facts before it took {EVIDENCE_MS} ms")
            } else {
                match self.send(request, &quick) {
                    Ok(reply) => {
                        let taken = reply.json().unwrap_or_else(|_why| reply.body.into());
                        evidence.taken.insert(fact.clone(), taken);
                        continue;
                    }
                    Err(failed) if Instant::now() + MOMENT >= quick.until => {
                        format!("skipped for speed: {}", failed.words())
                    }
                    Err(failed) => failed.words(),
                }
            };
            evidence.skipped.insert(fact.clone(), skipped);
        }
        evidence
    }

    pub(super) fn probe(&self, action: &Action, ask: &Ask<'_>) -> Result<Answer, Failed> {
        let Some(probe) = &action.probe else {
            return Ok(Answer::CannotTell {
                why: format!("the definition of `{}` has no probe", self.definition.name),
            });
        };
        let reply = self.reply(&probe.read.request, ask)?;
        if probe.refused.contains(&reply.status) {
            return Ok(Answer::Effective);
        }
        self.tried(probe, reply, ask)
    }

    /// What a probe that was answered tells.
    fn tried(&self, probe: &Probe, reply: Reply, ask: &Ask<'_>) -> Result<Answer, Failed> {
        if probe.effective.0.is_empty() {
            let why = format!("the probe was answered with {}", reply.status);
            return Ok(Answer::NotYet { why });
        }
        let request = &probe.read.request;
        let errors = self.definition.errors.as_deref();
        let reply = reply.judge(&request.also_good, errors)?;
        let seen = Value::Object(self.values(&probe.read, &reply, ask)?.into_iter().collect());
        Ok(if probe.effective.hold(&seen, ask.job.prior) {
            Answer::Effective
        } else {
            Answer::NotYet {
                why: short(&format!("the probe saw {seen}")),
            }
        })
    }
}

/// Whether what is wanted is only that something is another than before.
fn changes(action: &Action) -> bool {
    let mut conditions = action.wanted.0.values();
    conditions.any(|condition| *condition == Condition::Changed)
}
