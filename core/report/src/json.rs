//! Formats that leave this program and are read back, one module for each version.
//!
//! A version never changes its meaning once released; keys may be added. Formats that are others'
//! stand beside ours under the names of what reads them.

pub mod navigator;
pub mod v1;
