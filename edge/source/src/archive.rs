//! ZIP archives: their members, each readable by itself on any thread.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use zip::{ZipArchive, result::ZipError};

use crate::{
    SkipReason, Skipped, SourceError,
    guard::{DEFLATE_RATIO_MAX, is_bomb},
    member::{Member, Place},
    skip, zipped,
};

/// Most members looked at in one archive; exports of a year of hourly files have 9,000.
pub(crate) const MEMBERS_MAX: usize = 1_000_000;

/// How the library says that an archive has no end.
const NO_LIST: &str = "EOCD";

/// An archive's file, opened again by every copy, so that members are read in parallel.
#[derive(Debug)]
pub(crate) struct Reopening {
    path: PathBuf,
    open: Option<BufReader<File>>,
}

impl Reopening {
    fn file(&mut self) -> io::Result<&mut BufReader<File>> {
        if self.open.is_none() {
            self.open = Some(BufReader::new(File::open(&self.path)?));
        }
        self.open
            .as_mut()
            .ok_or_else(|| io::Error::other("the archive is not open"))
    }
}

impl Clone for Reopening {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            open: None,
        }
    }
}

impl Read for Reopening {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.file()?.read(to)
    }
}

impl Seek for Reopening {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file()?.seek(to)
    }
}

/// Lists the members of an archive that may be logs, in the order of their names.
pub(crate) fn members(
    path: &Path,
    size: u64,
    skipped: &mut BTreeMap<SkipReason, Skipped>,
) -> Result<Vec<Member>, SourceError> {
    let name: Arc<str> = Arc::from(path.to_string_lossy());
    let failed = |source: ZipError| SourceError::Archive {
        name: Arc::clone(&name),
        source,
    };
    let reader = Reopening {
        path: path.to_owned(),
        open: None,
    };
    let mut archive = match ZipArchive::new(reader) {
        Ok(archive) => archive,
        Err(ZipError::InvalidArchive(what)) if what.contains(NO_LIST) => {
            let member = zipped::cut_off(path, size, skipped);
            let member = member.map_err(|source| failed(source.into()))?;
            return Ok(member.into_iter().collect());
        }
        Err(error) => return Err(failed(error)),
    };
    if archive.len() > MEMBERS_MAX {
        let unpacked_bytes = u64::MAX;
        return Err(SourceError::Bomb {
            name,
            unpacked_bytes,
        });
    }
    let mut members = Vec::new();
    let mut unpacked_bytes: u64 = 0;
    let mut no_logs = None;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(failed)?;
        if entry.is_dir() {
            continue;
        }
        let inner = entry.name().map_err(failed)?.into_owned();
        let size = entry.size();
        let passed_over = if entry.encrypted() {
            Some(SkipReason::Encrypted)
        } else if size == 0 {
            Some(SkipReason::Empty)
        } else {
            skip::nested(&inner)
        };
        drop(entry);
        no_logs = no_logs.or_else(|| written_by_program(&inner));
        let head = || beginning(&mut archive, index).unwrap_or_default();
        let passed_over = passed_over.or_else(|| skip::judged(&inner, head));
        let full = format!("{name}!{inner}");
        if let Some(why) = passed_over {
            skip::count(skipped, why, &full);
            continue;
        }
        unpacked_bytes = unpacked_bytes.saturating_add(size);
        let place = Place::Zipped {
            archive: archive.clone(),
            index,
        };
        members.push(Member::new(full.into(), size, place));
    }
    if is_bomb(size, unpacked_bytes, DEFLATE_RATIO_MAX) {
        return Err(SourceError::Bomb {
            name,
            unpacked_bytes,
        });
    }
    if let Some(why) = no_logs {
        skip::count(skipped, why, &name);
        return Ok(Vec::new());
    }
    members.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(members)
}

/// What an archive is that has such a member: the files of office and Java programs are ZIP archives too.
fn written_by_program(inner: &str) -> Option<SkipReason> {
    match inner {
        "[Content_Types].xml" => Some(SkipReason::Document),
        "META-INF/MANIFEST.MF" | "AndroidManifest.xml" => Some(SkipReason::Executable),
        _ => None,
    }
}

/// The first bytes of a member.
fn beginning(archive: &mut ZipArchive<Reopening>, index: usize) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let member = archive.by_index(index).ok()?;
    // What can be had before it breaks tells enough.
    let _broken = member.take(skip::LOOKED_AT_BYTES).read_to_end(&mut head);
    Some(head)
}
