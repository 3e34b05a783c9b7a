//! What the planner answers (`docs/reference/plan.md` gives the meaning of each part).

use cordon_model::{Hours, Minutes, Money, NodeIx, ServiceId, ServiceIx, StepIx};

use crate::{FlowProof, Outlook, VettedPlan};

/// What the planner answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Every jewel, in the order of the estate, as the plan leaves it; as it stands if there is no
    /// plan.
    pub targets: Vec<Target>,
    /// The answers that a person compares, one of each kind, in the order of [`AlternativeKind`].
    pub alternatives: Vec<Alternative>,
    /// The plan, or why there is none.
    pub outcome: Outcome,
    /// What else can be known, where [`crate::outlook`] was asked.
    pub outlook: Option<Outlook>,
}

/// The plan, or why there is none.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one outcome an answer, read far more often than moved"
)]
pub enum Outcome {
    /// The cheapest admissible plan found, passed by the checker.
    Plan(VettedPlan),
    /// No admissible plan exists, or none was found.
    Infeasible(Infeasible),
}

/// What becomes of a jewel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetStatus {
    /// It could be reached, and no longer can.
    CutOff,
    /// It is itself a foothold.
    AlreadyHeld,
    /// It can be reached still.
    Reachable,
    /// It could not be reached to begin with.
    NeverReachable,
}

/// One jewel, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The jewel.
    pub node: NodeIx,
    /// Its price.
    pub loss: Money,
    /// What becomes of it.
    pub status: TargetStatus,
    /// The fastest path before any step, foothold first, ties by fewer edges, then ids; empty if
    /// there is none.
    pub path_before: Vec<NodeIx>,
    /// How long that path takes; unknown if an edge on it is unknown, or there is none.
    pub minutes_before: Option<Minutes>,
}

/// What one service loses over the hold.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceLoss {
    /// The service.
    pub service: ServiceIx,
    /// Its loss within the hold.
    pub loss: Money,
    /// When it stops; never if none.
    pub start: Option<Hours>,
}

/// What a set of steps costs over the hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Everything in money.
    pub total: Money,
    /// The steps' own cost.
    pub steps: Money,
    /// Every service, in the order of the estate.
    pub services: Vec<ServiceLoss>,
    /// Hours lost by lifeline services within the hold, beside money.
    pub lifeline: Hours,
}

/// Money lost some time after the cut.
#[derive(Debug, Clone, PartialEq)]
pub struct LossPoint {
    /// How long after.
    pub after: Hours,
    /// The steps' cost and the services' loss until then.
    pub loss: Money,
}

/// Why the price is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// No admissible plan costs less than this.
    pub lower_bound: Money,
    /// Whether the bound is the price.
    pub proven: bool,
    /// In words, how that is known and how to check it.
    pub certificate: String,
    /// A flow that shows a bound to anybody who has the estate; none if nothing has to be cut.
    pub flow: Option<FlowProof>,
    /// Work units spent.
    pub work: u64,
}

/// Which of the answers that a person compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlternativeKind {
    /// No step at all.
    DoNothing,
    /// The cheapest steps that remove every foothold.
    ContainHeld,
    /// Every step there is.
    PullEveryPlug,
    /// The plan itself.
    CheapestCut,
}

/// One of the answers that a person compares.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Which.
    pub kind: AlternativeKind,
    /// Its steps, by id; none if no such set exists (a foothold that no step removes).
    pub steps: Option<Vec<StepIx>>,
    /// What it costs; none if there are no such steps.
    pub price: Option<Price>,
    /// Price and the loss of every jewel left reachable.
    pub exposure: Option<Money>,
    /// Jewels left reachable.
    pub reachable: Vec<NodeIx>,
    /// Protected services that it stops within the hold.
    pub stops_protected: Vec<ServiceIx>,
    /// Whether it is admissible.
    pub admissible: bool,
    /// Loss over time; empty if there are no such steps.
    pub loss_curve: Vec<LossPoint>,
}

/// Steps chosen, with their price and proof, as the solver believes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The chosen steps in the order to carry them out.
    pub steps: Vec<StepIx>,
    /// Every jewel.
    pub targets: Vec<Target>,
    /// What it costs.
    pub price: Price,
    /// Price and the loss of every jewel left reachable.
    pub exposure: Money,
    /// Why nothing is cheaper.
    pub proof: Proof,
    /// Loss over time.
    pub loss_curve: Vec<LossPoint>,
}

/// One reason why no admissible plan exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The jewel that cannot be cut off.
    pub target: NodeIx,
    /// A path to it that stays.
    pub path: Vec<NodeIx>,
    /// The protected services that forbid cutting it; empty if no step cuts it at all.
    pub protected: Vec<ServiceId>,
    /// The steps that would cut it but for them.
    pub steps: Vec<StepIx>,
}

/// What could be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelaxationKind {
    /// Let a protected service stop.
    Unprotect,
    /// Give up a jewel.
    AcceptLoss,
    /// Provide a step that does not exist yet.
    AddStep,
}

/// One way to make a plan possible.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// What is given up.
    pub kind: RelaxationKind,
    /// The service, the jewel, or the edge to be cut, written `from -> to`.
    pub id: String,
    /// What must be given up besides, of the same kinds; empty wherever one thing is enough.
    pub also: Vec<(RelaxationKind, String)>,
    /// Price of the best plan then, the loss of every jewel given up included.
    pub price: Money,
}

/// Why no admissible plan exists, and the cheapest ways out.
#[derive(Debug, Clone, PartialEq)]
pub struct Infeasible {
    /// Work units after which none had been found: then whether one exists is open, and neither reasons nor ways out are
    /// told. None where it is certain that none exists.
    pub not_found_in: Option<u64>,
    /// An irreducible set of reasons: without any one of them an admissible plan exists.
    pub reasons: Vec<Reason>,
    /// Ways out, cheapest first.
    pub relaxations: Vec<Relaxation>,
}
