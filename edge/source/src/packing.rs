//! How a stream is packed, by its first bytes, and unpacking it as it is read.
//!
//! Invariant: unpacking holds no more memory than [`MEMORY_BYTES_MAX`] whatever the stream asks for,
//! and ends in an error once far more came out than logs ever give.

use std::{
    cell::Cell,
    io::{self, BufRead, Read},
    rc::Rc,
};

use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;

use crate::guard::{DEFLATE_RATIO_MAX, FAR_RATIO_MAX, Guarded};

/// Most memory an unpacker may ask for, in bytes: `zstd --ultra --long=27` and `xz -9` need no more.
const MEMORY_BYTES_MAX: u32 = 1 << MEMORY_LOG_MAX;
const MEMORY_LOG_MAX: u32 = 27;

/// How a stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Xz,
}

/// How many bytes tell it.
pub(crate) const HEAD_BYTES: usize = 8;

impl Packing {
    /// Judges a stream by its first bytes.
    pub(crate) fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\x1f\x8b") {
            Self::Gzip
        } else if head.starts_with(b"\xfd7zXZ\0") {
            Self::Xz
        } else if head.starts_with(b"\x28\xb5\x2f\xfd") || is_skippable(head) {
            Self::Zstd
        } else {
            Self::Plain
        }
    }

    /// Unpacks a stream. `packed` is how many of its bytes were read so far, counted by whoever
    /// stands below it.
    ///
    /// # Errors
    /// If the stream asks for more memory than any log needs.
    pub(crate) fn unpack<'r>(
        self,
        input: impl BufRead + 'r,
        packed: Rc<Cell<u64>>,
    ) -> io::Result<Box<dyn Read + 'r>> {
        let memory_kib = MEMORY_BYTES_MAX / 1024;
        let (inner, ratio_max): (Box<dyn Read + 'r>, u64) = match self {
            Self::Plain => return Ok(Box::new(input)),
            Self::Gzip => (Box::new(MultiGzDecoder::new(input)), DEFLATE_RATIO_MAX),
            Self::Xz => {
                let reader = XzReader::new_mem_limit(input, true, memory_kib);
                (Box::new(Sips(reader)), FAR_RATIO_MAX)
            }
            Self::Zstd => {
                let mut reader = zstd::Decoder::with_buffer(input)?;
                reader.window_log_max(MEMORY_LOG_MAX)?;
                (Box::new(reader), FAR_RATIO_MAX)
            }
        };
        Ok(Box::new(Guarded {
            inner,
            packed,
            unpacked: 0,
            ratio_max,
        }))
    }
}

/// Reads little at a time: of what it unpacked before it failed, the unpacker for xz forgets what it was to
/// give with the same call.
struct Sips<R>(R);

const SIP_BYTES: usize = 4096;

impl<R: Read> Read for Sips<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = buffer.len().min(SIP_BYTES);
        self.0.read(buffer.get_mut(..end).unwrap_or_default())
    }
}

/// Frames that `zstd` writes for other tools and passes over, as `pzstd` does at the beginning.
fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Whether bytes begin a ZIP archive, perhaps one without members.
pub(crate) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Where a `tar` header says what it is, and what it says.
const TAR_MARK: (usize, &[u8]) = (257, b"ustar");

/// How many unpacked bytes tell a `tar`.
pub(crate) const TAR_HEAD_BYTES: usize = 512;

/// Whether unpacked bytes begin a `tar` archive.
pub(crate) fn is_tar(head: &[u8]) -> bool {
    let (at, mark) = TAR_MARK;
    head.get(at..).is_some_and(|rest| rest.starts_with(mark))
}
