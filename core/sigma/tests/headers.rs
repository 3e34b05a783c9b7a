//! What rules say about themselves: every key of the specification, and what is wrong with it.

mod said;

use cordon_sigma::{Level, Parsed, Relation, Status, parse};
use cordon_text::Source;
use said::said;

/// A rule with these lines, which begin on line 3.
fn read(lines: &str) -> Parsed {
    let text = format!(
        "logsource: {{ product: p }}\ndetection: {{ a: {{ f: 1 }}, condition: a }}\n{lines}"
    );
    parse(&Source::new("r.yml", text))
}

/// Checks what these lines of a rule say, whether they refuse it, and how.
fn check(lines: &str, expect: &[&str], refused: usize) {
    let parsed = read(lines);
    assert_eq!(said(&parsed.report), expect, "{lines}");
    assert_eq!((parsed.documents, parsed.refused), (1, refused), "{lines}");
}

#[test]
fn every_key_of_the_specification_is_known_and_kept() {
    let parsed = read(
        "\
title: A title
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
related:
  - { id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9, type: derived }
name: a_name
taxonomy: sigma
status: test
description: What it is for
license: MIT
author: A. Author, B. Author
references: ['https://example.com/a']
date: 2025-04-19
modified: 2025-05-01
fields: [CommandLine, User]
falsepositives: [Unlikely]
level: high
tags: [attack.t1098, cve.2025-1, tlp.clear]
scope: [server]
regression_tests_path: tests/a
simulation: [{ type: atomic }]
",
    );
    assert_eq!(said(&parsed.report), Vec::<String>::new());
    let header = &parsed.rules[0].header;
    assert_eq!(header.title, "A title");
    assert_eq!(header.name.as_deref(), Some("a_name"));
    assert_eq!(header.related[0].relation, Relation::Derived);
    assert_eq!(header.status, Some(Status::Test));
    assert_eq!(header.level, Some(Level::High));
    assert_eq!(header.license.as_deref(), Some("MIT"));
    assert_eq!(header.author.as_deref(), Some("A. Author, B. Author"));
    let days = [header.date, header.modified].map(|day| day.map(|day| day.to_string()));
    assert_eq!(days[0].as_deref(), Some("2025-04-19"));
    assert_eq!(days[1].as_deref(), Some("2025-05-01"));
    assert_eq!(header.fields.len(), 2);
    assert_eq!((header.tags.len(), header.scope.len()), (3, 1));
    assert!(header.custom.is_empty());
}

#[test]
fn what_is_badly_spelled_is_linted_and_the_rule_still_used() {
    for (line, problem) in [
        ("id: 1", "4:5 malformed-id"),
        ("id: 929a690e-bef0-4204-a928", "4:5 malformed-id"),
        ("date: 2025/4/9", "4:7 malformed-date"),
        ("date: 19.04.2025", "4:7 malformed-date"),
        ("modified: 2025-02-30", "4:11 malformed-date"),
        ("tags: [T1098]", "4:8 malformed-tag"),
        ("tags: attack.t1098", "4:7 not-a-list"),
        ("references: https://example.com", "4:13 not-a-list"),
        ("status: new", "4:9 unknown-status"),
        (
            "related: [{ id: 929a690e-bef0-4204-a928-ef5e620d6fcc, type: cousin }]",
            "4:61 unknown-relation",
        ),
        ("reference: [a]", "4:1 misspelt-key"),
        ("falsepositive: [a]", "4:1 misspelt-key"),
        ("owner: us", "4:1 custom-attribute"),
    ] {
        check(&format!("title: t\n{line}\n"), &[problem], 0);
    }
    let long = format!("title: {}\n", "t".repeat(257));
    check(&long, &["3:8 long-title"], 0);
    check(&long.replacen('t', "", 0).replace("ttt", "tt"), &[], 0);
    check("title: t\nlevel: High\nstatus: TEST\n", &[], 0);
}

#[test]
fn wrong_types_refuse_the_rule() {
    for (line, problem) in [
        ("id: [a]", "4:5 wrong-type"),
        ("name: { a: b }", "4:7 wrong-type"),
        ("description: [a]", "4:14 wrong-type"),
        ("license: [a]", "4:10 wrong-type"),
        ("author: { a: b }", "4:9 wrong-type"),
        ("date: [2025]", "4:7 wrong-type"),
        ("references: [{ a: b }]", "4:14 wrong-type"),
        ("falsepositives: { a: b }", "4:17 wrong-type"),
        ("fields: [[a]]", "4:10 wrong-type"),
        ("related: x", "4:10 wrong-type"),
        ("related: [x]", "4:11 wrong-type"),
        ("scope: { a: b }", "4:8 wrong-type"),
        ("taxonomy: [a]", "4:11 wrong-type"),
        ("level: urgent", "4:8 unknown-level"),
    ] {
        check(&format!("title: t\n{line}\n"), &[problem], 1);
    }
    check("level: low\n", &["1:1 missing-key"], 1);
    let related = "title: t\nrelated: [{ id: 929a690e-bef0-4204-a928-ef5e620d6fcc }]\n";
    check(related, &["4:11 missing-key"], 1);
}

#[test]
fn a_foreign_taxonomy_is_refused_and_says_what_to_do() {
    let parsed = read("title: t\ntaxonomy: ecs\n");
    assert_eq!(said(&parsed.report), ["4:11 taxonomy-unsupported"]);
    assert_eq!(parsed.refused, 1);
    assert!(parsed.report.diagnostics[0].help.is_some());
}

#[test]
fn unknown_keys_are_kept_as_custom_attributes() {
    let parsed = read("title: t\nowner: us\nx-scores: [1, 2]\n");
    let header = &parsed.rules[0].header;
    let names: Vec<&str> = header.custom.keys().map(AsRef::as_ref).collect();
    assert_eq!(names, ["owner", "x-scores"]);
    assert_eq!(header.custom["owner"].text(), Some("us"));
}

#[test]
fn a_log_source_has_known_keys_and_says_something() {
    for (source, expect, refused) in [
        (
            "{ product: Windows, definition: needs auditing }",
            vec![],
            0,
        ),
        ("{ category: a.b-c_d }", vec![], 0),
        ("{ definition: x }", vec!["2:12 empty-logsource"], 1),
        ("{ product: p, channel: x }", vec!["2:26 unknown-key"], 1),
        (
            "{ product: [a, b] }",
            vec!["2:12 empty-logsource", "2:23 wrong-type"],
            1,
        ),
        (
            "{ product: p, definition: [x] }",
            vec!["2:38 wrong-type"],
            1,
        ),
        ("windows", vec!["2:12 wrong-type"], 1),
    ] {
        let text = format!(
            "title: t\nlogsource: {source}\ndetection: {{ a: {{ f: 1 }}, condition: a }}\n"
        );
        let parsed = parse(&Source::new("r.yml", text));
        assert_eq!(said(&parsed.report), expect, "{source}");
        assert_eq!(parsed.refused, refused, "{source}");
    }
}
