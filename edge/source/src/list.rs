//! Paths to members.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use walkdir::{DirEntry, WalkDir};

use crate::{
    Member, SkipReason, Skipped, SourceError, archive,
    member::Place,
    packing::{HEAD_BYTES, Packing, TAR_HEAD_BYTES, is_tar, is_zip},
    skip::{self, LOOKED_AT_BYTES, by_magic},
    tarred,
};

/// What paths hold.
#[derive(Debug, Default)]
pub struct Listing {
    /// What may be logs, in the order of the paths given and, below them, of names.
    pub members: Vec<Member>,
    /// What was passed over, by reason.
    pub skipped: BTreeMap<SkipReason, Skipped>,
    /// What is there and could not be looked at; all else is listed regardless.
    pub failed: Vec<SourceError>,
}

impl Listing {
    /// How many bytes reading all members reports to their watchers.
    pub fn size(&self) -> u64 {
        self.members.iter().map(Member::size).sum()
    }
}

/// Lists everything under some paths that may be a log: folders with all that is below them, files
/// as they are, archives by their members, standard input for `-`. A file given by name is never passed over for it.
/// What cannot be looked at, such as a broken archive, ends up in [`Listing::failed`], and so does a
/// folder without anything that may be a log: it was named for a reason.
///
/// # Errors
/// If a path is not there, or if nothing that may be a log is found; the error is then that of the
/// first thing that could not be looked at, if there is one.
pub fn list(paths: &[PathBuf]) -> Result<Listing, SourceError> {
    let mut listing = Listing::default();
    for path in paths {
        if path.as_os_str() == "-" {
            let input = Member::new(Arc::from("-"), 0, Place::Stdin);
            listing.members.push(input);
            continue;
        }
        if !path.exists() {
            return Err(SourceError::Missing { path: path.clone() });
        }
        if path.is_dir() {
            take_folder_of_logs(path, &mut listing);
        } else if let Err(error) = take_file(path, Given::ByName, &mut listing) {
            listing.failed.push(error);
        }
    }
    let mut seen = BTreeSet::new();
    listing
        .members
        .retain(|member| seen.insert(Arc::clone(member.name())));
    if listing.members.is_empty() {
        let broken = |error: &SourceError| !matches!(error, SourceError::NoLogs { .. });
        if let Some(first) = listing.failed.iter().position(broken) {
            return Err(listing.failed.swap_remove(first));
        }
        return Err(SourceError::NoLogs {
            paths: paths.to_vec(),
            skipped: listing.skipped,
        });
    }
    Ok(listing)
}

/// How a file came to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given<'n> {
    ByName,
    /// Under this name below the folder.
    ByFolder(&'n str),
}

/// A folder that was named, and therefore should hold logs.
fn take_folder_of_logs(folder: &Path, listing: &mut Listing) {
    let mut own = Listing::default();
    take_folder(folder, &mut own);
    if own.members.is_empty() && own.failed.is_empty() {
        listing.failed.push(SourceError::NoLogs {
            paths: vec![folder.to_owned()],
            skipped: own.skipped.clone(),
        });
    }
    listing.members.append(&mut own.members);
    listing.failed.append(&mut own.failed);
    for (why, skipped) in own.skipped {
        let all = listing.skipped.entry(why).or_insert_with(|| Skipped {
            count: 0,
            example: Arc::clone(&skipped.example),
        });
        all.count += skipped.count;
    }
}

fn take_folder(folder: &Path, listing: &mut Listing) {
    let walk = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    for entry in walk {
        let taken = entry
            .map_err(not_walked)
            .and_then(|entry| take_entry(folder, &entry, listing));
        if let Err(error) = taken {
            listing.failed.push(error);
        }
    }
}

fn not_walked(error: walkdir::Error) -> SourceError {
    let path = error.path().unwrap_or(Path::new("a folder")).to_owned();
    let said = error.to_string();
    // A link that leads into a circle is no failure of the system's.
    let source = error.into_io_error().unwrap_or(io::Error::other(said));
    SourceError::Walk { path, source }
}

fn take_entry(folder: &Path, entry: &DirEntry, listing: &mut Listing) -> Result<(), SourceError> {
    if entry.file_type().is_dir() {
        return Ok(());
    }
    // Reading a pipe that nobody writes to would wait for ever; one given by name is meant.
    if !entry.file_type().is_file() {
        let name = entry.path().to_string_lossy();
        skip::count(&mut listing.skipped, SkipReason::NoFile, &name);
        return Ok(());
    }
    // Only names below the folder count: the user chose the ones above.
    let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
    let below = below.to_string_lossy();
    take_file(entry.path(), Given::ByFolder(&below), listing)
}

fn take_file(path: &Path, given: Given<'_>, listing: &mut Listing) -> Result<(), SourceError> {
    let open = |source| SourceError::Open {
        path: path.to_owned(),
        source,
    };
    let name = path.to_string_lossy();
    let place = Place::File(path.to_owned());
    let metadata = fs::metadata(path).map_err(open)?;
    // What a pipe gave once it gives no second time, so its beginning is left for the reading.
    if !metadata.is_file() {
        let member = Member::new(Arc::from(name), 0, place);
        listing.members.push(member);
        return Ok(());
    }
    let size = metadata.len();
    let mut head = Vec::new();
    let file = File::open(path).map_err(open)?;
    let few = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
    file.take(few).read_to_end(&mut head).map_err(open)?;
    if is_zip(&head) {
        let members = archive::members(path, size, &mut listing.skipped)?;
        listing.members.extend(members);
        return Ok(());
    }
    let packing = Packing::of(&head);
    if is_tarred(path, packing).map_err(open)? {
        let listed = tarred::members(path, packing, &mut listing.skipped)?;
        listing.members.extend(listed.members);
        listing.failed.extend(listed.failed);
        return Ok(());
    }
    match (by_magic(&head), given) {
        (Some(SkipReason::Packed), Given::ByName) => {
            return Err(SourceError::UnknownPacking {
                path: path.to_owned(),
            });
        }
        (Some(why), Given::ByFolder(_)) => {
            skip::count(&mut listing.skipped, why, &name);
            return Ok(());
        }
        (None, Given::ByFolder(below)) => {
            let head = || beginning(path, Packing::Plain, LOOKED_AT_BYTES).unwrap_or_default();
            if let Some(why) = skip::judged(below, head) {
                skip::count(&mut listing.skipped, why, &name);
                return Ok(());
            }
        }
        (Some(_) | None, Given::ByName) => {}
    }
    listing
        .members
        .push(Member::new(Arc::from(name), size, place));
    Ok(())
}

/// Whether a file, once unpacked, is a `tar`. One that does not unpack is none: reading it says why.
fn is_tarred(path: &Path, packing: Packing) -> io::Result<bool> {
    // Whether it can be opened is the only thing that is a failure here.
    File::open(path)?;
    let few = u64::try_from(TAR_HEAD_BYTES).unwrap_or(u64::MAX);
    Ok(beginning(path, packing, few).is_ok_and(|head| is_tar(&head)))
}

/// The first bytes of a file, unpacked.
pub(crate) fn beginning(path: &Path, packing: Packing, bytes: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let unpacked = packing.unpack(BufReader::new(file), Rc::new(Cell::new(size)))?;
    let mut head = Vec::new();
    unpacked.take(bytes).read_to_end(&mut head)?;
    Ok(head)
}
