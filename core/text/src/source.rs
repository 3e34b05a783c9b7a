//! A piece of text with a name, and places in it.

use std::sync::Arc;

use crate::Diagnostic;

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

    /// Names a text that comes as bytes: UTF-8, or UTF-16 behind its byte order mark.
    ///
    /// # Errors
    /// Where the bytes are no text: what is wrong, and the text to show it in, with a stand-in for
    /// each byte that is none.
    pub fn decode(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Result<Self, Box<Undecoded>> {
        let name = name.into();
        match bytes.as_slice() {
            [0xff, 0xfe, units @ ..] => return Self::of_utf16(name, units, u16::from_le_bytes),
            [0xfe, 0xff, units @ ..] => return Self::of_utf16(name, units, u16::from_be_bytes),
            _ => {}
        }
        let (error, bytes) = match String::from_utf8(bytes) {
            Ok(text) => return Ok(Self::new(name, text)),
            Err(error) => (error.utf8_error(), error.into_bytes()),
        };
        let (good, rest) = bytes
            .split_at_checked(error.valid_up_to())
            .unwrap_or_default();
        let at = Span::end_of(&String::from_utf8_lossy(good));
        let byte = rest.first().copied().unwrap_or_default();
        let shown = Self::new(name, String::from_utf8_lossy(&bytes));
        let message = format!("expected text in UTF-8, found the byte 0x{byte:02x}");
        let problem = Diagnostic::error(&shown, at, "not-utf8", message).help(
            "save the file as UTF-8: an editor offers that where it saves under another name",
        );
        Err(Box::new(Undecoded { shown, problem }))
    }

    fn of_utf16(
        name: Arc<str>,
        bytes: &[u8],
        unit: fn([u8; 2]) -> u16,
    ) -> Result<Self, Box<Undecoded>> {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let (mut text, mut broken) = (String::new(), None);
        for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            if decoded.is_err() {
                broken = broken.or(Some(text.len()));
            }
            text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let end = text.len();
        let Some(at) = broken.or((!odd.is_empty()).then_some(end)) else {
            return Ok(Self::new(name, text));
        };
        let at = Span::end_of(text.get(..at).unwrap_or_default());
        let shown = Self::new(name, text);
        let message = "expected text in UTF-16, found half a character".to_owned();
        let problem =
            Diagnostic::error(&shown, at, "not-utf16", message).help("save the file as UTF-8");
        Err(Box::new(Undecoded { shown, problem }))
    }
}

/// Bytes that are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecoded {
    /// The text with stand-ins.
    pub shown: Source,
    /// What is wrong with it, at its first byte that is none of a text.
    pub problem: Diagnostic,
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

    /// The place just after the last character of a text.
    fn end_of(text: &str) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let line = count(text.matches('\n').count()).saturating_add(1);
        let last = text.rsplit('\n').next().unwrap_or_default();
        let column = count(last.chars().count()).saturating_add(1);
        Self {
            line,
            column,
            end_line: line,
            end_column: column,
        }
    }

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
    use super::{Source, Span};

    #[test]
    fn a_byte_that_is_no_text_is_told_with_its_line_and_column() {
        let bytes = [b"name: a\ncost: ".as_slice(), b"\xe9\xff\n"].concat();
        let undecoded = Source::decode("e.yaml", bytes).unwrap_err();
        let at = undecoded.problem.span;
        assert_eq!((at.line, at.column), (2, 7));
        assert!(undecoded.problem.message.ends_with("0xe9"));
        assert!(undecoded.shown.text.starts_with("name: a\ncost: \u{fffd}"));
        assert_eq!(
            Source::decode("e", b"a".to_vec()).unwrap(),
            Source::new("e", "a")
        );
    }

    #[test]
    fn utf16_is_read_behind_its_mark() {
        let text = "title: é😀\n";
        for (mark, bytes) in [
            ([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ([0xfe, 0xff], u16::to_be_bytes),
        ] {
            let units: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
            let whole = [mark.as_slice(), &units].concat();
            assert_eq!(
                Source::decode("r", whole.clone()),
                Ok(Source::new("r", text))
            );
            for broken in [
                [whole.as_slice(), &[0]].concat(),
                [whole.as_slice(), &bytes(0xd83d), &bytes(0x61)].concat(),
            ] {
                let undecoded = Source::decode("r", broken).unwrap_err();
                let problem = undecoded.problem;
                assert_eq!(
                    (problem.code, problem.span.line, problem.span.column),
                    ("not-utf16", 2, 1)
                );
            }
        }
    }

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
