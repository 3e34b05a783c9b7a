//! Fastest paths: minutes summed, edges of unknown minutes taken as one of two things.
//!
//! Where the minutes of all edges are whole multiples of one unit and small enough, as those that
//! people write are, sums are plain numbers; else they are exact fractions, which take ten times as long.

use std::collections::BTreeMap;

use cordon_model::{Edge, EdgeIx, Estate, Exact, Minutes, NodeIx};
use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};

use crate::{
    Removal,
    tree::{Aim, Tree},
};

/// Largest edge in units, so that sums along a path of any estate stay within 64 bits.
const UNITS_MAX: u64 = 1 << 31;

/// The tree of fastest paths.
#[derive(Debug, Clone)]
pub(crate) enum Fastest {
    /// In units.
    Units(Tree<u64>, Unit),
    /// In minutes.
    Exact(Tree<Exact>),
}

/// What an edge of unknown minutes is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// One that takes no time.
    Instant,
    /// One that nobody walks.
    Shut,
}

/// What stands for unknown minutes among units, which never reach it.
const NOT_KNOWN: u32 = u32::MAX;

struct Units(InUnits, Unknown);

impl Aim for Units {
    type Weight = u64;

    fn start(&self) -> u64 {
        0
    }

    fn then(&self, weight: &u64, ix: EdgeIx, _: &Edge) -> Option<u64> {
        match (self.0.of_edge(ix), self.1) {
            (None, Unknown::Shut) => None,
            (None, Unknown::Instant) => Some(*weight),
            (Some(units), _) => Some(weight + units),
        }
    }
}

struct Fractions(Unknown);

impl Aim for Fractions {
    type Weight = Exact;

    fn start(&self) -> Exact {
        Exact::zero()
    }

    fn then(&self, weight: &Exact, _: EdgeIx, edge: &Edge) -> Option<Exact> {
        match (&edge.minutes, self.0) {
            (Some(minutes), _) if !minutes.is_zero() => Some(weight + minutes.exact()),
            (Some(_), _) | (None, Unknown::Instant) => Some(weight.clone()),
            (None, Unknown::Shut) => None,
        }
    }
}

impl Fastest {
    pub(crate) fn grow(
        estate: &Estate,
        held: &[NodeIx],
        removal: &Removal,
        unknown: Unknown,
    ) -> Self {
        match InUnits::of(estate, std::iter::empty()) {
            Some(units) => {
                let unit = units.unit.clone();
                let tree = Tree::grow(estate, held, removal, &Units(units, unknown));
                Self::Units(tree, unit)
            }
            None => Self::Exact(Tree::grow(estate, held, removal, &Fractions(unknown))),
        }
    }

    pub(crate) fn walk(&self, estate: &Estate, to: NodeIx) -> Option<(NodeIx, Vec<EdgeIx>)> {
        match self {
            Self::Units(tree, _) => tree.walk(estate, to),
            Self::Exact(tree) => tree.walk(estate, to),
        }
    }

    pub(crate) fn minutes(&self, node: NodeIx) -> Option<Minutes> {
        Some(match self {
            Self::Units(tree, unit) => unit.minutes(tree.label(node)?.weight),
            Self::Exact(tree) => Minutes::from_exact(tree.label(node)?.weight.clone()),
        })
    }
}

/// The minutes of every edge in one unit.
#[derive(Debug, Clone)]
pub(crate) struct InUnits {
    pub(crate) unit: Unit,
    by_edge: Vec<u32>,
}

impl InUnits {
    /// In one that some more minutes are whole multiples of; none if they do not fit.
    pub(crate) fn of<'m>(
        estate: &'m Estate,
        more: impl Iterator<Item = &'m Minutes> + Clone,
    ) -> Option<Self> {
        let amounts = Amounts::of(estate);
        let edges = amounts.distinct.iter().copied();
        let unit = Unit::of_all(edges.chain(more.map(Minutes::exact)))?;
        Some(Self {
            by_edge: amounts.in_units(&unit),
            unit,
        })
    }

    /// How many units an edge takes; none if nobody knows.
    pub(crate) fn of_edge(&self, edge: EdgeIx) -> Option<u64> {
        let units = self.by_edge.get(edge.index()).copied();
        units.filter(|units| *units != NOT_KNOWN).map(u64::from)
    }

    /// Whether some minutes are so many units.
    pub(crate) fn has(&self, minutes: &Minutes) -> bool {
        let parts = minutes.exact().denom();
        (&self.unit.in_a_minute % parts).is_zero()
    }
}

/// What all of some minutes are whole multiples of.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    in_a_minute: BigInt,
}

impl Unit {
    fn of_all<'m>(all: impl Iterator<Item = &'m Exact> + Clone) -> Option<Self> {
        let most = BigInt::from(UNITS_MAX);
        let mut in_a_minute = BigInt::one();
        for amount in all.clone() {
            let parts = amount.denom();
            if !parts.is_one() && !(&in_a_minute % parts).is_zero() {
                // The least common multiple: what of the parts is not in the unit yet comes in.
                in_a_minute = &in_a_minute * Exact::new(in_a_minute.clone(), parts.clone()).denom();
                if in_a_minute > most {
                    return None;
                }
            }
        }
        let unit = Self { in_a_minute };
        let mut all = all;
        all.all(|amount| unit.count_of(amount) <= UNITS_MAX)
            .then_some(unit)
    }

    /// So many of it; more than [`UNITS_MAX`] if they do not fit.
    pub(crate) fn count(&self, minutes: &Minutes) -> u64 {
        self.count_of(minutes.exact())
    }

    fn count_of(&self, amount: &Exact) -> u64 {
        let units = amount.numer() * (&self.in_a_minute / amount.denom());
        units.to_u64().unwrap_or(u64::MAX)
    }

    /// What so many are.
    pub(crate) fn minutes(&self, units: u64) -> Minutes {
        Minutes::from_exact(Exact::new(BigInt::from(units), self.in_a_minute.clone()))
    }
}

/// The amounts of minutes that edges have. Edges that share an amount are not compared by it: a million of them
/// have a few.
#[derive(Debug)]
struct Amounts<'e> {
    distinct: Vec<&'e Exact>,
    /// For each edge the number of its own; past the last if that is not known.
    by_edge: Vec<u32>,
}

impl<'e> Amounts<'e> {
    fn of(estate: &'e Estate) -> Self {
        let mut distinct: Vec<&Exact> = Vec::new();
        let mut known: BTreeMap<*const Exact, u32> = BTreeMap::new();
        let mut last: Option<(*const Exact, u32)> = None;
        let mut by_edge = Vec::with_capacity(estate.edges().len());
        for edge in estate.edges() {
            let Some(minutes) = edge.minutes.as_ref().map(Minutes::exact) else {
                by_edge.push(NOT_KNOWN);
                continue;
            };
            let place = std::ptr::from_ref(minutes);
            let number = match last {
                Some((same, number)) if same == place => number,
                Some(_) | None => *known.entry(place).or_insert_with(|| {
                    distinct.push(minutes);
                    u32::try_from(distinct.len() - 1).unwrap_or(NOT_KNOWN)
                }),
            };
            last = Some((place, number));
            by_edge.push(number);
        }
        Self { distinct, by_edge }
    }
    /// By edge, how many of a unit it takes.
    fn in_units(&self, unit: &Unit) -> Vec<u32> {
        let units = self.distinct.iter().map(|amount| unit.count_of(amount));
        let units: Vec<u32> = units
            .map(|units| u32::try_from(units).unwrap_or(NOT_KNOWN))
            .collect();
        let of_edge = |number: &u32| units.get(*number as usize).copied().unwrap_or(NOT_KNOWN);
        self.by_edge.iter().map(of_edge).collect()
    }
}
