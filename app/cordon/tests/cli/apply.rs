//! `cordon apply`, `approve`, `recall` and `run`, with programs that keep their target's state in a file.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot run its subject has failed, and one that is skipped says so"
)]

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use cordon_act::PrivateKey;
use tempfile::TempDir;

use crate::running::{Ran, cordon, folder};

const ESTATE: &str = "cordon: estate/v1
name: Northgate
currency: GBP
nodes:
  - { id: user:agent-7, kind: user }
  - { id: group:desk, kind: group }
  - { id: host:dc1, kind: domain-controller, jewel: { loss: 3000000 } }
  - { id: host:till, kind: host }
edges:
  - { from: user:agent-7, to: group:desk, kind: member-of, minutes: 1 }
  - { from: group:desk, to: host:dc1, kind: admin-to, minutes: 10 }
services:
  - { id: service:tills, needs: host:till, loss_per_hour: 40000, protected: true, probe: { PROBE } }
steps:
  - id: disable-account/agent-7
    kind: disable-account
    removes: { nodes: [user:agent-7] }
    cost: 50
    do: { connector: directory, targets: [agent-7, agent-7-admin] }
";

const SITE: &str = "cordon: connectors/v1
connectors:
  directory: { exec: [sh, directory.sh], kinds: [disable-account], answer_seconds: 3, land_seconds: 1 }
";

const PROGRAM: &str = r#"
file=state-$2
state=$(cat "$file" 2>/dev/null || echo open)
case $1 in
  capture) printf '{"prior": "%s", "already": false}' "$state" ;;
  do) echo "$1 $2" >> calls; printf cut > "$file" ;;
  undo) echo "$1 $2" >> calls; printf open > "$file" ;;
  read-back) case $state in cut) s=as-wanted ;; *) s=as-before ;; esac; printf '{"standing": "%s", "state": "%s"}' $s "$state" ;;
  probe) printf '{"effective": true}' ;;
esac
"#;

/// Anna's, the executor's and the anchor's, whose bytes are all 1, 2 and 3.
const KEYS: [(&str, &str); 3] = [
    (
        "anna.pem",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\n-----END PRIVATE KEY-----\n",
    ),
    (
        "executor.pem",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC\n-----END PRIVATE KEY-----\n",
    ),
    (
        "anchor.pem",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD\n-----END PRIVATE KEY-----\n",
    ),
];

pub(crate) fn key(n: u8) -> PrivateKey {
    PrivateKey::from_bytes([n; 32])
}

/// A folder with everything, and a plan for what the estate says.
pub(crate) fn site(probe: &str) -> TempDir {
    let policy = format!(
        "cordon: policy/v1
name: One person
people: [{{ id: anna, key: '{}' }}]
rules: [{{ kinds: [disable-account], targets_max: 2, people: 1 }}]
",
        key(1).public()
    );
    let estate = ESTATE.replace("PROBE", probe);
    let dir = folder(&[
        ("estate.yaml", &estate),
        ("site.yml", SITE),
        ("directory.sh", PROGRAM),
        ("policy.yml", &policy),
        ("policy.yml.sig", &key(3).sign(policy.as_bytes())),
        ("executor.pub", &key(2).public().to_pem()),
        ("anchor.pub", &key(3).public().to_pem()),
        KEYS[0],
        KEYS[1],
        KEYS[2],
    ]);
    let asked = "plan --estate estate.yaml --foothold user:agent-7 --format json";
    let plan = said(dir.path(), asked);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    fs::write(dir.path().join("plan.json"), plan.stdout).unwrap();
    dir
}

pub(crate) fn said(dir: &Path, line: &str) -> Ran {
    let words: Vec<&str> = line.split_whitespace().collect();
    cordon(dir, &words)
}

const ORDER: &str = "plan.json --estate estate.yaml --policy policy.yml --connectors site.yml";

pub(crate) fn approve(dir: &Path) {
    let asked = format!("approve {ORDER} --by anna --key anna.pem");
    let approved = said(dir, &asked);
    assert_eq!(approved.code, 0, "{}", approved.stderr);
    fs::write(dir.join("anna.json"), approved.stdout).unwrap();
}

pub(crate) fn dry() -> String {
    format!("apply {ORDER}")
}

pub(crate) fn execute() -> String {
    format!("apply {ORDER} --execute --approval anna.json --anchor anchor.pub --key executor.pem")
}

pub(crate) fn the_run(dir: &Path) -> String {
    let runs = fs::read_dir(dir.join("cordon-runs")).unwrap();
    let mut runs = runs
        .map(|run| run.unwrap().path())
        .filter(|run| run.is_dir());
    let run = runs.next().unwrap();
    run.strip_prefix(dir).unwrap().display().to_string()
}

pub(crate) fn state(dir: &Path, target: &str) -> String {
    fs::read_to_string(dir.join(format!("state-{target}"))).unwrap_or_else(|_| "open".to_owned())
}

/// A service that is there as long as it should be.
pub(crate) fn service() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[test]
fn a_dry_run_prints_every_call_and_makes_none() {
    let dir = site("tcp: '127.0.0.1:1'");
    let ran = said(
        dir.path(),
        "apply plan.json --estate estate.yaml --connectors site.yml",
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for part in [
        "sh directory.sh do agent-7\n",
        "sh directory.sh do agent-7-admin",
        "look at `service:tills`",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(!dir.path().join("calls").exists());
}

#[test]
fn a_step_whose_connector_the_site_does_not_have_is_refused_or_a_persons() {
    let dir = site("tcp: '127.0.0.1:1'");
    let asked = "apply plan.json --estate estate.yaml";
    let ran = said(dir.path(), asked);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("known: dry, manual"), "{}", ran.stderr);
    let ran = said(dir.path(), &format!("{asked} --by-hand"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("a person carries out `disable-account/agent-7`"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_approved_plan_is_carried_out_taken_back_and_never_replayed() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    let refused = said(dir.path(), &execute().replace(" --approval anna.json", ""));
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert!(
        refused
            .stderr
            .contains("needs one person to approve it, and has none"),
        "{}",
        refused.stderr
    );
    approve(dir.path());
    let done = said(dir.path(), &execute());
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    assert_eq!(
        (
            state(dir.path(), "agent-7").as_str(),
            state(dir.path(), "agent-7-admin").as_str()
        ),
        ("cut", "cut")
    );
    let replayed = said(dir.path(), &execute());
    assert_eq!(replayed.code, 3);
    assert!(
        replayed.stderr.contains("was used before"),
        "{}",
        replayed.stderr
    );
    let refusals = fs::read_to_string(dir.path().join("cordon-runs/refusals")).unwrap();
    assert_eq!(refusals.lines().count(), 2);
    let run = the_run(dir.path());
    let back = said(
        dir.path(),
        &format!("recall {run} --key executor.pem --connectors site.yml --why test"),
    );
    assert_eq!(back.code, 0, "{}{}", back.stdout, back.stderr);
    assert_eq!(
        (
            state(dir.path(), "agent-7").as_str(),
            state(dir.path(), "agent-7-admin").as_str()
        ),
        ("open", "open")
    );
    let calls = fs::read_to_string(dir.path().join("calls")).unwrap();
    let mut calls: Vec<&str> = calls.lines().collect();
    calls.sort_unstable();
    let each_once = [
        "do agent-7",
        "do agent-7-admin",
        "undo agent-7",
        "undo agent-7-admin",
    ];
    assert_eq!(calls, each_once);
    let shown = said(
        dir.path(),
        &format!("run show {run} --trusted executor.pub"),
    );
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stdout.contains("everything is taken back"),
        "{}",
        shown.stdout
    );
    checked_without_cordon(dir.path(), &run);
}

/// The script of the reference, word for word, says the same head.
fn checked_without_cordon(dir: &Path, run: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/journal.md");
    let page = fs::read_to_string(page).unwrap();
    let script = page
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let there = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    if !["jq", "sha256sum"].into_iter().all(there)
        || Command::new("openssl").arg("version").output().is_err()
    {
        println!("SKIPPED: jq, sha256sum or openssl is not here");
        return;
    }
    let run = dir.join(run);
    fs::copy(dir.join("executor.pub"), run.join("executor.pub")).unwrap();
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(&run)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let shown = said(dir, &format!("run show {}", run.display()));
    let head = told
        .trim()
        .strip_prefix("head ")
        .unwrap_or_else(|| panic!("{told}"));
    assert!(shown.stdout.contains(head), "{told}\n{}", shown.stdout);
    assert!(
        !told.contains("breaks") && !told.contains("does not hold"),
        "{told}"
    );
}

#[test]
fn an_executor_killed_at_any_record_goes_on_from_there_and_can_be_recalled() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    // Each takes some seconds; a build tries a few, and CORDON_EVERY_RECORD all of them.
    let every = std::env::var_os("CORDON_EVERY_RECORD").is_some();
    for records in (1..=16).filter(|n| every || n % 5 == 2) {
        let _a_new_run = fs::remove_dir_all(dir.path().join("cordon-runs"));
        for target in ["agent-7", "agent-7-admin"] {
            let _there_may_be_none = fs::remove_file(dir.path().join(format!("state-{target}")));
        }
        approve(dir.path());
        let words = execute();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cordon"))
            .current_dir(dir.path())
            .args(words.split_whitespace())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let written = || {
            let runs = fs::read_dir(dir.path().join("cordon-runs"))
                .into_iter()
                .flatten();
            let journals = runs.flatten().map(|run| run.path().join("journal"));
            let texts = journals.filter_map(|journal| fs::read_to_string(journal).ok());
            texts.map(|text| text.lines().count()).sum::<usize>()
        };
        while written() < records && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let run = the_run(dir.path());
        let on = said(
            dir.path(),
            &format!("run resume {run} --key executor.pem --connectors site.yml"),
        );
        assert_eq!(on.code, 0, "after {records}: {}{}", on.stdout, on.stderr);
        assert_eq!(
            (
                state(dir.path(), "agent-7").as_str(),
                state(dir.path(), "agent-7-admin").as_str()
            ),
            ("cut", "cut")
        );
        let back = said(
            dir.path(),
            &format!("recall {run} --key executor.pem --connectors site.yml --why test"),
        );
        assert_eq!(
            back.code, 0,
            "after {records}: {}{}",
            back.stdout, back.stderr
        );
        assert_eq!(
            (
                state(dir.path(), "agent-7").as_str(),
                state(dir.path(), "agent-7-admin").as_str()
            ),
            ("open", "open")
        );
    }
}

#[test]
fn a_step_that_hurts_a_protected_service_is_taken_back_within_five_seconds() {
    let (listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    let over = AtomicBool::new(false);
    let hurt = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut listener = Some(listener);
            let (mut cut, mut back) = (None, None);
            while !over.load(Ordering::Relaxed) {
                let is_cut = state(dir.path(), "agent-7") == "cut";
                if is_cut && cut.is_none() {
                    cut = Some(Instant::now());
                    listener = None;
                } else if !is_cut && cut.is_some() && back.is_none() {
                    back = Some(Instant::now());
                    listener = TcpListener::bind(&address).ok();
                }
                thread::sleep(Duration::from_millis(5));
            }
            drop(listener);
            back.unwrap().duration_since(cut.unwrap())
        });
        let ran = said(dir.path(), &execute());
        over.store(true, Ordering::Relaxed);
        assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains("`service:tills` got worse"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("HELD, and 2 targets are taken back"),
            "{}",
            ran.stderr
        );
        watcher.join().unwrap()
    });
    assert!(hurt < Duration::from_secs(5), "{hurt:?}");
    assert_eq!(state(dir.path(), "agent-7"), "open");
    let calls = fs::read_to_string(dir.path().join("calls")).unwrap();
    assert!(
        !calls.contains("do agent-7-admin\n") || calls.contains("undo agent-7-admin\n"),
        "{calls}"
    );
}

#[test]
fn a_step_that_the_estate_now_describes_otherwise_is_not_carried_out() {
    let dir = site("tcp: '127.0.0.1:1'");
    let estate = fs::read_to_string(dir.path().join("estate.yaml")).unwrap();
    for (from, to, expect, code) in [
        (
            "agent-7-admin]",
            "the-chief]",
            "says something else of the step",
            2,
        ),
        ("cost: 50", "cost: 51", "says something else of the step", 2),
        (
            "steps:",
            "  - { id: service:x, needs: host:till }\nsteps:",
            "",
            0,
        ),
        (
            "edges:",
            "edges:\n  - { from: user:agent-7, to: host:dc1, kind: owns }\n  - { from: host:till, to: host:dc1, kind: owns }",
            "",
            0,
        ),
        (
            "  - { id: host:till, kind: host }",
            "  - { id: host:till, kind: host, jewel: { loss: 1 } }",
            "",
            0,
        ),
    ] {
        assert!(estate.contains(from), "{from}");
        fs::write(dir.path().join("estate.yaml"), estate.replacen(from, to, 1)).unwrap();
        let ran = said(
            dir.path(),
            "apply plan.json --estate estate.yaml --connectors site.yml",
        );
        assert_eq!(ran.code, code, "{to}: {}", ran.stderr);
        assert!(ran.stderr.contains(expect), "{to}: {}", ran.stderr);
    }
    let path = "  - { from: group:desk, to: host:dc1, kind: admin-to, minutes: 10 }";
    let way = format!("{path}\n  - {{ from: user:agent-8, to: host:dc1, kind: owns }}");
    let held = estate
        .replace(path, &way)
        .replace("nodes:\n", "nodes:\n  - { id: user:agent-8, kind: user }\n");
    fs::write(dir.path().join("estate.yaml"), held).unwrap();
    let plan = fs::read_to_string(dir.path().join("plan.json")).unwrap();
    fs::write(
        dir.path().join("plan.json"),
        plan.replacen("user:agent-7", "user:agent-8", 1),
    )
    .unwrap();
    let ran = said(
        dir.path(),
        "apply plan.json --estate estate.yaml --connectors site.yml",
    );
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the plan does not hold"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_policy_that_was_changed_after_it_was_signed_counts_for_nothing() {
    let dir = site("tcp: '127.0.0.1:1'");
    approve(dir.path());
    let policy = fs::read_to_string(dir.path().join("policy.yml")).unwrap();
    fs::write(
        dir.path().join("policy.yml"),
        policy.replace("people: 1 }", "people: 0 }"),
    )
    .unwrap();
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("not signed with the anchor's key"),
        "{}",
        ran.stderr
    );
    assert!(!dir.path().join("calls").exists());
}
