//! Every rule of the pack on the records that it must and must not match.
//!
//! A plain rule is tried alone, record by record. A correlation is tried with the whole pack on a
//! sequence, as it will run.
#![expect(
    clippy::disallowed_methods,
    reason = "the pack is read from the source tree"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a pack that cannot be read fails the test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_detect::{Canonical, RuleSet, Screener, SingleRule, example_record, one_name, tell};
use cordon_event::{Degradation, Event};
use cordon_model::{Level, RuleId};
use cordon_sigma::{Header, Parsed, parse};
use cordon_text::Source;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One folder of the pack.
struct Folder {
    path: PathBuf,
    parsed: Parsed,
}

impl Folder {
    fn open(path: PathBuf) -> Self {
        let file = path.join("rule.yml");
        let text = std::fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = parse(&Source::new(file.display().to_string(), text));
        Self { path, parsed }
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn is_correlation(&self) -> bool {
        !self.parsed.correlations.is_empty()
    }

    /// The rule that the folder is about: its correlation, or else its only rule.
    fn subject(&self) -> &Header {
        match self.parsed.correlations.as_slice() {
            [] => &self.parsed.rules[0].header,
            [correlation] => &correlation.header,
            several => panic!("{}: {} correlations", self.name(), several.len()),
        }
    }

    fn id(&self) -> RuleId {
        RuleId::new(Arc::clone(self.subject().id.as_ref().expect("an id")))
    }

    /// The records of `fires.ndjson` or `silent.ndjson`, each decoded by itself.
    fn records(&self, file: &str) -> Vec<Event> {
        let path = self.path.join(file);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines = text.lines().enumerate();
        lines
            .map(|(at, line)| decode(&format!("{}:{}", path.display(), at + 1), line))
            .collect()
    }
}

/// Every folder of the pack, and the one that the guide tells people to copy.
fn folders() -> Vec<Folder> {
    let below = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.is_dir());
        paths.sort();
        paths
    };
    let domains = below(&root().join("content/rules"));
    let mut paths: Vec<_> = domains.iter().flat_map(|domain| below(domain)).collect();
    paths.push(root().join("docs/guides/templates/rule"));
    paths.into_iter().map(Folder::open).collect()
}

/// A record that lost nothing on the way and is of a known log.
fn decode(at: &str, line: &str) -> Event {
    let (event, degraded) =
        example_record(&Arc::from(at), line).unwrap_or_else(|why| panic!("{at}: {why}"));
    // Some products write their times without a zone, whatever one does.
    let lost = degraded
        .iter()
        .find(|lost| **lost != Degradation::ZoneAssumed);
    assert_eq!(lost, None, "{at} lost something");
    assert!(event.kind.product.is_some(), "{at} is of no known product");
    assert!(event.time.is_some(), "{at} has no time");
    event
}

fn compile<'f>(folders: impl IntoIterator<Item = &'f Folder>) -> RuleSet {
    let (mut rules, mut correlations) = (Vec::new(), Vec::new());
    for folder in folders {
        rules.extend(folder.parsed.rules.iter().cloned());
        correlations.extend(folder.parsed.correlations.iter().cloned());
    }
    let (set, report) = RuleSet::compile(rules, correlations);
    assert_eq!(report.diagnostics, [], "the pack does not fit together");
    set
}

fn as_written() -> Canonical {
    Arc::new(|name| Arc::from(name))
}

/// The people of the records under all their names, as an estate would have them.
fn as_the_estate_knows() -> Canonical {
    let path = root().join("content/rules/names.json");
    let text = std::fs::read_to_string(path).unwrap();
    let names: BTreeMap<Arc<str>, Vec<String>> = serde_json::from_str(&text).unwrap();
    one_name(&names)
}

#[test]
fn every_text_of_the_pack_is_read_without_complaint() {
    for folder in folders() {
        assert_eq!(folder.parsed.report.diagnostics, [], "{}", folder.name());
        assert_eq!(folder.parsed.refused, 0, "{}", folder.name());
    }
}

#[test]
fn every_plain_rule_fires_on_its_records_and_on_no_near_miss() {
    let mut wrong = Vec::new();
    for folder in folders().iter().filter(|folder| !folder.is_correlation()) {
        let rules = compile([folder]);
        for (file, expect) in [("fires.ndjson", true), ("silent.ndjson", false)] {
            let records = folder.records(file);
            assert!(records.len() >= 2, "{} needs two of {file}", folder.name());
            for event in records {
                let found = Screener::new(&rules).screen(&event, &|_| Vec::new());
                let alone = SingleRule::new(&folder.parsed.rules[0]).holds(&event);
                if found.is_none() == expect || alone != expect {
                    wrong.push(event.log.path);
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<Arc<str>>::new());
}

#[test]
fn every_correlation_fires_on_its_sequence_and_not_on_the_near_miss() {
    let folders = folders();
    let rules = Arc::new(compile(&folders));
    let mut wrong = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_correlation()) {
        for (file, expect) in [("fires.ndjson", true), ("silent.ndjson", false)] {
            let told = tell(&rules, &folder.records(file), as_the_estate_knows());
            let id = folder.id();
            if told.iter().any(|detection| detection.rule.id == id) != expect {
                wrong.push(format!("{} {file}", folder.name()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_whole_chain_is_about_one_person_however_each_log_spells_her() {
    let folders = folders();
    let rules = Arc::new(compile(&folders));
    let chain = Folder::open(root().join("content/rules/chains/telephone-to-privileged-access"));
    let run = |canonical| {
        let told = tell(&rules, &chain.records("fires.ndjson"), canonical);
        let mut own = told.into_iter().filter(|told| told.rule.id == chain.id());
        (own.next(), own.next())
    };
    let (told, again) = run(as_the_estate_knows());
    let told = told.expect("the chain");
    assert_eq!(again, None, "one takeover is told once");
    assert_eq!(told.rule.level, Level::Critical);
    assert_eq!(told.group, [Arc::from("priya.raman@northgate.example")]);
    assert_eq!(
        told.rule.holds,
        [],
        "the person of the group is held, not the agents"
    );
    let sources: BTreeSet<_> = told.records.iter().map(|r| r.source.as_ref()).collect();
    let all = ["okta", "servicenow/incident", "windows/security"];
    assert_eq!(sources, BTreeSet::from(all));
    assert_eq!(
        run(as_written()).0,
        None,
        "names that nobody resolves do not meet"
    );
}

#[test]
fn links_of_a_chain_say_nothing_by_themselves_unless_they_stand_alone() {
    let folders = folders();
    let rules = Arc::new(compile(&folders));
    let chain = Folder::open(root().join("content/rules/chains/telephone-to-privileged-access"));
    let told = tell(
        &rules,
        &chain.records("fires.ndjson"),
        as_the_estate_knows(),
    );
    let titles: BTreeSet<_> = told.iter().map(|told| told.rule.title.as_str()).collect();
    let says = |slug: &str| {
        let title = Folder::open(root().join("content/rules").join(slug));
        titles.contains(title.subject().title.as_str())
    };
    assert!(says("chains/telephone-to-privileged-access"), "{titles:?}");
    assert!(says("okta/factor-reset"), "it stands alone: {titles:?}");
    assert!(!says("itsm/ticket-opened"), "{titles:?}");
    assert!(!says("itsm/phone-reset-ticket"), "{titles:?}");
}

#[test]
fn every_rule_says_what_a_reader_and_the_incident_need() {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for folder in folders() {
        let plain = folder.parsed.rules.iter().map(|rule| &rule.header);
        let joined = folder.parsed.correlations.iter().map(|c| &c.header);
        for header in plain.clone().chain(joined) {
            let at = format!("{}: {}", folder.name(), header.title);
            assert!(
                ids.insert(header.id.clone().expect(&at)),
                "{at}: same id twice"
            );
            assert!(
                names.insert(header.name.clone().expect(&at)),
                "{at}: same name twice"
            );
            assert!(
                header.description.is_some() && header.level.is_some(),
                "{at}"
            );
            assert!(header.author.is_some() && header.status.is_some(), "{at}");
            assert!(
                !header.references.is_empty() && !header.tags.is_empty(),
                "{at}"
            );
        }
        assert!(
            plain.clone().all(|header| header.holds.is_some()),
            "{}",
            folder.name()
        );
        assert!(
            !folder.subject().false_positives.is_empty(),
            "{}",
            folder.name()
        );
    }
}

/// Where a plain rule no longer fires once its JSON records are written otherwise; `change` says
/// whether a record was.
fn missed(
    of: &dyn Fn(&Folder) -> bool,
    change: &dyn Fn(&mut Value) -> bool,
) -> (usize, Vec<String>) {
    let (mut tried, mut missed) = (0, Vec::new());
    let folders = folders();
    for folder in folders.iter().filter(|f| !f.is_correlation() && of(f)) {
        let text = std::fs::read_to_string(folder.path.join("fires.ndjson")).unwrap();
        for (number, line) in text.lines().enumerate() {
            let mut record: Value = serde_json::from_str(line).unwrap();
            if !record.is_object() || !change(&mut record) {
                continue;
            }
            let at = format!("{}:{}", folder.name(), number + 1);
            let event = decode(&at, &record.to_string());
            tried += 1;
            if !SingleRule::new(&folder.parsed.rules[0]).holds(&event) {
                missed.push(at);
            }
        }
    }
    (tried, missed)
}

#[test]
fn an_operation_with_a_full_stop_or_a_blank_behind_it_is_the_same_operation() {
    let of_entra = |folder: &Folder| {
        let service = folder.parsed.rules[0].log_source.service.as_deref();
        service == Some("auditlogs")
    };
    for behind in [".", " ", ". "] {
        // By Azure's name for it, Microsoft Graph's and those of Log Analytics: whichever the record has.
        let names = [
            "operationName",
            "activityDisplayName",
            "OperationName",
            "ActivityDisplayName",
        ];
        let change = |record: &mut Value| {
            names.iter().fold(false, |any, name| {
                let operation = record[*name].as_str().map(|text| format!("{text}{behind}"));
                let is_there = operation.is_some();
                if is_there {
                    record[*name] = operation.into();
                }
                any | is_there
            })
        };
        let (tried, missed) = missed(&of_entra, &change);
        assert_eq!(missed, Vec::<String>::new(), "`{behind}`");
        assert!(tried > 40, "{tried} records");
    }
}

#[test]
fn truth_values_in_quotes_are_truth_values() {
    fn quote(value: &mut Value, spell: fn(bool) -> &'static str) -> bool {
        match value {
            Value::Bool(truth) => {
                *value = spell(*truth).into();
                true
            }
            Value::Array(items) => items.iter_mut().fold(false, |any, i| quote(i, spell) | any),
            Value::Object(fields) => fields
                .values_mut()
                .fold(false, |any, field| quote(field, spell) | any),
            Value::Null | Value::Number(_) | Value::String(_) => false,
        }
    }
    let spellings: [fn(bool) -> &'static str; 2] = [
        |truth| if truth { "true" } else { "false" },
        |truth| if truth { "True" } else { "False" },
    ];
    for spell in spellings {
        let (tried, missed) = missed(&|_| true, &|record| quote(record, spell));
        assert_eq!(missed, Vec::<String>::new());
        assert!(tried > 200, "{tried} records");
    }
}

#[test]
fn the_three_deactivations_of_one_factor_reset_are_told_once() {
    let folders = folders();
    let rules = Arc::new(compile(&folders));
    for chain in ["reset-without-ticket", "reset-to-takeover"] {
        let folder = Folder::open(root().join("content/rules/chains").join(chain));
        let records = folder.records("fires.ndjson");
        let deactivations = records.iter().filter(|event| {
            let kind = event
                .fields
                .get("eventType")
                .and_then(cordon_model::Item::as_str);
            kind == Some("user.mfa.factor.deactivate")
        });
        assert_eq!(deactivations.count(), 3, "{chain}");
        let told = tell(&rules, &records, as_the_estate_knows());
        let own = told.iter().filter(|told| told.rule.id == folder.id());
        assert_eq!(own.count(), 1, "{chain}");
    }
}
