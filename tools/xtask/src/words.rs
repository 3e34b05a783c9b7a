//! The project speaks of itself only: not of the machine or folder it was written in.

use crate::{Fault, Repo};

/// Words that mean something only where the project was written. Split, so that this file holds none.
const WORDS: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("../sha", "red"),
    concat!("crates", ".io"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/claude"),
];

/// The documented default of `CORDON_TEST_DATA`, the one place outside the project that is named.
const DATA_DEFAULT: &str = concat!("../sha", "red/data");

/// Ends of files that are written by hand.
const WRITTEN: [&str; 9] = [
    ".rs", ".md", ".toml", ".yml", ".yaml", ".sh", ".ndjson", ".html", ".ci/run",
];

/// Lines that hold such a word.
///
/// # Errors
/// When a file cannot be read.
pub fn words_of_the_workplace(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let written = |file: &String| WRITTEN.iter().any(|end| file.ends_with(end));
    for file in repo.files()?.into_iter().filter(written) {
        for (number, line) in (1..).zip(repo.text(&file)?.lines()) {
            let line = line.replace(DATA_DEFAULT, "");
            if let Some(word) = WORDS.into_iter().find(|word| line.contains(word)) {
                found.push(format!("{file}:{number} names `{word}`"));
            }
        }
    }
    Ok(found)
}
