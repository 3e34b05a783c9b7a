//! The built-in rules beside public ones for the same logs, as a list of behaviours: for each public rule
//! about identities in Okta, `OneLogin`, Duo, Entra ID and AWS there is a record that it sees and that one
//! of ours tells of.
//!
//! The records are those beside our rules. What no rule of ours is for stands in `public.json` with its
//! reason, and nothing stands there that is covered or does not exist.

#![expect(
    clippy::unwrap_used,
    reason = "a table or a rule that cannot be read fails the test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_detect::{RuleSet, Screener, example_record, tell};
use cordon_event::Event;
use cordon_sigma::{Pipeline, Rule, parse, parse_pipeline, transform};
use cordon_sim::texts;
use cordon_text::Source;

/// Folders of public rules, each with the domain of ours for the same log.
const FOLDERS: [(&str, &str); 8] = [
    ("identity/okta", "okta"),
    ("identity/onelogin", "onelogin"),
    ("identity/cisco_duo", "duo"),
    ("cloud/azure/audit_logs", "entra"),
    ("cloud/azure/signin_logs", "entra"),
    ("cloud/azure/identity_protection", "entra"),
    ("cloud/azure/privileged_identity_management", "entra"),
    ("cloud/aws/cloudtrail", "aws"),
];

fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content")
}

fn pack() -> Arc<RuleSet> {
    let (mut rules, mut correlations) = (Vec::new(), Vec::new());
    for source in &texts(&content()).unwrap().rules {
        let parsed = parse(source);
        rules.extend(parsed.rules);
        correlations.extend(parsed.correlations);
    }
    Arc::new(RuleSet::compile(rules, correlations).0)
}

fn pipeline() -> Pipeline {
    let text = fs::read_to_string(content().join("pipelines/entra.yml")).unwrap();
    parse_pipeline(&Source::new("entra.yml", text)).0.unwrap()
}

/// The records on which rules of a domain must fire that the pack tells of, each alone.
fn told(domain: &str, pack: &Arc<RuleSet>) -> Vec<Event> {
    let folder = content().join("rules").join(domain);
    let mut events = Vec::new();
    for path in cordon_recordings::files_ending(&folder, "fires.ndjson") {
        let text = fs::read_to_string(&path).unwrap();
        let at = Arc::from(path.to_string_lossy().as_ref());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (event, _) = example_record(&at, line).unwrap();
            let alone = std::slice::from_ref(&event);
            if !tell(pack, alone, Arc::new(|name| Arc::from(name))).is_empty() {
                events.push(event);
            }
        }
    }
    events
}

fn sees(rule: Rule, events: &[Event]) -> bool {
    let (set, _) = RuleSet::compile(vec![rule], []);
    let mut screener = Screener::new(&set);
    events
        .iter()
        .any(|event| screener.screen(event, &|_| Vec::new()).is_some())
}

#[test]
fn each_public_rule_about_identities_has_one_of_ours_or_a_reason() {
    let Some(root) = cordon_recordings::recording("sigma-rules/rules") else {
        return;
    };
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/public.json");
    let reasons: BTreeMap<String, String> =
        serde_json::from_str(&fs::read_to_string(table).unwrap()).unwrap();
    let (pack, pipeline) = (pack(), pipeline());
    let domains: BTreeSet<_> = FOLDERS.iter().map(|(_, domain)| *domain).collect();
    let records: BTreeMap<_, _> = domains
        .into_iter()
        .map(|domain| (domain, told(domain, &pack)))
        .collect();
    let (mut covered, mut wrong) = (0_usize, Vec::new());
    let mut known = BTreeSet::new();
    for (folder, domain) in FOLDERS {
        for path in cordon_recordings::files_ending(&root.join(folder), ".yml") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let rules = parse(&Source::new(name.clone(), text)).rules;
            let rules = transform(std::slice::from_ref(&pipeline), rules, Vec::new()).rules;
            let events = &records[domain];
            let met = !rules.is_empty() && rules.into_iter().all(|rule| sees(rule, events));
            covered += usize::from(met);
            match (met, reasons.get(&name)) {
                (true, Some(_)) => wrong.push(format!("{name}: covered, and excused")),
                (false, None) => wrong.push(format!("{name}: not covered")),
                (true, None) | (false, Some(_)) => {}
            }
            known.insert(name);
        }
    }
    for name in reasons.keys().filter(|name| !known.contains(*name)) {
        wrong.push(format!("{name}: there is no such rule"));
    }
    assert!(wrong.is_empty(), "{covered} covered\n{}", wrong.join("\n"));
    assert!(covered > 100, "{covered} covered");
}
