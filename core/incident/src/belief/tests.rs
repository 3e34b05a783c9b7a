//! What statements add up to.

use std::sync::Arc;

use cordon_model::{
    Detection, EventId, Evidence, Level, LogRef, Record, RuleFacts, RuleId, Timestamp,
};

use super::{Bench, Effect, Rate, Rates, Statement, judge};
use crate::Naming;

/// `rule level day record,record`.
fn detection(line: &str) -> Detection {
    let words: Vec<&str> = line.split(' ').collect();
    let day: i64 = words[2].parse().unwrap();
    let time = Some(Timestamp::from_second(1_780_000_000 + day * 86_400).unwrap());
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
        matched: Vec::new(),
        group: Vec::new(),
    }
}

/// The belief, and each rule with its effect.
fn check(lines: &[&str], usual: &[(&str, f64)], expect: &str) {
    let detections: Vec<Arc<Detection>> = lines.iter().map(|line| detection(line).into()).collect();
    let rates = usual.iter().map(|(rule, per_day)| {
        let rate = Rate { per_day: *per_day };
        (RuleId::new(*rule), rate)
    });
    let rates: Rates = rates.collect();
    let bench = Bench {
        rates: &rates,
        now: detections.iter().filter_map(|d| d.time).max(),
    };
    let statements = |detections: &'_ [Arc<Detection>]| {
        let judged = |d| Statement {
            detection: d,
            level: d.rule.level,
            record: 0,
            how: Naming::Itself,
            first_seen: Vec::new(),
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
fn evidence_fades() {
    check(
        &["a critical 0 r1", "b low 14 r2"],
        &[],
        "0.83: ax1 0.00-0.82, bx1 0.82-0.83",
    );
    check(
        &["a critical 0 r1", "b informational 56 r2"],
        &[],
        "0.37: ax1 0.00-0.36, bx1 0.36-0.37",
    );
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
        })
        .collect();
    let rates = Rates::default();
    let bench = Bench {
        rates: &rates,
        now: None,
    };
    let judged = judge(&statements, bench);
    assert_eq!(judged.confidence.to_string(), "0.50");
    assert!(judged.grounds.iter().any(|g| g.effect == Effect::Enough));
}

#[test]
fn what_is_new_of_an_entity_raises_a_word_and_no_more_than_two_things_count() {
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
        now: None,
    };
    let of = |count: usize| {
        let statement = Statement {
            detection: &detection,
            level: Level::High,
            record: 0,
            how: Naming::Itself,
            first_seen: (0..count).map(new).collect(),
        };
        judge(&[statement], bench).confidence.to_string()
    };
    let found = [0, 1, 2, 5].map(of);
    assert_eq!(found, ["0.60", "0.75", "0.86", "0.86"]);
}
