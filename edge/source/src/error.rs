//! Why bytes could not be had.

use std::{io, path::PathBuf, sync::Arc};

use cordon_event::{ReadError, ReadSummary};
use thiserror::Error;
use zip::result::ZipError;

/// A path that cannot be listed or read.
#[derive(Debug, Error)]
pub enum SourceError {
    /// A path that the user gave is not there.
    #[error("there is no file or folder {}; check the path", .path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The paths that the user gave hold nothing that could be a log.
    #[error("no log found under {}; {} passed over", together(.paths), files(*.skipped))]
    NoLogs {
        /// The paths.
        paths: Vec<PathBuf>,
        /// How many files were there and passed over.
        skipped: u64,
    },
    /// A file that the user gave is packed in a way that is not understood.
    #[error("{} is packed in a way other than gzip, zstd, xz, ZIP and tar; unpack it first", .path.display())]
    UnknownPacking {
        /// The file.
        path: PathBuf,
    },
    /// A ZIP archive on standard input.
    #[error(
        "standard input is a ZIP archive, which is read from its end; save it to a file and name that"
    )]
    PipedZip,
    /// A folder cannot be listed, or something in it cannot be looked at.
    #[error("could not look at {}", walked(.source))]
    Walk {
        /// What the system said.
        #[source]
        source: walkdir::Error,
    },
    /// A file cannot be opened.
    #[error("could not open {}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// An archive cannot be understood.
    #[error("could not read the archive {name}")]
    Archive {
        /// The archive or its member.
        name: Arc<str>,
        /// What is wrong with it.
        #[source]
        source: ZipError,
    },
    /// A `tar` archive cannot be understood.
    #[error("could not read the archive {name}")]
    Tar {
        /// The archive.
        name: Arc<str>,
        /// What is wrong with it.
        #[source]
        source: io::Error,
    },
    /// An archive claims to unpack to far more than logs ever do.
    #[error(
        "the archive {name} unpacks to {unpacked_bytes} bytes, which no log does; it was left alone"
    )]
    Bomb {
        /// The archive.
        name: Arc<str>,
        /// What it claims, or how far it was unpacked.
        unpacked_bytes: u64,
    },
    /// A stream failed while it was read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl SourceError {
    /// What was read of a stream before it failed; nothing of what could not even be opened.
    pub fn so_far(&self) -> Option<&ReadSummary> {
        match self {
            Self::Read(error) => Some(&error.so_far),
            Self::Missing { .. }
            | Self::NoLogs { .. }
            | Self::UnknownPacking { .. }
            | Self::PipedZip
            | Self::Walk { .. }
            | Self::Open { .. }
            | Self::Archive { .. }
            | Self::Tar { .. }
            | Self::Bomb { .. } => None,
        }
    }

    /// Whether the user's input is at fault rather than the world.
    pub const fn is_input(&self) -> bool {
        match self {
            Self::Missing { .. }
            | Self::NoLogs { .. }
            | Self::UnknownPacking { .. }
            | Self::PipedZip => true,
            Self::Walk { .. }
            | Self::Open { .. }
            | Self::Archive { .. }
            | Self::Tar { .. }
            | Self::Bomb { .. }
            | Self::Read(_) => false,
        }
    }
}

fn walked(error: &walkdir::Error) -> String {
    let named = error.path().map(|path| path.display().to_string());
    named.unwrap_or_else(|| "a folder".to_owned())
}

fn files(count: u64) -> String {
    if count == 1 {
        "1 file was".to_owned()
    } else {
        format!("{count} files were")
    }
}

fn together(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    names.join(", ")
}
