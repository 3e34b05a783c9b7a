//! The door for logs in text, whatever they look like: the first byte names the format that the rest is
//! read as, so that every reader meets every input.
#![no_main]

use std::sync::LazyLock;

use cordon_detect::RuleSet;
use cordon_event::{LogFormat, SourceSettings};
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(cordon_fuzz::rules);

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    // One more than there are formats leaves the choice to the content.
    let chosen = usize::from(*first) % (LogFormat::ALL.len() + 1);
    let settings = SourceSettings {
        format: LogFormat::ALL.get(chosen).copied(),
        ..SourceSettings::default()
    };
    let mut both = cordon_fuzz::Both::of(&RULES);
    for event in cordon_fuzz::events_of(rest, settings) {
        both.hits(&event);
    }
});
