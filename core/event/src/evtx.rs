//! Windows event log files, chunk by chunk in the order of the file.
//!
//! A file is a header block and chunks of 64 KiB, each complete in itself, so that damage to one
//! costs no other. Checksums are not enforced: a log that was copied while in use fails them and
//! is still evidence. Of a chunk cut off by the end of the file, the records before the cut are
//! read and the others, which its header counts, are refused one by one.

use std::{
    io::{self, BufRead, Read},
    sync::Arc,
};

use ::evtx::{EvtxChunkData, EvtxRecord, ParserSettings};

use crate::{
    RefusalReason,
    intake::{Intake, Raw},
    json, windows,
};

const HEADER_BYTES: u64 = 4096;
const CHUNK_BYTES: u64 = 65_536;
const CHUNK_HEADER_BYTES: usize = 512;

/// Where the file's header counts its chunks.
const CHUNK_COUNT_AT: usize = 42;

/// Where a chunk's header names the numbers of its first and last record.
const FIRST_RECORD_AT: usize = 8;
const LAST_RECORD_AT: usize = 16;

/// Before a record's XML stand its magic, size, number and time; its size once more comes after.
const RECORD_HEADER_BYTES: u64 = 24;
const RECORD_FRAME_BYTES: u64 = 28;

/// Least bytes a record takes: the frame and a template reference.
const RECORD_BYTES_MIN: u64 = 64;

pub(crate) fn read(input: &mut dyn BufRead, intake: &mut Intake<'_>) -> io::Result<()> {
    let settings = Arc::new(ParserSettings::new());
    let header = block(input, HEADER_BYTES)?;
    if length(&header) < HEADER_BYTES {
        let raw = Raw {
            bytes: &header,
            offset: 0,
        };
        intake.refuse(raw, RefusalReason::Truncated);
        return Ok(());
    }
    let mut offset = HEADER_BYTES;
    let mut seen = 0;
    loop {
        let bytes = block(input, CHUNK_BYTES)?;
        let read = length(&bytes);
        if read == 0 {
            refuse_missing(&header, seen, offset, intake);
            return Ok(());
        }
        seen += 1;
        // Chunks that were reserved and never written are zero.
        if bytes.iter().any(|b| *b != 0) {
            read_chunk(Chunk { bytes, offset }, &settings, intake);
        }
        offset += read;
    }
}

/// Refuses, once for each, the chunks that the file's header counts and the file does not have.
fn refuse_missing(header: &[u8], seen: u64, offset: u64, intake: &mut Intake<'_>) {
    let claimed = header
        .get(CHUNK_COUNT_AT..)
        .and_then(|rest| rest.first_chunk::<2>())
        .map_or(0, |count| u64::from(u16::from_le_bytes(*count)));
    let missing = claimed.saturating_sub(seen);
    let sample = format!(
        "the last {missing} of {claimed} chunks are missing, each with an unknown number of records"
    );
    for _ in 0..missing {
        let raw = Raw {
            bytes: sample.as_bytes(),
            offset,
        };
        intake.refuse(raw, RefusalReason::Truncated);
    }
}

struct Chunk {
    bytes: Vec<u8>,
    offset: u64,
}

fn read_chunk(chunk: Chunk, settings: &Arc<ParserSettings>, intake: &mut Intake<'_>) {
    let Chunk { mut bytes, offset } = chunk;
    let present = length(&bytes);
    let head = bytes.get(..CHUNK_HEADER_BYTES).unwrap_or(&bytes).to_owned();
    let raw = Raw {
        bytes: &head,
        offset,
    };
    if head.len() < CHUNK_HEADER_BYTES {
        intake.refuse(raw, RefusalReason::Truncated);
        return;
    }
    bytes.resize(usize::try_from(CHUNK_BYTES).unwrap_or(bytes.len()), 0);
    let inside = records_held(&bytes);
    let Ok(mut data) = EvtxChunkData::new(bytes, false) else {
        refuse_all(raw, inside, intake);
        return;
    };
    let cut = cut_off(&data, present);
    let mut seen = 0;
    {
        let Ok(mut parsed) = data.parse(Arc::clone(settings)) else {
            refuse_all(raw, inside, intake);
            return;
        };
        for record in parsed.iter() {
            seen += 1;
            match record {
                Ok(record) => read_record(record, offset, intake),
                Err(_) if cut.is_some() => {
                    intake.refuse(raw, RefusalReason::Truncated);
                }
                Err(_) => intake.refuse(raw, RefusalReason::BrokenEvtxRecord),
            }
        }
    }
    for _ in seen..cut.unwrap_or(0) {
        intake.refuse(raw, RefusalReason::Truncated);
    }
}

/// Refuses every record of a chunk, so that those of later chunks keep their numbers.
fn refuse_all(raw: Raw<'_>, records: u64, intake: &mut Intake<'_>) {
    for _ in 0..records {
        intake.refuse(raw, RefusalReason::BrokenEvtxChunk);
    }
}

/// How many records a damaged chunk held: as many as stand one after another in it; if none can be
/// made out, what its header claims, as far as a chunk can hold that many; at least one.
///
/// The header comes second because a filtered export keeps the old numbers, with gaps.
fn records_held(chunk: &[u8]) -> u64 {
    let number = |at: usize| {
        let bytes = chunk.get(at..)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*bytes))
    };
    let claimed = || {
        let (last, first) = number(LAST_RECORD_AT).zip(number(FIRST_RECORD_AT))?;
        let claimed = last.checked_sub(first)?.checked_add(1)?;
        (claimed <= CHUNK_BYTES / RECORD_BYTES_MIN).then_some(claimed)
    };
    match records_framed(chunk) {
        0 => claimed().unwrap_or(1).max(1),
        framed => framed,
    }
}

/// How many records stand one after another from the chunk's beginning. Behind the last may lie
/// what is left of older ones, so nothing is looked for beyond a gap.
fn records_framed(chunk: &[u8]) -> u64 {
    let mut rest = chunk.get(CHUNK_HEADER_BYTES..).unwrap_or_default();
    let mut records = 0;
    while let Some(after) = after_record(rest) {
        records += 1;
        rest = after;
    }
    records
}

/// What stands after the record at the beginning, if one whole record is there.
fn after_record(bytes: &[u8]) -> Option<&[u8]> {
    let size = *bytes.strip_prefix(b"**\0\0")?.first_chunk::<4>()?;
    let length = u32::from_le_bytes(size);
    if u64::from(length) < RECORD_FRAME_BYTES {
        return None;
    }
    let (record, after) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    record.ends_with(&size).then_some(after)
}

/// How many records a chunk has if the end of the file cuts into them, as far as its header can
/// be believed.
fn cut_off(data: &EvtxChunkData, present: u64) -> Option<u64> {
    let header = &data.header;
    if present >= u64::from(header.free_space_offset) {
        return None;
    }
    let claimed = header
        .last_event_record_number
        .checked_sub(header.first_event_record_number)?
        .saturating_add(1);
    Some(claimed.min(CHUNK_BYTES / RECORD_BYTES_MIN))
}

fn read_record(record: EvtxRecord<'_>, chunk_offset: u64, intake: &mut Intake<'_>) {
    let begin = record.binxml_offset.saturating_sub(RECORD_HEADER_BYTES);
    let end = begin + u64::from(record.binxml_size) + RECORD_FRAME_BYTES;
    let range = usize::try_from(begin).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(0);
    let raw = Raw {
        bytes: record.chunk.data.get(range).unwrap_or_default(),
        offset: chunk_offset + begin,
    };
    let written = windows::time_written(record.timestamp.as_nanosecond());
    let parsed = record
        .into_json_bytes()
        .ok()
        .and_then(|rendered| json::parse(&rendered.data).ok());
    let fields = parsed.and_then(|parsed| windows::of_xml(parsed.value));
    let Some(fields) = fields else {
        intake.refuse(raw, RefusalReason::BrokenEvtxRecord);
        return;
    };
    intake.draft.fill(fields);
    let mut understood = windows::understand(&mut intake.draft, intake.hints);
    if let (Err(_), Some(time)) = (understood.when, written) {
        understood.when = Ok(time);
    }
    intake.accept(raw, understood);
}

fn block(input: &mut dyn BufRead, bytes: u64) -> io::Result<Vec<u8>> {
    let mut block = Vec::new();
    input.take(bytes).read_to_end(&mut block)?;
    Ok(block)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
