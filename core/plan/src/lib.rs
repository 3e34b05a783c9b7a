//! Reach and prices to the cheapest containment, and the independent check of it.

mod answer;
mod check;
mod question;

pub use answer::{
    Alternative, AlternativeKind, Answer, Draft, Infeasible, LossPoint, Outcome, Price, Proof,
    Reason, Relaxation, RelaxationKind, ServiceLoss, Target, TargetStatus,
};
pub use check::VettedPlan;
pub use question::{Effort, Question};
