//! What is read of a text, and where it breaks.

use super::parse;
use crate::{ScalarKind, Source};

fn codes(text: &str) -> Vec<(&'static str, u32, u32)> {
    let (_, report) = parse(&Source::new("t.yml", text));
    report
        .diagnostics
        .iter()
        .map(|d| (d.code, d.span.line, d.span.column))
        .collect()
}

#[test]
fn documents_keys_and_places_are_kept() {
    let (documents, report) = parse(&Source::new("t", "a: 1\nb: ['2', x]\n---\nc: ~\n"));
    assert!(report.diagnostics.is_empty());
    assert_eq!(documents.len(), 2);
    let b = documents[0].get("b").unwrap().sequence().unwrap();
    assert_eq!(b[0].scalar().unwrap().kind(), ScalarKind::String);
    assert_eq!((b[1].span.line, b[1].span.column), (2, 10));
    assert!(documents[1].get("c").unwrap().is_null());
}

#[test]
fn json_is_yaml() {
    let (documents, report) = parse(&Source::new("t", "{\"a\": {\"b\": [1, 2.50]}}"));
    assert!(report.diagnostics.is_empty());
    let b = documents[0]
        .get("a")
        .unwrap()
        .get("b")
        .unwrap()
        .sequence()
        .unwrap();
    assert_eq!(b[1].text(), Some("2.50"));
}

#[test]
fn json_may_write_a_character_as_two_escapes() {
    let (documents, report) = parse(&Source::new("t", r#"{"a": "x\ud83d\ude00y"}"#));
    assert!(report.diagnostics.is_empty(), "{report:?}");
    assert_eq!(documents[0].get("a").unwrap().text(), Some("x😀y"));
}

#[test]
fn a_value_tagged_as_text_is_text() {
    let (documents, report) = parse(&Source::new("t", "a: !!str 5\nb: !other 5\n"));
    assert!(report.diagnostics.is_empty(), "{report:?}");
    let kind = |key| documents[0].get(key).unwrap().scalar().unwrap().kind();
    assert_eq!(
        (kind("a"), kind("b")),
        (ScalarKind::String, ScalarKind::Integer)
    );
}

#[test]
fn a_merge_key_is_an_error_and_a_quoted_one_a_key() {
    assert_eq!(
        codes("a: &x { b: 1 }\nc: { <<: *x }\n"),
        [("yaml-merge", 2, 6)]
    );
    assert_eq!(codes("'<<': 1\n"), []);
}

#[test]
fn a_repeated_key_is_an_error_at_its_second_place() {
    assert_eq!(codes("a: 1\nb: 2\na: 3\n"), [("duplicate-key", 3, 1)]);
}

#[test]
fn a_broken_document_costs_no_other_and_is_told_where_it_breaks() {
    for end in ["\n", "\r\n"] {
        let told = [
            "b: [1, 2",
            "b: { x: 1",
            "b: 'x",
            "b: 1\n c: 2",
            "b: 1\n}\n",
            "b: *none\nc: 1",
            "? [a]\n: b\n",
            "b: \"\\q\"\n",
            "\t@\n",
        ]
        .map(|broken| {
            let text = format!(
                "a: 1\n--- \n{broken}\n---\nc: 1\n--- # a remark\nd: 1\n--- [\n---\ne: 1\n"
            );
            let text = text.replace('\n', end);
            let (documents, report) = parse(&Source::new("t", text.as_str()));
            let keys = documents
                .iter()
                .map(|d| d.mapping().unwrap()[0].0.text().unwrap());
            assert_eq!(keys.collect::<String>(), "acde", "{text:?} {report:#?}");
            let later = u32::try_from(broken.matches('\n').count()).unwrap();
            assert_eq!(documents[3].span.line, 10 + later, "{text:?}");
            let [first, second] = report.diagnostics.as_slice() else {
                panic!("{text:?} {report:#?}");
            };
            assert_eq!(
                (second.span.line, second.span.column),
                (8 + later, 5),
                "{text:?}"
            );
            (first.span.line, first.span.column)
        });
        let expect = [
            (3, 4),
            (3, 4),
            (3, 4),
            (4, 3),
            (4, 1),
            (3, 4),
            (3, 3),
            (3, 4),
            (3, 2),
        ];
        assert_eq!(told, expect, "{end:?}");
    }
}

#[test]
fn a_document_that_breaks_at_the_end_of_the_text_is_told_where_it_began() {
    assert_eq!(codes("a: 1\n---\nb: [1,\n"), [("yaml-syntax", 3, 4)]);
}

#[test]
fn aliases_expand_and_a_bomb_is_refused() {
    let (documents, _) = parse(&Source::new("t", "a: &x [1, 2]\nb: *x\n"));
    assert_eq!(documents[0].get("b").unwrap().sequence().unwrap().len(), 2);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..9 {
        let p = n - 1;
        let row = format!(
            "a{n}: &a{n} [*a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}]\n"
        );
        bomb.push_str(&row);
    }
    assert_eq!(codes(&bomb)[0].0, "yaml-too-large");
}

#[test]
fn nesting_has_a_limit() {
    let deep = "[".repeat(200);
    assert_eq!(codes(&deep)[0].0, "yaml-too-deep");
}

#[test]
fn what_ends_the_reading_says_what_to_do() {
    let bomb: String = std::iter::once("a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain(
            ("abcdefg".chars().zip("bcdefgh".chars())).map(|(from, to)| {
                let all = vec![format!("*{from}"); 10].join(", ");
                format!("{to}: &{to} [{all}]\n")
            }),
        )
        .collect();
    for (text, code, help) in [
        ("[".repeat(200), "yaml-too-deep", "brackets"),
        ("[".repeat(2000), "yaml-too-deep", "brackets"),
        ("- ".repeat(2000), "yaml-too-deep", "flatter"),
        (bomb, "yaml-too-large", "an alias of aliases"),
        ("a: &a [*a]\n".to_owned(), "yaml-alias", "anchor"),
        ("? [a]\n: b\n".to_owned(), "yaml-key", "a word and a colon"),
        ("a: [\n".to_owned(), "yaml-syntax", "indentation"),
    ] {
        let (_, report) = parse(&Source::new("t.yml", text.as_str()));
        let [problem] = report.diagnostics.as_slice() else {
            unreachable!("one problem ends the reading, found {report:?}");
        };
        assert_eq!(problem.code, code);
        let said = problem.help.as_deref().unwrap_or_default();
        assert!(said.contains(help), "{code}: {said}");
    }
}
