//! The estate that `--estate` names.
//!
//! A file with one thing a line is never in memory as a whole; where something is wrong with it, only
//! the lines that are wrong are read once more, to be shown.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use cordon_estate::{Grounds, Reading, is_by_line};
use cordon_model::Estate;
use cordon_text::{Report, Source};

use crate::{Failure, console::Console, content, failure::Problems, texts};

/// How much of a file tells its form, in bytes: a head is a line of a few words.
const BEGINNING_BYTES: u64 = 1 << 16;

/// Reads the files as one estate. What its author probably did not mean is said on the way.
///
/// # Errors
/// When a file cannot be read, or a text is wrong.
pub(crate) fn estate(files: &[PathBuf], console: &Console) -> Result<Estate, Failure> {
    Ok(with_grounds(files, console)?.0)
}

/// The same, with what edges stand on.
///
/// # Errors
/// As [`estate`].
pub(crate) fn with_grounds(
    files: &[PathBuf],
    console: &Console,
) -> Result<(Estate, Grounds), Failure> {
    let (known, problems) = known(files)?;
    let Some(known) = known else {
        return Err(Failure::Input(problems));
    };
    for lint in &problems.report.diagnostics {
        console.doubt(lint);
    }
    Ok(known)
}

/// Reads the files as one estate, with everything that is wrong or doubtful; none if anything is wrong.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn checked(files: &[PathBuf]) -> Result<(Option<Estate>, Problems), Failure> {
    let (known, problems) = known(files)?;
    Ok((known.map(|(estate, _)| estate), problems))
}

fn known(files: &[PathBuf]) -> Result<(Option<(Estate, Grounds)>, Problems), Failure> {
    let pages = content::pages();
    let mut reading = Reading::new(&pages);
    let mut sources = Vec::new();
    let mut by_line = Vec::new();
    for path in files {
        if let Some(file) = opened_by_line(path)? {
            let read = reading.lines(&path.display().to_string(), BufReader::new(file));
            read.map_err(|cause| Failure::read(path, cause))?;
            by_line.push(path);
            continue;
        }
        let texts = texts::files(std::slice::from_ref(path))?;
        reading.unread(texts.report);
        texts.sources.iter().for_each(|source| reading.text(source));
        sources.extend(texts.sources.into_iter().chain(texts.unread));
    }
    let (known, report) = match reading.finish() {
        Ok(read) => (Some((read.estate, read.grounds)), read.lints),
        Err(report) => (None, report),
    };
    for path in by_line {
        let lines = lines_told(path, &report);
        sources.push(lines.map_err(|cause| Failure::read(path, cause))?);
    }
    Ok((known, Problems { report, sources }))
}

/// A file of the form with one thing a line, at its beginning; none if it has another form.
fn opened_by_line(path: &Path) -> Result<Option<File>, Failure> {
    let opened = || -> std::io::Result<Option<File>> {
        let mut file = File::open(path)?;
        let mut beginning = Vec::new();
        file.by_ref()
            .take(BEGINNING_BYTES)
            .read_to_end(&mut beginning)?;
        if !is_by_line(&String::from_utf8_lossy(&beginning)) {
            return Ok(None);
        }
        file.rewind()?;
        Ok(Some(file))
    };
    opened().map_err(|cause| Failure::read(path, cause))
}

/// A text in which every line that something is told of stands at its place, and all others are empty.
fn lines_told(path: &Path, report: &Report) -> std::io::Result<Source> {
    let name = path.display().to_string();
    let told = report.diagnostics.iter();
    let told: BTreeSet<u32> = told
        .filter(|problem| *problem.file == *name)
        .map(|problem| problem.span.line)
        .collect();
    let last = told.last().copied().unwrap_or_default();
    let mut text = String::new();
    let mut file = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    for number in 1..=last {
        line.clear();
        file.read_until(b'\n', &mut line)?;
        if told.contains(&number) {
            text.push_str(String::from_utf8_lossy(&line).trim_end());
        }
        text.push('\n');
    }
    Ok(Source::new(name, text))
}
