//! Approvals that were spent: a file beside the anchor that only grows, with a line for each.
//!
//! An approval is spent before anything is done for it. Invariant: the file takes a line only from whoever has read every line
//! before it, so that of two executors with one approval one finds it spent, whatever folder of runs each has. What each run
//! changes and when anybody asked stands there too, because limits hold for all runs together and time only goes on.
//! Absent on purpose: other machines, whose executors a policy keeps out by their key.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use cordon_act::{Before, Digest, Lately};
use cordon_model::{Money, Timestamp, Value};
use cordon_store::{JournalFile, StoreError};
use serde_json::json;

use crate::Failure;

/// What stands in the file, as of one moment.
pub(crate) struct Spent {
    file: JournalFile,
    /// The numbers of all approvals that were spent.
    pub(crate) numbers: BTreeSet<String>,
    /// What runs changed.
    pub(crate) lately: Lately,
    /// The latest time that was seen.
    pub(crate) seen: Option<Timestamp>,
}

/// What became of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spending {
    /// It is done, by us.
    Done,
    /// Somebody wrote meanwhile: read again.
    Outrun,
}

/// What a line begins with that tells of a run; those that spend an approval begin with the run's name.
const RAN: &str = "ran";
/// What a line begins with that tells a time.
const SEEN: &str = "seen";

impl Spent {
    /// What stands in the file beside an anchor.
    ///
    /// # Errors
    /// When it cannot be read or made, or holds what nobody wrote.
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
        let mut spent = Self {
            file,
            numbers: BTreeSet::new(),
            lately: Lately::default(),
            seen: None,
        };
        for (number, line) in (1..).zip(text.lines()) {
            spent.take(line).ok_or_else(|| {
                let path = spent.file.path().display();
                Failure::No(format!(
                    "{path}: line {number} cannot be read: correct it or remove it"
                ))
            })?;
        }
        Ok(spent)
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let (first, rest) = line.split_once(' ')?;
        match first {
            SEEN => self.seen = self.seen.max(Some(rest.parse().ok()?)),
            RAN => {
                let before = before(&serde_json::from_str(rest).ok()?)?;
                self.seen = self.seen.max(Some(before.at));
                self.lately.0.push(before);
            }
            // What the approver wrote may hold blanks; the run's name does not.
            _run => {
                self.numbers.insert(rest.to_owned());
            }
        }
        Some(())
    }

    /// Remembers the time, so that a clock that is set back brings nothing back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn saw(&mut self, now: Timestamp) -> Result<Spending, Failure> {
        if self.seen.is_some_and(|seen| now <= seen) {
            return Ok(Spending::Done);
        }
        self.seen = Some(now);
        self.append(&format!("{SEEN} {now}\n"))
    }

    /// Adds these, and what the run changes, unless anything was added since they were read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn spend(
        &mut self,
        numbers: &[String],
        run: &str,
        before: &Before,
    ) -> Result<Spending, Failure> {
        let changes = written(before).to_string();
        let spent = numbers
            .iter()
            .flat_map(|once| [run, " ", once.as_str(), "\n"]);
        let ran = [RAN, " ", changes.as_str(), "\n"];
        let lines: String = spent.chain(ran).collect();
        self.append(&lines)
    }

    fn append(&mut self, lines: &str) -> Result<Spending, Failure> {
        match self.file.append(lines) {
            Ok(()) => Ok(Spending::Done),
            Err(StoreError::Superseded { .. }) => Ok(Spending::Outrun),
            Err(why) => Err(Failure::World(Box::new(why))),
        }
    }
}

fn written(before: &Before) -> Value {
    let targets = before.targets.iter().map(|(kind, targets)| {
        let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
        (kind.clone(), targets.into())
    });
    json!({
        "at": before.at.to_string(),
        "plan": before.plan.to_string(),
        "price": before.price.to_string(),
        "targets": Value::Object(targets.collect()),
    })
}

fn before(written: &Value) -> Option<Before> {
    let text = |key: &str| written.get(key)?.as_str();
    let mut targets = BTreeMap::new();
    for (kind, digests) in written.get("targets")?.as_object()? {
        let digests = digests.as_array()?.iter();
        let digests: Option<BTreeSet<Digest>> = digests
            .map(|digest| digest.as_str()?.parse().ok())
            .collect();
        targets.insert(kind.clone(), digests?);
    }
    Some(Before {
        at: text("at")?.parse().ok()?,
        plan: text("plan")?.parse().ok()?,
        price: Money::parse(text("price")?).ok()?,
        targets,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use cordon_act::{Before, Digest};
    use cordon_model::{Money, Timestamp};

    use super::{Spending, Spent};

    fn before() -> Before {
        Before {
            at: Timestamp::UNIX_EPOCH,
            plan: Digest::of(b"plan"),
            price: Money::parse("12.5").unwrap(),
            targets: BTreeMap::from([(
                "a kind".to_owned(),
                BTreeSet::from([Digest::of(b"a"), Digest::of(b"b")]),
            )]),
        }
    }

    #[test]
    fn what_was_spent_is_found_whatever_stands_in_it_and_whoever_read_before_is_outrun() {
        let folder = tempfile::tempdir().unwrap();
        let anchor = folder.path().join("anchor.pub");
        let numbers = ["a b c", "", "__é"].map(str::to_owned);
        let mut first = Spent::beside(&anchor).unwrap();
        let mut late = Spent::beside(&anchor).unwrap();
        assert_eq!(
            first.spend(&numbers, "run-1", &before()).unwrap(),
            Spending::Done
        );
        assert_eq!(
            late.spend(&numbers, "run-2", &before()).unwrap(),
            Spending::Outrun
        );
        let again = Spent::beside(&anchor).unwrap();
        assert_eq!(again.numbers, numbers.into());
        assert_eq!(again.lately.0, [before()]);
    }

    #[test]
    fn a_line_that_was_never_finished_spends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let anchor = folder.path().join("anchor.pub");
        std::fs::write(folder.path().join("anchor.pub.spent"), "run-1 a\nrun-2 b").unwrap();
        let mut spent = Spent::beside(&anchor).unwrap();
        assert_eq!(spent.numbers, ["a".to_owned()].into());
        assert_eq!(
            spent.spend(&["b".to_owned()], "run-3", &before()).unwrap(),
            Spending::Done
        );
    }

    #[test]
    fn the_latest_time_is_remembered_and_a_line_that_nobody_wrote_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let anchor = folder.path().join("anchor.pub");
        let late = Timestamp::from_second(100).unwrap();
        for now in [late, Timestamp::UNIX_EPOCH] {
            let mut spent = Spent::beside(&anchor).unwrap();
            assert_eq!(spent.saw(now).unwrap(), Spending::Done);
        }
        assert_eq!(Spent::beside(&anchor).unwrap().seen, Some(late));
        let path = folder.path().join("anchor.pub.spent");
        std::fs::write(path, "run-1 a\nran nonsense\n").unwrap();
        let why = Spent::beside(&anchor).err().unwrap();
        assert!(format!("{why:?}").contains("line 2"), "{why:?}");
    }
}
