//! What correlations remember, as a document that outlives the process.
//!
//! A snapshot may be taken between any two inputs, and what is restored from it then tells exactly
//! what the original would have told. Only [`v1`] knows the format; the types it is made of are not
//! serialisable by themselves.

pub mod v1;
