//! One journal on the disk.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use crate::StoreError;

/// A journal that this process may write to, as long as nobody else has.
#[derive(Debug)]
pub struct JournalFile {
    file: File,
    path: PathBuf,
    /// How long it was when this process last read or wrote it.
    bytes: u64,
    /// What it ended with then: a file that was cut and grew again may be as long, but does not
    /// end in the same signature.
    tail: Vec<u8>,
    broken: bool,
}

impl JournalFile {
    /// Makes a new journal; there must be none.
    ///
    /// # Errors
    /// When there is one, or the disk fails.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let wrong = error("create", path);
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create_new(true).open(path);
        let file = file.map_err(&wrong)?;
        file.sync_all().map_err(&wrong)?;
        // The folder's entry must be on the disk too, or the file is not there after a crash.
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            sync_folder(folder).map_err(&wrong)?;
        }
        Ok(Self {
            file,
            path: path.to_owned(),
            bytes: 0,
            tail: Vec::new(),
            broken: false,
        })
    }

    /// Opens a journal and reads all of it.
    ///
    /// # Errors
    /// When there is none, or the disk fails.
    pub fn open(path: &Path) -> Result<(Self, Vec<u8>), StoreError> {
        let wrong = error("read", path);
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).open(path).map_err(&wrong)?;
        let mut bytes = Vec::new();
        file.lock_shared().map_err(&wrong)?;
        let read = file.read_to_end(&mut bytes);
        file.unlock().map_err(&wrong)?;
        read.map_err(&wrong)?;
        let journal = Self {
            file,
            path: path.to_owned(),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            tail: end_of(&bytes).to_vec(),
            broken: false,
        };
        Ok((journal, bytes))
    }

    /// Opens a journal and reads all of it, or makes an empty one.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn open_or_create(path: &Path) -> Result<(Self, Vec<u8>), StoreError> {
        match Self::create(path) {
            Ok(made) => Ok((made, Vec::new())),
            Err(_exists) if path.exists() => Self::open(path),
            Err(why) => Err(why),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nobody else has written since.
    ///
    /// # Errors
    /// When the disk fails: then nobody knows.
    pub fn is_ours(&mut self) -> Result<bool, StoreError> {
        let wrong = error("read", &self.path);
        self.file.lock_shared().map_err(&wrong)?;
        let ours = self.is_as_left();
        self.file.unlock().map_err(&wrong)?;
        ours.map_err(&wrong)
    }

    /// Writes a line and returns when it is on the disk.
    ///
    /// # Errors
    /// When somebody else has written since, or the disk fails; then nothing can follow.
    pub fn append(&mut self, line: &str) -> Result<(), StoreError> {
        self.alone(|journal| {
            let wrong = error("write to", &journal.path);
            let written = journal.file.write_all(line.as_bytes());
            let synced = written.and_then(|()| journal.file.sync_data());
            if let Err(cause) = synced {
                // What is half written must not stand before something whole.
                journal.broken = true;
                let _tail_is_found_torn = journal.file.set_len(journal.bytes);
                return Err(wrong(cause));
            }
            journal.bytes += u64::try_from(line.len()).unwrap_or(u64::MAX);
            journal.tail.extend_from_slice(line.as_bytes());
            journal.tail = end_of(&journal.tail).to_vec();
            Ok(())
        })
    }

    /// Puts the last bytes, which are no whole line or not to be believed, into a file of their own beside it.
    ///
    /// # Errors
    /// When somebody else has written since, or the disk fails.
    pub fn put_aside(&mut self, torn_bytes: usize) -> Result<(), StoreError> {
        if torn_bytes == 0 {
            return Ok(());
        }
        self.alone(|journal| {
            let wrong = error("repair", &journal.path);
            let torn = u64::try_from(torn_bytes).unwrap_or(u64::MAX);
            let whole = journal.bytes.saturating_sub(torn);
            let mut tail = Vec::new();
            journal.file.seek(SeekFrom::Start(whole)).map_err(&wrong)?;
            journal.file.read_to_end(&mut tail).map_err(&wrong)?;
            let mut file = journal.aside(whole).map_err(&wrong)?;
            file.write_all(&tail).map_err(&wrong)?;
            file.sync_all().map_err(&wrong)?;
            journal.file.set_len(whole).map_err(&wrong)?;
            journal.file.sync_all().map_err(&wrong)?;
            journal.bytes = whole;
            journal.tail = journal.end_on_disk().map_err(&wrong)?;
            Ok(())
        })
    }

    /// A new file for what stood from there on; nothing that was put aside before is lost.
    fn aside(&self, whole: u64) -> io::Result<File> {
        let mut extension = format!("torn-{whole}");
        loop {
            match File::create_new(self.path.with_extension(&extension)) {
                Err(taken) if taken.kind() == io::ErrorKind::AlreadyExists => extension.push('+'),
                made => return made,
            }
        }
    }

    /// Does something while no other process can write, and only if none has.
    fn alone(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        if self.broken {
            return Err(StoreError::Broken { path });
        }
        let wrong = error("lock", &path);
        self.file.lock().map_err(&wrong)?;
        let done = match self.is_as_left() {
            Ok(true) => act(self),
            Ok(false) => Err(StoreError::Superseded { path: path.clone() }),
            Err(cause) => Err(wrong(cause)),
        };
        self.file.unlock().map_err(&wrong)?;
        done
    }

    fn is_as_left(&mut self) -> io::Result<bool> {
        Ok(self.file.metadata()?.len() == self.bytes && self.end_on_disk()? == self.tail)
    }

    fn end_on_disk(&mut self) -> io::Result<Vec<u8>> {
        let bytes = self.file.metadata()?.len();
        let tail = u64::try_from(TAIL_BYTES).unwrap_or(u64::MAX);
        self.file
            .seek(SeekFrom::Start(bytes.saturating_sub(tail)))?;
        let mut end = Vec::new();
        self.file.read_to_end(&mut end)?;
        Ok(end)
    }
}

/// How many bytes at the end tell one line from any other: more than a signature has.
const TAIL_BYTES: usize = 128;

fn end_of(bytes: &[u8]) -> &[u8] {
    let start = bytes.len().saturating_sub(TAIL_BYTES);
    bytes.get(start..).unwrap_or_default()
}

fn error(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |cause| StoreError::Io {
        doing,
        path: path.clone(),
        cause,
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened to be synced; its file system does so by itself.
#[cfg(not(unix))]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::metadata(folder).map(|_facts| ())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::JournalFile;
    use crate::StoreError;

    #[test]
    fn what_was_appended_is_there_and_another_writer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut first = JournalFile::create(&path).unwrap();
        first.append("one\n").unwrap();
        let (mut second, bytes) = JournalFile::open(&path).unwrap();
        assert_eq!(bytes, b"one\n");
        second.append("two\n").unwrap();
        assert!(second.is_ours().unwrap() && !first.is_ours().unwrap());
        let late = first.append("late\n").unwrap_err();
        assert!(matches!(late, StoreError::Superseded { .. }), "{late}");
        assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\n");
        assert!(JournalFile::create(&path).is_err());
    }

    #[test]
    fn of_two_that_read_the_same_end_one_writes_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spent");
        let (mut a, read) = JournalFile::open_or_create(&path).unwrap();
        let (mut b, _) = JournalFile::open_or_create(&path).unwrap();
        assert_eq!(read, b"");
        b.append("one\n").unwrap();
        assert!(matches!(
            a.append("one\n"),
            Err(StoreError::Superseded { .. })
        ));
        let (_, read) = JournalFile::open_or_create(&path).unwrap();
        assert_eq!(read, b"one\n");
    }

    #[test]
    fn a_torn_tail_is_put_aside_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        fs::write(&path, "one\nhal").unwrap();
        let (mut journal, _) = JournalFile::open(&path).unwrap();
        journal.put_aside(3).unwrap();
        journal.append("two\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\n");
        assert_eq!(
            fs::read(folder.path().join("journal.torn-4")).unwrap(),
            b"hal"
        );
        fs::write(&path, "one\nother").unwrap();
        let (mut journal, _) = JournalFile::open(&path).unwrap();
        journal.put_aside(5).unwrap();
        let aside = |name: &str| fs::read(folder.path().join(name)).unwrap();
        assert_eq!(aside("journal.torn-4"), b"hal");
        assert_eq!(aside("journal.torn-4+"), b"other");
    }

    #[test]
    fn of_two_that_repair_the_same_journal_one_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        fs::write(&path, "one\nhal").unwrap();
        let (mut a, _) = JournalFile::open(&path).unwrap();
        let (mut b, _) = JournalFile::open(&path).unwrap();
        a.put_aside(3).unwrap();
        a.append("ab\n").unwrap();
        assert!(matches!(b.put_aside(3), Err(StoreError::Superseded { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"one\nab\n");
    }
}
