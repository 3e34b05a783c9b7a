//! The simulator of carrying out: a world in which calls come late, twice or never, others meddle,
//! executors die at any write or sleep through their replacement, and undos fail.
//!
//! One seed makes one world and one order. Whatever happens in it, the laws in [`check_act`] must
//! hold. Nothing here is kinder than the contract of connectors: a call may take effect until it is
//! too old to, whatever was answered.

mod event;
mod executors;
mod laws;
mod order;
mod targets;
mod world;

pub use laws::{check_act, check_act_killed};
