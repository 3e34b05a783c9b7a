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

/// `account NAME` is seen, `account NAME = NAME` is said by a record, `MACHINE is ACCOUNT` shown by one.
fn directory(lines: &[&str]) -> (Directory, Vec<(EntityKind, Arc<str>)>) {
    let mut directory = Directory::new(estate());
    let mut seen = Vec::new();
    for line in lines {
        if let Some((machine, account)) = line.split_once(" is ") {
            directory.alias(&Alias {
                kind: EntityKind::Host,
                name: machine.into(),
                other: account.into(),
            });
            continue;
        }
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
            r"ws5.shire.local is SHIRE\WS5",
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

#[test]
fn two_domains_that_begin_alike_are_two_until_somebody_shows_that_they_are_one() {
    let names = [
        "account admin@corp.alpha.example",
        "account admin@corp.beta.example",
        r"account CORP\admin",
    ];
    let apart = [
        r"CORP\admin",
        "admin@corp.alpha.example",
        "admin@corp.beta.example",
    ];
    check(&names, &apart);
    let with = |lines: &[&'static str]| [&names[..], lines].concat();
    check(
        &with(&[r"ws1.corp.alpha.example is CORP\ws1"]),
        &[
            r"CORP\admin admin@corp.alpha.example",
            "admin@corp.beta.example",
        ],
    );
    let both = with(&[
        r"ws1.corp.alpha.example is CORP\ws1",
        r"ws2.corp.beta.example is CORP\ws2",
    ]);
    check(&both, &apart);
    check(
        &["account info@mail.example", "account info@mail.test"],
        &["info@mail.example", "info@mail.test"],
    );
}

#[test]
fn an_estate_that_lists_both_names_of_somebody_shows_that_their_domains_are_one() {
    let mut directory = Directory::new(Arc::new(Estate::new(EstateParts {
        nodes: vec![Node {
            id: NodeId::new("user:eve"),
            kind: NodeKind::new("user"),
            name: None,
            aliases: vec![r"NG\eve".to_owned(), "eve@ad.ng.example".to_owned()],
            jewel: None,
        }],
        ..EstateParts::default()
    })));
    let account = |directory: &mut Directory, name: &str| {
        let name = directory.name(EntityKind::Account, &name.into());
        directory.settle();
        directory.meaning(name).thing
    };
    account(&mut directory, r"NG\bob");
    account(&mut directory, "bob@ad.ng.example");
    let one = account(&mut directory, r"NG\bob");
    assert_eq!(one, account(&mut directory, "bob@ad.ng.example"));
    assert_ne!(one, account(&mut directory, "bob@ng.example"));
}

#[test]
fn two_numbers_of_one_vendor_are_never_one_however_many_names_lie_between() {
    check(
        &[
            r"ws1.a.example is A\ws1",
            r"account A\x = S-1-5-21-1-1-1-1",
            "account x@a.example = S-1-5-21-2-2-2-2",
        ],
        &[r"A\x S-1-5-21-1-1-1-1", "S-1-5-21-2-2-2-2 x@a.example"],
    );
    check(
        &[
            "account x@a.example = 00uaaaaaaaaaaaaaaaaa",
            "account x@a.example = y@a.example",
            "account y@a.example = 00ubbbbbbbbbbbbbbbbb",
        ],
        &[
            "00uaaaaaaaaaaaaaaaaa",
            "00ubbbbbbbbbbbbbbbbb",
            "x@a.example",
            "y@a.example",
        ],
    );
}

#[test]
fn a_short_name_that_records_give_to_two_whole_ones_joins_neither() {
    check(
        &[r"account admin = A\admin", r"account admin = B\admin"],
        &[r"A\admin", r"B\admin", "admin"],
    );
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
        "account x@b.example",
        "account x@a.example = S-1-5-21-2",
        r"w.a.example is A\w",
        r"w.b.example is A\w",
        r"v.b.example is B\v",
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
