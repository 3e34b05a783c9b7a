//! One stream of records: a file, or a member of an archive.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
    rc::Rc,
    sync::Arc,
};

use cordon_event::{Hints, ReadSummary, Sink};
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::{
    SourceError,
    archive::Reopening,
    guard::{Counted, Guarded},
};

/// How much is read from a file at a time, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// One stream of records, not opened yet; can be read on any thread.
#[derive(Debug, Clone)]
pub struct Member {
    name: Arc<str>,
    size: u64,
    place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum Place {
    File(PathBuf),
    Zipped {
        archive: ZipArchive<Reopening>,
        index: usize,
    },
}

impl Member {
    pub(crate) const fn new(name: Arc<str>, size: u64, place: Place) -> Self {
        Self { name, size, place }
    }

    /// Its name in output: the path as given, `archive.zip!member` for members of archives.
    pub const fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// How many bytes reading it reports to its watcher: the size on disk of a file, packed or
    /// not, and the unpacked size of an archive's member.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Reads all its records, unpacking gzip on the way.
    ///
    /// `watch` is told how many bytes were read since it was told last, for showing progress.
    ///
    /// # Errors
    /// If the file cannot be opened, or fails or turns out to be a bomb while it is read; the sink
    /// then holds what was read before.
    pub fn read(
        &self,
        hints: &Hints,
        sink: &mut dyn Sink,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        match &self.place {
            Place::File(path) => {
                let file = File::open(path).map_err(|source| SourceError::Open {
                    path: path.clone(),
                    source,
                })?;
                self.read_stream(file, watch, &mut |input| {
                    cordon_event::read(&self.name, input, hints, sink)
                })
            }
            Place::Zipped { archive, index } => {
                let mut archive = archive.clone();
                let entry = archive
                    .by_index(*index)
                    .map_err(|source| SourceError::Archive {
                        name: Arc::clone(&self.name),
                        source,
                    })?;
                let guarded = Guarded {
                    packed: Rc::new(Cell::new(entry.compressed_size())),
                    inner: entry,
                    unpacked: 0,
                };
                self.read_stream(guarded, watch, &mut |input| {
                    cordon_event::read(&self.name, input, hints, sink)
                })
            }
        }
    }

    fn read_stream(
        &self,
        stream: impl Read,
        watch: &dyn Fn(u64),
        read: &mut dyn FnMut(&mut dyn BufRead) -> Result<ReadSummary, cordon_event::ReadError>,
    ) -> Result<ReadSummary, SourceError> {
        let count = Rc::new(Cell::new(0));
        let counted = Counted {
            inner: stream,
            count: Rc::clone(&count),
            watch,
        };
        let mut input = BufReader::with_capacity(BUFFER_BYTES, counted);
        let gzipped = is_gzip(&mut input).map_err(|source| cordon_event::ReadError {
            path: Arc::clone(&self.name),
            so_far: Box::default(),
            source,
        })?;
        if !gzipped {
            return Ok(read(&mut input)?);
        }
        let unpacked = Guarded {
            inner: MultiGzDecoder::new(input),
            packed: count,
            unpacked: 0,
        };
        Ok(read(&mut BufReader::with_capacity(BUFFER_BYTES, unpacked))?)
    }
}

fn is_gzip(input: &mut impl BufRead) -> io::Result<bool> {
    Ok(input.fill_buf()?.starts_with(b"\x1f\x8b"))
}
