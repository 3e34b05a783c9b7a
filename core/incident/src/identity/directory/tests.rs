//! Names of people and machines, and which of them are one.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Alias, EntityKind, Estate, EstateParts, Node, NodeId, NodeKind};
use proptest::prelude::*;

use super::Directory;

fn estate() -> Arc<Estate> {
    let node = |id: &str, aliases: &[&str]| Node {
        id: NodeId::new(id),
        kind: NodeKind::new("user"),
        name: None,
        aliases: aliases.iter().map(|&a| a.to_owned()).collect(),
        jewel: None,
    };
    let parts = EstateParts {
        name: "t".to_owned(),
        currency: "GBP".to_owned(),
        nodes: vec![
            node("user:priya", &[r"NG\pnair", "priya@ng.example"]),
            node("user:tom", &[r"NG\tom"]),
        ],
        edges: Vec::new(),
        services: Vec::new(),
        steps: Vec::new(),
    };
    Arc::new(Estate::new(parts))
}

/// `account NAME` is seen, `account NAME = NAME` is said by a record.
fn directory(lines: &[&str]) -> (Directory, Vec<(EntityKind, Arc<str>)>) {
    let mut directory = Directory::new(estate());
    let mut seen = Vec::new();
    for line in lines {
        let (kind, names) = line.split_once(' ').unwrap();
        let kind = EntityKind::from_word(kind).unwrap();
        let names: Vec<Arc<str>> = names.split(" = ").map(Arc::from).collect();
        if let [name, other] = names.as_slice() {
            directory.alias(&Alias {
                kind,
                name: Arc::clone(name),
                other: Arc::clone(other),
            });
        }
        for name in names {
            directory.name(kind, &name);
            seen.push((kind, name));
        }
    }
    directory.settle();
    (directory, seen)
}

/// Which names are one: each set on a line, its names in order.
fn sets(lines: &[&str]) -> Vec<String> {
    let (mut directory, seen) = directory(lines);
    let mut sets: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (kind, name) in seen {
        let number = directory.name(kind, &name);
        let thing = directory.meaning(number).thing;
        sets.entry(thing.index())
            .or_default()
            .push(name.to_string());
    }
    let mut sets: Vec<String> = sets
        .into_values()
        .map(|mut names| {
            names.sort();
            names.dedup();
            names.join(" ")
        })
        .collect();
    sets.sort();
    sets
}

fn check(lines: &[&str], expect: &[&str]) {
    assert_eq!(sets(lines), expect);
    let backwards: Vec<&str> = lines.iter().rev().copied().collect();
    assert_eq!(sets(&backwards), expect, "the order must not matter");
}

#[test]
fn a_security_id_beside_a_name_is_the_same_person() {
    check(
        &[
            r"account SHIRE\pgustavo = S-1-5-21-1-2-3-1104",
            "account pgustavo@SHIRE.LOCAL",
            "account pgustavo",
            r"account SHIRE\sysmonsvc",
        ],
        &[
            r"S-1-5-21-1-2-3-1104 SHIRE\pgustavo pgustavo pgustavo@SHIRE.LOCAL",
            r"SHIRE\sysmonsvc",
        ],
    );
}

#[test]
fn what_the_estate_lists_takes_in_what_records_name_beside_it() {
    check(
        &[
            r"account ng\PNAIR",
            "account priya@ng.example = 00uWK59PFkl0JfI2yyVl",
            "account 00uWK59PFkl0JfI2yyVl",
        ],
        &[r"00uWK59PFkl0JfI2yyVl ng\PNAIR priya@ng.example"],
    );
}

#[test]
fn a_short_name_that_two_domains_have_is_neithers() {
    check(
        &[
            r"account A\administrator",
            r"account B\administrator",
            "account administrator",
            "host ws6",
            "host ws6.shire.example",
            "host dc1",
            "host dc1.a.example",
            "host dc1.b.example",
        ],
        &[
            r"A\administrator",
            r"B\administrator",
            "administrator",
            "dc1",
            "dc1.a.example",
            "dc1.b.example",
            "ws6 ws6.shire.example",
        ],
    );
}

#[test]
fn a_name_given_to_two_numbers_joins_neither() {
    check(
        &[
            r"account WS1\admin = S-1-5-21-1-1-1-500",
            "account admin = S-1-5-21-1-1-1-500",
            "account admin = S-1-5-21-2-2-2-500",
        ],
        &[
            r"S-1-5-21-1-1-1-500 WS1\admin",
            "S-1-5-21-2-2-2-500",
            "admin",
        ],
    );
}

#[test]
fn names_that_would_make_two_nodes_one_make_none() {
    check(
        &[
            r"account NG\pnair = S-1-5-21-9-9-9-1",
            r"account NG\tom = S-1-5-21-9-9-9-1",
        ],
        &[r"NG\pnair", r"NG\tom", "S-1-5-21-9-9-9-1"],
    );
}

#[test]
fn a_number_that_a_log_writes_for_everybody_joins_nobody() {
    let lines: Vec<String> = (0..9)
        .map(|n| format!(r"account A\u{n} = S-1-5-21-7-7-7-7"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(sets(&lines).len(), 10);
}

fn names() -> impl Strategy<Value = Vec<&'static str>> {
    let all = [
        r"account A\x",
        r"account B\x",
        "account x",
        "account x@a.example",
        r"account A\x = S-1-5-21-1",
        "account x = S-1-5-21-1",
        "account x = S-1-5-21-2",
        r"account B\x = S-1-5-21-2",
        r"account NG\tom = x",
        "account priya@ng.example = S-1-5-21-1",
        "host h",
        "host h.a.example",
        "host h.b.example",
    ];
    prop::sample::subsequence(all.to_vec(), 0..=all.len())
}

proptest! {
    #[test]
    fn what_names_mean_does_not_depend_on_the_order_in_which_they_came(
        lines in names(),
        shuffled in names().prop_shuffle(),
    ) {
        let mut all = lines.clone();
        all.extend(shuffled.iter().copied());
        let mut other = shuffled;
        other.extend(lines);
        prop_assert_eq!(sets(&all), sets(&other));
    }
}
