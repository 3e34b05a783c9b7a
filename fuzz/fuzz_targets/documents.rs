//! The door for correlations and filters: any text behind two rules is linked and fed.
#![no_main]

use std::sync::{Arc, LazyLock};

use cordon_detect::{Correlator, RuleSet};
use cordon_event::Event;
use cordon_sigma::apply_filters;
use libfuzzer_sys::fuzz_target;

const RULES: &str = "title: One\nid: 00000000-0000-4000-8000-000000000001\nname: one\n\
    logsource: { product: fuzzed }\ndetection: { s: { a|contains: a }, condition: s }\n---\n\
    title: Two\nname: two\nlogsource: { product: fuzzed }\n\
    detection: { s: { f|gt: 1 }, condition: s }\n---\n";

static RECORDS: LazyLock<Vec<Event>> = LazyLock::new(cordon_fuzz::records);

fuzz_target!(|text: &str| {
    let parsed = cordon_fuzz::parsed(&format!("{RULES}{text}"));
    let rules = apply_filters(parsed.rules, &parsed.filters, &parsed.correlations).rules;
    let (set, _) = RuleSet::compile(&rules, &parsed.correlations);
    let set = Arc::new(set);
    let canonical = Arc::new(|name: &str| Arc::from(name));
    let mut correlator = Correlator::new(Arc::clone(&set), canonical);
    let mut both = cordon_fuzz::Both::of(&set);
    for record in &*RECORDS {
        for hit in both.hits(record) {
            correlator.observe(&hit);
        }
    }
});
