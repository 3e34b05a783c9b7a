//! All active rules of `SigmaHQ` compile together, and quickly enough to start with.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "rule sets are found through the environment, and time is what is measured"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use cordon_detect::RuleSet;
use cordon_sigma::parse;
use cordon_text::Source;

/// The folder of rules, or nothing where it may be absent.
fn rules_folder() -> Option<PathBuf> {
    let set = env::var("CORDON_TEST_DATA").ok();
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = Path::new(set.as_deref().unwrap_or(default)).join("sigma-rules");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = set.is_some() || env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!required, "{} is no folder", folder.display());
    eprintln!("SKIPPED: no rules at {}", folder.display());
    None
}

/// Every rule file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of rules can be listed") {
        let path = entry.expect("an entry of it can be read").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "yml") {
            found.push(path);
        }
    }
}

#[test]
fn all_active_rules_compile_together() {
    let Some(folder) = rules_folder() else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
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
