//! All active rules of `SigmaHQ` compile together, and quickly enough to start with.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "public rules lie in files beside the workspace, and time is what is measured"
)]

use std::{fs, path::PathBuf, time::Instant};

use cordon_detect::RuleSet;
use cordon_recordings::{files_ending, recording};
use cordon_sigma::parse;
use cordon_text::Source;

#[test]
fn all_active_rules_compile_together() {
    let Some(folder) = recording("sigma-rules") else {
        return;
    };
    let paths = files_ending(&folder, ".yml");
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a rule file is text");
        Source::new(path.display().to_string(), text)
    };
    let sources: Vec<_> = paths.iter().map(read).collect();
    let begun = Instant::now();
    let rules: Vec<_> = sources
        .iter()
        .flat_map(|source| parse(source).rules)
        .collect();
    let parsed = begun.elapsed();
    let compiling = Instant::now();
    let (set, report) = RuleSet::compile(&rules, []);
    let compiled = compiling.elapsed();
    eprintln!(
        "{} rules: read in {parsed:?}, compiled in {compiled:?}",
        set.len()
    );
    let told: Vec<_> = report
        .diagnostics
        .iter()
        .map(|d| (&d.file, d.code))
        .collect();
    assert_eq!(told, []);
    assert_eq!(set.len(), 3_780 - 25);
}
