//! The door for logs in text: no record of any bytes is lost, and what they become is matched alike
//! by the fast way and the full evaluation.
#![no_main]

use std::sync::LazyLock;

use cordon_detect::RuleSet;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(cordon_fuzz::rules);

fuzz_target!(|bytes: &[u8]| {
    let mut both = cordon_fuzz::Both::of(&RULES);
    for event in cordon_fuzz::events(bytes) {
        both.hits(&event);
    }
});
