//! One stream of records: a file, or a member of an archive.

use std::{
    cell::{Cell, RefCell},
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use cordon_event::{Hints, ReadError, ReadSummary, Reader, Sink};
use zip::ZipArchive;

use crate::{
    SkipReason, SourceError,
    archive::Reopening,
    guard::{Counted, DEFLATE_RATIO_MAX, Guarded},
    packing::{Packing, TAR_HEAD_BYTES, is_tar, is_zip},
    skip, tarred, zipped,
};

/// How much is read from a file at a time, in bytes.
pub(crate) const BUFFER_BYTES: usize = 256 * 1024;

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
    /// So many bytes of a file as the member has, from here on.
    Part {
        path: PathBuf,
        begin: u64,
    },
    /// A packed `tar` with all its members.
    Tarred {
        path: PathBuf,
        packing: Packing,
    },
    /// A ZIP archive that has lost its list of members, with all of them.
    CutZip(PathBuf),
    /// Standard input.
    Stdin,
    Zipped {
        archive: ZipArchive<Reopening>,
        index: usize,
    },
}

/// Reads a stream under a name.
type ReadNamed<'r> = dyn FnMut(&Arc<str>, &mut dyn BufRead) -> Result<ReadSummary, ReadError> + 'r;

/// Walks an archive from its beginning: hands on each member that may be a log, and says what breaks it off.
type Each = fn(
    &mut dyn Read,
    &mut dyn FnMut(&str, &mut dyn Read) -> Result<(), SourceError>,
    &dyn Fn(io::Error) -> SourceError,
) -> Result<(), SourceError>;

impl Member {
    pub(crate) const fn new(name: Arc<str>, size: u64, place: Place) -> Self {
        Self { name, size, place }
    }

    /// Its name in output: the path as given, `archive.zip!member` for members of archives. The
    /// records of a packed `tar` have names of that form too, below this one.
    pub const fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The file that it is, if it is all of one.
    pub(crate) fn file(&self) -> Option<&Path> {
        if let Place::File(path) = &self.place {
            return Some(path);
        }
        None
    }

    /// How many bytes reading it reports to its watcher: the size on disk of a file, packed or
    /// not, and the unpacked size of an archive's member.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Reads all its records with a reader of its own; see [`Member::read_with`].
    ///
    /// # Errors
    /// As there.
    pub fn read(
        &self,
        hints: &Hints,
        sink: &mut dyn Sink,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        self.read_with(&mut Reader::new(), hints, sink, watch)
    }

    /// Reads all its records, unpacking on the way.
    ///
    /// `watch` is told how many bytes were read since it was told last, for showing progress.
    ///
    /// # Errors
    /// If the file cannot be opened, or fails or turns out to be a bomb while it is read; the sink
    /// then holds what was read before.
    pub fn read_with(
        &self,
        reader: &mut Reader,
        hints: &Hints,
        sink: &mut dyn Sink,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        let mut named =
            |name: &Arc<str>, input: &mut dyn BufRead| reader.read(name, input, hints, sink);
        self.each(&mut named, watch)
    }

    /// Gives the streams of it to somebody, each under its name.
    fn each(
        &self,
        named: &mut ReadNamed<'_>,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        let mut read = |input: &mut dyn BufRead| named(&self.name, input);
        match &self.place {
            Place::File(path) => self.read_stream(open(path)?, watch, &mut read),
            Place::Part { path, begin } => {
                let failed = |source| SourceError::Open {
                    path: path.clone(),
                    source,
                };
                let mut file = open(path)?;
                file.seek(SeekFrom::Start(*begin)).map_err(failed)?;
                self.read_stream(file.take(self.size), watch, &mut read)
            }
            Place::Stdin => self.read_input(io::stdin().lock(), named, watch),
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
                    ratio_max: DEFLATE_RATIO_MAX,
                };
                self.read_stream(guarded, watch, &mut read)
            }
            Place::Tarred { path, packing } => self.read_tar(path, *packing, named, watch),
            Place::CutZip(path) => self.read_cut_zip(path, named, watch),
        }
    }

    /// Gives its bytes, unpacked, to somebody who knows what they mean; those of a packed `tar` member by
    /// member. `watch` is told as in [`Member::read_with`].
    ///
    /// # Errors
    /// As there, and when `take` fails to read.
    pub fn bytes(
        &self,
        take: &mut dyn FnMut(&str, &mut dyn BufRead) -> io::Result<()>,
        watch: &dyn Fn(u64),
    ) -> Result<(), SourceError> {
        let mut named = |name: &Arc<str>, input: &mut dyn BufRead| match take(name, input) {
            Ok(()) => Ok(ReadSummary::default()),
            Err(source) => Err(ReadError {
                path: Arc::clone(name),
                so_far: Box::default(),
                source,
            }),
        };
        self.each(&mut named, watch).map(|_nothing_counted| ())
    }

    fn read_stream(
        &self,
        stream: impl Read,
        watch: &dyn Fn(u64),
        read: &mut dyn FnMut(&mut dyn BufRead) -> Result<ReadSummary, ReadError>,
    ) -> Result<ReadSummary, SourceError> {
        let count = Rc::new(Cell::new(0));
        let input = Counted {
            inner: stream,
            count: Rc::clone(&count),
            watch,
        };
        Ok(unpacked(&self.name, input, count, read)?)
    }

    /// Reads every member of a packed `tar`, each under its own name.
    fn read_tar(
        &self,
        path: &Path,
        packing: Packing,
        read: &mut ReadNamed<'_>,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        let count = Rc::new(Cell::new(0));
        let counted = Counted {
            inner: open(path)?,
            count: Rc::clone(&count),
            watch,
        };
        let input = BufReader::with_capacity(BUFFER_BYTES, counted);
        let unpacked = packing.unpack(input, count);
        let mut input =
            unpacked.map_err(|source| failed(&self.name, source, ReadSummary::default()))?;
        self.read_members(&mut input, tarred::each, read)
    }

    /// Reads what there is of a ZIP archive that was cut off.
    fn read_cut_zip(
        &self,
        path: &Path,
        read: &mut ReadNamed<'_>,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        let counted = Counted {
            inner: open(path)?,
            count: Rc::new(Cell::new(0)),
            watch,
        };
        let mut input = BufReader::with_capacity(BUFFER_BYTES, counted);
        self.read_members(&mut input, zipped::each, read)
    }

    /// Reads standard input, which only goes forward: packed, an archive, or a log.
    fn read_input(
        &self,
        input: impl Read,
        read: &mut ReadNamed<'_>,
        watch: &dyn Fn(u64),
    ) -> Result<ReadSummary, SourceError> {
        let failed = |source| failed(&self.name, source, ReadSummary::default());
        let count = Rc::new(Cell::new(0));
        let counted = Counted {
            inner: input,
            count: Rc::clone(&count),
            watch,
        };
        let mut input = BufReader::with_capacity(BUFFER_BYTES, counted);
        let head = input.fill_buf().map_err(failed)?;
        refuse_input(head)?;
        let packing = Packing::of(head);
        let mut input = packing.unpack(input, count).map_err(failed)?;
        let mut head = Vec::new();
        let few = u64::try_from(TAR_HEAD_BYTES).unwrap_or(u64::MAX);
        let broken = input.by_ref().take(few).read_to_end(&mut head).err();
        let (tarred, is_zipped) = (is_tar(&head), is_zip(&head));
        // What was read before it broke is read, and that it did comes behind it.
        let head = Cursor::new(head).chain(Breaking(broken));
        let mut whole = BufReader::with_capacity(BUFFER_BYTES, head.chain(input));
        if tarred {
            self.read_members(&mut whole, tarred::each, read)
        } else if is_zipped {
            self.read_members(&mut whole, zipped::each, read)
        } else {
            Ok(read(&self.name, &mut whole)?)
        }
    }

    /// Reads every member of an archive that can only be read from its beginning.
    fn read_members(
        &self,
        input: &mut dyn Read,
        each: Each,
        read: &mut ReadNamed<'_>,
    ) -> Result<ReadSummary, SourceError> {
        let total = RefCell::new(ReadSummary::default());
        let failed = |source| failed(&self.name, source, total.take());
        let mut take = |inner: &str, bytes: &mut dyn Read| {
            let name: Arc<str> = Arc::from(format!("{}!{inner}", self.name));
            let count = Rc::new(Cell::new(0));
            let bytes = Counted {
                inner: bytes,
                count: Rc::clone(&count),
                watch: &|_| {},
            };
            let mut read = |input: &mut dyn BufRead| read(&name, input);
            match unpacked(&name, bytes, count, &mut read) {
                Ok(summary) => {
                    total.borrow_mut().merge(summary);
                    Ok(())
                }
                Err(mut error) => {
                    let mut so_far = total.take();
                    so_far.merge(*error.so_far);
                    error.so_far = Box::new(so_far);
                    Err(error.into())
                }
            }
        };
        each(input, &mut take, &failed)?;
        Ok(total.take())
    }
}

/// Refuses what standard input cannot be read as, though a file could, or could be told better.
fn refuse_input(head: &[u8]) -> Result<(), SourceError> {
    match skip::by_magic(head) {
        Some(SkipReason::Packed) => Err(SourceError::UnknownPacking {
            path: PathBuf::from("standard input"),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Fails once if there is a reason to, and is at its end after that.
struct Breaking(Option<io::Error>);

impl Read for Breaking {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn open(path: &Path) -> Result<File, SourceError> {
    File::open(path).map_err(|source| SourceError::Open {
        path: path.to_owned(),
        source,
    })
}

/// Reads a stream after unpacking it, if it is packed.
fn unpacked(
    name: &Arc<str>,
    stream: impl Read,
    packed: Rc<Cell<u64>>,
    read: &mut dyn FnMut(&mut dyn BufRead) -> Result<ReadSummary, ReadError>,
) -> Result<ReadSummary, ReadError> {
    let failed = |source| ReadError {
        path: Arc::clone(name),
        so_far: Box::default(),
        source,
    };
    let mut input = BufReader::with_capacity(BUFFER_BYTES, stream);
    let packing = Packing::of(input.fill_buf().map_err(failed)?);
    if packing == Packing::Plain {
        return read(&mut input);
    }
    let input = packing.unpack(input, packed).map_err(failed)?;
    read(&mut BufReader::with_capacity(BUFFER_BYTES, input))
}

fn failed(name: &Arc<str>, source: io::Error, so_far: ReadSummary) -> SourceError {
    SourceError::Read(ReadError {
        path: Arc::clone(name),
        so_far: Box::new(so_far),
        source,
    })
}
