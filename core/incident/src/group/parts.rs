//! Detections parted into those that belong together.

use super::{
    Group, Grouping,
    link::{Link, link},
    shelf::Place,
    tell::Joined,
};
use crate::sets::Sets;

/// Stands for a detection that is not among those to be parted.
const ELSEWHERE: u32 = u32::MAX;

/// Where each detection is among those to be parted, by place.
struct Ranks(Vec<u32>);

impl Ranks {
    fn of(members: &[Place], all: usize) -> Self {
        let mut ranks = vec![ELSEWHERE; all];
        for (at, member) in (0_u32..).zip(members) {
            if let Some(slot) = ranks.get_mut(*member as usize) {
                *slot = at;
            }
        }
        Self(ranks)
    }

    fn of_place(&self, place: Place) -> Option<usize> {
        let at = self.0.get(place as usize).copied();
        at.filter(|at| *at != ELSEWHERE).map(|at| at as usize)
    }
}

impl Grouping {
    /// Parts detections, which are in their order, into those that belong together.
    pub(super) fn parts(&self, members: &[Place]) -> Vec<Group> {
        let ranks = Ranks::of(members, self.shelf.len());
        let mut sets = Sets::new(members.len());
        let joined = self.join(members, &ranks, &mut sets);
        for (weak, host) in self.attachments(members) {
            if let (Some(weak), Some(host)) = (ranks.of_place(weak), ranks.of_place(host)) {
                sets.join(weak, host);
            }
        }
        let (of_member, sizes) = sets.numbered();
        let group = |size: usize| Group {
            members: Vec::with_capacity(size),
            joined: Vec::new(),
            told: None,
        };
        let mut groups: Vec<Group> = sizes.into_iter().map(group).collect();
        for (member, set) in members.iter().zip(&of_member) {
            if let Some(group) = groups.get_mut(*set as usize) {
                group.members.push(*member);
            }
        }
        for (at, joined) in joined {
            let set = of_member.get(at).map_or(usize::MAX, |set| *set as usize);
            if let Some(group) = groups.get_mut(set) {
                group.joined.push(joined);
            }
        }
        groups
    }

    /// Joins strong detections with those before them; tells which were joined to earlier ones, and by what.
    fn join(&self, members: &[Place], ranks: &Ranks, sets: &mut Sets) -> Vec<(usize, Joined)> {
        let mut joined = Vec::new();
        let mut partners = Vec::new();
        for (at, member) in members.iter().enumerate() {
            partners.clear();
            self.partners(*member, |partner| partners.extend(ranks.of_place(partner)));
            partners.sort_unstable();
            partners.dedup();
            for partner in &partners {
                // What is one already is not weighed again.
                if sets.root(*partner) == sets.root(at) {
                    continue;
                }
                let ends = [at.min(*partner), at.max(*partner)].map(|end| members.get(end));
                let [Some(earlier), Some(later)] = ends else {
                    continue;
                };
                if let Some(Link { by, weight }) = self.link(*earlier, *later) {
                    sets.join(*partner, at);
                    joined.push((at, Joined { by, weight }));
                }
            }
        }
        joined
    }

    /// Gives the strong detections that a strong one may be linked to.
    fn partners(&self, place: Place, mut take: impl FnMut(Place)) {
        let told = self.shelf.get(place);
        let Some(told) = told.filter(|told| told.is_strong()) else {
            return;
        };
        for say in &told.says {
            let Some(seen) = self.seen.get(say.thing.index()) else {
                continue;
            };
            if !seen.is_common() {
                let partners = seen.partners(place, &self.shelf);
                partners.into_iter().flatten().for_each(&mut take);
            }
            if say.is_surely_taken() {
                seen.last_sure(place, &self.shelf)
                    .into_iter()
                    .for_each(&mut take);
            }
            if say.is_own_doing() {
                seen.last_own(place, &self.shelf)
                    .into_iter()
                    .for_each(&mut take);
            }
        }
    }

    fn link(&self, a: Place, b: Place) -> Option<Link> {
        let one = self.shelf.get(a)?;
        let other = self.shelf.get(b)?;
        link(
            one,
            other,
            |thing| self.seen.get(thing.index()).map(|seen| &seen.used),
            |x, y| other.name_of(x).cmp(&other.name_of(y)),
        )
    }
}
