//! Correlations that wait: what is absent, when that is told, and when it is not.

use super::{correlation, correlator, hits, rule_set, sketch};

/// Checks what a correlation that waits makes of records, and what it leaves untold.
fn check_waiting(condition: &str, lines: &[&str], expect: &[&str], untold: (u64, u64)) {
    let keys = format!("type: temporal, condition: {condition}, group-by: user, timespan: 1m");
    let (set, codes) = rule_set(&format!(
        "{}cordon: {{ waits: true }}\n",
        correlation(&keys)
    ));
    assert_eq!(codes, Vec::<&str>::new());
    let mut correlator = correlator(&set);
    let mut told: Vec<_> = hits(&set, lines)
        .iter()
        .flat_map(|hit| correlator.observe(hit))
        .collect();
    told.extend(correlator.finish());
    let told: Vec<_> = told.iter().map(sketch).collect();
    assert_eq!(told, expect, "{condition}");
    let losses = correlator.losses();
    assert_eq!((losses.unheard, losses.unfinished), untold, "{condition}");
}

#[test]
fn an_absence_is_told_when_its_time_has_passed_and_not_before() {
    let lines = [
        "0 a user=z",
        "0 b user=z",
        "10 a user=x",
        "30 a user=y",
        "70 b user=z",
        "71 b user=z",
        "90 b user=y",
        "91 b user=z",
    ];
    // That of x was told at 71, when 70 had passed; that of y had something beside it, at the edge.
    check_waiting("a and not b", &lines, &["10 X x: 2"], (0, 0));
}

#[test]
fn what_comes_before_excuses_as_well_and_a_flood_is_told_once() {
    let lines = [
        "0 b user=x",
        "60 a user=x",
        "200 a user=x",
        "201 a user=x",
        "202 a user=x",
        "300 b user=z",
    ];
    check_waiting("a and not b", &lines, &["202 X x: 2 3 4"], (0, 0));
}

#[test]
fn absence_of_what_nobody_hears_of_is_not_told_and_counted() {
    let none = ["10 a user=x", "100 c user=x", "200 a user=y"];
    check_waiting("a and not b", &none, &[], (1, 1));
    // Something is heard of z, and none of it is beside a record that could lack it.
    let elsewhere = ["0 b user=z", "10 a user=x", "100 b user=z"];
    check_waiting("a and not b", &elsewhere, &[], (1, 0));
    let silent = ["10 a user=x", "100 a user=y", "200 a user=z"];
    check_waiting("a and not b", &silent, &[], (2, 1));
    let long_ago = [
        "0 a user=z",
        "1 b user=z",
        "90000 a user=x",
        "99000 a user=y",
    ];
    check_waiting("a and not b", &long_ago, &[], (1, 1));
}

#[test]
fn what_could_still_come_when_the_logs_end_is_not_told_and_counted() {
    let lines = ["0 a user=z", "0 b user=z", "50 a user=x", "109 b user=z"];
    check_waiting("a and not b", &lines, &[], (0, 1));
    let lines = ["0 a user=z", "0 b user=z", "50 a user=x", "110 b user=z"];
    check_waiting("a and not b", &lines, &["50 X x: 2"], (0, 0));
}

#[test]
fn nothing_builds_on_a_correlation_that_waits() {
    let waiting = "title: W\nname: w\ncorrelation: { type: temporal, condition: a and not b, timespan: 1m }\n\
        cordon: { waits: true }\n---\n";
    let outer = correlation("type: temporal, rules: [w, a], timespan: 1m");
    let (_, codes) = rule_set(&format!("{waiting}{outer}"));
    assert_eq!(codes, ["builds-on-waiting"]);
}
