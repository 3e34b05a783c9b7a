//! What the state of a target must be: conditions on the values that were read.

use std::collections::BTreeMap;

use cordon_model::Value;

/// One condition on one value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is another than before.
    Changed,
}

/// Conditions on named values; all must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Conditions(pub(crate) BTreeMap<String, Condition>);

impl Conditions {
    /// Whether a state fulfils them, given the one before.
    pub(crate) fn hold(&self, state: &Value, prior: &Value) -> bool {
        self.0.iter().all(|(key, condition)| {
            let is = state.get(key).unwrap_or(&Value::Null);
            match condition {
                Condition::OneOf(values) => values.contains(is),
                Condition::Changed => !is.is_null() && is != prior.get(key).unwrap_or(&Value::Null),
            }
        })
    }

    /// In words.
    pub(crate) fn words(&self) -> String {
        let each = self.0.iter().map(|(key, condition)| match condition {
            Condition::OneOf(values) => {
                let values: Vec<String> = values.iter().map(Value::to_string).collect();
                format!("{key} is {}", values.join(" or "))
            }
            Condition::Changed => format!("{key} is another than before"),
        });
        each.collect::<Vec<_>>().join(", ")
    }
}
