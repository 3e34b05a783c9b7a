//! Where the records of a chunk stand.
//!
//! Before a record's binary XML stand its magic, its size, its number and its time; behind it its
//! size once more. [`Frames`] goes from record to record as long as all is in order. Where it is
//! not, the careful way looks for the next record, and what was lost is counted from what stands in
//! the chunk and what the chunk's header claims.

use std::ops::Range;

use cordon_model::Timestamp;

use super::{
    CHUNK_BYTES, CHUNK_HEADER_BYTES,
    bytes::{place, u32_at, u64_at},
    value::TICKS_A_SECOND,
};
use crate::time::{self, When};

/// Where a chunk's header names the numbers of its first and last record.
const FIRST_NUMBER_AT: usize = 8;
const LAST_NUMBER_AT: usize = 16;

/// Where it names their identifiers and the place behind the last record.
const FIRST_RECORD_AT: usize = 24;
const LAST_RECORD_AT: usize = 32;
const FREE_SPACE_AT: usize = 48;

const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";
const RECORD_MAGIC: &[u8] = b"**\0\0";

/// What stands before a record's binary XML, and what stands around it.
pub(super) const RECORD_HEADER_BYTES: usize = 24;
pub(super) const RECORD_FRAME_BYTES: usize = 28;

/// Least bytes a record takes: the frame and a template reference.
const RECORD_BYTES_MIN: u64 = 64;

/// Most records of a chunk.
pub(super) const RECORDS_MAX: u64 = CHUNK_BYTES / RECORD_BYTES_MIN;

/// From 1601, where Windows begins to count, to 1970, in seconds.
const EPOCH_SECONDS: i64 = 11_644_473_600;

/// A record's place in its chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// Where the whole record begins.
    pub(super) begin: usize,
    /// Its binary XML.
    pub(super) body: Range<usize>,
    /// The time it was written, outside its XML.
    pub(super) written: When,
}

impl Frame {
    /// All of a record, by its place.
    pub(super) fn whole(body: &Range<usize>) -> Range<usize> {
        let begin = body.start.saturating_sub(RECORD_HEADER_BYTES);
        begin..begin + body.len() + RECORD_FRAME_BYTES
    }
}

/// What comes next in a chunk.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Record(Frame),
    End,
    /// Something that is no record.
    Odd,
}

/// Goes through the records of a chunk that is in order.
pub(super) struct Frames<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
    last: u64,
}

impl<'c> Frames<'c> {
    /// The records of a chunk; none if it is no chunk at all.
    pub(super) fn of(chunk: &'c [u8]) -> Option<Self> {
        if !chunk.starts_with(CHUNK_MAGIC) {
            return None;
        }
        Some(Self {
            chunk,
            at: CHUNK_HEADER_BYTES,
            end: free_space(chunk)?.min(chunk.len()),
            last: u64_at(chunk, LAST_RECORD_AT)?,
        })
    }

    pub(super) fn next(&mut self) -> Next {
        if self.at >= self.end {
            return Next::End;
        }
        let Some((frame, id)) = self.frame() else {
            return Next::Odd;
        };
        // Behind the last record may lie older ones.
        self.at = if id == self.last {
            self.end
        } else {
            Frame::whole(&frame.body).end
        };
        Next::Record(frame)
    }

    fn frame(&self) -> Option<(Frame, u64)> {
        let rest = self.chunk.get(self.at..)?;
        if !rest.starts_with(RECORD_MAGIC) {
            return None;
        }
        let size = place(u32_at(rest, 4)?);
        let id = u64_at(rest, 8)?;
        let written = time_written(u64_at(rest, 16)?)?;
        let start = self.at + RECORD_HEADER_BYTES;
        let body = start..start + size.checked_sub(RECORD_FRAME_BYTES)?;
        let fits = body.end <= self.chunk.len();
        let frame = Frame {
            begin: self.at,
            body,
            written,
        };
        fits.then_some((frame, id))
    }
}

/// Hundreds of nanoseconds since 1601 as a time.
fn time_written(ticks: u64) -> Option<When> {
    let seconds = i64::try_from(ticks / TICKS_A_SECOND).ok()? - EPOCH_SECONDS;
    let nanoseconds = i32::try_from(ticks % TICKS_A_SECOND * 100).ok()?;
    let time = Timestamp::new(seconds, nanoseconds).ok()?;
    Some(time::certain(time))
}

fn free_space(chunk: &[u8]) -> Option<usize> {
    u32_at(chunk, FREE_SPACE_AT).map(place)
}

/// The identifier of a chunk's first record, by its header.
pub(super) fn first_id(chunk: &[u8]) -> Option<u64> {
    u64_at(chunk, FIRST_RECORD_AT)
}

/// How many records a chunk has if the end of the file cuts into them after so many bytes, as far
/// as its header can be believed.
pub(super) fn cut_off(chunk: &[u8], present: usize) -> Option<u64> {
    let (first, last) = numbers(chunk)?;
    let is_cut = present < free_space(chunk)?;
    is_cut.then(|| (last - first).saturating_add(1).min(RECORDS_MAX))
}

/// How many records a damaged chunk held: as many as stand one after another in it or as its
/// header claims, whichever are more; at least one.
pub(super) fn records_held(chunk: &[u8]) -> u64 {
    let claimed = claimed(chunk).unwrap_or(0);
    claimed.max(records_framed(chunk)).max(1)
}

/// How many records a chunk's header claims, if a chunk can hold that many.
pub(super) fn claimed(chunk: &[u8]) -> Option<u64> {
    let (first, last) = numbers(chunk)?;
    let claimed = (last - first).checked_add(1)?;
    (claimed <= RECORDS_MAX).then_some(claimed)
}

/// The numbers of a chunk's first and last record, if they are in order.
fn numbers(chunk: &[u8]) -> Option<(u64, u64)> {
    let first = u64_at(chunk, FIRST_NUMBER_AT)?;
    let last = u64_at(chunk, LAST_NUMBER_AT)?;
    (first <= last).then_some((first, last))
}

/// How many records stand one after another from the chunk's beginning. Behind the last may lie
/// what is left of older ones, so nothing is looked for beyond a gap or where the header says that
/// free space begins.
fn records_framed(chunk: &[u8]) -> u64 {
    let whole = CHUNK_HEADER_BYTES..=chunk.len();
    let end = free_space(chunk).filter(|end| whole.contains(end));
    let used = CHUNK_HEADER_BYTES..end.unwrap_or(chunk.len());
    let mut rest = chunk.get(used).unwrap_or_default();
    let mut records = 0;
    while let Some(after) = after_record(rest) {
        records += 1;
        rest = after;
    }
    records
}

/// What stands after the record at the beginning, if one whole record is there.
fn after_record(bytes: &[u8]) -> Option<&[u8]> {
    let size = *bytes.strip_prefix(RECORD_MAGIC)?.first_chunk::<4>()?;
    let length = place(u32::from_le_bytes(size));
    if length < RECORD_FRAME_BYTES {
        return None;
    }
    let (record, after) = bytes.split_at_checked(length)?;
    record.ends_with(&size).then_some(after)
}
