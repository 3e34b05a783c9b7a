//! Reading one stream: its format is recognised, then every record goes through the intake.

use std::{
    io::{self, BufRead, Cursor, Read},
    sync::Arc,
};

use thiserror::Error;

use crate::{
    Hints, LogFormat, Part, PartRead, ReadSummary, RefusalReason, Sink,
    audit::{self, Group},
    csv, dhcp_preface, evtx,
    failing::Failing,
    format::{Format, PREFIX_BYTES_MAX, UTF8_MARK, recognise},
    intake::{Intake, Raw},
    lines::{End, Fits, Lines},
    memory::Memory,
    part::{self, Place},
    transcode::Utf16,
    values::{Piece, Splitter},
    w3c,
    xml::Elements,
};

/// A stream that could not be read to its end.
#[derive(Debug, Error)]
#[error("could not read {path}")]
pub struct ReadError {
    /// The stream's name.
    pub path: Arc<str>,
    /// What came of it until then.
    pub so_far: Box<ReadSummary>,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// Reads one stream after another, and keeps what it learned of the forms of their records, so that
/// the next are read faster. Nothing of that shows in an event.
#[derive(Debug, Default)]
pub struct Reader {
    memory: Memory,
}

impl Reader {
    /// A reader that has learned nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads every record of one stream of bytes, in whatever known format it is.
    ///
    /// `path` is the name under which records are found again. Records go to `sink` in the order of
    /// the stream, numbered from 1. Nothing about the content is an error: what is no record is
    /// refused, counted and handed to the sink with a sample.
    ///
    /// # Errors
    /// If the stream itself fails. The sink then holds what was read before, and the error counts it.
    pub fn read(
        &mut self,
        path: &Arc<str>,
        input: &mut dyn BufRead,
        hints: &Hints,
        sink: &mut dyn Sink,
    ) -> Result<ReadSummary, ReadError> {
        let mut intake = Intake::new(Arc::clone(path), hints, &mut self.memory, sink);
        let read = read_any(input, &mut intake);
        let summary = intake.finish();
        match read {
            Ok(()) => Ok(summary),
            Err(source) => Err(ReadError {
                path: Arc::clone(path),
                so_far: Box::new(summary),
                source,
            }),
        }
    }
}

/// Reads one stream with a [`Reader`] of its own.
///
/// # Errors
/// As [`Reader::read`].
pub fn read(
    path: &Arc<str>,
    input: &mut dyn BufRead,
    hints: &Hints,
    sink: &mut dyn Sink,
) -> Result<ReadSummary, ReadError> {
    Reader::new().read(path, input, hints, sink)
}

/// Reads a part of a stream of lines.
pub(crate) fn read_part(
    reader: &mut Reader,
    part: &Part,
    (hints, sink): (&Hints, &mut dyn Sink),
) -> PartRead {
    let path = Arc::clone(&part.path);
    let mut intake = Intake::new(path, hints, &mut reader.memory, sink).of_part();
    if part.broken_off {
        intake.failure.note(io::ErrorKind::UnexpectedEof.into());
    }
    let Ok(()) = read_lines(&mut part.bytes.as_slice(), part.offset, &mut intake) else {
        unreachable!("bytes in memory can always be read");
    };
    intake.finish_part(part.place)
}

pub(crate) fn read_any(input: &mut dyn BufRead, intake: &mut Intake<'_>) -> io::Result<()> {
    let failure = intake.failure.clone();
    read_until_failure(&mut Failing::new(input, failure.clone()), intake)?;
    failure.take()
}

/// The same of a stream that ends where it fails.
fn read_until_failure(input: &mut dyn BufRead, intake: &mut Intake<'_>) -> io::Result<()> {
    let prefix = prefix(input)?;
    let format = recognise(&prefix);
    let mut whole = Cursor::new(prefix).chain(input);
    if let Some(LogFormat::Evtx) = intake.hints.settings.format {
        return evtx::read(&mut whole, intake);
    }
    match format {
        Format::Empty => Ok(()),
        Format::Evtx => evtx::read(&mut whole, intake),
        Format::Utf16(endian) => read_text(&mut Utf16::new(&mut whole, endian), intake),
        Format::Lines
        | Format::Values
        | Format::Csv(_)
        | Format::W3c
        | Format::Xml
        | Format::Binary => read_text(&mut whole, intake),
    }
}

fn read_text(input: &mut dyn BufRead, intake: &mut Intake<'_>) -> io::Result<()> {
    let prefix = prefix(input)?;
    let format = forced(intake.hints.settings.format, &prefix);
    let marked = prefix.starts_with(UTF8_MARK);
    let audited = audit::begins(&prefix);
    let leased = dhcp_preface::begins(&prefix);
    let mut whole = Cursor::new(prefix).chain(input);
    let mut offset = 0;
    if marked {
        whole.consume(UTF8_MARK.len());
        offset = 3;
    }
    match format {
        Format::Lines | Format::Csv(_) if leased => dhcp_preface::read(&mut whole, offset, intake),
        Format::Lines if audited => read_audit(&mut whole, offset, intake),
        Format::Lines if intake.wants_parts() => cut_lines(&mut whole, offset, intake),
        Format::Lines => read_lines(&mut whole, offset, intake),
        Format::Values => read_values(&mut whole, offset, intake),
        Format::Csv(between) => csv::read(&mut whole, offset, between, intake),
        Format::W3c => w3c::read(&mut whole, offset, intake),
        Format::Xml => read_xml(&mut whole, offset, intake),
        Format::Empty => Ok(()),
        Format::Evtx | Format::Utf16(_) | Format::Binary => {
            let head = whole.fill_buf()?;
            let raw = Raw {
                bytes: head,
                offset,
            };
            intake.refuse(raw, RefusalReason::Binary);
            Ok(())
        }
    }
}

/// The format that a hint demands, or the one that the content shows.
fn forced(format: Option<LogFormat>, prefix: &[u8]) -> Format {
    match format {
        None | Some(LogFormat::Evtx) => recognise(prefix),
        Some(LogFormat::Json) => Format::Values,
        Some(LogFormat::Csv) => Format::Csv(csv::recognise(prefix).unwrap_or(b',')),
        Some(LogFormat::W3c) => Format::W3c,
        Some(LogFormat::WindowsXml) => Format::Xml,
        Some(_) => Format::Lines,
    }
}

/// The first bytes of a stream, however few it gives at a time.
fn prefix(input: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut prefix = Vec::with_capacity(PREFIX_BYTES_MAX);
    let limit = u64::try_from(PREFIX_BYTES_MAX).unwrap_or(u64::MAX);
    input.take(limit).read_to_end(&mut prefix)?;
    Ok(prefix)
}

fn cut_lines(input: &mut dyn BufRead, mut offset: u64, intake: &mut Intake<'_>) -> io::Result<()> {
    let mut place = Place::First;
    loop {
        let begin = offset;
        let Some(bytes) = part::next_part(input, &mut offset)? else {
            return Ok(());
        };
        intake.part(begin, bytes, place);
        place = Place::Further;
    }
}

pub(crate) fn read_lines(
    input: &mut dyn BufRead,
    offset: u64,
    intake: &mut Intake<'_>,
) -> io::Result<()> {
    read_each_line(&mut Lines::new(input, offset), &mut None, intake)
}

/// The same of a stream that is not cut into parts, because its lines know of each other.
fn read_audit(input: &mut dyn BufRead, offset: u64, intake: &mut Intake<'_>) -> io::Result<()> {
    let mut group = Some(Group::default());
    let read = read_each_line(&mut Lines::new(input, offset), &mut group, intake);
    // What is held was read, however the stream ended.
    if let Some(mut group) = group {
        group.finish(intake);
    }
    read
}

fn read_each_line(
    lines: &mut Lines<'_>,
    group: &mut Option<Group>,
    intake: &mut Intake<'_>,
) -> io::Result<()> {
    while let Some(line) = lines.next()? {
        let raw = Raw {
            bytes: line.bytes,
            offset: line.offset,
        };
        let text = line.bytes.trim_ascii();
        let indent = line.bytes.len() - line.bytes.trim_ascii_start().len();
        if text.is_empty() && line.fits == Fits::Whole {
            continue;
        }
        let half = line.end == End::OfFile && intake.failure.is_there();
        if let Some(group) = group {
            if half {
                // What is held stands before it.
                group.finish(intake);
            } else if group.take(&line, intake) {
                continue;
            }
        }
        match (line.fits, text.first()) {
            (Fits::TooLong, _) => intake.refuse(raw, RefusalReason::TooLong),
            (Fits::Whole, _) if intake.broke_off(raw, line.end) => {}
            (Fits::Whole, Some(b'{' | b'"')) => {
                let bytes = text.strip_suffix(b",").unwrap_or(text);
                let offset = line.offset + u64::try_from(indent).unwrap_or(0);
                intake.json(Raw { bytes, offset });
            }
            (Fits::Whole, _) => intake.text(raw),
        }
    }
    Ok(())
}

fn read_xml(input: &mut dyn BufRead, offset: u64, intake: &mut Intake<'_>) -> io::Result<()> {
    let mut elements = Elements::new(input, offset);
    while let Some(piece) = elements.next()? {
        let raw = Raw {
            bytes: piece.bytes,
            offset: piece.offset,
        };
        match piece.refused {
            Some(reason) => intake.refuse(raw, reason),
            None => intake.xml(raw),
        }
    }
    Ok(())
}

fn read_values(input: &mut dyn BufRead, offset: u64, intake: &mut Intake<'_>) -> io::Result<()> {
    let mut splitter = Splitter::new(offset);
    let mut take = |piece: Piece<'_>| {
        let raw = Raw {
            bytes: piece.bytes,
            offset: piece.offset,
        };
        match piece.refused {
            Some(reason) => intake.refuse(raw, reason),
            None => intake.json(raw),
        }
    };
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        splitter.feed(bytes, &mut take);
        let count = bytes.len();
        input.consume(count);
    }
    splitter.finish(&mut take);
    Ok(())
}

#[cfg(test)]
mod tests;
