//! What the user says of logs beside what these say: by pattern of their paths, on the command line and in files.

mod setting;
mod yaml;

use cordon_event::{Hints, SourceSettings};
use cordon_report::ClockFacts;
use cordon_text::{Diagnostic, Report, Source};

use crate::{Failure, failure::Problems, texts, typed::SourceFiles};

use setting::{Setting, WrongSetting};

/// Settings of logs, in the order in which they were said; of two that fit a log, the later one counts.
#[derive(Debug, Default)]
pub(crate) struct Sources(Vec<Declared>);

/// What was said of the logs that fit a pattern.
#[derive(Debug)]
struct Declared {
    pattern: String,
    settings: Vec<Setting>,
}

impl Sources {
    /// Reads what was typed: files first, so that what is said on the command line counts.
    ///
    /// # Errors
    /// When a file cannot be read, or something in it or on the command line is wrong.
    pub(crate) fn read(asked: &SourceFiles) -> Result<Self, Failure> {
        let texts = texts::files(&asked.sources)?;
        let mut problems = Problems {
            report: texts.report,
            sources: texts.unread,
        };
        let mut sources = Self::default();
        for source in texts.sources {
            let (declared, report) = yaml::read(&source);
            sources.0.extend(declared);
            problems.report.extend(report);
            problems.sources.push(source);
        }
        for typed in &asked.source {
            match typed_one(typed) {
                Ok(declared) => sources.0.push(declared),
                Err(wrong) => problems.report.extend(wrong_argument(typed, &wrong)),
            }
        }
        if problems.report.has_errors() {
            return Err(Failure::Input(problems));
        }
        Ok(sources)
    }

    /// What is known of the records of a log by its path.
    pub(crate) fn settings(&self, path: &str) -> SourceSettings {
        let mut settings = SourceSettings::default();
        for declared in self
            .0
            .iter()
            .filter(|declared| fits(&declared.pattern, path))
        {
            for setting in &declared.settings {
                setting.apply(&mut settings);
            }
        }
        settings
    }

    /// The same beside what is known of all logs.
    pub(crate) fn hints(&self, path: &str, hints: &Hints) -> Hints {
        if self.0.is_empty() {
            return hints.clone();
        }
        hints.clone().of(self.settings(path))
    }

    /// What was said, and how many of some logs it speaks of.
    pub(crate) fn facts(&self, logs: &[&str]) -> Vec<ClockFacts> {
        let facts = self.0.iter().map(|declared| {
            let fitting = logs.iter().filter(|log| fits(&declared.pattern, log));
            let words: Vec<String> = declared.settings.iter().map(Setting::words).collect();
            ClockFacts {
                pattern: declared.pattern.clone(),
                declared: words.join(", "),
                files: u64::try_from(fitting.count()).unwrap_or(u64::MAX),
            }
        });
        facts.collect()
    }
}

/// `*/fw*.log:zone=Europe/London,clock=+3h`. Patterns and values may hold colons and commas of their own.
fn typed_one(typed: &str) -> Result<Declared, WrongSetting> {
    let begins = |before: char| {
        let keys = Setting::KEYS.iter();
        let places = keys.filter_map(move |key| typed.find(&format!("{before}{key}=")));
        places.min()
    };
    let Some((at, pattern)) = begins(':').and_then(|at| Some((at, typed.get(..at)?))) else {
        return Err(WrongSetting::NoSetting);
    };
    if pattern.is_empty() {
        return Err(WrongSetting::NoPattern);
    }
    let mut rest = typed.get(at + 1..).unwrap_or_default();
    let mut settings = Vec::new();
    while !rest.is_empty() {
        let next = Setting::KEYS.iter();
        let next = next.filter_map(|key| rest.find(&format!(",{key}="))).min();
        let (one, after) = rest.split_at(next.unwrap_or(rest.len()));
        let (key, value) = one.split_once('=').ok_or(WrongSetting::NoSetting)?;
        // What looks like a further setting inside a value that is wrong is one by a name that there is not.
        settings.push(
            Setting::read(key, value).map_err(|wrong| match further_key(value) {
                Some(key) => WrongSetting::Key(key.to_owned()),
                None => wrong,
            })?,
        );
        rest = after.get(1..).unwrap_or_default();
    }
    Ok(Declared::new(pattern, settings))
}

/// The first name of a setting behind a comma in a value.
fn further_key(value: &str) -> Option<&str> {
    let further = value.split(',').skip(1);
    let mut keys = further.filter_map(|part| Some(part.split_once('=')?.0));
    keys.find(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic()))
}

impl Declared {
    fn new(pattern: &str, settings: Vec<Setting>) -> Self {
        Self {
            pattern: pattern.to_owned(),
            settings,
        }
    }
}

fn wrong_argument(typed: &str, wrong: &WrongSetting) -> Report {
    let source = Source::new("--source", "");
    let message = format!("`{typed}`: {wrong}");
    let help =
        "write a pattern and what is known, such as '*/fw*.log:zone=Europe/London,clock=+3h'";
    let problem = Diagnostic::error(&source, cordon_text::Span::START, "wrong-argument", message);
    Report {
        diagnostics: vec![problem.help(help)],
    }
}

/// Whether a path fits a pattern: all of it, or its end behind a `/` or the `!` of an archive. `*` stands for anything
/// and `?` for one character.
fn fits(pattern: &str, path: &str) -> bool {
    let path: Vec<char> = path.replace('\\', "/").chars().collect();
    let pattern: Vec<char> = pattern.replace('\\', "/").chars().collect();
    let ends = (0..path.len()).filter(|at| matches!(path.get(*at), Some('/' | '!')));
    let mut starts = std::iter::once(0).chain(ends.map(|at| at + 1));
    starts.any(|start| is_like(&pattern, path.get(start..).unwrap_or_default()))
}

/// Matching with one way back: to the last `*`, which then takes one character more.
fn is_like(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                back = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == '?' || Some(c) == text.get(t) => (p, t) = (p + 1, t + 1),
            Some(_) | None => {
                let Some((star, from)) = back else {
                    return false;
                };
                back = Some((star, from + 1));
                (p, t) = (star, from + 1);
            }
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|c| *c == '*')
}

#[cfg(test)]
mod tests;
