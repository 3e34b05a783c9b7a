//! The door for Windows event logs: a chunk of any bytes behind a sound header is read without a
//! panic, and none of its records is lost.
#![no_main]

use std::sync::LazyLock;

use cordon_detect::RuleSet;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(cordon_fuzz::rules);

/// A file's header is a block of this size.
const HEADER_BYTES: usize = 4096;

fuzz_target!(|chunk: &[u8]| {
    let mut file = b"ElfFile\0".to_vec();
    file.resize(HEADER_BYTES, 0);
    file.extend_from_slice(chunk);
    let mut both = cordon_fuzz::Both::of(&RULES);
    for event in cordon_fuzz::events(&file) {
        both.hits(&event);
    }
});
