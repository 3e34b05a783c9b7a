//! The folder of one run, and the folder of all of them.
//!
//! A run is a folder with its journal, the plan and the order it comes from, and what people confirmed.
//! The journal alone is enough to take it back.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
};

use cordon_act::{
    PrivateKey, PublicKey, Record, State,
    journal::{self, Journal},
};
use cordon_store::JournalFile;
use cordon_text::Source;

use crate::{Failure, connecting::one, console::Console, failure::Problems};

/// What the journal is called in its folder.
const JOURNAL: &str = "journal";

/// A run whose journal was read and believed.
pub(crate) struct RunFolder {
    pub(crate) file: JournalFile,
    pub(crate) journal: Journal,
    pub(crate) state: State,
}

/// Where people confirm.
pub(crate) fn confirmations(run: &Path) -> PathBuf {
    run.join("confirmations")
}

/// What keeps room on the disk for a journal that is not begun.
pub(crate) const ROOM: &str = "room";

/// Makes the folder of a new run, without a journal: nothing may be carried out yet.
///
/// # Errors
/// When it cannot be made, or is there: a run of the same plan began in the same second.
pub(crate) fn create(run: &Path) -> Result<(), Failure> {
    if let Some(runs) = run.parent() {
        fs::create_dir_all(runs).map_err(|cause| Failure::write(runs, cause))?;
    }
    fs::create_dir(run).map_err(|cause| {
        if cause.kind() == io::ErrorKind::AlreadyExists {
            let run = run.display();
            return Failure::No(format!(
                "refused: a run of this plan began in the same second, in {run}"
            ));
        }
        Failure::write(run, cause)
    })
}

/// Writes documents into the folder of a run.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn fill(run: &Path, documents: &[(&str, &[u8])]) -> Result<(), Failure> {
    for (name, bytes) in documents {
        let path = run.join(name);
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|cause| Failure::write(&path, cause))?;
    }
    Ok(())
}

/// Begins the journal of a run whose folder is there, where room was kept for it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn begin(run: &Path) -> Result<JournalFile, Failure> {
    let room = run.join(ROOM);
    fs::remove_file(&room).map_err(|cause| Failure::write(&room, cause))?;
    JournalFile::create(&run.join(JOURNAL)).map_err(|why| Failure::World(Box::new(why)))
}

/// Removes the folder of a run that never began.
pub(crate) fn forget(run: &Path) {
    if !run.join(JOURNAL).exists() {
        let _harmless_if_it_stays = fs::remove_dir_all(run);
    }
}

/// Reads a run.
///
/// # Errors
/// When it cannot be read, or its journal cannot be believed.
pub(crate) fn open(run: &Path, trusted: &[PublicKey]) -> Result<RunFolder, Failure> {
    let path = run.join(JOURNAL);
    let opened = JournalFile::open(&path);
    let (file, bytes) = opened.map_err(|why| Failure::World(Box::new(why)))?;
    let (journal, state, damage) = believed(&bytes, trusted);
    match (state, damage) {
        (Some(state), None) => Ok(RunFolder {
            file,
            journal,
            state,
        }),
        (state, damage) => {
            let told = damage.map_or_else(String::new, |damage| damage.why);
            let way = if state.is_some() {
                "; `cordon recall --from-last-good-line` takes back what stands before it"
            } else {
                ""
            };
            Err(Failure::No(format!("{}: {told}{way}", path.display())))
        }
    }
}

/// Reads a run as far as its journal can be believed; the rest counts as torn off, and is told.
///
/// # Errors
/// When it cannot be read, or not even its beginning can be believed.
pub(crate) fn open_damaged(
    run: &Path,
    trusted: &[PublicKey],
) -> Result<(RunFolder, Option<Damage>), Failure> {
    let path = run.join(JOURNAL);
    let opened = JournalFile::open(&path);
    let (file, bytes) = opened.map_err(|why| Failure::World(Box::new(why)))?;
    let (journal, state, damage) = believed(&bytes, trusted);
    let Some(state) = state else {
        let told = damage.map_or_else(String::new, |damage| damage.why);
        return Err(Failure::No(format!("{}: {told}", path.display())));
    };
    let folder = RunFolder {
        file,
        journal,
        state,
    };
    Ok((folder, damage))
}

/// What of a journal cannot be believed.
#[derive(Debug)]
pub(crate) struct Damage {
    why: String,
    bytes: usize,
    /// Lines in it that somebody signed who is believed: something may have been done after them.
    signed: usize,
}

impl Damage {
    /// In words, for whoever goes on all the same.
    pub(crate) fn told(&self) -> String {
        let Self { why, bytes, signed } = self;
        format!(
            "{why}; {bytes} bytes from there on are put aside beside the journal, with {signed} lines in them that are signed by a trusted key"
        )
    }

    /// What a recall that went well did not see.
    ///
    /// # Errors
    /// When there is any.
    pub(crate) fn left(&self) -> Result<(), Failure> {
        if self.signed == 0 {
            return Ok(());
        }
        Err(Failure::No(format!(
            "what {} lines say that were put aside was not taken back: read them in `journal.torn-…` and look at their targets",
            self.signed
        )))
    }
}

/// As much of a run as can be believed; no state if nothing can.
fn believed(bytes: &[u8], trusted: &[PublicKey]) -> (Journal, Option<State>, Option<Damage>) {
    let (mut journal, wrong) = journal::believed(bytes, trusted);
    let mut why = wrong.map(|why| format!("{why}: {}", why.fault));
    let state = match State::replay(journal.records()) {
        Ok(state) => Some(state),
        Err((number, misplaced)) => {
            let cannot = format!("line {} of the journal cannot be: {misplaced}", number + 1);
            why = why.filter(|_| number == 0).or(Some(cannot));
            let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(number);
            let whole = lines.map(<[u8]>::len).sum();
            let good = bytes.get(..whole).unwrap_or_default();
            journal = journal::believed(good, trusted).0;
            journal.torn_bytes = bytes.len() - whole;
            State::replay(journal.records()).ok()
        }
    };
    let damage = why.map(|why| {
        let rest = bytes.len() - journal.torn_bytes;
        let rest = bytes.get(rest..).unwrap_or_default();
        let lines = rest.split(|byte| *byte == b'\n');
        let signed = lines.filter(|line| journal::alone(line, trusted).is_ok());
        Damage {
            why,
            bytes: rest.len(),
            signed: signed.count(),
        }
    });
    (journal, state, damage)
}

/// The `once` of every approval that a run of this executor in this folder has used. What others wrote there spends nothing:
/// what counts for everybody stands beside the anchor. What is left out is said.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn used(
    runs: &Path,
    executor: &PublicKey,
    console: &Console,
) -> Result<BTreeSet<String>, Failure> {
    let mut used = BTreeSet::new();
    for run in all(runs)? {
        let path = run.join(JOURNAL);
        match first(&path, executor) {
            Ok(Some(Record::Opened(opened))) => used.extend(opened.numbers()),
            Ok(_) => {}
            Err(why) => console.remark(&format!(
                "not asked for approvals that were used: {}: {why}",
                path.display()
            )),
        }
    }
    Ok(used)
}

/// The first record of a journal, if this executor signed it; none if it holds none.
fn first(path: &Path, executor: &PublicKey) -> Result<Option<Record>, String> {
    let mut line = Vec::new();
    let file = fs::File::open(path).map_err(|cause| cause.to_string())?;
    let mut file = BufReader::new(file).take(FIRST_BYTES_MAX);
    let read = file.read_until(b'\n', &mut line);
    read.map_err(|cause| cause.to_string())?;
    let journal = journal::read(&line, &[*executor]).map_err(|why| why.fault.to_string())?;
    let first = journal.entries.into_iter().next();
    Ok(first.map(|entry| entry.record))
}

/// Longest first line of a journal: an opening record of ten thousand effects has some megabytes.
const FIRST_BYTES_MAX: u64 = 64 << 20;

fn all(runs: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(runs) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Failure::read(runs, cause)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|cause| Failure::read(runs, cause))?.path();
        if path.join(JOURNAL).is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A private key from a file.
///
/// # Errors
/// When it cannot be read, or is none.
pub(crate) fn private_key(file: &Path) -> Result<PrivateKey, Failure> {
    let source = one(file)?;
    PrivateKey::from_pem(&source.text).map_err(|why| not_key(&source, &why.to_string()))
}

/// A public key from a file.
///
/// # Errors
/// When it cannot be read, or is none.
pub(crate) fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    let source = one(file)?;
    PublicKey::from_pem(&source.text).map_err(|why| not_key(&source, &why.to_string()))
}

/// A text that is no key is not shown.
fn not_key(source: &Source, why: &str) -> Failure {
    let help = "make one with `openssl genpkey -algorithm ed25519`, and its public part with `openssl pkey -pubout`";
    Failure::Input(Problems::of_arguments(&source.name, why, help))
}
