//! ZIP archives that can only be read from their beginning, by the header before each member: those that were cut
//! off, and so have lost the list at their end, and those on standard input.
//!
//! A member whose length stands only behind it, as writers of streams have it, ends the reading: where the next one
//! begins is not known.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Cursor, ErrorKind, Read},
    path::Path,
    rc::Rc,
    sync::Arc,
};

use zip::{
    read::{ZipFile, read_zipfile_from_stream},
    result::ZipError,
};

use crate::{
    SkipReason, Skipped, SourceError,
    guard::{DEFLATE_RATIO_MAX, Guarded},
    member::{BUFFER_BYTES, Member, Place},
    skip,
};

/// An archive that was cut off as one stream, if there is a log in it; what else is in it is counted.
///
/// # Errors
/// If not even its first member can be told.
pub(crate) fn cut_off(
    path: &Path,
    size: u64,
    skipped: &mut BTreeMap<SkipReason, Skipped>,
) -> io::Result<Option<Member>> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
    let name: Arc<str> = Arc::from(path.to_string_lossy());
    let (mut members, mut logs) = (0_u64, 0_u64);
    loop {
        let mut entry = match read_zipfile_from_stream(&mut input) {
            Ok(Some(entry)) => entry,
            Err(error) if members == 0 => return Err(told(&error)),
            // Where it breaks off, reading it will say so.
            Ok(None) | Err(_) => break,
        };
        members += 1;
        let inner = inner(&entry);
        match passed_over(&inner, &mut entry).0 {
            Some(why) => skip::count(skipped, why, &format!("{name}!{inner}")),
            None => logs += u64::from(!entry.is_dir()),
        }
    }
    let place = Place::CutZip(path.to_owned());
    Ok((logs > 0).then(|| Member::new(name, size, place)))
}

/// Hands on every member that may be a log, in the order of the archive, with its name.
///
/// # Errors
/// If the archive breaks off or fails, or whoever takes a member does.
pub(crate) fn each(
    mut input: &mut dyn Read,
    take: &mut dyn FnMut(&str, &mut dyn Read) -> Result<(), SourceError>,
    failed: &dyn Fn(io::Error) -> SourceError,
) -> Result<(), SourceError> {
    while let Some(mut entry) =
        read_zipfile_from_stream(&mut input).map_err(|e| failed(told(&e)))?
    {
        let inner = inner(&entry);
        if entry.is_dir() {
            continue;
        }
        if let (None, head) = passed_over(&inner, &mut entry) {
            let mut guarded = Guarded {
                packed: Rc::new(Cell::new(entry.compressed_size())),
                inner: Cursor::new(head).chain(entry),
                unpacked: 0,
                ratio_max: DEFLATE_RATIO_MAX,
            };
            take(&inner, &mut guarded)?;
        }
    }
    Ok(())
}

/// What is wrong, with what to do.
fn told(error: &ZipError) -> io::Error {
    if matches!(error, ZipError::Io(cause) if cause.kind() == ErrorKind::UnexpectedEof) {
        let why = "it was cut off before its list of members; what stands before was read";
        return io::Error::new(ErrorKind::UnexpectedEof, why);
    }
    io::Error::other(format!(
        "{error}; what stands before was read: save what came on standard input to a file, or have `zip -FF` make a \
         list of what a file holds"
    ))
}

fn inner<R: Read>(entry: &ZipFile<'_, R>) -> String {
    entry
        .name()
        .map_or_else(|_bad| "a member".to_owned(), std::borrow::Cow::into_owned)
}

/// Why a member is passed over, and what was read of it to see that.
fn passed_over<R: Read>(name: &str, entry: &mut ZipFile<'_, R>) -> (Option<SkipReason>, Vec<u8>) {
    if entry.is_dir() {
        return (None, Vec::new());
    }
    if entry.encrypted() {
        return (Some(SkipReason::Encrypted), Vec::new());
    }
    skip::member(name, entry.size(), entry)
}
