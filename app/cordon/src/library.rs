//! Rules as they were read, one by one, for commands that look at rules rather than logs.

use std::path::PathBuf;

use cordon_sigma::{
    Correlation, Filter, Header, Parsed, Pipeline, Placeholders, Rule, apply_filters, is_pipeline,
    parse_pipeline, parse_placeholders, parse_with, transform,
};
use cordon_text::Source;
use rayon::prelude::*;

use crate::{
    Failure, console::Console, content, failure::Problems, texts, typed::PlaceholderFiles,
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
    /// What is wrong, and the texts.
    pub(crate) problems: Problems,
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
    /// Reads texts, and joins the filters among them to the rules that they are for.
    pub(crate) fn read(texts: texts::Texts, placeholders: &Placeholders) -> Self {
        let mut library = Self::default();
        library.problems.report = texts.report;
        let read = texts.sources.par_iter();
        let read = read.map(|source| parsed(source, placeholders));
        let mut filters = Vec::new();
        for parsed in read.collect::<Vec<_>>() {
            filters.extend(library.take(parsed));
        }
        let rules = std::mem::take(&mut library.rules);
        let filtered = apply_filters(rules, &filters, &library.correlations);
        library.rules = filtered.rules;
        library.refused += filtered.refused;
        library.problems.report.extend(filtered.report);
        library.problems.sources = texts.sources;
        library.problems.sources.extend(texts.unread);
        library.problems.report.sort();
        library
    }

    /// Its rules after pipelines, those that these cannot be applied to refused.
    pub(crate) fn through(mut self, pipelines: &[Pipeline]) -> Self {
        let passed = transform(pipelines, self.rules, self.correlations);
        self.rules = passed.rules;
        self.correlations = passed.correlations;
        self.refused += passed.refused;
        self.problems.report.extend(passed.report);
        self.problems.report.sort();
        self
    }

    /// Takes what a text holds; its filters are for all rules together.
    fn take(&mut self, parsed: Parsed) -> Vec<Filter> {
        self.documents += parsed.documents;
        self.refused += parsed.refused;
        self.rules.extend(parsed.rules);
        self.correlations.extend(parsed.correlations);
        self.problems.report.extend(parsed.report);
        parsed.filters
    }

    /// The rules that ship with the binary.
    pub(crate) fn built_in() -> Self {
        Self::read(content_texts(), &Placeholders::none())
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
/// When a file cannot be read, or what placeholders stand for is not said clearly.
pub(crate) fn library(paths: &[PathBuf], asked: &PlaceholderFiles) -> Result<Library, Failure> {
    with_placeholders(paths, &placeholders(asked)?)
}

/// The same where it is known what placeholders stand for.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn with_placeholders(
    paths: &[PathBuf],
    placeholders: &Placeholders,
) -> Result<Library, Failure> {
    let texts = if paths.is_empty() {
        content_texts()
    } else {
        texts::files_and_folders(paths)?
    };
    Ok(Library::read(texts, placeholders))
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
pub(crate) fn placeholders(asked: &PlaceholderFiles) -> Result<Placeholders, Failure> {
    let texts::Texts {
        mut sources,
        unread,
        mut report,
    } = texts::files(&asked.placeholders)?;
    let (placeholders, reading) = parse_placeholders(&sources);
    report.extend(reading);
    sources.extend(unread);
    if report.has_errors() {
        return Err(Failure::Input(Problems { report, sources }));
    }
    Ok(placeholders)
}
