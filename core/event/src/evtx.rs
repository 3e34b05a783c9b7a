//! Windows event log files, chunk by chunk in the order of the file.
//!
//! A file is a header block and chunks of 64 KiB, each complete in itself, so that damage to one
//! costs no other. Checksums are not enforced: a log that was copied while in use fails them and
//! is still evidence. Of a chunk cut off by the end of the file, the records before the cut are
//! read and the others, which its header counts, are refused one by one. Of a damaged chunk, as
//! many are refused as are missing from what stands in it or what its header claims.

mod bytes;
mod chunk;
mod compile;
mod decode;
mod frames;
mod known;
mod missing;
mod program;
mod template;
mod utf16;
mod value;

#[cfg(test)]
mod tests;

use std::{
    io::{self, BufRead, Read},
    mem,
};

use self::chunk::Reader;
pub(crate) use self::known::Programs;
use crate::{
    RefusalReason,
    intake::{Intake, Raw},
};

const HEADER_BYTES: u64 = 4096;
const CHUNK_BYTES: u64 = 65_536;
const CHUNK_HEADER_BYTES: usize = 512;

/// Where the file's header counts its chunks.
const CHUNK_COUNT_AT: usize = 42;

pub(crate) fn read(input: &mut dyn BufRead, intake: &mut Intake<'_>) -> io::Result<()> {
    let mut header = Vec::new();
    if block(input, HEADER_BYTES, &mut header)? < HEADER_BYTES {
        let raw = Raw {
            bytes: &header,
            offset: 0,
        };
        intake.refuse(raw, RefusalReason::Truncated);
        return Ok(());
    }
    let mut reader = Reader::new(mem::take(&mut intake.memory.programs));
    let mut offset = HEADER_BYTES;
    let mut seen = 0;
    loop {
        let read = next_chunk(input, |bytes| {
            // Chunks that were reserved and never written are zero.
            if !is_zero(bytes) {
                reader.read(bytes, offset, intake);
            }
        })?;
        if read == 0 {
            refuse_missing(&header, seen, offset, intake);
            intake.memory.programs = reader.give_known();
            return Ok(());
        }
        seen += 1;
        offset += read;
    }
}

/// Hands on the next chunk, or what there is of it; how many bytes that was.
fn next_chunk(input: &mut dyn BufRead, then: impl FnOnce(&[u8])) -> io::Result<u64> {
    let size = usize::try_from(CHUNK_BYTES).unwrap_or(usize::MAX);
    if let Some(whole) = input.fill_buf()?.get(..size) {
        then(whole);
        input.consume(size);
        return Ok(CHUNK_BYTES);
    }
    let mut bytes = Vec::with_capacity(size);
    let read = block(input, CHUNK_BYTES, &mut bytes)?;
    if read > 0 {
        then(&bytes);
    }
    Ok(read)
}

/// Refuses, once for each, the chunks that the file's header counts and the file does not have.
fn refuse_missing(header: &[u8], seen: u64, offset: u64, intake: &mut Intake<'_>) {
    let claimed = bytes::u16_at(header, CHUNK_COUNT_AT).map_or(0, u64::from);
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

/// Reads so many bytes, or as many as are left; how many.
fn block(input: &mut dyn BufRead, bytes: u64, block: &mut Vec<u8>) -> io::Result<u64> {
    block.clear();
    input.take(bytes).read_to_end(block)?;
    Ok(u64::try_from(block.len()).unwrap_or(u64::MAX))
}

/// Whether nothing was ever written there.
fn is_zero(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let is_zero = |block: &[u8; 64]| block.iter().fold(0, |all, byte| all | byte) == 0;
    blocks.iter().all(is_zero) && rest.iter().all(|byte| *byte == 0)
}
