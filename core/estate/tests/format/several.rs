//! Several texts add up.

use cordon_estate::read_beside;
use cordon_text::{Report, Source};
use insta::assert_snapshot;

use crate::{HEAD, pages, read_all, refused, told};

#[test]
fn a_text_may_use_what_another_gives_and_need_not_repeat_the_head() {
    let first = "cordon: estate/v1\ncurrency: GBP\nedges: [{from: a, to: b, kind: admin-to}]\nnodes: [{id: b, kind: host}]\n";
    let second = "cordon: estate/v1\nname: Northgate\nnodes: [{id: a, kind: host}]\n---\ncordon: estate/v1\nname: Northgate\nservices: [{id: s, needs: a}]\n";
    let read = read_all(&[("1.yaml", first), ("2.yaml", second)]).unwrap();
    let ids: Vec<_> = read
        .estate
        .nodes()
        .iter()
        .map(|node| node.id.as_str())
        .collect();
    assert_eq!(ids, ["b", "a"]);
    assert_eq!(
        (read.estate.edges().len(), read.estate.services().len()),
        (1, 1)
    );
}

#[test]
fn two_different_names_or_currencies_are_refused() {
    let second = "cordon: estate/v1\nname: Southgate\ncurrency: EUR\n";
    assert_snapshot!(refused(&[("1.yaml", HEAD), ("2.yaml", second)]), @r"
    2.yaml:2:7 error conflicting-header: the name of this estate is `Northgate` already, found `Southgate`
      it was stated at 1.yaml:2; texts that add up describe one estate
    2.yaml:3:11 error conflicting-header: the currency of this estate is `GBP` already, found `EUR`
      it was stated at 1.yaml:3; texts that add up describe one estate
    ");
}

#[test]
fn an_id_given_twice_is_refused_within_and_across_texts() {
    let first = format!(
        "{HEAD}nodes: [{{id: a, kind: host}}, {{id: a, kind: user}}]\nservices: [{{id: s, needs: a}}]\n"
    );
    let second = "cordon: estate/v1
nodes: [{id: s, kind: host}]
services: [{id: a, needs: s}]
steps:
- {id: a, kind: disable-account, cost: 1, removes: {nodes: [a]}}
- {id: a, kind: disable-account, cost: 1, removes: {nodes: [a]}}
";
    assert_snapshot!(refused(&[("1.yaml", &first), ("2.yaml", second)]), @r"
    1.yaml:4:35 error duplicate-id: `a` is the id of a node already
      it was given at 1.yaml:4; nodes and services share their ids, so rename one of them
    2.yaml:2:14 error duplicate-id: `s` is the id of a service already
      it was given at 1.yaml:5; nodes and services share their ids, so rename one of them
    2.yaml:3:17 error duplicate-id: `a` is the id of a node already
      it was given at 1.yaml:4; nodes and services share their ids, so rename one of them
    2.yaml:6:8 error duplicate-id: `a` is the id of a step already
      it was given at 2.yaml:5; rename one of them
    ");
}

#[test]
fn ids_that_seem_unknown_are_not_reported_while_a_text_cannot_be_read() {
    let first = format!("{HEAD}edges: [{{from: a, to: b, kind: admin-to, minutes: -1}}]\n");
    let broken = "cordon: estate/v1\nnodes: [{id: a, kind: host}\n";
    assert_snapshot!(refused(&[("1.yaml", &first), ("2.yaml", broken)]), @r"
    1.yaml:4:51 error negative: expected a number that is not negative, found `-1`
      money, times and losses begin at 0; leave the sign out
    2.yaml:2:8 error yaml-syntax: while parsing a flow sequence, expected ',' or ']'
      check the indentation and the quotes just before this place
    ");
    let other = "title: a rule\n";
    assert_snapshot!(refused(&[("1.yaml", &first), ("2.yaml", other)]), @r"
    1.yaml:4:51 error negative: expected a number that is not negative, found `-1`
      money, times and losses begin at 0; leave the sign out
    2.yaml:1:1 error missing-key: an estate needs the key `cordon`
      begin it with `cordon: estate/v1`
    ");
    let misspelt = "cordon: estate/v1\nnode: [{id: a, kind: host}]\n";
    assert_snapshot!(refused(&[("1.yaml", &first), ("2.yaml", misspelt)]), @r"
    1.yaml:4:51 error negative: expected a number that is not negative, found `-1`
      money, times and losses begin at 0; leave the sign out
    2.yaml:2:1 error unknown-key: an estate has no key `node`
      did you mean `nodes`?
    ");
}

#[test]
fn a_head_that_is_missing_or_of_another_format_is_refused() {
    assert_snapshot!(refused(&[("1.yaml", ""), ("2.yaml", "cordon: estate/v2\n"), ("3.yaml", "[]")]), @r#"
    1.yaml:1:1 error empty-text: expected an estate, found an empty text
      begin it with `cordon: estate/v1`
    2.yaml:1:9 error unknown-format: expected the format `estate/v1`, found the text "estate/v2"
      write `cordon: estate/v1`
    3.yaml:1:1 error wrong-type: expected an estate, a mapping of keys, found a list
      begin it with `cordon: estate/v1`
    "#);
    assert_snapshot!(refused(&[]), @r"
    (no text):1:1 error missing-key: no text of this estate states its `currency`
      add `currency: GBP` to one of them
    (no text):1:1 error missing-key: no text of this estate states its `name`
      add `name: Northgate` to one of them
    ");
}

#[test]
fn what_may_stand_in_a_file_that_is_not_text_is_not_missed() {
    let undecoded = Source::decode("2.yaml", b"name: \xff".to_vec()).unwrap_err();
    let unread = || Report {
        diagnostics: vec![undecoded.problem.clone()],
    };
    let text = "cordon: estate/v1\nedges: [{from: a, to: b, kind: admin-to}]\n";
    let alone = read_beside(unread(), &[], &pages()).unwrap_err();
    assert_snapshot!(told(&alone), @r"
    2.yaml:1:7 error not-utf8: expected text in UTF-8, found the byte 0xff
      save the file as UTF-8: an editor offers that where it saves under another name
    ");
    let beside = read_beside(unread(), &[Source::new("1.yaml", text)], &pages());
    assert_eq!(beside, Err(alone));
}
