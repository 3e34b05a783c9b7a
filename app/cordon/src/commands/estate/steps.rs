//! `cordon estate steps`: what can be switched off, made from an estate.
//!
//! The estate with its steps goes to a file or to standard output, and what was made is told beside it.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use cordon_estate::{
    Asked, Made, Pages, Prices, StepPage, Useless, make, write_estate, write_head, write_steps,
};
use cordon_model::Estate;
use serde_json::{Value, json};

use super::{import::to_file, show::by_kind};
use crate::{
    Failure,
    console::Console,
    content,
    estate::with_grounds,
    failure::Problems,
    render, texts,
    typed::{Format, MakeSteps},
};

/// Makes the steps and writes them.
///
/// # Errors
/// When a file cannot be read or written, or the estate, the price list or a kind is wrong.
pub(crate) fn run(asked: &MakeSteps, console: &mut Console) -> Result<(), Failure> {
    let pages = content::pages();
    let progress = console.progress("reading the estate");
    let (estate, grounds) = with_grounds(&asked.files.all(), console)?;
    drop(progress);
    let progress = console.progress("making steps");
    let known = (&estate, &grounds);
    let made = make(known, &pages, question(asked, &estate, &pages)?);
    drop(progress);
    let write = |out: &mut dyn Write| -> io::Result<()> {
        let out = &mut { out };
        if asked.only_made {
            write_head(&estate, out)?;
        } else {
            write_estate(known, &pages, out)?;
        }
        write_steps(&estate, &made.steps, &pages, out)
    };
    match &asked.out {
        Some(path) => to_file(path, |out| write(out))?,
        None if asked.preview => {}
        None => {
            let mut text = Vec::new();
            let written = write(&mut text);
            written.map_err(|cause| Failure::output(Path::new("standard output"), cause))?;
            console.result(&String::from_utf8_lossy(&text))?;
            let look = render::Look::of_stream(false, false);
            let told = render::made(&made, (&estate, &pages), look);
            console.remark(told.trim_end());
            return Ok(());
        }
    }
    match console.format {
        Format::Table => console.result(&render::made(&made, (&estate, &pages), console.look)),
        Format::Json | Format::Jsonl => {
            console.json_text(&format!("{:#}\n", document(&made, &estate, &pages)))
        }
    }
}

/// What is asked for, with the price list read.
fn question(asked: &MakeSteps, estate: &Estate, pages: &Pages) -> Result<Asked, Failure> {
    for kind in &asked.kinds {
        if !pages.step(kind).is_some_and(StepPage::is_made) {
            let message = format!("no steps of the kind `{kind}` are made from an estate");
            let made = pages.steps().filter(|page| page.is_made());
            let made: Vec<&str> = made.map(|page| page.kind.as_str()).collect();
            let help = format!("these are: {}", made.join(", "));
            return Err(Failure::Input(Problems::of_arguments(
                "--kinds", &message, &help,
            )));
        }
    }
    let prices = match &asked.prices {
        Some(path) => price_list(path, estate, pages)?,
        None => Prices::default(),
    };
    let kinds = asked.kinds.iter().cloned();
    Ok(Asked {
        kinds: (!asked.kinds.is_empty()).then(|| kinds.collect()),
        prices,
        useless: if asked.all {
            Useless::Keep
        } else {
            Useless::LeaveOut
        },
        steps_max: asked.limit,
    })
}

fn price_list(path: &Path, estate: &Estate, pages: &Pages) -> Result<Prices, Failure> {
    let texts = texts::files(&[path.to_owned()])?;
    let Some(source) = texts.sources.first() else {
        return Err(Failure::Input(Problems {
            report: texts.report,
            sources: texts.unread,
        }));
    };
    Prices::parse(source, estate, pages).map_err(|report| {
        let sources = texts.sources.clone();
        Failure::Input(Problems { report, sources })
    })
}

fn document(made: &Made, estate: &Estate, pages: &Pages) -> Value {
    let left_out = made.left_out.iter().map(|(left, note)| {
        json!({
            "kind": left.kind,
            "code": left.code,
            "message": left.why,
            "count": note.count,
            "example": note.example,
        })
    });
    let by_hand = pages
        .steps()
        .filter_map(|page| Some((page.kind.to_string(), page.by_hand.clone()?)));
    json!({
        "format": "cordon/estate-steps/v1",
        "written": estate.steps().len(),
        "made": made.steps.len(),
        "made_by_kind": by_kind(made.steps.iter().map(|step| step.kind.as_str())),
        "left_out": left_out.collect::<Vec<_>>(),
        "unclosed_by_kind": made.unclosed,
        "by_hand": by_hand.collect::<BTreeMap<_, _>>(),
    })
}
