//! An executor's post: the folder of its run, where others see that it lives and leave it orders.
//!
//! Who lives holds a lock on the file `executor`, which goes with the process however it ends. An order to hold is the file
//! `hold`: one line, signed as the journal's are, that would follow the journal as it was when the order was given. Invariants: an order of a stranger,
//! or from before the last release, is not followed; one that was heard is in the journal before it is removed.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use cordon_act::{Digest, PublicKey, Record, journal};

use crate::Failure;

/// Longer than any order with its reason.
const ORDER_BYTES_MAX: u64 = 64 << 10;

/// One process at its post, or on its way to it.
#[derive(Debug)]
pub(crate) struct Post {
    run: PathBuf,
    lock: File,
    taken: bool,
    deaf: bool,
    trusted: Vec<PublicKey>,
    /// What an order that still counts may follow.
    heads: BTreeSet<Digest>,
}

/// What was found at the post.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// An order to hold, and why.
    Hold(String),
    /// Something that is not followed, and why not.
    Nothing(String),
}

impl Post {
    /// Comes to the post of a run whose journal ends there.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn of(run: &Path, trusted: Vec<PublicKey>, head: Digest) -> Result<Self, Failure> {
        let path = run.join("executor");
        let mut options = OpenOptions::new();
        let lock = options.create(true).append(true).open(&path);
        Ok(Self {
            run: run.to_owned(),
            lock: lock.map_err(|cause| Failure::write(path, cause))?,
            taken: false,
            deaf: false,
            trusted,
            heads: BTreeSet::from([head]),
        })
    }

    /// Takes the post, unless somebody else still has it.
    pub(crate) fn take(&mut self) -> bool {
        self.taken = self.taken || self.lock.try_lock().is_ok();
        self.taken
    }

    /// A record was written, and the journal ends with it.
    pub(crate) fn wrote(&mut self, record: &Record, head: Digest) {
        if matches!(record, Record::Released { .. }) {
            self.heads.clear();
        }
        self.heads.insert(head);
    }

    /// What lies there, if anything does; it stays until it is removed.
    pub(crate) fn heard(&self) -> Option<Heard> {
        if self.deaf {
            return None;
        }
        let path = order(&self.run);
        let read = fs::symlink_metadata(&path).and_then(|found| {
            // What is no file might be waited for until it is one.
            if found.is_file() && found.len() <= ORDER_BYTES_MAX {
                fs::read(&path)
            } else {
                Ok(Vec::new())
            }
        });
        match read {
            Ok(line) => Some(self.read(&line)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => Some(Heard::Nothing(cause.to_string())),
        }
    }

    /// Removes what lies there. What cannot be removed is heard once: an executor has more to do than to listen.
    pub(crate) fn clear(&mut self) {
        self.deaf = remove(&self.run).is_err();
    }

    fn read(&self, line: &[u8]) -> Heard {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        match journal::alone(line, &self.trusted) {
            Ok(entry) if !self.heads.contains(&entry.prev) => Heard::Nothing(
                "it was given before the last release, or for another run".to_owned(),
            ),
            Ok(entry) => {
                if let Record::Held { why } = entry.record {
                    Heard::Hold(why)
                } else {
                    Heard::Nothing("it is no order to hold".to_owned())
                }
            }
            Err(fault) => Heard::Nothing(fault.to_string()),
        }
    }
}

/// Leaves an order at the post of a run.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn leave(run: &Path, line: &str) -> Result<(), Failure> {
    let (new, path) = (run.join("hold.new"), order(run));
    let written = fs::write(&new, line).and_then(|()| fs::rename(&new, &path));
    written.map_err(|cause| Failure::write(path, cause))
}

/// Whether an order lies there.
pub(crate) fn is_left(run: &Path) -> bool {
    order(run).exists()
}

/// Removes what lies there.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove(run: &Path) -> Result<(), Failure> {
    let path = order(run);
    match fs::remove_file(&path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Failure::write(path, cause)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn order(run: &Path) -> PathBuf {
    run.join("hold")
}

#[cfg(test)]
mod tests {
    use cordon_act::{Digest, PrivateKey, Record, journal::Scribe};
    use cordon_model::Timestamp;

    use super::{Heard, Post, leave, remove};

    fn held() -> Record {
        let why = "wait".to_owned();
        Record::Held { why }
    }

    fn line(scribe: &mut Scribe, record: &Record) -> String {
        scribe.line(Timestamp::UNIX_EPOCH, record)
    }

    #[test]
    fn an_order_counts_if_it_is_signed_by_whom_we_know_and_was_given_since_the_last_release() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path();
        let key = || PrivateKey::from_bytes([2; 32]);
        let mut post = Post::of(run, vec![key().public()], Digest::NONE).unwrap();
        assert!(post.take());
        assert_eq!(post.heard(), None);
        leave(run, &line(&mut Scribe::new(key()), &held())).unwrap();
        assert_eq!(post.heard(), Some(Heard::Hold("wait".to_owned())));
        let why = "go on".to_owned();
        let released = Record::Released { why };
        post.wrote(&released, Digest::of(b"released"));
        assert!(matches!(post.heard(), Some(Heard::Nothing(_))));
        for (key, record) in [(PrivateKey::from_bytes([9; 32]), held()), (key(), released)] {
            let mut post = Post::of(
                run,
                vec![PrivateKey::from_bytes([2; 32]).public()],
                Digest::NONE,
            )
            .unwrap();
            assert!(!post.take(), "somebody is there");
            leave(run, &line(&mut Scribe::new(key), &record)).unwrap();
            assert!(matches!(post.heard(), Some(Heard::Nothing(_))));
        }
        remove(run).unwrap();
        assert_eq!(post.heard(), None);
        std::fs::create_dir(run.join("hold")).unwrap();
        assert!(matches!(post.heard(), Some(Heard::Nothing(_))));
        post.clear();
        assert_eq!(post.heard(), None, "what cannot be removed is heard once");
    }
}
