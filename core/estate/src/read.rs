//! Several texts to one estate.

use std::{collections::BTreeMap, io};

use cordon_model::{EdgeIx, Estate, EstateParts, NodeIx};
use cordon_text::{Diagnostic, Node, Report, Source, Span, parse};

use crate::{
    Pages,
    edge::Edges,
    header::{Header, Sections},
    lines::Lines,
    names::Names,
    node::Nodes,
    scalar::Reader,
    service::Services,
    step::Steps,
};

/// An estate, and what its author probably did not mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The estate.
    pub estate: Estate,
    /// Warnings only, by place.
    pub lints: Report,
    /// What edges stand on, where that is known.
    pub grounds: Grounds,
}

/// What edges stand on, such as the certificate template that a way to sign in as others goes by: an edge
/// ends when all of its grounds do. Edges that are not here stand by themselves, or on what nobody knows.
pub type Grounds = BTreeMap<EdgeIx, Vec<NodeIx>>;

/// Reads texts of the format `estate/v1`, YAML or JSON, that add up to one estate.
///
/// Every document states its format; the estate's name and currency are stated at least once, and
/// alike wherever they are. An id may be used in a text before or without the one that gives it. Where
/// a text cannot be read as a whole, what seems to be missing is not reported: it may be there.
///
/// # Errors
/// Everything that is wrong with the texts, warnings included, sorted by place.
pub fn read(sources: &[Source], pages: &Pages) -> Result<Read, Report> {
    read_beside(Report::default(), sources, pages)
}

/// Reads texts as [`read`] does, beside others of the same estate that cannot be had, such as a file
/// that is not text. What is wrong with those is in `unread`.
///
/// # Errors
/// As [`read`], with what is in `unread`; what may stand in an unread text is not missed.
pub fn read_beside(unread: Report, sources: &[Source], pages: &Pages) -> Result<Read, Report> {
    let mut reading = Reading::new(pages);
    reading.unread(unread);
    for source in sources {
        reading.text(source);
    }
    reading.finish()
}

/// An estate being read, text by text.
#[derive(Debug)]
pub struct Reading<'p> {
    pub(crate) parts: Parts<'p>,
    pub(crate) report: Report,
    header: Header,
    first: Option<Source>,
    /// No text was missed, in whole or at its top level.
    pub(crate) whole: bool,
}

/// What an estate is made of, as far as it was read.
#[derive(Debug)]
pub(crate) struct Parts<'p> {
    pub(crate) names: Names,
    pub(crate) nodes: Nodes,
    pub(crate) edges: Edges<'p>,
    pub(crate) services: Services,
    pub(crate) steps: Steps<'p>,
}

impl<'p> Reading<'p> {
    /// Nothing was read yet.
    pub fn new(pages: &'p Pages) -> Self {
        Self {
            parts: Parts {
                names: Names::default(),
                nodes: Nodes::default(),
                edges: Edges::new(pages),
                services: Services::default(),
                steps: Steps::new(pages),
            },
            report: Report::default(),
            header: Header::default(),
            first: None,
            whole: true,
        }
    }

    /// Notes what is wrong with a text that cannot be had.
    pub fn unread(&mut self, report: Report) {
        self.whole &= readable(&report);
        self.report.extend(report);
    }

    /// Reads one text, YAML or JSON.
    pub fn text(&mut self, source: &Source) {
        let file = self.begin(source);
        let (documents, mut problems) = parse(source);
        if documents.is_empty() && !problems.has_errors() {
            let message = "expected an estate, found an empty text".to_owned();
            let help = "begin it with `cordon: estate/v1`";
            problems.push(Diagnostic::error(source, Span::START, "empty-text", message).help(help));
        }
        self.unread(problems);
        for document in &documents {
            self.document(source, file, document);
        }
    }

    /// Reads one text of the form with one node, edge, service or step a line, of which no more than a
    /// line is held in memory. `docs/reference/estate.md` describes it.
    ///
    /// # Errors
    /// When the text cannot be read any further.
    pub fn lines(&mut self, name: &str, text: impl io::BufRead) -> io::Result<()> {
        let source = Source::new(name, "");
        let file = self.begin(&source);
        Lines::new(self, source.name, file).read(text)
    }

    fn begin(&mut self, source: &Source) -> u32 {
        self.first.get_or_insert_with(|| source.clone());
        self.parts.names.files.add(source.name.clone())
    }

    /// Reads a document with its head and its sections.
    pub(crate) fn document(&mut self, source: &Source, file: u32, document: &Node) {
        let read = &mut Reader {
            source,
            file,
            report: &mut self.report,
        };
        let sections = self.header.open(read, &self.parts.names, document);
        self.whole &= sections.is_some_and(|sections| sections.complete);
        if let Some(sections) = sections {
            self.parts.sections(read, sections);
        }
    }

    /// Puts the texts together.
    ///
    /// # Errors
    /// Everything that is wrong with the texts, warnings included, sorted by place.
    pub fn finish(self) -> Result<Read, Report> {
        let (mut parts, mut report) = (self.parts, self.report);
        if !self.whole {
            parts.names.mark_incomplete();
        }
        parts.close(&mut report);
        let mut missing = Report::default();
        let nowhere = || Source::new("(no text)", "");
        let first = self.first.unwrap_or_else(nowhere);
        let stated = self.header.close(&first, &mut missing);
        if self.whole {
            report.extend(missing);
        }
        report.sort();
        match stated {
            Some((name, currency)) if !report.has_errors() => {
                let (estate, grounds) = parts.finish(name, currency);
                Ok(Read {
                    estate,
                    lints: report,
                    grounds,
                })
            }
            Some(_) | None => Err(report),
        }
    }
}

/// Whether a text with these problems could be read as a whole.
fn readable(problems: &Report) -> bool {
    let mut problems = problems.diagnostics.iter();
    problems.all(|problem| problem.code == "duplicate-key")
}

impl Parts<'_> {
    fn sections<'t>(&mut self, read: &mut Reader<'t, '_>, sections: Sections<'t>) {
        let names = &mut self.names;
        for at in sections.nodes {
            self.nodes.read(read, names, at);
        }
        for at in sections.services {
            self.services.declare(read, names, at);
        }
        for at in sections.edges {
            self.edges.read(read, names, at);
        }
        for at in sections.services {
            self.services.read(read, names, at);
        }
        for at in sections.steps {
            self.steps.read(read, names, &self.edges, at);
        }
    }

    /// Tells what only all texts together can tell.
    fn close(&mut self, report: &mut Report) {
        self.names.close(report);
        self.services.resolve(&self.names);
        self.services.refuse_cycles(&self.names, report);
        self.steps.doubt_patterns(&self.names, &self.edges, report);
    }

    fn finish(self, name: String, currency: String) -> (Estate, Grounds) {
        let nodes = self.nodes.finish();
        let (edges, grounds) = self.edges.finish(&self.names);
        let services = self.services.finish();
        let steps = self.steps.finish(&self.names);
        drop(self.names);
        let estate = Estate::new(EstateParts {
            name,
            currency,
            nodes,
            edges,
            services,
            steps,
        });
        (estate, grounds)
    }
}
