//! Reach and prices to the cheapest containment, and the independent check of it.
//!
//! [`answer`] searches for the cheapest set of steps that cuts the intruder off from every jewel and
//! stops no protected service, proves that nothing cheaper exists, and says what people would compare it
//! with. Invariants: the same question gets the same answer, to the byte; every comparison is exact; no
//! plan leaves this room unless [`check`], which does not trust the search, passed it. Absent on purpose:
//! time, formats, carrying out.

mod alternative;
mod answer;
mod check;
mod infeasible;
mod no_steps;
mod order;
mod outlook;
mod planner;
mod price;
mod question;
mod race;
mod relax;
mod restore;
mod solve;
mod target;
mod vet;

pub use alternative::assess;
pub use answer::{
    Alternative, AlternativeKind, Answer, Draft, Infeasible, LossPoint, Outcome, Price, Proof,
    Reason, Relaxation, RelaxationKind, ServiceLoss, Target, TargetStatus,
};
pub use check::{Flaw, VettedPlan, check, inadmissible, vet_targets};
pub use no_steps::NoSteps;
pub use order::{Wave, wave};
pub use outlook::{
    Accepting, AtHold, Beside, Choice, Held, InAdvance, Merit, Outlook, Robust, Safer, Suspect,
    outlook,
};
pub use planner::answer;
pub use price::{loss_curve, price};
pub use question::{Effort, Question};
pub use race::{Race, TooLate, race};
pub use restore::{Restoration, Stage, Stay, Undo, Why, restoration};
pub use vet::{Draw, FlowFlaw, FlowProof, vet_flow};
