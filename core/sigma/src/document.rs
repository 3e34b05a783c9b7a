//! The documents of a source: which are rules, and which of those can be used.

use std::sync::Arc;

use cordon_text::{Diagnostic, Node, Report, Severity, Source, Span};

use crate::{
    Header, Placeholders, Reference,
    correlation::{self, Correlation},
    filter::{self, Filter},
    legacy::Shared,
    reader::Reader,
    rule::{self, Rule},
};

/// What a source holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// Its detection rules that can be used, in the order written.
    pub rules: Vec<Rule>,
    /// Its correlations that can be used, in the order written.
    pub correlations: Vec<Correlation>,
    /// Its filters that can be used, in the order written; see [`crate::apply_filters`].
    pub filters: Vec<Filter>,
    /// How many documents are rules of any kind, refused ones included. One that is no YAML counts
    /// as one.
    pub documents: usize,
    /// How many of those were refused, each for at least one error in the report.
    pub refused: usize,
    /// What is known of rules and correlations that were refused.
    pub lost: Vec<Lost>,
    /// All that is wrong, and what is worth knowing.
    pub report: Report,
}

/// What is known of a rule that was refused, so that others which refer to it can say so, and so
/// that what it refers to is checked all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Name of its source.
    pub file: Arc<str>,
    /// Where its document stands in it.
    pub span: Span,
    /// Its id and its name, as far as it has them.
    pub names: Vec<Arc<str>>,
    /// The rules that it builds on, if it is a correlation.
    pub rules: Vec<Reference>,
}

impl Lost {
    /// What is known of a rule that could be read.
    pub fn of(header: &Header) -> Self {
        Self {
            file: Arc::clone(&header.file),
            span: header.span,
            names: header.id.iter().chain(&header.name).cloned().collect(),
            rules: Vec::new(),
        }
    }

    fn read(source: &Source, document: &Node) -> Self {
        let names = ["id", "name"].into_iter();
        let names = names.filter_map(|key| document.get(key)?.text());
        let listed = document.get("correlation").and_then(|c| c.get("rules"));
        let listed = listed.map_or(&[][..], |listed| {
            listed.sequence().unwrap_or(std::slice::from_ref(listed))
        });
        let reference = |node: &Node| {
            Some(Reference {
                to: Arc::from(node.text()?),
                span: node.span,
            })
        };
        Self {
            file: Arc::clone(&source.name),
            span: document.span,
            names: names.map(Arc::from).collect(),
            rules: listed.iter().filter_map(reference).collect(),
        }
    }
}

/// Reads every document of a source; placeholders have no values.
pub fn parse(source: &Source) -> Parsed {
    parse_with(source, &Placeholders::none())
}

/// Reads every document of a source.
pub fn parse_with(source: &Source, placeholders: &Placeholders) -> Parsed {
    let (documents, yaml) = cordon_text::parse(source);
    let mut reader = Reader {
        source,
        placeholders,
        report: Report::default(),
    };
    let mut parsed = Parsed::default();
    let mut shared = Shared::default();
    let goes_on = |code| matches!(code, "duplicate-key" | "yaml-merge");
    let lost = yaml.diagnostics.iter().filter(|d| !goes_on(d.code));
    let mut breaks = lost.map(|problem| problem.span.line).peekable();
    for document in documents {
        let written = document.span;
        while breaks.next_if(|line| *line < written.line).is_some() {
            parsed.lose(&mut shared);
        }
        let errors_before = reader.report.diagnostics.len();
        let Some(document) = shared.apply(&mut reader, document) else {
            let refused = reader.report.diagnostics.len() > errors_before;
            parsed.documents += usize::from(refused);
            parsed.refused += usize::from(refused);
            continue;
        };
        let broken = yaml.diagnostics.iter().find(|d| within(d.span, written));
        parsed.take(&mut reader, &document, broken);
    }
    breaks.for_each(|_| parsed.lose(&mut shared));
    parsed.report = yaml;
    parsed.report.extend(reader.report);
    parsed.report.sort();
    // What is shared by several documents is read with each of them, and told once.
    parsed.report.diagnostics.dedup();
    parsed
}

/// What a document may be.
enum Read {
    Rule(Box<Rule>),
    Correlation(Box<Correlation>),
    Filter(Box<Filter>),
}

impl Parsed {
    /// Counts a document that is no YAML; nothing can be said to repeat it.
    fn lose(&mut self, shared: &mut Shared) {
        self.documents += 1;
        self.refused += 1;
        shared.forget();
    }

    /// Reads one document and puts it where it belongs; a broken one is read for its problems only.
    fn take(&mut self, reader: &mut Reader<'_>, document: &Node, broken: Option<&Diagnostic>) {
        let has = |key| document.get(key).is_some();
        if !(has("detection") || has("correlation") || has("filter")) {
            let message = "not a rule: no `detection`, `correlation` or `filter`".to_owned();
            reader.note(document.span, "not-a-rule", message);
            return;
        }
        self.documents += 1;
        let before = reader.report.diagnostics.len();
        let read = if has("filter") {
            filter::read(reader, document).map(|f| Read::Filter(Box::new(f)))
        } else if has("correlation") {
            correlation::read(reader, document).map(|c| Read::Correlation(Box::new(c)))
        } else {
            rule::read(reader, document).map(|r| Read::Rule(Box::new(r)))
        };
        let fresh = reader.report.diagnostics.get(before..).unwrap_or_default();
        let failed = broken.is_some() || fresh.iter().any(|d| d.severity == Severity::Error);
        match read.filter(|_| !failed) {
            Some(Read::Rule(rule)) => self.rules.push(*rule),
            Some(Read::Correlation(correlation)) => self.correlations.push(*correlation),
            Some(Read::Filter(filter)) => self.filters.push(*filter),
            None => {
                assert!(
                    failed,
                    "a document is refused only for an error that was reported"
                );
                self.refused += 1;
                self.lost.push(Lost::read(reader.source, document));
            }
        }
    }
}

fn within(inner: Span, outer: Span) -> bool {
    let start = (outer.line, outer.column) <= (inner.line, inner.column);
    start && (inner.line, inner.column) <= (outer.end_line, outer.end_column)
}
