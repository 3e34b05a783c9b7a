//! One thing to be done to one target, and what is known of how that goes.

use cordon_model::{StepId, StepKind, Value};
use serde::{Deserialize, Serialize};

use crate::{Ability, as_text};

/// An effect, by its place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectIx(pub u32);

impl EffectIx {
    /// As an index into a slice.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step on one target. Everything that carrying it out needs is here but secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The step it belongs to.
    #[serde(with = "as_text")]
    pub step: StepId,
    /// The step's kind.
    #[serde(with = "as_text")]
    pub kind: StepKind,
    /// What carries it out.
    pub connector: String,
    /// Which of the connector's actions.
    pub action: String,
    /// What it is done to, as the connector names it.
    pub target: String,
    /// What else the estate says of it.
    pub parameters: Value,
    /// Effects of a stage begin when those of all earlier ones have settled.
    pub stage: u32,
    /// Another effect that must have worked before, because many targets follow it.
    pub canary: Option<EffectIx>,
    /// How it is taken back.
    pub reversal: Reversal,
    /// How long its calls may take.
    pub patience: Patience,
    /// Facts about the target that the cut may destroy, as the page of its kind names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volatile: Vec<String>,
}

impl Effect {
    /// What a connector can do about one target, in the first stage and ahead of nobody: what connectors are
    /// tried with where there is no estate.
    pub fn alone(kind: StepKind, target: &str, ability: Ability) -> Self {
        Self {
            step: StepId::new(format!("{kind}/{target}")),
            kind,
            connector: String::new(),
            action: ability.action,
            target: target.to_owned(),
            parameters: Value::Null,
            stage: 0,
            canary: None,
            reversal: ability.reversal,
            patience: ability.patience,
            volatile: Vec::new(),
        }
    }
}

/// How an effect is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reversal {
    /// By a call that restores the state captured before.
    Undo,
    /// Not at all, and nothing needs to be: sessions that were ended are made anew.
    Passing,
    /// Not at all: it only goes forward.
    Never,
}

/// How long the calls of an effect may take. Milliseconds throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// A call is not sent later than this after it was decided on.
    pub send_ms: u64,
    /// A call without an answer for so long has an unknown outcome.
    pub answer_ms: u64,
    /// A call that was sent may take effect for so long, whatever its answer; and as long as its peer may still answer.
    pub land_ms: u64,
    /// After so long without effect the effect is given up on.
    pub effect_ms: u64,
}

impl Patience {
    /// How long after it was decided on a call may take effect at the latest.
    pub fn settle_ms(self) -> u64 {
        self.send_ms
            .saturating_add(self.land_ms.max(self.answer_ms))
    }

    /// The same where a program makes the call: it may do so as late as it may answer, and what it asked for lands after
    /// that.
    #[must_use]
    pub fn by_program(self) -> Self {
        Self {
            land_ms: self.answer_ms.saturating_add(self.land_ms),
            ..self
        }
    }
}

impl Default for Patience {
    /// For a service on the same network: calls answer within seconds, what proxies and queues
    /// held up lands within half a minute, and what has no effect after five minutes has none.
    fn default() -> Self {
        Self {
            send_ms: 5_000,
            answer_ms: 20_000,
            land_ms: 30_000,
            effect_ms: 300_000,
        }
    }
}
