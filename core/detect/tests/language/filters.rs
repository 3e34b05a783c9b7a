//! What filters take away.

use cordon_sigma::Placeholders;
use serde_json::{Value, json};

use crate::trial::{rules, titles};

const RULES: &str = "\
title: One
name: one
logsource: { product: p }
detection:
  selection_a: { f: 1 }
  selection_b: { f: 2 }
  condition: 1 of selection_*
---
title: Two
name: two
logsource: { product: p, category: other }
detection: { sel: { f: 1 }, condition: sel }
---
title: Either
name: either
logsource: { product: p }
detection: { a: { f: 1 }, b: { f: 3 }, condition: [a, b] }
";

/// Checks which rules match after filters with these parts.
fn check<const N: usize>(filters: &[&str], cases: [(Value, &[&str]); N]) {
    let mut text = RULES.to_owned();
    for parts in filters {
        text.push_str("---\ntitle: F\nlogsource: { product: p }\nfilter:\n  ");
        text.push_str(&parts.replace('\n', "\n  "));
        text.push('\n');
    }
    let rules = rules(&text, &Placeholders::none());
    for (fields, expect) in cases {
        assert_eq!(
            titles(&rules, fields.clone()),
            expect,
            "{filters:?} on {fields}"
        );
    }
}

#[test]
fn an_exception_leaves_out_what_it_names_and_nothing_else() {
    check(
        &["rules: any\nselection: { user|startswith: adm_ }\ncondition: not selection"],
        [
            (json!({"f": 1, "user": "adm_x"}), &[]),
            (json!({"f": 1, "user": "eve"}), &["One", "Either"]),
            (json!({"f": 1}), &["One", "Either"]),
            (json!({"f": 3, "user": "ADM_x"}), &[]),
            (json!({"f": 4}), &[]),
        ],
    );
}

#[test]
fn the_positive_form_keeps_only_what_it_names() {
    check(
        &["rules: any\nselection: { user|startswith: adm_ }\ncondition: selection"],
        [
            (json!({"f": 1, "user": "adm_x"}), &["One", "Either"]),
            (json!({"f": 1, "user": "eve"}), &[]),
        ],
    );
}

#[test]
fn a_filter_reaches_only_the_rules_it_names() {
    check(
        &["rules: [one]\nselection: { user: x }\ncondition: not selection"],
        [
            (json!({"f": 1, "user": "x"}), &["Either"]),
            (json!({"f": 1, "user": "y"}), &["One", "Either"]),
        ],
    );
}

#[test]
fn patterns_of_a_filter_mean_its_own_selections_and_those_of_a_rule_the_rules() {
    check(
        &[
            "rules: [one]\nselection_x: { user: x }\nselection_y: { user: y }\n\
           condition: not 1 of selection_*",
        ],
        [
            (json!({"f": 1, "user": "x"}), &["Either"]),
            (json!({"f": 2, "user": "z"}), &["One"]),
            // Were they mixed up, a filter's selection alone would make the rule match.
            (json!({"f": 4, "user": "z"}), &[]),
        ],
    );
    check(
        &["rules: any\nselection_a: { user: x }\ncondition: not 1 of them"],
        [
            (json!({"f": 1, "user": "x"}), &[]),
            (json!({"f": 1, "user": "y"}), &["One", "Either"]),
        ],
    );
}

#[test]
fn several_filters_on_one_rule_all_count() {
    check(
        &[
            "rules: [one]\ns: { user: x }\ncondition: not s",
            "rules: [one]\ns: { user: y }\ncondition: not s",
        ],
        [
            (json!({"f": 1, "user": "x"}), &["Either"]),
            (json!({"f": 1, "user": "y"}), &["Either"]),
            (json!({"f": 1, "user": "z"}), &["One", "Either"]),
        ],
    );
}
