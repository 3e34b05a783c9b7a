//! Where records go once read, and why some do not become events.

use cordon_model::LogRef;

use crate::{Event, Part};

/// Receives every record of a file, in the order of the file.
pub trait Sink {
    /// Takes an event, with what was lost or assumed on the way; empty for most. The event is the
    /// reader's, which uses its memory again for the next one.
    fn event(&mut self, event: &Event, degraded: &[Degradation]);

    /// Takes an event together with the record's raw bytes; whoever has no use for them takes the event.
    fn record(&mut self, event: &Event, degraded: &[Degradation], _raw: &[u8]) {
        self.event(event, degraded);
    }

    /// Takes a record that did not become an event.
    fn refusal(&mut self, refusal: Refusal);

    /// Whether it rather takes parts of a stream than its records, where a stream can be cut.
    fn wants_parts(&self) -> bool {
        false
    }

    /// Takes a part of a stream, to be read by any `Reader`; only if it wants parts.
    /// What comes of it is then in no summary but that of its `Parts`.
    fn part(&mut self, _part: Part) {}
}

/// A record that did not become an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where it stands; it keeps its number.
    pub log: LogRef,
    /// Where its bytes begin in the (unpacked) file.
    pub offset: u64,
    /// Why.
    pub reason: RefusalReason,
    /// Its beginning, clipped, control characters escaped.
    pub sample: String,
}

/// Why a record did not become an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalReason {
    /// Longer than the longest record accepted.
    TooLong,
    /// JSON nested deeper than accepted.
    TooDeep,
    /// Not valid JSON.
    BrokenJson,
    /// Valid JSON, but no object with fields.
    NotAnObject,
    /// The file ends inside the record.
    Truncated,
    /// A record of an EVTX file that cannot be decoded.
    BrokenEvtxRecord,
    /// A chunk of an EVTX file that cannot be decoded, with all its records.
    BrokenEvtxChunk,
    /// Not valid XML, or words between events.
    BrokenXml,
    /// A row with a quote that never ends.
    BrokenCsv,
    /// Bytes that are no text and no known binary format.
    Binary,
}

impl RefusalReason {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::TooLong,
        Self::TooDeep,
        Self::BrokenJson,
        Self::NotAnObject,
        Self::Truncated,
        Self::BrokenEvtxRecord,
        Self::BrokenEvtxChunk,
        Self::BrokenXml,
        Self::BrokenCsv,
        Self::Binary,
    ];

    /// The reason in words, for a table of counts.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TooLong => "longer than 16 MiB",
            Self::TooDeep => "nested deeper than 128 levels",
            Self::BrokenJson => "not valid JSON",
            Self::NotAnObject => "JSON without fields",
            Self::Truncated => "file ends inside the record",
            Self::BrokenEvtxRecord => "damaged EVTX record",
            Self::BrokenEvtxChunk => "damaged EVTX chunk",
            Self::BrokenXml => "not valid XML",
            Self::BrokenCsv => "row with a quote that never ends",
            Self::Binary => "neither text nor a known format",
        }
    }
}

/// What was lost or assumed when a record became an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Degradation {
    /// The record names no time.
    TimeMissing,
    /// The record names a time that cannot be understood.
    TimeUnreadable,
    /// The time has no year; it was chosen by the hints.
    YearAssumed,
    /// The time has no zone and none was configured; read as UTC.
    ZoneAssumed,
    /// A local time that its zone has twice or not at all, because clocks were changed; the earlier
    /// moment, or the one after the gap, was taken.
    TimeAmbiguous,
    /// Bytes that are no UTF-8 were replaced.
    InvalidUtf8,
    /// Half of a UTF-16 pair in an escape was replaced.
    LoneSurrogate,
    /// A number beyond 64 bits was rounded.
    NumberRounded,
    /// A key stands twice in one object; the last one counts.
    RepeatedKey,
    /// A row that has more or fewer values than there are names.
    UnevenRow,
    /// A line of text in no known format; it is one message.
    Unstructured,
    /// A record inside the record that is not valid, and so was left as text.
    BrokenInside,
    /// A line with more fields than are told apart; the rest stays in its text.
    Crowded,
    /// A setting that is cut off, or says more than is told apart, so that what it changed or grants is
    /// not known.
    NotCompared,
}

impl Degradation {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::TimeMissing,
        Self::TimeUnreadable,
        Self::YearAssumed,
        Self::ZoneAssumed,
        Self::TimeAmbiguous,
        Self::InvalidUtf8,
        Self::LoneSurrogate,
        Self::NumberRounded,
        Self::RepeatedKey,
        Self::UnevenRow,
        Self::Unstructured,
        Self::BrokenInside,
        Self::Crowded,
        Self::NotCompared,
    ];

    /// The degradation in words, for a table of counts.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TimeMissing => "no time in the record",
            Self::TimeUnreadable => "time not understood",
            Self::YearAssumed => "time without a year, year assumed",
            Self::ZoneAssumed => "time without a zone, read as UTC",
            Self::TimeAmbiguous => "time that its zone has twice or not at all",
            Self::InvalidUtf8 => "invalid UTF-8 replaced",
            Self::LoneSurrogate => "half a UTF-16 pair replaced",
            Self::NumberRounded => "number beyond 64 bits rounded",
            Self::RepeatedKey => "repeated key, the last one counts",
            Self::UnevenRow => "row with other columns than its names",
            Self::Unstructured => "line of no known format, kept as text",
            Self::BrokenInside => "record inside the record is not valid, kept as text",
            Self::Crowded => "line of over 1,024 fields, the rest kept as text",
            Self::NotCompared => "setting cut off or too long, not known what it changed",
        }
    }
}

/// Longest sample of a refused or degraded record, in characters: two lines of a terminal.
const SAMPLE_CHARS_MAX: usize = 160;

/// The beginning of a record for people: clipped, control characters escaped.
pub(crate) fn sample(bytes: &[u8]) -> String {
    // Four bytes is the longest a character can be; one more shows that something was cut off.
    let head = bytes.get(..SAMPLE_CHARS_MAX * 4 + 1).unwrap_or(bytes);
    let mut out = String::new();
    for (count, c) in String::from_utf8_lossy(head).chars().enumerate() {
        if count == SAMPLE_CHARS_MAX {
            out.push('…');
            break;
        }
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn a_sample_shows_control_characters_and_is_clipped() {
        assert_eq!(sample(b"a\x1b[31m\tb"), "a\\u{1b}[31m\\tb");
        let long = "é".repeat(500);
        assert_eq!(sample(long.as_bytes()).chars().count(), 161);
    }
}
