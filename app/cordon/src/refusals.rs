//! What was refused: a journal beside the runs, in which each attempt leaves a record.
//!
//! Invariants: of several that are refused at once each is written; a journal that cannot be believed is put aside under
//! another name and not lost, and so is a link, which would lead elsewhere.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cordon_act::{
    PrivateKey, Record,
    journal::{self, Scribe},
};
use cordon_model::Timestamp;
use cordon_store::{JournalFile, StoreError};

use crate::console::Console;

/// What the journal is called.
const NAME: &str = "refusals";

/// More than any number of attempts in the same moment have been seen to need.
const TRIES_MAX: u32 = 100;

/// Writes a refusal down.
///
/// # Errors
/// Why it cannot be written.
pub(crate) fn record(
    runs: &Path,
    key: &PrivateKey,
    (at, record): (Timestamp, &Record),
    console: &Console,
) -> Result<(), String> {
    fs::create_dir_all(runs).map_err(|cause| format!("{}: {cause}", runs.display()))?;
    let path = runs.join(NAME);
    for _ in 0..TRIES_MAX {
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            put_aside(&path, "it is no file of its own", console)?;
        }
        let told = |why: StoreError| why.to_string();
        let (mut file, bytes) = JournalFile::open_or_create(&path).map_err(told)?;
        let journal = match journal::read(&bytes, &[]) {
            Ok(journal) => journal,
            Err(why) => {
                put_aside(&path, &format!("{why}: {}", why.fault), console)?;
                continue;
            }
        };
        let line = Scribe::after(&journal, key.clone()).line(at, record);
        let repaired = file.put_aside(journal.torn_bytes);
        match repaired.and_then(|()| file.append(&line)) {
            Ok(()) => return Ok(()),
            Err(StoreError::Superseded { .. }) => {}
            Err(why) => return Err(told(why)),
        }
    }
    Err(format!("others keep writing to {}", path.display()))
}

/// Gives what is in the way a name of its own.
fn put_aside(path: &Path, why: &str, console: &Console) -> Result<(), String> {
    let name = |n: u32| PathBuf::from(format!("{}.unreadable-{n}", path.display()));
    let mut names = (1..).map(name);
    let Some(aside) = names.find(|name| fs::symlink_metadata(name).is_err()) else {
        return Err("there is no free name".to_owned());
    };
    fs::rename(path, &aside).map_err(|cause| format!("{}: {cause}", path.display()))?;
    console.remark(&format!(
        "{} was put aside as {}: {why}",
        path.display(),
        aside.display()
    ));
    Ok(())
}
