//! The corridor: the rooms of the middle as one state machine.
//!
//! [`Engine::advance`] takes the time and one input and gives what follows from it. The daemon, a
//! replay over files, a drill and the simulator all run this function and no other wiring.
//! Invariants: nothing here reads a clock; the same inputs give the same outputs; the order in which
//! hits arrive changes nothing as long as each comes within the lateness; every hit that is set aside
//! is counted with its reason. [`Setup::screen`] is the part without state, which a caller may run
//! on many threads. Absent on purpose: reading bytes, carrying anything out, remembering across a
//! restart.

mod decision;
mod engine;
mod lent;
mod setup;

pub use cordon_detect::{Losses, Repeats, Tally};
pub use cordon_incident::{Change, Knowledge, Mark};
pub use decision::{Decision, decide, suspected};
pub use engine::{Engine, Input, Output};
pub use setup::{Goal, Screen, Screened, Setup};
