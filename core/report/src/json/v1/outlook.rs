//! What else can be known of a question, as a plan document tells it (`outlook`).

use cordon_model::{Estate, StepIx};
use cordon_plan::{self as plan, Merit};
use serde::{Deserialize, Serialize};

use super::{Number, Reason};

/// What else can be known of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// The cheapest plan for each hold, shortest first.
    pub holds: Vec<AtHold>,
    /// When the plan has cost more than all that it keeps from the intruder; null if never.
    pub break_even_hours: Option<Number>,
    /// Admissible plans that differ, cheapest first.
    pub choices: Vec<Choice>,
    /// Whether a plan has only steps approved in advance; absent where nobody said what is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_in_advance: Option<InAdvance>,
    /// What can be had for which loss accepted, the least loss first.
    pub frontier: Vec<Accepting>,
    /// The best plan where suspicion is weighed; null if nothing suspected leads to a jewel.
    pub robust: Option<Robust>,
}

/// The cheapest plan for a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtHold {
    /// The hold.
    pub hours: Number,
    /// Its steps by id; null if no plan is admissible for so long.
    pub steps: Option<Vec<String>>,
    /// What it costs over that hold.
    pub price: Option<Number>,
    /// Whether nothing is cheaper.
    pub proven: bool,
    /// When the first protected service stops under it; null if never.
    pub stands_until_hours: Option<Number>,
    /// From when on the next plan of these is the better one; null if it is the same.
    pub change_after_hours: Option<Number>,
}

/// A plan that is best at something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// `cheapest`, `fastest`, `fewest_lifeline_hours`, `fewest_irreversible`, `fewest_shared`, `approved_in_advance`.
    pub best_at: Vec<String>,
    /// Its steps by id, in the order of carrying out.
    pub steps: Vec<String>,
    /// What it costs.
    pub price: Number,
    /// How long its steps take one after another; null if unknown.
    pub minutes: Option<Number>,
    /// What the jewels are worth that may be lost before it cuts them off; absent in plans of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_be_lost: Option<Number>,
    /// Hours that lifeline services are down.
    pub lifeline_hours: Number,
    /// How many of its steps only go forward.
    pub irreversible: usize,
    /// Whether nothing is better at any of it.
    pub proven: bool,
    /// What of `best_at` is not proven; absent if all is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unproven: Vec<String>,
}

/// Whether a plan has only steps approved in advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InAdvance {
    /// Null if the search ended before that was known.
    pub possible: Option<bool>,
    /// Why there is none; absent otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// Steps that leave some jewels to be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepting {
    /// Jewels left reachable.
    pub accepted: Vec<String>,
    /// Their loss.
    pub loss: Number,
    /// The steps by id, in the order of carrying out.
    pub steps: Vec<String>,
    /// What they cost.
    pub price: Number,
}

/// The plan where suspicion is weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robust {
    /// What is suspected and leads to a jewel or is one.
    pub suspected: Vec<Suspect>,
    /// Its steps by id, in the order of carrying out.
    pub steps: Vec<String>,
    /// What they cost.
    pub price: Number,
    /// The price, and the loss of each jewel as surely as any suspect that is left a way to it is held.
    pub expected: Number,
    /// The same of the plan itself.
    pub expected_of_plan: Number,
    /// No plan is expected to cost less; absent in plans of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower_bound: Option<Number>,
    /// Whether nothing is expected to cost less.
    pub proven: bool,
}

/// A node that may be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// Its id.
    pub id: String,
    /// How sure that is.
    pub confidence: Number,
    /// The loss of all jewels that it leads to, times that; what others lead to as well counts with each.
    pub at_stake: Number,
    /// Whether the plan leaves it no way to any.
    pub cut_off: bool,
}

impl Outlook {
    /// The document's values.
    pub(super) fn of(estate: &Estate, outlook: &plan::Outlook) -> Self {
        let holds = outlook.holds.iter().map(|at| AtHold::of(estate, at));
        let choices = outlook.choices.iter().map(|c| Choice::of(estate, c));
        let frontier = outlook.frontier.iter().map(|point| Accepting {
            accepted: point
                .jewels
                .iter()
                .map(|&node| estate.node(node).id.to_string())
                .collect(),
            loss: Number::money(&point.loss),
            steps: ids(estate, &point.steps),
            price: Number::money(&point.price),
        });
        Self {
            holds: holds.collect(),
            break_even_hours: outlook.break_even.as_ref().map(Number::hours),
            choices: choices.collect(),
            approved_in_advance: InAdvance::of(estate, &outlook.in_advance),
            frontier: frontier.collect(),
            robust: outlook.robust.as_ref().map(|r| Robust::of(estate, r)),
        }
    }
}

impl AtHold {
    fn of(estate: &Estate, at: &plan::AtHold) -> Self {
        let plan = at.plan.as_ref();
        let until = plan.and_then(|plan| plan.stands_until.as_ref());
        Self {
            hours: Number::hours(&at.hold),
            steps: plan.map(|plan| ids(estate, &plan.steps)),
            price: plan.map(|plan| Number::money(&plan.price)),
            proven: plan.is_none_or(|plan| plan.proven),
            stands_until_hours: until.map(Number::hours),
            change_after_hours: at.change_after.as_ref().map(Number::hours),
        }
    }
}

impl Choice {
    fn of(estate: &Estate, choice: &plan::Choice) -> Self {
        let words = |merits: &[Merit]| merits.iter().map(|m| word(*m).to_owned()).collect();
        Self {
            best_at: words(&choice.best_at),
            steps: ids(estate, &choice.steps),
            price: Number::money(&choice.price.total),
            minutes: choice.minutes.as_ref().map(Number::minutes),
            may_be_lost: Some(Number::money(&choice.may_be_lost)),
            lifeline_hours: Number::hours(&choice.price.lifeline),
            irreversible: choice.irreversible,
            proven: choice.unproven.is_empty(),
            unproven: words(&choice.unproven),
        }
    }
}

impl InAdvance {
    fn of(estate: &Estate, known: &plan::InAdvance) -> Option<Self> {
        let (possible, reasons) = match known {
            plan::InAdvance::NotAsked => return None,
            plan::InAdvance::Possible => (Some(true), &[][..]),
            plan::InAdvance::Impossible(reasons) => (Some(false), reasons.as_slice()),
            plan::InAdvance::NotFound => (None, &[][..]),
        };
        let reasons = reasons.iter().map(|reason| Reason::of(estate, reason));
        Some(Self {
            possible,
            reasons: reasons.collect(),
        })
    }
}

impl Robust {
    fn of(estate: &Estate, robust: &plan::Robust) -> Self {
        let suspects = robust.suspects.iter().map(|suspect| Suspect {
            id: estate.node(suspect.node).id.to_string(),
            confidence: Number::confidence(suspect.confidence),
            at_stake: Number::money(&suspect.at_stake),
            cut_off: suspect.cut_off,
        });
        Self {
            suspected: suspects.collect(),
            steps: ids(estate, &robust.steps),
            price: Number::money(&robust.price),
            expected: Number::money(&robust.expected),
            expected_of_plan: Number::money(&robust.expected_of_plan),
            lower_bound: Some(Number::money(&robust.lower_bound)),
            proven: robust.proven,
        }
    }
}

fn ids(estate: &Estate, steps: &[StepIx]) -> Vec<String> {
    let ids = steps.iter().map(|ix| estate.step(*ix).id.to_string());
    ids.collect()
}

fn word(merit: Merit) -> &'static str {
    match merit {
        Merit::Cheapest => "cheapest",
        Merit::Fastest => "fastest",
        Merit::FewestLifelineHours => "fewest_lifeline_hours",
        Merit::FewestIrreversible => "fewest_irreversible",
        Merit::FewestShared => "fewest_shared",
        Merit::ApprovedInAdvance => "approved_in_advance",
    }
}
