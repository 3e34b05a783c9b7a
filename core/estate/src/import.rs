//! Inventories of other tools to an estate.
//!
//! [`Import`] reads any number of them, in whatever form they are recognised to have, and makes one estate:
//! objects that two tools know are one, relations that only matter together are resolved by the rules of
//! pages, and what is not known is marked. Invariants: an inventory is read as a stream; the order of
//! files changes nothing; everything left out is counted with an example. A new form is one module beside these and a line in [`form`].

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read as _},
};

use cordon_text::{Source, parse};
use thiserror::Error;

use crate::{Pages, lines::LINE_BYTES_MAX, scalar::document_value, spelling::to_kebab};
pub use cmdb::Pair;
use form::Form;
pub use graph_out::opengraph_id;
use inventory::Inventory;
pub use inventory::{Note, PLACES_MAX};
use stream::Unread;
pub use write::{Imported, Kinds};

mod azurehound;
mod catalogue;
mod certificates;
mod choose;
mod cmdb;
mod derive;
mod entra;
mod everybody;
mod facts;
mod form;
mod graph_out;
mod grounds;
mod group_policy;
mod holders;
mod hosts;
mod index;
mod inventory;
mod local_groups;
mod merge;
mod named;
mod needs;
mod numbers;
mod opengraph;
mod own;
mod own_json;
mod records;
mod relay;
mod rows;
pub(crate) mod rule;
mod services;
mod sharphound;
mod sheets;
mod stream;
mod texts;
mod utf16;
mod write;

/// What stands before the name of a relation of which its source says that it leads nobody on.
const SILENT: char = '~';

/// Largest text that is read as a whole, in bytes: YAML is written by people, and takes twenty times its size while it is parsed.
const WHOLE_BYTES_MAX: u64 = 1 << 26;

/// Which side of a pair in a configuration database needs the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The parent stops if the child does: a service above the server that it depends on.
    ParentNeedsChild,
    /// The other way.
    ChildNeedsParent,
    /// Neither: the relation says something else.
    Neither,
}

/// What becomes of edges that are not known to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are written, marked with the reason.
    Mark,
    /// They are counted and left out.
    LeaveOut,
}

/// What an import cannot find in inventories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The organisation's name; an overlay may say it too.
    pub name: Option<String>,
    /// What prices are in; an overlay may say it too.
    pub currency: Option<String>,
    /// Which side of a pair needs the other, unless its relation says so; asked for if there are pairs.
    pub direction: Option<Direction>,
    /// Which side needs the other in relations of a type.
    pub by_relation: BTreeMap<String, Direction>,
    /// What becomes of edges that are not known to exist.
    pub unknown: Unknown,
}

/// Why an inventory could not be read.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The bytes could not be had.
    #[error("cannot read {name}")]
    Read {
        /// Which inventory.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// JSON that is broken.
    #[error("{name} is not JSON to its end")]
    Json {
        /// Which inventory.
        name: String,
        /// Where and why.
        source: serde_json::Error,
    },
    /// Bytes that are no text.
    #[error("{name}: {message}")]
    Text {
        /// Which inventory, and where.
        name: String,
        /// What is wrong, and what to do.
        message: String,
    },
    /// A table that is broken.
    #[error("{name} is not a table to its end")]
    Table {
        /// Which inventory.
        name: String,
        /// Where and why.
        source: csv::Error,
    },
    /// A form that nothing here reads.
    #[error(
        "{name} has no known form: {found}; known are SharpHound, AzureHound, OpenGraph, Neo4j records, ServiceNow \
         relations and items, Backstage entities, services.csv, dependencies.csv and cordon/estate/v1"
    )]
    Form {
        /// Which inventory.
        name: String,
        /// What it begins with.
        found: String,
    },
    /// YAML that would take too much memory.
    #[error(
        "{name} is YAML of more than {most} bytes; split it, or write it as JSON or with one thing a line, which are read as \
         streams"
    )]
    TooLarge {
        /// Which inventory.
        name: String,
        /// The most that is read, in bytes.
        most: u64,
    },
    /// YAML that is broken.
    #[error("{name}:{line}: {message}")]
    Yaml {
        /// Which inventory.
        name: String,
        /// Where.
        line: u32,
        /// What is wrong.
        message: String,
    },
}

/// Pairs of which somebody must say which side needs the other, or said it of no type that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undirected {
    /// All of them.
    pub count: usize,
    /// Some, of as many kinds of relation as there are.
    pub examples: Vec<Pair>,
    /// Types that somebody said something of and that no table has, each with the one that was probably meant.
    pub unknown: Vec<(String, Option<String>)>,
}

/// Inventories being read.
#[derive(Debug)]
pub struct Import<'p> {
    pages: &'p Pages,
    inventory: Inventory,
}

impl<'p> Import<'p> {
    /// Nothing was read yet.
    pub fn new(pages: &'p Pages) -> Self {
        Self {
            pages,
            inventory: Inventory::default(),
        }
    }

    /// Reads one inventory.
    ///
    /// # Errors
    /// When it cannot be read to its end, or has no form that is known.
    pub fn read(&mut self, name: &str, mut input: impl BufRead) -> Result<(), ImportError> {
        let failed = |source| ImportError::Read {
            name: name.to_owned(),
            source,
        };
        if input
            .fill_buf()
            .map_err(failed)?
            .starts_with(b"\xef\xbb\xbf")
        {
            input.consume(3);
        }
        let beginning = input.fill_buf().map_err(failed)?;
        if utf16::is(beginning) {
            let text = utf16::read(name, input)?;
            return self.read(name, text.as_bytes());
        }
        let form = Form::of(beginning).ok_or_else(|| ImportError::Form {
            name: name.to_owned(),
            found: form::found(beginning),
        })?;
        let table = |source| broken_table(name, source);
        let inventory = &mut self.inventory;
        match form {
            Form::Json => stream::read(inventory, name, input).map_err(|unread| match unread {
                Unread::Broken(source) => ImportError::Json {
                    name: name.to_owned(),
                    source,
                },
                Unread::Unknown(keys) => ImportError::Form {
                    name: name.to_owned(),
                    found: form::found_keys(&keys),
                },
            }),
            Form::Lines => self.lines(name, input),
            Form::Own => {
                let mut whole = Vec::new();
                let mut first = input.by_ref().take(WHOLE_BYTES_MAX + 1);
                let size = first.read_to_end(&mut whole).map_err(failed)?;
                if u64::try_from(size).is_ok_and(|size| size <= WHOLE_BYTES_MAX) {
                    // As YAML, which JSON is part of, every number is exact.
                    return self.text(name, whole.as_slice());
                }
                own_json::read(inventory, name, whole.as_slice().chain(input)).map_err(|source| {
                    ImportError::Json {
                        name: name.to_owned(),
                        source,
                    }
                })
            }
            Form::Text => self.text(name, input),
            Form::Relations => cmdb::table(inventory, name, input).map_err(table),
            Form::Sheet => sheets::table(inventory, name, input).map_err(table),
        }
    }

    /// Reads one object a line: of our own form, or as a database exports them.
    fn lines(&mut self, name: &str, mut input: impl BufRead) -> Result<(), ImportError> {
        let failed = |source| ImportError::Read {
            name: name.to_owned(),
            source,
        };
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let mut within = input.by_ref().take(LINE_BYTES_MAX);
            let length = within.read_until(b'\n', &mut line).map_err(failed)?;
            if length == 0 {
                break;
            }
            if line.last() != Some(&b'\n') && u64::try_from(length) == Ok(LINE_BYTES_MAX) {
                input.skip_until(b'\n').map_err(failed)?;
                let why = format!("expected a line of fewer than {LINE_BYTES_MAX} bytes");
                self.unreadable(name, number, &why);
                continue;
            }
            let read = match std::str::from_utf8(&line) {
                Ok(text) => self.line(text.trim(), (name, number)),
                Err(_) => Err(NOT_UTF8.to_owned()),
            };
            if let Err(why) = read {
                self.unreadable(name, number, &why);
            }
        }
        Ok(())
    }

    fn line(&mut self, text: &str, (name, number): (&str, u64)) -> Result<(), String> {
        if text.is_empty() {
            return Ok(());
        }
        if let Some(done) = records::add(&mut self.inventory, text) {
            return done;
        }
        // The line is told beside it, so that only the column is news.
        let place =
            |why: serde_json::Error| why.to_string().replace(" at line 1 column", " at column");
        let document = serde_json::from_str(text).map_err(place)?;
        own::add(&mut self.inventory, document, (name, &number.to_string()))
    }

    fn unreadable(&mut self, name: &str, line: u64, why: &str) {
        let place = (name, &*line.to_string(), why);
        self.inventory
            .unreadable("lines that could not be read", place);
    }

    /// Reads YAML.
    fn text(&mut self, name: &str, input: impl BufRead) -> Result<(), ImportError> {
        let mut text = String::new();
        let read = input.take(WHOLE_BYTES_MAX + 1).read_to_string(&mut text);
        let size = read.map_err(|source| ImportError::Read {
            name: name.to_owned(),
            source,
        })?;
        if u64::try_from(size).is_ok_and(|size| size > WHOLE_BYTES_MAX) {
            return Err(ImportError::TooLarge {
                name: name.to_owned(),
                most: WHOLE_BYTES_MAX,
            });
        }
        let (documents, report) = parse(&Source::new(name, text));
        if let Some(problem) = report.diagnostics.first().filter(|_| report.has_errors()) {
            return Err(ImportError::Yaml {
                name: name.to_owned(),
                line: problem.span.line,
                message: problem.message.clone(),
            });
        }
        for document in &documents {
            let inventory = &mut self.inventory;
            let line = document.span.line.to_string();
            let added = catalogue::add(inventory, document)
                .unwrap_or_else(|| own::add(inventory, document_value(document), (name, &line)));
            if let Err(why) = added {
                let place = (name, &*line, &*why);
                inventory.unreadable("documents that could not be read in whole", place);
            }
        }
        Ok(())
    }

    /// Puts the inventories together.
    ///
    /// # Errors
    /// When somebody must say first which side of pairs needs the other.
    pub fn finish(self, options: &Options) -> Result<Imported, Undirected> {
        let mut inventory = self.inventory;
        cmdb::close(&mut inventory, options)?;
        inventory.settle();
        merge::same(&mut inventory);
        let services = needs::close(&mut inventory);
        merge::wanted(&mut inventory);
        inventory.leave_out_nameless();
        let read = inventory.links.len();
        facts::add(&mut inventory);
        derive::derive(&mut inventory, &self.pages.rules());
        Ok(Imported::new(
            inventory,
            (services, read),
            self.pages,
            options,
        ))
    }
}

impl Undirected {
    /// Of these pairs, some examples of each type.
    fn of(pairs: &[Pair], unknown: Vec<(String, Option<String>)>) -> Self {
        let mut kinds: BTreeMap<&str, Pair> = BTreeMap::new();
        for pair in pairs {
            kinds.entry(&pair.relation).or_insert_with(|| pair.clone());
        }
        let few = kinds.len().clamp(EXAMPLES_MAX, TYPES_MAX);
        let mut examples: Vec<Pair> = kinds.into_values().take(few).collect();
        let more = pairs.iter().filter(|pair| !examples.contains(pair));
        let more: Vec<Pair> = more.take(few - examples.len()).cloned().collect();
        examples.extend(more);
        Self {
            count: pairs.len(),
            examples,
            unknown,
        }
    }
}

/// What is wrong with bytes that are no text, and what to do.
const NOT_UTF8: &str = "expected text in UTF-8; save it so (spreadsheets call it \"CSV UTF-8\")";

fn broken_table(name: &str, source: csv::Error) -> ImportError {
    let name = name.to_owned();
    if let csv::ErrorKind::Utf8 { pos, .. } = source.kind() {
        let line = pos.as_ref().map_or(1, csv::Position::line);
        return ImportError::Text {
            name: format!("{name}:{line}"),
            message: NOT_UTF8.to_owned(),
        };
    }
    ImportError::Table { name, source }
}

/// Types shown at most, one pair each: more than a database has in use.
const TYPES_MAX: usize = 20;

/// Pairs shown before somebody says which side needs the other: few enough to be known by heart.
const EXAMPLES_MAX: usize = 3;

/// A kind as other tools write it, in kebab-case: `AZUser` is `az-user`, `NTAuthStore` `nt-auth-store`.
fn kind_word(word: &str) -> String {
    let known = sharphound::kind_of_word(word);
    if !known.is_empty() {
        return known.to_owned();
    }
    for prefix in ["AZ", "GH", "MSSQL"] {
        if let Some(rest) = word.strip_prefix(prefix)
            && rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        {
            let rest = to_kebab(rest.trim_start_matches('_'));
            return format!("{}-{rest}", prefix.to_lowercase());
        }
    }
    to_kebab(word)
}

/// Letters and digits of a word, in lower case: two tools' words for one kind agree in them.
pub(crate) fn letters(word: &str) -> String {
    let kept = word.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}
