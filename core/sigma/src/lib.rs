//! The Sigma language: text to spanned rules, or diagnostics.
//!
//! [`parse`] reads every document of a source: detection rules and correlations become values whose
//! modifiers are already resolved to [`Test`]s, so that whoever matches them needs to know nothing
//! of the language's spelling. Where the specification is silent, the meaning is Cordon's own and
//! each such decision has a test here or in the room that matches.
//!
//! Invariants: nothing of a rule is ever ignored silently; what is not supported refuses the rule
//! with a diagnostic. All problems of a source are reported at once. A rule in [`Parsed`] has no
//! error. Absent on purpose: events, matching, and any knowledge of which log has which field.

mod condition;
mod correlation;
mod date;
mod decimal;
mod detection;
mod document;
mod doubled;
mod encode;
mod expand;
mod filter;
mod filtering;
mod header;
mod item;
mod legacy;
mod log_source;
mod lower;
mod modifier;
mod number;
mod pattern;
mod pipeline;
mod placeholder_file;
mod reader;
mod rule;
mod selection;
mod tag;
mod technique;
mod words;

pub use condition::Expr;
pub use correlation::{Bound, Correlation, CorrelationKind, Measure, Order, Places, Reference};
pub use date::Date;
pub use decimal::Decimal;
pub use document::{Lost, Parsed, parse, parse_with};
pub use doubled::doubled;
pub use expand::Placeholders;
pub use filter::{Filter, FilterTarget};
pub use filtering::{Filtered, apply_filters};
pub use header::{Header, Related};
pub use item::{Comparison, FieldRelation, Item, Quantifier, RegexTest, Test, TimePart};
pub use log_source::LogSource;
pub use number::Number;
pub use pattern::{DASHES, Part, Pattern};
pub use pipeline::{Pipeline, Transformed, is_pipeline, parse_pipeline, transform};
pub use placeholder_file::parse_placeholders;
pub use rule::{Joined, Rule};
pub use selection::{Body, Selection};
pub use technique::{AttackTag, Technique};
pub use words::{Holds, Level, Relation, Status};
