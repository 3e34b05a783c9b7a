//! The law of reading: whatever the text, every document is used or refused, and a refusal has a reason.

use cordon_sigma::{Placeholders, apply_filters, parse_placeholders, parse_with};
use cordon_text::{Severity, Source};
use proptest::{collection::vec, prelude::*, sample::select};

/// Texts that have one of everything.
const TEXTS: [&str; 4] = [
    "\
title: One
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
name: one
related: [{ id: 929a690e-bef0-4204-a928-ef5e620d6fcc, type: similar }]
date: 2025-04-19
tags: [attack.t1098]
logsource: { product: windows, category: process_creation }
detection:
  sel_a:
    Image|endswith: ['\\a.exe', '\\b?.exe']
    CommandLine|windash|contains|all: [' -x', 'y*z']
    Number|gte: 5
  sel_b:
    - f|re|i: '^a(b|c){2,3}$'
      g|cidr: 10.0.0.0/8
    - h|fieldref|endswith: i
    - word
  filter: { u|expand: '%Admins%', v: null, w|exists: true }
  condition: (1 of sel_* or all of them) and not filter
",
    "\
action: global
title: Shared
logsource: { service: security }
---
detection: { s: { f|wide|base64offset|contains: text }, condition: s }
---
action: repeat
detection: { s: { t|hour|gt: 3, '|all': [a, b] } }
---
action: reset
",
    "\
title: Two
correlation:
  type: value_count
  rules: [one, 929a690e-bef0-4204-a928-ef5e620d6fcc]
  aliases: { who: { one: User } }
  group-by: [who]
  timespan: 15m
  condition: { gte: 2, lt: 10, field: Image }
  generate: true
---
title: Three
correlation: { type: temporal, rules: [one], timespan: 1h, condition: one and not one }
",
    "\
title: F
logsource: { product: windows }
filter: { rules: [one], s: { u|startswith: adm_ }, t: [x, y], condition: not 1 of * }
---
placeholders: { Admins: [root, 'adm*'] }
",
];

/// Pieces that meet the grammar at its edges.
fn piece() -> impl Strategy<Value = String> {
    let pieces = vec![
        "",
        " ",
        "\n",
        "\n---\n",
        "\n  ",
        ":",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        "\"",
        "|",
        "|all",
        "|neq",
        "|re",
        "|cidr",
        "|base64",
        "|windash",
        "|expand",
        "*",
        "?",
        "\\",
        "%",
        "(",
        ")",
        " not ",
        " and ",
        " of ",
        "1 of ",
        "them",
        "null",
        "~",
        "<<",
        "&a ",
        "*a",
        "!!str ",
        "0",
        "-1",
        "1e999",
        "é",
        "\u{0}",
        "\u{2014}",
        "any",
        "filter: ",
        "rules",
        "action: repeat",
    ];
    prop_oneof![9 => select(pieces).prop_map(str::to_owned), 1 => any::<String>()]
}

/// A text with some stretches replaced.
fn mangled() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..12_usize, piece());
    (select(TEXTS.to_vec()), vec(change, 0..6)).prop_map(|(text, changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (place, length, piece) in changes {
            let start = place.index(chars.len() + 1);
            let end = (start + length).min(chars.len());
            chars.splice(start..end, piece.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn every_document_is_used_or_refused_with_a_reason(texts in vec(mangled(), 1..4)) {
        let mut placeholders = Placeholders::none();
        placeholders.set("Admins", vec!["root".to_owned()]);
        let (mut rules, mut filters, mut correlations) = (vec![], vec![], vec![]);
        for text in texts {
            let source = Source::new("r.yml", text.as_str());
            let parsed = parse_with(&source, &placeholders);
            let used = parsed.rules.len() + parsed.filters.len() + parsed.correlations.len();
            prop_assert_eq!(used + parsed.refused, parsed.documents, "{}", text);
            prop_assert!(parsed.refused == 0 || parsed.report.has_errors(), "{}", text);
            // A key said twice is wrong in documents that are no rules, too.
            let others = ["duplicate-key", "yaml-merge"];
            let mut errors = parsed.report.diagnostics.iter();
            let refusing = errors.any(|d| d.severity == Severity::Error && !others.contains(&d.code));
            prop_assert!(!refusing || parsed.refused > 0, "{}", text);
            let (_, report) = parse_placeholders(&[source]);
            prop_assert!(report.diagnostics.iter().all(|d| !d.message.is_empty()));
            rules.extend(parsed.rules);
            filters.extend(parsed.filters);
            correlations.extend(parsed.correlations);
        }
        let before = rules.len();
        let filtered = apply_filters(rules, &filters, &correlations);
        prop_assert_eq!(filtered.rules.len(), before);
        prop_assert_eq!(filtered.refused > 0, filtered.report.has_errors());
        for rule in &filtered.rules {
            let all = rule.filters.iter().all(|f| f.selections.end <= rule.selections.len());
            prop_assert!(all && !rule.conditions.is_empty());
        }
    }
}
