//! The contract of everything that carries out effects.

use cordon_act::{Ability, Act, Answer, Asked, Digest, Effect};
use cordon_model::Value;

/// One call to a connector.
#[derive(Debug, Clone, Copy)]
pub struct Job<'j> {
    /// What it is for.
    pub effect: &'j Effect,
    /// What is asked.
    pub act: Act,
    /// The state before; null until it is captured.
    pub prior: &'j Value,
}

/// Something that carries out effects.
///
/// `Capture`, `ReadBack` and `Probe` change nothing. `Do` and `Undo` set a state, so that each may be called
/// again. Every call returns within the effect's `answer_ms`, whatever the other side does.
pub trait Connector: Send + Sync {
    /// What it can do about a step.
    ///
    /// # Errors
    /// Why it can do nothing, in words.
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String>;

    /// Does what is asked.
    fn call(&self, job: Job<'_>) -> Answer;

    /// Everything it would do for an effect, call by call, without secrets.
    fn preview(&self, effect: &Effect) -> Vec<String>;

    /// The digest of what defines it; none if it is built in.
    fn digest(&self) -> Option<Digest> {
        None
    }
}
