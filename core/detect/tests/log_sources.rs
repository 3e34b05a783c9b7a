//! Which events a rule sees, and what it says of itself.

use std::sync::Arc;

use cordon_detect::{RuleIx, RuleSet, Screener};
use cordon_event::{Event, LogKind};
use cordon_model::Role;
use cordon_sigma::parse;
use cordon_text::Source;
use serde_json::json;

#[test]
fn a_rule_sees_only_events_of_its_log() {
    let kind = |product: &str, service: &str, categories: &[&str]| LogKind {
        product: (!product.is_empty()).then(|| Arc::from(product)),
        service: (!service.is_empty()).then(|| Arc::from(service)),
        categories: categories.iter().map(|c| Arc::from(*c)).collect(),
    };
    let sysmon = kind("windows", "sysmon", &["process_creation"]);
    let both = kind("windows", "security", &["process_creation", "other"]);
    for (source, event_kind, expect) in [
        (
            "{ product: windows, category: process_creation }",
            &sysmon,
            true,
        ),
        (
            "{ product: Windows, category: process_creation }",
            &both,
            true,
        ),
        ("{ category: process_creation }", &sysmon, true),
        ("{ product: windows }", &sysmon, true),
        ("{ product: windows, service: security }", &sysmon, false),
        (
            "{ product: windows, service: sysmon, category: file_event }",
            &sysmon,
            false,
        ),
        (
            "{ product: linux, category: process_creation }",
            &sysmon,
            false,
        ),
        ("{ product: windows }", &kind("", "sysmon", &[]), false),
        ("{ category: process_creation }", &kind("", "", &[]), false),
    ] {
        let text = format!(
            "title: t\nlogsource: {source}\ndetection:\n  sel: {{ EventID: 1 }}\n  condition: sel\n"
        );
        let (set, _) = RuleSet::compile(parse(&Source::new("r.yml", text)).rules, []);
        let event = Event::of_fields(event_kind.clone(), json!({"EventID": 1}));
        let found = Screener::new(&set).screen(&event, &|_| Vec::new());
        assert_eq!(found.is_some(), expect, "{source} on {event_kind:?}");
    }
}

#[test]
fn a_rule_set_is_shared_among_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&RuleSet::compile([], []).0);
}

#[test]
fn a_rule_says_whom_the_intruder_holds_or_means_the_actor() {
    for (source, said, expect) in [
        ("product: okta", "", vec![Role::Actor]),
        ("product: windows, service: security", "", vec![Role::Actor]),
        (
            "product: windows, category: process_creation",
            "",
            vec![Role::Actor, Role::Host],
        ),
        (
            "product: windows, service: sysmon",
            "",
            vec![Role::Actor, Role::Host],
        ),
        (
            "product: windows",
            "cordon: { holds: [target, means] }",
            vec![Role::Target, Role::Means],
        ),
        ("product: okta", "cordon: { holds: [] }", vec![]),
    ] {
        let text = format!(
            "title: t\nlogsource: {{ {source} }}\n{said}\n\
             detection: {{ sel: {{ f: 1 }}, condition: sel }}\n"
        );
        let (set, _) = RuleSet::compile(parse(&Source::new("r.yml", text)).rules, []);
        assert_eq!(set.facts(RuleIx(0)).holds, expect, "{source} {said}");
    }
}
