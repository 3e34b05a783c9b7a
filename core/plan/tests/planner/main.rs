//! The planner as those who ask it see it.
#![expect(
    clippy::disallowed_methods,
    reason = "how many random estates are tried is set from outside for long runs"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::similar_names,
    reason = "a test that does not find what it expects fails there and then; `hold` and `held` are \
              the words of the domain"
)]

mod answers;
mod doubt;
mod every_subset;
mod large;
mod laws;
mod outlook;
mod plain;
mod race;
mod restore;
mod sketch;
mod wide_groups;
