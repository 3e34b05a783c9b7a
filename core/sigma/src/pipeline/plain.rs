//! Plain values: what pipelines, and the custom attributes of rules, give a key.

use std::{cmp::Ordering, sync::Arc};

use cordon_text::{Node, ScalarKind};

use crate::Number;

/// A value of YAML that is no list and no mapping.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Plain {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Anything else.
    Text(Arc<str>),
}

impl Plain {
    /// The value of a scalar.
    pub(crate) fn of(node: &Node) -> Option<Self> {
        let scalar = node.scalar()?;
        let text = || Self::Text(Arc::from(scalar.text.as_str()));
        Some(match scalar.kind() {
            ScalarKind::Null => Self::Null,
            ScalarKind::Bool(value) => Self::Bool(value),
            ScalarKind::Integer | ScalarKind::Decimal => {
                Number::parse(&scalar.text).map_or_else(text, Self::Number)
            }
            ScalarKind::String => text(),
        })
    }

    /// The number that this is; truth values are 0 and 1.
    pub(crate) fn number(&self) -> Option<Number> {
        match self {
            Self::Bool(value) => Some(Number::Integer(i128::from(*value))),
            Self::Number(number) => Some(*number),
            Self::Null | Self::Text(_) => None,
        }
    }

    /// How this compares with another value; numbers with numbers, texts with texts.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Null, Self::Null) => Some(Ordering::Equal),
            (_, _) => self.number()?.compare(other.number()?),
        }
    }

    /// The text of this, as a pipeline would write it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Null => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Number(number) => number.text(),
            Self::Text(text) => text.to_string(),
        }
    }
}
