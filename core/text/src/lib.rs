//! The user's text: where it came from, where in it a problem lies, and how to say so.
//!
//! Rules, estates and content pages are written by people. They all pass through here: a [`Source`]
//! is parsed into [`Node`]s that know their [`Span`], and everything wrong with it is collected in a
//! [`Report`] of [`Diagnostic`]s, so that a person sees all problems at once, each with its place.
//!
//! Invariants: a node's span points into the source it was parsed from; scalars keep their exact
//! text, so no decimal is ever rounded on the way in; a repeated key is an error, never a silent
//! override. Absent on purpose: any knowledge of what the text means, and rendering in colour.

mod diagnostic;
mod fields;
mod line;
mod nearest;
mod node;
mod page;
mod source;
mod surrogates;
mod yaml;

pub use diagnostic::{Diagnostic, Report, Severity};
pub use fields::Fields;
pub use line::parse_line;
pub use nearest::nearest;
pub use node::{Node, Scalar, ScalarKind, Value};
pub use page::Page;
pub use source::{Source, Span, Undecoded};
pub use yaml::parse;
