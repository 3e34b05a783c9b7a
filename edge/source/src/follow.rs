//! Files that grow, turn over and appear while they are read.
//!
//! [`Follower::look`] finds what is new; each [`Followed`] that has something is then read by itself, on any thread. A file is
//! known by what the system says it is and by its beginning, not by its name, so that one that is renamed goes
//! on where it was and one that takes its place is read from the start. Of files whose records end with their
//! lines only whole new lines are read. Others (EVTX, JSON across lines, packed files) are read anew when they
//! changed and have come to rest, and records that were taken before are passed over by their number.
//!
//! Invariants: no record of a file that only grows is read twice or left out; a file that became shorter, or that cannot be
//! read, is counted and told. *Absent*: waiting; whoever follows says when to look again.

mod file;
mod fresh;
mod identity;
mod input;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use cordon_event::{Hints, ReadSummary};

use crate::{Member, SourceError, list};

pub use file::Followed;
use identity::Identity;
use input::Input;

/// What happened to files beside growing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turnover {
    /// Files that appeared after the first look.
    pub appeared: u64,
    /// Files that became shorter or were written anew in place: what was added before that and not read yet is gone.
    pub rewritten: u64,
    /// Files that are gone, or no longer under the paths; read to their end where they could still be.
    pub gone: u64,
}

/// How many files that are gone are known by their beginning: those of a day that are packed at its end.
const BEGUN_MAX: usize = 1024;

/// What is known of the records of a name.
pub type HintsOf = dyn Fn(&str) -> Hints + Send;

/// Looks after everything under some paths.
pub struct Follower {
    paths: Vec<PathBuf>,
    files: BTreeMap<Identity, Followed>,
    input: Option<Input>,
    hints: Box<HintsOf>,
    /// How files by lines began that are gone, and how many records they had.
    begun: Vec<(Vec<u8>, u64)>,
    /// What came of files that are gone, with their names.
    past: Vec<(Arc<str>, ReadSummary)>,
    failed: Vec<SourceError>,
    /// What was complained of, so that it is told once.
    told: BTreeSet<String>,
    turnover: Turnover,
    looks: u64,
}

impl Follower {
    /// For some paths, `-` among them for standard input. Nothing is read yet. `hints` says of a name what is known of
    /// its records.
    ///
    /// # Errors
    /// If a path is not there.
    pub fn new(paths: &[PathBuf], hints: Box<HintsOf>) -> Result<Self, SourceError> {
        let is_input = |path: &&PathBuf| path.as_os_str() == "-";
        let (input, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(is_input);
        if let Some(missing) = paths.iter().find(|path| !path.exists()) {
            return Err(SourceError::Missing {
                path: (*missing).clone(),
            });
        }
        Ok(Self {
            paths: paths.into_iter().cloned().collect(),
            files: BTreeMap::new(),
            input: input.first().map(|_| Input::standard()),
            hints,
            begun: Vec::new(),
            past: Vec::new(),
            failed: Vec::new(),
            told: BTreeSet::new(),
            turnover: Turnover::default(),
            looks: 0,
        })
    }

    /// Finds what is new, and gives everything that has something to read.
    pub fn look(&mut self) -> Vec<&mut Followed> {
        self.find();
        self.all(|file| file.has_news())
    }

    /// Everything that still has something to read when no more is awaited: lines that never ended, too.
    pub fn last_look(&mut self) -> Vec<&mut Followed> {
        self.find();
        self.all(Followed::ends)
    }

    fn all(&mut self, wanted: fn(&mut Followed) -> bool) -> Vec<&mut Followed> {
        let input = self.input.as_mut().map(Input::followed);
        let all = self.files.values_mut().chain(input);
        let mut chosen = Vec::new();
        for file in all {
            if wanted(file) {
                file.know((self.hints)(file.name()));
                chosen.push(file);
            }
        }
        chosen
    }

    fn find(&mut self) {
        let mut here = BTreeSet::new();
        for member in self.members() {
            match self.meet(&member) {
                Ok(identity) => {
                    here.insert(identity);
                }
                Err(failed) => self.complain(failed),
            }
        }
        self.looks += 1;
        self.let_go(&here);
        if let Some(input) = &mut self.input {
            input.take_in();
            let failed = input.failure();
            if let Some(failed) = failed {
                self.complain(failed);
            }
        }
    }

    /// Whether nothing can come any more: standard input has ended, and there is nothing else.
    pub fn is_over(&self) -> bool {
        self.paths.is_empty() && self.input.as_ref().is_none_or(Input::is_over)
    }

    fn members(&mut self) -> Vec<Member> {
        if self.paths.is_empty() {
            return Vec::new();
        }
        match list(&self.paths) {
            Ok(listing) => {
                for failed in listing.failed {
                    self.complain(failed);
                }
                listing.members
            }
            // A folder may well be empty before its first file comes.
            Err(SourceError::NoLogs { .. }) => Vec::new(),
            Err(failed) => {
                self.complain(failed);
                Vec::new()
            }
        }
    }

    fn meet(&mut self, member: &Member) -> Result<Identity, SourceError> {
        let identity = match member.file() {
            Some(path) => Identity::of(path)?,
            None => Identity::named(member.name()),
        };
        if let Some(known) = self.files.get_mut(&identity) {
            if known.meet(member)? {
                return Ok(identity);
            }
            self.turnover.rewritten += 1;
        } else if self.looks > 0 {
            self.turnover.appeared += 1;
        }
        let mut fresh = Followed::new(member, (self.hints)(member.name()))?;
        // A log that is turned over is packed afterwards: what was read of it comes again under a new name.
        if let Some(head) = fresh.unpacked_head()
            && let Some(records) = self.records_of(&head)
        {
            fresh.pass_over(records);
        }
        if let Some(old) = self.files.insert(identity.clone(), fresh) {
            self.past.push(old.into_past());
        }
        Ok(identity)
    }

    /// How many records were read of a file that began so.
    fn records_of(&self, head: &[u8]) -> Option<u64> {
        let here = self.files.values();
        let counted = here.filter_map(|file| file.records_if_began(head));
        let before = self.begun.iter();
        let before =
            before.filter_map(|(known, records)| head.starts_with(known).then_some(*records));
        counted.chain(before).max()
    }

    /// Files that are no longer there have a last word, and are then forgotten.
    fn let_go(&mut self, here: &BTreeSet<Identity>) {
        let gone: Vec<Identity> = self
            .files
            .iter()
            .filter(|(identity, file)| !here.contains(*identity) && file.said_all())
            .map(|(identity, _)| identity.clone())
            .collect();
        for identity in gone {
            if let Some(old) = self.files.remove(&identity) {
                self.turnover.gone += 1;
                self.begun.extend(old.begun());
                let over = self.begun.len().saturating_sub(BEGUN_MAX);
                self.begun.drain(..over);
                self.past.push(old.into_past());
            }
        }
        for (identity, file) in &mut self.files {
            if !here.contains(identity) {
                file.is_gone();
            }
        }
    }

    /// Notes what failed, once for each thing.
    pub fn complain(&mut self, failed: SourceError) {
        let cause = std::error::Error::source(&failed).map(ToString::to_string);
        let words = format!("{failed}: {}", cause.unwrap_or_default());
        if !matches!(failed, SourceError::NoLogs { .. }) && self.told.insert(words) {
            self.failed.push(failed);
        }
    }

    /// What failed since this was last asked.
    pub fn failures(&mut self) -> Vec<SourceError> {
        std::mem::take(&mut self.failed)
    }

    /// What happened to files beside growing.
    pub fn turnover(&self) -> Turnover {
        self.turnover
    }

    /// What came of each file so far, those that are gone first.
    pub fn summaries(&self) -> Vec<(Arc<str>, ReadSummary)> {
        let files = self
            .files
            .values()
            .chain(self.input.iter().map(Input::known));
        let now = files.map(|file| (Arc::clone(file.name()), file.summary().clone()));
        self.past.iter().cloned().chain(now).collect()
    }
}
