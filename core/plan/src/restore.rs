//! The way back: in which order steps are undone while accounts and hosts are cleared.
//!
//! What is cleared is held no longer. Each undo leaves every jewel cut off from what is held still, and lets the intruder
//! back into nothing that was cleared; the checker of plans passes what stays in place after each. Of what can be undone
//! that comes first which returns most per minute of work (`gain`). Absent on purpose: whether something is clean, which
//! people find out; carrying anything out.

mod gain;

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Exact, Hours, Minutes, Money, NodeIx, ServiceIx, StepIx};
use cordon_reach::Widening;
use num_bigint::BigInt;

use crate::{
    Flaw, Question,
    check::{Undoing, inadmissible_on_the_way},
    inadmissible,
    target::held,
};
use gain::{Gain, Trade};

/// Footholds of which it is tried what clearing them next would return; of more the first by id. Each takes a walk of the
/// estate, and as many again for what can be undone then.
const TRIED_MAX: usize = 16;

/// The way back from a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Restoration {
    /// What was said to be cleared and can be taken again from what is held still, each by which path. It counts as held.
    pub taken_again: Vec<(NodeIx, Vec<NodeIx>)>,
    /// The stages, the first for what is cleared already; nothing is held in the last.
    pub stages: Vec<Stage>,
    /// What stays in place after the last, in the order of the plan.
    pub stays: Vec<StepIx>,
}

/// What can be undone once some footholds more are cleared.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The footholds cleared at its beginning, all together, in the order of the estate.
    pub cleared: Vec<NodeIx>,
    /// How many footholds are held still.
    pub held: usize,
    /// What is undone, in order.
    pub undo: Vec<Undo>,
    /// What stays in place at its end for another reason than before, and in the first all that stays; in the order of the
    /// plan. Whatever else stayed stays for the reason told last.
    pub stays: Vec<Stay>,
}

/// One step undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The step.
    pub step: StepIx,
    /// How long that takes, taken to be as long as doing it; unknown if that is.
    pub minutes: Option<Minutes>,
    /// Loss over the hold that steps in place cause no longer.
    pub returns: Money,
    /// Hours over the hold that lifeline services are down no longer.
    pub lifeline: Hours,
    /// Services that no step in place stops any longer, in the order of the estate.
    pub services: Vec<ServiceIx>,
}

/// One step that stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// The step.
    pub step: StepIx,
    /// Why.
    pub why: Why,
    /// The place among the stages of that in which it is undone; none if it stays for good.
    pub until: Option<usize>,
}

/// Why a step stays in place.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// It only goes forward.
    OnlyForward,
    /// Undone, it opens this path from what is held still to a jewel.
    OpensJewel(Vec<NodeIx>),
    /// Undone, it lets the intruder back by this path into what was cleared.
    LetsBackIn(Vec<NodeIx>),
}

/// The way back from an admissible set of steps, of whose footholds some are cleared already.
///
/// # Errors
/// What makes the steps no admissible plan.
///
/// # Panics
/// When the checker refuses what stays in place after an undo, which is a bug of this crate.
pub fn restoration(
    question: &Question<'_>,
    steps: &[StepIx],
    cleared: &[NodeIx],
) -> Result<Restoration, Vec<Flaw>> {
    let flaws = inadmissible(question, steps);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let held = held(question);
    let mut now = State::new(question, held, steps);
    let taken_again = now.taken_again(cleared);
    let clean = |node: &NodeIx| !taken_again.iter().any(|(taken, _)| taken == node);
    let first: Vec<NodeIx> = cleared.iter().copied().filter(clean).collect();
    let mut trade = Trade::new(question, steps);
    let mut blocked = Blocked::default();
    let mut stages = vec![stage(&mut trade, &mut now, &mut blocked, &first)];
    while !now.held.is_empty() {
        let next = now.next(&mut trade, &blocked);
        stages.push(stage(&mut trade, &mut now, &mut blocked, &next));
    }
    if let Some(stage) = stages.first_mut() {
        let told = stage.stays.drain(..).map(|stay| (stay.step, stay.why));
        let mut told: BTreeMap<StepIx, Why> = told.collect();
        let stays = steps.iter().filter_map(|&step| {
            let forward = question.estate.step(step).irreversible;
            let forward = forward.then_some(Why::OnlyForward);
            let why = forward.or_else(|| told.remove(&step))?;
            Some(Stay {
                step,
                why,
                until: None,
            })
        });
        stage.stays = stays.collect();
    }
    tell_until(&mut stages);
    vet(question, steps, &stages);
    Ok(Restoration {
        taken_again,
        stages,
        stays: now.left,
    })
}

/// Tells beside what stays in which stage it is undone.
fn tell_until(stages: &mut [Stage]) {
    let mut undone: BTreeMap<StepIx, usize> = BTreeMap::new();
    for (number, stage) in stages.iter().enumerate() {
        undone.extend(stage.undo.iter().map(|undo| (undo.step, number)));
    }
    for stay in stages.iter_mut().flat_map(|stage| &mut stage.stays) {
        stay.until = undone.get(&stay.step).copied();
    }
}

/// What cannot be undone yet, and why. The more is undone or cleared, the more is reached or guarded, so that it stays so
/// until that from which its path begins is cleared.
#[derive(Debug, Default)]
struct Blocked {
    /// By step, that from which its path begins.
    by: BTreeMap<StepIx, NodeIx>,
    steps: BTreeMap<NodeIx, BTreeSet<StepIx>>,
}

impl Blocked {
    fn remove(&mut self, step: StepIx) {
        let steps = self.by.remove(&step).and_then(|by| self.steps.get_mut(&by));
        if let Some(steps) = steps {
            steps.remove(&step);
        }
    }

    fn insert(&mut self, step: StepIx, why: &Why) {
        self.remove(step);
        let by = match why {
            Why::OnlyForward => None,
            Why::OpensJewel(path) | Why::LetsBackIn(path) => path.first(),
        };
        if let Some(by) = by {
            self.by.insert(step, *by);
            self.steps.entry(*by).or_default().insert(step);
        }
    }
}

/// What is held, what was, and what is in place.
#[derive(Debug, Clone)]
struct State<'q> {
    /// In the order of the estate.
    held: Vec<NodeIx>,
    /// The same, by id.
    by_id: Vec<NodeIx>,
    /// By node, whether it must not be reached: a jewel that is not held, or what was cleared.
    guarded: Vec<bool>,
    /// In the order of the plan.
    left: Vec<StepIx>,
    reached: Widening<'q>,
}

impl<'q> State<'q> {
    /// Nothing is cleared.
    fn new(question: &Question<'q>, held: Vec<NodeIx>, steps: &[StepIx]) -> Self {
        let estate = question.estate;
        let is_jewel = |node: NodeIx| estate.node(node).jewel.is_some();
        let guards = |node: NodeIx| is_jewel(node) && held.binary_search(&node).is_err();
        let mut by_id = held.clone();
        by_id.sort_by_key(|node| &estate.node(*node).id);
        Self {
            reached: Widening::new(estate, &held, steps),
            guarded: estate.node_indices().map(guards).collect(),
            left: steps.to_vec(),
            by_id,
            held,
        }
    }

    /// Footholds said to be cleared that the others lead to.
    fn taken_again(&self, cleared: &[NodeIx]) -> Vec<(NodeIx, Vec<NodeIx>)> {
        let mut reached = self.reached.clone();
        reached.release(cleared);
        let mut again: Vec<NodeIx> = cleared.to_vec();
        again.retain(|node| reached.contains(*node));
        again.sort_unstable();
        again.dedup();
        again
            .into_iter()
            .map(|node| (node, reached.path(node)))
            .collect()
    }

    fn clear(&mut self, nodes: &[NodeIx]) {
        for held in [&mut self.held, &mut self.by_id] {
            held.retain(|node| !nodes.contains(node));
        }
        for node in nodes {
            if let Some(guarded) = self.guarded.get_mut(node.index()) {
                *guarded = true;
            }
        }
        self.reached.release(nodes);
    }

    /// The footholds to be cleared next, together: one with all that lead to it, as it would be taken again from those.
    /// Clearing them returns most for each.
    fn next(&self, trade: &mut Trade<'q>, blocked: &Blocked) -> Vec<NodeIx> {
        let mut groups: Vec<Vec<NodeIx>> = Vec::new();
        for node in self.by_id.iter().take(TRIED_MAX) {
            let together = self.reached.leading_to(*node).into_iter();
            let is_held = |node: &NodeIx| self.held.binary_search(node).is_ok();
            let group = together.filter(is_held).collect();
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        if let [group] = groups.as_slice() {
            return group.clone();
        }
        let mut best: Option<(Gain, usize, Vec<NodeIx>)> = None;
        for group in groups {
            let open = self.open(trade, blocked, &group);
            let undo = if open.is_empty() {
                Vec::new()
            } else {
                let mut then = self.clone();
                then.clear(&group);
                let undo = Pass::new(trade, &mut then, open).run().0;
                for undone in &undo {
                    trade.redo(undone.step);
                }
                undo
            };
            let mut gain = Gain::of(&undo);
            gain.minutes = Exact::from(BigInt::from(group.len()));
            let is_better = best.as_ref().is_none_or(|(best, many, known)| {
                let by_number = (undo.len() * known.len()).cmp(&(many * group.len()));
                gain.cmp(best).then(by_number).is_gt()
            });
            if is_better {
                best = Some((gain, undo.len(), group));
            }
        }
        best.map_or_else(|| self.held.clone(), |(.., group)| group)
    }

    /// What may be undone once some footholds are cleared, as far as is known.
    fn open(&self, trade: &Trade<'_>, blocked: &Blocked, cleared: &[NodeIx]) -> Vec<StepIx> {
        let estate = trade.question.estate;
        if !blocked.by.is_empty() {
            let by = cleared.iter().filter_map(|node| blocked.steps.get(node));
            return by.flatten().copied().collect();
        }
        let left = self.left.iter().copied();
        left.filter(|step| !estate.step(*step).irreversible)
            .collect()
    }
}

fn stage<'q>(
    trade: &mut Trade<'q>,
    now: &mut State<'q>,
    blocked: &mut Blocked,
    cleared: &[NodeIx],
) -> Stage {
    now.clear(cleared);
    let open = now.open(trade, blocked, cleared);
    let (undo, why) = Pass::new(trade, now, open).run();
    for undone in &undo {
        blocked.remove(undone.step);
    }
    for (step, why) in &why {
        blocked.insert(*step, why);
    }
    let stays = now.left.iter().filter_map(|step| {
        let why = why.get(step)?.clone();
        Some(Stay {
            step: *step,
            why,
            until: None,
        })
    });
    let stays: Vec<Stay> = stays.collect();
    let mut cleared = cleared.to_vec();
    cleared.sort_unstable();
    cleared.dedup();
    Stage {
        cleared,
        held: now.held.len(),
        stays,
        undo,
    }
}

/// Has the checker of plans look at what is in place on the way, at each stage and after each undo.
fn vet(question: &Question<'_>, steps: &[StepIx], stages: &[Stage]) {
    let way = stages.iter().map(|stage| Undoing {
        cleared: stage.cleared.clone(),
        undone: stage.undo.iter().map(|undo| undo.step).collect(),
    });
    let way: Vec<Undoing> = way.collect();
    let flaws = inadmissible_on_the_way(question, steps, &way);
    assert_eq!(flaws, [], "what stays in place on the way back is a plan");
}

/// One walk over what can be undone while nothing more is cleared.
struct Pass<'p, 'q> {
    trade: &'p mut Trade<'q>,
    now: &'p mut State<'q>,
    /// What was not tried yet.
    open: Vec<StepIx>,
    undo: Vec<Undo>,
    /// What was tried and cannot be undone. The more is undone the more is reached, so that it stays so.
    blocked: BTreeMap<StepIx, Why>,
}

impl<'p, 'q> Pass<'p, 'q> {
    fn new(trade: &'p mut Trade<'q>, now: &'p mut State<'q>, open: Vec<StepIx>) -> Self {
        Self {
            open,
            undo: Vec::new(),
            blocked: BTreeMap::new(),
            trade,
            now,
        }
    }

    /// First what returns trade, then what returns none, the quickest first.
    fn run(mut self) -> (Vec<Undo>, BTreeMap<StepIx, Why>) {
        while let Some(steps) = self.trade.best(&self.open) {
            for step in steps {
                self.try_to_undo(step);
            }
        }
        let estate = self.trade.question.estate;
        let mut rest = std::mem::take(&mut self.open);
        rest.sort_by_key(|&step| {
            let step = estate.step(step);
            (step.minutes.is_none(), &step.minutes, &step.id)
        });
        for step in rest {
            self.try_to_undo(step);
        }
        (self.undo, self.blocked)
    }

    fn try_to_undo(&mut self, step: StepIx) {
        self.open.retain(|other| *other != step);
        if let Some(why) = self.opens(step) {
            self.blocked.insert(step, why);
            return;
        }
        self.now.reached.undo(step);
        self.now.left.retain(|other| *other != step);
        let returned = self.trade.undo(step);
        self.undo.push(Undo {
            step,
            minutes: self.trade.question.estate.step(step).minutes.clone(),
            returns: Money::from_exact(returned.money),
            lifeline: Hours::from_exact(returned.lifeline),
            services: returned.services,
        });
    }

    /// Why a step cannot be undone: what it opens to the most precious jewel, else to what was cleared.
    fn opens(&self, step: StepIx) -> Option<Why> {
        let estate = self.trade.question.estate;
        let guards = |node: NodeIx| self.now.guarded.get(node.index()) == Some(&true);
        let opened = self.now.reached.would_reach(step, guards);
        let loss = |node: NodeIx| estate.node(node).jewel.as_ref().map(|jewel| &jewel.loss);
        // Of equals the first of the estate.
        let most = opened.into_iter().rev().max_by_key(|(node, _)| loss(*node));
        most.map(|(node, path)| match loss(node) {
            Some(_) => Why::OpensJewel(path),
            None => Why::LetsBackIn(path),
        })
    }
}
