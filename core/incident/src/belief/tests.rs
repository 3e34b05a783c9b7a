//! What statements add up to.

use std::sync::Arc;

use cordon_model::{
    Detection, EventId, Evidence, Level, LogRef, Record, RuleFacts, RuleId, Timestamp,
};

use super::{Bench, Effect, Rate, Rates, Statement, judge};
use crate::Naming;

/// `rule level minute record,record`.
fn detection(line: &str) -> Detection {
    let words: Vec<&str> = line.split(' ').collect();
    let minute: i64 = words[2].parse().unwrap();
    let time = Some(Timestamp::from_second(1_780_000_000 + minute * 60).unwrap());
    let records = words[3].split(',').map(|id| Evidence {
        id: EventId::new(id),
        log: LogRef {
            path: "a.log".into(),
            record: 1,
        },
        time,
        raw: cordon_model::RawPlace::default(),
        clock: Arc::default(),
        source: "test".into(),
        deed: cordon_model::Deed::default(),
        entities: Vec::new(),
        fields: Arc::new(Record::new()),
    });
    Detection {
        rule: Arc::new(RuleFacts {
            id: RuleId::new(words[0]),
            title: words[0].to_owned(),
            level: Level::from_word(words[1]).unwrap(),
            tags: Vec::new(),
            holds: Vec::new(),
        }),
        time,
        records: records.collect(),
        matched: Arc::default(),
        group: Vec::new(),
    }
}

/// The belief, and each rule with its effect.
fn check(lines: &[&str], usual: &[(&str, f64)], expect: &str) {
    check_after(0, (lines, usual), expect);
}

/// The same after so many quiet days.
fn check_after(quiet_days: u32, (lines, usual): (&[&str], &[(&str, f64)]), expect: &str) {
    let detections: Vec<Arc<Detection>> = lines.iter().map(|line| detection(line).into()).collect();
    let rates = usual.iter().map(|(rule, per_day)| {
        let rate = Rate { per_day: *per_day };
        (RuleId::new(*rule), rate)
    });
    let rates: Rates = rates.collect();
    let bench = Bench {
        rates: &rates,
        quiet_days,
    };
    let statements = |detections: &'_ [Arc<Detection>]| {
        let judged = |d| Statement {
            detection: d,
            level: d.rule.level,
            record: 0,
            how: Naming::Itself,
            first_seen: Vec::new(),
            sessions: &[],
        };
        let statements: Vec<Statement<'_>> = detections.iter().map(judged).collect();
        let judged = judge(&statements, bench);
        let grounds: Vec<String> = judged
            .grounds
            .iter()
            .map(|ground| {
                let effect = match ground.effect {
                    Effect::Raised(from, to) => format!("{from}-{to}"),
                    Effect::SameRecord => "same".to_owned(),
                    Effect::Enough => "enough".to_owned(),
                };
                format!("{}x{} {effect}", ground.detection.rule.id, ground.times)
            })
            .collect();
        format!("{}: {}", judged.confidence, grounds.join(", "))
    };
    assert_eq!(statements(&detections), expect);
    let backwards: Vec<Arc<Detection>> = detections.into_iter().rev().collect();
    assert_eq!(statements(&backwards), expect, "the order must not matter");
}

#[test]
fn two_rules_on_two_records_raise_and_one_rule_twice_does_not() {
    check(
        &["a high 0 r1", "b high 0 r2", "a high 0 r3"],
        &[],
        "0.84: ax2 0.00-0.60, bx1 0.60-0.84",
    );
}

#[test]
fn rules_on_one_record_are_one_witness() {
    check(
        &["chain critical 0 r1,r2", "a high 0 r1", "a high 0 r2"],
        &[],
        "0.90: chainx1 0.00-0.90, ax2 same",
    );
    check(
        &["chain critical 0 r1,r2", "a high 0 r1", "a high 0 r3"],
        &[],
        "0.96: chainx1 0.00-0.90, ax2 0.90-0.96",
    );
}

#[test]
fn a_rule_that_fires_on_ordinary_days_is_worth_less() {
    check(&["a high 0 r1"], &[("a", 0.0)], "0.60: ax1 0.00-0.60");
    check(&["a high 0 r1"], &[("a", 0.3)], "0.33: ax1 0.00-0.33");
    check(&["a high 0 r1"], &[("a", 40.0)], "0.01: ax1 0.00-0.01");
}

#[test]
fn a_lone_hit_fades_while_nothing_more_is_seen_and_never_while_something_is() {
    let lone = |quiet_days, expect| check_after(quiet_days, (&["a critical 0 r1"], &[]), expect);
    lone(0, "0.90: ax1 0.00-0.90");
    lone(14, "0.82: ax1 0.00-0.82");
    lone(15, "0.81: ax1 0.00-0.81");
    lone(56, "0.36: ax1 0.00-0.36");
    // A month of it: two rules of level high on the first day, and then one of them every other day.
    let mut lines = vec!["a high 0 r1".to_owned(), "b high 1 r2".to_owned()];
    for day in (2..28).step_by(2) {
        lines.push(format!("a high {} e{day}", day * 1_440));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(&lines, &[], "0.84: ax14 0.00-0.60, bx1 0.60-0.84");
}

#[test]
fn what_several_medium_rules_saw_within_minutes_is_one_doing() {
    check(
        &[
            "a medium 0 r1",
            "b medium 1 r2",
            "c medium 2 r3",
            "d medium 20 r4",
            "e medium 45 r5",
        ],
        &[],
        "0.51: ax1 0.00-0.30, bx1 0.30-0.51, cx1 enough, dx1 enough, ex1 enough",
    );
    // Hours apart they are two.
    check(
        &["a medium 0 r1", "b medium 1 r2", "c medium 300 r3"],
        &[],
        "0.66: ax1 0.00-0.30, bx1 0.30-0.51, cx1 0.51-0.66",
    );
    // What came together once is together: a scanner that comes every night.
    let nights = (0..20).flat_map(|night| {
        ["a", "b", "c", "d"].map(|rule| format!("{rule} medium {} {rule}{night}", night * 1_440))
    });
    let nights: Vec<String> = nights.collect();
    let nights: Vec<&str> = nights.iter().map(String::as_str).collect();
    check(
        &nights,
        &[],
        "0.51: ax20 0.00-0.30, bx20 0.30-0.51, cx20 enough, dx20 enough",
    );
}

#[test]
fn a_session_is_one_doing_however_long_it_lasts() {
    let detections: Vec<Arc<Detection>> = (0..3)
        .map(|n| detection(&format!("r{n} medium {} e{n}", n * 200)).into())
        .collect();
    let rates = Rates::default();
    let bench = Bench {
        rates: &rates,
        quiet_days: 0,
    };
    let of = |sessions: &[u64]| {
        let statements = detections.iter().map(|detection| Statement {
            detection,
            level: Level::Medium,
            record: 0,
            how: Naming::Itself,
            first_seen: Vec::new(),
            sessions,
        });
        let statements: Vec<Statement<'_>> = statements.collect();
        judge(&statements, bench).confidence.to_string()
    };
    assert_eq!([of(&[]), of(&[7])], ["0.66", "0.51"]);
}

#[test]
fn weak_rules_add_up_to_suspicion_and_no_further() {
    let lines: Vec<String> = (0..30).map(|n| format!("r{n} low 0 e{n}")).collect();
    let detections: Vec<Arc<Detection>> = lines.iter().map(|line| detection(line).into()).collect();
    let statements: Vec<Statement<'_>> = detections
        .iter()
        .map(|detection| Statement {
            detection,
            level: detection.rule.level,
            record: 0,
            how: Naming::Itself,
            first_seen: Vec::new(),
            sessions: &[],
        })
        .collect();
    let rates = Rates::default();
    let bench = Bench {
        rates: &rates,
        quiet_days: 0,
    };
    let judged = judge(&statements, bench);
    assert_eq!(judged.confidence.to_string(), "0.50");
    assert!(judged.grounds.iter().any(|g| g.effect == Effect::Enough));
}

#[test]
fn what_is_new_of_an_entity_raises_a_word_once_and_never_over_the_acting_threshold() {
    let detection = Arc::new(detection("r high 0 a"));
    let new = |n: usize| crate::FirstSeen {
        who: "u1".into(),
        aspect: crate::baseline::Aspect::Network,
        value: n.to_string(),
        known_days: 9,
    };
    let rates = Rates::default();
    let bench = Bench {
        rates: &rates,
        quiet_days: 0,
    };
    let of = |count: usize| {
        let statement = Statement {
            detection: &detection,
            level: Level::High,
            record: 0,
            how: Naming::Itself,
            first_seen: (0..count).map(new).collect(),
            sessions: &[],
        };
        judge(&[statement], bench).confidence.to_string()
    };
    let found = [0, 1, 2, 5].map(of);
    assert_eq!(found, ["0.60", "0.75", "0.75", "0.75"]);
}
