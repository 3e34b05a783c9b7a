//! Rules come with their examples, and every kind that the examples speak of has its page.

use std::collections::BTreeSet;

use cordon_text::{Source, parse};

use crate::{Fault, Repo};

/// What must stand beside each rule.
const BESIDE_A_RULE: [&str; 2] = ["fires.ndjson", "silent.ndjson"];

/// Rules without records that they fire on, or stay silent on.
///
/// # Errors
/// When a file cannot be read.
pub fn rules_without_examples(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for file in repo.files_ending(".yml")? {
        let Some(folder) = file.strip_suffix("/rule.yml") else {
            if file.starts_with("content/rules/") {
                found.push(format!(
                    "{file}: a rule stands in `<domain>/<slug>/rule.yml`"
                ));
            }
            continue;
        };
        for name in BESIDE_A_RULE {
            let example = format!("{folder}/{name}");
            if repo.text(&example).map_or(0, |text| text.trim().len()) == 0 {
                found.push(format!("{example} is missing or empty"));
            }
        }
    }
    Ok(found)
}

/// Kinds of edges and steps that an example speaks of and that have no page.
///
/// # Errors
/// When a file cannot be read.
pub fn kinds_without_a_page(repo: &Repo) -> Result<Vec<String>, Fault> {
    let estates = repo.files_ending("/estate.yaml")?;
    let mut missing = BTreeSet::new();
    for file in estates.iter().filter(|file| file.starts_with("examples/")) {
        let source = Source::new(file.as_str(), repo.text(file)?);
        for (list, folder) in [("edges", "reach"), ("steps", "steps")] {
            for kind in kinds(&source, list) {
                let page = format!("content/{folder}/{kind}.yml");
                if !repo.path(&page).exists() {
                    missing.insert(format!("{file} uses `{kind}`, which has no page {page}"));
                }
            }
        }
    }
    Ok(missing.into_iter().collect())
}

/// The kinds named in one list of an estate.
fn kinds(source: &Source, list: &str) -> BTreeSet<String> {
    let (documents, _) = parse(source);
    let items = documents
        .iter()
        .filter_map(|document| document.get(list)?.sequence());
    let kind = |item: &cordon_text::Node| item.get("kind")?.text().map(str::to_owned);
    items.flatten().filter_map(kind).collect()
}
