//! Every active rule of `SigmaHQ` is read, or refused for a reason that is known here.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "recordings and rule sets are found through the environment"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use cordon_sigma::parse;
use cordon_text::{Severity, Source};

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
fn every_active_rule_is_read_or_waits_for_a_placeholder() {
    let Some(folder) = rules_folder() else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    let (mut documents, mut refused) = (0, 0);
    let mut codes: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let parsed = parse(&Source::new(path.display().to_string(), text));
        documents += parsed.documents;
        refused += parsed.refused;
        for problem in parsed.report.diagnostics {
            *codes.entry((problem.severity, problem.code)).or_default() += 1;
            let known = ["placeholder-unresolved", "not-a-rule"].contains(&problem.code);
            if !known {
                eprintln!(
                    "{}:{} {} {}",
                    problem.file, problem.span.line, problem.code, problem.message
                );
            }
        }
    }
    eprintln!("{documents} rules, {refused} refused, {codes:?}");
    assert_eq!(documents, 3_780);
    let errors: Vec<_> = codes
        .keys()
        .filter(|key| key.0 == Severity::Error)
        .collect();
    assert_eq!(errors, [&(Severity::Error, "placeholder-unresolved")]);
    assert_eq!(refused, 25);
}
