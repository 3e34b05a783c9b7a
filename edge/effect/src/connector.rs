//! The contract of everything that carries out effects.

use cordon_act::{Ability, Act, Answer, Asked, Digest, Effect, Means};
use cordon_model::Value;

use crate::Spoken;

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

    /// What one of its actions comes to, whatever the step is called that names it.
    fn means(&self, action: &str) -> Means;

    /// Does what is asked.
    fn call(&self, job: Job<'_>) -> Answer;

    /// Everything it would do for an effect, call by call, without secrets.
    fn preview(&self, effect: &Effect) -> Vec<String>;

    /// The same for other tools: as requests and commands where it can be said so, else in words.
    fn spoken(&self, effect: &Effect) -> Spoken {
        Spoken::in_words(&self.preview(effect))
    }

    /// The digest of what defines it; none if it is built in.
    fn digest(&self) -> Option<Digest> {
        None
    }
}

/// Which of a connector's actions is meant: the one that the estate names, else the one for the kind of step, else the only one.
///
/// # Errors
/// When it has none such, with those that it has.
pub(crate) fn action(
    asked: Asked<'_>,
    known: &[(&'static str, &[&str])],
) -> Result<&'static str, String> {
    let kind = asked.kind.as_str();
    let found = match (asked.action, known) {
        (Some(name), _) => known.iter().find(|(action, _)| *action == name),
        (None, [only]) => Some(only),
        (None, _) => known.iter().find(|(_, kinds)| kinds.contains(&kind)),
    };
    found.map(|(action, _)| *action).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(action, _)| *action).collect();
        let asked = asked.action.unwrap_or(kind);
        format!(
            "it has no action for `{asked}`; known: {}",
            names.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use cordon_act::Asked;
    use cordon_model::{StepKind, Value};

    use super::action;

    #[test]
    fn an_action_is_the_one_named_or_the_one_for_the_kind_or_the_only_one() {
        let two: [(&str, &[&str]); 2] = [("close", &["close-vpn"]), ("end", &["revoke-sessions"])];
        for (named, kind, known, expect) in [
            (Some("end"), "close-vpn", &two[..], Some("end")),
            (None, "close-vpn", &two[..], Some("close")),
            (None, "isolate-host", &two[..], None),
            (Some("other"), "close-vpn", &two[..], None),
            (None, "isolate-host", &two[..1], Some("close")),
            (Some("other"), "isolate-host", &two[..1], None),
        ] {
            let kind = StepKind::new(kind);
            let asked = Asked {
                kind: &kind,
                action: named,
                parameters: &Value::Null,
            };
            assert_eq!(action(asked, known).ok(), expect, "{named:?} {kind}");
        }
    }
}
