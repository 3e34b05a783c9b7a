//! What one line of a detection asks of an event, with its modifiers resolved.

use std::{net::IpAddr, sync::Arc};

use cordon_text::Span;
use regex::Regex;

use crate::{Number, Pattern, modifier::Plan};

/// One field, and what it must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The field as the rule names it; none for keywords, which are sought in every value.
    pub field: Option<Arc<str>>,
    /// How many of the tests must hold.
    pub quantifier: Quantifier,
    /// The tests, one for each value; never none.
    pub tests: Vec<Test>,
    /// Where the item stands.
    pub span: Span,
    /// Further values, whose placeholders a pipeline will fill; none once it did.
    pub(crate) waiting: Vec<Waiting>,
}

/// A written value whose placeholders have no values yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waiting {
    pub(crate) text: String,
    pub(crate) plan: Plan,
    pub(crate) span: Span,
}

/// How many of an item's tests must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one (`all`), each perhaps of another member of an array.
    All,
    /// Not one (`neq`); so it holds too where the field is missing.
    None,
    /// Not every one (`neq` beside `all`).
    NotAll,
}

impl Quantifier {
    /// As `all` has it, whether it stands before `neq` or after.
    pub(crate) fn every(self) -> Self {
        match self {
            Self::Any | Self::All => Self::All,
            Self::None | Self::NotAll => Self::NotAll,
        }
    }

    /// As `neq` has it: it turns the whole item around, and saying it twice says it once.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Any | Self::None => Self::None,
            Self::All | Self::NotAll => Self::NotAll,
        }
    }
}

/// A question about a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Its text fits this pattern.
    Text(Pattern),
    /// One of these holds: the encodings of one value, or what its placeholder stands for.
    OneOf(Vec<Test>),
    /// It is this number, or a text that spells it the same way.
    Number {
        /// The number.
        number: Number,
        /// Its spelling.
        text: String,
    },
    /// It is this truth value, or a text that spells it in any case.
    Bool(bool),
    /// It is missing or null.
    Null,
    /// The field is there, null or empty included, or is not there.
    Exists(bool),
    /// A regular expression is found in its text.
    Regex(RegexTest),
    /// It is an address of this network.
    Cidr {
        /// An address of the network.
        address: IpAddr,
        /// How many leading bits name the network.
        prefix: u8,
    },
    /// It is a number that compares so.
    Compare(Comparison, Number),
    /// A part of its point in time, as written, compares so.
    Time(TimePart, Comparison, Number),
    /// It relates so to the value of another field.
    Field {
        /// The other field.
        field: Arc<str>,
        /// The relation.
        relation: FieldRelation,
        /// Whether case counts.
        cased: bool,
    },
}

/// A regular expression that was compiled once, when its rule was read.
#[derive(Debug, Clone)]
pub struct RegexTest(pub Regex);

impl PartialEq for RegexTest {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// A comparison of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Smaller.
    Less,
    /// Smaller or equal.
    AtMost,
    /// Greater.
    Greater,
    /// Greater or equal.
    AtLeast,
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
}

impl Comparison {
    /// Whether `left` compares so with `right`; never if one is not a number.
    pub fn holds(self, left: Number, right: Number) -> bool {
        let Some(order) = left.compare(right) else {
            return false;
        };
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
        }
    }

    /// The comparison that a Sigma word names.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match word {
            "lt" => Some(Self::Less),
            "lte" => Some(Self::AtMost),
            "gt" => Some(Self::Greater),
            "gte" => Some(Self::AtLeast),
            "eq" => Some(Self::Equal),
            "neq" => Some(Self::NotEqual),
            _ => None,
        }
    }
}

/// A part of a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimePart {
    /// Minute of the hour.
    Minute,
    /// Hour of the day.
    Hour,
    /// Day of the month.
    Day,
    /// Week of the year (ISO 8601).
    Week,
    /// Month of the year.
    Month,
    /// The year.
    Year,
}

/// How one field's text relates to another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRelation {
    /// They are the same.
    Equals,
    /// It contains the other.
    Contains,
    /// It begins with the other.
    StartsWith,
    /// It ends with the other.
    EndsWith,
}

impl FieldRelation {
    /// The relation of a keyword: one that says nothing of it is sought anywhere in a value.
    pub(crate) fn of_keyword(self) -> Self {
        match self {
            Self::Equals | Self::Contains => Self::Contains,
            Self::StartsWith | Self::EndsWith => self,
        }
    }
}
