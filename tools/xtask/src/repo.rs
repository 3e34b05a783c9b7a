//! The files of the project, as a person sees them: without build output and history.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::Fault;

/// Folders that hold no files of the project, wherever they stand.
const FOREIGN: [&str; 4] = ["target", ".git", "mutants.out", "node_modules"];

/// The project's folder.
#[derive(Debug, Clone)]
pub struct Repo {
    root: PathBuf,
}

impl Repo {
    /// The project that this crate was built in.
    pub fn here() -> Self {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self {
            root: crate_folder.join("../.."),
        }
    }

    /// A folder that plays the project, for tests of the checks themselves.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// A path in the project.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When it cannot be read as text.
    pub fn text(&self, inside: &str) -> Result<String, Fault> {
        let path = self.path(inside);
        fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()).into())
    }

    /// All files, by their paths from the root with `/` between parts, in order.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn files(&self) -> Result<Vec<String>, Fault> {
        let ignored = self.ignored();
        let mut found = Vec::new();
        let mut open = vec![String::new()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(self.path(&folder))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if folder.is_empty() {
                    name.clone()
                } else {
                    format!("{folder}/{name}")
                };
                if FOREIGN.contains(&name.as_str()) || ignored.contains(&path) {
                    continue;
                }
                if entry.file_type()?.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Files whose name ends so.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn files_ending(&self, end: &str) -> Result<Vec<String>, Fault> {
        let mut files = self.files()?;
        files.retain(|file| file.ends_with(end));
        Ok(files)
    }

    /// Folders at the root that `.gitignore` names, such as what the demo wrote.
    fn ignored(&self) -> Vec<String> {
        let text = self.text(".gitignore").unwrap_or_default();
        text.lines()
            .map(|line| line.trim_matches('/').to_owned())
            .collect()
    }
}
