//! Rules as they were read, one by one, for commands that look at rules rather than logs.

use std::{collections::BTreeSet, path::PathBuf};

use cordon_sigma::{
    Correlation, Filter, Header, Lost, Parsed, Pipeline, Placeholders, Rule, apply_filters,
    doubled, is_pipeline, parse_pipeline, parse_placeholders, parse_with, transform,
};
use cordon_text::Source;
use rayon::prelude::*;

use crate::{
    Failure, console::Console, content, failure::Problems, pipelines::pipelines, texts,
    typed::RuleReading,
};

/// Every rule of some texts that can be used, and what is wrong with the others.
#[derive(Debug, Default)]
pub(crate) struct Library {
    /// Plain rules, in the order of their texts.
    pub(crate) rules: Vec<Rule>,
    /// Correlations, in the order of their texts.
    pub(crate) correlations: Vec<Correlation>,
    /// Rule documents found.
    pub(crate) documents: usize,
    /// How many of them cannot be used.
    pub(crate) refused: usize,
    /// What is known of those.
    pub(crate) lost: Vec<Lost>,
    /// What is wrong, and the texts.
    pub(crate) problems: Problems,
}

/// How rules are to be read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    placeholders: Placeholders,
    pipelines: Vec<Pipeline>,
}

impl Reading {
    /// As it was asked for.
    ///
    /// # Errors
    /// When a file cannot be read, what placeholders stand for is not said clearly, or a pipeline
    /// cannot be used.
    pub(crate) fn new(asked: &RuleReading) -> Result<Self, Failure> {
        let pipelines = pipelines(&asked.pipeline)?;
        let mut placeholders = placeholders(&asked.placeholders)?;
        if !pipelines.is_empty() {
            placeholders = placeholders.left_open();
        }
        Ok(Self {
            placeholders,
            pipelines,
        })
    }
}

/// One rule of a library.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry<'l> {
    /// A plain rule.
    Rule(&'l Rule),
    /// A correlation.
    Correlation(&'l Correlation),
}

impl<'l> Entry<'l> {
    /// What it says about itself.
    pub(crate) fn header(self) -> &'l Header {
        match self {
            Self::Rule(rule) => &rule.header,
            Self::Correlation(correlation) => &correlation.header,
        }
    }

    /// Its id, or else its name, or else its title: as detections name it.
    pub(crate) fn id(self) -> &'l str {
        let header = self.header();
        let id = header.id.as_deref().or(header.name.as_deref());
        id.unwrap_or(&header.title)
    }

    /// Whether somebody who writes this means this rule.
    pub(crate) fn is_called(self, word: &str) -> bool {
        let header = self.header();
        header.id.as_deref() == Some(word)
            || header.name.as_deref() == Some(word)
            || header.title.eq_ignore_ascii_case(word)
    }
}

impl Library {
    /// Reads texts, joins the filters among them to the rules that they are for, and passes all
    /// through the pipelines; rules that these cannot be applied to are refused.
    pub(crate) fn read(texts: texts::Texts, reading: &Reading) -> Self {
        let mut library = Self::default();
        library.problems.report = texts.report;
        // What is in a file that is no text is not known; it counts as one rule.
        library.documents = texts.unread.len();
        library.refused = texts.unread.len();
        let read = texts.sources.par_iter();
        let read = read.map(|source| parsed(source, &reading.placeholders));
        let mut filters = Vec::new();
        for parsed in read.collect::<Vec<_>>() {
            filters.extend(library.take(parsed));
        }
        let read = library.entries().map(|entry| Lost::of(entry.header()));
        let read: Vec<_> = read.collect();
        let rules = std::mem::take(&mut library.rules);
        let filtered = apply_filters(rules, &filters, &library.correlations);
        library.refused += filtered.refused;
        library.problems.report.extend(filtered.report);
        let correlations = std::mem::take(&mut library.correlations);
        let passed = transform(&reading.pipelines, filtered.rules, correlations);
        library.rules = passed.rules;
        library.correlations = passed.correlations;
        library.refused += passed.refused;
        library.problems.report.extend(passed.report);
        library.lose(read);
        let doubled = doubled(library.entries().map(Entry::header));
        library.problems.report.extend(doubled);
        library.problems.sources = texts.sources;
        library.problems.sources.extend(texts.unread);
        library.problems.report.sort();
        library
    }

    /// Remembers which of these were refused since they were read.
    fn lose(&mut self, read: Vec<Lost>) {
        let left = self.entries().map(Entry::header);
        let left: BTreeSet<_> = left
            .map(|header| (header.file.clone(), header.span))
            .collect();
        let gone = |lost: &Lost| !left.contains(&(lost.file.clone(), lost.span));
        self.lost.extend(read.into_iter().filter(gone));
    }

    /// Takes what a text holds; its filters are for all rules together.
    fn take(&mut self, parsed: Parsed) -> Vec<Filter> {
        self.documents += parsed.documents;
        self.refused += parsed.refused;
        self.lost.extend(parsed.lost);
        self.rules.extend(parsed.rules);
        self.correlations.extend(parsed.correlations);
        self.problems.report.extend(parsed.report);
        parsed.filters
    }

    /// The rules that ship with the binary.
    pub(crate) fn built_in(reading: &Reading) -> Self {
        Self::read(content_texts(), reading)
    }

    /// Every rule: plain ones, then correlations.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let plain = self.rules.iter().map(Entry::Rule);
        plain.chain(self.correlations.iter().map(Entry::Correlation))
    }

    /// Fails if there is no rule at all, and says if some cannot be used.
    ///
    /// # Errors
    /// When no rule is left to work with.
    pub(crate) fn usable(self, console: &Console) -> Result<Self, Failure> {
        if self.rules.is_empty() && self.correlations.is_empty() {
            return Err(Failure::Input(self.problems.or_no_rule()));
        }
        if self.refused > 0 || self.problems.report.has_errors() {
            console.remark(&format!(
                "{} of {} rules cannot be used and are left out; `cordon rules check` says why",
                self.refused, self.documents
            ));
        }
        Ok(self)
    }
}

/// Reads rules from files and folders; the built-in ones if none are named.
///
/// # Errors
/// When a file cannot be read, or it is not said clearly how to read rules.
pub(crate) fn library(paths: &[PathBuf], asked: &RuleReading) -> Result<Library, Failure> {
    let reading = Reading::new(asked)?;
    if paths.is_empty() {
        return Ok(Library::built_in(&reading));
    }
    Ok(Library::read(texts::files_and_folders(paths)?, &reading))
}

/// What a text of rules holds; a pipeline among them is only checked.
fn parsed(source: &Source, placeholders: &Placeholders) -> Parsed {
    let mut parsed = parse_with(source, placeholders);
    if parsed.documents == 0 && is_pipeline(source) {
        (_, parsed.report) = parse_pipeline(source);
    }
    parsed
}

fn content_texts() -> texts::Texts {
    texts::Texts {
        sources: content::rules(),
        ..texts::Texts::default()
    }
}

/// What placeholders stand for. Unlike a rule that is wrong by itself, a mistake here would change what
/// many rules mean, so that it ends the work.
///
/// # Errors
/// When a file cannot be read, or something in it is wrong.
fn placeholders(files: &[PathBuf]) -> Result<Placeholders, Failure> {
    let texts::Texts {
        mut sources,
        unread,
        mut report,
    } = texts::files(files)?;
    let (placeholders, reading) = parse_placeholders(&sources);
    report.extend(reading);
    sources.extend(unread);
    if report.has_errors() {
        return Err(Failure::Input(Problems { report, sources }));
    }
    Ok(placeholders)
}
