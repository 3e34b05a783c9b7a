//! The tests of rules, prepared for matching.

use std::net::IpAddr;

use cordon_model::Scalar;
use cordon_sigma::{Comparison, FieldRelation, Number, Test, TimePart};
use ipnet::IpNet;
use regex::Regex;

use crate::{
    fold::fold,
    glob::Glob,
    moment,
    names::{FieldIx, Names, Scope},
    sight::{Leaf, Leaves, Sight},
    witness::Claim,
};

/// A test prepared for matching.
#[derive(Debug)]
pub(crate) enum Predicate {
    Text(Glob),
    OneOf(Vec<Predicate>),
    /// The number, and its spelling without case.
    Number(Number, String),
    Bool(bool),
    Null,
    Exists(bool),
    Regex(Regex),
    Cidr(IpNet),
    Compare(Comparison, Number),
    Time(TimePart, Comparison, Number),
    Field(FieldIx, FieldRelation, Casing),
}

/// Whether case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Casing {
    Counts,
    Ignored,
}

/// What became of a test.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome<'e> {
    /// It does not hold.
    Fails,
    /// It holds, though no value shows it.
    Holds,
    /// It holds for this value.
    HoldsFor(Leaf<'e>),
}

impl Outcome<'_> {
    /// Whether it holds.
    pub(crate) fn held(self) -> bool {
        !matches!(self, Self::Fails)
    }
}

impl Predicate {
    /// Prepares a test.
    pub(crate) fn new(test: &Test, names: &mut Names) -> Self {
        match test {
            Test::Text(pattern) => Self::Text(Glob::new(pattern)),
            Test::OneOf(tests) => {
                Self::OneOf(tests.iter().map(|test| Self::new(test, names)).collect())
            }
            Test::Number { number, text } => Self::Number(*number, fold(text).into_owned()),
            Test::Bool(value) => Self::Bool(*value),
            Test::Null => Self::Null,
            Test::Exists(wanted) => Self::Exists(*wanted),
            Test::Regex(regex) => Self::Regex(regex.0.clone()),
            Test::Cidr { address, prefix } => {
                let Ok(network) = IpNet::new(*address, *prefix) else {
                    unreachable!("a network of a rule has a prefix that fits its address");
                };
                Self::Cidr(network)
            }
            Test::Compare(comparison, number) => Self::Compare(*comparison, *number),
            Test::Time(part, comparison, number) => Self::Time(*part, *comparison, *number),
            Test::Field {
                field,
                relation,
                cased,
            } => {
                let casing = if *cased {
                    Casing::Counts
                } else {
                    Casing::Ignored
                };
                Self::Field(names.place(field), *relation, casing)
            }
        }
    }

    /// What it says of a value, if it is no more and no less than one claim about a text.
    pub(crate) fn claim(&self) -> Option<Claim> {
        match self {
            Self::Text(glob) => glob.claim(),
            Self::OneOf(_)
            | Self::Number(..)
            | Self::Bool(_)
            | Self::Null
            | Self::Exists(_)
            | Self::Regex(_)
            | Self::Cidr(_)
            | Self::Compare(..)
            | Self::Time(..)
            | Self::Field(..) => None,
        }
    }

    /// A guess at how much work it is, in comparisons of short texts.
    pub(crate) fn cost(&self) -> usize {
        match self {
            Self::Text(glob) => glob.cost(),
            Self::OneOf(parts) => parts.iter().map(Self::cost).sum(),
            Self::Number(..) | Self::Bool(_) | Self::Null | Self::Exists(_) => 1,
            Self::Compare(..) | Self::Time(..) | Self::Field(..) => 5,
            Self::Cidr(_) => 10,
            Self::Regex(_) => 100,
        }
    }

    /// Whether this holds for what a record has there: for any of its values.
    pub(crate) fn test<'e>(&self, leaves: &Leaves<'e>, sight: &dyn Sight<'e>) -> Outcome<'e> {
        let shown = |leaf: Option<Leaf<'e>>| leaf.map_or(Outcome::Fails, Outcome::HoldsFor);
        match self {
            Self::Null if !leaves.present => Outcome::Holds,
            Self::Exists(wanted) if leaves.present == *wanted => Outcome::Holds,
            Self::Exists(_) => Outcome::Fails,
            Self::OneOf(parts) => {
                let mut outcomes = parts.iter().map(|part| part.test(leaves, sight));
                outcomes
                    .find(|outcome| outcome.held())
                    .unwrap_or(Outcome::Fails)
            }
            Self::Field(other, relation, casing) => {
                let others = sight.look(Scope::Field(*other));
                let relates = |leaf: &Leaf<'e>| {
                    let with = others.find(|with| relates(leaf, with, *relation, *casing));
                    with.is_some()
                };
                shown(leaves.find(relates))
            }
            Self::Text(_)
            | Self::Number(..)
            | Self::Bool(_)
            | Self::Null
            | Self::Regex(_)
            | Self::Cidr(_)
            | Self::Compare(..)
            | Self::Time(..) => shown(leaves.find(|leaf| self.fits(leaf))),
        }
    }

    /// Whether this holds for one value by itself.
    fn fits(&self, leaf: &Leaf<'_>) -> bool {
        match self {
            Self::Text(glob) => glob.fits(leaf),
            Self::Number(wanted, spelled) => match leaf.item.scalar() {
                Some(Scalar::Number(_)) => {
                    number(leaf).is_some_and(|n| Comparison::Equal.holds(n, *wanted))
                }
                Some(Scalar::Text(_)) => leaf.folded() == Some(spelled.as_str()),
                Some(Scalar::Null | Scalar::Bool(_)) | None => false,
            },
            Self::Bool(wanted) => match leaf.item.scalar() {
                Some(Scalar::Bool(value)) => value == *wanted,
                Some(Scalar::Text(text)) => {
                    text.eq_ignore_ascii_case(if *wanted { "true" } else { "false" })
                }
                Some(Scalar::Null | Scalar::Number(_)) | None => false,
            },
            Self::Null => leaf.item.is_null(),
            Self::Regex(regex) => leaf.text().is_some_and(|text| regex.is_match(text)),
            Self::Cidr(network) => leaf.text().is_some_and(|text| within(text, network)),
            Self::Compare(comparison, with) => {
                number(leaf).is_some_and(|n| comparison.holds(n, *with))
            }
            Self::Time(part, comparison, with) => leaf
                .text()
                .and_then(|text| moment::part(text, *part))
                .is_some_and(|n| comparison.holds(Number::Integer(n), *with)),
            Self::OneOf(_) | Self::Exists(_) | Self::Field(..) => false,
        }
    }
}

/// The number that a value is or spells in decimal.
fn number(leaf: &Leaf<'_>) -> Option<Number> {
    match leaf.item.scalar()? {
        Scalar::Number(spelled) | Scalar::Text(spelled) => Number::parse(spelled),
        Scalar::Null | Scalar::Bool(_) => None,
    }
}

/// Whether a text is an address of a network. Windows writes IPv4 clients as `::ffff:10.0.0.1`,
/// which is `10.0.0.1` and so in no network of IPv6.
fn within(text: &str, network: &IpNet) -> bool {
    let text = text
        .split_once('%')
        .map_or(text, |(address, _zone)| address);
    text.parse::<IpAddr>()
        .is_ok_and(|address| network.contains(&address.to_canonical()))
}

fn relates(left: &Leaf<'_>, right: &Leaf<'_>, relation: FieldRelation, casing: Casing) -> bool {
    let (left, right) = match casing {
        Casing::Counts => (left.text(), right.text()),
        Casing::Ignored => (left.folded(), right.folded()),
    };
    let (Some(left), Some(right)) = (left, right) else {
        return false;
    };
    match relation {
        FieldRelation::Equals => left == right,
        FieldRelation::Contains => left.contains(right),
        FieldRelation::StartsWith => left.starts_with(right),
        FieldRelation::EndsWith => left.ends_with(right),
    }
}
