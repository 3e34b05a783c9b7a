//! Formats that leave this program and are read back, one module for each version.
//!
//! A version never changes its meaning once released; keys may be added.

pub mod v1;
