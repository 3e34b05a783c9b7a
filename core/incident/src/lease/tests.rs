//! Who had an address when, told as lines of leases.

use std::sync::Arc;

use cordon_model::{
    EntityKind, Estate, EstateParts, EventId, Holder, Lease, LogRef, RawPlace, Tenure, Timestamp,
    Until,
};

use super::{
    CLAIMS_MAX, CLAIMS_PER_ADDRESS, ENDS_PER_HOLDER, Finding, Leases, at,
    crowd::{Crowds, USERS_KEPT},
};
use crate::identity::Directory;

fn directory() -> Directory {
    Directory::new(Arc::new(Estate::new(EstateParts {
        name: "t".to_owned(),
        currency: "GBP".to_owned(),
        nodes: Vec::new(),
        edges: Vec::new(),
        services: Vec::new(),
        steps: Vec::new(),
    })))
}

fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + minute * 60).unwrap()
}

/// `minute word address kind name`: `lent60` for an hour by the record's word, `lent` for no longer than a day; `-` for what
/// the record does not say.
pub(crate) fn lease(line: &str) -> Lease {
    let words: Vec<&str> = line.split_whitespace().collect();
    let from: i64 = words[0].parse().unwrap();
    let says = match words[1].strip_prefix("lent") {
        Some("") => Tenure::Given(Until::AtMost(minute(from + 24 * 60))),
        Some(long) => Tenure::Given(Until::Told(minute(from + long.parse::<i64>().unwrap()))),
        None if words[1] == "seen" => Tenure::Seen,
        None => Tenure::Ended,
    };
    let said = |word: &str| (word != "-").then(|| Arc::from(word));
    Lease {
        at: minute(from),
        says,
        address: said(words[2]),
        holder: words.get(4).map(|name| Holder {
            kind: EntityKind::from_word(words[3]).unwrap(),
            name: Arc::from(*name),
        }),
        record: EventId::new(line),
        log: LogRef {
            path: "dhcp.log".into(),
            record: 1,
        },
        raw: RawPlace::default(),
        source: "dhcp".into(),
    }
}

/// Whose `10.0.0.7` is at some minutes, of hosts or accounts, in whichever order the lines come.
fn check_of(kind: EntityKind, lines: &[&str], expect: &[(i64, &str)]) {
    let mut orders = vec![lines.to_vec()];
    orders.push(lines.iter().rev().copied().collect());
    for lines in orders {
        let (mut leases, mut directory) = (Leases::default(), directory());
        for line in &lines {
            leases.take(&lease(line), &mut directory);
        }
        directory.settle();
        for (when, whose) in expect {
            let book = leases.books.get_mut("10.0.0.7").unwrap();
            let stays = book.stays(&leases.ends, &directory);
            let found = at(stays, kind, minute(*when)).map(|(finding, stays)| {
                let names: Vec<&str> = stays.iter().map(|stay| &*stay.name).collect();
                match finding {
                    Finding::One(how) => format!("{} {:.2}", names.join(" "), how.confidence()),
                    Finding::Several | Finding::Shared(_) => names.join(" or "),
                }
            });
            let found = found.unwrap_or_default();
            assert_eq!(found, *whose, "at minute {when} of {lines:?}");
        }
    }
}

fn check(lines: &[&str], expect: &[(i64, &str)]) {
    check_of(EntityKind::Host, lines, expect);
}

#[test]
fn an_address_is_whoevers_lease_runs() {
    check(
        &[
            "0 lent60 10.0.0.7 host a",
            "30 lent60 10.0.0.7 host a",
            "100 lent60 10.0.0.7 host b",
            "0 lent60 10.0.0.8 host c",
        ],
        &[
            (-1, ""),
            (0, "a 0.90"),
            (89, "a 0.90"),
            (90, ""),
            (100, "b 0.90"),
            (159, "b 0.90"),
            (160, ""),
        ],
    );
}

#[test]
fn what_is_given_back_or_given_to_another_is_over() {
    check(
        &[
            "0 lent 10.0.0.7 host a",
            "20 ended 10.0.0.7",
            "40 lent 10.0.0.7 host b",
            "60 lent 10.0.0.7 host c",
            "70 ended 10.0.0.7 host a",
        ],
        &[
            (19, "a 0.90"),
            (20, ""),
            (40, "b 0.90"),
            (60, "c 0.90"),
            (80, "c 0.90"),
        ],
    );
}

#[test]
fn a_lease_over_anothers_that_still_ran_is_doubted_and_two_that_take_turns_are_nobodys() {
    check(
        &["0 lent600 10.0.0.7 host a", "60 lent600 10.0.0.7 host b"],
        &[(59, "a 0.90"), (60, "b 0.60"), (659, "b 0.60"), (660, "")],
    );
    check(
        &[
            "0 lent600 10.0.0.7 host a",
            "60 lent600 10.0.0.7 host b",
            "300 lent600 10.0.0.7 host a",
        ],
        &[(59, "a 0.90"), (60, "a or b"), (299, "a or b")],
    );
    // One that was given back in between is no second holder.
    check(
        &[
            "0 lent 10.0.0.7 host a",
            "60 lent 10.0.0.7 host b",
            "90 ended 10.0.0.7 host b",
            "300 lent 10.0.0.7 host a",
        ],
        &[(59, "a 0.90"), (60, "b 0.90"), (90, ""), (300, "a 0.90")],
    );
    check(
        &["0 lent60 10.0.0.7 host a", "0 lent60 10.0.0.7 host b"],
        &[(30, "a or b")],
    );
}

#[test]
fn a_sighting_says_whose_it_is_where_nothing_else_does_and_against_a_lease_makes_doubt() {
    check(
        &["0 seen 10.0.0.7 host a", "120 seen 10.0.0.7 host b"],
        &[
            (-241, ""),
            (-240, "a 0.60"),
            (-30, "a 0.80"),
            (29, "a 0.80"),
            (31, "a or b"),
            (91, "b 0.80"),
            (150, "b 0.60"),
            (360, ""),
        ],
    );
    check(
        &[
            "0 lent600 10.0.0.7 host a",
            "100 seen 10.0.0.7 host a",
            "200 seen 10.0.0.7 host b",
        ],
        &[
            (100, "a 0.90"),
            (169, "a 0.90"),
            (170, "a or b"),
            (230, "a 0.90"),
        ],
    );
    check(
        &["0 seen 10.0.0.7 host a", "10 lent60 10.0.0.7 host b"],
        &[(5, "a 0.80"), (10, "b 0.90"), (20, "b 0.90")],
    );
}

#[test]
fn machines_and_people_have_an_address_each_and_a_session_that_ends_gives_it_back() {
    let lines = [
        "0 lent 10.0.0.7 account ann",
        "0 lent 10.0.0.7 host a",
        "50 ended - account ann",
        "50 ended - account bob",
        "80 lent 10.0.0.7 account bob",
    ];
    let accounts = [(49, "ann 0.90"), (50, ""), (80, "bob 0.90")];
    check_of(EntityKind::Account, &lines, &accounts);
    check(&lines, &[(49, "a 0.90"), (80, "a 0.90")]);
}

#[test]
fn names_of_one_machine_are_one_holder() {
    check(
        &[
            "0 lent60 10.0.0.7 host ws7.x.example",
            "30 seen 10.0.0.7 host WS7",
            "40 lent60 10.0.0.7 host ws7",
        ],
        &[(35, "ws7.x.example 0.90"), (50, "ws7 0.90")],
    );
}

#[test]
fn of_one_address_the_latest_claims_are_kept_and_nothing_is_said_of_the_time_before() {
    let more = 10;
    let lines: Vec<String> = (0..CLAIMS_PER_ADDRESS + more)
        .map(|n| format!("{} lent60 10.0.0.7 host h{n}", n * 60))
        .collect();
    let (mut leases, mut directory) = (Leases::default(), directory());
    for line in lines.iter().rev() {
        leases.take(&lease(line), &mut directory);
    }
    assert_eq!(leases.losses(), (u64::try_from(more).unwrap(), 0));
    let book = &leases.books["10.0.0.7"];
    assert_eq!(book.claims.len(), CLAIMS_PER_ADDRESS);
    assert!(book.is_forgotten(minute(9 * 60 + 59)));
    assert!(!book.is_forgotten(minute(10 * 60)));
}

#[test]
fn sightings_of_one_holder_within_the_hour_are_one() {
    let (mut leases, mut directory) = (Leases::default(), directory());
    for line in [
        "25 seen 10.0.0.7 host a",
        "20 seen 10.0.0.7 host a",
        "26 seen 10.0.0.7 host a",
    ] {
        leases.take(&lease(line), &mut directory);
    }
    let book = &leases.books["10.0.0.7"];
    let kept: Vec<Timestamp> = book.claims.values().map(|claim| claim.lease.at).collect();
    assert_eq!(kept, [minute(20)]);
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let (mut leases, mut directory) = (Leases::default(), directory());
    leases.claims = CLAIMS_MAX;
    leases.take(&lease("0 seen 10.0.0.7 host a"), &mut directory);
    assert_eq!(leases.losses(), (0, 1));
    assert!(leases.is_empty());
    let mut crowds = Crowds::default();
    let address = Arc::from("10.0.0.7");
    for user in 0..u64::try_from(USERS_KEPT).unwrap() + 9 {
        crowds.add((&address, 1), user);
    }
    assert_eq!(crowds.users("10.0.0.7", 1, &directory).len(), USERS_KEPT);
    assert_eq!(crowds.users("10.0.0.7", 2, &directory).len(), 0);
}

#[test]
fn of_one_holder_the_latest_ends_are_kept_and_a_lease_before_them_is_no_longer_known() {
    let (mut leases, mut directory) = (Leases::default(), directory());
    leases.take(&lease("0 lent 10.0.0.7 account ann"), &mut directory);
    for n in 0..=ENDS_PER_HOLDER {
        let line = format!("{} ended - account ann", 10 + n);
        leases.take(&lease(&line), &mut directory);
    }
    assert_eq!(leases.losses(), (1, 0));
    let book = leases.books.get_mut("10.0.0.7").unwrap();
    assert_eq!(book.stays(&leases.ends, &directory).len(), 0);
}
