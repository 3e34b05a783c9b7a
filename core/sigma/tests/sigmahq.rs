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

use cordon_sigma::{Placeholders, parse, parse_with};
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
fn every_active_rule_is_read_or_waits_for_a_placeholder() {
    let Some(folder) = rules_folder() else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    let (mut documents, mut refused, mut read) = (0, 0, 0);
    let mut codes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let parsed = parse(&Source::new(path.display().to_string(), text));
        documents += parsed.documents;
        refused += parsed.refused;
        read += parsed.rules.len();
        for problem in parsed.report.diagnostics {
            let kind = (problem.severity.word(), problem.code);
            *codes.entry(kind).or_default() += 1;
        }
    }
    // The specification has rules with an unresolved placeholder refused. The note is about a list of
    // log sources that lies beside the rules.
    let expect = [
        (("error", "placeholder-unresolved"), 35),
        (("note", "not-a-rule"), 1),
    ];
    assert_eq!(codes, BTreeMap::from(expect));
    assert_eq!((documents, refused, read), (3_780, 25, 3_755));
}

#[test]
fn with_values_for_its_placeholders_no_active_rule_is_refused() {
    let Some(folder) = rules_folder() else { return };
    let mut paths = Vec::new();
    files(&folder.join("rules-placeholder"), &mut paths);
    files(&folder.join("rules"), &mut paths);
    let mut refused = 0;
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let source = Source::new(path.display().to_string(), text);
        let mut placeholders = Placeholders::none();
        for problem in parse(&source).report.diagnostics {
            let name = problem.message.split('%').nth(1);
            if let Some(name) = name.filter(|_| problem.code == "placeholder-unresolved") {
                placeholders.set(name, vec!["value-1".to_owned(), "value-2".to_owned()]);
            }
        }
        refused += parse_with(&source, &placeholders).refused;
    }
    assert_eq!(refused, 0);
}
