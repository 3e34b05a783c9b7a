//! Every active rule of `SigmaHQ` is read, or refused for a reason that is known here.
#![expect(
    clippy::disallowed_methods,
    reason = "public rules lie in files beside the workspace"
)]

use std::{collections::BTreeMap, fs};

use cordon_recordings::{files_ending, recording};
use cordon_sigma::{Placeholders, parse, parse_pipeline, parse_with, transform};
use cordon_text::Source;

#[test]
fn every_active_rule_is_read_or_waits_for_a_placeholder() {
    let Some(folder) = recording("sigma-rules") else {
        return;
    };
    let paths = files_ending(&folder, ".yml");
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
    let Some(folder) = recording("sigma-rules") else {
        return;
    };
    let mut paths = files_ending(&folder.join("rules-placeholder"), ".yml");
    paths.extend(files_ending(&folder.join("rules"), ".yml"));
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

#[test]
fn a_pipeline_that_changes_nothing_leaves_every_active_rule_as_it_was() {
    let Some(folder) = recording("sigma-rules") else {
        return;
    };
    let text = "transformations: [ { type: set_state, key: k, val: v } ]";
    let (pipeline, _) = parse_pipeline(&Source::new("p.yml", text));
    let pipeline = pipeline.unwrap();
    let mut passed = 0;
    for path in &files_ending(&folder, ".yml") {
        let text = fs::read_to_string(path).unwrap();
        let rules = parse(&Source::new(path.display().to_string(), text)).rules;
        for pipelines in [&[][..], std::slice::from_ref(&pipeline)] {
            let done = transform(pipelines, rules.clone(), Vec::new());
            assert_eq!((done.refused, &done.rules), (0, &rules));
        }
        passed += rules.len();
    }
    assert_eq!(passed, 3_755);
}
