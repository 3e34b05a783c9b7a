//! Small intrusions told as detections.

use std::sync::Arc;

use cordon_model::{
    Detection, Entity, EntityKind, Estate, EstateParts, EventId, Evidence, Level, LogRef, Node,
    NodeId, NodeKind, Record, Role, RuleFacts, RuleId, Timestamp,
};

use super::incidents;

fn estate() -> Estate {
    let node = |id: &str, aliases: &[&str]| Node {
        id: NodeId::new(id),
        kind: NodeKind::new("user"),
        name: None,
        aliases: aliases.iter().map(|&a| a.to_owned()).collect(),
        jewel: None,
    };
    Estate::new(EstateParts {
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
    })
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
            clock: Arc::default(),
            source: "test".into(),
            entities,
            fields: Arc::new(Record::new()),
        }],
        matched: Vec::new(),
        group: head.get(4).map(|g| Arc::from(*g)).into_iter().collect(),
    }
}

fn check(lines: &[&str], expect: &str) {
    let detections: Vec<Detection> = lines.iter().map(|line| told(line)).collect();
    let show = |detections: &[Detection]| {
        let rows: Vec<String> = incidents(&estate(), detections)
            .iter()
            .map(|incident| {
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
            })
            .collect();
        rows.join("\n")
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
    let found = incidents(&estate(), &detections);
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
        "a b : WS6=0.84\nc : 10.0.0.1=0.60\nd : 10.0.0.2=0.60",
    );
}
