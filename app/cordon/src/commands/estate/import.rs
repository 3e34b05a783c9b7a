//! `cordon estate import`: inventories of other tools to an estate.
//!
//! The estate goes to a file or to standard output, and what it came to is told beside it. Where somebody
//! must say first which side of a pair needs the other, three pairs are shown and the answer is no.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, BufRead, BufWriter, Write as _},
    path::Path,
};

use cordon_estate::{
    Direction, Import, ImportError, Imported, Kinds, Options, Undirected, Unknown,
};
use cordon_source::{Member, list};
use cordon_text::{Diagnostic, Source, Span};
use serde_json::{Value, json};

use crate::{
    Failure,
    console::Console,
    content,
    failure::Problems,
    reading::remark_skipped,
    render,
    typed::{self, Format, Side},
};

/// Reads the inventories and writes the estate.
///
/// # Errors
/// When a file cannot be read or written, an inventory or a part of it is broken, or a side must be said first.
pub(crate) fn run(asked: &typed::ImportEstate, console: &mut Console) -> Result<(), Failure> {
    let pages = content::pages();
    let mut import = Import::new(&pages);
    let listing = list(&asked.paths).map_err(|why| Failure::World(Box::new(why)))?;
    remark_skipped(&listing, console);
    let mut problems = Problems::default();
    let progress = console.progress("reading inventories");
    for member in &listing.members {
        read(member, &mut import, &mut problems)?;
    }
    if let Some(failed) = listing.failed.into_iter().next() {
        return Err(Failure::World(Box::new(failed)));
    }
    drop(progress);
    if problems.report.has_errors() {
        return Err(Failure::Input(problems));
    }
    let options = Options {
        name: asked.name.clone(),
        currency: asked.currency.clone(),
        direction: asked
            .needs
            .iter()
            .find(|needs| needs.relation.is_none())
            .map(|needs| direction(needs.side)),
        by_relation: asked
            .needs
            .iter()
            .filter_map(|needs| Some((needs.relation.clone()?, direction(needs.side))))
            .collect(),
        unknown: if asked.without_unknown {
            Unknown::LeaveOut
        } else {
            Unknown::Mark
        },
    };
    let progress = console.progress("deriving edges");
    let imported = import.finish(&options);
    drop(progress);
    match imported {
        Ok(imported) => {
            tell(asked, &imported, console)?;
            unread(asked, &imported, console)
        }
        Err(undirected) => Err(ask(&undirected, console)?),
    }
}

/// Fails if something could not be read, or has a key that nobody who reads the estate takes. Where the result is for programs, people are told beside it.
fn unread(
    asked: &typed::ImportEstate,
    imported: &Imported,
    console: &Console,
) -> Result<(), Failure> {
    let notes = imported.notes.iter();
    let unread: Vec<_> = notes
        .filter(|((code, _), _)| matches!(*code, "unreadable" | "unknown-key"))
        .collect();
    if unread.is_empty() {
        return Ok(());
    }
    if asked.out.is_some() && console.format != Format::Table {
        for ((_, what), note) in unread {
            let told = format!("{} {what}, such as {}", note.count, note.example);
            console.remark(&format!("{told}; `notes` of the result lists them"));
        }
    }
    Err(Failure::InputTold)
}

fn direction(side: Side) -> Direction {
    match side {
        Side::ParentNeedsChild => Direction::ParentNeedsChild,
        Side::ChildNeedsParent => Direction::ChildNeedsParent,
        Side::Neither => Direction::Neither,
    }
}

/// Reads one file or member of an archive. What is wrong with its text is told with all else.
fn read(member: &Member, import: &mut Import<'_>, problems: &mut Problems) -> Result<(), Failure> {
    let wrong = RefCell::new(None);
    let mut take = |name: &str, mut input: &mut dyn BufRead| -> io::Result<()> {
        match import.read(name, &mut input) {
            Ok(()) => Ok(()),
            Err(ImportError::Read { source, .. }) => Err(source),
            Err(other) => {
                *wrong.borrow_mut() = Some((name.to_owned(), other));
                Ok(())
            }
        }
    };
    let read = member.bytes(&mut take, &|_| {});
    read.map_err(|why| Failure::World(Box::new(why)))?;
    if let Some((name, why)) = wrong.into_inner() {
        let source = Source::new(name, "");
        let cause = std::error::Error::source(&why).map(|cause| format!(": {cause}"));
        let message = format!("{why}{}", cause.unwrap_or_default());
        let problem = Diagnostic::error(&source, Span::START, "no-inventory", message);
        let help = "leave it out, or export it again; `docs/guides/import-an-inventory.md` shows each form";
        problems.report.push(problem.help(help));
    }
    Ok(())
}

fn tell(
    asked: &typed::ImportEstate,
    imported: &Imported,
    console: &mut Console,
) -> Result<(), Failure> {
    if let Some(path) = &asked.opengraph {
        to_file(path, |out| imported.write_opengraph(out))?;
    }
    match &asked.out {
        None => {
            console.written(|mut out| imported.write(&mut out))?;
            console
                .remark(render::import(imported, render::Look::of_stream(false, false)).trim_end());
            Ok(())
        }
        Some(path) => {
            to_file(path, |out| imported.write(out))?;
            match console.format {
                Format::Table => console.result(&render::import(imported, console.look)),
                Format::Json | Format::Jsonl => {
                    console.json_text(&format!("{:#}\n", document(imported)))
                }
            }
        }
    }
}

/// Writes a file.
///
/// # Errors
/// When it cannot be written.
pub(super) fn to_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Failure> {
    let failed = |cause| Failure::write(path, cause);
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    write(&mut out).and_then(|()| out.flush()).map_err(failed)
}

fn document(imported: &Imported) -> Value {
    let sum = |kinds: &Kinds| kinds.values().sum::<u64>();
    let notes = imported.notes.iter().map(|((code, what), note)| {
        let mut told =
            json!({"code": code, "message": what, "count": note.count, "example": note.example});
        if let Some(told) = told.as_object_mut().filter(|_| !note.places.is_empty()) {
            told.insert("places".to_owned(), json!(note.places));
        }
        told
    });
    json!({
        "format": "cordon/estate-import/v1",
        "nodes": sum(&imported.nodes_by_kind),
        "edges": sum(&imported.edges_by_kind),
        "services": imported.services(),
        "steps": imported.steps(),
        "nodes_by_kind": imported.nodes_by_kind,
        "edges_by_kind": imported.edges_by_kind,
        "derived_by_kind": imported.derived_by_kind,
        "unknown_by_kind": imported.unknown_by_kind,
        "left_aside_by_name": imported.silent,
        "notes": notes.collect::<Vec<_>>(),
    })
}

/// Shows pairs that somebody knows by heart, read both ways. A type that no table has is refused before: what was meant
/// of it would be taken for nothing.
fn ask(undirected: &Undirected, console: &mut Console) -> Result<Failure, Failure> {
    let mut problems = Problems::default();
    for (said, meant) in &undirected.unknown {
        let message = format!("no table has a relation of type `{said}`");
        let other = || "write the type as the table has it, or leave it out".to_owned();
        let help = meant
            .as_ref()
            .map_or_else(other, |meant| format!("did you mean `{meant}`?"));
        let problem = Problems::of_arguments("--needs", &message, &help);
        problems.report.extend(problem.report);
    }
    if problems.report.has_errors() {
        return Ok(Failure::Input(problems));
    }
    match console.format {
        Format::Table => console.result(&render::pairs(undirected, console.look))?,
        Format::Json | Format::Jsonl => {
            let pairs = undirected.examples.iter().map(
                |pair| json!({"parent": pair.parent, "child": pair.child, "type": pair.relation}),
            );
            let document = json!({
                "format": "cordon/estate-pairs/v1",
                "count": undirected.count,
                "pairs": pairs.collect::<Vec<_>>(),
                "say": ["--needs parent-needs-child", "--needs child-needs-parent", "--needs neither", "--needs TYPE=SIDE"],
            });
            console.json_text(&format!("{document:#}\n"))?;
        }
    }
    let why = "say with --needs which side of a pair needs the other";
    Ok(Failure::No(why.to_owned()))
}
