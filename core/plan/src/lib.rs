//! Reach and prices to the cheapest containment, and the independent check of it.

mod answer;
mod question;

pub use answer::{
    Alternative, AlternativeKind, Draft, Infeasible, LossPoint, Price, Proof, Reason, Relaxation,
    RelaxationKind, ServiceLoss, Target, TargetStatus,
};
pub use question::{Effort, Question};
