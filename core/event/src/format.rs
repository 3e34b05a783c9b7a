//! What a stream holds, judged by its first bytes alone.

use memchr::memmem;
use serde::de::IgnoredAny;

use crate::{csv, w3c};

/// How many bytes the judgement may rest on: dozens of records of any log.
pub(crate) const PREFIX_BYTES_MAX: usize = 64 * 1024;

/// Shapes of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A Windows event log file.
    Evtx,
    /// Text in UTF-16, whatever it holds.
    Utf16(Endian),
    /// One record on each line: JSON, syslog or plain text.
    Lines,
    /// JSON whose records are not bound to lines: arrays, envelopes, pretty-printed objects.
    Values,
    /// Rows of values below a row of names, parted by this byte.
    Csv(u8),
    /// Rows below `#Fields:`.
    W3c,
    /// Windows events as XML.
    Xml,
    /// Nothing but blanks, or nothing at all.
    Empty,
    /// None of these.
    Binary,
}

/// Which byte of a UTF-16 unit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

pub(crate) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
pub(crate) const EVTX_MAGIC: &[u8] = b"ElfFile\0";

/// Judges a stream by its first [`PREFIX_BYTES_MAX`] bytes, or all of it if it is shorter.
pub(crate) fn recognise(prefix: &[u8]) -> Format {
    if prefix.starts_with(EVTX_MAGIC) {
        return Format::Evtx;
    }
    if prefix.starts_with(b"\xff\xfe") {
        return Format::Utf16(Endian::Little);
    }
    if prefix.starts_with(b"\xfe\xff") {
        return Format::Utf16(Endian::Big);
    }
    let text = prefix.strip_prefix(UTF8_MARK).unwrap_or(prefix);
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(b"\x1e").unwrap_or(text);
    if let Some(format) = dumped(text) {
        return format;
    }
    match text.split_first() {
        // Blanks this long may well have records after them.
        None if prefix.len() >= PREFIX_BYTES_MAX => Format::Lines,
        None => Format::Empty,
        Some((b'{', _)) => of_objects(text),
        Some((b'[', rest)) if is_array(rest) => Format::Values,
        Some(_) if is_binary(text) => Format::Binary,
        Some((b'<', _)) if is_xml(text) => Format::Xml,
        Some((b'#', _)) if w3c::is_one(text) => Format::W3c,
        Some(_) => csv::recognise(text).map_or(Format::Lines, Format::Csv),
    }
}

/// Whether a text is Windows events in XML, and not lines whose priority stands in such brackets.
fn is_xml(text: &[u8]) -> bool {
    let begins = |mark: &[u8]| text.starts_with(mark);
    let announced = begins(b"<?xml") || begins(b"<Events") || begins(b"<!--");
    let has = |mark: &[u8]| memmem::find(text, mark).is_some();
    begins(b"<Event ") || begins(b"<Event>") || (announced && (has(b"<Event ") || has(b"<Event>")))
}

/// Whether what follows a bracket is JSON and not the tag of a line of text.
fn is_array(rest: &[u8]) -> bool {
    matches!(
        rest.trim_ascii_start().first(),
        None | Some(b'{' | b']' | b'[')
    )
}

/// `evtx_dump` writes `Record 1` before each event, as JSON or, unless told otherwise, as XML.
fn dumped(text: &[u8]) -> Option<Format> {
    let rest = text.strip_prefix(b"Record ")?;
    let number = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let event = rest.get(number..)?.trim_ascii_start();
    match event.first()? {
        b'{' => Some(Format::Values),
        b'<' if is_xml(event) => Some(Format::Xml),
        _ => None,
    }
}

/// Text has no zero bytes, and what a terminal would choke on is rare in it.
fn is_binary(text: &[u8]) -> bool {
    let strange = text
        .iter()
        .filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x1b))
        .count();
    text.contains(&0) || strange * 20 > text.len()
}

/// How many lines are looked at when the first one is no complete object.
const LINES_LOOKED_AT_MAX: usize = 20;

/// Tells objects on lines from objects across lines.
fn of_objects(text: &[u8]) -> Format {
    let mut lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or_default();
    if is_object(first) {
        return if opens_envelope(first) {
            Format::Values
        } else {
            Format::Lines
        };
    }
    // The first line may be the broken one: a whole object on a later line decides.
    let on_lines = lines
        .take(LINES_LOOKED_AT_MAX)
        .any(|line| line.starts_with(b"{\"") && is_object(line));
    if on_lines {
        Format::Lines
    } else {
        Format::Values
    }
}

fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

fn opens_envelope(line: &[u8]) -> bool {
    let mut splitter = crate::values::Splitter::new(0);
    let mut pieces = 0_u32;
    let mut whole = false;
    let mut take = |piece: crate::values::Piece<'_>| {
        pieces += 1;
        whole = piece.bytes.len() == line.len();
    };
    splitter.feed(line, &mut take);
    !(pieces == 1 && whole)
}

#[cfg(test)]
mod tests {
    use super::{Endian, Format, recognise};

    #[test]
    fn formats_are_told_apart_by_their_content() {
        let check = |bytes: &[u8], expect| assert_eq!(recognise(bytes), expect, "{bytes:?}");
        check(b"ElfFile\0\0\0", Format::Evtx);
        check(b"\xff\xfe{\0", Format::Utf16(Endian::Little));
        check(b"", Format::Empty);
        check(b" \r\n", Format::Empty);
        check(b"{\"a\":1}\n{\"b\":2}\n", Format::Lines);
        check(b"\xef\xbb\xbf{\"a\":1}", Format::Lines);
        check(b"{\"a\":\n{\"b\":2}\n", Format::Lines);
        check(b"{\"a\":1}{\"b\":2}\n", Format::Values);
        check(b"{\n \"a\": {\n \"b\": 1 }\n}\n", Format::Values);
        check(b"{\"Records\":[{\"a\":1}]}", Format::Values);
        check(b"{\"value\":[]}\n", Format::Values);
        check(b"[\n {\"a\":1}]", Format::Values);
        check(b"[2025-01-01] started\n", Format::Lines);
        check(b"<14>1 2025-01-01T00:00:00Z h a - - - x\n", Format::Lines);
        check(b"Record 1\n{\n}", Format::Values);
        check(
            b"Record 1\n<?xml version=\"1.0\"?>\n<Event xmlns=\"x\">",
            Format::Xml,
        );
        check(b"Record 1 was lost\n", Format::Lines);
        check(
            b"<?xml version=\"1.0\"?><Events><Event xmlns=\"x\">",
            Format::Xml,
        );
        check(b"<Event xmlns='x'><System>", Format::Xml);
        check(b"<html><body>", Format::Lines);
        check(b"a,b,c\n1,2,3\n", Format::Csv(b','));
        check(b"#Fields: date time\n", Format::W3c);
        check(b"# a comment\n", Format::Lines);
        check(b"\x7fELF\x02\x01\x01\0\0\0", Format::Binary);
    }
}
