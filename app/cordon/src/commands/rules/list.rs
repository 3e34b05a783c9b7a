//! `cordon rules list`: the catalogue.

use cordon_report::json::v1::{CatalogueRule, LogSource, catalogue_document, catalogue_line};
use cordon_sigma::AttackTag;

use crate::{
    Failure,
    console::Console,
    library::{Entry, library},
    render,
    typed::{self, Format},
};

/// Prints what there is, the most serious first.
///
/// # Errors
/// When a file cannot be read, or there is no rule.
pub(crate) fn run(asked: &typed::List, console: &mut Console) -> Result<(), Failure> {
    let library = library(&asked.paths, &asked.reading)?.usable(console)?;
    let mut entries: Vec<_> = library.entries().filter(|e| is_wanted(*e, asked)).collect();
    entries.sort_by(|a, b| order(*a).cmp(&order(*b)));
    let rules: Vec<_> = entries.into_iter().map(record).collect();
    match console.format {
        Format::Table => console.result(&render::catalogue(&rules, console.look))?,
        Format::Json => console.json_text(&catalogue_document(&rules))?,
        Format::Jsonl => {
            for rule in &rules {
                console.json_text(&catalogue_line(rule))?;
            }
        }
    }
    console.remark(&render::counted(rules.len(), "rule"));
    Ok(())
}

/// The most serious first, then by title; file and line tell apart what shares a title.
fn order(entry: Entry<'_>) -> impl Ord + use<'_> {
    let header = entry.header();
    (
        std::cmp::Reverse(header.level),
        header.title.as_str(),
        &*header.file,
        header.span,
    )
}

fn is_wanted(entry: Entry<'_>, asked: &typed::List) -> bool {
    let header = entry.header();
    let level = header.level.map(cordon_sigma::Level::word);
    let product = match entry {
        Entry::Rule(rule) => rule.log_source.product.as_deref(),
        Entry::Correlation(_) => None,
    };
    let continues = |tag: &str, wanted: &str| {
        let rest = tag.strip_prefix(wanted);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let by_level = asked.level.is_empty() || asked.level.iter().any(|l| level == Some(l.word()));
    let by_tag = asked.tag.as_ref().is_none_or(|wanted| {
        let wanted = wanted.to_lowercase();
        header.tags.iter().any(|tag| continues(tag, &wanted))
    });
    let by_product = asked
        .product
        .as_ref()
        .is_none_or(|wanted| product.is_some_and(|product| product.eq_ignore_ascii_case(wanted)));
    let by_text = asked.search.as_ref().is_none_or(|text| {
        let text = text.to_lowercase();
        let texts = [Some(header.title.as_str()), header.id.as_deref()];
        let more = [header.name.as_deref(), header.description.as_deref()];
        let mut all = texts.into_iter().chain(more).flatten();
        all.any(|all| all.to_lowercase().contains(&text))
    });
    by_level && by_tag && by_product && by_text
}

fn record(entry: Entry<'_>) -> CatalogueRule {
    let header = entry.header();
    let techniques = header
        .tags
        .iter()
        .filter_map(|tag| match AttackTag::read(tag) {
            Some(AttackTag::Technique(technique)) => Some(technique.to_string()),
            Some(AttackTag::Tactic(_) | AttackTag::Other | AttackTag::Malformed) | None => None,
        });
    let text = |part: &Option<std::sync::Arc<str>>| part.as_deref().map(str::to_owned);
    let (kind, logsource, selections, builds_on) = match entry {
        Entry::Rule(rule) => {
            let logsource = LogSource {
                product: text(&rule.log_source.product),
                service: text(&rule.log_source.service),
                category: text(&rule.log_source.category),
            };
            ("rule", Some(logsource), rule.selections.len(), Vec::new())
        }
        Entry::Correlation(correlation) => {
            let builds_on = correlation.rules.iter().map(|r| r.to.to_string());
            ("correlation", None, 0, builds_on.collect())
        }
    };
    CatalogueRule {
        kind: kind.to_owned(),
        id: entry.id().to_owned(),
        title: header.title.clone(),
        level: header.level.map(|level| level.word().to_owned()),
        status: header.status.map(|status| status.word().to_owned()),
        logsource,
        techniques: techniques.collect(),
        tags: header.tags.iter().map(ToString::to_string).collect(),
        selections: u64::try_from(selections).unwrap_or(u64::MAX),
        builds_on,
        file: header.file.to_string(),
        line: header.span.line,
    }
}
