//! Every source file says what it is for, keeps its length, and bears a name that means something.

use crate::{Fault, Repo};

/// Longest file, in lines: what a reader can hold in mind.
const LINES_MAX: usize = 500;

/// Names under which things that belong elsewhere collect.
const NAMES_THAT_SAY_NOTHING: [&str; 7] = [
    "utils", "util", "common", "helpers", "helper", "manager", "misc",
];

/// Source files that do not begin by saying what they are for.
///
/// # Errors
/// When a file cannot be read.
pub fn files_without_a_purpose(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for file in repo.files_ending(".rs")? {
        if !repo.text(&file)?.starts_with("//! ") {
            found.push(format!(
                "{file} does not begin with `//!` and what it is for"
            ));
        }
    }
    Ok(found)
}

/// Source files that are too long.
///
/// # Errors
/// When a file cannot be read.
pub fn files_too_long(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for file in repo.files_ending(".rs")? {
        let lines = repo.text(&file)?.lines().count();
        if lines > LINES_MAX {
            found.push(format!(
                "{file} has {lines} lines, the wall stands at {LINES_MAX}"
            ));
        }
    }
    Ok(found)
}

/// Source files and folders named after nothing.
///
/// # Errors
/// When a folder cannot be read.
pub fn names_that_say_nothing(repo: &Repo) -> Result<Vec<String>, Fault> {
    let empty = |part: &&str| NAMES_THAT_SAY_NOTHING.contains(part);
    let mut found = Vec::new();
    for file in repo.files_ending(".rs")? {
        let named = file.trim_end_matches(".rs").split('/').find(empty);
        if let Some(part) = named {
            found.push(format!(
                "{file}: `{part}` says nothing; name it by its concept"
            ));
        }
    }
    Ok(found)
}
