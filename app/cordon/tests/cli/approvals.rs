//! What an approval lets through, and what is refused and written down.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot run its subject has failed"
)]

use std::{fs, path::Path, thread};

use cordon_act::{
    Record,
    journal::{self, Scribe},
};

use crate::apply::{approve, dry, execute, key, said, service, site, state, the_run};

/// The policy of the site, changed and signed again.
pub(crate) fn policy(dir: &Path, from: &str, to: &str) {
    let policy = fs::read_to_string(dir.join("policy.yml")).unwrap();
    assert!(policy.contains(from), "{policy}");
    let policy = policy.replace(from, to);
    fs::write(dir.join("policy.yml.sig"), key(3).sign(policy.as_bytes())).unwrap();
    fs::write(dir.join("policy.yml"), policy).unwrap();
}

/// The estate of the site, changed, and a plan for it.
fn estate(dir: &Path, from: &str, to: &str) {
    let estate = fs::read_to_string(dir.join("estate.yaml")).unwrap();
    assert!(estate.contains(from), "{estate}");
    fs::write(dir.join("estate.yaml"), estate.replace(from, to)).unwrap();
}

fn plan(dir: &Path, more: &str) {
    let asked = format!("plan --estate estate.yaml --foothold user:agent-7 --format json {more}");
    let plan = said(dir, &asked);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    fs::write(dir.join("plan.json"), plan.stdout).unwrap();
}

/// Why each attempt in a folder of runs was refused.
fn refusals(runs: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(runs.join("refusals")).unwrap();
    let read = journal::read(&bytes, &[key(2).public()]).unwrap();
    let refused = read.records().map(|(_, record)| {
        let Record::Refused { why, .. } = record else {
            return vec![format!("{record:?}")];
        };
        why.clone()
    });
    refused.collect()
}

#[test]
fn a_packet_filter_is_no_way_to_end_sessions_and_a_program_is_never_approved_in_advance() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    policy(dir.path(), "people: 1", "people: 0");
    let asked = execute().replace(" --approval anna.json", "");
    let ran = said(dir.path(), &asked);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "needs one person to approve it because what carries it out is the site's own"
        ),
        "{}",
        ran.stderr
    );
    let filter = "  fw: { nftables: {} }\n";
    let connectors = fs::read_to_string(dir.path().join("site.yml")).unwrap();
    fs::write(dir.path().join("site.yml"), connectors + filter).unwrap();
    estate(dir.path(), "connector: directory", "connector: fw");
    plan(dir.path(), "");
    let ran = said(dir.path(), &dry());
    assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr
            .contains("`block` of the connector `fw` is no way to"),
        "{}",
        ran.stderr
    );
}

#[test]
fn whoever_approves_sees_what_it_is_for_what_it_costs_and_stops_and_who_else_must_approve() {
    let dir = site("tcp: '127.0.0.1:1'");
    estate(
        dir.path(),
        "    cost: 50\n",
        "    cost: 50\n    takes_down: [host:till]\n",
    );
    estate(
        dir.path(),
        "loss_per_hour: 40000,",
        "loss_per_hour: 40000, cover: 2h,",
    );
    plan(dir.path(), "--hold 1h");
    let asked = dry().replace("apply", "approve") + " --by anna --key anna.pem";
    for (text, code) in [(said(dir.path(), &dry()), 0), (said(dir.path(), &asked), 0)] {
        assert_eq!(text.code, code, "{}", text.stderr);
        let text = text.stdout + &text.stderr;
        for part in [
            "held by the intruder, as the plan says: `user:agent-7`",
            "planned to stay for 1 h and to cost £50 by then",
            "if it stays, it stops `service:tills` 2 h after the cut, WHICH IS PROTECTED",
            "`disable-account` on 2 targets: approved by 2 people (rule 1, because a protected service stops if the cut stays)",
            "at most a minute: 60 of any other kind; 32 calls under way at once",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    approve(dir.path());
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("needs 2 people"), "{}", ran.stderr);
}

#[test]
fn a_run_goes_on_only_by_the_connectors_and_the_executor_that_were_approved() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    policy(
        dir.path(),
        "name: One person",
        &format!("name: One person\nexecutor: '{}'", key(2).public()),
    );
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let run = the_run(dir.path());
    let journal = dir.path().join(&run).join("journal");
    let before = fs::read(&journal).unwrap();
    let resume = format!("run resume {run} --connectors site.yml");
    let recall = format!("recall {run} --connectors site.yml --why test");
    for asked in [&resume, &recall] {
        let asked = format!("{asked} --key anna.pem --trusted executor.pub");
        let ran = said(dir.path(), &asked);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(
            ran.stderr.contains("lets only the executor"),
            "{}",
            ran.stderr
        );
    }
    let site = fs::read_to_string(dir.path().join("site.yml")).unwrap();
    let other = site
        .replace("directory.sh]", "directory.sh, ]")
        .replace("land_seconds: 1", "land_seconds: 2");
    fs::write(dir.path().join("site.yml"), other).unwrap();
    let ran = said(dir.path(), &format!("{resume} --key executor.pem"));
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("`directory` is not as it was approved"),
        "{}",
        ran.stderr
    );
    assert_eq!(fs::read(&journal).unwrap(), before);
    let ran = said(dir.path(), &format!("{recall} --key executor.pem"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("taken back all the same"),
        "{}",
        ran.stderr
    );
    assert_eq!(state(dir.path(), "agent-7"), "open");
}

#[test]
fn what_others_write_into_a_folder_of_runs_neither_spends_an_approval_nor_stops_anything() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let run = the_run(dir.path());
    let bytes = fs::read(dir.path().join(&run).join("journal")).unwrap();
    let read = journal::read(&bytes, &[]).unwrap();
    fs::rename(dir.path().join("cordon-runs"), dir.path().join("elsewhere")).unwrap();
    fs::remove_file(dir.path().join("anchor.pub.spent")).unwrap();
    let (at, opened) = read.records().next().unwrap();
    let line = Scribe::new(key(9)).line(at, opened);
    for (name, text) in [("evil", line.as_str()), ("zz", "garbage\n")] {
        let folder = dir.path().join("cordon-runs").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("journal"), text).unwrap();
    }
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("zz/journal"), "{}", ran.stderr);
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("was used before"), "{}", ran.stderr);
}

#[test]
fn a_run_that_cannot_have_its_folder_spends_no_approval() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    fs::write(dir.path().join("no-folder"), "").unwrap();
    let ran = said(dir.path(), &format!("{} --runs no-folder/runs", execute()));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn every_attempt_that_is_refused_is_written_down_whatever_the_reason() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    let runs = dir.path().join("cordon-runs");
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir(&runs).unwrap();
    fs::write(&elsewhere, "kept\n").unwrap();
    std::os::unix::fs::symlink(&elsewhere, runs.join("refusals")).unwrap();
    let nobody = execute().replace(" --approval anna.json", "");
    assert_eq!(said(dir.path(), &nobody).code, 3);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "kept\n");
    assert_eq!(refusals(&runs).len(), 1);

    fs::write(runs.join("refusals"), "garbage\n").unwrap();
    fs::write(dir.path().join("torn.json"), "{").unwrap();
    let torn = execute().replace("anna.json", "torn.json");
    let ran = said(dir.path(), &torn);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("expected an approval"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("put aside"), "{}", ran.stderr);
    let path = dir.path().join("policy.yml");
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replace("people: 1", "people: 0")).unwrap();
    assert_eq!(said(dir.path(), &execute()).code, 2);
    fs::write(&path, good).unwrap();
    let told = refusals(&runs);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.concat()
            .concat()
            .contains("not signed with the anchor's key"),
        "{told:?}"
    );

    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(said(dir.path(), &nobody).code, 3));
        }
    });
    assert_eq!(refusals(&runs).len(), 8);
}

#[test]
fn limits_hold_for_all_runs_together_and_time_only_goes_on() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    policy(
        dir.path(),
        "name: One person",
        "name: One person\nlimits: { per_minute: { disable-account: 2 } }",
    );
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    approve(dir.path());
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("try again in a minute"),
        "{}",
        ran.stderr
    );
    let spent = dir.path().join("anchor.pub.spent");
    let text = fs::read_to_string(&spent).unwrap();
    fs::write(&spent, text + "seen 2999-01-01T00:00:00Z\n").unwrap();
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("set the clock right"), "{}", ran.stderr);
}

#[test]
fn only_what_a_run_asks_a_person_for_can_be_confirmed_and_only_once_it_asks() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    let ran = said(dir.path(), "run confirm no-such-run agent-7 --by anna");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!dir.path().join("no-such-run").exists());
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let run = the_run(dir.path());
    let ran = said(dir.path(), &format!("run confirm {run} agent-7 --by anna"));
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("asks no person for `agent-7`"),
        "{}",
        ran.stderr
    );
    assert!(!dir.path().join(&run).join("confirmations").exists());
}

#[test]
fn an_approval_that_could_never_count_is_not_made() {
    let dir = site("tcp: '127.0.0.1:1'");
    for minutes in ["0", "100000"] {
        let asked = dry().replace("apply", "approve");
        let ran = said(
            dir.path(),
            &format!("{asked} --by anna --key anna.pem --minutes {minutes}"),
        );
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
}
