//! Compiled rules: one event in, the rules that match it out; correlations over time.
//!
//! A [`RuleSet`] is compiled once and shared among threads; [`RuleSet::screen`] needs no state. A
//! [`Correlator`] keeps the windows of correlations, and is fed hits in the order of their time.
//!
//! Invariants: a rule sees only events of its own log source; a prefilter may only
//! over-approximate, and the plain full evaluation in `authority` decides, so that switching the
//! prefilter off changes nothing but time; every window has a limit, and what is forgotten at a
//! limit is counted. Absent on purpose: decoding of records, the reading of rule texts, and any
//! judgement beyond the single rule.

mod authority;
mod compiled;
mod correlate;
mod evidence;
mod facts;
mod field;
mod fold;
mod glob;
mod moment;
mod predicate;
mod prefilter;
mod route;
mod rule_set;
mod view;
mod witness;

pub use correlate::{Canonical, Correlator};
pub use evidence::Hit;
pub use rule_set::{RuleIx, RuleSet};
