//! `cordon reach`: what can be taken from what is held, by which path, how soon.

use cordon_reach::{Removal, reach};
use cordon_report::json::v1::reach_document;

use crate::{
    Failure,
    console::Console,
    estate::estate,
    footholds::{footholds, nodes, outside},
    render,
    typed::{self, Format},
};

/// Prints every node that can be taken, or how those asked for can.
///
/// # Errors
/// When the input is wrong or the world fails.
pub(crate) fn run(asked: &typed::Reach, console: &mut Console) -> Result<(), Failure> {
    let estate = estate(&asked.estate.estate, console)?;
    let held = footholds(&asked.footholds.foothold, &estate)?;
    let outside = outside(&asked.footholds.outside_estate, &estate)?;
    let targets = nodes("--to", &asked.to, &estate)?;
    let footholds: Vec<_> = held.iter().map(|foothold| foothold.node).collect();
    let reached = reach(&estate, &footholds, &Removal::none(&estate));
    match console.format {
        Format::Table if targets.is_empty() => {
            console.result(&render::reach(&estate, &reached, &held, console.look))
        }
        Format::Table => console.result(&render::explained(
            &estate,
            &reached,
            &targets,
            console.look,
        )),
        Format::Json | Format::Jsonl => console.json_text(&reach_document(
            &estate, &held, &outside, &reached, &targets,
        )),
    }
}
