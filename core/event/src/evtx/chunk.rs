//! The records of one chunk, each the fast way if it can be.
//!
//! As long as the chunk is in order and its records are plain, they go straight into the intake. At
//! the first that is not, the `evtx` crate takes the chunk up at that record; of those that it
//! finds from there on, the plain ones still take the fast way. Either way a record counts once.

use std::{ops::Range, sync::Arc};

use ::evtx::{EvtxChunkData, EvtxRecord, ParserSettings, err::EvtxError};
use cordon_model::{Record, Value};
use serde_json::Map;

use super::{
    CHUNK_BYTES, CHUNK_HEADER_BYTES,
    decode::Decoder,
    frames::{self, Frame, Frames, Next},
    known::Programs,
    missing::Missing,
};
use crate::{
    RefusalReason,
    intake::{Intake, Raw},
    json,
    time::When,
    windows,
};

/// A chunk, filled up with zeros where the file ends in it.
#[derive(Debug, Clone, Copy)]
struct Chunk<'b> {
    bytes: &'b [u8],
    /// How many of its bytes the file has.
    present: usize,
    /// Where it stands in the file.
    offset: u64,
}

impl<'b> Chunk<'b> {
    fn raw(self, range: Range<usize>) -> Raw<'b> {
        Raw {
            bytes: self.bytes.get(range.clone()).unwrap_or_default(),
            offset: self.offset + u64::try_from(range.start).unwrap_or(0),
        }
    }

    fn head(self) -> Raw<'b> {
        self.raw(0..self.present.min(CHUNK_HEADER_BYTES))
    }

    /// Whether the file ends in its records.
    fn is_cut(self) -> bool {
        frames::cut_off(self.bytes, self.present).is_some()
    }

    /// How many records its header claims, as far as that can be believed.
    fn claimed(self) -> u64 {
        let cut_off = frames::cut_off(self.bytes, self.present);
        cut_off.or_else(|| frames::claimed(self.bytes)).unwrap_or(0)
    }

    /// Why a record of it that cannot be read is refused.
    fn reason(self) -> RefusalReason {
        if self.is_cut() {
            RefusalReason::Truncated
        } else {
            RefusalReason::BrokenEvtxRecord
        }
    }
}

/// Reads the chunks of a file.
pub(super) struct Reader {
    settings: Arc<ParserSettings>,
    decoder: Decoder,
}

impl Reader {
    /// One that has met templates before.
    pub(super) fn new(known: Programs) -> Self {
        Self {
            settings: Arc::new(ParserSettings::new()),
            decoder: Decoder::new(known),
        }
    }

    /// Gives the templates that it met.
    pub(super) fn give_known(&mut self) -> Programs {
        self.decoder.give_known()
    }

    /// Reads a chunk that stands at a place in the file, or what the file has of it.
    pub(super) fn read(&mut self, bytes: &[u8], offset: u64, intake: &mut Intake<'_>) {
        let size = usize::try_from(CHUNK_BYTES).unwrap_or(bytes.len());
        let mut filled = Vec::new();
        if bytes.len() < size {
            filled.extend_from_slice(bytes);
            filled.resize(size, 0);
        }
        let chunk = Chunk {
            bytes: if filled.is_empty() { bytes } else { &filled },
            present: bytes.len(),
            offset,
        };
        self.read_whole(chunk, intake);
    }

    fn read_whole(&mut self, chunk: Chunk<'_>, intake: &mut Intake<'_>) {
        if chunk.present < CHUNK_HEADER_BYTES {
            intake.refuse(chunk.head(), RefusalReason::Truncated);
            return;
        }
        let Some(frames) = Frames::of(chunk.bytes) else {
            refuse_rest(chunk, 0, intake);
            return;
        };
        self.decoder.begin_chunk();
        if let Some(seen) = self.read_plain(chunk, frames, intake) {
            self.read_rest(chunk, seen, intake);
        }
    }

    /// Reads records up to the first that is not plain; how many, unless they were all.
    fn read_plain(
        &mut self,
        chunk: Chunk<'_>,
        mut frames: Frames<'_>,
        intake: &mut Intake<'_>,
    ) -> Option<u64> {
        let mut seen = 0;
        loop {
            match frames.next() {
                // Where the file ends in the chunk, or a record claims the place of the next ones, those
                // that are missing are still to be counted.
                Next::End => return (chunk.claimed() > seen).then_some(seen),
                Next::Odd => return Some(seen),
                Next::Record(frame) => {
                    let body = frame.body.clone();
                    let fields = &mut intake.draft.fields;
                    let Some(()) = self.decoder.fill(chunk.bytes, body, fields) else {
                        return Some(seen);
                    };
                    let raw = chunk.raw(Frame::whole(&frame.body));
                    accept(raw, Some(frame.written), intake);
                    seen += 1;
                }
            }
        }
    }

    /// Reads the records that come after so many.
    fn read_rest(&mut self, chunk: Chunk<'_>, before: u64, intake: &mut Intake<'_>) {
        let Ok(mut data) = EvtxChunkData::new(chunk.bytes.to_vec(), false) else {
            refuse_rest(chunk, before, intake);
            return;
        };
        let Ok(mut parsed) = data.parse(Arc::clone(&self.settings)) else {
            refuse_rest(chunk, before, intake);
            return;
        };
        let mut missing = Missing::of(chunk.bytes);
        let mut damaged = false;
        for (number, record) in (0..).zip(parsed.iter()) {
            if let Err(EvtxError::FailedToReadRecordAt { .. }) = record {
                damaged = true;
                missing.lost();
                continue;
            }
            let id = record.as_ref().ok().map(|record| record.event_record_id);
            let lost = missing.found(id);
            if number < before {
                continue;
            }
            refuse(chunk, lost, intake);
            match record {
                Ok(record) => self.read_record(chunk, record, intake),
                Err(_) => refuse(chunk, 1, intake),
            }
        }
        let held = if damaged && !chunk.is_cut() {
            frames::records_held(chunk.bytes)
        } else {
            chunk.claimed()
        };
        refuse(chunk, missing.at_end(held), intake);
    }

    fn read_record(&mut self, chunk: Chunk<'_>, record: EvtxRecord<'_>, intake: &mut Intake<'_>) {
        let body = body(&record);
        let written = windows::time_written(record.timestamp.as_nanosecond());
        let raw = chunk.raw(Frame::whole(&body));
        let fields = &mut intake.draft.fields;
        let plain = self.decoder.fill(chunk.bytes, body, fields);
        match plain.or_else(|| fill_carefully(record, fields)) {
            Some(()) => accept(raw, written, intake),
            None => intake.refuse(raw, RefusalReason::BrokenEvtxRecord),
        }
    }
}

/// Where a record's binary XML stands.
pub(super) fn body(record: &EvtxRecord<'_>) -> Range<usize> {
    let start = usize::try_from(record.binxml_offset).unwrap_or(usize::MAX);
    let length = usize::try_from(record.binxml_size).unwrap_or(0);
    start..start.saturating_add(length)
}

/// The careful way: by the text that the `evtx` crate makes of a record.
pub(super) fn fill_carefully(record: EvtxRecord<'_>, fields: &mut Record) -> Option<()> {
    let rendered = record.into_json_bytes().ok()?;
    let parsed = json::parse(&rendered.data).ok()?;
    let flat: Map<String, Value> = windows::of_xml(parsed.value)?;
    fields.fill(&Value::Object(flat));
    Some(())
}

fn accept(raw: Raw<'_>, written: Option<When>, intake: &mut Intake<'_>) {
    let mut understood = windows::understand(&mut intake.draft, intake.hints);
    if let (Err(_), Some(time)) = (understood.when, written) {
        understood.when = Ok(time);
    }
    intake.accept(raw, understood);
}

/// Refuses so many records.
fn refuse(chunk: Chunk<'_>, records: u64, intake: &mut Intake<'_>) {
    for _ in 0..records {
        intake.refuse(chunk.head(), chunk.reason());
    }
}

/// Refuses what is left of a chunk that cannot be read, so that the records of later chunks keep
/// their numbers; at least one, the one at which the reading ended.
fn refuse_rest(chunk: Chunk<'_>, seen: u64, intake: &mut Intake<'_>) {
    let held = frames::records_held(chunk.bytes).max(seen + 1);
    for _ in seen..held {
        intake.refuse(chunk.head(), RefusalReason::BrokenEvtxChunk);
    }
}
