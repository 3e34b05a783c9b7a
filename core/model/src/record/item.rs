//! The values of a record, for reading.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::{Kind, NameHash, Node, Record, Scalar, Shape, Span, large, small};

/// One value of a record.
#[derive(Clone, Copy)]
pub struct Item<'r> {
    pub(super) record: &'r Record,
    pub(super) at: u32,
    pub(super) node: &'r Node,
}

impl<'r> Item<'r> {
    /// The name it has in its map; empty in a list.
    #[inline]
    pub fn key(self) -> &'r str {
        self.record.text(self.node.key)
    }

    /// Its place in the record: children come after their parent, siblings in order.
    #[inline]
    pub fn place(self) -> u32 {
        self.at
    }

    /// What it is, unless it holds others.
    #[inline]
    pub fn scalar(self) -> Option<Scalar<'r>> {
        Some(match self.node.kind {
            Kind::Null => Scalar::Null,
            Kind::False => Scalar::Bool(false),
            Kind::True => Scalar::Bool(true),
            Kind::Number => Scalar::Number(self.record.text(self.node.text)),
            Kind::Text => Scalar::Text(self.record.text(self.node.text)),
            Kind::List | Kind::Map => return None,
        })
    }

    /// How it holds others, if it does.
    #[inline]
    pub fn shape(self) -> Option<Shape> {
        match self.node.kind {
            Kind::List => Some(Shape::List),
            Kind::Map => Some(Shape::Map),
            Kind::Null | Kind::False | Kind::True | Kind::Number | Kind::Text => None,
        }
    }

    /// Where its text, or the spelling of its number, stands in the text of the record.
    #[inline]
    pub fn span(self) -> Option<Span> {
        matches!(self.node.kind, Kind::Number | Kind::Text).then_some(self.node.text)
    }

    /// Its text, if it is one.
    #[inline]
    pub fn as_str(self) -> Option<&'r str> {
        (self.node.kind == Kind::Text).then(|| self.record.text(self.node.text))
    }

    /// A text, number or truth value as the log spells it.
    #[inline]
    pub fn spelled(self) -> Option<&'r str> {
        match self.node.kind {
            Kind::Number | Kind::Text => Some(self.record.text(self.node.text)),
            Kind::True => Some("true"),
            Kind::False => Some("false"),
            Kind::Null | Kind::List | Kind::Map => None,
        }
    }

    /// Whether it is a map.
    #[inline]
    pub fn is_map(self) -> bool {
        self.node.kind == Kind::Map
    }

    /// Whether it is explicitly nothing.
    #[inline]
    pub fn is_null(self) -> bool {
        self.node.kind == Kind::Null
    }

    /// The values that it holds, in order.
    #[inline]
    pub fn children(self) -> Children<'r> {
        // The root ends where the record does, however much was put into it since.
        let end = match self.at {
            0 => small(self.record.nodes.len()),
            _ => self.node.end,
        };
        Children {
            record: self.record,
            at: self.at + 1,
            end,
        }
    }

    /// The value of this very name in a map.
    #[inline]
    pub fn get(self, name: &str) -> Option<Item<'r>> {
        self.get_hashed(name, NameHash::of(name))
    }

    #[inline]
    pub(super) fn get_hashed(self, name: &str, hash: NameHash) -> Option<Item<'r>> {
        if self.node.kind != Kind::Map {
            return None;
        }
        self.children()
            .find(|child| child.node.hash == hash && child.key() == name)
    }

    /// A hash of its name.
    #[inline]
    pub fn key_hash(self) -> NameHash {
        self.node.hash
    }

    /// The same as a tree of its own.
    pub fn to_value(self) -> Value {
        match (self.scalar(), self.shape()) {
            (Some(Scalar::Null), _) | (None, None) => Value::Null,
            (Some(Scalar::Bool(truth)), _) => Value::Bool(truth),
            (Some(Scalar::Number(spelled)), _) => number(spelled),
            (Some(Scalar::Text(text)), _) => Value::from(text),
            (None, Some(Shape::List)) => self.children().map(Item::to_value).collect(),
            (None, Some(Shape::Map)) => {
                let fields = self.children().map(|c| (c.key().to_owned(), c.to_value()));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }
}

/// The values that a value holds.
#[derive(Clone)]
pub struct Children<'r> {
    pub(super) record: &'r Record,
    pub(super) at: u32,
    pub(super) end: u32,
}

impl<'r> Iterator for Children<'r> {
    type Item = Item<'r>;

    #[inline]
    fn next(&mut self) -> Option<Item<'r>> {
        if self.at >= self.end {
            return None;
        }
        let node = self.record.nodes.get(large(self.at))?;
        let item = Item {
            record: self.record,
            at: self.at,
            node,
        };
        self.at = node.end;
        Some(item)
    }
}

impl fmt::Debug for Children<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_value())
    }
}

/// The same values under the same names in the same order.
impl PartialEq for Item<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
            && self.scalar() == other.scalar()
            && self.shape() == other.shape()
            && self.children().eq(other.children())
    }
}

/// A number as serde knows it, rounded where it cannot hold it.
fn number(spelled: &str) -> Value {
    if let Ok(whole) = spelled.parse::<i64>()
        && spelled != "-0"
    {
        return Value::from(whole);
    }
    if let Ok(whole) = spelled.parse::<u64>() {
        return Value::from(whole);
    }
    let decimal = spelled.parse().ok().and_then(Number::from_f64);
    decimal.map_or_else(|| Value::from(spelled), Value::Number)
}
