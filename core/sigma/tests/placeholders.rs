//! Placeholders: the file that gives them values, and what becomes of rules with and without one.

mod said;

use cordon_sigma::{Parsed, Placeholders, parse_placeholders, parse_with};
use cordon_text::{Report, Source};
use said::said;

fn file(text: &str) -> (Placeholders, Report) {
    parse_placeholders(&[Source::new("p.yml", text)])
}

/// A rule that looks for this value of `f` under these modifiers.
fn rule(item: &str, placeholders: &Placeholders) -> Parsed {
    let text = format!(
        "title: t\nlogsource: {{ product: p }}\ndetection: {{ a: {{ {item} }}, condition: a }}\n"
    );
    parse_with(&Source::new("r.yml", text), placeholders)
}

#[test]
fn a_placeholder_without_a_value_refuses_the_rule_and_says_what_to_do() {
    let (known, _) = file("placeholders: { Administrators: [root] }\n");
    for (value, help) in [
        ("%Workstations%", "placeholders: { Workstations: [value] }"),
        ("%administrators%", "did you mean `%Administrators%`"),
        ("%Administrator%", "did you mean `%Administrators%`"),
    ] {
        let parsed = rule(&format!("f|expand: '{value}'"), &known);
        assert_eq!(
            said(&parsed.report),
            ["3:29 placeholder-unresolved"],
            "{value}"
        );
        assert_eq!(parsed.refused, 1);
        let told = parsed.report.diagnostics[0]
            .help
            .clone()
            .unwrap_or_default();
        assert!(told.contains(help), "{told}");
    }
}

#[test]
fn placeholders_have_the_values_of_their_file() {
    let (known, report) = file(
        "\
placeholders:
  Administrators: [root, 'adm*', 7]
  '%Servers%': srv1
",
    );
    assert_eq!(said(&report), Vec::<String>::new());
    for (item, tests) in [
        ("f|expand: '%Administrators%'", 3),
        ("f|contains|expand: 'to %Servers% as %Administrators%'", 3),
        ("f|re|expand: '^%Servers%$'", 1),
        (
            "f|expand|wide|base64offset|contains: '%Administrators%x'",
            0,
        ),
        ("f|expand: [plain, '%Servers%']", 1),
    ] {
        let parsed = rule(item, &known);
        let refused = usize::from(tests == 0);
        assert_eq!(parsed.refused, refused, "{item} {:?}", parsed.report);
    }
    let parsed = rule("f|expand: '50% Servers'", &known);
    assert_eq!(said(&parsed.report), ["3:29 placeholder-missing"]);
    assert_eq!(parsed.refused, 0);
}

#[test]
fn a_file_of_placeholders_tells_all_that_is_wrong_with_it() {
    for (text, expect) in [
        ("", vec!["1:1 missing-key"]),
        ("other: 1\n", vec!["1:1 unknown-key", "1:1 missing-key"]),
        ("- a\n", vec!["1:1 wrong-type"]),
        ("placeholders: [a]\n", vec!["1:15 wrong-type"]),
        (
            "placeholders:\n  a: []\n  b:\n  c: { x: y }\n  'd e': f\n  a: [g]\n",
            vec![
                "2:6 placeholder-empty",
                "3:4 placeholder-empty",
                "4:6 wrong-type",
                "5:3 placeholder-name",
                "6:3 duplicate-key",
                "6:3 duplicate-key",
            ],
        ),
        (
            "placeholders: { a: 1 }\n---\nplaceholders: { a: 2 }\n",
            vec!["3:17 duplicate-key"],
        ),
    ] {
        assert_eq!(said(&file(text).1), expect, "{text}");
    }
}
