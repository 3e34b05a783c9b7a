//! An approved order to effects, each with its undo, and back.
//!
//! [`Run`] is a state machine without clock, threads or network: it is told the time and what
//! happened, and answers what to write down, what to call and which services to look at. What it wrote
//! down is all it remembers, so that starting again is reading the [`Record`]s again.
//!
//! Invariants: the state before is written down before anything is changed; nothing is called on
//! the strength of an answer, but on what is read back; a call whose outcome is unknown may take effect
//! until it is too old to; a recall ends in the state before, whatever arrives late, twice or never.
//! Absent on purpose: any product that effects go to, secrets, and the choice of steps.

mod answer;
mod approval;
mod as_text;
mod attempts;
mod breadth;
mod decide;
mod digest;
mod effect;
mod gate;
mod hand;
pub mod journal;
mod key;
mod limits;
mod means;
mod need;
mod order;
mod policy;
mod progress;
mod record;
mod run;
mod service;
mod state;
mod tally;
mod undo;
mod watch;

pub use answer::{Act, Answer, Evidence, Standing};
pub use approval::{
    APPROVAL_HOURS_MAX, Approval, Approved, Circumstances, Refusal, Statement, as_people, authorise,
};
pub use breadth::ADDRESSES_MAX;
pub use digest::{Digest, NotDigest};
pub use effect::{Effect, EffectIx, Patience, Reversal};
pub use key::{NotKey, PrivateKey, PublicKey};
pub use limits::Limits;
pub use means::Means;
pub use need::{Before, LATELY_HOURS, Lately, Need, needs};
pub use order::{
    Ability, Asked, Catalogue, ConnectorDigest, EFFECTS_MAX, KindFacts, MANUAL, Order, OrderFlaw,
    Origin, Stake, Stop,
};
pub use policy::{
    Asks, Hours, Never, PEOPLE_FOR_LASTING, Person, Policy, PolicyDigest, Rule,
    TARGETS_ON_ONE_WORD_MAX,
};
pub use progress::{Phase, Progress};
pub use record::{Given, Opened, Record, Scope};
pub use run::{Call, CallId, Input, Look, Output, Run, Standstill};
pub use service::{Beat, Guarded, Health};
pub use state::{Misplaced, State};
pub use tally::Tally;
