//! The one event that a command is about: a record of a log, standard input, or the argument itself.

use std::{io, path::PathBuf, sync::Arc};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::list;
use jiff::Timestamp;

use crate::{Failure, failure::Problems, reading::wrong};

/// Finds the event that an argument means.
///
/// # Errors
/// When it cannot be read, or holds no such record.
pub(crate) fn one_event(argument: &str, record: u64) -> Result<Event, Failure> {
    let mut nth = Nth {
        wanted: record,
        found: None,
        refused: None,
        records: 0,
    };
    let hints = Hints::at(Timestamp::now());
    let path = PathBuf::from(argument);
    let name = if argument == "-" {
        let name = Arc::from("standard input");
        cordon_event::read(&name, &mut io::stdin().lock(), &hints, &mut nth)
            .map_err(|error| Failure::World(Box::new(error)))?;
        name
    } else if is_written_out(argument) && !path.exists() {
        let name = Arc::from("EVENT");
        cordon_event::read(&name, &mut argument.as_bytes(), &hints, &mut nth)
            .map_err(|error| Failure::World(Box::new(error)))?;
        name
    } else {
        let listing = list(&[path]).map_err(wrong)?;
        if let Some(member) = listing.members.first() {
            member.read(&hints, &mut nth, &|_| {}).map_err(wrong)?;
        }
        Arc::from(argument)
    };
    nth.event(&name)
}

/// Whether an argument is a record rather than the path of one.
fn is_written_out(argument: &str) -> bool {
    argument.trim_start().starts_with('{') || argument.contains(char::is_whitespace)
}

/// Keeps one record of a stream.
struct Nth {
    wanted: u64,
    found: Option<Event>,
    refused: Option<Refusal>,
    records: u64,
}

impl Nth {
    /// The record wanted.
    ///
    /// # Errors
    /// When it was refused, or the stream has fewer.
    fn event(self, name: &str) -> Result<Event, Failure> {
        if let Some(event) = self.found {
            return Ok(event);
        }
        let (message, help) = match self.refused {
            Some(refusal) => (
                format!(
                    "record {} of {name} cannot be used, {}: {}",
                    self.wanted,
                    refusal.reason.words(),
                    refusal.sample
                ),
                "name another record with `--record`, or paste the record itself",
            ),
            None => (
                format!(
                    "expected {name} to have a record {}, found {}",
                    self.wanted, self.records
                ),
                "records count from 1, as `cordon scan` shows them",
            ),
        };
        Err(Failure::Input(Problems::of_arguments(
            "EVENT", &message, help,
        )))
    }
}

impl Sink for Nth {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.records = self.records.max(event.log.record);
        if event.log.record == self.wanted {
            self.found = Some(event.clone());
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.records = self.records.max(refusal.log.record);
        if refusal.log.record == self.wanted {
            self.refused = Some(refusal);
        }
    }
}
