//! The management interface: a line asks, one line or a list that ends with `END` answers.
//!
//! Lines that begin with `>` tell of other things and are passed over. The interface serves one visitor at a time, so that
//! a second one waits until its deadline.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use crate::{Address, Secret, http::Failed, shell::first_line, timed::Timed};

/// More than a status of ten thousand sessions.
const ANSWER_BYTES_MAX: usize = 4 << 20;

/// What it asks before anything else, without an end of line.
const ASKS_PASSWORD: &[u8] = b"ENTER PASSWORD:";

/// A visit.
pub(super) struct Management {
    stream: BufReader<Timed>,
    place: String,
    read_bytes: usize,
}

impl Management {
    /// Connects, and gives the password.
    pub(super) fn open(
        address: &Address,
        password: Option<&Secret>,
        wait_ms: u64,
    ) -> Result<Self, Failed> {
        let place = address.to_string();
        let stream = Timed::connect(address, wait_ms);
        let stream = stream.map_err(|why| unknown(&place, &why.to_string()))?;
        let mut management = Self {
            stream: BufReader::new(stream),
            place,
            read_bytes: 0,
        };
        if let Some(password) = password {
            management.sign_in(password)?;
        }
        Ok(management)
    }

    fn sign_in(&mut self, password: &Secret) -> Result<(), Failed> {
        let mut asked = [0; ASKS_PASSWORD.len()];
        let read = self.stream.read_exact(&mut asked);
        read.map_err(|why| unknown(&self.place, &why.to_string()))?;
        if asked != *ASKS_PASSWORD {
            let why = "it asks for no password".to_owned();
            return Err(self.refused(&why));
        }
        let said = self.tell(password.reveal())?;
        if said.contains("password is correct") {
            return Ok(());
        }
        Err(self.refused(&said))
    }

    /// A command that one line answers.
    pub(super) fn tell(&mut self, command: &str) -> Result<String, Failed> {
        self.send(command)?;
        let line = self.line()?;
        match line.strip_prefix("ERROR:") {
            Some(why) => Err(self.refused(why.trim())),
            None => Ok(line),
        }
    }

    /// A command that a list answers.
    pub(super) fn list(&mut self, command: &str) -> Result<Vec<String>, Failed> {
        self.send(command)?;
        let mut lines = Vec::new();
        loop {
            let line = self.line()?;
            if let Some(why) = line.strip_prefix("ERROR:") {
                return Err(self.refused(why.trim()));
            }
            if line == "END" {
                return Ok(lines);
            }
            lines.push(line);
        }
    }

    fn send(&mut self, command: &str) -> Result<(), Failed> {
        let sent = self
            .stream
            .get_mut()
            .write_all(format!("{command}\n").as_bytes());
        sent.map_err(|why| unknown(&self.place, &why.to_string()))
    }

    /// The next line that answers.
    fn line(&mut self) -> Result<String, Failed> {
        loop {
            let mut bytes = Vec::new();
            let left = ANSWER_BYTES_MAX.saturating_sub(self.read_bytes);
            let limit = u64::try_from(left).unwrap_or(u64::MAX);
            let read = (&mut self.stream).take(limit).read_until(b'\n', &mut bytes);
            let count = read.map_err(|why| unknown(&self.place, &why.to_string()))?;
            self.read_bytes += count;
            if count == 0 || bytes.last() != Some(&b'\n') {
                return Err(unknown(&self.place, "it closed the connection"));
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end();
            if !line.starts_with('>') {
                return Ok(line.to_owned());
            }
        }
    }

    fn refused(&self, why: &str) -> Failed {
        Failed::Refused {
            why: format!("{}: {}", self.place, first_line(why)),
        }
    }
}

fn unknown(place: &str, why: &str) -> Failed {
    Failed::Unknown {
        why: format!("no answer from {place}: {why}"),
    }
}
