//! The catalogue of rules, two lines for each: what it is called, and what one looks it up by.

use cordon_report::json::v1::{CatalogueRule, LogSource};

use super::{Look, Tone, counted, plain, prose::middle};

/// Longest word for a level, which sets where titles begin.
const LEVEL_WIDTH: usize = "informational".len();

/// Two lines for each rule.
pub(crate) fn catalogue(rules: &[CatalogueRule], look: Look) -> String {
    rules.iter().map(|rule| one(rule, look)).collect()
}

fn one(rule: &CatalogueRule, look: Look) -> String {
    let level = rule.level.as_deref().unwrap_or("no level");
    let source = source(rule);
    let room = look.width.saturating_sub(LEVEL_WIDTH + 2);
    let first = plain(&middle(&format!("{} · {source}", rule.title), room));
    let title = plain(&rule.title);
    let painted = match first.strip_prefix(title.as_str()) {
        Some(rest) => format!("{}{rest}", look.paint(Tone::Heading, &title)),
        None => first,
    };
    let tone = match level {
        "critical" | "high" => Tone::Bad,
        _ => Tone::Plain,
    };
    let level = look.paint(tone, &format!("{level:<LEVEL_WIDTH$}"));
    let second = plain(&facts(rule, room));
    format!("{level}  {painted}\n{:LEVEL_WIDTH$}  {second}\n", "")
}

fn source(rule: &CatalogueRule) -> String {
    let Some(LogSource {
        product,
        service,
        category,
    }) = &rule.logsource
    else {
        return "correlation".to_owned();
    };
    let parts = [product, service, category].into_iter().flatten();
    parts.map(String::as_str).collect::<Vec<_>>().join("/")
}

/// What a rule is looked up by, as far as it fits; the id always whole, because it is copied.
fn facts(rule: &CatalogueRule, room: usize) -> String {
    let selections = usize::try_from(rule.selections).unwrap_or(usize::MAX);
    let size = match rule.builds_on.len() {
        0 => counted(selections, "selection"),
        rules => format!("over {}", counted(rules, "rule")),
    };
    let mut line = rule.id.clone();
    for fact in rule.status.iter().chain([&size]) {
        if line.chars().count() + " · ".chars().count() + fact.chars().count() <= room {
            line.push_str(" · ");
            line.push_str(fact);
        }
    }
    for (place, technique) in rule.techniques.iter().enumerate() {
        let joint = if place == 0 { " · " } else { " " };
        let more = usize::from(place + 1 < rule.techniques.len()) * 2;
        let wide = line.chars().count() + joint.chars().count() + technique.len() + more;
        if wide > room {
            line.push_str(if place == 0 { "" } else { " …" });
            break;
        }
        line.push_str(joint);
        line.push_str(technique);
    }
    line
}
