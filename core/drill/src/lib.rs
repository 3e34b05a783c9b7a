//! Northgate: a retailer that does not exist, days of its logs, and what really happened in them.
//!
//! [`northgate`] and [`northgate_day`] are pure functions of a seed. Invariants: the same seed gives the same bytes; every
//! name that the logs of the intrusion use for somebody or something of the estate is one of its
//! aliases there; public addresses come from the ranges kept for documentation. Absent on purpose:
//! anything that attacks, real names, the clock, and detection: the drill knows what happened
//! because it made it happen, and never by reading its own logs. What others tell of it is compared
//! with that ([`card`]).

mod account;
mod app;
mod card;
mod cast;
mod chance;
mod day;
mod estate;
mod intrusion;
mod json;
mod ledger;
mod log;
mod machine;
mod moment;
mod names;
mod northgate;
mod outlets;
mod people;
mod place;
mod profile;
mod program;
mod source;
mod truth;

pub use card::{Card, IntrusionCard, Told, ToldHeld, card};
pub use northgate::{DEFAULT_SEED, northgate, northgate_by_clocks, northgate_day};
pub use outlets::{Outlets, Shape, Written};
pub use profile::Profile;
pub use truth::{Drill, Held, LogFile, NoTruth, Stage, Truth, TruthStep};
