//! Reading the user's own texts, rules and estates, from files and folders.
//!
//! Folders are read in the order of their paths. A file that is not text is the user's mistake and
//! is said as such; a file that cannot be read is the world's.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cordon_text::{Diagnostic, Report, Source, Span};

use crate::Failure;

/// Largest text read, in bytes: a hundred times the largest estate known, well below memory.
const TEXT_BYTES_MAX: u64 = 1 << 30;

/// The texts of some files.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// Those that could be read.
    pub(crate) sources: Vec<Source>,
    /// Others, as far as they can be shown.
    pub(crate) unread: Vec<Source>,
    /// What is wrong with the others.
    pub(crate) report: Report,
}

/// Reads files as they are named.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Texts, Failure> {
    let mut texts = Texts::default();
    for path in paths {
        texts.read(path)?;
    }
    Ok(texts)
}

/// Reads files as they are named, and every YAML file under folders.
///
/// # Errors
/// When a file or a folder cannot be read.
pub(crate) fn files_and_folders(paths: &[PathBuf]) -> Result<Texts, Failure> {
    let mut texts = Texts::default();
    for path in paths {
        if !path.is_dir() {
            texts.read(path)?;
            continue;
        }
        let before = texts.sources.len();
        for file in yaml_files(path)? {
            texts.read(&file)?;
        }
        if texts.sources.len() == before && !texts.report.has_errors() {
            texts.empty_folder(path);
        }
    }
    Ok(texts)
}

impl Texts {
    fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let name = path.display().to_string();
        let size = fs::metadata(path)
            .map_err(|cause| Failure::read(path, cause))?
            .len();
        let nameless = Source::new(name.clone(), "");
        if size > TEXT_BYTES_MAX {
            let message = format!("expected at most {TEXT_BYTES_MAX} bytes, found {size}");
            self.wrong(
                &nameless,
                "text-too-large",
                message,
                "split the file; several add up",
            );
            self.unread.push(nameless);
            return Ok(());
        }
        let bytes = fs::read(path).map_err(|cause| Failure::read(path, cause))?;
        match Source::decode(name, bytes) {
            Ok(source) => self.sources.push(source),
            Err(undecoded) => {
                self.report.push(undecoded.problem);
                self.unread.push(undecoded.shown);
            }
        }
        Ok(())
    }

    fn empty_folder(&mut self, path: &Path) {
        let source = Source::new(path.display().to_string(), "");
        let message = "expected YAML files in this folder, found none".to_owned();
        self.wrong(
            &source,
            "no-files",
            message,
            "name a folder with .yml or .yaml files",
        );
    }

    fn wrong(&mut self, source: &Source, code: &'static str, message: String, help: &str) {
        self.report
            .push(Diagnostic::error(source, Span::START, code, message).help(help));
    }
}

/// Every YAML file under a folder, in the order of their paths. Links to folders are not followed,
/// so that no loop is walked.
fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).map_err(|cause| Failure::read(&dir, cause))? {
            let entry = entry.map_err(|cause| Failure::read(&dir, cause))?;
            let kind = entry
                .file_type()
                .map_err(|cause| Failure::read(entry.path(), cause))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if is_yaml(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_yaml(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .map(str::to_lowercase);
    matches!(extension.as_deref(), Some("yml" | "yaml"))
}
