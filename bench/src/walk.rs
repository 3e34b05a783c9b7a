//! The files below a folder, in the order of their paths.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::Fault;

/// Every file below a folder whose name ends so, whatever its case.
pub(crate) fn files(folder: &Path, end: &str) -> Result<Vec<PathBuf>, Fault> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case(end))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
