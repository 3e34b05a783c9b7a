//! Rules on records, the fast way and in full.

use std::sync::Arc;

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Event, LogKind};
use cordon_sigma::{Placeholders, apply_filters, parse_with};
use cordon_text::Source;
use serde_json::Value;

/// The rules of a text, its filters joined to them.
pub(crate) fn rules(text: &str, placeholders: &Placeholders) -> RuleSet {
    let parsed = parse_with(&Source::new("rule.yml", text), placeholders);
    assert_eq!(parsed.refused, 0, "{text}\n{:?}", parsed.report);
    let filtered = apply_filters(parsed.rules, &parsed.filters, &parsed.correlations);
    assert_eq!(filtered.refused, 0, "{text}\n{:?}", filtered.report);
    RuleSet::compile(filtered.rules, parsed.correlations).0
}

/// The titles of the rules that match a record of the product `p`.
pub(crate) fn titles(rules: &RuleSet, fields: Value) -> Vec<String> {
    let product = Some(Arc::from("p"));
    let kind = LogKind {
        product,
        ..LogKind::default()
    };
    let event = Event::of_fields(kind, fields);
    let fast = Screener::new(rules).screen(&event, &|_| Vec::new());
    let full = rules.screen_in_full(&event, &|_| Vec::new());
    assert_eq!(fast, full, "the fast way and the full evaluation differ");
    let found = fast.map(|found| found.rules).unwrap_or_default();
    let facts = found.iter().map(|(rule, _)| rules.facts(*rule));
    facts.map(|facts| facts.title.clone()).collect()
}

/// Checks a selection (YAML below `sel:`) against records and their verdicts.
pub(crate) fn check<const N: usize>(selection: &str, cases: [(Value, bool); N]) {
    let text = format!(
        "title: t\nlogsource: {{ product: p }}\ndetection:\n  sel:\n    {}\n  condition: sel\n",
        selection.replace('\n', "\n    ")
    );
    let rules = rules(&text, &Placeholders::none());
    for (fields, expect) in cases {
        let found = !titles(&rules, fields.clone()).is_empty();
        assert_eq!(found, expect, "{selection} on {fields}");
    }
}
