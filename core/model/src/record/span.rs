//! Parts of the text of a record.

use std::ops::Range;

use super::{large, small};

/// A part of the record's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// From one byte of the record's text to before another.
    #[inline]
    pub fn between(start: usize, end: usize) -> Self {
        Self {
            start: small(start),
            end: small(end),
        }
    }

    /// The same part of a text that was appended at a mark.
    #[inline]
    #[must_use]
    pub fn behind(self, mark: u32) -> Self {
        Self {
            start: self.start + mark,
            end: self.end + mark,
        }
    }

    /// As a range of bytes.
    #[inline]
    pub fn range(self) -> Range<usize> {
        large(self.start)..large(self.end)
    }
}
