//! `tar` archives, packed or not.
//!
//! A plain one gives its members with their places, so that each is read by itself on any thread. A
//! packed one can only be read from its beginning: it is one stream that holds the records of all its
//! members, each under its own name and with its own numbers.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    rc::Rc,
    sync::Arc,
};

use tar::{Archive, Entry};

use crate::{
    SkipReason, Skipped, SourceError,
    archive::MEMBERS_MAX,
    member::{BUFFER_BYTES, Member, Place},
    packing::Packing,
    skip,
};

/// What a `tar` holds.
pub(crate) struct Listed {
    /// Its members if it is plain, itself as one if it is packed.
    pub(crate) members: Vec<Member>,
    /// Why the listing ended before the archive did; what stands before that is listed.
    pub(crate) failed: Option<SourceError>,
}

/// Lists what may be logs in a `tar`.
pub(crate) fn members(
    path: &Path,
    packing: Packing,
    skipped: &mut BTreeMap<SkipReason, Skipped>,
) -> Result<Listed, SourceError> {
    let name: Arc<str> = Arc::from(path.to_string_lossy());
    let failed = |source| SourceError::Tar {
        name: Arc::clone(&name),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut archive = Archive::new(unpacked(file, packing).map_err(failed)?);
    let mut members = Vec::new();
    let mut broken = None;
    for entry in archive.entries().map_err(failed)? {
        if members.len() > MEMBERS_MAX {
            return Err(SourceError::Bomb {
                name,
                unpacked_bytes: u64::MAX,
            });
        }
        match entry {
            Ok(entry) => members.extend(member(path, &entry, skipped)),
            Err(source) => {
                broken = Some(failed(source));
                break;
            }
        }
    }
    if members.is_empty() || packing == Packing::Plain {
        members.sort_by(|a, b| a.name().cmp(b.name()));
        let failed = broken;
        return Ok(Listed { members, failed });
    }
    let place = Place::Tarred {
        path: path.to_owned(),
        packing,
    };
    // Reading it will say what is broken.
    Ok(Listed {
        members: vec![Member::new(name, size, place)],
        failed: None,
    })
}

/// An entry that may be a log; one that is none is counted.
fn member<R: Read>(
    path: &Path,
    entry: &Entry<'_, R>,
    skipped: &mut BTreeMap<SkipReason, Skipped>,
) -> Option<Member> {
    let inner = file_name(entry)?;
    let full = format!("{}!{inner}", path.to_string_lossy());
    if let Some(why) = passed_over(&inner, entry.size()) {
        skip::count(skipped, why, &full);
        return None;
    }
    let place = Place::Part {
        path: path.to_owned(),
        begin: entry.raw_file_position(),
    };
    Some(Member::new(full.into(), entry.size(), place))
}

fn unpacked(file: File, packing: Packing) -> io::Result<Box<dyn Read>> {
    let size = file.metadata()?.len();
    let input = BufReader::with_capacity(BUFFER_BYTES, file);
    packing.unpack(input, Rc::new(Cell::new(size)))
}

/// Hands on every member that may be a log, in the order of the archive, with its name.
///
/// # Errors
/// If the archive fails, or whoever takes a member does.
pub(crate) fn each(
    input: &mut dyn Read,
    take: &mut dyn FnMut(&str, &mut dyn Read) -> Result<(), SourceError>,
    failed: &dyn Fn(io::Error) -> SourceError,
) -> Result<(), SourceError> {
    let mut archive = Archive::new(input);
    for entry in archive.entries().map_err(failed)? {
        let mut entry = entry.map_err(failed)?;
        let Some(inner) = file_name(&entry) else {
            continue;
        };
        if passed_over(&inner, entry.size()).is_none() {
            take(&inner, &mut entry)?;
        }
    }
    Ok(())
}

/// The name of an entry that is a file.
fn file_name<R: Read>(entry: &Entry<'_, R>) -> Option<String> {
    let kind = entry.header().entry_type();
    let is_file = kind.is_file() || kind.is_contiguous();
    is_file.then(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned())
}

fn passed_over(name: &str, size: u64) -> Option<SkipReason> {
    if size == 0 {
        return Some(SkipReason::Empty);
    }
    skip::by_name(name).or_else(|| skip::nested(name))
}
