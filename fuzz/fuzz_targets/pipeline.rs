//! The door for pipelines: any text is read and applied to rules of every kind without a panic, and
//! what becomes of the rules is matched alike by the fast way and the full evaluation.
#![no_main]

use std::sync::LazyLock;

use cordon_detect::RuleSet;
use cordon_event::Event;
use cordon_sigma::{Parsed, parse_pipeline, transform};
use cordon_text::Source;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<Parsed> = LazyLock::new(cordon_fuzz::read_rules);
static RECORDS: LazyLock<Vec<Event>> = LazyLock::new(cordon_fuzz::records);

fuzz_target!(|text: &str| {
    let (pipeline, report) = parse_pipeline(&Source::new("fuzzed.yml", text));
    let Some(pipeline) = pipeline else {
        assert!(
            report.has_errors(),
            "a pipeline was refused and nobody was told why"
        );
        return;
    };
    let done = transform(&[pipeline], RULES.rules.clone(), RULES.correlations.clone());
    assert!(
        done.refused == 0 || done.report.has_errors(),
        "a rule was refused and nobody was told why"
    );
    let (set, _) = RuleSet::compile(&done.rules, &done.correlations);
    let mut both = cordon_fuzz::Both::of(&set);
    for record in &*RECORDS {
        both.hits(record);
    }
});
