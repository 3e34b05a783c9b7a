//! What is common joins nobody, whoever says that it is; and what fades by days.

use std::sync::Arc;

use cordon_model::{Alias, EntityKind, Outcome, Timestamp};

use super::{Grouping, Knowledge, Noticer, estate, row, told, uses};

/// The incidents of detections among events.
fn among(events: &[String], lines: &[String]) -> Vec<String> {
    let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
    grouping.notice(&uses(events));
    for line in lines {
        grouping.add(told(line));
    }
    grouping.incidents().iter().map(row).collect()
}

#[test]
fn what_many_use_joins_nobody_also_where_detections_name_only_a_few_of_them() {
    for (kind, role) in [("address", "origin"), ("device", "means"), ("host", "host")] {
        let lines: Vec<String> = ["ann", "bob", "cat"]
            .iter()
            .zip(0..)
            .map(|(who, n)| format!("r{n} high {n} actor | actor account {who}, {role} {kind} x"))
            .collect();
        let used = |by: u32| -> Vec<String> {
            let users = (0..by).map(|n| format!("actor account u{n}, {role} {kind} x"));
            users.collect()
        };
        assert_eq!(among(&used(900), &lines).len(), 3, "{kind}");
        assert_eq!(among(&used(30), &lines).len(), 3, "{kind}");
    }
}

/// What an account does on so many hosts, each seen by two medium rules, and two intrusions on two of them.
fn rounds(hosts: u32) -> Vec<String> {
    let mut lines: Vec<String> = (0..hosts)
        .flat_map(|n| {
            ["scan", "vss"].map(|rule| {
                format!("{rule} medium {n} actor+host | actor account backup, host host srv-{n}")
            })
        })
        .collect();
    for (who, minute, host) in [("ann", 60, 3), ("bob", 90, 7)] {
        for rule in ["mimi", "rat"] {
            lines.push(format!(
                "{rule} high {} actor+host | actor account {who}, host host srv-{host}",
                minute + u32::from(rule == "rat")
            ));
        }
    }
    lines
}

#[test]
fn an_account_that_acts_on_many_machines_joins_its_own_doings_and_no_others() {
    let lines = rounds(30);
    let found = among(&[], &lines);
    let with = |who: &str| {
        let held = format!(" {who}=");
        found
            .iter()
            .filter(|row| row.contains(&held))
            .collect::<Vec<_>>()
    };
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(*with("ann")[0], "mimi rat : ann=0.84 srv-3=0.84");
    assert_eq!(*with("bob")[0], "mimi rat : bob=0.84 srv-7=0.84");
    assert!(with("backup")[0].contains("backup=0.51") && !with("backup")[0].contains("=0.8"));
    // The same is known of it if only events say so.
    let events: Vec<String> = (0..30)
        .map(|n| format!("actor account backup, host host srv-{n}"))
        .collect();
    let few: Vec<String> = lines
        .into_iter()
        .filter(|line| !line.contains("backup") || line.contains("srv-3") || line.contains("srv-7"))
        .collect();
    let found = among(&events, &few);
    assert!(
        !found
            .iter()
            .any(|row| row.contains("ann=") && row.contains("bob="))
    );
    assert!(
        !found
            .iter()
            .any(|row| row.contains("ann=") && row.contains("backup="))
    );
}

#[test]
fn an_account_that_acts_on_a_few_machines_joins_what_happens_on_them() {
    let lines: Vec<String> = (0..6)
        .map(|n| format!("r{n} high {n} actor+host | actor account adm, host host srv-{n}"))
        .chain(["tool high 60 host | host host srv-4".to_owned()])
        .collect();
    assert_eq!(among(&[], &lines).len(), 1);
}

#[test]
fn a_dozen_people_make_no_machine_common() {
    // A laboratory's domain controller: everybody signs in there, and few there are.
    let events: Vec<String> = (0..11)
        .map(|n| format!("actor account u{n}, host host dc"))
        .collect();
    let lines = [
        "a medium 0 actor+host | actor account u1, host host dc".to_owned(),
        "b medium 5 actor+host | actor account u2, host host dc".to_owned(),
        "c medium 9 actor+host | actor host dc, host host dc".to_owned(),
    ];
    assert_eq!(among(&events, &lines).len(), 1);
}

#[test]
fn what_a_machine_does_itself_is_one_however_many_use_it() {
    let events: Vec<String> = (0..300)
        .map(|n| format!("actor account u{n}, host host dc"))
        .collect();
    let own = (0..40).map(|n| {
        let rule = n % 3;
        format!("r{rule} medium {n} actor+host | actor host dc, host host dc")
    });
    let others =
        (0..3).map(|n| format!("x{n} medium {n} actor+host | actor account u{n}, host host dc"));
    let lines: Vec<String> = own.chain(others).collect();
    let found = among(&events, &lines);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().any(|row| row.ends_with(" : dc=0.51")));
}

#[test]
fn what_surely_takes_a_machine_is_one_however_many_use_it() {
    let events: Vec<String> = (0..300)
        .map(|n| format!("actor account u{n}, host host dc"))
        .collect();
    let lines: Vec<String> = (0..3)
        .map(|n| format!("x{n} high {n} actor+host | actor account u{n}, host host dc"))
        .chain(["y medium 1 actor+host | actor account u7, host host dc".to_owned()])
        .collect();
    let found = among(&events, &lines);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found.iter().any(|row| row.contains("dc=0.94")),
        "{found:#?}"
    );
}

#[test]
fn whoever_is_refused_uses_nothing() {
    let mut noticer = Noticer::default();
    for n in 0..40 {
        let event = told(&format!(
            "x low 0 none | actor account u{n}, origin address 198.51.100.7"
        ));
        let entities = &event.records[0].entities;
        noticer.take(entities, None, || Outcome::Failure);
    }
    let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
    grouping.notice(&noticer.give());
    for n in 0..10 {
        let mut tried = told(&format!(
            "spray low {n} none | actor account u{n}, origin address 198.51.100.7"
        ));
        tried.records[0].deed.outcome = Outcome::Failure;
        grouping.add(tried);
    }
    for who in ["u1", "u2"] {
        grouping.add(told(&format!(
            "{who} high 20 actor | actor account {who}, origin address 198.51.100.7"
        )));
    }
    let found: Vec<String> = grouping.incidents().iter().map(row).collect();
    assert_eq!(found, ["u1 u2 : u1=0.60 u2=0.60"]);
}

#[test]
fn whoever_has_one_name_in_all_records_is_held_as_surely_as_those_say() {
    let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
    grouping.learn(&Alias {
        kind: EntityKind::Account,
        name: r"A\x".into(),
        other: "S-1-5-21-1".into(),
    });
    grouping.add(told("a medium 0 actor | actor account S-1-5-21-1"));
    let found: Vec<String> = grouping.incidents().iter().map(row).collect();
    assert_eq!(found, ["a : S-1-5-21-1=0.30"]);
    // That both names are one person's is in doubt where both are used.
    grouping.add(told(r"b medium 600 actor | actor account A\x"));
    let found: Vec<String> = grouping.incidents().iter().map(row).collect();
    assert_eq!(found, [r"a b : A\x=0.51"]);
}

#[test]
fn what_one_logon_writes_is_one_witness() {
    let lines: Vec<String> = [4624, 4648, 4672, 4768, 4769]
        .iter()
        .zip(0..)
        .map(|(id, n)| format!("r{id} medium {n} actor | actor account adm, host host srv"))
        .collect();
    assert_eq!(
        among(&[], &lines),
        ["r4624 r4648 r4672 r4768 r4769 : adm=0.51"]
    );
}

#[test]
fn a_lone_hit_fades_by_the_days_on_which_whom_it_is_about_was_seen() {
    let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
    grouping.add(told("a critical 0 actor | actor account u1"));
    let held = |grouping: &mut Grouping| {
        let found = grouping.incidents();
        found
            .last()
            .map_or(String::new(), |i| i.held[0].confidence.to_string())
    };
    assert_eq!(held(&mut grouping), "0.90");
    let days = |who: &str, days: std::ops::Range<i64>| {
        let mut noticer = Noticer::default();
        let event = told(&format!("x low 0 none | actor account {who}"));
        for day in days {
            let at = Timestamp::from_second(1_780_000_000 + day * 86_400).ok();
            noticer.take(&event.records[0].entities, at, Outcome::default);
        }
        noticer.give()
    };
    grouping.notice(&days("u2", 0..57));
    assert_eq!(held(&mut grouping), "0.90");
    grouping.notice(&days("u1", 0..15));
    assert_eq!(held(&mut grouping), "0.82");
    grouping.notice(&days("u1", 0..57));
    assert_eq!(held(&mut grouping), "0.36");
    // Nobody cleaned anything.
    grouping.notice(&days("u1", 0..300));
    assert_eq!(held(&mut grouping), "0.30");
    grouping.add(told("a critical 80640 actor | actor account u1"));
    assert_eq!(held(&mut grouping), "0.30");
    grouping.add(told("a critical 441000 actor | actor account u1"));
    assert_eq!(held(&mut grouping), "0.90");
}
