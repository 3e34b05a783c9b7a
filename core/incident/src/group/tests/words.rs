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
