//! What a reviewer should not have to look for: the order of the house, checked by machine.
//!
//! Each check gives a list of sentences, one for each thing out of order, so that a failing test
//! names everything at once. Absent on purpose: anything that the compiler or clippy checks already.

mod catalogue;
mod content;
mod generated;
mod markdown;
mod repo;
mod rooms;
mod sources;
mod words;

pub use content::{kinds_without_a_page, rules_without_examples};
pub use generated::{generate, stale};
pub use markdown::paths_that_do_not_exist;
pub use repo::Repo;
pub use rooms::{arrows_against_the_order, arrows_differ, arrows_nobody_uses};
pub use sources::{files_too_long, files_without_a_purpose, names_that_say_nothing};
pub use words::words_of_the_workplace;

/// What can go wrong while looking: never a finding, always the world.
pub type Fault = Box<dyn std::error::Error>;
