//! A question looked at from all sides, and the effort that all the searches for that share.
//!
//! Most of them need little. Where many need much, each of some forty would take as long as the plan itself: so all of them
//! together have as much as the plan had, and each that comes when it is spent has little left.

use std::{
    cell::{Cell, OnceCell},
    ops::Deref,
};

use cordon_model::{Edge, EstateParts, Node, NodeIx};
use cordon_reach::{Removal, leading_to, reach};

use crate::{
    Effort, Question,
    infeasible::Demands,
    solve::{self, Found, NoSet, Ties},
    target::held,
};

/// Of the effort of the question, the part that one search may take, and the part that it may take in any case.
const SHARE: u64 = 5;
const LEAST_SHARE: u64 = 100;

/// A question, and what is left of the effort.
#[derive(Debug)]
pub(super) struct Asked<'q> {
    question: &'q Question<'q>,
    left: Cell<u64>,
    parts: OnceCell<EstateParts>,
}

impl<'q> Deref for Asked<'q> {
    type Target = Question<'q>;

    fn deref(&self) -> &Self::Target {
        self.question
    }
}

impl<'q> Asked<'q> {
    /// Nothing is spent.
    pub(super) fn new(question: &'q Question<'q>) -> Self {
        Self {
            left: Cell::new(question.effort.0),
            parts: OnceCell::new(),
            question,
        }
    }

    /// The parts of the estate for changed estates, everything with the number that it has. Edges that lead on from nothing that
    /// is held, or to no jewel, decide no cut and are left out, as are all names but ids.
    pub(super) fn parts(&self) -> &EstateParts {
        self.parts.get_or_init(|| {
            let (estate, none) = (self.question.estate, Removal::none(self.question.estate));
            let reached = reach(estate, &held(self.question), &none);
            let jewels: Vec<NodeIx> = estate.jewels().map(|(node, _)| node).collect();
            let leads = leading_to(estate, &jewels, &none);
            let matters =
                |edge: &&Edge| reached.contains(edge.from) && leads.binary_search(&edge.to).is_ok();
            let parts = estate.parts();
            let without_names = |node: &Node| Node {
                name: None,
                aliases: Vec::new(),
                ..node.clone()
            };
            EstateParts {
                nodes: parts.nodes.iter().map(without_names).collect(),
                edges: parts.edges.iter().filter(matters).cloned().collect(),
                name: parts.name.clone(),
                currency: parts.currency.clone(),
                services: parts.services.clone(),
                steps: parts.steps.clone(),
            }
        })
    }

    /// The cheapest plan of a question that is this one with something changed.
    ///
    /// # Errors
    /// When there is none, or none was found.
    pub(super) fn cheapest(&self, changed: &Question<'_>) -> Result<Found, NoSet> {
        let all = self.question.effort.0;
        let left = self.left.get().max(all.div_ceil(LEAST_SHARE));
        let effort = Effort(all.div_ceil(SHARE).min(left));
        let found = solve::cheapest(
            &Demands::of(changed).task(changed),
            effort,
            Ties::FirstByIds,
        );
        let work = match &found {
            Ok(found) => found.work,
            Err(NoSet::NotFound(work)) => *work,
            Err(NoSet::Impossible) => 0,
        };
        self.left.set(self.left.get().saturating_sub(work));
        found
    }
}
