//! What effects are done to: targets that keep a number, and are not honest about it.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use cordon_act::{Act, Answer, Evidence, Standing};
use cordon_model::Value;

/// The number that every effect wants.
pub(super) const WANTED: i64 = 1;

/// The number while a change is on its way inside the target.
pub(super) const PENDING: i64 = 2;

/// One target.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its number now.
    pub(super) state: i64,
    /// Its number before anything was done.
    pub(super) original: i64,
    /// Whether a change takes some time inside it.
    pub(super) slow: bool,
    /// Whether it refuses every undo.
    pub(super) keeps: bool,
    /// Whether it is without effect, whatever it says.
    pub(super) dud: bool,
}

impl Target {
    pub(super) fn made(chance: &mut ChaCha8Rng) -> Self {
        let original = match chance.random_range(0..10) {
            0 => WANTED,
            1 => 7,
            _ => 0,
        };
        Self {
            state: original,
            original,
            slow: chance.random_ratio(1, 4),
            keeps: chance.random_ratio(1, 30),
            dud: false,
        }
    }

    /// What a question that arrives now is answered.
    pub(super) fn answer(&self, act: Act, prior: Option<&Value>) -> Answer {
        let state = Value::from(self.state);
        match act {
            Act::Capture => Answer::Captured {
                already: self.state == WANTED,
                prior: state,
                evidence: Evidence::default(),
            },
            Act::ReadBack => {
                let standing = if self.state == WANTED {
                    Standing::AsWanted
                } else if prior == Some(&state) {
                    Standing::AsBefore
                } else if self.state == PENDING {
                    Standing::Pending
                } else {
                    Standing::Other
                };
                Answer::Stands { standing, state }
            }
            Act::Probe if self.state == WANTED && !self.dud => Answer::Effective,
            Act::Probe => Answer::NotYet {
                why: "it still answers".to_owned(),
            },
            Act::Do | Act::Undo => Answer::Accepted,
        }
    }
}
