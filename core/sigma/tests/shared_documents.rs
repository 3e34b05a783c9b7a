//! Files with several documents, and the old `action: global`, `reset` and `repeat`.

mod said;

use cordon_sigma::{Parsed, parse};
use cordon_text::Source;
use said::said;

fn read(text: &str) -> Parsed {
    parse(&Source::new("r.yml", text))
}

/// The rules of a file as `title product/service/category`.
fn rules(parsed: &Parsed) -> Vec<String> {
    let part = |part: &Option<std::sync::Arc<str>>| part.as_deref().unwrap_or("-").to_owned();
    let rules = parsed.rules.iter();
    rules
        .map(|rule| {
            let source = &rule.log_source;
            let parts = [&source.product, &source.service, &source.category].map(part);
            format!("{} {}", rule.header.title, parts.join("/"))
        })
        .collect()
}

#[test]
fn what_is_global_lies_on_top_of_every_later_rule() {
    let parsed = read(
        "\
action: global
title: Shared
logsource: { product: windows }
detection: { condition: sel }
---
title: Not used
logsource: { service: system }
detection: { sel: { f: 1 } }
---
action: repeat
title: Own
logsource: { service: security }
---
action: reset
---
title: Alone
logsource: { product: linux }
detection: { other: { f: 2 }, condition: other }
",
    );
    let expect = [
        "Shared windows/system/-",
        "Own windows/security/-",
        "Alone linux/-/-",
    ];
    assert_eq!(rules(&parsed), expect, "{:?}", parsed.report);
    assert_eq!((parsed.documents, parsed.refused), (3, 0));
}

#[test]
fn another_global_replaces_the_one_before() {
    let parsed = read(
        "\
action: global
title: First
logsource: { product: windows }
---
action: global
logsource: { category: process_creation }
---
title: Own
detection: { sel: { f: 1 }, condition: sel }
",
    );
    assert_eq!(
        rules(&parsed),
        ["Own -/-/process_creation"],
        "{:?}",
        parsed.report
    );
}

#[test]
fn a_rule_may_repeat_what_is_global_alone() {
    let parsed = read(
        "\
action: global
title: Shared
logsource: { product: p }
detection: { sel: { f: 1 }, condition: sel }
---
action: repeat
title: Own
",
    );
    assert_eq!(rules(&parsed), ["Own p/-/-"], "{:?}", parsed.report);
}

#[test]
fn correlations_and_filters_take_no_part_in_what_is_shared() {
    let parsed = read(
        "\
action: global
logsource: { product: p }
---
title: Rule
name: rule
detection: { sel: { f: 1 }, condition: sel }
---
title: Correlation
correlation: { type: event_count, rules: [rule], timespan: 1m, condition: { gte: 2 } }
---
title: Filter
logsource: { service: s }
filter: { rules: any, sel: { g: 1 }, condition: not sel }
---
action: repeat
title: Again
name: again
",
    );
    assert_eq!(
        rules(&parsed),
        ["Rule p/-/-", "Again p/-/-"],
        "{:?}",
        parsed.report
    );
    assert_eq!((parsed.correlations.len(), parsed.filters.len()), (1, 1));
    assert_eq!(parsed.filters[0].log_source.product, None);
}

#[test]
fn what_an_action_cannot_do_is_said() {
    for (text, expect) in [
        ("action: shout\n", "1:9 unknown-action"),
        ("action: repeat\ntitle: t\n", "1:9 nothing-to-repeat"),
        ("action: reset\ntitle: t\n", "1:9 action-with-content"),
    ] {
        let parsed = read(text);
        assert_eq!(said(&parsed.report), [expect], "{text}");
        assert_eq!((parsed.documents, parsed.refused), (1, 1), "{text}");
    }
}

#[test]
fn a_problem_of_the_shared_part_is_told_once() {
    let parsed = read(
        "\
action: global
level: urgent
logsource: { product: p }
---
title: One
detection: { sel: { f: 1 }, condition: sel }
---
title: Two
detection: { sel: { f: 1 }, condition: sel }
",
    );
    assert_eq!(said(&parsed.report), ["2:8 unknown-level"]);
    assert_eq!((parsed.documents, parsed.refused), (2, 2));
}
