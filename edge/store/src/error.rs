//! Why a journal could not be kept.

use std::{io, path::PathBuf};

use thiserror::Error;

/// Why a journal could not be kept.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The disk or the path.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// Somebody else has written since.
    #[error("another executor has taken over {}", path.display())]
    Superseded {
        /// Which file.
        path: PathBuf,
    },
    /// An earlier write failed half-way, so that nothing may follow it.
    #[error("a write to {} failed, and nothing is written after it; start again", path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
    },
}
