//! Whether the intruder may take a jewel before the steps that cut it off are in force.
//!
//! Steps are taken to run one after another in the order of the plan. A way is open until the first step that cuts it is in
//! force. Where nobody knows how long something takes, nobody knows who is first. What the intruder has passed
//! or opened by then (passwords read, sessions) is not followed any further.

use std::collections::BTreeMap;

use cordon_model::{Estate, Minutes, Money, NodeIx, StepIx};
use cordon_reach::{Chase, OpenWay, Removal, reach};

use crate::{Question, target::held};

/// Steps against the intruder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Race {
    /// When each step is in force, in the order of carrying out; unknown from the first step of unknown length on.
    pub in_force: Vec<Option<Minutes>>,
    /// Jewels that the steps cut off and may come too late for, in the order of the estate.
    pub late: Vec<TooLate>,
}

/// A jewel that may be lost before it is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLate {
    /// The jewel.
    pub jewel: NodeIx,
    /// What its loss costs.
    pub loss: Money,
    /// How soon the intruder is there by any way that is open for so long; unknown if no such way's minutes are known.
    pub soonest: Option<Minutes>,
    /// Whether the intruder is known to be faster if they start with the plan; else nobody knows who is first.
    pub is_certain: bool,
    /// The way that may be walked before it is closed, foothold first; of several the one that is open longest.
    pub way: Vec<NodeIx>,
    /// How long that way takes; unknown if that of some edge is.
    pub minutes: Option<Minutes>,
    /// The number, from 1, of the step that closes it.
    pub step: usize,
}

impl Race {
    /// When the step of a number, from 1, is in force.
    pub fn in_force(&self, number: usize) -> Option<&Minutes> {
        self.in_force.get(number.checked_sub(1)?)?.as_ref()
    }

    /// What may be lost of a jewel's ways, unless it surely is not.
    pub fn late(&self, jewel: NodeIx) -> Option<&TooLate> {
        self.late.iter().find(|late| late.jewel == jewel)
    }
}

/// Runs steps, in that order, against the intruder.
pub fn race(question: &Question<'_>, steps: &[StepIx]) -> Race {
    let course = Course::new(question, steps);
    let (in_force, ways) = course.run(steps);
    let mut race = Race {
        in_force,
        late: Vec::new(),
    };
    for (jewel, loss) in course.jewels {
        let ways = ways.get(&jewel).map_or(&[][..], Vec::as_slice);
        let Some(longest) = ways.iter().max_by_key(|way| (way.closed_by, way.is_known)) else {
            continue;
        };
        let known = || ways.iter().filter(|way| way.is_known);
        race.late.push(TooLate {
            jewel,
            loss,
            soonest: known().map(|way| &way.minutes).min().cloned(),
            is_certain: known().any(|way| race.in_force(way.closed_by).is_some()),
            way: longest.nodes.clone(),
            minutes: longest.is_known.then(|| longest.minutes.clone()),
            step: longest.closed_by,
        });
    }
    race
}

/// What a set of steps is run for, whatever their order.
pub(crate) struct Course<'q> {
    estate: &'q Estate,
    chase: Chase<'q>,
    /// Jewels that the steps cut off, with their losses.
    pub(crate) jewels: Vec<(NodeIx, Money)>,
}

impl<'q> Course<'q> {
    pub(crate) fn new(question: &'q Question<'q>, steps: &[StepIx]) -> Self {
        let (estate, held) = (question.estate, held(question));
        let after = reach(estate, &held, &Removal::of(estate, steps));
        let cut_off = estate.jewels().filter(|(node, _)| !after.contains(*node));
        let jewels: Vec<(NodeIx, Money)> =
            cut_off.map(|(node, j)| (node, j.loss.clone())).collect();
        let nodes: Vec<NodeIx> = jewels.iter().map(|(node, _)| *node).collect();
        Self {
            chase: Chase::new(estate, &held, &nodes, steps),
            jewels,
            estate,
        }
    }

    /// When each step is in force, and by jewel the ways that may be walked before they are closed.
    pub(crate) fn run(
        &self,
        steps: &[StepIx],
    ) -> (Vec<Option<Minutes>>, BTreeMap<NodeIx, Vec<OpenWay>>) {
        let mut so_far = Some(Minutes::zero());
        let in_force = steps.iter().map(|step| {
            let takes = self.estate.step(*step).minutes.as_ref();
            so_far = so_far.as_ref().zip(takes).map(|(sum, takes)| sum + takes);
            so_far.clone()
        });
        let in_force: Vec<Option<Minutes>> = in_force.collect();
        let closing = steps.iter().copied().zip(in_force.iter().cloned());
        let closing: Vec<(StepIx, Option<Minutes>)> = closing.collect();
        let open = self.chase.run(&closing);
        (in_force, open)
    }
}
