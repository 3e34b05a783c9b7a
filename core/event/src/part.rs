//! Streams of lines cut into parts, to be read side by side, and what came of them put together.
//!
//! A line is a record whatever stands before it, but for two things: its number, and the ids of
//! records that their vendor gives none, of which equal ones are told apart by how many came before.
//! So the records of a part are numbered from 1 and known by a hash, and get number and id once
//! everything before is read.
//!
//! Invariant: the whole is the same as if the stream had been read in one piece.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read},
    sync::Arc,
};

use cordon_model::{EventId, LogRef};

use crate::{
    Hints, ReadSummary, Reader, Sink,
    ids::{Alike, Ids, repeated},
    lines::RECORD_BYTES_MAX,
};

/// Least bytes of a part: milliseconds of work, so that handing it over costs nothing beside it.
const PART_BYTES: usize = 1024 * 1024;

/// Some whole lines of a stream.
#[derive(Debug)]
pub struct Part {
    pub(crate) path: Arc<str>,
    /// Where it stands in the stream.
    pub(crate) offset: u64,
    pub(crate) place: Place,
    pub(crate) bytes: Vec<u8>,
    /// Whether the stream could not be read on behind it.
    pub(crate) broken_off: bool,
}

/// Where in its stream a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    First,
    Further,
}

/// What came of one part.
#[derive(Debug)]
pub struct PartRead {
    pub(crate) place: Place,
    pub(crate) summary: ReadSummary,
    /// Records without a vendor's id, by their number in the part.
    pub(crate) unnamed: Vec<(u64, Alike)>,
}

/// What came of all parts so far, from the first on; of one stream after another.
#[derive(Debug, Default)]
pub struct Parts {
    summary: ReadSummary,
    /// How many records of the stream came before.
    before: u64,
    ids: Ids,
}

/// What the records of a part are called in their stream.
#[derive(Debug)]
pub struct Numbering {
    before: u64,
    /// How many equal ones came before a record, by its number in the part.
    repeats: BTreeMap<u64, u64>,
}

impl Reader {
    /// Reads a part that a [`Sink`] took.
    pub fn read_part(&mut self, part: &Part, hints: &Hints, sink: &mut dyn Sink) -> PartRead {
        crate::read::read_part(self, part, (hints, sink))
    }
}

impl Parts {
    /// Adds what came of the next part.
    pub fn add(&mut self, read: PartRead) -> Numbering {
        let PartRead {
            place,
            mut summary,
            unnamed,
        } = read;
        if place == Place::First {
            self.before = 0;
            self.ids = Ids::default();
        }
        let before = self.before;
        self.before += summary.records;
        summary.renumber(before);
        self.summary.merge(summary);
        let mut repeats = BTreeMap::new();
        for (record, alike) in unnamed {
            let equal = self.ids.count(alike);
            if equal > 0 {
                repeats.insert(record, equal);
            }
        }
        Numbering { before, repeats }
    }

    /// What came of all of them.
    pub fn into_summary(self) -> ReadSummary {
        self.summary
    }
}

impl Numbering {
    /// Gives a record of the part its number and id in the stream.
    pub fn apply(&self, log: &mut LogRef, id: &mut EventId) {
        if let Some(before) = self.repeats.get(&log.record) {
            *id = repeated(id, *before);
        }
        log.record += self.before;
    }
}

/// The next part of a stream of lines; none at its end. A line beyond the limit ends its part, and is
/// passed over without being held.
pub(crate) fn next_part(input: &mut dyn BufRead, offset: &mut u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(PART_BYTES + PART_BYTES / 8);
    let limit = u64::try_from(PART_BYTES).unwrap_or(u64::MAX);
    (&mut *input).take(limit).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') {
        let limit = u64::try_from(RECORD_BYTES_MAX + 1).unwrap_or(u64::MAX);
        let more = (&mut *input).take(limit).read_until(b'\n', &mut bytes)?;
        if more > RECORD_BYTES_MAX && bytes.last() != Some(&b'\n') {
            let skipped = input.skip_until(b'\n')?;
            *offset += u64::try_from(skipped).unwrap_or(u64::MAX);
        }
    }
    *offset += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests;
