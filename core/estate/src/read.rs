//! Several texts to one estate.

use cordon_model::{Estate, EstateParts};
use cordon_text::{Diagnostic, Node, Report, Source, Span, parse};

use crate::{
    Pages,
    edge::Edges,
    header::{Header, Sections},
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
}

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
    let mut report = unread;
    let texts = texts(sources, &mut report);
    let mut header = Header::default();
    let mut names = Names::default();
    let mut sections = Vec::new();
    let mut whole = report
        .diagnostics
        .iter()
        .all(|problem| problem.code == "duplicate-key");
    for (source, documents) in &texts {
        for document in documents {
            let read = &mut Reader {
                source,
                report: &mut report,
            };
            let section = header.open(read, document);
            whole &= section.is_some_and(|section| section.complete);
            sections.extend(section);
        }
    }
    if !whole {
        names.mark_incomplete();
    }
    let parts = parts(&sections, names, pages, &mut report);
    let nowhere = Source::new("(no text)", "");
    let mut missing = Report::default();
    let stated = header.close(sources.first().unwrap_or(&nowhere), &mut missing);
    if whole {
        report.extend(missing);
    }
    report.sort();
    match stated {
        Some((name, currency)) if !report.has_errors() => {
            let estate = Estate::new(EstateParts {
                name,
                currency,
                ..parts
            });
            Ok(Read {
                estate,
                lints: report,
            })
        }
        Some(_) | None => Err(report),
    }
}

fn texts<'t>(sources: &'t [Source], report: &mut Report) -> Vec<(&'t Source, Vec<Node>)> {
    let mut texts = Vec::new();
    for source in sources {
        let (documents, problems) = parse(source);
        if documents.is_empty() && !problems.has_errors() {
            let message = "expected an estate, found an empty text".to_owned();
            let help = "begin it with `cordon: estate/v1`";
            report.push(Diagnostic::error(source, Span::START, "empty-text", message).help(help));
        }
        report.extend(problems);
        texts.push((source, documents));
    }
    texts
}

/// Reads every section of every text: first all that gives ids, then all that uses them.
fn parts<'t>(
    sections: &[Sections<'t>],
    mut names: Names<'t>,
    pages: &Pages,
    report: &mut Report,
) -> EstateParts {
    let (mut nodes, mut services) = (Nodes::default(), Services::default());
    let (mut edges, mut steps) = (Edges::new(pages), Steps::new(pages));
    for section in sections {
        let read = &mut Reader {
            source: section.source,
            report: &mut *report,
        };
        section
            .nodes
            .iter()
            .for_each(|at| nodes.read(read, &mut names, at));
        section
            .services
            .iter()
            .for_each(|at| services.declare(read, &mut names, at));
    }
    for section in sections {
        let read = &mut Reader {
            source: section.source,
            report: &mut *report,
        };
        section
            .edges
            .iter()
            .for_each(|at| edges.read(read, &mut names, at));
        section
            .services
            .iter()
            .for_each(|at| services.read(read, &mut names, at));
    }
    for section in sections {
        let read = &mut Reader {
            source: section.source,
            report: &mut *report,
        };
        section
            .steps
            .iter()
            .for_each(|at| steps.read(read, &mut names, &edges, at));
    }
    services.refuse_cycles(report);
    EstateParts {
        name: String::new(),
        currency: String::new(),
        nodes: nodes.finish(),
        edges: edges.finish(),
        services: services.finish(),
        steps: steps.finish(),
    }
}
