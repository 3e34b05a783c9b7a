//! The one event that a command is about: a record of a log, of standard input, or the argument itself.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::{Listing, Member, list};
use jiff::Timestamp;

use crate::{Failure, failure::Problems, reading::wrong, sources::Sources};

/// Most names of logs in one message.
const NAMES_MAX: usize = 5;

/// A record, and what it was read from.
pub(crate) struct OneEvent {
    /// The event it became.
    pub(crate) event: Event,
    /// What was lost or assumed on the way.
    pub(crate) degraded: Vec<Degradation>,
    /// Its bytes as they stand in the log.
    pub(crate) raw: Vec<u8>,
}

/// Finds the event that an argument means: `sources` say what is known of logs.
///
/// # Errors
/// When it cannot be read, or holds no such record.
pub(crate) fn one_event(
    argument: &str,
    record: u64,
    sources: &Sources,
) -> Result<OneEvent, Failure> {
    let mut nth = Nth {
        wanted: record,
        log: None,
        found: None,
        refused: None,
        records: 0,
    };
    let hints = Hints::at(Timestamp::now());
    let is_place = Path::new(argument).exists() || archive_of(argument).is_some();
    if is_written_out(argument) && !is_place {
        let name = Arc::from("EVENT");
        cordon_event::read(&name, &mut argument.as_bytes(), &hints, &mut nth)
            .map_err(|error| Failure::World(Box::new(error)))?;
        return nth.event("EVENT").and_then(|found| known(found, argument));
    }
    let (member, log) = member(argument)?;
    nth.log = log;
    let hints = sources.hints(member.name(), &hints);
    let read = member.read(&hints, &mut nth, &|_| {});
    // A log that breaks off behind the record has it all the same.
    if let Err(failed) = read
        && nth.found.is_none()
    {
        return Err(wrong(failed));
    }
    nth.event(if argument == "-" {
        "standard input"
    } else {
        argument
    })
}

/// Whether an argument is a record rather than the path of one.
fn is_written_out(argument: &str) -> bool {
    is_bracketed(argument) || argument.contains(char::is_whitespace)
}

fn is_bracketed(argument: &str) -> bool {
    argument.trim_start().starts_with(['{', '[', '<'])
}

/// A record that was written out, unless it may as well be a path with blanks where no file is.
fn known(found: OneEvent, argument: &str) -> Result<OneEvent, Failure> {
    let kind = &found.event.kind;
    if is_bracketed(argument) || kind.product.is_some() || found.event.time.is_some() {
        return Ok(found);
    }
    let message = format!("there is no file {argument}, and as a record it has no known form");
    let help = "check the path; a record of whatever form can be piped in, with `-` for its name";
    Err(Failure::Input(Problems::of_arguments(
        "EVENT", &message, help,
    )))
}

/// The log that an argument names, and under which name its records stand where that is one of several.
fn member(argument: &str) -> Result<(Member, Option<String>), Failure> {
    let path = PathBuf::from(argument);
    if let Some(archive) = archive_of(argument).filter(|_| !path.exists()) {
        let members = listed(archive)?.members;
        let all = members.clone();
        let found = members
            .into_iter()
            .find(|member| [argument, archive].contains(&&**member.name()));
        let found = found.ok_or_else(|| not_one(archive, &all))?;
        return Ok((found, Some(argument.to_owned())));
    }
    let members = listed(argument)?.members;
    match <[Member; 1]>::try_from(members) {
        Ok([only]) => Ok((only, None)),
        Err(several) => Err(not_one(argument, &several)),
    }
}

fn listed(path: &str) -> Result<Listing, Failure> {
    list(&[PathBuf::from(path)]).map_err(wrong)
}

/// The archive before a `!`, where there is such a file.
fn archive_of(argument: &str) -> Option<&str> {
    let mut marks = argument.match_indices('!');
    marks.find_map(|(at, _)| {
        let before = argument.get(..at)?;
        Path::new(before).is_file().then_some(before)
    })
}

fn not_one(given: &str, members: &[Member]) -> Failure {
    let few = members.iter().take(NAMES_MAX);
    let few: Vec<&str> = few.map(|member| &**member.name()).collect();
    let more = if members.len() > NAMES_MAX {
        " …"
    } else {
        ""
    };
    let message = format!(
        "expected one log, found {} under {given}: {}{more}",
        members.len(),
        few.join(", ")
    );
    let help = "name one of them, as `cordon scan` shows them";
    Failure::Input(Problems::of_arguments("EVENT", &message, help))
}

/// Keeps one record of a stream.
struct Nth {
    wanted: u64,
    /// Only of the log of this name.
    log: Option<String>,
    found: Option<OneEvent>,
    refused: Option<Refusal>,
    records: u64,
}

impl Nth {
    /// The record wanted.
    ///
    /// # Errors
    /// When it was refused, or the stream has fewer.
    fn event(self, name: &str) -> Result<OneEvent, Failure> {
        if let Some(found) = self.found {
            return Ok(found);
        }
        let (message, help) = match self.refused {
            Some(refusal) => (
                format!(
                    "record {} of {name} cannot be used, {}: {}",
                    self.wanted,
                    refusal.reason.words(),
                    refusal.sample
                ),
                format!(
                    "its bytes begin at offset {}; name another record with `--record`, or paste the record itself",
                    refusal.offset
                ),
            ),
            None => (
                format!(
                    "expected {name} to have a record {}, found {}",
                    self.wanted, self.records
                ),
                "records count from 1, as `cordon scan` shows them".to_owned(),
            ),
        };
        Err(Failure::Input(Problems::of_arguments(
            "EVENT", &message, &help,
        )))
    }

    /// Whether a record stands in the log that is looked at.
    fn looks_at(&self, path: &str) -> bool {
        self.log.as_deref().is_none_or(|log| log == path)
    }
}

impl Sink for Nth {
    fn event(&mut self, event: &Event, degraded: &[Degradation]) {
        self.record(event, degraded, &[]);
    }

    fn record(&mut self, event: &Event, degraded: &[Degradation], raw: &[u8]) {
        if !self.looks_at(&event.log.path) {
            return;
        }
        self.records = self.records.max(event.log.record);
        if event.log.record == self.wanted && self.found.is_none() {
            self.found = Some(OneEvent {
                event: event.clone(),
                degraded: degraded.to_vec(),
                raw: raw.to_vec(),
            });
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        if !self.looks_at(&refusal.log.path) {
            return;
        }
        self.records = self.records.max(refusal.log.record);
        if refusal.log.record == self.wanted {
            self.refused = Some(refusal);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::one_event;
    use crate::{Failure, sources::Sources};

    #[test]
    fn names_with_blanks_are_no_records() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a b.json"), "{\"a\":1}\n{\"a\":2}\n").unwrap();
        let mut tar = Command::new("tar");
        tar.current_dir(folder.path());
        let tar = tar.args(["-cf", "the day.tar", "a b.json"]);
        assert!(tar.status().unwrap().success());
        let find = |argument: &str| one_event(argument, 2, &Sources::default());
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        for name in ["a b.json", "the day.tar!a b.json"] {
            assert_eq!(find(&at(name)).ok().unwrap().raw, b"{\"a\":2}", "{name}");
        }
        for name in ["c d.json", "the day.tar!c d.json", "no day.tar!a b.json"] {
            let found = one_event(&at(name), 1, &Sources::default());
            assert!(matches!(found, Err(Failure::Input(_))), "{name}");
        }
        let line =
            "Apr 17 10:00:00 till7 sshd[1]: Accepted password for ann from 203.0.113.5 port 1";
        assert!(one_event(line, 1, &Sources::default()).is_ok());
    }

    #[test]
    fn a_record_is_found_in_a_member_of_an_archive_with_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), "{\"a\":1}\n").unwrap();
        fs::write(folder.path().join("b.json"), "{\"a\":2}\n {\"a\": 3}\n").unwrap();
        let find = |argument: &str, record| one_event(argument, record, &Sources::default());
        for (how, name) in [("-cf", "day.tar"), ("-czf", "day.tgz")] {
            let mut tar = Command::new("tar");
            tar.current_dir(folder.path())
                .args([how, name, "a.json", "b.json"]);
            assert!(tar.status().unwrap().success());
            let name = folder.path().join(name).to_string_lossy().into_owned();
            let found = find(&format!("{name}!b.json"), 2).ok().unwrap();
            assert_eq!(found.raw, b"{\"a\": 3}");
            assert_eq!((found.event.offset, found.event.length), (9, 8));
            for (member, record) in [("c.json", 1), ("a.json", 2)] {
                let found = find(&format!("{name}!{member}"), record);
                assert!(matches!(found, Err(Failure::Input(_))), "{member}");
            }
        }
        let many = folder.path().to_string_lossy().into_owned();
        assert!(matches!(find(&many, 1), Err(Failure::Input(_))));
    }
}
