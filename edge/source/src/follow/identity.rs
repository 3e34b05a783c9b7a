//! What makes a file the same file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::SourceError;

/// A file as the system knows it, whatever it is called; where the system does not say, its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Identity {
    #[cfg(unix)]
    Node {
        device: u64,
        node: u64,
    },
    Path(PathBuf),
}

impl Identity {
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Result<Self, SourceError> {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = fs::metadata(path).map_err(|source| SourceError::Open {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::Node {
            device: metadata.dev(),
            node: metadata.ino(),
        })
    }

    #[cfg(not(unix))]
    pub(super) fn of(path: &Path) -> Result<Self, SourceError> {
        fs::metadata(path).map_err(|source| SourceError::Open {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::Path(path.to_owned()))
    }

    /// What is no file of its own, such as a member of an archive.
    pub(super) fn named(name: &str) -> Self {
        Self::Path(PathBuf::from(name))
    }
}
