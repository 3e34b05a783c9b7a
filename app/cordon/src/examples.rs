//! The examples that stand beside rules, found and read.
//!
//! Two layouts are known. Beside `rule.yml`: `fires.ndjson` and `silent.ndjson`, whole records that are
//! decoded as a log would be; for a correlation each file is one sequence. Beside `NAME.yml`:
//! `NAME_test.yml`, documents of `match` and `event`, whose fields are those that the rule names, taken
//! as they are. Absent on purpose: trying the rule.

mod given;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_detect::example_record;
use cordon_event::Event;
use cordon_text::{Diagnostic, Report, Source, Span};

use crate::{
    Failure,
    library::{Library, Reading},
    texts,
};

/// How many folders above a rule may hold the names of its people: the domain and the pack.
const NAMES_ABOVE_MAX: usize = 3;

/// One example of a rule.
#[derive(Debug)]
pub(crate) struct Example {
    /// The file it stands in.
    pub(crate) file: String,
    /// Its ordinal number there, from 1.
    pub(crate) n: u64,
    /// Whether the rule should match.
    pub(crate) expected: bool,
    /// What the rule is tried on.
    pub(crate) given: Given,
}

/// What a rule is tried on.
#[derive(Debug)]
pub(crate) enum Given {
    /// One event, for a plain rule.
    Event(Box<Event>),
    /// Events in order, for a correlation.
    Sequence(Vec<Event>),
}

/// Rules with their examples.
#[derive(Debug, Default)]
pub(crate) struct Examples {
    /// The rules, file by file, each with what its file's examples are.
    pub(crate) files: Vec<RuleFile>,
    /// What is wrong with examples, and their texts.
    pub(crate) report: Report,
    pub(crate) sources: Vec<Source>,
}

/// One file of rules and its examples.
#[derive(Debug)]
pub(crate) struct RuleFile {
    /// Its rules.
    pub(crate) library: Library,
    /// The examples beside it.
    pub(crate) examples: Vec<Example>,
    /// Under which names the people of its records go, if somebody says.
    pub(crate) names: BTreeMap<Arc<str>, Vec<String>>,
}

/// Reads rules under some paths, and the examples beside them.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn examples(paths: &[PathBuf], reading: &Reading) -> Result<Examples, Failure> {
    let texts = texts::files_and_folders(paths)?;
    let mut found = Examples {
        report: texts.report,
        sources: texts.unread,
        ..Examples::default()
    };
    let mut rules: BTreeMap<Arc<str>, Source> = BTreeMap::new();
    for source in texts.sources {
        match tested(&source.name) {
            None => {
                rules.insert(Arc::clone(&source.name), source);
            }
            Some(beside) => match beside.iter().find(|path| path.exists()) {
                Some(path) => {
                    let read = texts::files(std::slice::from_ref(path))?;
                    found.report.extend(read.report);
                    found.sources.extend(read.unread);
                    rules.extend(read.sources.into_iter().map(|s| (Arc::clone(&s.name), s)));
                }
                None => found.lonely(&source),
            },
        }
    }
    for source in rules.into_values() {
        found.take(source, reading)?;
    }
    Ok(found)
}

/// The files that a test file may be about; none if it is no test file.
fn tested(name: &str) -> Option<[PathBuf; 2]> {
    let path = Path::new(name);
    let stem = path.file_stem()?.to_str()?.strip_suffix("_test")?;
    Some(["yml", "yaml"].map(|extension| path.with_file_name(format!("{stem}.{extension}"))))
}

impl Examples {
    /// Says that there is nothing for a test file to test.
    fn lonely(&mut self, source: &Source) {
        let message = "expected the rule that this tests beside it, found none".to_owned();
        let problem = Diagnostic::error(source, Span::START, "test-without-rule", message)
            .help("put it beside `NAME.yml` as `NAME_test.yml`");
        self.report.push(problem);
        self.sources.push(source.clone());
    }

    /// Reads one file of rules and what stands beside it.
    fn take(&mut self, source: Source, reading: &Reading) -> Result<(), Failure> {
        let path = PathBuf::from(&*source.name);
        let mut file = RuleFile {
            library: Library::read(
                texts::Texts {
                    sources: vec![source],
                    ..texts::Texts::default()
                },
                reading,
            ),
            examples: Vec::new(),
            names: BTreeMap::new(),
        };
        if file.library.documents == 0 {
            return Ok(());
        }
        if path.file_stem().is_some_and(|stem| stem == "rule") {
            for (name, expected) in [("fires.ndjson", true), ("silent.ndjson", false)] {
                let beside = path.with_file_name(name);
                if let Some(text) = text(&beside)? {
                    let source = Source::new(beside.display().to_string(), text);
                    let records = self.records(&source);
                    file.add(
                        &source,
                        records,
                        if expected { Kind::Fires } else { Kind::Silent },
                    );
                    self.sources.push(source);
                }
            }
            if !file.library.correlations.is_empty() {
                file.names = self.names(&path)?;
            }
        }
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        for extension in ["yml", "yaml"] {
            let beside = path.with_file_name(format!("{stem}_test.{extension}"));
            if let Some(text) = text(&beside)? {
                let source = Source::new(beside.display().to_string(), text);
                file.examples
                    .extend(given::examples(&source, &file.library, &mut self.report));
                self.sources.push(source);
            }
        }
        self.files.push(file);
        Ok(())
    }

    /// The records of a file, each decoded by itself; what is none is reported.
    fn records(&mut self, source: &Source) -> Vec<Event> {
        let mut events = Vec::new();
        for (number, line) in (1_u32..).zip(source.text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            match example_record(&Arc::from(format!("{}:{number}", source.name)), line) {
                Ok((event, _lost)) => events.push(event),
                Err(why) => {
                    let span = Span {
                        line: number,
                        end_line: number,
                        ..Span::START
                    };
                    let message = format!("expected a record as JSON on each line: {why}");
                    let problem = Diagnostic::error(source, span, "no-record", message)
                        .help("write a line of syslog as a JSON string");
                    self.report.push(problem);
                }
            }
        }
        events
    }

    /// The nearest `names.json` in the folders above a rule.
    fn names(&mut self, rule: &Path) -> Result<BTreeMap<Arc<str>, Vec<String>>, Failure> {
        for folder in rule.ancestors().skip(1).take(NAMES_ABOVE_MAX) {
            let path = folder.join("names.json");
            let Some(text) = text(&path)? else { continue };
            match serde_json::from_str(&text) {
                Ok(names) => return Ok(names),
                Err(error) => {
                    let source = Source::new(path.display().to_string(), text);
                    let message = format!("expected names, each with a list of spellings: {error}");
                    let problem = Diagnostic::error(&source, Span::START, "bad-names", message);
                    self.report.push(problem);
                    return Ok(BTreeMap::new());
                }
            }
        }
        Ok(BTreeMap::new())
    }
}

/// What is expected of a file of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fires,
    Silent,
}

impl RuleFile {
    /// Adds the records of a file: one example each, or one for all if the rule is a correlation.
    fn add(&mut self, source: &Source, records: Vec<Event>, kind: Kind) {
        let example = |n: u64, given: Given| Example {
            file: source.name.to_string(),
            n,
            expected: kind == Kind::Fires,
            given,
        };
        if self.library.correlations.is_empty() {
            let numbered = (1..).zip(records);
            let each = numbered.map(|(n, event)| example(n, Given::Event(Box::new(event))));
            self.examples.extend(each);
        } else {
            self.examples.push(example(1, Given::Sequence(records)));
        }
    }
}

/// The text of a file, if it is there.
fn text(path: &Path) -> Result<Option<String>, Failure> {
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).map_err(|cause| Failure::read(path, cause))?;
    Ok(Some(text))
}
