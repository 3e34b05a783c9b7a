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
    /// In units, of which so many make a minute.
    Units(Tree<u64>, BigInt),
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

struct Units(Vec<u32>, Unknown);

impl Aim for Units {
    type Weight = u64;

    fn start(&self) -> u64 {
        0
    }

    fn then(&self, weight: &u64, ix: EdgeIx, _: &Edge) -> Option<u64> {
        match (self.0.get(ix.index()), self.1) {
            (None | Some(&NOT_KNOWN), Unknown::Shut) => None,
            (None | Some(&NOT_KNOWN), Unknown::Instant) => Some(*weight),
            (Some(&units), _) => Some(weight + u64::from(units)),
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
        match in_units(estate) {
            Some((units, in_a_minute)) => Self::Units(
                Tree::grow(estate, held, removal, &Units(units, unknown)),
                in_a_minute,
            ),
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
        Some(Minutes::from_exact(match self {
            Self::Units(tree, in_a_minute) => {
                let units = BigInt::from(tree.label(node)?.weight);
                Exact::new(units, in_a_minute.clone())
            }
            Self::Exact(tree) => tree.label(node)?.weight.clone(),
        }))
    }
}

/// The minutes of every edge in one unit, and how many of it make a minute; none if they do not fit.
fn in_units(estate: &Estate) -> Option<(Vec<u32>, BigInt)> {
    let (amounts, by_edge) = amounts(estate);
    let most = BigInt::from(UNITS_MAX);
    let mut unit = BigInt::one();
    for amount in &amounts {
        let parts = amount.denom();
        if !parts.is_one() && !(&unit % parts).is_zero() {
            // The least common multiple: what of the parts is not in the unit yet comes in.
            unit = &unit * Exact::new(unit.clone(), parts.clone()).denom();
            if unit > most {
                return None;
            }
        }
    }
    let small = |amount: &&Exact| {
        let units = amount.numer() * (&unit / amount.denom());
        let units = units.to_u32();
        units.filter(|units| u64::from(*units) <= UNITS_MAX)
    };
    let units: Option<Vec<u32>> = amounts.iter().map(small).collect();
    let units = units?;
    let of_edge = |number: u32| units.get(number as usize).copied().unwrap_or(NOT_KNOWN);
    Some((by_edge.into_iter().map(of_edge).collect(), unit))
}

/// The amounts of minutes that edges have, and for each edge the number of its own, past the last if that is
/// not known. Edges that share an amount are not compared by it: a million of them have a few.
fn amounts(estate: &Estate) -> (Vec<&Exact>, Vec<u32>) {
    let mut amounts: Vec<&Exact> = Vec::new();
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
                amounts.push(minutes);
                u32::try_from(amounts.len() - 1).unwrap_or(NOT_KNOWN)
            }),
        };
        last = Some((place, number));
        by_edge.push(number);
    }
    (amounts, by_edge)
}
