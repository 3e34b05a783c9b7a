//! Where the commands of a connector are run: on this machine, or on another by its SSH server.
//!
//! The `ssh` program is used, so that keys, agents and algorithms are those that the site trusts already.
//! Invariants: a host whose key is not known is not spoken to; nobody is asked for a password; what is
//! run is a fixed text with checked words, for the other side's shell reads it. Absent on purpose: a
//! connection that is kept, which a cut would leave hanging.

use std::{net::IpAddr, time::Duration};

use crate::{
    http::Failed,
    program::{self, ProgramError, Ran},
};

/// The code by which `ssh` says that it failed itself.
const SSH_FAILED: i32 = 255;

/// The code by which a script says that it refused, without effect.
const REFUSED: i32 = 3;

/// What `ssh` prints when nothing can have been run.
const NOTHING_RAN: [&str; 4] = [
    "Permission denied",
    "Host key verification failed",
    "Could not resolve",
    "no matching",
];

/// How to reach another machine by SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssh {
    /// Its name or address.
    pub host: String,
    /// As whom.
    pub user: String,
    /// Its port.
    pub port: u16,
    /// The file of the private key.
    pub identity: String,
    /// The file of host keys that are believed.
    pub known_hosts: String,
}

/// Where commands are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// By SSH; on this machine if none.
    pub ssh: Option<Ssh>,
    /// What goes before each command, such as `sudo -n`.
    pub become_: Vec<String>,
}

/// The ends of an SSH connection, as the other side sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) client: IpAddr,
    pub(crate) server: IpAddr,
    pub(crate) server_port: u16,
}

impl Shell {
    /// Runs a script of `sh`, and gives what it prints: lines of a key and a value. Code 3 is its way to say that it
    /// refused, without effect.
    ///
    /// # Errors
    /// When it refused, or nobody knows.
    pub(crate) fn script(
        &self,
        script: &str,
        arguments: &[&str],
        wait_ms: u64,
    ) -> Result<Told, Failed> {
        let words: Vec<&str> = ["sh", "-s", "--"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let ran = self.run(&words, script, wait_ms)?;
        let why = || format!("{}: {}", self.place(), first_line(&ran.stderr));
        match ran.code {
            Some(0) => Ok(Told::read(&ran.stdout)),
            Some(REFUSED) => Err(Failed::Refused { why: why() }),
            Some(_) | None => Err(Failed::Unknown { why: why() }),
        }
    }

    /// A word that the other side's shell makes the ends of the connection; empty on this machine.
    pub(crate) fn ends_word(&self) -> &'static str {
        match self.ssh {
            Some(_) => "\"$SSH_CONNECTION\"",
            None => "",
        }
    }

    /// Runs words, with a text on their standard input.
    ///
    /// # Errors
    /// When they were not run, or nobody knows.
    pub(crate) fn run(&self, words: &[&str], input: &str, wait_ms: u64) -> Result<Ran, Failed> {
        let wait = Duration::from_millis(wait_ms.saturating_sub(200).max(200));
        let words = self.words(words, wait);
        let ran = program::run(&words, input.as_bytes(), &[], wait).map_err(|why| {
            let told = format!("{}: {why}", self.place());
            match why {
                ProgramError::Nothing | ProgramError::Start { .. } => Failed::Refused { why: told },
                ProgramError::Hung(_) | ProgramError::Wait(_) => Failed::Unknown { why: told },
            }
        })?;
        if self.ssh.is_none() || ran.code != Some(SSH_FAILED) {
            return Ok(ran);
        }
        // What it prints before is a banner, or a frame of signs.
        let said = ran
            .stderr
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty());
        let said = first_line(said.unwrap_or_default());
        let why = format!("{}: {said}", self.place());
        Err(
            if NOTHING_RAN.iter().any(|text| ran.stderr.contains(text)) {
                Failed::Refused { why }
            } else {
                Failed::Unknown { why }
            },
        )
    }

    /// What is run, word by word.
    fn words(&self, words: &[&str], wait: Duration) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(ssh) = &self.ssh {
            let seconds = wait.as_secs().clamp(1, 5);
            let options = [
                "BatchMode=yes".to_owned(),
                "StrictHostKeyChecking=yes".to_owned(),
                "IdentitiesOnly=yes".to_owned(),
                "GlobalKnownHostsFile=/dev/null".to_owned(),
                format!("UserKnownHostsFile={}", ssh.known_hosts),
                format!("ConnectTimeout={seconds}"),
                format!("ServerAliveInterval={seconds}"),
            ];
            all.extend(["ssh", "-T", "-F", "none"].map(str::to_owned));
            for option in options {
                all.extend(["-o".to_owned(), option]);
            }
            all.extend(["-i".to_owned(), ssh.identity.clone()]);
            all.extend(["-p".to_owned(), ssh.port.to_string()]);
            all.extend(["-l".to_owned(), ssh.user.clone()]);
            all.extend(["--".to_owned(), ssh.host.clone()]);
        }
        all.extend(self.become_.iter().cloned());
        all.extend(words.iter().map(|&word| word.to_owned()));
        all
    }

    /// Where that is, for people.
    pub(crate) fn place(&self) -> String {
        match &self.ssh {
            Some(ssh) => format!("{}@{}", ssh.user, ssh.host),
            None => "this machine".to_owned(),
        }
    }
}

impl Ends {
    /// From `SSH_CONNECTION`: the client's address and port, then the server's.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let client = words.next()?.parse::<IpAddr>().ok()?.to_canonical();
        let _client_port = words.next()?;
        let server = words.next()?.parse::<IpAddr>().ok()?.to_canonical();
        let server_port = words.next()?.parse().ok()?;
        Some(Self {
            client,
            server,
            server_port,
        })
    }
}

/// What a script told, line by line.
#[derive(Debug)]
pub(crate) struct Told(Vec<(String, String)>);

impl Told {
    fn read(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        let pairs = lines.map(|(key, value)| (key.to_owned(), value.trim().to_owned()));
        Self(pairs.collect())
    }

    /// The first value of a key; empty if there is none.
    pub(crate) fn first(&self, key: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == key);
        found.map_or("", |(_, value)| value)
    }

    /// All values of a key.
    pub(crate) fn all(&self, key: &str) -> Vec<String> {
        let found = self.0.iter().filter(|(known, _)| known == key);
        found.map(|(_, value)| value.clone()).collect()
    }
}

/// The first line of what a program complained about, made fit for a line.
pub(crate) fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("it does not say why").trim();
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::{Shell, Ssh};
    use crate::http::Failed;

    fn shell(port: u16) -> Shell {
        Shell {
            ssh: Some(Ssh {
                host: "127.0.0.1".to_owned(),
                user: "nobody".to_owned(),
                port,
                identity: "/nowhere".to_owned(),
                known_hosts: "/dev/null".to_owned(),
            }),
            become_: Vec::new(),
        }
    }

    #[test]
    fn a_command_here_gets_its_words_and_its_input() {
        let here = Shell {
            ssh: None,
            become_: vec!["env".to_owned()],
        };
        let ran = here.run(&["cat"], "told", 5_000).unwrap();
        assert_eq!((ran.stdout.as_str(), ran.code), ("told", Some(0)));
        let missing = here.run(&["/nowhere/program"], "", 5_000).unwrap();
        assert_ne!(missing.code, Some(0));
    }

    #[test]
    fn a_machine_that_does_not_answer_is_a_doubt_that_names_it() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let failed = shell(port).run(&["true"], "", 3_000).unwrap_err();
        match failed {
            Failed::Unknown { why } => assert!(why.contains("nobody@127.0.0.1"), "{why}"),
            // There is no `ssh` here.
            Failed::Refused { why } => assert!(why.contains("cannot be started"), "{why}"),
            Failed::Throttled { .. } => panic!("nobody said so"),
        }
    }
}
