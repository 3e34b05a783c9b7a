//! What else can be known of a question: how its answers age, what other plans there are, and what
//! doubt about footholds would change.
//!
//! Every plan here is the answer of the same search to the same question with something changed: the
//! hold, the prices of steps, or an estate with a few things added that stand for a choice (`changed`).
//! Invariant: what is called a choice is admissible for the question as it was asked. Absent on purpose:
//! which of them is right.

mod asked;
mod changed;
mod choices;
mod doubt;
mod fastest;
mod frontier;
mod holds;

use cordon_model::{Confidence, Foothold, Hours, Minutes, Money, NodeIx, StepIx, StepKind};

use crate::{Answer, Draft, Outcome, Price, Question, Reason, Restoration, restoration};

use asked::Asked;

/// What is known beside the question.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// What may be held, with how sure that is; whatever is held already is passed over.
    pub suspected: Vec<Foothold>,
    /// Kinds of steps that are approved in advance; none if that is not known.
    pub approved: Option<Vec<StepKind>>,
}

/// What else can be known of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The cheapest plan for each hold, shortest first; the question's own hold is one of them.
    pub holds: Vec<AtHold>,
    /// The first whole minute at which the plan has cost more than all that it keeps from the intruder;
    /// none if that never comes, or there is no plan.
    pub break_even: Option<Hours>,
    /// Admissible plans that differ, the cheapest first.
    pub choices: Vec<Choice>,
    /// Whether one of them has only steps that are approved in advance.
    pub in_advance: InAdvance,
    /// What can be had for which loss accepted: no point costs less for as little loss. The least loss
    /// stands first.
    pub frontier: Vec<Accepting>,
    /// The best plan where what is suspected is weighed; none if nothing is, or there is no plan.
    pub robust: Option<Robust>,
    /// The order in which the plan's steps are undone as one foothold after another is cleared; none if there
    /// are no steps.
    pub way_back: Option<Restoration>,
}

/// What a dearer choice is worth, beside the plan, in the race with the intruder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safer<'o> {
    /// How much more it costs.
    pub dearer_by: Money,
    /// How many steps it has.
    pub steps: usize,
    /// What the jewels are worth that may still be lost before it cuts them off.
    pub may_be_lost: &'o Money,
}

impl Outlook {
    /// The choice of which least may be lost before it is in force, if that is less than of the plan, which is the
    /// cheapest choice.
    pub fn safer(&self) -> Option<Safer<'_>> {
        let plan = self.choices.first()?;
        let least = |choice: &&Choice| (choice.may_be_lost.clone(), choice.price.total.clone());
        let safest = self.choices.iter().min_by_key(least)?;
        (safest.may_be_lost < plan.may_be_lost).then(|| Safer {
            dearer_by: Money::from_exact(safest.price.total.exact() - plan.price.total.exact()),
            steps: safest.steps.len(),
            may_be_lost: &safest.may_be_lost,
        })
    }
}

/// The cheapest plan for a hold.
#[derive(Debug, Clone, PartialEq)]
pub struct AtHold {
    /// The hold.
    pub hold: Hours,
    /// The plan; none if no plan is admissible for so long.
    pub plan: Option<Held>,
    /// When the next of the holds' plans has become the better one, to the minute: the first protected
    /// service stops under this one then, or this one has come to cost as much. None if the next is the
    /// same plan, or there is no next.
    pub change_after: Option<Hours>,
}

/// A plan that is kept for some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Its steps in the order of carrying out.
    pub steps: Vec<StepIx>,
    /// What it costs over the hold.
    pub price: Money,
    /// Whether nothing is cheaper.
    pub proven: bool,
    /// When the first protected service stops if it stays; never if none.
    pub stands_until: Option<Hours>,
}

/// What a plan is best at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Merit {
    /// The least price.
    Cheapest,
    /// The least that may be lost before it is in force, then the fewest minutes to carry out step after step, of plans of
    /// which they are known.
    Fastest,
    /// The fewest hours that lifeline services are down.
    FewestLifelineHours,
    /// The fewest steps that only go forward.
    FewestIrreversible,
    /// The fewest of the cheapest plan's steps, for where some of those cannot be done.
    FewestShared,
    /// Nothing but steps approved in advance, none that only goes forward, and no service stopped.
    ApprovedInAdvance,
}

/// Whether some plan has only steps that are approved in advance.
#[derive(Debug, Clone, PartialEq)]
pub enum InAdvance {
    /// There is no plan, or nobody said what is approved in advance.
    NotAsked,
    /// It is among the choices.
    Possible,
    /// There is none, by an irreducible set of reasons. Services that those steps would stop stand as protected ones there.
    Impossible(Vec<Reason>),
    /// None was found before the effort ran out.
    NotFound,
}

/// An admissible plan that is best at something; of those as good, the cheapest.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it is best at.
    pub best_at: Vec<Merit>,
    /// Its steps in the order of carrying out.
    pub steps: Vec<StepIx>,
    /// What it costs.
    pub price: Price,
    /// How long its steps take one after another; unknown if that of any is.
    pub minutes: Option<Minutes>,
    /// What the jewels are worth that may be lost before it cuts them off.
    pub may_be_lost: Money,
    /// How many of its steps only go forward.
    pub irreversible: usize,
    /// What of that it is best at as far as was found only: something may be better at it, or as good and cheaper.
    pub unproven: Vec<Merit>,
}

/// A set of steps that leaves some jewels to be lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepting {
    /// Jewels left reachable, in the order of the estate.
    pub jewels: Vec<NodeIx>,
    /// Their loss.
    pub loss: Money,
    /// Its steps in the order of carrying out.
    pub steps: Vec<StepIx>,
    /// What the steps cost.
    pub price: Money,
}

/// The plan where suspicion is weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Robust {
    /// What is suspected and leads to a jewel or is one, in the order of the estate.
    pub suspects: Vec<Suspect>,
    /// Its steps in the order of carrying out.
    pub steps: Vec<StepIx>,
    /// What they cost.
    pub price: Money,
    /// The price, and the loss of each jewel as surely as any suspect that is left a way to it is held, taken as
    /// independent of each other.
    pub expected: Money,
    /// The same of the cheapest plan.
    pub expected_of_plan: Money,
    /// No plan is expected to cost less than this.
    pub lower_bound: Money,
    /// Whether nothing is expected to cost less.
    pub proven: bool,
}

/// A node that may be held.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// Which.
    pub node: NodeIx,
    /// How sure that is.
    pub confidence: Confidence,
    /// The loss of every jewel that it leads to with nothing cut, times how sure it is that it is held; what
    /// another suspect leads to as well is counted with each.
    pub at_stake: Money,
    /// Whether the plan leaves it no way to any jewel.
    pub cut_off: bool,
}

/// Looks at a question from all sides, beside the answer that it has.
pub fn outlook(question: &Question<'_>, answer: &Answer, beside: &Beside) -> Outlook {
    let question = &Asked::new(question);
    let plan = match &answer.outcome {
        Outcome::Plan(plan) => Some(plan.draft()),
        Outcome::Infeasible(_) => None,
    };
    let choices = plan.map(|plan| choices::choices(question, plan, beside));
    let (choices, in_advance) = choices.unwrap_or((Vec::new(), InAdvance::NotAsked));
    Outlook {
        holds: holds::holds(question, plan),
        break_even: plan.and_then(|plan| holds::break_even(question.estate, plan)),
        choices,
        in_advance,
        frontier: frontier::frontier(question, plan),
        robust: plan.and_then(|plan| doubt::robust(question, plan, &beside.suspected)),
        way_back: plan.and_then(|plan| way_back(question, plan)),
    }
}

fn way_back(question: &Question<'_>, plan: &Draft) -> Option<Restoration> {
    let steps = Some(&plan.steps).filter(|steps| !steps.is_empty())?;
    restoration(question, steps, &[]).ok()
}
