//! Services that do part of what was asked, and cuts that leave something alive.

use cordon_act::{Act, Answer, Standing};
use cordon_model::Value;

use crate::{
    SECRET, call, captured, connect, definition, effect,
    mock::{Fault, Mock},
    standing,
    vendors::{Vendor, vendors},
};

fn vendor(connector: &str, action: &str) -> Vendor {
    let mut all = vendors().into_iter();
    all.find(|vendor| (vendor.connector, vendor.action) == (connector, action))
        .unwrap()
}

#[test]
fn every_action_of_every_definition_has_a_mock() {
    for name in vendors().iter().map(|vendor| vendor.connector) {
        let page = definition(name).page();
        assert!(page.contains("Tested against a mock"), "{name}");
        for line in page.lines() {
            let action = line
                .strip_prefix("## `")
                .and_then(|rest| rest.strip_suffix('`'));
            let tried = |action: &str| {
                let mut all = vendors().into_iter();
                all.any(|vendor| (vendor.connector, vendor.action) == (name, action))
            };
            assert!(action.is_none_or(tried), "{name}: {line}");
        }
    }
}

#[test]
fn half_of_what_was_asked_is_a_doubt_that_says_so_and_is_made_whole() {
    let vendor = vendor("panos", "tag-address");
    let mock = Mock::serve(vendor.state.clone(), vendor.answer);
    let connector = connect(&vendor, &mock, SECRET);
    let effect = effect(&vendor, &connector);
    let prior = captured(&connector, &effect);
    mock.next(Fault::Pass);
    mock.next(Fault::Refuse);
    let Answer::Unknown { why } = call(&connector, &effect, Act::Do, &prior) else {
        panic!("half of it was done");
    };
    assert!(
        why.starts_with("1 of 2 requests were taken, then: 403"),
        "{why}"
    );
    assert_eq!(standing(&connector, &effect, &prior), Standing::Other);
    let probed = call(&connector, &effect, Act::Probe, &prior);
    assert!(matches!(probed, Answer::NotYet { .. }), "{probed:?}");
    assert_eq!(call(&connector, &effect, Act::Do, &prior), Answer::Accepted);
    assert_eq!(
        call(&connector, &effect, Act::Probe, &prior),
        Answer::Effective
    );
}

/// Leaves something alive.
type Survive = fn(&mut Value);

#[test]
fn a_session_or_a_right_that_survives_the_cut_is_seen_by_the_probe() {
    let survives: [(&str, &str, Survive); 3] = [
        ("fortigate", "ban-address", |state| {
            state["sessions"] = vec!["10.1.2.3"].into();
        }),
        ("panos", "tag-address", |state| state["sessions"] = 1.into()),
        ("entra", "remove-from-group", |state| {
            state["nested"] = true.into();
        }),
    ];
    for (connector, action, survive) in survives {
        let vendor = vendor(connector, action);
        let mock = Mock::serve(vendor.state.clone(), vendor.answer);
        let connector = connect(&vendor, &mock, SECRET);
        let effect = effect(&vendor, &connector);
        let prior = captured(&connector, &effect);
        assert_eq!(call(&connector, &effect, Act::Do, &prior), Answer::Accepted);
        assert_eq!(
            call(&connector, &effect, Act::Probe, &prior),
            Answer::Effective
        );
        mock.edit(survive);
        let probed = call(&connector, &effect, Act::Probe, &prior);
        assert!(
            matches!(probed, Answer::NotYet { .. }),
            "{action}: {probed:?}"
        );
    }
}

#[test]
fn facts_that_a_definition_names_are_kept_and_one_that_cannot_be_had_does_not_stop_the_cut() {
    let vendor = vendor("entra", "disable-user");
    let mock = Mock::serve(vendor.state.clone(), vendor.answer);
    let connector = connect(&vendor, &mock, SECRET);
    let mut effect = effect(&vendor, &connector);
    let evidence = |answer| {
        let Answer::Captured { evidence, .. } = answer else {
            panic!("{answer:?}");
        };
        let names = |keys: Vec<&String>| keys.into_iter().cloned().collect::<Vec<_>>();
        (
            names(evidence.taken.keys().collect()),
            names(evidence.skipped.keys().collect()),
        )
    };
    let all = call(&connector, &effect, Act::Capture, &Value::Null);
    assert_eq!(
        evidence(all),
        (vec!["sessions".into(), "tokens".into()], vec![])
    );
    mock.edit(|state| state["deaf"] = true.into());
    // Shorter than the three seconds that evidence has, so that the test is.
    effect.patience.answer_ms = 1_500;
    let some = call(&connector, &effect, Act::Capture, &Value::Null);
    let Answer::Captured { evidence: kept, .. } = &some else {
        panic!("{some:?}");
    };
    assert!(
        kept.skipped["sessions"].starts_with("skipped for speed"),
        "{kept:?}"
    );
    assert_eq!(kept.taken.len() + kept.skipped.len(), 2, "{kept:?}");
}
