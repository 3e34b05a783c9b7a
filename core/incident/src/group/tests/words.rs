//! What analysts and configuration say: marks, thresholds, and where an incident begins.

use std::sync::Arc;

use cordon_model::EntityKind;

use super::{estate, told};
use crate::{Grouping, Incident, Knowledge, Mark, Marked, Says, incidents};

#[test]
fn an_analysts_word_is_the_last() {
    let estate = estate();
    let tom = estate.node_by_id("user:tom").unwrap();
    let mut grouping = Grouping::new(Arc::clone(&estate), Arc::new(Knowledge::default()));
    grouping.add(told(
        r"a critical 0 actor | actor account NG\tom, origin address 10.0.0.1",
    ));
    assert_eq!(grouping.incidents().len(), 1);
    let word = |says| Mark {
        says,
        by: "s.osei".into(),
        at: None,
        why: "called them".into(),
    };
    let tom = Marked::Node(tom);
    grouping.mark(&tom, word(Says::Cleared));
    assert!(grouping.incidents().is_empty());
    let half = cordon_model::Confidence::new(0.5).unwrap();
    grouping.mark(&tom, word(Says::Held(half)));
    let found = grouping.incidents();
    assert_eq!(found[0].held[0].confidence, half);
    assert_eq!(found[0].held[0].mark, Some(word(Says::Held(half))));
}

#[test]
fn what_is_seen_after_something_was_cleared_counts() {
    let tom = Marked::Named(EntityKind::Account, r"NG\stranger".into());
    let lines: Vec<_> = [("a", 0), ("b", 20)]
        .map(|(rule, minute)| {
            let line = r"| actor account NG\stranger, origin address 10.0.0.9";
            told(&format!("{rule} critical {minute} actor {line}"))
        })
        .into();
    let said_at = |minute: i64| Mark {
        says: Says::Cleared,
        by: "s.osei".into(),
        at: Some(lines[0].time.unwrap() + jiff::SignedDuration::from_mins(minute)),
        why: "called them".into(),
    };
    for (minute, rules) in [(-5, 2), (5, 1), (25, 0)] {
        let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
        grouping.mark(&tom, said_at(minute));
        for line in &lines {
            grouping.add(line.clone());
        }
        let grounds = grouping
            .incidents()
            .iter()
            .flat_map(|incident| &incident.held)
            .map(|held| held.grounds.len())
            .sum::<usize>();
        assert_eq!(grounds, rules, "cleared at {minute}");
    }
}

#[test]
fn of_several_words_on_one_thing_the_last_counts() {
    let line = r"a critical 0 actor | actor account NG\tom, origin address 10.0.0.9";
    let estate = estate();
    let by_node = Marked::Node(estate.node_by_id("user:tom").unwrap());
    let by_name = Marked::Named(EntityKind::Account, r"NG\tom".into());
    let word = |says| Mark {
        says,
        by: "s.osei".into(),
        at: None,
        why: "called them".into(),
    };
    let sure = Says::Held(cordon_model::Confidence::new(0.9).unwrap());
    for (first, last) in [(&by_node, &by_name), (&by_name, &by_node)] {
        let mut grouping = Grouping::new(Arc::clone(&estate), Arc::new(Knowledge::default()));
        grouping.add(told(line));
        grouping.mark(first, word(sure));
        grouping.mark(last, word(Says::Cleared));
        assert!(grouping.incidents().is_empty(), "{last:?}");
    }
}

#[test]
fn a_word_on_a_name_outside_the_estate_counts_whenever_it_is_said() {
    let line = r"a critical 0 actor | actor account NG\stranger, origin address 10.0.0.9";
    let cleared = Mark {
        says: Says::Cleared,
        by: "s.osei".into(),
        at: None,
        why: "a penetration test".into(),
    };
    let stranger = Marked::Named(EntityKind::Account, r"NG\stranger".into());
    for before in [true, false] {
        let mut grouping = Grouping::new(estate(), Arc::new(Knowledge::default()));
        if before {
            grouping.mark(&stranger, cleared.clone());
        }
        grouping.add(told(line));
        if !before {
            assert_eq!(grouping.incidents().len(), 1);
            grouping.mark(&stranger, cleared.clone());
        }
        assert!(grouping.incidents().is_empty(), "{before}");
    }
}

#[test]
fn thresholds_are_those_that_are_given() {
    let of = |value: f64| cordon_model::Confidence::new(value).unwrap();
    let judge = |likely: f64, suspected: f64| {
        let knowledge = Knowledge {
            thresholds: cordon_model::Thresholds::new(of(likely), of(suspected)).unwrap(),
            ..Knowledge::default()
        };
        let line = r"a high 0 actor | actor account NG\tom, origin address 10.0.0.1";
        let found = incidents(&estate(), &Arc::new(knowledge), [told(line)]);
        found.first().map(Incident::calls_for_decision)
    };
    assert_eq!(judge(0.8, 0.3), Some(false));
    assert_eq!(judge(0.5, 0.3), Some(true));
    assert_eq!(judge(0.9, 0.7), None);
}

#[test]
fn an_incident_begins_with_what_a_strong_rule_speaks_of() {
    let weak = r"w low 0 actor | actor account NG\tom, origin address 10.0.0.1";
    let strong = r"s critical 300 actor | actor account NG\tom, origin address 10.0.0.1";
    let found = incidents(
        &estate(),
        &Arc::new(Knowledge::default()),
        [told(weak), told(strong)],
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].first, found[0].detections.last().unwrap().time);
}
