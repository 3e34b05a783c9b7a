//! The things that are compared, and how each is run over an input.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Fault,
    limits::Limit,
    measured::{Run, run},
    places::Places,
    told::Told,
};

/// Versions of the peer: the one that figures were published for, and the newest that the pinned
/// toolchain builds.
pub(crate) const RSIGMA: [&str; 2] = ["21", "23"];

/// What runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Engine {
    /// A version of the peer.
    Rsigma(&'static str),
    /// The shipped binary with so many threads.
    Cordon {
        threads: usize,
        rules: PathBuf,
        name: &'static str,
    },
    /// Less than evaluating rules.
    Limit(Limit),
}

impl Engine {
    /// What it is, for a table.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Rsigma(version) => format!("rsigma 0.{version}, log source routing"),
            Self::Cordon { name, .. } => (*name).to_owned(),
            Self::Limit(limit) => limit.words().to_owned(),
        }
    }

    /// The command that takes an input.
    pub(crate) fn command(&self, places: &Places, input: &Path) -> Result<Command, Fault> {
        let mut command = match self {
            Self::Rsigma(version) => {
                let mut command = Command::new(places.lane(&format!("rsigma-lane-{version}")));
                command.arg(places.rules());
                command
            }
            Self::Cordon { threads, rules, .. } => {
                let mut command = Command::new(places.cordon());
                command.env("RAYON_NUM_THREADS", threads.to_string());
                command
                    .args(["scan", "--format", "jsonl", "--rules"])
                    .arg(rules);
                command.arg("--");
                command
            }
            Self::Limit(limit) => {
                let mut command = Command::new(env::current_exe()?);
                command.args(["limit", limit.word()]);
                command
            }
        };
        command.arg(input);
        Ok(command)
    }

    /// Runs it once.
    pub(crate) fn run(
        &self,
        places: &Places,
        input: &Path,
        out: Option<File>,
    ) -> Result<Run, Fault> {
        run(&mut self.command(places, input)?, out)
    }

    /// Whether it loads rules, which takes time that is not the events'.
    pub(crate) fn loads_rules(&self) -> bool {
        !matches!(self, Self::Limit(_))
    }

    /// How much a run did, from what it said.
    pub(crate) fn told(&self, said: &str, input: Told) -> Result<Told, Fault> {
        match self {
            Self::Rsigma(_) | Self::Limit(_) => Told::read(said),
            Self::Cordon { .. } => Ok(Told {
                matches: detections(said)?,
                ..input
            }),
        }
    }
}

/// The number in the line in which Cordon counts detections.
fn detections(said: &str) -> Result<u64, Fault> {
    let line = said
        .lines()
        .rev()
        .find(|line| line.ends_with(" detection") || line.ends_with(" detections"))
        .ok_or_else(|| format!("no count of detections in {said:?}"))?;
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    Ok(digits.parse()?)
}

/// An input of which every lane takes no time: what is left is its start.
pub(crate) fn nothing(places: &Places) -> Result<PathBuf, Fault> {
    let path = places.made("nothing.ndjson");
    fs::write(&path, "")?;
    Ok(path)
}
