//! The built-in rules beside the verdicts of another product's rules, on records in their real shapes.
//!
//! `labelled.json` says which of our rules covers what each of theirs is about, and why where none does.
//! A record that theirs holds to be a hit must make one of those speak, and one that it holds to be none must make none
//! of them speak; whatever comes out otherwise stands in the table with its reason, and nothing stands
//! there that is not so. What is told counts, not what matches: a rule that only feeds chains covers
//! nothing. `INSTA_UPDATE=always` writes the page anew.

#![expect(
    clippy::unwrap_used,
    reason = "a table or a recording that cannot be read fails the test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_detect::{RuleSet, example_record, tell};
use cordon_sim::texts;
use serde::Deserialize;
use serde_json::Value;

/// The logs whose cases must be covered.
const LOGS: [&str; 14] = [
    "Okta.SystemLog",
    "Azure.Audit",
    "Azure.MonitorActivity",
    "Microsoft365.Audit.AzureActiveDirectory",
    "Microsoft365.Audit.Exchange",
    "OneLogin.Events",
    "Duo.Administrator",
    "Duo.Authentication",
    "AWS.CloudTrail",
    "Zendesk.Audit",
    "Crowdstrike.EventStreams",
    "Atlassian.Audit",
    "Slack.AuditLogs",
    "Zoom.Operation",
];

#[derive(Deserialize)]
struct Case {
    log_type: String,
    rule: String,
    test: String,
    expected: bool,
    log: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rules: Vec<Row>,
    /// Cases that come out otherwise than their label says.
    cases: Vec<Exception>,
    /// Our rules that speak of records labelled false for another topic, and why.
    others: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    log: String,
    theirs: String,
    #[serde(default)]
    ours: Vec<String>,
    /// Why none of ours covers it.
    #[serde(default)]
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    log: String,
    theirs: String,
    test: String,
    why: String,
}

/// What our rules told of a case.
struct Told {
    case: Case,
    names: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn table() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/labelled.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The built-in rules, and their names by their ids.
fn pack() -> (Arc<RuleSet>, BTreeMap<String, String>) {
    let sources = texts(&root().join("content")).unwrap().rules;
    let (mut rules, mut correlations) = (Vec::new(), Vec::new());
    for source in &sources {
        let parsed = cordon_sigma::parse(source);
        rules.extend(parsed.rules);
        correlations.extend(parsed.correlations);
    }
    let headers = rules.iter().map(|rule| &rule.header);
    let headers = headers.chain(correlations.iter().map(|c| &c.header));
    let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
    let names = headers
        .map(|header| (text(&header.id), text(&header.name)))
        .collect();
    (Arc::new(RuleSet::compile(rules, correlations).0), names)
}

/// Every case of those logs, with what our rules tell of it.
fn told(cases: &str) -> Vec<Told> {
    let (rules, names) = pack();
    let read = |line| serde_json::from_str(line).unwrap();
    let cases = cases.lines().map(read);
    let of_interest = |case: &Case| LOGS.contains(&case.log_type.as_str());
    let told = |case: Case| {
        let at = Arc::from(case.test.as_str());
        let (event, _) = example_record(&at, &case.log.to_string()).unwrap();
        let told = tell(&rules, &[event], Arc::new(|name| Arc::from(name)));
        let names = told
            .iter()
            .filter_map(|detection| names.get(detection.rule.id.as_str()).cloned())
            .collect();
        Told { case, names }
    };
    cases.filter(of_interest).map(told).collect()
}

impl Row {
    fn covers(&self, case: &Case) -> bool {
        self.log == case.log_type && self.theirs == case.rule
    }
}

impl Exception {
    fn is_of(&self, case: &Case) -> bool {
        self.log == case.log_type && self.theirs == case.rule && self.test == case.test
    }
}

impl Told {
    /// Whether a rule of ours that covers the topic speaks.
    fn speaks(&self, row: &Row) -> bool {
        row.ours.iter().any(|name| self.names.contains(name))
    }

    /// Our rules that speak and are not about the topic.
    fn others(&self, row: &Row) -> impl Iterator<Item = &String> {
        self.names.iter().filter(|name| !row.ours.contains(*name))
    }
}

#[test]
fn each_label_is_met_or_has_its_reason_and_no_reason_is_stale() {
    let Some(path) = cordon_recordings::recording("identity/labelled-events.jsonl") else {
        return;
    };
    let table = table();
    let told = told(&fs::read_to_string(path).unwrap());
    let (_, names) = pack();
    let names: BTreeSet<_> = names.into_values().collect();
    let mut wrong = Vec::new();
    let (mut needed, mut others) = (vec![false; table.cases.len()], BTreeSet::new());
    for told in &told {
        let case = &told.case;
        let at = format!("{} {}: {}", case.log_type, case.rule, case.test);
        let Some(row) = table.rules.iter().find(|row| row.covers(case)) else {
            wrong.push(format!("{at}: not in the table"));
            continue;
        };
        let met = row.ours.is_empty() || told.speaks(row) == case.expected;
        let excused = table.cases.iter().position(|known| known.is_of(case));
        match (met, excused) {
            (true, Some(_)) => wrong.push(format!("{at}: has a reason and needs none")),
            (false, None) => wrong.push(format!("{at}: {} {:?}", case.expected, told.names)),
            (true, None) => {}
            (false, Some(place)) => needed
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|n| *n = true),
        }
        if !case.expected {
            others.extend(told.others(row).cloned());
        }
    }
    for (known, needed) in table.cases.iter().zip(needed) {
        if !needed || known.why.is_empty() {
            wrong.push(format!(
                "{}: {}: a reason for nothing",
                known.theirs, known.test
            ));
        }
    }
    for row in &table.rules {
        let seen = told.iter().any(|told| row.covers(&told.case));
        let known = row.ours.iter().all(|name| names.contains(name));
        if !seen || !known || row.ours.is_empty() == row.why.is_empty() {
            wrong.push(format!("{} {}: the row is wrong", row.log, row.theirs));
        }
    }
    let explained: BTreeSet<_> = table.others.keys().cloned().collect();
    for name in others.symmetric_difference(&explained) {
        wrong.push(format!(
            "{name}: speaks of records labelled false, or is said to"
        ));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_page_says_what_the_table_and_the_records_say() {
    let Some(path) = cordon_recordings::recording("identity/labelled-events.jsonl") else {
        return;
    };
    let page = page(&table(), &told(&fs::read_to_string(path).unwrap()));
    let at = root().join("docs/reference/labelled-events.md");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&at, &page).unwrap();
    }
    let written = fs::read_to_string(&at).unwrap_or_default();
    assert!(
        written == page,
        "{} is stale: INSTA_UPDATE=always writes it",
        at.display()
    );
}

const HEAD: &str = "\
<!-- Written by `INSTA_UPDATE=always cargo test -p cordon-sim --test labelled`. -->

# Built-in rules beside the verdicts of others

Another product's detection rules come with tests: a record in its real shape, and whether the rule holds it to be a hit. The built-in rules were
tried on those of Okta, Entra ID, Azure, Microsoft 365, OneLogin, Duo, CloudTrail, Zendesk, CrowdStrike, Atlassian, Slack and Zoom, record by record, all
rules together; what counts is what is told, so that a rule that only feeds chains covers nothing. A test compares this page with the rules and the records.
";

fn page(table: &Table, told: &[Told]) -> String {
    let mut page = HEAD.to_owned();
    page.push_str(&totals(table, told));
    page.push_str("\n## What covers what\n\n| log | their rule | ours |\n|---|---|---|\n");
    for row in table.rules.iter().filter(|row| !row.ours.is_empty()) {
        let ours: Vec<_> = row.ours.iter().map(|name| format!("`{name}`")).collect();
        page.push_str(&line(&[&row.log, &row.theirs, &ours.join(", ")]));
    }
    page.push_str("\n## Cases that come out otherwise than labelled\n\n");
    page.push_str("| log | their rule | case | why |\n|---|---|---|---|\n");
    for known in &table.cases {
        page.push_str(&line(&[&known.log, &known.theirs, &known.test, &known.why]));
    }
    page.push_str("\n## Not covered\n\n| log | their rule | cases | why |\n|---|---|---|---|\n");
    for row in table.rules.iter().filter(|row| row.ours.is_empty()) {
        let cases = told.iter().filter(|told| row.covers(&told.case)).count();
        page.push_str(&line(&[
            &row.log,
            &row.theirs,
            &cases.to_string(),
            &row.why,
        ]));
    }
    page.push_str("\n## Other rules that speak of records labelled false\n\n");
    page.push_str("The label is false for the topic of their rule; the record may be of interest for another.\n\n");
    page.push_str("| our rule | records | why |\n|---|---|---|\n");
    for (name, why) in &table.others {
        let speaks = |told: &&Told| {
            let row = table.rules.iter().find(|row| row.covers(&told.case));
            !told.case.expected && row.is_some_and(|row| told.others(row).any(|o| o == name))
        };
        let records = told.iter().filter(speaks).count().to_string();
        page.push_str(&line(&[&format!("`{name}`"), &records, why]));
    }
    page
}

/// How many cases come out as labelled, by log.
fn totals(table: &Table, told: &[Told]) -> String {
    let mut text =
        "\n| log | true, told | true, not told | false, silent | false, told | of other topics |\n\
                    |---|---|---|---|---|---|\n"
            .to_owned();
    for log in LOGS {
        let mut counts = [0_usize; 5];
        for told in told.iter().filter(|told| told.case.log_type == log) {
            let row = table.rules.iter().find(|row| row.covers(&told.case));
            let row = row.filter(|row| !row.ours.is_empty());
            let place = match row.map(|row| (told.case.expected, told.speaks(row))) {
                Some((true, true)) => 0,
                Some((true, false)) => 1,
                Some((false, false)) => 2,
                Some((false, true)) => 3,
                None => 4,
            };
            counts
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|count| *count += 1);
        }
        let counts = counts.map(|count| count.to_string());
        let cells = std::iter::once(log).chain(counts.iter().map(String::as_str));
        text.push_str(&line(&cells.collect::<Vec<_>>()));
    }
    text
}

fn line(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}
