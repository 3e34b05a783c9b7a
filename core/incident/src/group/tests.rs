//! Small intrusions told as detections.

use std::sync::Arc;

use cordon_model::{
    Alias, Detection, Entity, EntityKind, Estate, EstateParts, EventId, Evidence, Level, LogRef,
    Node, NodeId, NodeKind, Outcome, Record, Role, RuleFacts, RuleId, Timestamp,
};

use super::{Grouping, incidents};
use crate::{Change, Effect, Incident, Knowledge, Noticer, Rate, Uses};

mod law;
mod lodging;
mod usage;
mod words;

fn estate() -> Arc<Estate> {
    let node = |id: &str, aliases: &[&str]| Node {
        id: NodeId::new(id),
        kind: NodeKind::new("user"),
        name: None,
        aliases: aliases.iter().map(|&a| a.to_owned()).collect(),
        jewel: None,
    };
    Arc::new(Estate::new(EstateParts {
        name: "t".to_owned(),
        currency: "GBP".to_owned(),
        nodes: vec![
            node(
                "user:priya",
                &["NG\\pnair", "priya@ng.example", "Priya Nair"],
            ),
            node("user:tom", &["NG\\tom", "tom@ng.example"]),
        ],
        edges: Vec::new(),
        services: Vec::new(),
        steps: Vec::new(),
    }))
}

fn all_at_once(detections: Vec<Detection>) -> Vec<Incident> {
    incidents(&estate(), &Arc::new(Knowledge::default()), detections)
}

fn row(incident: &Incident) -> String {
    let rules: Vec<&str> = incident
        .detections
        .iter()
        .map(|d| d.rule.id.as_str())
        .collect();
    let held: Vec<String> = incident
        .held
        .iter()
        .map(|h| format!("{}={}", h.id, h.confidence))
        .collect();
    format!("{} : {}", rules.join(" "), held.join(" "))
}

/// `rule level minute held; other, other`: entities as `role kind name`.
fn told(line: &str) -> Detection {
    let (head, entities) = line.split_once('|').unwrap();
    let head: Vec<&str> = head.split_whitespace().collect();
    let minute: i64 = head[2].parse().unwrap();
    let time = Some(Timestamp::from_second(1_780_000_000 + minute * 60).unwrap());
    let entities = entities
        .split(',')
        .map(|entity| {
            let mut words = entity.trim().splitn(3, ' ');
            Entity {
                role: Role::from_word(words.next().unwrap()).unwrap(),
                kind: EntityKind::from_word(words.next().unwrap()).unwrap(),
                id: words.next().unwrap().into(),
            }
        })
        .collect();
    let holds = head[3].split('+').filter_map(Role::from_word).collect();
    Detection {
        rule: Arc::new(RuleFacts {
            id: RuleId::new(head[0]),
            title: head[0].to_owned(),
            level: Level::from_word(head[1]).unwrap(),
            tags: Vec::new(),
            holds,
        }),
        time,
        records: vec![Evidence {
            id: EventId::new(format!("{}-{minute}", head[0])),
            log: LogRef {
                path: "a.log".into(),
                record: 1,
            },
            time,
            raw: cordon_model::RawPlace::default(),
            clock: Arc::default(),
            source: "test".into(),
            deed: cordon_model::Deed::default(),
            entities,
            fields: Arc::new(Record::new()),
        }],
        matched: Arc::default(),
        group: head.get(4).map(|g| Arc::from(*g)).into_iter().collect(),
    }
}

fn check(lines: &[&str], expect: &str) {
    let detections: Vec<Detection> = lines.iter().map(|line| told(line)).collect();
    let show = |detections: &[Detection]| {
        let found = all_at_once(detections.to_vec());
        found.iter().map(row).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(show(&detections), expect);
    let backwards: Vec<Detection> = detections.into_iter().rev().collect();
    assert_eq!(
        show(&backwards),
        expect,
        "the order of arrival must not matter"
    );
}

#[test]
fn one_person_under_three_names_is_one_incident() {
    check(
        &[
            "reset high 0 target | actor account agent@desk.example, target account Priya Nair",
            "device high 11 actor | actor account priya@ng.example",
            "group medium 90 actor | actor account NG\\pnair, target account NG\\svc",
        ],
        "reset device group : user:priya=0.89",
    );
}

#[test]
fn two_intrusions_at_once_stay_two() {
    check(
        &[
            "a critical 0 actor | actor account NG\\tom, origin address 10.0.0.1",
            "b critical 1 actor | actor account NG\\pnair, origin address 10.0.0.2",
        ],
        "a : user:tom=0.90\nb : user:priya=0.90",
    );
}

#[test]
fn an_address_that_few_share_joins_and_one_that_many_share_does_not() {
    check(
        &[
            "a critical 0 actor | actor account NG\\tom, origin address 198.51.100.7",
            "b critical 1 actor | actor account NG\\pnair, origin address 198.51.100.7",
        ],
        "a b : user:priya=0.90 user:tom=0.90",
    );
    let lines: Vec<String> = (0..5)
        .map(|n| format!("r critical {n} actor | actor account u{n}, origin address 10.9.9.9"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(
        &lines,
        "r : u0=0.90\nr : u1=0.90\nr : u2=0.90\nr : u3=0.90\nr : u4=0.90",
    );
}

#[test]
fn an_agent_who_resets_many_joins_nobody() {
    check(
        &[
            "reset high 0 target | actor account agent@desk.example, target account u1",
            "reset high 5 target | actor account agent@desk.example, target account u2",
        ],
        "reset : u1=0.60\nreset : u2=0.60",
    );
}

#[test]
fn weak_rules_alone_never_reach_the_acting_threshold() {
    let lines: Vec<String> = (0..40)
        .map(|n| format!("r{n} low {n} actor | actor account NG\\tom"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let detections: Vec<Detection> = lines.iter().map(|line| told(line)).collect();
    let found = all_at_once(detections);
    assert_eq!(found[0].held[0].confidence.to_string(), "0.50");
    assert!(!found[0].calls_for_decision());
}

#[test]
fn one_rule_firing_often_counts_once() {
    check(
        &[
            "r medium 0 actor | actor account NG\\tom",
            "r medium 1 actor | actor account NG\\tom",
            "r medium 2 actor | actor account NG\\tom",
        ],
        "r r r : user:tom=0.30",
    );
}

#[test]
fn a_correlation_holds_whom_it_is_about() {
    check(
        &[
            "chain critical 0 none priya@ng.example | actor account agent@desk.example, \
           target account NG\\pnair",
        ],
        "chain : user:priya=0.90",
    );
}

#[test]
fn informational_detections_alone_are_no_incident() {
    check(
        &["ticket informational 0 target | target account NG\\tom"],
        "",
    );
}

#[test]
fn weak_detections_join_no_two_intrusions() {
    check(
        &[
            "a critical 0 actor | actor account NG\\tom",
            "w low 1 actor+target | actor account NG\\tom, target account NG\\pnair",
            "b critical 2 actor | actor account NG\\pnair",
        ],
        "a w : user:tom=0.91\nb : user:priya=0.90",
    );
}

#[test]
fn a_machine_outside_the_estate_is_one_under_its_short_and_its_full_name() {
    check(
        &[
            "a high 0 host | host host WS6",
            "b high 1 host | host host ws6.shire.example",
            "c high 2 host | host host 10.0.0.1",
            "d high 3 host | host host 10.0.0.2",
        ],
        "a b : ws6.shire.example=0.80\nc : 10.0.0.1=0.60\nd : 10.0.0.2=0.60",
    );
}

#[test]
fn a_correlation_that_nothing_ties_joins_nobody_and_is_worth_less() {
    let mut untied = told("chain critical 2 actor | actor account u1");
    let other = told("chain critical 3 actor | actor account u2");
    untied.records.extend(other.records);
    let found = all_at_once(vec![
        told("a critical 0 actor | actor account u1"),
        told("b critical 1 actor | actor account u2"),
        untied.clone(),
    ]);
    let rows: Vec<String> = found.iter().map(row).collect();
    assert_eq!(rows, ["a : u1=0.90", "b chain : u2=0.96"]);
    // What all its records name ties them.
    let host = Entity {
        role: Role::Host,
        kind: EntityKind::Host,
        id: "h".into(),
    };
    for record in &mut untied.records {
        record.entities.push(host.clone());
    }
    let found = all_at_once(vec![
        told("a critical 0 actor | actor account u1"),
        told("b critical 1 actor | actor account u2"),
        untied,
    ]);
    assert_eq!(found.len(), 1);
}

#[test]
fn what_somebody_held_does_joins_also_when_nobody_says_that_they_hold_it_there() {
    check(
        &[
            "chain critical 0 actor | actor account u1",
            "look medium 30 actor | actor account u1",
            "tool critical 120 host | actor account u1, host host h",
        ],
        "chain look tool : u1=0.93 h=0.90",
    );
}

/// What is known where one rule was measured and is rare.
fn rare(rules: &[&str]) -> Arc<Knowledge> {
    let rates = rules.iter().map(|rule| {
        let rate = Rate { per_day: 0.1 };
        (RuleId::new(*rule), rate)
    });
    Arc::new(Knowledge {
        rates: rates.collect(),
        ..Knowledge::default()
    })
}

#[test]
fn what_a_rare_rule_sees_again_of_the_same_actor_within_the_hour_belongs_together() {
    let lines = [
        "ask low 0 target | actor account agent, target account u1",
        "ask low 20 target | actor account agent, target account u2",
        "ask low 40 target | actor account agent, target account u3",
        "ask low 200 target | actor account agent, target account u4",
        "taken critical 50 actor | actor account u3",
    ];
    let all = || lines.iter().map(|line| told(line));
    let known = incidents(&estate(), &rare(&["ask"]), all());
    let rows: Vec<String> = known.iter().map(row).collect();
    assert_eq!(rows, ["ask ask ask taken : u3=0.91"]);
    let unknown = all_at_once(all().collect());
    assert_eq!(row(&unknown[0]), "ask taken : u3=0.91");
}

#[test]
fn what_two_medium_rules_share_joins_for_a_day_and_what_two_critical_ones_share_for_three() {
    for (level, hours, together) in [
        ("medium", 24, true),
        ("medium", 30, false),
        ("critical", 70, true),
        ("critical", 76, false),
    ] {
        let lines = [
            format!("a {level} 0 actor | actor account u1"),
            format!("b {level} {} actor | actor account u1", hours * 60),
        ];
        let detections = lines.iter().map(|line| told(line)).collect();
        let found = all_at_once(detections);
        let last = found.last().unwrap();
        assert_eq!(last.detections.len() == 2, together, "{level} {hours}");
    }
}

#[test]
fn a_session_that_everybody_turns_out_to_use_parts_what_it_joined() {
    let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
    grouping.add(told(
        "a critical 0 actor | actor account u1, means session s",
    ));
    grouping.add(told(
        "b critical 5 actor | actor account u2, means session s",
    ));
    let joined = grouping.incidents();
    assert_eq!(joined.len(), 1);
    assert_eq!(&*joined[0].bonds[0].id, "s");
    for n in 3..9 {
        let line = format!("w informational {n} actor | actor account u{n}, means session s");
        grouping.add(told(&line));
    }
    let parted = grouping.incidents();
    assert_eq!(parted.len(), 2);
    assert_eq!(parted[0].too_common[0].accounts, 8);
    let changes = grouping.take_changes();
    let [
        Change::Split {
            from,
            into,
            because,
        },
    ] = changes.as_slice()
    else {
        unreachable!("{changes:?}");
    };
    assert_eq!((from, into.len()), (&joined[0].id, 2));
    assert_eq!(&*because[0].id, "s");
}

#[test]
fn incidents_that_turn_out_to_be_one_persons_are_merged_and_it_is_said_why() {
    let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
    grouping.add(told(r"a critical 0 actor | actor account A\x"));
    grouping.add(told("b critical 5 actor | actor account S-1-5-21-1"));
    assert_eq!(grouping.incidents().len(), 2);
    grouping.learn(&Alias {
        kind: EntityKind::Account,
        name: r"A\x".into(),
        other: "S-1-5-21-1".into(),
    });
    let merged = grouping.incidents();
    assert_eq!(merged.len(), 1);
    assert_eq!(row(&merged[0]), r"a b : A\x=0.99");
    assert_eq!(merged[0].held[0].names.len(), 2);
    let changes = grouping.take_changes();
    assert!(matches!(changes.as_slice(), [Change::Merged { from, .. }] if from.len() == 2));
}

#[test]
fn every_belief_says_which_records_raised_it() {
    let lines = [
        "chain critical 9 none u1 | actor account u1",
        "r high 0 actor | actor account u1",
        "r high 3 actor | actor account u1",
    ];
    let found = all_at_once(lines.iter().map(|line| told(line)).collect());
    let grounds = &found[0].held[0].grounds;
    assert_eq!(grounds.len(), 2);
    assert_eq!(grounds[0].detection.records[0].id.as_str(), "chain-9");
    assert!(matches!(grounds[1].effect, Effect::Raised(..)));
    assert_eq!(grounds[1].times, 2);
}

/// What events say in which these are named.
fn uses(lines: &[String]) -> Uses {
    let mut noticer = Noticer::default();
    for line in lines {
        let event = told(&format!("x low 0 none | {line}"));
        noticer.take(&event.records[0].entities, None, Outcome::default);
    }
    noticer.give()
}
