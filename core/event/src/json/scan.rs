//! One JSON text straight into a record: the fast way, which may give up.
//!
//! Plain records, which nearly all are, go from bytes into a [`Record`] in one pass. Whatever is out
//! of the ordinary (text that is no UTF-8, half surrogate pairs, repeated keys, deep nesting, any
//! error) makes this way give up, and the careful one in [`super`] reads the text again and says
//! what was lost. So this never reports anything, and it may never accept what the careful way
//! refuses or reads differently; tests compare the two.

mod escaped;
mod signs;

use std::mem;

use cordon_model::{
    Followed, Key, Layouts, Likely, Mark, NameHash, Open, Record, Scalar, Shape, Span,
};

use crate::columns::Columns;
use signs::begins;
pub(crate) use signs::plain_run;

/// Deeper nesting is left to the careful way, which counts it.
const DEPTH_MAX: usize = 64;

/// Most names of one map that are told apart here: each new one is compared with all before it.
const NAMES_MAX: usize = 1024;

/// Longest number taken here, in bytes: 64-bit numbers and doubles as programs print them.
const NUMBER_BYTES_MAX: usize = 24;

/// Fills a record from the text of one JSON object; none if the careful way must look at it.
///
/// The record keeps the whole text, and names and values are parts of it; only what is written with
/// escapes is written once more behind it. Names that `layouts` foresees are compared with the text
/// and not looked for in it; they can be no second ones, because no record had them twice.
pub(crate) fn scan(text: &str, record: &mut Record, layouts: &mut Layouts) -> Option<()> {
    whole(text, (record, layouts), |scanner, root| {
        scanner.expect(b'{')?;
        scanner.fields(root, 0)
    })
}

/// The same of any value, which then stands in the record without a name; what it is likely to hold is what texts
/// under the same name held.
pub(crate) fn scan_value(
    (name, text): (NameHash, &str),
    record: &mut Record,
    layouts: &mut Layouts,
) -> Option<()> {
    whole(text, (record, layouts), |scanner, _| {
        scanner.record.follow_apart(name);
        let mark = scanner.likely_member();
        scanner.outermost(Key::NONE, mark)
    })
}

/// The same of a list whose values are those of a table's columns. A list that is longer is left to whoever asks.
pub(crate) fn scan_row(
    row: &str,
    columns: &Columns,
    record: &mut Record,
    layouts: &mut Layouts,
) -> Option<()> {
    let keys = columns.begin(record, row);
    let mut scanner = Scanner {
        text: row,
        bytes: row.as_bytes(),
        at: 0,
        before: record.followed(),
        places_foreseen: 0,
        record,
        layouts,
    };
    scanner.expect(b'[')?;
    if scanner.expect(b']').is_some() {
        return Some(());
    }
    for key in keys {
        scanner.value(key.of(scanner.record), None, 0)?;
        match scanner.sign()? {
            b',' => {}
            b']' => return Some(()),
            _ => return None,
        }
    }
    None
}

/// Begins a record with the text and fills it; none if anything but blanks is left behind.
fn whole(
    text: &str,
    (record, layouts): (&mut Record, &mut Layouts),
    fill: impl FnOnce(&mut Scanner<'_>, &Open) -> Option<()>,
) -> Option<()> {
    let root = record.begin();
    record.append(text);
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        before: record.followed(),
        places_foreseen: usize::MAX,
        record,
        layouts,
    };
    fill(&mut scanner, &root)?;
    scanner.blank();
    (scanner.at == text.len()).then_some(())
}

/// How a name that is none would stand before its value.
const NAMELESS: &[u8] = b",\"\":";

/// How many escapes a string that holds no JSON has at most whose parts are not worth being put together beside the record.
const ESCAPES_FEW: usize = 8;

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    record: &'t mut Record,
    layouts: &'t mut Layouts,
    /// How far the record was followed before the value of its own that is being taken.
    before: Followed,
    /// How many values the record has when the list or map that is open is closed, if it is what was foreseen; nothing
    /// is foreseen behind them.
    places_foreseen: usize,
}

impl Scanner<'_> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is not blank.
    #[inline]
    fn next_sign(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        if byte > b' ' {
            return Some(byte);
        }
        self.blank();
        self.peek()
    }

    /// Takes the next byte that is not blank.
    #[inline]
    fn sign(&mut self) -> Option<u8> {
        let sign = self.next_sign()?;
        self.at += 1;
        Some(sign)
    }

    /// Takes this byte, after blanks.
    #[inline]
    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next_sign()? == wanted).then(|| self.at += 1)
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// The fields of a map whose brace was taken.
    fn fields(&mut self, map: &Open, depth: usize) -> Option<()> {
        if self.expect(b'}').is_some() {
            return Some(());
        }
        // The first field has no comma before it.
        let mut passed = 1;
        for _name in 0..NAMES_MAX {
            let (key, mark) = if let Some((key, mark)) = self.likely(passed) {
                (key, Some(mark))
            } else {
                if passed == 0 {
                    match self.sign()? {
                        b',' => {}
                        b'}' => return Some(()),
                        _ => return None,
                    }
                }
                self.expect(b'"')?;
                let key = self.key(map)?;
                self.expect(b':')?;
                (key, None)
            };
            passed = 0;
            if depth == 0 {
                self.outermost(key, mark)?;
            } else {
                self.value(key, mark, depth)?;
            }
        }
        None
    }

    /// A value of the record itself, over which it is followed.
    #[inline]
    fn outermost(&mut self, key: Key, mark: Option<Mark>) -> Option<()> {
        self.before = self.record.followed();
        self.value(key, mark, 0)?;
        if !self.record.is_followed() {
            self.record.go_back(self.before);
            self.layouts.follow(self.record);
        }
        Some(())
    }

    /// The name that comes next, with all signs around it, if it is the one foreseen; so many of the
    /// signs were passed already.
    #[inline]
    fn likely(&mut self, passed: usize) -> Option<(Key, Mark)> {
        if self.record.places() >= self.places_foreseen {
            return None;
        }
        let rest = self.bytes.get(self.at..)?;
        let is_next = |likely: &Likely<'_>| {
            let written = likely.written.get(passed..);
            written.is_some_and(|written| begins(rest, written))
        };
        let likely = self.layouts.likely(self.record).filter(is_next);
        let less_likely = || self.layouts.less_likely(self.record).filter(is_next);
        let likely = likely.or_else(less_likely)?;
        let length = likely.written.len() - passed;
        let (start, end) = (self.at + 2 - passed, self.at + length - 2);
        self.at += length;
        let key = self.record.named_as(Span::between(start, end), likely.hash);
        Some((key, likely.mark))
    }

    /// What is foreseen of the next member of a list, which has no name.
    #[inline]
    fn likely_member(&self) -> Option<Mark> {
        if self.record.places() >= self.places_foreseen {
            return None;
        }
        let likely = self.layouts.likely(self.record)?;
        (likely.written == NAMELESS).then_some(likely.mark)
    }

    /// A name whose opening quote was taken; none if the map has it already.
    fn key(&mut self, map: &Open) -> Option<Key> {
        let key = self.string()?;
        let key = self.record.named(key);
        (!self.record.has(map, key)).then_some(key)
    }

    /// The values of a list whose bracket was taken.
    fn values(&mut self, depth: usize) -> Option<()> {
        if self.expect(b']').is_some() {
            return Some(());
        }
        loop {
            let mark = self.likely_member();
            self.value(Key::NONE, mark, depth)?;
            match self.sign()? {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    /// A value; where it has the name that was foreseen, it is seen whether it is what was foreseen.
    #[inline]
    fn value(&mut self, key: Key, mark: Option<Mark>, depth: usize) -> Option<()> {
        match self.next_sign()? {
            b'"' => {
                self.at += 1;
                let text = self.string()?;
                self.record.put_text(key, text);
            }
            b'0'..=b'9' | b'-' => self.number(key)?,
            b'{' => return self.nested((key, Shape::Map), mark, depth),
            b'[' => return self.nested((key, Shape::List), mark, depth),
            b't' => self.word("true", key, Scalar::Bool(true))?,
            b'f' => self.word("false", key, Scalar::Bool(false))?,
            b'n' => self.word("null", key, Scalar::Null)?,
            _ => return None,
        }
        if let Some(mark) = mark {
            self.record.took(mark);
        }
        Some(())
    }

    fn nested(
        &mut self,
        (key, shape): (Key, Shape),
        mark: Option<Mark>,
        depth: usize,
    ) -> Option<()> {
        if depth >= DEPTH_MAX {
            return None;
        }
        self.at += 1;
        let open = self.record.open(key, shape);
        let foreseen = mark.filter(|mark| self.record.took(*mark));
        let foreseen = foreseen.map_or(0, |mark| mark.places_after(&open));
        let around = mem::replace(&mut self.places_foreseen, foreseen);
        match shape {
            Shape::Map => self.fields(&open, depth + 1)?,
            Shape::List => self.values(depth + 1)?,
        }
        self.record.close(open);
        if self.record.places() != foreseen {
            self.record.go_back(self.before);
        }
        self.places_foreseen = around;
        Some(())
    }

    fn word(&mut self, word: &str, key: Key, value: Scalar<'_>) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then_some(())?;
        self.at += word.len();
        self.record.put(key, value);
        Some(())
    }

    fn number(&mut self, key: Key) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        let digits = digits(rest);
        let simple = digits > 0 && (digits == 1 || rest.first() != Some(&b'0'));
        let follows = rest.get(digits);
        let length = match follows {
            Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') if simple => digits,
            _ => {
                let signs = |b: &u8| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let length = rest.iter().take_while(|b| signs(b)).count();
                is_number(rest.get(..length)?).then_some(length)?
            }
        };
        if length > NUMBER_BYTES_MAX {
            return None;
        }
        if length > digits {
            // The careful way refuses what a double cannot hold.
            let number: f64 = self.text.get(self.at..self.at + length)?.parse().ok()?;
            number.is_finite().then_some(())?;
        }
        let spelled = Span::between(self.at, self.at + length);
        self.at += length;
        self.record.put_number(key, spelled);
        Some(())
    }

    /// The text of a string whose opening quote was taken.
    #[inline]
    fn string(&mut self) -> Option<Span> {
        let start = self.at;
        let end = start + plain_run(self.bytes.get(start..)?);
        self.at = end + 1;
        match self.bytes.get(end)? {
            b'"' => Some(Span::between(start, end)),
            b'\\' => self.escaped(start, end),
            _ => None,
        }
    }

    /// The text of a string of which the first escape was met, written once more.
    fn escaped(&mut self, mut start: usize, mut end: usize) -> Option<Span> {
        let mark = self.record.mark();
        let is_json = matches!(self.bytes.get(start), Some(b'{' | b'['));
        let escapes_few = if is_json { 0 } else { ESCAPES_FEW };
        for _escape in 0..escapes_few {
            // A backslash or quote that is escaped stands for itself, and goes with what follows it.
            let next = self.at;
            self.record.append(self.text.get(start..end)?);
            match self.bytes.get(next)? {
                b'\\' | b'"' => {
                    start = next;
                    self.at = next + 1;
                }
                _ => {
                    let plain = self.escape()?;
                    self.record.append_char(plain);
                    start = self.at;
                }
            }
            end = self.at + plain_run(self.bytes.get(self.at..)?);
            self.at = end + 1;
            match self.bytes.get(end)? {
                b'"' => {
                    self.record.append(self.text.get(start..end)?);
                    return Some(self.record.since(mark));
                }
                b'\\' => {}
                _ => return None,
            }
        }
        let rest = self.often_escaped(start, end)?;
        self.record.append(rest.text()?);
        Some(self.record.since(mark))
    }

    /// What stands after a backslash.
    #[inline]
    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'/' => '/',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => self.unit()?,
            _ => return None,
        })
    }

    /// The character of `\uXXXX`, or of two of them that make one.
    fn unit(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first);
        }
        let rest = self.bytes.get(self.at..)?.strip_prefix(b"\\u")?;
        self.at = self.bytes.len() - rest.len();
        let second = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) || !(0xDC00..0xE000).contains(&second) {
            return None;
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let all = digits.bytes().all(|b| b.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

#[inline]
fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// Whether this is a number of JSON's grammar.
fn is_number(bytes: &[u8]) -> bool {
    let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let whole = digits(unsigned);
    let leading_zero = unsigned.first() == Some(&b'0') && whole > 1;
    if whole == 0 || leading_zero {
        return false;
    }
    let mut rest = unsigned.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or(rest.strip_prefix(b"E")) {
        let exponent = exponent
            .strip_prefix(b"+")
            .or(exponent.strip_prefix(b"-"))
            .unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
#[path = "scan/tests.rs"]
mod tests;
