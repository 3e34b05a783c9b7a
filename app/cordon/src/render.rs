//! How results look: tables, diagnostics and JSON, apart from how they are found.
//!
//! Everything that comes from a log or a file passes through [`plain`] before a terminal sees it.

mod amount;
mod bench;
mod catalogue;
mod coverage;
mod detections;
mod diagnostics;
mod estate;
mod explanation;
mod import;
mod inert;
mod look;
mod made;
mod one_record;
mod order;
mod outlook;
mod plan;
mod prose;
mod race;
mod reach;
mod record;
mod reference;
mod restore;
mod stake;
mod story;
mod table;
mod tenancies;
mod verdict;

pub(crate) use amount::counted;
pub(crate) use bench::{bench, bench_json};
pub(crate) use catalogue::catalogue;
pub(crate) use coverage::coverage;
pub(crate) use detections::{detection, detections};
pub(crate) use diagnostics::{diagnostics, doubt};
pub(crate) use estate::{estate, estate_line, findings, node, steps_of};
pub(crate) use explanation::{correlation, explanation, failed_example, looked_at, near_words};
pub(crate) use import::{import, pairs};
pub(crate) use inert::{json_on_one_line, plain, plain_json, plain_lines};
pub(crate) use look::{Look, Tone};
pub(crate) use made::made;
pub(crate) use one_record::one_record;
pub(crate) use order::{order, stays};
pub(crate) use plan::plan;
pub(crate) use prose::{hung, wrap};
pub(crate) use reach::{explained, reach};
pub(crate) use record::{record, tally};
pub(crate) use reference::reference;
pub(crate) use restore::restoration;
pub(crate) use story::story;
pub(crate) use table::{Column, table};
