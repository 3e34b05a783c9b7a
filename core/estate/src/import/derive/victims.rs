//! Users and computers with several rights at once, of which a rule asks something besides.
//!
//! Tens of thousands may have a right on each of thousands of hosts. What is asked of a victim alone is judged once for
//! each rule, and where all victims lead to one edge, the first that decides it is the last that is looked at.

use std::rc::Rc;

use super::{Bound, Doubt, Run, at};
use crate::import::{
    holders::{contains, intersect, list},
    inventory::Ix,
    rule::{From, Right},
};

/// Objects other than groups that meet what is asked of them alone.
pub(super) struct Victims {
    surely: Vec<u64>,
    perhaps: Vec<u64>,
}

impl Run<'_, '_> {
    /// Every user and computer that has all of the rights and meets the conditions, bound to a name. Where all of them
    /// lead to one edge, no more are looked at than decide it.
    pub(super) fn victims(
        &mut self,
        (rights, name): (&[Right], usize),
        bound: &mut Bound,
        doubt: &Doubt,
        mut then: impl FnMut(&mut Self, &Bound, Doubt, Ix),
    ) {
        let rights = self.rights(rights, bound);
        let asked = self.asked_victims(name);
        let mut all = self.holders.everyone(&rights.all);
        let known = rights.why.map(|_| self.holders.everyone(&rights.known));
        let mut first = known.as_ref().unwrap_or(&all).clone();
        intersect(&mut first, &asked.surely);
        intersect(&mut all, &asked.perhaps);
        let rest = list(&all).filter(|ix| !contains(&first, *ix));
        let edge = self.one_edge(bound, name);
        for victim in list(&first).chain(rest) {
            // Whoever comes after the first is in doubt, as everybody is where all is.
            let may_settle = *doubt == Doubt::None && contains(&first, victim);
            let so_far = edge.and_then(|edge| self.found.get(&edge));
            if so_far.is_some_and(|so_far| *so_far == Doubt::None || !may_settle) {
                break;
            }
            let in_doubt = known.as_ref().is_some_and(|known| !contains(known, victim));
            let why = rights.why.filter(|_| in_doubt).unwrap_or(0);
            let doubt = doubt.clone().or_link(why);
            self.with(bound, name, victim, |run, bound| {
                if let Some(doubt) = run.conditions(bound, doubt) {
                    then(run, bound, doubt, victim);
                }
            });
        }
    }

    /// The edge that a rule derives whoever is the victim, if it is one.
    fn one_edge(&self, bound: &Bound, victim: usize) -> Option<(Ix, Ix)> {
        let From::Beside(from, ..) = self.rule.source else {
            return None;
        };
        let depends = [Some(from), Some(self.rule.to), self.rule.ground];
        let ends = (at(bound, from)?, at(bound, self.rule.to)?);
        (!depends.contains(&Some(victim))).then_some(ends)
    }

    /// Who may be a victim by what is asked of victims alone.
    fn asked_victims(&mut self, name: usize) -> Rc<Victims> {
        if let Some(known) = &self.victims {
            return Rc::clone(known);
        }
        let judged = |ix: Ix| {
            let mut bound = vec![None; self.rule.names.len()];
            if let Some(cell) = bound.get_mut(name) {
                *cell = Some(ix);
            }
            let other = self.inventory.kind(ix) != "group";
            self.conditions(&bound, Doubt::None).filter(|_| other)
        };
        let victims = Rc::new(Victims {
            surely: self.holders.among(|ix| judged(ix) == Some(Doubt::None)),
            perhaps: self.holders.among(|ix| judged(ix).is_some()),
        });
        self.victims = Some(Rc::clone(&victims));
        victims
    }
}
