//! `cordon rules coverage`: which ATT&CK techniques rules see.

use std::{collections::BTreeSet, fs};

use cordon_report::json::navigator::{Layer, LayerTechnique, Metadatum, layer_document};
use cordon_sigma::Technique;

use crate::{
    Failure,
    attack::{Coverage, Covered, Version, coverage, read_list},
    console::Console,
    library::library,
    render,
    typed::{self, Format},
};

/// Prints the techniques, or the layer, and writes the layer where it is wanted.
///
/// # Errors
/// When a file cannot be read or written, or there is no rule.
pub(crate) fn run(asked: &typed::Coverage, console: &mut Console) -> Result<(), Failure> {
    let library = library(&asked.paths, &asked.reading)?.usable(console)?;
    let list = asked.techniques.as_deref().map(read_list).transpose()?;
    let version = Version::of_number(&asked.attack);
    let found = coverage(&library, version, list.as_ref());
    let layer = layer_document(&layer(&found, version));
    if let Some(out) = &asked.out {
        fs::write(out, &layer).map_err(|cause| Failure::write(out, cause))?;
    }
    match console.format {
        Format::Table => console.result(&render::coverage(&found, console.look))?,
        Format::Json | Format::Jsonl => console.json_text(&layer)?,
    }
    if list.is_none() && console.format == Format::Table {
        console.remark("tactics are those that the rules name; `--techniques` takes ATT&CK's own");
    }
    for remark in &found.remarks {
        console.remark(remark);
    }
    console.remark(&format!(
        "{} seen by {}; {} without a technique; ids of ATT&CK v{}",
        render::counted(found.techniques.len(), "technique"),
        render::counted(found.rules, "rule"),
        render::counted(found.without, "rule"),
        version.number()
    ));
    Ok(())
}

fn layer(found: &Coverage, version: Version) -> Layer {
    let covered = found.techniques.iter();
    let mut techniques: Vec<_> = covered
        .map(|(id, covered)| technique(*id, covered, found))
        .collect();
    let wholes: BTreeSet<Technique> = found
        .techniques
        .keys()
        .filter_map(|id| id.whole())
        .collect();
    let unnamed = wholes
        .into_iter()
        .filter(|whole| !found.techniques.contains_key(whole));
    techniques.extend(unnamed.map(|whole| LayerTechnique {
        technique_id: whole.to_string(),
        score: None,
        comment: String::new(),
        metadata: Vec::new(),
        show_subtechniques: true,
    }));
    techniques.sort_by(|a, b| a.technique_id.cmp(&b.technique_id));
    Layer::new(
        "Detection rules".to_owned(),
        format!(
            "How many of {} see each technique, by their tags",
            render::counted(found.rules, "rule")
        ),
        version.number().to_owned(),
        techniques,
    )
}

fn technique(id: Technique, covered: &Covered, found: &Coverage) -> LayerTechnique {
    let rule = |title: &String| Metadatum {
        name: "rule".to_owned(),
        value: title.clone(),
    };
    let written: Vec<_> = covered.written.iter().map(ToString::to_string).collect();
    let comment = if written.is_empty() {
        String::new()
    } else {
        format!("tagged as {}", written.join(", "))
    };
    LayerTechnique {
        technique_id: id.to_string(),
        score: u64::try_from(covered.rules.len()).ok(),
        comment,
        metadata: covered.rules.iter().map(rule).collect(),
        show_subtechniques: found
            .techniques
            .keys()
            .any(|other| other.whole() == Some(id)),
    }
}
