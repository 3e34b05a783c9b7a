//! What a lane did, as it tells on standard error.

use crate::Fault;

/// How much was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Records taken.
    pub(crate) events: u64,
    /// Matches told.
    pub(crate) matches: u64,
    /// Bytes read.
    pub(crate) bytes: u64,
}

impl Told {
    /// Reads what a lane said last.
    pub(crate) fn read(said: &str) -> Result<Self, Fault> {
        let line = said.lines().last().unwrap_or_default();
        let mut numbers = line.split(' ').map(str::parse);
        let mut next = || match numbers.next() {
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) | None => Err(format!("expected `events matches bytes`, found {line:?}")),
        };
        Ok(Self {
            events: next()?,
            matches: next()?,
            bytes: next()?,
        })
    }

    /// The line that [`Told::read`] reads.
    pub(crate) fn line(self) -> String {
        format!("{} {} {}", self.events, self.matches, self.bytes)
    }
}
