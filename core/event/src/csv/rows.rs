//! The rows of a table in a stream, and the values of a row.
//!
//! A value may be quoted, and then hold line ends; a quote in it is doubled. A quote opens only at the
//! beginning of a value. Invariants: no more than the longest record accepted is held; a quote
//! that never ends costs the line it opened on, not the rest of the file.

use std::{
    borrow::Cow,
    io::{self, BufRead, ErrorKind},
};

use memchr::{memchr, memchr2, memrchr};

use super::doubled;
use crate::{
    RefusalReason,
    lines::{End, RECORD_BYTES_MAX},
};

/// How often the lines held may be looked at again after a quote that never ends; from then on each line
/// of them is a row, so that no file can make the work grow with its square.
const RETRIES_MAX: u32 = 16;

/// One row without its line end.
pub(crate) struct Row<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) offset: u64,
    pub(crate) refused: Option<RefusalReason>,
    pub(crate) end: End,
}

pub(crate) struct Rows<'r> {
    input: &'r mut dyn BufRead,
    between: u8,
    /// Lines that were read; those before `at` are done with.
    held: Vec<u8>,
    at: usize,
    /// Where `held` begins in the stream.
    offset: u64,
    /// How often lines held were looked at again.
    retries: u32,
}

/// Where the reader of a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first character of a value.
    Begin,
    Plain,
    Quoted,
    /// After a quote in a quoted value, which ends it or is the first of two.
    Quote,
}

impl At {
    fn after(self, byte: u8, between: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Begin | Self::Quote, b'"') | (Self::Quoted, _) => Self::Quoted,
            (_, byte) if byte == between || byte == b'\n' => Self::Begin,
            (Self::Begin, b' ') => Self::Begin,
            (Self::Quote, b'\r') => Self::Quote,
            (_, _) => Self::Plain,
        }
    }
}

impl At {
    /// Where the reader stands behind bytes without a quote or line end.
    fn behind(self, bytes: &[u8], between: u8) -> Self {
        match (self, bytes) {
            (_, []) | (Self::Quoted, _) => self,
            (Self::Quote, _) => bytes.iter().fold(self, |at, b| at.after(*b, between)),
            (Self::Begin | Self::Plain, _) => {
                let begin = memrchr(between, bytes).map_or(0, |at| at + 1);
                let at = if begin > 0 { Self::Begin } else { self };
                let own = bytes.get(begin..).unwrap_or_default();
                own.iter().fold(at, |at, b| at.after(*b, between))
            }
        }
    }
}

impl<'r> Rows<'r> {
    pub(crate) fn new(input: &'r mut dyn BufRead, offset: u64, between: u8) -> Self {
        Self {
            input,
            between,
            held: Vec::new(),
            at: 0,
            offset,
            retries: 0,
        }
    }

    /// The next row, blank ones included; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        if self.at >= self.held.len() {
            self.offset += large(self.held.len());
            self.held.clear();
            self.at = 0;
            self.retries = 0;
        }
        let mut place = At::Begin;
        let mut scanned = self.at;
        loop {
            let fresh = self.held.get(scanned..).unwrap_or_default();
            if let Some(end) = self.row_end(fresh, &mut place) {
                return Ok(Some(self.row(scanned + end, None)));
            }
            scanned = self.held.len();
            if scanned - self.at > RECORD_BYTES_MAX {
                return self.unending().map(Some);
            }
            if self.read_line()? == 0 {
                break;
            }
        }
        let left = self.held.len() - self.at;
        if left == 0 {
            return Ok(None);
        }
        if place == At::Quoted && self.retries < RETRIES_MAX {
            return self.unending().map(Some);
        }
        let end = self.held.len();
        Ok(Some(self.row(end, None)))
    }

    /// Where the row ends in what was read last of it.
    fn row_end(&self, fresh: &[u8], place: &mut At) -> Option<usize> {
        let literal = self.retries >= RETRIES_MAX;
        let mut at = 0;
        loop {
            let rest = fresh.get(at..).unwrap_or_default();
            // Nothing but quotes and line ends makes a difference until the next of them; two quotes in a quoted
            // value make none either.
            if *place == At::Quoted && !literal {
                at += doubled::end(rest)? + 1;
                *place = At::Quote;
                continue;
            }
            let next = memchr2(b'"', b'\n', rest);
            let found = next.and_then(|next| rest.split_at_checked(next));
            let Some((before, [sign, ..])) = found else {
                *place = place.behind(rest, self.between);
                return None;
            };
            let sign = *sign;
            at += before.len() + 1;
            if sign == b'\n' {
                return Some(at);
            }
            *place = place.behind(before, self.between).after(sign, self.between);
        }
    }

    fn read_line(&mut self) -> io::Result<usize> {
        // The standard library's search for the end of a line looks at fewer bytes together.
        let mut read = 0;
        loop {
            let buffered = match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                buffered => buffered?,
            };
            let room = RECORD_BYTES_MAX + 1 - read;
            let near = buffered.get(..room).unwrap_or(buffered);
            let end = memchr(b'\n', near);
            let taken = end.map_or(near.len(), |end| end + 1);
            self.held
                .extend_from_slice(near.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            read += taken;
            if end.is_some() || taken == 0 {
                return Ok(read);
            }
        }
    }

    /// The line on which a quote opened that never ended; what follows it is read anew.
    fn unending(&mut self) -> io::Result<Row<'_>> {
        self.retries += 1;
        let held = self.held.get(self.at..).unwrap_or_default();
        if let Some(end) = held.iter().position(|b| *b == b'\n') {
            let end = self.at + end + 1;
            return Ok(self.row(end, Some(RefusalReason::BrokenCsv)));
        }
        let whole = held.len() <= RECORD_BYTES_MAX;
        let end = self.held.len();
        if whole {
            return Ok(self.row(end, Some(RefusalReason::BrokenCsv)));
        }
        let skipped = self.input.skip_until(b'\n')?;
        let begin = self.at;
        let offset = self.offset + large(begin);
        self.at = end;
        self.offset += large(skipped);
        Ok(Row {
            bytes: self.held.get(begin..end).unwrap_or_default(),
            offset,
            refused: Some(RefusalReason::TooLong),
            end: End::OfLine,
        })
    }

    fn row(&mut self, end: usize, refused: Option<RefusalReason>) -> Row<'_> {
        let begin = self.at;
        self.at = end;
        let whole = self.held.get(begin..end).unwrap_or_default();
        let bytes = whole.strip_suffix(b"\n").unwrap_or(whole);
        Row {
            bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes),
            offset: self.offset + large(begin),
            refused,
            end: End::of(whole),
        }
    }
}

/// The values of a row, their quotes taken off.
pub(crate) fn cells(row: &str, between: u8) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let row = rest?;
        let found = plain(row, between).or_else(|| quoted(row, between));
        let (cell, after) = found.unwrap_or_else(|| any(row, between));
        rest = after;
        Some(cell)
    })
}

/// A value and the row behind it, if there is one.
type Cell<'r> = (Cow<'r, str>, Option<&'r str>);

/// The first value of a row, if it is one part of it as it stands.
fn plain(row: &str, between: u8) -> Option<Cell<'_>> {
    let bytes = row.as_bytes();
    let (value, end) = match bytes.first() {
        Some(b' ') => return None,
        Some(b'"') => {
            let end = 1 + memchr(b'"', bytes.get(1..)?)?;
            (1..end, end + 1)
        }
        Some(_) | None => {
            let end = bytes.iter().position(|b| *b == between || *b == b'\n');
            let end = end.unwrap_or(bytes.len());
            (0..end, end)
        }
    };
    let value = Cow::Borrowed(row.get(value)?);
    match bytes.get(end) {
        None => Some((value, None)),
        Some(sign) if *sign == between => Some((value, row.get(end + 1..))),
        Some(_) => None,
    }
}

/// The first value of a row, if it is quoted as a whole and quotes in it are doubled.
fn quoted(row: &str, between: u8) -> Option<Cell<'_>> {
    let rest = row.strip_prefix('"')?;
    let (value, end) = doubled::halved(rest.as_bytes())?;
    let value = Cow::Owned(value);
    match rest.as_bytes().get(end + 1) {
        None => Some((value, None)),
        Some(sign) if *sign == between => Some((value, rest.get(end + 2..))),
        Some(_) => None,
    }
}

/// The first value of any row, sign by sign.
fn any(row: &str, between: u8) -> Cell<'_> {
    let mut value = Vec::new();
    let mut place = At::Begin;
    for (at, byte) in row.bytes().enumerate() {
        let before = place;
        place = place.after(byte, between);
        match (before, byte) {
            // Inside quotes nothing parts; of two quotes the second counts.
            (At::Begin | At::Quoted, b'"') | (At::Begin, b' ') => {}
            (At::Quote, b'"') | (At::Quoted, _) => value.push(byte),
            (_, byte) if byte == between => return (text(value), row.get(at + 1..)),
            (_, byte) => value.push(byte),
        }
    }
    (text(value), None)
}

fn text<'r>(bytes: Vec<u8>) -> Cow<'r, str> {
    Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
}

fn large(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use std::borrow::Cow;

    use super::{At, RETRIES_MAX, Rows, any, cells};

    fn all(bytes: &[u8]) -> Vec<(u64, Vec<u8>, bool)> {
        let mut input = std::io::BufReader::with_capacity(3, bytes);
        let mut rows = Rows::new(&mut input, 0, b',');
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            found.push((row.offset, row.bytes.to_vec(), row.refused.is_some()));
        }
        found
    }

    #[test]
    fn values_lose_their_quotes_and_nothing_else() {
        let check = |row: &str, expect: &[&str]| {
            assert!(cells(row, b',').eq(expect.iter().copied()), "{row}");
        };
        check("a,b", &["a", "b"]);
        check("\"a\"\"b\",\"c,d\"", &["a\"b", "c,d"]);
        check("5\" disk,x", &["5\" disk", "x"]);
        check(" \"a\", b ", &["a", "b "]);
        check("", &[""]);
        check(",", &["", ""]);
    }

    #[test]
    fn many_open_quotes_take_no_time_that_grows_with_their_square() {
        let bytes = b"a,\"b\nc\n".repeat(20_000);
        let odd = [bytes, b"x,\"y\n".to_vec()].concat();
        assert!(all(&odd).len() > 10_000);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(table in vec(vec("[a-z\",\n ;é]{0,6}", 1..4), 1..6)) {
            let quoted = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
            let lines = table.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(","));
            let text = lines.collect::<Vec<_>>().join("\n");
            let rows = all(text.as_bytes());
            let read: Vec<Vec<String>> = rows
                .iter()
                .map(|(_, row, _)| cells(str::from_utf8(row).unwrap(), b',').map(Cow::into_owned).collect())
                .collect();
            prop_assert_eq!(read, table);
        }

        #[test]
        fn values_taken_whole_are_those_read_sign_by_sign(row in "[a\"\"\",,;\n é]{0,24}") {
            let mut rest = Some(row.as_str());
            let slowly = std::iter::from_fn(|| {
                let (cell, after) = any(rest?, b',');
                rest = after;
                Some(cell)
            });
            prop_assert!(cells(&row, b',').eq(slowly));
        }

        #[test]
        fn quotes_and_line_ends_are_found_as_sign_by_sign(
            bytes in vec(prop::sample::select(b"a,;\"\"\n\r ".to_vec()), 0..24), literal in prop::bool::ANY,
            begin in prop::sample::select(vec![At::Begin, At::Plain, At::Quoted, At::Quote]), cut in 0..24_usize,
        ) {
            let mut input = std::io::empty();
            let mut rows = Rows::new(&mut input, 0, b',');
            rows.retries = if literal { RETRIES_MAX } else { 0 };
            let mut slow = begin;
            let mut expect = None;
            for (at, byte) in bytes.iter().enumerate() {
                if *byte == b'\n' && (literal || slow != At::Quoted) {
                    expect = Some(at + 1);
                    break;
                }
                slow = slow.after(*byte, b',');
            }
            let mut place = begin;
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let found = rows.row_end(first, &mut place);
            let found = found.or_else(|| Some(first.len() + rows.row_end(second, &mut place)?));
            prop_assert_eq!(found, expect);
            prop_assert!(expect.is_some() || place == slow);
        }

        #[test]
        fn every_byte_is_in_some_row(bytes in vec(prop::sample::select(b"a,\"\n\r ".to_vec()), 0..60)) {
            let mut at = 0;
            for (offset, row, _) in all(&bytes) {
                let offset = usize::try_from(offset).unwrap();
                prop_assert!(bytes[at..offset].iter().all(|b| matches!(b, b'\n' | b'\r')));
                prop_assert_eq!(&bytes[offset..offset + row.len()], &row[..]);
                at = offset + row.len();
            }
            prop_assert!(bytes[at..].iter().all(|b| matches!(b, b'\n' | b'\r')));
        }
    }
}
