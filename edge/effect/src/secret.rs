//! Secrets: from a file, the environment or a program, and never shown.

use std::{env, fmt, fs, io, path::PathBuf, time::Duration};

use thiserror::Error;

use crate::program;

/// How long a program that prints a secret may take.
const PROGRAM_WAIT: Duration = Duration::from_secs(10);

/// A secret's value; it prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// The first line of a file.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
    /// The first line that a program prints.
    Command(Vec<String>),
}

/// Why a secret could not be had. The secret itself is in no message.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("cannot read the secret in {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The environment has no such variable.
    #[error("the environment has no variable `{0}`")]
    Env(String),
    /// The program failed.
    #[error("the program `{program}` gave no secret: {why}")]
    Command {
        /// The program.
        program: String,
        /// Why.
        why: String,
    },
    /// There is nothing in it.
    #[error("the secret is empty")]
    Empty,
}

impl Secret {
    /// A secret that is known already, as in tests.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value, for where it is sent.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// A text with every occurrence of the secret put out of sight.
    pub(crate) fn hide(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        text.replace(&self.0, "…")
    }
}

impl SecretPlace {
    /// Fetches the secret.
    ///
    /// # Errors
    /// When it is not there.
    pub fn fetch(&self) -> Result<Secret, SecretError> {
        let text = match self {
            Self::File(path) => fs::read_to_string(path).map_err(|cause| SecretError::File {
                path: path.clone(),
                cause,
            })?,
            Self::Env(name) => env::var(name).map_err(|_why| SecretError::Env(name.clone()))?,
            Self::Command(words) => printed(words)?,
        };
        match text.lines().next() {
            Some(line) if !line.is_empty() => Ok(Secret(line.to_owned())),
            Some(_) | None => Err(SecretError::Empty),
        }
    }
}

fn printed(words: &[String]) -> Result<String, SecretError> {
    let failed = |why: String| SecretError::Command {
        program: words.first().cloned().unwrap_or_default(),
        why,
    };
    let ran = program::run(words, &[], &[], PROGRAM_WAIT).map_err(|why| failed(why.to_string()))?;
    if ran.code != Some(0) {
        return Err(failed(format!("it ended with {}", ran.ending())));
    }
    Ok(ran.stdout)
}
