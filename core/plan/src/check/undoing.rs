//! The check of steps that are undone one after another, while one foothold after another is cleared.
//!
//! Fewer steps let more be reached and stop nothing sooner, so that what is new after each undo is all that can be wrong. Fewer
//! footholds let less be reached, so that only a jewel that was one can be wrong then. Like the check of a plan it shares
//! nothing with what chose the order.

use std::collections::VecDeque;

use cordon_model::{NodeIx, StepIx};

use super::{Flaw, Walk, inadmissible, removed_by};
use crate::Question;

/// Footholds cleared together, and the steps undone after that, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undoing {
    pub(crate) cleared: Vec<NodeIx>,
    pub(crate) undone: Vec<StepIx>,
}

/// Everything that keeps some steps from being an admissible plan, or what is left of them at any time on the way.
pub(crate) fn inadmissible_on_the_way(
    question: &Question<'_>,
    steps: &[StepIx],
    way: &[Undoing],
) -> Vec<Flaw> {
    let mut flaws = inadmissible(question, steps);
    let mut walk = Walk::new(question, steps);
    for stage in way {
        let mut reached = walk.release(&stage.cleared);
        for step in &stage.undone {
            reached.extend(walk.undo(*step));
        }
        let jewels = reached
            .into_iter()
            .filter(|node| question.estate.node(*node).jewel.is_some());
        flaws.extend(jewels.map(|jewel| walk.flaw(jewel)));
    }
    flaws
}

impl Walk<'_> {
    /// Has footholds be held no longer, and returns those of them that are reached from others.
    fn release(&mut self, cleared: &[NodeIx]) -> Vec<NodeIx> {
        let mut lost = Vec::new();
        for &node in cleared {
            self.lose(node, node, &mut lost);
        }
        let mut at = 0;
        while let Some(&node) = lost.get(at) {
            at += 1;
            for (_, to) in self.estate.ways_out(node) {
                self.lose(to, node, &mut lost);
            }
        }
        for &node in &lost {
            let ways = self.estate.ways_in(node);
            let mut open = ways.filter(|(edge, _)| self.removed.get(edge.index()) == Some(&0));
            let reached = |from: &NodeIx| self.from.get(from.index()).is_some_and(Option::is_some);
            let by = open.find(|(_, from)| reached(from));
            if let Some((_, from)) = by
                && self.reaches(node, from)
            {
                self.on(VecDeque::from([node]));
            }
        }
        let again = cleared.iter().copied();
        again
            .filter(|node| self.from.get(node.index()).is_some_and(Option::is_some))
            .collect()
    }

    /// Takes a node out, and notes it, if it was reached from this one.
    fn lose(&mut self, node: NodeIx, from: NodeIx, lost: &mut Vec<NodeIx>) {
        let reached = self.from.get_mut(node.index());
        if let Some(reached) = reached.filter(|reached| **reached == Some(from)) {
            *reached = None;
            lost.push(node);
        }
    }

    /// Undoes a step in place, and returns whatever is reached besides.
    fn undo(&mut self, step: StepIx) -> Vec<NodeIx> {
        let edges = removed_by(self.estate, step);
        for edge in &edges {
            if let Some(times) = self.removed.get_mut(edge.index()) {
                *times = times.saturating_sub(1);
            }
        }
        let mut new = Vec::new();
        for edge in edges {
            let (from, to) = (self.estate.edge(edge).from, self.estate.edge(edge).to);
            let is_open = self.removed.get(edge.index()) == Some(&0);
            let is_held = self.from.get(from.index()).is_some_and(Option::is_some);
            if is_open && is_held && self.reaches(to, from) {
                new.push(to);
                new.extend(self.on(VecDeque::from([to])));
            }
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{NodeIx, StepIx};

    use super::{Undoing, inadmissible, inadmissible_on_the_way};
    use crate::{
        Effort, Question,
        solve::estates::{Dice, case},
    };

    #[test]
    fn a_way_back_is_refused_where_what_is_left_once_is() {
        let (mut refused, mut passed, mut cleared) = (0, 0, 0);
        for seed in 0..3_000 {
            let (case, mut dice) = (case(seed, 8), Dice::new(seed));
            let estate = case.estate();
            let mut question = Question {
                estate: &estate,
                footholds: case.footholds(),
                outside_estate: Vec::new(),
                hold: case.hold.clone(),
                effort: Effort(0),
            };
            let asked = question.clone();
            let mut steps: Vec<StepIx> = estate.step_indices().collect();
            steps.retain(|_| !dice.one_in(4));
            let mut left = steps.clone();
            let mut is_refused = !inadmissible(&question, &left).is_empty();
            let is_plan = !is_refused;
            let mut way = Vec::new();
            for _ in 0..3 {
                let mut stage = Undoing::default();
                let clean: Vec<NodeIx> = question.footholds.iter().map(|f| f.node).collect();
                stage
                    .cleared
                    .extend(clean.into_iter().filter(|_| dice.one_in(3)));
                question
                    .footholds
                    .retain(|f| !stage.cleared.contains(&f.node));
                is_refused |= !inadmissible(&question, &left).is_empty();
                while !left.is_empty() && !dice.one_in(3) {
                    stage.undone.push(left.remove(dice.below(left.len())));
                    is_refused |= !inadmissible(&question, &left).is_empty();
                }
                cleared += stage.cleared.len();
                way.push(stage);
            }
            let flaws = inadmissible_on_the_way(&asked, &steps, &way);
            assert_eq!(!flaws.is_empty(), is_refused, "seed {seed}: {flaws:?}");
            if is_plan {
                *if is_refused {
                    &mut refused
                } else {
                    &mut passed
                } += 1;
            }
        }
        assert!(
            refused > 50 && passed > 200 && cleared > 1_000,
            "{refused}, {passed}, {cleared}"
        );
    }
}
