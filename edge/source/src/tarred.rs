//! `tar` archives, packed or not.
//!
//! A plain one gives its members with their places, so that each is read by itself on any thread. A
//! packed one can only be read from its beginning: it is one stream that holds the records of all its
//! members, each under its own name and with its own numbers.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Cursor, Read},
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
            Ok(mut entry) => members.extend(member(path, &mut entry, skipped)),
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
    entry: &mut Entry<'_, R>,
    skipped: &mut BTreeMap<SkipReason, Skipped>,
) -> Option<Member> {
    let inner = name(entry);
    let full = format!("{}!{inner}", path.to_string_lossy());
    if !is_file(entry) {
        let kind = entry.header().entry_type();
        if kind.is_symlink() || kind.is_hard_link() {
            skip::count(skipped, SkipReason::Link, &full);
        }
        return None;
    }
    if let (Some(why), _) = skip::member(&inner, entry.size(), entry) {
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
        if !is_file(&entry) {
            continue;
        }
        let inner = name(&entry);
        if let (None, head) = skip::member(&inner, entry.size(), &mut entry) {
            take(&inner, &mut Cursor::new(head).chain(entry))?;
        }
    }
    Ok(())
}

fn is_file<R: Read>(entry: &Entry<'_, R>) -> bool {
    let kind = entry.header().entry_type();
    kind.is_file() || kind.is_contiguous()
}

fn name<R: Read>(entry: &Entry<'_, R>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}
