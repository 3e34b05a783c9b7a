//! Techniques by tactic, with how many rules see each.

use std::collections::BTreeMap;

use super::{Look, Tone, counted, plain, prose::wrap};
use crate::attack::Coverage;

/// The tactics in the order in which an intrusion usually goes through them; others follow by name.
const ORDER: [&str; 16] = [
    "reconnaissance",
    "resource-development",
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "stealth",
    "stealth or defense-impairment",
    "defense-evasion",
    "defense-impairment",
    "credential-access",
    "discovery",
    "lateral-movement",
    "collection",
    "command-and-control",
    "exfiltration",
];

/// A paragraph for each tactic.
pub(crate) fn coverage(found: &Coverage, look: Look) -> String {
    let mut tactics: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
    for (id, covered) in &found.techniques {
        let named = covered
            .tactics
            .iter()
            .map(|(name, count)| (name.as_str(), *count));
        let mut named: BTreeMap<&str, usize> = named.collect();
        if named.is_empty() {
            named.insert("no tactic", covered.rules.len());
        }
        for (tactic, count) in named {
            let place = ORDER.iter().position(|known| *known == tactic);
            let key = (place.unwrap_or(ORDER.len()), tactic);
            let text = one(&id.to_string(), count, covered.name.as_deref());
            tactics.entry(key).or_default().push(text);
        }
    }
    let paragraph = |((_, tactic), techniques): (&(usize, &str), &Vec<String>)| {
        let heading = format!(
            "{} ({})",
            plain(tactic),
            counted(techniques.len(), "technique")
        );
        let width = look.width.saturating_sub(2);
        let body = body(techniques, width);
        format!("{}\n{body}", look.paint(Tone::Heading, &heading))
    };
    let paragraphs: Vec<_> = tactics.iter().map(paragraph).collect();
    paragraphs.join("\n")
}

/// The techniques side by side, or one a line where they have names.
fn body(techniques: &[String], width: usize) -> String {
    let named = techniques.iter().any(|text| text.contains('\u{a0}'));
    let flat = if named {
        techniques.join("\n")
    } else {
        wrap(&techniques.join(" "), width)
    };
    let lines = flat
        .lines()
        .map(|line| format!("  {}\n", plain(line).replace('\u{a0}', " ")));
    lines.collect()
}

/// A technique, how many rules see it, and its name; blanks within it do not break.
fn one(id: &str, count: usize, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{id:<9}\u{a0}{count:>4}\u{a0}{name}"),
        None => format!("{id}×{count}"),
    }
}
