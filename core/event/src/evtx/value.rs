//! Values of binary XML, spelled as the careful way spells them.
//!
//! Absent on purpose: decimals and lists of anything but text, whose spelling is the careful way's
//! own and which hardly any log holds; code pages beyond ASCII.

use std::str;

use cordon_model::Record;

use super::{
    bytes::{u16_at, u32_at, u64_at},
    utf16,
};

/// What a value's bytes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Text,
    Ansi,
    Signed,
    Unsigned,
    Bool,
    Binary,
    Guid,
    FileTime,
    SystemTime,
    Sid,
    Hex,
    /// Another fragment of binary XML.
    Fragment,
    /// Texts, each with a zero behind it.
    Texts,
}

/// What a value is once its spelling stands at the end of the record's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelled {
    Text,
    Number,
    Bool(bool),
}

/// The kind of a value by its number and its bytes; none if it is unknown here or the bytes are
/// not as many as it takes.
#[inline]
pub(super) fn kind(number: u8, bytes: &[u8]) -> Option<Kind> {
    let length = bytes.len();
    let (kind, fits) = match number {
        0x00 => (Kind::Null, true),
        0x01 => (Kind::Text, length.is_multiple_of(2)),
        0x02 => (Kind::Ansi, bytes.is_ascii()),
        0x03 => (Kind::Signed, length == 1),
        0x04 => (Kind::Unsigned, length == 1),
        0x05 => (Kind::Signed, length == 2),
        0x06 => (Kind::Unsigned, length == 2),
        0x07 => (Kind::Signed, length == 4),
        0x08 => (Kind::Unsigned, length == 4),
        0x09 => (Kind::Signed, length == 8),
        0x0a => (Kind::Unsigned, length == 8),
        0x0d => (Kind::Bool, length == 4),
        0x0e => (Kind::Binary, true),
        0x0f => (Kind::Guid, length == 16),
        0x10 => (Kind::Hex, length == 4 || length == 8),
        0x11 => (Kind::FileTime, length == 8),
        0x12 => (Kind::SystemTime, length == 16),
        0x13 => (Kind::Sid, sid_bytes(bytes) == Some(length)),
        0x14 => (Kind::Hex, length == 4),
        0x15 => (Kind::Hex, length == 8),
        0x21 => (Kind::Fragment, true),
        0x81 => (Kind::Texts, length.is_multiple_of(2) && ends(bytes)),
        _ => return None,
    };
    fits.then_some(kind)
}

/// Whether a number stands for a kind of value at all, be it read here or not.
pub(super) fn is_known(number: u8) -> bool {
    matches!(number, 0x00..=0x15 | 0x20 | 0x21 | 0x23 | 0x81..=0x95)
}

/// Whether the last text of a list has its zero.
fn ends(bytes: &[u8]) -> bool {
    bytes.is_empty() || bytes.ends_with(&[0, 0])
}

/// How many bytes a security identifier takes by the count in it.
fn sid_bytes(bytes: &[u8]) -> Option<usize> {
    bytes.get(1).map(|parts| 8 + 4 * usize::from(*parts))
}

/// Whether a value counts as not there.
#[inline]
pub(super) fn is_empty(kind: Kind, bytes: &[u8]) -> bool {
    match kind {
        Kind::Null => true,
        Kind::Text => bytes.is_empty() || bytes.starts_with(&[0, 0]),
        Kind::Ansi => bytes.iter().all(|byte| *byte == 0),
        Kind::Binary | Kind::Fragment | Kind::Texts => bytes.is_empty(),
        Kind::Signed
        | Kind::Unsigned
        | Kind::Bool
        | Kind::Guid
        | Kind::FileTime
        | Kind::SystemTime
        | Kind::Sid
        | Kind::Hex => false,
    }
}

/// Appends the spelling of a value that is one scalar.
#[inline]
pub(super) fn spell(kind: Kind, bytes: &[u8], record: &mut Record) -> Option<Spelled> {
    match kind {
        Kind::Text => utf16::decode(bytes, |piece| record.append(piece))?,
        Kind::Ansi => {
            let pieces = bytes.split(|byte| *byte == 0);
            for piece in pieces {
                record.append(str::from_utf8(piece).ok()?);
            }
        }
        Kind::Signed => {
            let number = signed(bytes)?;
            if number < 0 {
                record.append_char('-');
            }
            decimal(number.unsigned_abs(), record);
            return Some(Spelled::Number);
        }
        Kind::Unsigned => {
            decimal(unsigned(bytes), record);
            return Some(Spelled::Number);
        }
        Kind::Bool => return truth(bytes, record),
        Kind::Binary => bytes.iter().for_each(|byte| hex_pair(*byte, UPPER, record)),
        Kind::Guid => guid(bytes, record)?,
        Kind::FileTime => file_time(u64_at(bytes, 0)?, record)?,
        Kind::SystemTime => system_time(bytes, record)?,
        Kind::Sid => sid(bytes, record)?,
        Kind::Hex => hex(unsigned(bytes), record),
        Kind::Null | Kind::Fragment | Kind::Texts => return None,
    }
    Some(Spelled::Text)
}

/// Some write masks where a truth value belongs; those stay numbers.
fn truth(bytes: &[u8], record: &mut Record) -> Option<Spelled> {
    match u32_at(bytes, 0)? {
        0 => Some(Spelled::Bool(false)),
        1 => Some(Spelled::Bool(true)),
        _ => spell(Kind::Signed, bytes, record),
    }
}

#[inline]
fn unsigned(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[inline]
fn signed(bytes: &[u8]) -> Option<i64> {
    let unused = 64_u32.checked_sub(u32::try_from(bytes.len()).ok()? * 8)?;
    Some((unsigned(bytes) << unused).cast_signed() >> unused)
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

#[inline]
fn digit(digits: &[u8; 16], number: u64) -> u8 {
    let place = usize::try_from(number & 15).unwrap_or_default();
    digits.get(place).copied().unwrap_or_default()
}

#[inline]
fn append(ascii: &[u8], record: &mut Record) {
    record.append(str::from_utf8(ascii).unwrap_or_default());
}

#[inline]
fn decimal(number: u64, record: &mut Record) {
    digits::<10, 20>(number, record);
}

fn hex(number: u64, record: &mut Record) {
    record.append("0x");
    digits::<16, 16>(number, record);
}

#[inline]
fn digits<const BASE: u64, const MAX: usize>(number: u64, record: &mut Record) {
    let mut written = [0; MAX];
    let mut rest = number;
    let mut unused = MAX;
    for place in written.iter_mut().rev() {
        *place = digit(LOWER, rest % BASE);
        rest /= BASE;
        unused -= 1;
        if rest == 0 {
            break;
        }
    }
    append(written.get(unused..).unwrap_or_default(), record);
}

fn hex_pair(byte: u8, digits: &[u8; 16], record: &mut Record) {
    let byte = u64::from(byte);
    append(&[digit(digits, byte >> 4), digit(digits, byte)], record);
}

/// `{01234567-89ab-cdef-0123-456789abcdef}`, the first three parts as numbers.
fn guid(bytes: &[u8], record: &mut Record) -> Option<()> {
    const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    /// Where each byte's two digits begin.
    const PLACES: [usize; 16] = [1, 3, 5, 7, 10, 12, 15, 17, 20, 22, 25, 27, 29, 31, 33, 35];
    let mut written = [b'-'; 38];
    *written.first_mut()? = b'{';
    *written.last_mut()? = b'}';
    for (from, to) in ORDER.iter().zip(PLACES) {
        let byte = u64::from(*bytes.get(*from)?);
        *written.get_mut(to)? = digit(LOWER, byte >> 4);
        *written.get_mut(to + 1)? = digit(LOWER, byte);
    }
    append(&written, record);
    Some(())
}

fn sid(bytes: &[u8], record: &mut Record) -> Option<()> {
    let ([revision, _, authority @ ..], parts) = bytes.split_first_chunk::<8>()?;
    let authority = authority
        .iter()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte));
    record.append("S-");
    decimal(u64::from(*revision), record);
    record.append_char('-');
    decimal(authority, record);
    for part in parts.as_chunks::<4>().0 {
        record.append_char('-');
        decimal(u64::from(u32::from_le_bytes(*part)), record);
    }
    Some(())
}

/// Hundreds of nanoseconds in a second.
pub(super) const TICKS_A_SECOND: u64 = 10_000_000;
const TICKS_A_DAY: u64 = 86_400 * TICKS_A_SECOND;

/// The first moment of the year 10000, whose spelling is the careful way's own.
const TICKS_END: u64 = 2_650_467_744_000_000_000;

/// Date and time of day, in the order in which they are written.
struct Moment {
    year: u64,
    month: u64,
    day: u64,
    /// Since midnight.
    ticks: u64,
}

fn file_time(ticks: u64, record: &mut Record) -> Option<()> {
    if ticks >= TICKS_END {
        return None;
    }
    let (year, month, day) = date(ticks / TICKS_A_DAY);
    let moment = Moment {
        year,
        month,
        day,
        ticks: ticks % TICKS_A_DAY,
    };
    write_moment(&moment, record)
}

/// The date so many days after the first of January 1601.
///
/// Counted from the first of March of the year 1600, so that a leap day is the last of its year,
/// and then by whole cycles: 400 years, 100 years, 4 years, a year.
fn date(days: u64) -> (u64, u64, u64) {
    /// From 1600-03-01 to 1601-01-01.
    const LEAD: u64 = 306;
    let days = days + LEAD;
    let (cycles, days) = (days / 146_097, days % 146_097);
    let centuries = (days / 36_524).min(3);
    let days = days - centuries * 36_524;
    let (fours, days) = (days / 1_461, days % 1_461);
    let years = (days / 365).min(3);
    let days = days - years * 365;
    // Months from March on have 31, 30, 31, 30, 31 days, over and over.
    let month = (5 * days + 2) / 153;
    let day = days - (153 * month + 2) / 5 + 1;
    let year = 1600 + 400 * cycles + 100 * centuries + 4 * fours + years;
    match month {
        0..10 => (year, month + 3, day),
        _ => (year + 1, month - 9, day),
    }
}

/// Only a time that exists is spelled here.
fn system_time(bytes: &[u8], record: &mut Record) -> Option<()> {
    let part = |n: usize| u16_at(bytes, 2 * n).map(u64::from);
    let (year, month, day) = (part(0)?, part(1)?, part(3)?);
    let (hour, minute, second, milli) = (part(4)?, part(5)?, part(6)?, part(7)?);
    // Days that not every month has are left to the careful way.
    let exists = (1601..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=28).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && milli < 1000;
    let seconds = (hour * 60 + minute) * 60 + second;
    let moment = Moment {
        year,
        month,
        day,
        ticks: seconds * TICKS_A_SECOND + milli * 10_000,
    };
    exists.then(|| write_moment(&moment, record))?
}

fn write_moment(moment: &Moment, record: &mut Record) -> Option<()> {
    let seconds = moment.ticks / TICKS_A_SECOND;
    let mut written = *b"0000-00-00T00:00:00.0000000Z";
    let parts = [
        (0..4, moment.year),
        (5..7, moment.month),
        (8..10, moment.day),
        (11..13, seconds / 3600),
        (14..16, seconds / 60 % 60),
        (17..19, seconds % 60),
        (20..27, moment.ticks % TICKS_A_SECOND),
    ];
    for (places, number) in parts {
        let mut rest = number;
        for place in written.get_mut(places)?.iter_mut().rev() {
            *place = digit(LOWER, rest % 10);
            rest /= 10;
        }
    }
    append(&written, record);
    Some(())
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;

    use super::{Spelled, kind, spell};

    fn check(number: u8, bytes: &[u8], expect: &str) {
        let mut record = Record::new();
        let mark = record.mark();
        let spelled = kind(number, bytes).and_then(|kind| spell(kind, bytes, &mut record));
        let text = match spelled {
            Some(Spelled::Bool(truth)) => truth.to_string(),
            Some(_) => record.text(record.since(mark)).to_owned(),
            None => "none".to_owned(),
        };
        assert_eq!(text, expect, "{number:#x} {bytes:?}");
    }

    #[test]
    fn values_are_spelled_by_their_kind() {
        check(0x01, b"a\0b\0\0\0c\0", "ab");
        check(0x02, b"ab\0", "ab");
        check(0x03, &[0xff], "-1");
        check(0x04, &[0xff], "255");
        check(0x05, &[0, 0x80], "-32768");
        check(0x07, &[0xfe, 0xff, 0xff, 0xff], "-2");
        check(0x0a, &[0xff; 8], "18446744073709551615");
        check(0x09, &[0, 0, 0, 0, 0, 0, 0, 0x80], "-9223372036854775808");
        check(0x0d, &[0, 0, 0, 0], "false");
        check(0x0d, &[1, 0, 0, 0], "true");
        check(0x0d, &[0, 0, 0, 0x80], "-2147483648");
        check(0x0e, &[0x0a, 0xff], "0AFF");
        check(0x10, &[0, 0, 0, 0], "0x0");
        check(0x15, &[0xe7, 3, 0, 0, 0, 0, 0, 0], "0x3e7");
        check(0x13, &[1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0], "S-1-5-18");
        let guid = [
            0x25, 0x96, 0x84, 0x54, 0x78, 0x54, 0x94, 0x49, 0xa5, 0xba, 0x3e, 0x3b, 3, 0x28, 0xc3,
            0x0d,
        ];
        check(0x0f, &guid, "{54849625-5478-4994-a5ba-3e3b0328c30d}");
    }

    #[test]
    fn times_are_spelled_to_the_last_digit() {
        let file_time = |ticks: u64, expect| check(0x11, &ticks.to_le_bytes(), expect);
        file_time(0, "1601-01-01T00:00:00.0000000Z");
        file_time(132_660_000_271_234_567, "2021-05-20T16:00:27.1234567Z");
        file_time(130_696_415_999_999_999, "2015-02-28T23:59:59.9999999Z");
        file_time(2_650_467_743_999_999_999, "9999-12-31T23:59:59.9999999Z");
        file_time(2_650_467_744_000_000_000, "none");
        let parts = |parts: [u16; 8]| parts.map(u16::to_le_bytes).concat();
        check(
            0x12,
            &parts([2021, 5, 4, 20, 15, 53, 47, 9]),
            "2021-05-20T15:53:47.0090000Z",
        );
        check(0x12, &parts([2021, 13, 4, 20, 15, 53, 47, 9]), "none");
    }

    #[test]
    fn dates_agree_with_the_calendar() {
        let first = jiff::civil::date(1601, 1, 1);
        for days in (0..3_067_670_i64).step_by(61) {
            let expect = first + jiff::Span::new().days(days);
            let (year, month, day) = super::date(u64::try_from(days).unwrap());
            let found = format!("{year:04}-{month:02}-{day:02}");
            assert_eq!(found, expect.to_string());
        }
    }

    #[test]
    fn bytes_that_do_not_fit_their_kind_are_left_alone() {
        check(0x01, b"a", "none");
        check(0x02, b"\xe9", "none");
        check(0x08, b"abc", "none");
        check(0x0b, b"abcd", "none");
        check(0x10, b"abc", "none");
        check(0x13, &[1, 2, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0], "none");
        check(0x21, b"", "none");
        check(0x81, b"a\0", "none");
        check(0x87, &[0; 8], "none");
        check(0xff, b"", "none");
    }
}
