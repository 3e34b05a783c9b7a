//! Windows events in a stream of XML, one at a time: alone, one after another, or inside any root.
//!
//! Invariant: no more than the longest record accepted is held. An event that the next one begins inside
//! of is broken, and costs nothing but itself.

use std::io::{self, BufRead};

use memchr::memmem::Finder;

use crate::{RefusalReason, lines::RECORD_BYTES_MAX, values::Piece};

const END: &[u8] = b"</Event>";
const NAME: &[u8] = b"<Event";

/// How many of the last bytes may be the beginning of a mark that is not there as a whole yet.
const OVERLAP: usize = 8;

pub(crate) struct Elements<'r> {
    input: &'r mut dyn BufRead,
    /// Bytes that were read; those before `at` are done with.
    held: Vec<u8>,
    at: usize,
    /// Where `held` begins in the stream.
    offset: u64,
    ended: bool,
    end: Finder<'static>,
    name: Finder<'static>,
}

/// `Record 7`, which `evtx_dump` writes before each event.
fn is_count(words: &[u8]) -> bool {
    let number = words.trim_ascii().strip_prefix(b"Record ");
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// What stands between events.
enum Between {
    /// An event begins here.
    Event,
    /// Marks and blanks that are no record, so many bytes.
    Nothing(usize),
    /// Words that belong to no event, so many bytes.
    Junk(usize),
    /// More bytes are needed to tell.
    More,
}

impl<'r> Elements<'r> {
    pub(crate) fn new(input: &'r mut dyn BufRead, offset: u64) -> Self {
        Self {
            input,
            held: Vec::new(),
            at: 0,
            offset,
            ended: false,
            end: Finder::new(END),
            name: Finder::new(NAME),
        }
    }

    /// The next event, or what stands where one should; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        loop {
            match self.between() {
                Between::Event => return self.event().map(Some),
                Between::Nothing(length) => self.at += length,
                Between::Junk(length) => {
                    let piece = self.piece(length, Some(RefusalReason::BrokenXml));
                    return Ok(Some(piece));
                }
                Between::More => {
                    if !self.refill()? {
                        break;
                    }
                }
            }
        }
        let rest = self.rest().len();
        if rest == 0 {
            return Ok(None);
        }
        // A tag that the file ends in.
        Ok(Some(self.piece(rest, Some(RefusalReason::Truncated))))
    }

    fn rest(&self) -> &[u8] {
        self.held.get(self.at..).unwrap_or_default()
    }

    fn between(&self) -> Between {
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_ascii_start().len();
        if blanks > 0 {
            return Between::Nothing(blanks);
        }
        let to_end = |mark: &[u8]| {
            let found = Finder::new(mark).find(rest).map(|at| at + mark.len());
            match found {
                Some(end) => Between::Nothing(end),
                // A tag that never ends is no tag.
                None if rest.len() > RECORD_BYTES_MAX => Between::Junk(rest.len()),
                None => Between::More,
            }
        };
        match rest {
            [] => Between::More,
            [b'<', b'?', ..] => to_end(b"?>"),
            [b'<', b'!', b'-', b'-', ..] => to_end(b"-->"),
            _ if rest.len() <= NAME.len() && !self.ended => Between::More,
            _ if begins_event(rest) => Between::Event,
            [b'<', ..] => to_end(b">"),
            _ => match rest.iter().position(|b| *b == b'<') {
                Some(end) if is_count(rest.get(..end).unwrap_or_default()) => Between::Nothing(end),
                Some(end) => Between::Junk(end),
                None if self.ended || rest.len() > RECORD_BYTES_MAX => Between::Junk(rest.len()),
                None => Between::More,
            },
        }
    }

    /// The event that begins here, to its end or to where the next one begins.
    fn event(&mut self) -> io::Result<Piece<'_>> {
        let mut searched = NAME.len();
        loop {
            let rest = self.rest();
            let fresh = rest.get(searched..).unwrap_or_default();
            let ends = self.end.find(fresh).map(|at| searched + at + END.len());
            let within = rest.get(..ends.unwrap_or(rest.len())).unwrap_or(rest);
            let next = self
                .name
                .find_iter(within.get(searched..).unwrap_or_default())
                .map(|at| searched + at)
                .find(|at| begins_event(within.get(*at..).unwrap_or_default()));
            if let Some(next) = next {
                return Ok(self.piece(next, Some(RefusalReason::BrokenXml)));
            }
            if let Some(end) = ends {
                return Ok(self.piece(end, None));
            }
            if rest.len() > RECORD_BYTES_MAX {
                return self.too_long();
            }
            searched = rest.len().saturating_sub(OVERLAP).max(searched);
            if !self.refill()? {
                let length = self.rest().len();
                return Ok(self.piece(length, Some(RefusalReason::Truncated)));
            }
        }
    }

    /// Passes over an event beyond the limit; its beginning is kept as a sample.
    fn too_long(&mut self) -> io::Result<Piece<'_>> {
        let begin = self.offset + large(self.at);
        let kept: Vec<u8> = self.rest().iter().take(RECORD_BYTES_MAX).copied().collect();
        let end = Finder::new(END);
        loop {
            if let Some(found) = end.find(self.rest()) {
                self.at += found + END.len();
                break;
            }
            self.at = self.held.len().saturating_sub(OVERLAP).max(self.at);
            if !self.refill()? {
                self.at = self.held.len();
                break;
            }
        }
        // The sample takes the place of what was passed over.
        self.offset += large(self.at);
        self.held.drain(..self.at);
        self.at = 0;
        let length = kept.len();
        self.held.splice(..0, kept);
        self.at = length;
        self.offset = self.offset.saturating_sub(large(length));
        Ok(Piece {
            bytes: self.held.get(..length).unwrap_or_default(),
            offset: begin,
            refused: Some(RefusalReason::TooLong),
        })
    }

    fn piece(&mut self, length: usize, refused: Option<RefusalReason>) -> Piece<'_> {
        let begin = self.at;
        self.at += length;
        Piece {
            bytes: self.held.get(begin..self.at).unwrap_or_default(),
            offset: self.offset + large(begin),
            refused,
        }
    }

    /// Reads more; false at the end of the stream.
    fn refill(&mut self) -> io::Result<bool> {
        self.held.drain(..self.at);
        self.offset += large(self.at);
        self.at = 0;
        let more = self.input.fill_buf()?;
        let count = more.len();
        self.held.extend_from_slice(more);
        self.input.consume(count);
        // What is here once the stream has ended is looked at once more.
        let first_end = count == 0 && !self.ended && !self.held.is_empty();
        self.ended = count == 0;
        Ok(count > 0 || first_end)
    }
}

fn begins_event(bytes: &[u8]) -> bool {
    let after = bytes.strip_prefix(NAME).and_then(<[u8]>::first);
    matches!(after, Some(b' ' | b'\t' | b'\r' | b'\n' | b'>'))
}

fn large(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::Elements;
    use crate::RefusalReason;

    /// Pieces as `(offset, text, refusal)`, whatever the size of the blocks that are read.
    fn check(text: &str, expect: &[(usize, &str, Option<RefusalReason>)]) {
        for block in [1, 7, 4096] {
            let mut input = BufReader::with_capacity(block, text.as_bytes());
            let mut elements = Elements::new(&mut input, 0);
            let mut found = Vec::new();
            while let Some(piece) = elements.next().unwrap() {
                let bytes = String::from_utf8(piece.bytes.to_vec()).unwrap();
                found.push((usize::try_from(piece.offset).unwrap(), bytes, piece.refused));
            }
            let found: Vec<_> = found.iter().map(|(o, b, r)| (*o, b.as_str(), *r)).collect();
            assert_eq!(found, expect, "{text} by {block}");
        }
    }

    #[test]
    fn events_are_found_alone_and_inside_any_root() {
        check("<Event>a</Event>", &[(0, "<Event>a</Event>", None)]);
        check(
            "<?xml version='1.0'?>\n<Events><!-- <Event> -->\n<Event a='1'>b</Event>\r\n<Event>c</Event></Events>\n",
            &[
                (47, "<Event a='1'>b</Event>", None),
                (71, "<Event>c</Event>", None),
            ],
        );
        check("", &[]);
        check("<Events></Events>", &[]);
    }

    #[test]
    fn what_is_broken_costs_nothing_but_itself() {
        check(
            "<Event>a<Event>b</Event>text<Event>c",
            &[
                (0, "<Event>a", Some(RefusalReason::BrokenXml)),
                (8, "<Event>b</Event>", None),
                (24, "text", Some(RefusalReason::BrokenXml)),
                (28, "<Event>c", Some(RefusalReason::Truncated)),
            ],
        );
        check("<Eve", &[(0, "<Eve", Some(RefusalReason::Truncated))]);
    }
}
