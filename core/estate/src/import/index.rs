//! Relations by one of their ends.

use super::inventory::{Ix, Link, Rel};

/// Pairs of some relations, by where they come from and by where they lead. With each far end goes the
/// reason why the relation is not known, 0 if it is.
#[derive(Debug, Default)]
pub(super) struct Index {
    forth: Ends,
    back: Ends,
}

#[derive(Debug, Default)]
struct Ends {
    near: Vec<Ix>,
    far: Vec<(Ix, u32)>,
}

impl Index {
    /// The links of these relations. Of equal ones a known one counts.
    pub(super) fn new(links: &[Link], rels: &[Rel]) -> Self {
        let ours = || links.iter().filter(|link| rels.contains(&link.rel));
        Self {
            forth: Ends::new(ours().map(|l| (l.from, l.to, l.why)).collect()),
            back: Ends::new(ours().map(|l| (l.to, l.from, l.why)).collect()),
        }
    }

    /// Where the relations of an object lead.
    pub(super) fn out(&self, ix: Ix) -> &[(Ix, u32)] {
        self.forth.of(ix)
    }

    /// Where the relations to an object come from.
    pub(super) fn back(&self, ix: Ix) -> &[(Ix, u32)] {
        self.back.of(ix)
    }

    /// Every pair.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Ix, Ix, u32)> + '_ {
        let pairs = self.forth.near.iter().zip(&self.forth.far);
        pairs.map(|(from, (to, why))| (*from, *to, *why))
    }
}

impl Ends {
    fn new(mut pairs: Vec<(Ix, Ix, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup_by_key(|(near, far, _)| (*near, *far));
        Self {
            near: pairs.iter().map(|(near, ..)| *near).collect(),
            far: pairs.into_iter().map(|(_, far, why)| (far, why)).collect(),
        }
    }

    fn of(&self, ix: Ix) -> &[(Ix, u32)] {
        let first = self.near.partition_point(|near| *near < ix);
        let last = self.near.partition_point(|near| *near <= ix);
        self.far.get(first..last).unwrap_or_default()
    }
}
