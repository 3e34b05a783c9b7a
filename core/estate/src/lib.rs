//! Texts of an inventory to one estate of the model, or everything that is wrong with them.
//!
//! [`read`] takes texts of the format `estate/v1`; several add up to one estate. [`Pages`] are what is
//! known of each kind of step and attack edge: they complete steps that leave out their undo and check,
//! and tell a known kind from a new one. Invariants: an estate is given only if no text has an error,
//! and all errors are given at once, each with its place; numbers are exact; a kind without a page is
//! never an error. What each key means, and what was decided where the format leaves room, stands in
//! `docs/reference/estate.md`. [`make`] makes steps from an estate, as pages say. Absent on purpose: reading
//! files, and deciding what a name in a log or on a command line means.

mod cycle;
mod edge;
mod finding;
mod header;
mod import;
mod lines;
mod make;
mod names;
mod need;
mod node;
mod page;
mod place;
mod prices;
mod read;
mod recipe;
mod scalar;
mod service;
mod spelling;
mod step;
mod write;

pub use finding::{Finding, findings};
pub use import::{
    Direction, Import, ImportError, Imported, Kinds, Note, Options, PLACES_MAX, Pair, Undirected,
    Unknown, opengraph_id,
};
pub use lines::is_by_line;
pub use make::{Asked, LeftOut, Made, Useless, make};
pub use page::{EdgePage, Pages, StepPage};
pub use prices::Prices;
pub use read::{Grounds, Read, Reading, read, read_beside};
pub use write::{write_estate, write_head, write_steps};
