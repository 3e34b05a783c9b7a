//! The folder of one run, and the folder of all of them.
//!
//! A run is a folder with its journal, the plan and the order it comes from, and what people confirmed.
//! The journal alone is enough to take it back.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use cordon_act::{
    PrivateKey, PublicKey, Record, State,
    journal::{self, Journal, Scribe},
};
use cordon_store::JournalFile;
use cordon_text::Source;

use crate::{Failure, connecting::one, failure::Problems};

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

/// Makes the folder of a new run.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn create(run: &Path, documents: &[(&str, &[u8])]) -> Result<JournalFile, Failure> {
    fs::create_dir_all(run).map_err(|cause| Failure::write(run, cause))?;
    for (name, bytes) in documents {
        let path = run.join(name);
        fs::write(&path, bytes).map_err(|cause| Failure::write(&path, cause))?;
    }
    JournalFile::create(&run.join(JOURNAL)).map_err(|why| Failure::World(Box::new(why)))
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

/// The `once` of every approval that a run in this folder has used.
///
/// # Errors
/// When a journal cannot be read or believed: then nobody knows.
pub(crate) fn used(runs: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut used = BTreeSet::new();
    for run in all(runs)? {
        let path = run.join(JOURNAL);
        let opened = JournalFile::open(&path);
        let (_, bytes) = opened.map_err(|why| Failure::World(Box::new(why)))?;
        let journal = journal::read(&bytes, &[])
            .map_err(|why| Failure::No(format!("{}: {why}: {}", path.display(), why.fault)))?;
        for (_, record) in journal.records() {
            if let Record::Opened(opened) = record {
                used.extend(opened.numbers());
            }
        }
    }
    Ok(used)
}

fn all(runs: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(runs) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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

/// A journal of what was refused, beside the runs.
///
/// # Errors
/// When it cannot be kept.
pub(crate) fn record_refusal(
    runs: &Path,
    key: &PrivateKey,
    now: cordon_model::Timestamp,
    record: &Record,
) -> Result<(), Failure> {
    fs::create_dir_all(runs).map_err(|cause| Failure::write(runs, cause))?;
    let path = runs.join("refusals");
    let world = |why: cordon_store::StoreError| Failure::World(Box::new(why));
    let (mut file, bytes) = JournalFile::open_or_create(&path).map_err(world)?;
    let mut scribe = if bytes.is_empty() {
        Scribe::new(key.clone())
    } else {
        let journal = journal::read(&bytes, &[])
            .map_err(|why| Failure::No(format!("{}: {why}: {}", path.display(), why.fault)))?;
        file.put_aside(journal.torn_bytes).map_err(world)?;
        Scribe::after(&journal, key.clone())
    };
    file.append(&scribe.line(now, record)).map_err(world)
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
