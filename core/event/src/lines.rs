//! Lines of a stream, each with its offset, none longer than the limit.
//!
//! Invariant: a line beyond the limit is passed over without being held in memory; its beginning
//! is kept as a sample. Offsets count every byte of the stream, line ends included.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

use memchr::memchr_iter;

/// Longest record accepted, in bytes: a `CloudTrail` or script-block record of real life is far
/// below 1 MiB, and a thousand files read at once still fit a small machine at this size.
pub(crate) const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// One line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'b> {
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its bytes; only the beginning if it is too long.
    pub(crate) bytes: &'b [u8],
    /// Whether it is beyond the limit.
    pub(crate) fits: Fits,
    /// What ends it.
    pub(crate) end: End,
}

/// What ends a record that a line end should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    OfLine,
    OfFile,
}

impl End {
    /// What ends these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        if bytes.last() == Some(&b'\n') {
            Self::OfLine
        } else {
            Self::OfFile
        }
    }
}

/// Whether a record is within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fits {
    Whole,
    TooLong,
}

pub(crate) struct Lines<'r> {
    input: &'r mut dyn BufRead,
    offset: u64,
    /// A line that did not stand in the input's buffer as a whole.
    buffer: Vec<u8>,
    /// Where lines end in the input's buffer, and how many of them were handed out.
    ends: Vec<usize>,
    handed: usize,
    /// Bytes of the input's buffer that were handed out and are to be consumed.
    lent: usize,
}

/// How many bytes of the input's buffer are looked through for line ends at once.
const LOOKED_THROUGH: usize = 1 << 16;

impl<'r> Lines<'r> {
    pub(crate) fn new(input: &'r mut dyn BufRead, offset: u64) -> Self {
        Self {
            input,
            offset,
            buffer: Vec::new(),
            ends: Vec::new(),
            handed: 0,
            lent: 0,
        }
    }

    /// The next line, empty ones included; none at the end. A line that stands in the input's buffer
    /// as a whole is not copied.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.handed == self.ends.len() {
            self.look_through()?;
        }
        let Some(end) = self.ends.get(self.handed).copied() else {
            return self.next_copied();
        };
        let (begin, offset) = (self.lent, self.offset);
        self.handed += 1;
        self.lent = end + 1;
        self.offset += u64::try_from(self.lent - begin).unwrap_or(u64::MAX);
        let buffered = self.input.fill_buf()?;
        Ok(Some(Line {
            offset,
            bytes: strip_end(buffered.get(begin..=end).unwrap_or_default()),
            fits: Fits::Whole,
            end: End::OfLine,
        }))
    }

    /// Consumes what was handed out, and finds the ends of the lines behind it.
    fn look_through(&mut self) -> io::Result<()> {
        self.input.consume(std::mem::take(&mut self.lent));
        self.ends.clear();
        self.handed = 0;
        let buffered = self.input.fill_buf()?;
        let near = buffered.get(..LOOKED_THROUGH).unwrap_or(buffered);
        self.ends.extend(memchr_iter(b'\n', near));
        Ok(())
    }

    fn next_copied(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let limit = u64::try_from(RECORD_BYTES_MAX + 1).unwrap_or(u64::MAX);
        let taken = (&mut *self.input)
            .take(limit)
            .read_until(b'\n', &mut self.buffer)?;
        if taken == 0 {
            return Ok(None);
        }
        let offset = self.offset;
        self.offset += u64::try_from(taken).unwrap_or(u64::MAX);
        let whole = self.buffer.last() == Some(&b'\n') || taken <= RECORD_BYTES_MAX;
        let fits = if whole {
            Fits::Whole
        } else {
            let skipped = self.input.skip_until(b'\n')?;
            self.offset += u64::try_from(skipped).unwrap_or(u64::MAX);
            Fits::TooLong
        };
        let bytes = strip_end(&self.buffer);
        Ok(Some(Line {
            offset,
            bytes,
            fits,
            end: End::of(&self.buffer),
        }))
    }
}

/// The bytes as text; what is none is replaced, and the text then is not borrowed.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    // Looks at many bytes together, where the replacing one goes from sign to sign.
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

fn strip_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::{Fits, Lines, RECORD_BYTES_MAX};

    #[test]
    fn lines_know_their_offsets_and_lose_their_ends() {
        let mut input: &[u8] = b"a\r\n\nlast";
        let mut lines = Lines::new(&mut input, 3);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push((line.offset, line.bytes.to_vec()));
        }
        assert_eq!(
            seen,
            [(3, b"a".to_vec()), (6, vec![]), (7, b"last".to_vec())]
        );
    }

    #[test]
    fn a_line_beyond_the_limit_is_passed_over_without_being_held() {
        let long = std::io::repeat(b'x').take(200 * 1024 * 1024);
        let mut input = BufReader::new(long.chain(&b"\nnext\n"[..]));
        let mut lines = Lines::new(&mut input, 0);
        assert_eq!(lines.next().unwrap().unwrap().fits, Fits::TooLong);
        assert!(lines.buffer.capacity() <= 2 * RECORD_BYTES_MAX + 2);
        let next = lines.next().unwrap().unwrap();
        assert_eq!((next.bytes, next.fits), (&b"next"[..], Fits::Whole));
        assert_eq!(next.offset, 200 * 1024 * 1024 + 1);
    }

    #[test]
    fn a_line_at_the_limit_is_whole() {
        let long = std::io::repeat(b'x').take(u64::try_from(RECORD_BYTES_MAX).unwrap());
        let mut input = BufReader::new(long.chain(&b"\n"[..]));
        let mut lines = Lines::new(&mut input, 0);
        assert_eq!(lines.next().unwrap().unwrap().fits, Fits::Whole);
    }
}
