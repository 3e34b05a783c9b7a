//! Splits a stream of JSON into its records without holding more than one of them.
//!
//! Records are the top-level objects and strings, the elements of a top-level array, and the elements of the
//! one array inside an envelope such as `{"Records":[…]}`. Whether a record is valid JSON is not
//! decided here: the splitter only balances brackets outside strings.
//!
//! Invariant: memory is bounded by the longest record accepted. After a raw line end inside a
//! string, which no JSON has, or in a record beyond that length, a line that begins like the record
//! began starts the next record, so that one broken record does not swallow the rest of the file.

use memchr::memrchr;

use crate::{RefusalReason, json::plain_run, lines::RECORD_BYTES_MAX};

/// Keys whose array holds the records: `CloudTrail` and Azure (`Records`, `records`), Microsoft
/// Graph (`value`), `ServiceNow` (`result`), the command line of AWS (`Events`), Duo (`response` and,
/// inside it, `authlogs`), Zendesk (`tickets`, `audit_logs`).
const ENVELOPE_KEYS: [&[u8]; 9] = [
    b"Records",
    b"records",
    b"value",
    b"result",
    b"Events",
    b"response",
    b"authlogs",
    b"tickets",
    b"audit_logs",
];

/// The same for keys that records have too: only behind a companion. Google (`items`), `OneLogin` (`data`).
const BEHIND_KEYS: [&[u8]; 2] = [b"items", b"data"];

/// The key that may hold an object around the array.
const NESTING_KEY: &[u8] = b"response";

/// Keys that may stand before that array; any other makes the object a record of its own.
const COMPANION_KEYS: [&[u8]; 9] = [
    b"count",
    b"total",
    b"nextLink",
    b"next",
    b"NextToken",
    b"stat",
    b"kind",
    b"etag",
    b"nextPageToken",
];

/// The same, with an object of their own.
const NESTED_COMPANION_KEYS: [&[u8]; 3] = [b"status", b"pagination", b"metadata"];

/// Longest key looked at when telling an envelope from a record, in bytes.
const KEY_BYTES_MAX: usize = 64;

/// One record of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) offset: u64,
    /// Why it is none, if that is already known.
    pub(crate) refused: Option<RefusalReason>,
}

/// Where records are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Array,
    Envelope,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between records.
    Between,
    /// Inside a record.
    Record,
    /// Inside a bare word or text between records; until a comma, bracket or line end.
    Junk,
    /// After the records of an envelope.
    Tail,
}

/// Whether the object being read may still turn out to be an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guess {
    No,
    ExpectKey,
    InKey,
    /// After a key; true if it is one whose array holds records.
    AfterKey(Keyed),
    /// After the bracket that may open the records.
    Opened,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keyed {
    Records,
    Companion,
    Nested,
}

/// Whether the next byte stands in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    /// After a backslash.
    Escape,
}

pub(crate) struct Splitter {
    level: Level,
    place: Place,
    guess: Guess,
    /// How deep the object stands whose keys are looked at.
    object_depth: u64,
    /// How many objects are open around the records of an envelope.
    tail_depth: u64,
    /// Whether a companion stood before the key that is looked at.
    behind: bool,
    depth: u64,
    text: Text,
    /// What is already known to be wrong with this record: too long, or a raw line end in a string.
    flaw: Option<RefusalReason>,
    record: Vec<u8>,
    record_offset: u64,
    record_indent: Option<u64>,
    key: Vec<u8>,
    /// Blanks since the line began; none once something else stood on it.
    indent: Option<u64>,
    offset: u64,
}

impl Splitter {
    pub(crate) fn new(offset: u64) -> Self {
        Self {
            level: Level::Top,
            place: Place::Between,
            guess: Guess::No,
            object_depth: 1,
            tail_depth: 1,
            behind: false,
            depth: 0,
            text: Text::Outside,
            flaw: None,
            record: Vec::new(),
            record_offset: offset,
            record_indent: None,
            key: Vec::new(),
            indent: Some(0),
            offset,
        }
    }

    /// Takes the next bytes of the stream.
    pub(crate) fn feed(&mut self, bytes: &[u8], out: &mut dyn FnMut(Piece<'_>)) {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            if self.place == Place::Record && self.guess == Guess::No {
                // Past the limit every line may be the next record.
                let room = (RECORD_BYTES_MAX + 1).saturating_sub(self.record.len());
                let run = self.run(rest.get(..room).unwrap_or(rest));
                if run > 0 {
                    let (run, after) = rest.split_at(run);
                    self.keep(run);
                    self.advance(run);
                    rest = after;
                    continue;
                }
            }
            self.step(byte, out);
            self.advance(&[byte]);
            rest = after;
        }
    }

    /// Ends the stream: a record still open is truncated.
    pub(crate) fn finish(&mut self, out: &mut dyn FnMut(Piece<'_>)) {
        match self.place {
            Place::Record => self.emit(Some(RefusalReason::Truncated), out),
            Place::Junk => self.end_junk(out),
            Place::Between | Place::Tail => {}
        }
    }

    /// Follows texts and brackets inside a record up to a byte that may end it or show that it is
    /// broken; how many bytes those are.
    fn run(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        if self.flaw.is_some() {
            return at;
        }
        while let Some(rest) = bytes.get(at..) {
            let run = match self.text {
                Text::Escape => return at,
                Text::Inside => plain_run(rest),
                Text::Outside => rest
                    .iter()
                    .position(|byte| is_mark(*byte))
                    .unwrap_or(rest.len()),
            };
            at += run;
            match (self.text, rest.get(run..).unwrap_or_default()) {
                (_, []) => break,
                (Text::Inside, [b'\\', escaped, ..]) if *escaped != b'\n' => at += 1,
                (Text::Inside, [b'\\' | b'\n', ..]) => return at,
                (Text::Inside, [b'"', ..]) => self.text = Text::Outside,
                (Text::Outside, [b'"', ..]) => self.text = Text::Inside,
                (Text::Outside, [b'{' | b'[', ..]) => self.depth += 1,
                (Text::Outside, [b'}' | b']', ..]) if self.depth == 1 => return at,
                (Text::Outside, [b'}' | b']', ..]) => self.depth -= 1,
                (_, _) => {}
            }
            at += 1;
        }
        at
    }

    fn advance(&mut self, run: &[u8]) {
        self.offset += u64::try_from(run.len()).unwrap_or(u64::MAX);
        let (line, indent) = match memrchr(b'\n', run) {
            Some(end) => (run.get(end + 1..).unwrap_or_default(), Some(0)),
            None => (run, self.indent),
        };
        let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r');
        let indent = indent.filter(|_| line.iter().all(blank));
        let blanks = u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.indent = indent.map(|indent| indent + blanks);
    }

    fn keep(&mut self, run: &[u8]) {
        if self.record.len() + run.len() > RECORD_BYTES_MAX {
            self.flaw = Some(RefusalReason::TooLong);
        } else if self.flaw != Some(RefusalReason::TooLong) {
            self.record.extend_from_slice(run);
        }
    }

    fn step(&mut self, byte: u8, out: &mut dyn FnMut(Piece<'_>)) {
        match self.place {
            Place::Between => self.between(byte),
            Place::Junk => self.junk(byte, out),
            Place::Tail => self.tail(byte),
            Place::Record => self.inside(byte, out),
        }
    }

    fn between(&mut self, byte: u8) {
        match (byte, self.level) {
            // 0x1e parts the records of RFC 7464 sequences.
            (b' ' | b'\t' | b'\r' | b'\n' | b',' | 0x1e, _) => {}
            (b'[', Level::Top) => self.level = Level::Array,
            (b']', Level::Array) => self.level = Level::Top,
            (b']', Level::Envelope) => {
                self.level = Level::Top;
                self.place = Place::Tail;
                self.depth = self.tail_depth;
            }
            (b'{' | b'[', level) => {
                self.begin(Place::Record);
                self.guess = if level == Level::Top {
                    Guess::ExpectKey
                } else {
                    Guess::No
                };
                self.depth = 1;
                self.keep(&[byte]);
            }
            (_, _) => {
                self.begin(Place::Junk);
                self.keep(&[byte]);
                self.text = opened(byte);
            }
        }
    }

    fn begin(&mut self, place: Place) {
        self.place = place;
        self.record.clear();
        self.record_offset = self.offset;
        self.record_indent = self.indent;
        self.guess = Guess::No;
        self.object_depth = 1;
        self.behind = false;
        self.text = Text::Outside;
        self.flaw = None;
    }

    fn inside(&mut self, byte: u8, out: &mut dyn FnMut(Piece<'_>)) {
        let fresh_line = self.indent.is_some() && self.indent == self.record_indent;
        if self.flaw.is_some() && byte == b'{' && fresh_line {
            self.emit(None, out);
            self.between(byte);
            return;
        }
        if self.guess != Guess::No && self.opens_envelope(byte) {
            self.level = Level::Envelope;
            self.tail_depth = self.object_depth;
            self.place = Place::Between;
            self.record.clear();
            self.between(byte);
            return;
        }
        self.keep(&[byte]);
        if self.text != Text::Outside {
            self.in_string(byte);
            return;
        }
        match byte {
            b'"' => self.text = Text::Inside,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.emit(None, out);
                }
            }
            _ => {}
        }
    }

    fn in_string(&mut self, byte: u8) {
        self.text = match (self.text, byte) {
            (Text::Escape, _) => Text::Inside,
            (_, b'\\') => Text::Escape,
            (_, b'"') => Text::Outside,
            (_, b'\n') => {
                self.flaw = self.flaw.or(Some(RefusalReason::BrokenJson));
                Text::Outside
            }
            (_, _) => Text::Inside,
        };
    }

    /// Follows the keys of an object as long as it may be an envelope; true once `byte` is known
    /// to be the first one inside its records.
    fn opens_envelope(&mut self, byte: u8) -> bool {
        let blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let outside = self.text == Text::Outside;
        self.guess = match (self.guess, byte) {
            (Guess::InKey, b'"') => self.keyed(),
            (Guess::InKey, _) if self.key.len() < KEY_BYTES_MAX && byte != b'\\' => {
                self.key.push(byte);
                Guess::InKey
            }
            (guess, _) if blank && outside => guess,
            (Guess::ExpectKey, b'"') => {
                self.key.clear();
                Guess::InKey
            }
            (Guess::AfterKey(Keyed::Records), b'[') => Guess::Opened,
            (Guess::AfterKey(Keyed::Records), b'{') if self.key == NESTING_KEY => {
                self.object_depth += 1;
                Guess::ExpectKey
            }
            (Guess::AfterKey(Keyed::Companion), b'[' | b'{') if outside => Guess::No,
            (Guess::AfterKey(Keyed::Companion | Keyed::Nested), b',' | b'}')
                if outside && self.depth == self.object_depth =>
            {
                self.behind = true;
                if byte == b',' {
                    Guess::ExpectKey
                } else {
                    Guess::No
                }
            }
            (Guess::AfterKey(Keyed::Companion | Keyed::Nested), _)
            | (Guess::AfterKey(Keyed::Records), b':') => self.guess,
            (Guess::Opened, b'{' | b']') => return true,
            (_, _) => Guess::No,
        };
        false
    }

    fn keyed(&self) -> Guess {
        let key = self.key.as_slice();
        if ENVELOPE_KEYS.contains(&key) || (self.behind && BEHIND_KEYS.contains(&key)) {
            Guess::AfterKey(Keyed::Records)
        } else if COMPANION_KEYS.contains(&key) || key.starts_with(b"@odata.") {
            Guess::AfterKey(Keyed::Companion)
        } else if NESTED_COMPANION_KEYS.contains(&key) {
            Guess::AfterKey(Keyed::Nested)
        } else {
            Guess::No
        }
    }

    fn junk(&mut self, byte: u8, out: &mut dyn FnMut(Piece<'_>)) {
        let outside = self.text == Text::Outside;
        let ends = match byte {
            b'\n' => true,
            b',' | b']' => self.level != Level::Top && outside,
            b'{' => self.level == Level::Top && outside,
            _ => false,
        };
        if ends {
            self.end_junk(out);
            self.between(byte);
            return;
        }
        self.keep(&[byte]);
        if outside {
            self.text = opened(byte);
        } else {
            self.in_string(byte);
        }
    }

    fn end_junk(&mut self, out: &mut dyn FnMut(Piece<'_>)) {
        if is_counter(&self.record) {
            self.place = Place::Between;
            return;
        }
        let is_text = self.record.starts_with(b"\"") && self.text == Text::Outside;
        let reason = match self.level {
            _ if is_text => None,
            Level::Top => Some(RefusalReason::BrokenJson),
            Level::Array | Level::Envelope => Some(RefusalReason::NotAnObject),
        };
        self.emit(reason, out);
    }

    fn tail(&mut self, byte: u8) {
        if self.text != Text::Outside {
            self.in_string(byte);
            return;
        }
        match byte {
            b'"' => self.text = Text::Inside,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.place = Place::Between;
                }
            }
            _ => {}
        }
    }

    fn emit(&mut self, refused: Option<RefusalReason>, out: &mut dyn FnMut(Piece<'_>)) {
        let refused = self.flaw.or(refused);
        out(Piece {
            bytes: &self.record,
            offset: self.record_offset,
            refused,
        });
        self.place = Place::Between;
    }
}

/// Whether a byte between texts opens or closes something.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
}

fn opened(byte: u8) -> Text {
    if byte == b'"' {
        Text::Inside
    } else {
        Text::Outside
    }
}

/// The lines `Record 12` that `evtx_dump` writes before each object are no records.
fn is_counter(text: &[u8]) -> bool {
    text.trim_ascii()
        .strip_prefix(b"Record ")
        .is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests;
