//! One property of an object, and what becomes of it when two inventories disagree.

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

/// One property of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Fact {
    Flag(bool),
    Number(i64),
    Text(Box<str>),
    List(Vec<Box<str>>),
    /// Inventories say different things, so that none is known.
    Unclear,
}

impl Fact {
    /// A property as JSON has it; none if it says nothing.
    pub(in crate::import) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => {
                let whole = number.as_i64();
                whole
                    .or_else(|| number.as_f64().map(whole_part))
                    .map(Self::Number)
            }
            Value::String(text) => Some(Self::Text(text.as_str().into())),
            Value::Array(items) => {
                let items = items.iter().filter_map(Value::as_str).map(Into::into);
                Some(Self::List(items.collect()))
            }
            Value::Null | Value::Object(_) => None,
        }
    }

    /// What two inventories together say, whichever is read first.
    pub(super) fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, two) if one == two => one,
            (Self::Text(one), Self::Text(two)) if one.eq_ignore_ascii_case(&two) => {
                Self::Text(one.min(two))
            }
            (Self::List(one), Self::List(two)) if is_same_set(&one, &two) => {
                Self::List(one.min(two))
            }
            _ => Self::Unclear,
        }
    }
}

/// Whether two lists hold the same, whatever the order.
fn is_same_set(one: &[Box<str>], two: &[Box<str>]) -> bool {
    let [one, two] = [one, two].map(|list| list.iter().collect::<BTreeSet<_>>());
    one == two
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::List(list) => f.write_str(&list.join(", ")),
            Self::Unclear => f.write_str("unclear"),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "collectors write small whole numbers, some of them as decimals"
)]
fn whole_part(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Fact;

    #[test]
    fn two_inventories_that_disagree_leave_a_property_unclear_in_either_order() {
        let cases = [
            (json!(true), json!(true), Some(Fact::Flag(true))),
            (json!(true), json!(false), Some(Fact::Unclear)),
            (json!("A.B"), json!("a.b"), Some(Fact::Text("A.B".into()))),
            (json!(1), json!("1"), Some(Fact::Unclear)),
            (
                json!(["b", "a"]),
                json!(["a", "b", "a"]),
                Some(Fact::List(vec!["a".into(), "b".into(), "a".into()])),
            ),
            (json!(["a"]), json!(["b"]), Some(Fact::Unclear)),
        ];
        for (one, two, expect) in cases {
            let [one, two] = [one, two].map(|value| Fact::of(&value).unwrap());
            let both = (one.clone().with(two.clone()), two.with(one));
            assert_eq!(both.0, both.1);
            assert_eq!(Some(both.0), expect);
        }
    }
}
