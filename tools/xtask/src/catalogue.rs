//! The catalogue of the built-in rules as a page: what there is, for which log, how serious.

use std::{collections::BTreeMap, fmt::Write as _};

use cordon_text::{Node, Source, parse};

use crate::{Fault, Repo};

const HEAD: &str = "\
<!-- Written by `cargo run -p xtask -- generate`. -->

# Built-in rules

`cordon rules list` prints the same from the binary, with ids. A rule that a correlation counts is told by itself only if every such correlation
or the rule itself says so ([how the levels are meant](../../content/rules/README.md)).
";

/// One rule or correlation.
struct Entry {
    level: String,
    title: String,
    log: String,
    techniques: String,
    file: String,
}

/// The page.
///
/// # Errors
/// When a rule cannot be read.
pub(crate) fn page(repo: &Repo) -> Result<String, Fault> {
    let mut domains: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for file in repo.files_ending("/rule.yml")? {
        let Some(inside) = file.strip_prefix("content/rules/") else {
            continue;
        };
        let domain = inside.split('/').next().unwrap_or_default().to_owned();
        let source = Source::new(file.as_str(), repo.text(&file)?);
        let entries = domains.entry(domain).or_default();
        entries.extend(parse(&source).0.iter().map(|rule| entry(rule, &file)));
    }
    let all = || domains.values().flatten();
    let correlations = all().filter(|entry| entry.log == CORRELATION).count();
    let rules = all().count() - correlations;
    let mut page = HEAD.to_owned();
    let _ = writeln!(page, "\n{rules} rules and {correlations} correlations.");
    for (domain, mut entries) in domains {
        entries.sort_by(|a, b| (rank(&a.level), &a.title).cmp(&(rank(&b.level), &b.title)));
        let _ = write!(
            page,
            "\n## {domain}\n\n| level | rule | log | ATT&CK |\n|---|---|---|---|\n"
        );
        for entry in entries {
            let _ = writeln!(
                page,
                "| {} | [{}](../../{}) | {} | {} |",
                entry.level, entry.title, entry.file, entry.log, entry.techniques
            );
        }
    }
    Ok(page)
}

const CORRELATION: &str = "correlation";

fn entry(rule: &Node, file: &str) -> Entry {
    let text = |node: Option<&Node>| node.and_then(Node::text).unwrap_or_default().to_owned();
    let log = rule.get("logsource").map(|log| {
        let parts = ["product", "service", "category"].map(|part| text(log.get(part)));
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("/")
    });
    let tags = rule.get("tags").and_then(Node::sequence);
    let techniques = tags.unwrap_or_default().iter().filter_map(|tag| {
        let id = tag.text()?.strip_prefix("attack.t")?;
        Some(format!("T{id}"))
    });
    Entry {
        level: text(rule.get("level")),
        title: text(rule.get("title")),
        log: log.unwrap_or_else(|| CORRELATION.to_owned()),
        techniques: techniques.collect::<Vec<_>>().join(", "),
        file: file.to_owned(),
    }
}

/// The most serious first.
fn rank(level: &str) -> usize {
    let levels = ["critical", "high", "medium", "low", "informational"];
    let known = levels.iter().position(|known| *known == level);
    known.unwrap_or(levels.len())
}
