//! Fastest paths: minutes summed, edges of unknown minutes taken as one of two things.
//!
//! Where the minutes of all edges are whole multiples of one unit and small enough, as those that
//! people write are, sums are plain numbers; else they are exact fractions, which take ten times as long.

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

impl Unknown {
    fn shuts(self, edge: &Edge) -> bool {
        self == Self::Shut && edge.minutes.is_none()
    }
}

struct Units(Vec<u32>, Unknown);

impl Aim for Units {
    type Weight = u64;

    fn start(&self) -> u64 {
        0
    }

    fn then(&self, weight: &u64, ix: EdgeIx, edge: &Edge) -> Option<u64> {
        if self.1.shuts(edge) {
            return None;
        }
        let units = self.0.get(ix.index()).copied().unwrap_or(0);
        Some(weight + u64::from(units))
    }
}

struct Fractions(Unknown);

impl Aim for Fractions {
    type Weight = Exact;

    fn start(&self) -> Exact {
        Exact::zero()
    }

    fn then(&self, weight: &Exact, _: EdgeIx, edge: &Edge) -> Option<Exact> {
        if self.0.shuts(edge) {
            return None;
        }
        Some(match &edge.minutes {
            Some(minutes) if !minutes.is_zero() => weight + minutes.exact(),
            Some(_) | None => weight.clone(),
        })
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
    let minutes = || estate.edges().iter().map(|edge| edge.minutes.as_ref());
    let most = BigInt::from(UNITS_MAX);
    let mut unit = BigInt::one();
    for minutes in minutes().flatten() {
        let parts = minutes.exact().denom();
        if !parts.is_one() && !(&unit % parts).is_zero() {
            // The least common multiple: what of the parts is not in the unit yet comes in.
            unit = &unit * Exact::new(unit.clone(), parts.clone()).denom();
            if unit > most {
                return None;
            }
        }
    }
    let small = |minutes: Option<&Minutes>| {
        let Some(minutes) = minutes.map(Minutes::exact) else {
            return Some(0);
        };
        let units = minutes.numer() * (&unit / minutes.denom());
        units
            .to_u32()
            .filter(|units| u64::from(*units) <= UNITS_MAX)
    };
    let units: Option<Vec<u32>> = minutes().map(small).collect();
    units.map(|units| (units, unit))
}
