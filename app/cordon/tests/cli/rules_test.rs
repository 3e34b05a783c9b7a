//! `cordon rules test` as people and scripts meet it.

use std::path::Path;

use crate::running::{cordon, folder};

const RULE: &str = "title: Reset\nid: r-1\nlogsource: { product: windows, service: security }\n\
                    detection:\n  s: { EventID: 4724, 'Target Name|endswith': n }\n  condition: s\n";

const TESTS: &str = "match: true\nevent: { EventID: 4724, Target Name: ben }\n---\n\
                     match: true\nevent: { EventID: '4724', TargetName: bob }\n---\n\
                     match: false\nevent: { EventID: 4725, TargetName: ben }\n";

#[test]
fn test_documents_are_tried_whatever_the_log_and_told_one_a_line() {
    let dir = folder(&[("d/a.yml", RULE), ("d/a_test.yml", TESTS)]);
    let ran = cordon(dir.path(), &["rules", "test", "d", "--format", "jsonl"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "{\"rule\":\"r-1\",\"file\":\"d/a_test.yml\",\"n\":1,\"expected\":true,\"got\":true}\n\
         {\"rule\":\"r-1\",\"file\":\"d/a_test.yml\",\"n\":2,\"expected\":true,\"got\":false}\n\
         {\"rule\":\"r-1\",\"file\":\"d/a_test.yml\",\"n\":3,\"expected\":false,\"got\":false}\n"
    );
    for path in ["d/a.yml", "d/a_test.yml"] {
        let one = cordon(dir.path(), &["rules", "test", path, "--format", "jsonl"]);
        assert_eq!(one.stdout, ran.stdout, "{path}");
    }
}

#[test]
fn for_people_only_what_is_wrong_is_shown_with_its_reason() {
    let dir = folder(&[("a.yml", RULE), ("a_test.yml", TESTS)]);
    let ran = cordon(dir.path(), &["rules", "test", "a.yml"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (3, "1 example came out otherwise than expected\n")
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn rules_without_examples_are_counted_and_strictness_makes_them_a_no() {
    let fires = "{\"EventID\":4724,\"Channel\":\"Security\",\"Target Name\":\"ben\"}\n";
    let dir = folder(&[
        ("p/x/rule.yml", RULE),
        ("p/x/fires.ndjson", fires),
        (
            "p/x/silent.ndjson",
            "{\"EventID\":4725}\n\n{\"EventID\":1}\n",
        ),
        ("p/y.yml", &RULE.replace("r-1", "r-2")),
    ]);
    let ran = cordon(dir.path(), &["rules", "test", "p"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        ran.stdout,
        "2 rules, 1 without examples; 3 examples: 3 as expected, 0 not\n"
    );
    let strict = cordon(dir.path(), &["rules", "test", "p", "--strict"]);
    assert_eq!(
        (strict.code, strict.stderr.as_str()),
        (3, "1 rule without examples\n")
    );
}

#[test]
fn what_is_no_example_is_said_with_its_place() {
    let dir = folder(&[
        ("a.yml", RULE),
        (
            "a_test.yml",
            "match: perhaps\nevent: [1]\n---\nevent: { a: 1 }\n",
        ),
        ("b_test.yml", TESTS),
        ("c/rule.yml", RULE),
        ("c/fires.ndjson", "{\"a\":1}\n{\"a\"\n"),
    ]);
    let ran = cordon(dir.path(), &["rules", "test", "."]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    for words in [
        "a_test.yml:1:8",
        "a_test.yml:2:8",
        "needs the key `match`",
        "test-without-rule",
        "fires.ndjson:2:1",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}

#[test]
fn the_pack_that_ships_passes_its_own_examples_and_a_chain_finds_its_links_alone() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/rules");
    let ran = cordon(&content, &["rules", "test", ".", "--strict"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let chain = "chains/telephone-to-privileged-access";
    let ran = cordon(&content, &["rules", "test", chain, "--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
}

#[test]
fn what_makes_an_example_worthless_is_told() {
    let chain = "title: C\nname: c\ncorrelation: { type: event_count, rules: [a], timespan: 5m, condition: { gte: 2 } }\n---\n\
                 title: A\nname: a\nlogsource: { product: windows }\ndetection: { s: { EventID: 1 }, condition: s }\n";
    let timeless = "{\"EventID\":1,\"Channel\":\"x\"}\n{\"EventID\":1,\"Channel\":\"x\"}\n";
    let dir = folder(&[
        ("p/rule.yml", RULE),
        ("p/silent.ndjson", "garbage\n"),
        ("c/rule.yml", chain),
        ("c/fires.ndjson", timeless),
    ]);
    let plain = cordon(dir.path(), &["rules", "test", "p"]);
    assert_eq!(plain.code, 2, "{}", plain.stdout);
    assert!(
        plain.stderr.contains("silent.ndjson:1:1"),
        "{}",
        plain.stderr
    );
    let chain = cordon(dir.path(), &["rules", "test", "c"]);
    assert_eq!(chain.code, 3, "{}", chain.stderr);
    let words = "2 records without a readable time";
    assert!(chain.stdout.contains(words), "{}", chain.stdout);
}
