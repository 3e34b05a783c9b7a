//! The plan as it is told and read back (`cordon/plan/v1`).

use cordon_model::Value;
use serde::{Deserialize, Serialize};

use super::{Number, Outlook, told::Foothold};

/// The document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// `cordon/plan/v1`.
    pub format: String,
    /// The estate's name.
    pub estate: String,
    /// Which plan for this estate; a later one has a higher number.
    pub generation: u64,
    /// How long the cut is expected to stay.
    pub hold_hours: Number,
    /// The same as a fraction `n/d`, where thousandths do not say it exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_exact: Option<String>,
    /// What is held.
    pub footholds: Vec<Foothold>,
    /// Held entities that the estate does not know.
    pub outside_estate: Vec<String>,
    /// Every jewel.
    pub targets: Vec<Target>,
    /// The chosen steps, in the order to carry them out.
    pub steps: Vec<Step>,
    /// The steps against the intruder; absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub race: Option<Race>,
    /// Why there are no steps; absent if there are some, or if there is no admissible plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_steps: Option<NoSteps>,
    /// What they cost; null if there is no admissible plan.
    pub price: Option<Price>,
    /// Price and the loss of every jewel left reachable; null if there is no admissible plan.
    pub exposure: Option<Number>,
    /// Why nothing is cheaper; null if there is no admissible plan.
    pub proof: Option<Proof>,
    /// Loss over time.
    pub loss_curve: Vec<LossPoint>,
    /// The answers that a person compares.
    pub alternatives: Vec<Alternative>,
    /// Why there is no admissible plan; null if there is one.
    pub infeasible: Option<Infeasible>,
    /// What else can be known; absent if that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
}

/// The steps, one after another, against an intruder who starts with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Race {
    /// When each step is in force; null from the first step of unknown length on.
    pub in_force_minutes: Vec<Option<Number>>,
    /// Jewels that are cut off in the end and may be lost before, in the order of the estate.
    pub may_be_lost: Vec<MayBeLost>,
    /// The loss of all of these.
    pub loss: Number,
}

/// A jewel that may be lost before it is cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MayBeLost {
    /// Its id.
    pub id: String,
    /// What its loss costs.
    pub loss: Number,
    /// How soon the intruder is there by any way that is open for so long; null if unknown.
    pub soonest_minutes: Option<Number>,
    /// The way that may be walked before it is closed, foothold first; of several the one that is open longest.
    pub path: Vec<String>,
    /// How long that way takes; null if unknown.
    pub minutes: Option<Number>,
    /// The number of the step that closes it.
    pub step: usize,
}

/// Why a plan has no steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoSteps {
    /// `nothing_held`, `only_outside_estate` or `nothing_reachable`.
    pub reason: String,
    /// In words.
    pub text: String,
}

/// One jewel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// What its loss costs.
    pub loss: Number,
    /// `cut_off`, `already_held`, `reachable` or `never_reachable`.
    pub status: String,
    /// The fastest path before any step, foothold first; empty if none.
    pub path_before: Vec<String>,
    /// How long it takes; null if unknown.
    pub minutes_before: Option<Number>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its place in the order, from 1.
    pub n: usize,
    /// Its id.
    pub id: String,
    /// What it does.
    pub kind: String,
    /// What it cuts.
    pub removes: Removes,
    /// What stops working.
    pub takes_down: Vec<String>,
    /// Its one-off cost.
    pub cost: Number,
    /// How long it takes; null if unknown.
    pub minutes: Option<Number>,
    /// How it is taken back.
    pub undo: Option<String>,
    /// How to see that it worked.
    pub check: Option<String>,
    /// Whether it only goes forward.
    pub irreversible: bool,
    /// What carries it out, as the estate wrote it.
    #[serde(rename = "do")]
    pub action: Option<Value>,
}

/// What a step cuts, in the words of the estate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Removes {
    /// Nodes all of whose edges are removed.
    pub nodes: Vec<String>,
    /// Edges removed.
    pub edges: Vec<RemovedEdge>,
}

/// Edges named by their ends and, if given, their kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedEdge {
    /// From this node.
    pub from: String,
    /// To this node.
    pub to: String,
    /// Of this kind; absent for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What steps cost over the hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Everything in money.
    pub total: Number,
    /// The steps' own cost.
    pub steps: Number,
    /// Every service.
    pub services: Vec<ServiceLoss>,
    /// Hours lost by lifeline services, beside money.
    pub lifeline_hours: Number,
}

/// What a service loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLoss {
    /// Its id.
    pub id: String,
    /// Its loss within the hold.
    pub loss: Number,
    /// When it stops; null if never.
    pub start_hours: Option<Number>,
    /// Whether no plan may stop it within the hold.
    pub protected: bool,
}

/// Why the price is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// No admissible plan costs less.
    pub lower_bound: Number,
    /// How far the bound stays below the price, as a part of it.
    pub gap: Number,
    /// Whether the bound is the price.
    pub proven: bool,
    /// In words.
    pub certificate: String,
    /// A flow that shows a bound to anybody who has the estate; absent if nothing had to be cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowProof>,
}

/// A flow along attack edges that no admissible plan can be cheaper than.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowProof {
    /// What it carries in money: a bound.
    pub bound: Number,
    /// What one unit of an amount is in money: a fraction `n/d`.
    pub unit: String,
    /// Amounts along edges.
    pub edges: Vec<FlowEdge>,
    /// Amounts through nodes that steps remove.
    pub nodes: Vec<FlowNode>,
    /// What is charged to services.
    pub draws: Vec<FlowDraw>,
    /// Steps that what another is charged with serves for as well.
    pub behind: Vec<FlowBehind>,
}

/// A step that does no more than another and stops no less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowBehind {
    /// The step.
    pub step: String,
    /// The other.
    pub leader: String,
}

/// An amount along an attack edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowEdge {
    /// From this node.
    pub from: String,
    /// To this node.
    pub to: String,
    /// Of this kind.
    pub kind: String,
    /// So much.
    pub amount: u64,
}

/// An amount through a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowNode {
    /// The node.
    pub id: String,
    /// So much.
    pub amount: u64,
}

/// A part of a service's loss that pays for what a step stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowDraw {
    /// The step.
    pub step: String,
    /// The service.
    pub service: String,
    /// So much.
    pub amount: u64,
}

/// Money lost some time after the cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossPoint {
    /// How long after.
    pub hours: Number,
    /// How much by then.
    pub loss: Number,
}

/// One of the answers that a person compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// `do_nothing`, `contain_held`, `pull_every_plug` or `cheapest_cut`.
    pub kind: String,
    /// Its steps by id; null if no such set of steps exists.
    pub steps: Option<Vec<String>>,
    /// Its price over the hold.
    pub price: Option<Number>,
    /// Price and the loss of every jewel left reachable.
    pub exposure: Option<Number>,
    /// Jewels left reachable.
    pub reachable: Vec<String>,
    /// Protected services that it stops within the hold.
    pub stops_protected: Vec<String>,
    /// Whether it is admissible.
    pub admissible: bool,
    /// Loss over time.
    pub loss_curve: Vec<LossPoint>,
}

/// Why there is no admissible plan, and the ways out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Infeasible {
    /// An irreducible set of reasons.
    pub reasons: Vec<Reason>,
    /// Ways out, cheapest first.
    pub relaxations: Vec<Relaxation>,
    /// Work units after which no plan had been found: whether one exists is open then. Absent where none exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_found_in: Option<u64>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The jewel that cannot be cut off.
    pub target: String,
    /// A path to it that stays.
    pub path: Vec<String>,
    /// Protected services that forbid cutting it.
    pub protected: Vec<String>,
    /// Steps that would cut it but for them.
    pub steps: Vec<String>,
}

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relaxation {
    /// `unprotect`, `accept_loss` or `add_step`.
    pub kind: String,
    /// What is given up or added.
    pub id: String,
    /// What must be given up or added besides; absent where one thing is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<GivenUp>,
    /// Price of the best plan then.
    pub price: Number,
}

/// One thing given up or added besides another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenUp {
    /// `unprotect`, `accept_loss` or `add_step`.
    pub kind: String,
    /// What is given up or added.
    pub id: String,
}
