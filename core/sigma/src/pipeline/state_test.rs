//! A condition on what `set_state` said before.

use std::{cmp::Ordering, sync::Arc};

use cordon_text::Fields;

use super::{kinds, plain::Plain, run::Run};
use crate::reader::Reader;

/// How two values must compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Gte,
    Gt,
    Lte,
    Lt,
}

impl Op {
    /// The operator that a word names.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gte" => Self::Gte,
            "gt" => Self::Gt,
            "lte" => Self::Lte,
            "lt" => Self::Lt,
            _ => return None,
        })
    }

    /// Whether values of this order compare so; what cannot be compared is unequal.
    pub(crate) fn holds(self, order: Option<Ordering>) -> bool {
        let Some(order) = order else {
            return self == Self::Ne;
        };
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gte => order.is_ge(),
            Self::Gt => order.is_gt(),
            Self::Lte => order.is_le(),
            Self::Lt => order.is_lt(),
        }
    }
}

/// A comparison with a state.
#[derive(Debug, Clone)]
pub(crate) struct StateTest {
    key: Arc<str>,
    value: Plain,
    op: Op,
}

impl StateTest {
    /// Whether the state compares so; never if nothing was said.
    pub(crate) fn holds(&self, run: &Run<'_>) -> bool {
        let state = run.state.get(&self.key);
        state.is_some_and(|state| self.op.holds(state.compare(&self.value)))
    }

    pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let key = kinds::text(reader, fields, "key");
        let value = kinds::plain(reader, fields, "val");
        let op = match fields.optional("op") {
            None => Some(Op::Eq),
            Some(node) => {
                let op = node.text().and_then(Op::from_word);
                if op.is_none() {
                    let message = format!("there is no comparison, found {}", node.describe());
                    let help = "known ones: eq, ne, gte, gt, lte, lt";
                    reader.problem(node.span, "pipeline-condition", message, help);
                }
                op
            }
        };
        Some(Self {
            key: key?,
            value: value?,
            op: op?,
        })
    }
}
