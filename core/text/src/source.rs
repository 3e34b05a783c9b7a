//! A piece of text with a name, and places in it.

use std::sync::Arc;

/// A text and the name a person knows it by, usually its path as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name shown in diagnostics.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// A stretch of a source: lines and columns count from 1, columns in characters, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

impl Span {
    /// A span of no width, for problems of a whole file.
    pub const START: Self = Self {
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
    };

    /// The byte range of this span in `text`, clipped to it.
    pub fn bytes(&self, text: &str) -> std::ops::Range<usize> {
        let start = offset(text, self.line, self.column);
        let end = offset(text, self.end_line, self.end_column).max(start);
        start..end
    }
}

fn offset(text: &str, line: u32, column: u32) -> usize {
    let mut start = 0;
    for (number, row) in (1_u32..).zip(text.split_inclusive('\n')) {
        if number == line {
            let skip = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
            return row
                .char_indices()
                .nth(skip)
                .map_or(start + row.len(), |(at, _)| start + at);
        }
        start += row.len();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn a_span_counts_characters_and_yields_bytes() {
        let span = Span {
            line: 2,
            column: 2,
            end_line: 2,
            end_column: 4,
        };
        assert_eq!(span.bytes("a\néüb\n"), 4..7);
    }

    #[test]
    fn a_span_past_the_end_is_clipped() {
        let span = Span {
            line: 9,
            column: 1,
            end_line: 9,
            end_column: 3,
        };
        assert_eq!(span.bytes("abc"), 3..3);
    }
}
