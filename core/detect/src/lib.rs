//! Compiled rules: one event in, the rules that match it out; correlations over time.
//!
//! A [`RuleSet`] is compiled once and shared among threads, each of which has a [`Screener`]. A
//! [`Correlator`] keeps the windows of correlations, and is fed records in the order of their time,
//! which a [`Reorder`] brings about.
//!
//! Invariants: a rule sees only events of its own log source; an index may only
//! over-approximate, and evaluation decides, so that trying every rule changes nothing but time; every window has a limit, and what is forgotten at a
//! limit is counted. Absent on purpose: decoding of records, the reading of rule texts, and any
//! judgement beyond the single rule.

mod authority;
mod check;
mod compiled;
mod correlate;
mod evidence;
mod example;
mod explain;
mod facts;
mod fold;
mod folded;
mod glob;
mod index;
mod layouts;
mod moment;
mod names;
mod predicate;
mod reorder;
mod route;
mod rule_set;
mod screener;
mod sight;
mod slots;
pub mod snapshot;
mod witness;

pub use correlate::{Canonical, Correlator, Losses};
pub use evidence::{Hit, Match};
pub use example::{NoRecord, example_record, one_name, tell};
pub use explain::{
    Asks, Explanation, Judged, JudgedBody, JudgedLine, JudgedSelection, JudgedValue, LogFit,
    LogPart, NearMiss, Seen, SingleRule, Term, explain,
};
pub use reorder::{Reorder, Repeats, Tally};
pub use rule_set::{RuleIx, RuleSet};
pub use screener::Screener;
