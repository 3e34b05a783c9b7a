//! The day's logs: every record has its format, the intrusion is where the truth says, and its
//! names are names of the estate.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test whose world cannot be built should stop"
)]

use std::{collections::BTreeMap, sync::OnceLock};

use cordon_drill::{DEFAULT_SEED, Drill, LogFile, Stage, TruthStep, northgate};
use cordon_estate::{Pages, read};
use cordon_model::{Estate, Timestamp};
use cordon_text::Source;
use serde_json::Value;

fn drill() -> &'static Drill {
    static DRILL: OnceLock<Drill> = OnceLock::new();
    DRILL.get_or_init(|| northgate(DEFAULT_SEED))
}

/// The texts of a log's records.
fn records(log: &LogFile) -> Vec<&str> {
    let text = std::str::from_utf8(&log.bytes).unwrap();
    let is_list = text.starts_with('{') && text.ends_with("\n]}\n");
    let body = if is_list {
        let (open, rest) = text.split_once('\n').unwrap();
        assert!(
            open == "{\"Records\":[" || open == "{\"result\":[",
            "{open}"
        );
        rest.strip_suffix("\n]}\n").unwrap()
    } else {
        text.strip_suffix('\n').unwrap()
    };
    let comma = if is_list { "," } else { "" };
    body.split('\n')
        .map(|line| line.strip_suffix(comma).unwrap_or(line))
        .collect()
}

fn is_json(log: &LogFile) -> bool {
    log.path.ends_with("json")
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let (one, other) = (drill(), northgate(8));
    assert!(*one == northgate(DEFAULT_SEED));
    assert_ne!(one.estate, other.estate);
    assert_ne!(one.truth.held[0], other.truth.held[0]);
    for (a, b) in one.logs.iter().zip(&other.logs) {
        assert_eq!(a.path, b.path);
        assert!(a.bytes != b.bytes, "{}", a.path);
    }
}

#[test]
fn a_saturday_has_at_least_two_hundred_thousand_ordinary_records() {
    let truth = &drill().truth;
    assert!(truth.benign_records >= 200_000, "{}", truth.benign_records);
    assert!((80..250).contains(&truth.intrusion_records));
    let all: u64 = drill().logs.iter().map(|log| log.records).sum();
    assert_eq!(all, truth.benign_records + truth.intrusion_records);
}

/// Each JSON record's time, by log, in the order of the file.
fn times() -> &'static BTreeMap<&'static str, Vec<Timestamp>> {
    static TIMES: OnceLock<BTreeMap<&str, Vec<Timestamp>>> = OnceLock::new();
    TIMES.get_or_init(|| {
        let logs = drill().logs.iter().filter(|log| is_json(log));
        let times = logs.map(|log| {
            let time = |record: &str| {
                let value: Value = serde_json::from_str(record).expect(record);
                time_of(&log.path, &value).expect(record)
            };
            (
                log.path.as_str(),
                records(log).into_iter().map(time).collect(),
            )
        });
        times.collect()
    })
}

#[test]
fn every_record_has_the_format_of_its_log() {
    for log in &drill().logs {
        if is_json(log) {
            let read = times()[log.path.as_str()].len();
            assert_eq!(u64::try_from(read), Ok(log.records), "{}", log.path);
            continue;
        }
        let parts: &[&str] = match log.path.as_str() {
            "vpn/fortigate.log" => &[
                "<189>date=2026-05-2",
                "type=\"event\" subtype=\"vpn\"",
                " remip=",
                " user=\"",
            ],
            "vsphere/vcenter.log" => &["<14>1 2026-05-2", " vpxd ", " Event [", "] [info] ["],
            _ => &[">2026-05-2", ".northgate.example "],
        };
        let records = records(log);
        assert_eq!(
            u64::try_from(records.len()),
            Ok(log.records),
            "{}",
            log.path
        );
        for record in records {
            assert!(parts.iter().all(|part| record.contains(part)), "{record}");
        }
    }
}

/// The time that a JSON record tells.
fn time_of(path: &str, record: &Value) -> Option<Timestamp> {
    let field = match path {
        "cloud/cloudtrail.json" => "/eventTime",
        "entra/auditlogs.ndjson" | "entra/signinlogs.ndjson" => "/time",
        "itsm/incidents.json" => {
            let utc = record
                .pointer("/opened_at/value")?
                .as_str()?
                .replace(' ', "T");
            return format!("{utc}Z").parse().ok();
        }
        "okta/system-log.ndjson" => "/published",
        _ => "/TimeCreated",
    };
    record.pointer(field)?.as_str()?.parse().ok()
}

#[test]
fn records_come_out_of_order_by_no_more_than_a_quarter_of_an_hour() {
    for (path, times) in times() {
        let mut latest = Timestamp::MIN;
        let mut disordered = 0_u64;
        for time in times {
            if *time < latest {
                disordered += 1;
                let late = latest.duration_since(*time);
                assert!(late < jiff::SignedDuration::from_mins(15), "{path} {time}");
            }
            latest = latest.max(*time);
        }
        assert!(disordered > 0, "{path} is in perfect order");
    }
}

fn text_of(step: &TruthStep) -> &'static str {
    static TEXTS: OnceLock<BTreeMap<&str, Vec<&str>>> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| {
        drill()
            .logs
            .iter()
            .map(|log| (log.path.as_str(), records(log)))
            .collect()
    });
    let place = usize::try_from(step.log.record).unwrap() - 1;
    texts[step.log.path.as_ref()][place]
}

#[test]
fn the_intrusion_is_told_in_order_across_all_logs() {
    let steps = &drill().truth.steps;
    let mut stages: Vec<Stage> = steps.iter().map(|s| s.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    assert_eq!(stages.len(), 13);
    let first = |stage| steps.iter().find(|s| s.stage == stage).unwrap().time;
    let began: Vec<_> = stages.iter().map(|stage| first(*stage)).collect();
    assert!(
        began.windows(2).filter(|pair| pair[0] > pair[1]).count() <= 1,
        "{began:?}"
    );
    let paths: std::collections::BTreeSet<_> = steps.iter().map(|s| s.log.path.clone()).collect();
    assert_eq!(paths.len(), drill().logs.len());
}

/// Every name of a person or machine in a record of the intrusion.
fn names(step: &TruthStep) -> Vec<String> {
    let text = text_of(step);
    let between = |from: &str, to: &str| {
        let rest = text.split_once(from)?.1;
        Some(rest.split_once(to)?.0.to_owned())
    };
    let pointers: &[&str] = match step.log.path.as_ref() {
        "vpn/fortigate.log" => return between(" user=\"", "\"").into_iter().collect(),
        "vsphere/vcenter.log" => return between("[info] [", "]").into_iter().collect(),
        "vsphere/esxi.log" => return between("user=vpxuser:", "]").into_iter().collect(),
        "cloud/cloudtrail.json" => {
            return between("\"principalId\":\"", "\"")
                .and_then(|id| Some(id.split_once(':')?.1.to_owned()))
                .into_iter()
                .collect();
        }
        "okta/system-log.ndjson" => &["/actor/alternateId", "/actor/id", "/target/0/alternateId"],
        "entra/auditlogs.ndjson" => &[
            "/properties/initiatedBy/user/userPrincipalName",
            "/properties/targetResources/0/id",
        ],
        "entra/signinlogs.ndjson" => &["/properties/userPrincipalName", "/identity"],
        "itsm/incidents.json" => &[
            "/caller_id/display_value",
            "/caller_id/value",
            "/opened_by/value",
        ],
        _ => &[
            "/Hostname",
            "/User",
            "/SubjectUserName",
            "/TargetUserName",
            "/TargetUserSid",
            "/MemberName",
            "/MemberSid",
        ],
    };
    let value: Value = serde_json::from_str(text).unwrap();
    let app = value
        .pointer("/target/0/type")
        .is_some_and(|t| t == "AppInstance");
    let found = pointers
        .iter()
        .filter(|p| !(app && p.starts_with("/target")));
    found
        .filter_map(|p| Some(value.pointer(p)?.as_str()?.to_owned()))
        .filter(|name| {
            !matches!(
                name.as_str(),
                "-" | "S-1-0-0" | "S-1-5-18" | r"NT AUTHORITY\SYSTEM"
            )
        })
        .collect()
}

fn estate() -> Estate {
    let source = Source::new("estate.yaml", drill().estate.clone());
    read(&[source], &Pages::default()).unwrap().estate
}

#[test]
fn every_name_in_the_intrusion_means_one_node_of_the_estate() {
    let estate = estate();
    let mut spellings = BTreeMap::<u32, std::collections::BTreeSet<String>>::new();
    for step in &drill().truth.steps {
        let names = names(step);
        assert!(
            !names.is_empty() || step.log.path.as_ref() == "windows/system.ndjson",
            "{}",
            text_of(step)
        );
        for name in names {
            let node = estate
                .resolve(&name)
                .unwrap_or_else(|| panic!("{name}: {}", text_of(step)));
            spellings
                .entry(node.0)
                .or_default()
                .insert(name.to_lowercase());
        }
    }
    let victim = estate
        .node_by_id(drill().truth.held[0].node.as_str())
        .unwrap();
    assert!(
        spellings[&victim.0].len() >= 6,
        "{:?}",
        spellings[&victim.0]
    );
    for held in &drill().truth.held {
        assert!(estate.node_by_id(held.node.as_str()).is_some());
    }
}
