//! Approvals that were spent: a file beside the anchor that only grows, with a line for each.
//!
//! An approval is spent before anything is done for it. Invariant: the file takes a line only from whoever has read every line
//! before it, so that of two executors with one approval one finds it spent, whatever folder of runs each has.
//! Absent on purpose: other machines, whose executors a policy keeps out by their key.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use cordon_store::{JournalFile, StoreError};

use crate::Failure;

/// The numbers of all approvals that were spent, as of one moment.
pub(crate) struct Spent {
    file: JournalFile,
    pub(crate) numbers: BTreeSet<String>,
}

/// What became of spending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spending {
    /// They are spent, by us.
    Done,
    /// Somebody spent others, or the same, meanwhile: read again.
    Outrun,
}

impl Spent {
    /// What stands in the file beside an anchor.
    ///
    /// # Errors
    /// When it cannot be read or made.
    pub(crate) fn beside(anchor: &Path) -> Result<Self, Failure> {
        let mut name = anchor.as_os_str().to_owned();
        name.push(".spent");
        let world = |why: StoreError| Failure::World(Box::new(why));
        let (mut file, bytes) = JournalFile::open_or_create(&PathBuf::from(name)).map_err(world)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |at| at + 1);
        // A line that was never finished belongs to an executor that had done nothing yet.
        match file.put_aside(bytes.len() - whole) {
            Ok(()) => {}
            Err(StoreError::Superseded { .. }) => return Self::beside(anchor),
            Err(why) => return Err(world(why)),
        }
        let text = String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default());
        let numbers = text.lines().filter_map(|line| line.split_once(' '));
        Ok(Self {
            file,
            // What the approver wrote may hold blanks; the run's name does not.
            numbers: numbers.map(|(_run, once)| once.to_owned()).collect(),
        })
    }

    /// Adds these, unless anything was added since they were read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn spend(&mut self, numbers: &[String], run: &str) -> Result<Spending, Failure> {
        let lines = numbers
            .iter()
            .flat_map(|once| [run, " ", once.as_str(), "\n"]);
        let lines: String = lines.collect();
        if lines.is_empty() {
            return Ok(Spending::Done);
        }
        match self.file.append(&lines) {
            Ok(()) => Ok(Spending::Done),
            Err(StoreError::Superseded { .. }) => Ok(Spending::Outrun),
            Err(why) => Err(Failure::World(Box::new(why))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Spending, Spent};

    #[test]
    fn what_was_spent_is_found_whatever_stands_in_it_and_whoever_read_before_is_outrun() {
        let folder = tempfile::tempdir().unwrap();
        let anchor = folder.path().join("anchor.pub");
        let numbers = ["a b c", "", "__é"].map(str::to_owned);
        let mut first = Spent::beside(&anchor).unwrap();
        let mut late = Spent::beside(&anchor).unwrap();
        assert_eq!(first.spend(&numbers, "run-1").unwrap(), Spending::Done);
        assert_eq!(late.spend(&numbers, "run-2").unwrap(), Spending::Outrun);
        let again = Spent::beside(&anchor).unwrap();
        assert_eq!(again.numbers, numbers.into());
    }

    #[test]
    fn a_line_that_was_never_finished_spends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let anchor = folder.path().join("anchor.pub");
        std::fs::write(folder.path().join("anchor.pub.spent"), "run-1 a\nrun-2 b").unwrap();
        let mut spent = Spent::beside(&anchor).unwrap();
        assert_eq!(spent.numbers, ["a".to_owned()].into());
        assert_eq!(
            spent.spend(&["b".to_owned()], "run-3").unwrap(),
            Spending::Done
        );
    }
}
