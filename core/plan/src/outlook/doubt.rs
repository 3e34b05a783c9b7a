//! The plan where suspicion is weighed.
//!
//! Each suspect is held or not, whatever the others are, and a jewel is lost if any that is held leads to it: so
//! it is lost as surely as not all of those that lead to it are free. Where suspects are few this is what the
//! search weighs (`worlds`). Where they are many, or the estate is wide, only cutting them off wholly is tried,
//! the most at stake first, and the bound says how much better another plan could be.

mod worlds;

use cordon_model::{Exact, Foothold, Money, NodeIx, StepIx};
use cordon_reach::{Removal, reach};
use num_traits::{One, Zero};

use super::{Robust, Suspect, asked::Asked, changed};
use crate::{Draft, Question, inadmissible, price, target::held};

/// Plans tried where not everything is weighed; each takes a search of its own.
const TRIED_MAX: usize = 8;

/// The plan that is expected to cost least; none if nothing suspected leads to a jewel.
pub(super) fn robust(question: &Asked<'_>, plan: &Draft, suspected: &[Foothold]) -> Option<Robust> {
    let doubt = Doubt::new(question, suspected);
    if doubt
        .suspects
        .iter()
        .all(|suspect| suspect.at_stake.is_zero())
    {
        return None;
    }
    let Tried { sets, lower_bound } = match worlds::cheapest(&doubt) {
        Some(found) => Tried {
            sets: vec![found.steps],
            lower_bound: found.lower_bound,
        },
        None => doubt.cut_off_wholly(plan),
    };
    let weighed = |steps: Vec<StepIx>| (doubt.expected(&steps), steps);
    let (expected_of_plan, of_plan) = weighed(plan.steps.clone());
    let tried = sets.into_iter().map(weighed);
    // Of sets that are expected to cost as much the first stays.
    let (expected, steps) = tried
        .chain([(expected_of_plan.clone(), of_plan)])
        .min_by(|a, b| a.0.cmp(&b.0))?;
    let leads = doubt.leads(&Removal::of(question.estate, &steps));
    let mut suspects = doubt.suspects;
    for (suspect, leads) in suspects.iter_mut().zip(leads) {
        suspect.cut_off = leads.is_empty();
    }
    Some(Robust {
        proven: lower_bound == expected,
        price: price(question.estate, &steps, &question.hold).total,
        lower_bound,
        expected,
        expected_of_plan,
        steps,
        suspects,
    })
}

/// Sets of steps, and what any plan must be expected to cost.
struct Tried {
    sets: Vec<Vec<StepIx>>,
    lower_bound: Money,
}

/// What is suspected, not held, and leads to a jewel or is one: whoever holds a jewel has less of it to lose. Each once,
/// as sure as the surest says.
struct Doubt<'q> {
    question: &'q Asked<'q>,
    suspects: Vec<Suspect>,
    /// Of each suspect how surely it is held, as the decimal that it is told as, so that whoever reads
    /// that can reckon the same.
    sure: Vec<Exact>,
    /// Jewels that are not held with their losses.
    jewels: Vec<(NodeIx, Money)>,
}

impl<'q> Doubt<'q> {
    fn new(question: &'q Asked<'q>, suspected: &[Foothold]) -> Self {
        let held = held(question);
        let jewels = question.estate.jewels();
        let jewels = jewels.filter(|(node, _)| !held.contains(node));
        let mut doubt = Self {
            question,
            suspects: Vec::new(),
            sure: Vec::new(),
            jewels: jewels.map(|(node, j)| (node, j.loss.clone())).collect(),
        };
        let not_held = suspected.iter().filter(|f| !held.contains(&f.node));
        let mut by_node: Vec<&Foothold> = not_held.collect();
        by_node.sort_by(|a, b| {
            let surest = b.confidence.get().total_cmp(&a.confidence.get());
            a.node.cmp(&b.node).then(surest)
        });
        by_node.dedup_by_key(|foothold| foothold.node);
        for foothold in by_node {
            let sure = Money::parse(&foothold.confidence.decimal());
            let sure = sure.map_or_else(|_not_a_decimal| Exact::one(), |sure| sure.exact().clone());
            let jewels = doubt.led_to(foothold.node, &Removal::none(question.estate));
            let all: Money = jewels.iter().map(|&jewel| doubt.loss(jewel)).sum();
            let at_stake = Money::from_exact(all.exact() * &sure);
            let is_jewel = || doubt.jewels.iter().any(|(node, _)| *node == foothold.node);
            if !at_stake.is_zero() || (is_jewel() && !sure.is_zero()) {
                doubt.sure.push(sure);
                doubt.suspects.push(Suspect {
                    node: foothold.node,
                    confidence: foothold.confidence,
                    at_stake,
                    cut_off: false,
                });
            }
        }
        doubt
    }

    fn loss(&self, jewel: NodeIx) -> &Money {
        let known = self.jewels.iter().find(|(node, _)| *node == jewel);
        let Some((_, loss)) = known else {
            unreachable!("what suspects lead to is among the jewels")
        };
        loss
    }

    /// Jewels that a node leads to. One that is held itself is lost already, so it does not lead to itself.
    fn led_to(&self, from: NodeIx, removal: &Removal) -> Vec<NodeIx> {
        let reached = reach(self.question.estate, &[from], removal);
        let jewels = self.jewels.iter().map(|(node, _)| *node);
        jewels
            .filter(|node| *node != from && reached.contains(*node))
            .collect()
    }

    /// The jewels that each suspect leads to.
    fn leads(&self, removal: &Removal) -> Vec<Vec<NodeIx>> {
        let each = self.suspects.iter();
        each.map(|suspect| self.led_to(suspect.node, removal))
            .collect()
    }

    /// What of a jewel's loss is at stake at all: the part that is not lost by its being held itself.
    fn at_stake(&self, jewel: NodeIx) -> Exact {
        let itself = self.suspects.iter().position(|s| s.node == jewel);
        let sure = itself.and_then(|number| self.sure.get(number));
        let free = sure.map_or_else(Exact::one, |sure| Exact::one() - sure);
        self.loss(jewel).exact() * free
    }

    /// What steps cost, and what is expected to be lost under them.
    fn expected(&self, steps: &[StepIx]) -> Money {
        let estate = self.question.estate;
        let leads = self.leads(&Removal::of(estate, steps));
        let mut sum = price(estate, steps, &self.question.hold).total;
        for (jewel, _) in &self.jewels {
            let by = leads.iter().zip(&self.sure);
            let by = by.filter(|(leads, _)| leads.contains(jewel));
            let all_free = by.fold(Exact::one(), |all, (_, sure)| all * (Exact::one() - sure));
            let lost = self.at_stake(*jewel) * (Exact::one() - all_free);
            sum += &Money::from_exact(lost);
        }
        sum
    }

    /// Plans for what is held and some of the suspects, as if those were held too. Either a plan cuts all of them
    /// off, or some jewel stays at stake.
    fn cut_off_wholly(&self, plan: &Draft) -> Tried {
        let leading = self.suspects.iter().filter(|s| !s.at_stake.is_zero());
        let mut order: Vec<&Suspect> = leading.collect();
        order.sort_by(|a, b| b.at_stake.cmp(&a.at_stake).then(a.node.cmp(&b.node)));
        let few = 1..order.len().min(TRIED_MAX);
        let found = |many: usize| {
            let mut question = Question::clone(self.question);
            let more = order.iter().take(many);
            let more = more.map(|suspect| Foothold::said(suspect.node, suspect.confidence));
            question.footholds.extend(more);
            changed::found(self.question, &question).ok()
        };
        let all = found(order.len());
        let some_jewel = self.least_at_stake();
        let open = plan.proof.lower_bound.exact() + some_jewel;
        let lower_bound = match &all {
            Some(all) => open.min(all.lower_bound.exact().clone()),
            None => open,
        };
        let sets = few.filter_map(found).chain(all).map(|found| found.steps);
        // A suspect that is a jewel counts as lost there, so that it may not be cut off.
        let sets = sets.filter(|steps| inadmissible(self.question, steps).is_empty());
        Tried {
            sets: sets.collect(),
            lower_bound: Money::from_exact(lower_bound),
        }
    }

    /// The least that one suspect puts at stake by one jewel.
    fn least_at_stake(&self) -> Exact {
        let leads = self.leads(&Removal::none(self.question.estate));
        let each = leads.iter().zip(&self.sure).flat_map(|(leads, sure)| {
            let jewels = leads.iter().map(|&jewel| self.at_stake(jewel));
            jewels.map(move |at_stake| at_stake * sure)
        });
        each.min().unwrap_or_else(Exact::zero)
    }
}
