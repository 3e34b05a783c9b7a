//! The check of steps that are undone one after another.
//!
//! Fewer steps let more be reached and stop nothing sooner, so that what is new after each undo is all that can be wrong. Like
//! the check of a plan it shares nothing with what chose the order.

use std::collections::VecDeque;

use cordon_model::{NodeIx, StepIx};

use super::{Flaw, Walk, inadmissible, removed_by};
use crate::Question;

/// Everything that keeps some steps from being an admissible plan, or what is left of them after any of some undos in order.
pub(crate) fn inadmissible_undoing(
    question: &Question<'_>,
    steps: &[StepIx],
    undone: &[StepIx],
) -> Vec<Flaw> {
    let mut flaws = inadmissible(question, steps);
    let mut walk = Walk::new(question, steps);
    for step in undone {
        let reached = walk.undo(*step);
        let jewels = reached
            .into_iter()
            .filter(|node| question.estate.node(*node).jewel.is_some());
        flaws.extend(jewels.map(|jewel| walk.flaw(jewel)));
    }
    flaws
}

impl Walk<'_> {
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
    use cordon_model::StepIx;

    use super::{inadmissible, inadmissible_undoing};
    use crate::{
        Effort, Question,
        solve::estates::{Dice, case},
    };

    #[test]
    fn steps_undone_one_after_another_are_refused_where_what_is_left_once_is() {
        let (mut refused, mut passed) = (0, 0);
        for seed in 0..2_000 {
            let (case, mut dice) = (case(seed, 8), Dice::new(seed));
            let estate = case.estate();
            let question = Question {
                estate: &estate,
                footholds: case.footholds(),
                outside_estate: Vec::new(),
                hold: case.hold.clone(),
                effort: Effort(0),
            };
            let mut steps: Vec<StepIx> = estate.step_indices().collect();
            steps.retain(|_| !dice.one_in(4));
            let mut left = steps.clone();
            let mut is_refused = !inadmissible(&question, &left).is_empty();
            let mut undone = Vec::new();
            for _ in 0..dice.below(steps.len() + 1) {
                undone.push(left.remove(dice.below(left.len())));
                is_refused |= !inadmissible(&question, &left).is_empty();
            }
            let flaws = inadmissible_undoing(&question, &steps, &undone);
            assert_eq!(!flaws.is_empty(), is_refused, "seed {seed}: {flaws:?}");
            if undone.len() > 1 && inadmissible(&question, &steps).is_empty() {
                *if is_refused {
                    &mut refused
                } else {
                    &mut passed
                } += 1;
            }
        }
        assert!(refused > 50 && passed > 200, "{refused}, {passed}");
    }
}
