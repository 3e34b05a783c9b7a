//! Who has several rights at once, alone or through groups.
//!
//! The answer names whoever is nearest to the rights: whoever has the first right directly and the others in any way,
//! and among the members of those who have only the first, groups that have the others, which stand for their members,
//! and whoever has them by no such group. Rights that
//! everybody has, by groups whose members no inventory lists, ask nothing of anybody.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::{
    everybody::{AUTHENTICATED, EVERYONE},
    index::Index,
    inventory::{Inventory, Ix},
};

/// Names of the relation between a member and a group, of a directory and of a tenant.
pub(super) const MEMBER_OF: [&str; 2] = ["MemberOf", "AZMemberOf"];

/// Sets kept at most: one of 400,000 objects takes 50 kB, and there may be as many as hosts.
const CLOSURES_MAX: usize = 1_000;

/// Members of a group from which on its own members are worked out once, and not for each host that it administers.
/// A set of 60,000 objects is 1,000 words, so that fewer members are walked as fast.
const WIDE_MIN: usize = 256;

/// A set of objects.
pub(super) type Set = Rc<Vec<u64>>;

/// Memberships, and what was worked out about them.
pub(super) struct Holders<'i> {
    inventory: &'i Inventory,
    members: Rc<Index>,
    everybody: Vec<u64>,
    closures: RefCell<BTreeMap<Vec<Ix>, Set>>,
}

impl<'i> Holders<'i> {
    pub(super) fn new(inventory: &'i Inventory, members: Rc<Index>) -> Self {
        let mut everybody = vec![0; words(inventory)];
        for ix in inventory.indices() {
            let id = inventory.id(ix);
            let ends = |end: &str| id == end || id.ends_with(&format!("-{end}"));
            if [AUTHENTICATED, EVERYONE].into_iter().any(ends) {
                insert(&mut everybody, ix);
            }
        }
        Self {
            inventory,
            members,
            everybody,
            closures: RefCell::default(),
        }
    }

    /// Whoever has all of the rights, each given by those who have it directly.
    pub(super) fn of_all(&self, rights: &[Vec<Ix>]) -> Vec<Ix> {
        let asking: Vec<&Vec<Ix>> = rights.iter().filter(|r| !self.is_everybodys(r)).collect();
        let (first, others) = match asking.as_slice() {
            [] => return distinct(rights.iter().flatten().copied().collect()),
            [only] => return distinct((*only).clone()),
            [first, others @ ..] => (*first, others),
        };
        let mut have = (*self.closure(others.first().copied().unwrap_or(first))).clone();
        for other in others.iter().skip(1) {
            intersect(&mut have, &self.closure(other));
        }
        let (whole, parts): (Vec<Ix>, Vec<Ix>) = first.iter().partition(|ix| contains(&have, **ix));
        intersect(&mut have, &self.closure(&parts));
        let nearest = |ix: &Ix| {
            let mut groups = self.members.out(*ix).iter();
            let stands_for_others = !self.members.back(*ix).is_empty();
            stands_for_others || !groups.any(|(group, _)| contains(&have, *group))
        };
        distinct(list(&have).filter(nearest).chain(whole).collect())
    }

    /// Everybody who has all the rights. Where everybody has some of them, whoever has the others
    /// does; where everybody has all, whoever is known to have any.
    pub(super) fn everyone(&self, rights: &[Vec<Ix>]) -> Vec<u64> {
        let asking: Vec<&Vec<Ix>> = rights.iter().filter(|r| !self.is_everybodys(r)).collect();
        let mut sets = asking.iter().map(|right| self.closure(right));
        let Some(first) = sets.next() else {
            return (*self.closure(&distinct(rights.concat()))).clone();
        };
        let mut common = (*first).clone();
        sets.for_each(|other| intersect(&mut common, &other));
        common
    }

    /// Everybody of whom something holds.
    pub(super) fn among(&self, holds: impl Fn(Ix) -> bool) -> Vec<u64> {
        let mut found = vec![0; words(self.inventory)];
        for ix in self.inventory.indices().filter(|ix| holds(*ix)) {
            insert(&mut found, ix);
        }
        found
    }

    fn is_everybodys(&self, right: &[Ix]) -> bool {
        let reached = self.closure(&distinct(right.to_vec()));
        let both = reached.iter().zip(&self.everybody);
        both.into_iter().any(|(one, two)| one & two != 0)
    }

    /// These and all their members, and the members of those.
    fn closure(&self, of: &[Ix]) -> Set {
        if let Some(known) = self.closures.borrow().get(of) {
            return Rc::clone(known);
        }
        let mut found = vec![0; words(self.inventory)];
        let mut open = of.to_vec();
        for ix in of {
            insert(&mut found, *ix);
        }
        let alone = of.len() == 1;
        while let Some(ix) = open.pop() {
            let members = self.members.back(ix);
            if !alone && members.len() >= WIDE_MIN {
                let wide = self.closure(&[ix]);
                found
                    .iter_mut()
                    .zip(&*wide)
                    .for_each(|(word, more)| *word |= more);
                continue;
            }
            for (member, _) in members {
                if !contains(&found, *member) {
                    insert(&mut found, *member);
                    open.push(*member);
                }
            }
        }
        let found = Rc::new(found);
        let mut closures = self.closures.borrow_mut();
        if closures.len() >= CLOSURES_MAX {
            closures.clear();
        }
        closures.insert(of.to_vec(), Rc::clone(&found));
        found
    }
}

fn words(inventory: &Inventory) -> usize {
    inventory.objects.len().div_ceil(64)
}

fn distinct(mut list: Vec<Ix>) -> Vec<Ix> {
    list.sort_unstable();
    list.dedup();
    list
}

fn insert(set: &mut [u64], ix: Ix) {
    if let Some(word) = set.get_mut(ix as usize / 64) {
        *word |= 1 << (ix % 64);
    }
}

pub(super) fn contains(set: &[u64], ix: Ix) -> bool {
    let word = set.get(ix as usize / 64).copied().unwrap_or(0);
    word & (1 << (ix % 64)) != 0
}

pub(super) fn intersect(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word &= other;
    }
}

pub(super) fn list(set: &[u64]) -> impl Iterator<Item = Ix> + '_ {
    // Most sets are of a few among hundreds of thousands.
    let some = (0_u32..).zip(set).filter(|(_, word)| **word != 0);
    some.flat_map(|(place, word)| {
        let word = *word;
        (0..64)
            .filter(move |bit| word & (1 << bit) != 0)
            .map(move |bit| place * 64 + bit)
    })
}
