//! A connector that changes nothing but its own memory: for rehearsals, and the plainest example of
//! the contract.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use cordon_act::{
    Ability, Act, Answer, Asked, Effect, Evidence, Means, Patience, Reversal, Standing,
};
use cordon_model::Value;

use crate::{Connector, Job};

/// Remembers for each target whether it was cut.
#[derive(Debug, Default)]
pub struct Dry {
    targets: Mutex<BTreeMap<String, Value>>,
}

const CUT: &str = "cut";
const OPEN: &str = "open";

impl Dry {
    fn state(&self, target: &str) -> Value {
        let targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        targets.get(target).cloned().unwrap_or_else(|| OPEN.into())
    }

    fn set(&self, target: &str, state: Value) -> Answer {
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        targets.insert(target.to_owned(), state);
        Answer::Accepted
    }
}

impl Connector for Dry {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        Ok(Ability {
            action: asked.action.unwrap_or("cut").to_owned(),
            reversal: Reversal::Undo,
            patience: Patience {
                answer_ms: 1_000,
                land_ms: 0,
                ..Patience::default()
            },
        })
    }

    fn means(&self, _action: &str) -> Means {
        Means::Nothing
    }

    fn call(&self, job: Job<'_>) -> Answer {
        let target = &job.effect.target;
        let state = self.state(target);
        match job.act {
            Act::Capture => Answer::Captured {
                already: state == CUT,
                prior: state,
                evidence: Evidence::default(),
            },
            Act::Do => self.set(target, CUT.into()),
            Act::Undo => self.set(target, job.prior.clone()),
            Act::ReadBack => Answer::Stands {
                standing: if state == CUT {
                    Standing::AsWanted
                } else if state == *job.prior {
                    Standing::AsBefore
                } else {
                    Standing::Other
                },
                state,
            },
            Act::Probe => Answer::CannotTell {
                why: "a rehearsal changes nothing".to_owned(),
            },
        }
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        vec![format!("rehearse: cut `{}`", effect.target)]
    }
}
