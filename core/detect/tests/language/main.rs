//! What the Sigma language means, from the text of rules and filters to the verdict on records.
//!
//! `decisions.rs` beside this folder has the corners that are decided field by field; here are those of
//! modifiers together, and of what is joined from several documents.

mod filters;
mod modifiers;
mod placeholders;
mod trial;
