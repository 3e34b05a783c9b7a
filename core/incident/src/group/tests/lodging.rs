//! Addresses that are somebody's for a time.

use std::sync::Arc;

use cordon_model::Detection;

use super::{Grouping, all_at_once, estate, row, told, uses};
use crate::{Finding, Incident, Knowledge, Noticer, lease::tests::lease};

/// What detections make where so many leases are known, whichever is known first.
fn with(leases: &[&str], lines: &[&str]) -> Vec<Incident> {
    let new = || Grouping::new(estate(), Arc::new(Knowledge::default()));
    let detections: Vec<Detection> = lines.iter().map(|line| told(line)).collect();
    let (mut before, mut after) = (new(), new());
    for line in leases {
        before.lend(&lease(line));
    }
    for detection in &detections {
        before.add(detection.clone());
        after.add(detection.clone());
        after.incidents();
    }
    for line in leases.iter().rev() {
        after.lend(&lease(line));
        after.incidents();
    }
    let found = before.incidents();
    assert_eq!(after.incidents(), found);
    found
}

fn check(leases: &[&str], lines: &[&str], expect: &str) {
    let rows: Vec<String> = with(leases, lines).iter().map(row).collect();
    assert_eq!(rows.join("\n"), expect, "{leases:?} {lines:?}");
}

const TOOL: &str = "tool critical 10 host | host host ws7.ng.example";
const SIGN_IN: &str = "sign-in high 30 actor | actor account u1, origin address 10.0.0.7";

#[test]
fn what_is_done_from_an_address_is_done_at_the_machine_that_had_it() {
    check(
        &[],
        &[TOOL, SIGN_IN],
        "tool : ws7.ng.example=0.90\nsign-in : u1=0.60",
    );
    check(
        &["0 lent60 10.0.0.7 host WS7"],
        &[TOOL, SIGN_IN],
        "tool sign-in : ws7.ng.example=0.90 u1=0.60",
    );
    // Another's hour.
    check(
        &["0 lent20 10.0.0.7 host WS7", "20 lent60 10.0.0.7 host WS8"],
        &[TOOL, SIGN_IN],
        "tool : ws7.ng.example=0.90\nsign-in : u1=0.60",
    );
}

#[test]
fn a_machine_is_held_by_its_address_where_a_rule_says_so_less_surely_than_by_its_name() {
    let sprayed = "sprayed critical 30 origin | target account u1, origin address 10.0.0.7";
    check(
        &["0 lent60 10.0.0.7 host ws7"],
        &[sprayed],
        "sprayed : ws7=0.81",
    );
    check(
        &["0 seen 10.0.0.7 host ws7"],
        &[sprayed],
        "sprayed : ws7=0.54",
    );
    check(&[], &[sprayed], "");
}

#[test]
fn whoever_had_an_address_by_a_tunnel_did_what_is_done_from_it() {
    check(
        &[
            r"0 lent 10.0.0.7 account NG\tom",
            "60 ended 10.0.0.7",
            r"70 lent 10.0.0.7 account NG\pnair",
        ],
        &[
            "reset critical 5 target | target account tom@ng.example",
            "scan high 50 host | origin address 10.0.0.7, host host s1",
            "scan high 90 host | origin address 10.0.0.7, host host s2",
        ],
        "reset scan : user:tom=0.90 s1=0.60\nscan : s2=0.60",
    );
}

#[test]
fn two_that_had_an_address_one_after_the_other_are_not_joined_by_it() {
    let lines = [
        "a critical 10 actor | actor account u1, origin address 10.0.0.7",
        "b critical 30 actor | actor account u2, origin address 10.0.0.7",
    ];
    let apart = "a : u1=0.90\nb : u2=0.90";
    check(&[], &lines, "a b : u1=0.90 u2=0.90");
    check(
        &["0 lent60 10.0.0.7 host ws7"],
        &lines,
        "a b : u1=0.90 u2=0.90",
    );
    check(
        &["0 lent20 10.0.0.7 host ws7", "20 lent20 10.0.0.7 host ws8"],
        &lines,
        apart,
    );
    check(
        &[
            "0 lent20 10.0.0.7 host ws7",
            "40 lent20 10.0.0.7 host ws8",
            "20 lent20 10.0.0.7 host ws7",
        ],
        &lines,
        "a b : u1=0.90 u2=0.90",
    );
}

#[test]
fn an_address_that_several_had_at_once_joins_nothing_and_it_is_said() {
    let leases = [
        "0 lent60 10.0.0.7 host ws7",
        "5 lent60 10.0.0.7 host ws8",
        "20 lent60 10.0.0.7 host ws7",
    ];
    let lines = [
        TOOL,
        "a critical 15 actor | actor account u1, origin address 10.0.0.7",
        "b critical 16 actor | actor account u2, origin address 10.0.0.7",
    ];
    check(
        &leases,
        &lines,
        "tool : ws7.ng.example=0.90\na : u1=0.90\nb : u2=0.90",
    );
    let found = with(&leases, &lines);
    let tenancies: Vec<_> = found[1].tenancies.values().flatten().collect();
    let [tenancy] = tenancies.as_slice() else {
        unreachable!("{tenancies:?}");
    };
    assert_eq!(tenancy.finding, Finding::Several);
    assert_eq!(
        tenancy.to_string(),
        "whose 10.0.0.7 was is in doubt: host ws7, says dhcp.log record 1, or host ws8, says dhcp.log record 1"
    );
}

#[test]
fn a_machine_whose_address_many_use_is_not_what_they_do() {
    let lines: Vec<String> = (0..9)
        .map(|n| format!("actor account p{n}, origin address 10.0.0.7"))
        .collect();
    for (many, expect) in [
        (8, "tool sign-in : ws7.ng.example=0.90 u1=0.60"),
        (9, "tool : ws7.ng.example=0.90\nsign-in : u1=0.60"),
    ] {
        let mut noticer = Noticer::default();
        for line in lines.iter().take(many) {
            let event = told(&format!("x low 0 none | {line}"));
            noticer.take(&event.records[0].entities, event.time, Default::default);
        }
        let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
        grouping.lend(&lease("0 lent60 10.0.0.7 host ws7"));
        grouping.add(told(TOOL));
        grouping.add(told(SIGN_IN));
        grouping.incidents();
        grouping.notice(&noticer.give());
        let found = grouping.incidents();
        let rows: Vec<String> = found.iter().map(row).collect();
        assert_eq!(rows.join("\n"), expect, "{many}");
        if many > 8 {
            let tenancies: Vec<_> = found[1].tenancies.values().flatten().collect();
            assert_eq!(tenancies[0].finding, Finding::Shared(9));
        }
    }
    assert!(!uses(&lines).is_empty());
}

#[test]
fn whose_an_address_was_is_said_with_the_record_that_says_so() {
    let found = with(&["0 lent60 10.0.0.7 host WS7"], &[TOOL, SIGN_IN]);
    let (record, tenancies) = found[0].tenancies.first_key_value().unwrap();
    assert_eq!(record.as_str(), "sign-in-30");
    assert_eq!(
        tenancies[0].to_string(),
        "10.0.0.7 was taken for host WS7, which had been given the address, says dhcp.log record 1"
    );
    assert_eq!(
        tenancies[0].tenants[0].lease.record.as_str(),
        "0 lent60 10.0.0.7 host WS7"
    );
    // What a record says itself is not said beside it.
    let own = "a critical 5 actor | actor account u1, origin address 10.0.0.7, origin host ws7";
    assert_eq!(
        with(&["0 lent60 10.0.0.7 host WS7"], &[own])[0]
            .tenancies
            .len(),
        0
    );
    assert_eq!(all_at_once(vec![told(own)])[0].tenancies.len(), 0);
}
