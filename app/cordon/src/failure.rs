//! Why a command did not end well, and the exit code that says so.
//!
//! Faults are told apart by whose they are: the world's (a disk, a path), the user's text, or
//! nobody's: the question was fine and its answer is no.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cordon_text::{Diagnostic, Report, Source, Span};

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The world failed: exit code 1.
    World(Box<dyn Error + Send + Sync>),
    /// The user's input is wrong: exit code 2. The report holds at least one error.
    Input(Problems),
    /// The user's input is wrong, and saying so was the result: exit code 2.
    InputTold,
    /// The answer is no, and was printed already: exit code 3. The text says why in a line.
    No(String),
    /// Whoever read standard output has seen enough, as `head` does: exit code 0.
    ReaderLeft,
}

/// What is wrong with the user's texts, and the texts.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// The problems.
    pub(crate) report: Report,
    /// The texts they are found in, by name.
    pub(crate) sources: Vec<Source>,
}

impl Problems {
    /// One problem with what stands behind an option, as a whole.
    pub(crate) fn of_arguments(option: &str, message: &str, help: &str) -> Self {
        let source = Source::new(option, "");
        let problem = Diagnostic::error(&source, Span::START, "wrong-argument", message.to_owned())
            .help(help);
        Self {
            report: Report {
                diagnostics: vec![problem],
            },
            sources: Vec::new(),
        }
    }
}

impl Failure {
    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::World(_) => ExitCode::from(1),
            Self::Input(_) | Self::InputTold => ExitCode::from(2),
            Self::No(_) => ExitCode::from(3),
            Self::ReaderLeft => ExitCode::SUCCESS,
        }
    }

    /// Writing a result failed.
    pub(crate) fn output(target: &Path, cause: io::Error) -> Self {
        if cause.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderLeft;
        }
        Self::World(Box::new(FileError {
            doing: "write to",
            path: target.to_owned(),
            cause,
        }))
    }

    /// Reading a file or folder failed.
    pub(crate) fn read(path: impl Into<PathBuf>, cause: io::Error) -> Self {
        Self::World(Box::new(FileError {
            doing: "read",
            path: path.into(),
            cause,
        }))
    }

    /// Writing a file or making a folder failed.
    pub(crate) fn write(path: impl Into<PathBuf>, cause: io::Error) -> Self {
        Self::World(Box::new(FileError {
            doing: "write",
            path: path.into(),
            cause,
        }))
    }
}

/// A file that could not be read or written.
#[derive(Debug)]
struct FileError {
    doing: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}", self.doing, self.path.display())
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}
