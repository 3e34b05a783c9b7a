//! `cordon estate check`: everything that is wrong with an estate, and what it leaves open.

use std::path::PathBuf;

use cordon_estate::{Finding, findings};
use cordon_model::Estate;
use cordon_report::json::v1::DiagnosticLine;
use serde_json::{Value, json};

use crate::{Failure, console::Console, estate::checked, render, typed::Format};

/// Prints what is wrong, doubtful or missing. The problems are the result, so that they go to standard
/// output.
///
/// # Errors
/// When a file cannot be read or the estate is wrong.
pub(crate) fn run(files: &[PathBuf], console: &mut Console) -> Result<(), Failure> {
    let progress = console.progress("reading the estate");
    let (estate, problems) = checked(files)?;
    let open = estate.as_ref().map(findings).unwrap_or_default();
    drop(progress);
    match console.format {
        Format::Table => {
            let told = render::diagnostics(&problems, console.look);
            console.result(&told)?;
            console.result(&render::findings(&open, console.look))?;
            if let Some(estate) = &estate {
                console.result(&render::estate_line(estate))?;
            }
        }
        Format::Json | Format::Jsonl => {
            let lines = problems.report.diagnostics.iter().map(DiagnosticLine::of);
            let document = json!({
                "format": "cordon/estate-check/v1",
                "estate": estate.as_ref().map(Estate::name),
                "counts": estate.as_ref().map(counts),
                "diagnostics": lines.collect::<Vec<_>>(),
                "findings": open.iter().map(finding).collect::<Vec<_>>(),
            });
            console.json_text(&format!("{document:#}\n"))?;
        }
    }
    if estate.is_none() {
        return Err(Failure::InputTold);
    }
    Ok(())
}

/// How much of what an estate holds.
pub(super) fn counts(estate: &Estate) -> Value {
    let unknown = estate.edges().iter().filter(|e| e.unknown.is_some());
    json!({
        "nodes": estate.nodes().len(),
        "jewels": estate.jewels().count(),
        "edges": estate.edges().len(),
        "unknown_edges": unknown.count(),
        "services": estate.services().len(),
        "steps": estate.steps().len(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "count": finding.count,
        "examples": finding.examples,
        "message": finding.message,
        "help": finding.help,
    })
}
