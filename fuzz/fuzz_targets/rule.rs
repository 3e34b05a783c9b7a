//! The door for rule text: any text is read, compiled and matched without a panic, and matched
//! alike by the fast way and the full evaluation.
#![no_main]

use std::sync::{Arc, LazyLock};

use cordon_detect::RuleSet;
use cordon_event::{Event, LogKind};
use libfuzzer_sys::fuzz_target;

static RECORDS: LazyLock<Vec<Event>> = LazyLock::new(cordon_fuzz::records);

fuzz_target!(|text: &str| {
    let parsed = cordon_fuzz::parsed(text);
    let (set, _) = RuleSet::compile(&parsed.rules, &parsed.correlations);
    let mut both = cordon_fuzz::Both::of(&set);
    for rule in &parsed.rules {
        let source = rule.log_source.clone();
        let kind = Arc::new(LogKind {
            product: source.product,
            service: source.service,
            categories: source.category.into_iter().collect(),
        });
        for record in &*RECORDS {
            let mut record = record.clone();
            record.kind = Arc::clone(&kind);
            both.hits(&record);
        }
    }
});
