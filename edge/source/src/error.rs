//! Why bytes could not be had.

use std::{collections::BTreeMap, io, path::PathBuf, sync::Arc};

use cordon_event::{ReadError, ReadSummary};
use thiserror::Error;
use zip::result::ZipError;

use crate::{SkipReason, Skipped, guard::DEFLATE_RATIO_MAX};

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
    #[error("no log found under {}; {}", together(.paths), passed_over(.skipped))]
    NoLogs {
        /// The paths.
        paths: Vec<PathBuf>,
        /// What was there and passed over, by reason.
        skipped: BTreeMap<SkipReason, Skipped>,
    },
    /// A file that the user gave is packed in a way that is not understood.
    #[error("{} is packed in a way other than gzip, zstd, xz, ZIP and tar; unpack it first", .path.display())]
    UnknownPacking {
        /// The file.
        path: PathBuf,
    },
    /// A folder cannot be listed, or something in it cannot be looked at.
    #[error("could not look at {}", .path.display())]
    Walk {
        /// What could not be looked at.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
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
        "the archive {name} unpacks to {unpacked_bytes} bytes, more than {DEFLATE_RATIO_MAX} times its size, which no log does; it was left alone: unpack what you trust of it and name the files"
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
            Self::Missing { .. } | Self::NoLogs { .. } | Self::UnknownPacking { .. } => true,
            Self::Walk { .. }
            | Self::Open { .. }
            | Self::Archive { .. }
            | Self::Tar { .. }
            | Self::Bomb { .. }
            | Self::Read(_) => false,
        }
    }
}

fn passed_over(skipped: &BTreeMap<SkipReason, Skipped>) -> String {
    let count: u64 = skipped.values().map(|skipped| skipped.count).sum();
    let many = match count {
        0 => return "there are no files".to_owned(),
        1 => "1 file was passed over".to_owned(),
        count => format!("{count} files were passed over"),
    };
    let of = |(why, skipped): (&SkipReason, &Skipped)| {
        let Skipped { count, example } = skipped;
        format!("{count} × {}, such as {example}", why.words())
    };
    let reasons: Vec<String> = skipped.iter().map(of).collect();
    format!("{many}: {}", reasons.join("; "))
}

fn together(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    names.join(", ")
}
