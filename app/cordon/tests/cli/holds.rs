//! Runs that are held, taken over, damaged, or have no hands: what an order finds that comes while an executor lives.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot run its subject has failed"
)]

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    process::Child,
    thread,
    time::{Duration, Instant},
};

use crate::{
    apply::{approve, execute, said, service, site, state, the_run},
    running::{Ran, started},
};

/// A target takes so many seconds to be changed.
fn slowly(dir: &Path, seconds: u32) {
    let path = dir.join("directory.sh");
    let program = fs::read_to_string(&path).unwrap();
    let slow = format!("  do) sleep {seconds}; echo");
    fs::write(&path, program.replace("  do) echo", &slow)).unwrap();
    let path = dir.join("site.yml");
    let site = fs::read_to_string(&path).unwrap();
    let patient = format!("answer_seconds: {}", seconds + 5);
    let patient = site.replace("answer_seconds: 3", &patient);
    fs::write(&path, patient).unwrap();
}

fn journal(dir: &Path) -> String {
    let runs = fs::read_dir(dir.join("cordon-runs")).into_iter().flatten();
    let journals = runs.flatten().map(|run| run.path().join("journal"));
    let texts = journals.filter_map(|journal| fs::read_to_string(journal).ok());
    texts.collect()
}

/// An executor that has just begun to change something.
fn at_work(dir: &Path) -> Child {
    approve(dir);
    let line = execute();
    let words: Vec<&str> = line.split_whitespace().collect();
    let child = started(dir, &words);
    let began = Instant::now();
    while !journal(dir).contains(r#""is":"doing""#) && began.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(5));
    }
    child
}

fn ordered(dir: &Path, command: &str, more: &str) -> Ran {
    let run = the_run(dir);
    said(
        dir,
        &format!("{command} {run} --key executor.pem --why test {more}"),
    )
}

const SITE: &str = "--connectors site.yml";

#[test]
fn what_an_executor_began_ends_with_it_and_is_not_done_after_a_recall() {
    let (_listener, address) = service();
    for killed in [true, false] {
        let dir = site(&format!("tcp: '{address}'"));
        slowly(dir.path(), 25);
        let mut executor = at_work(dir.path());
        if killed {
            executor.kill().unwrap();
        }
        let back = ordered(dir.path(), "recall", SITE);
        let ended = executor.wait().unwrap();
        assert_eq!(back.code, 0, "{}{}", back.stdout, back.stderr);
        assert_ne!(ended.code(), Some(0));
        let calls = || fs::read_to_string(dir.path().join("calls")).unwrap_or_default();
        assert!(!calls().contains("do agent-7\n"), "{}", calls());
        assert_eq!(state(dir.path(), "agent-7"), "open");
        let closed = journal(dir.path());
        assert_eq!(ordered(dir.path(), "run hold", SITE).code, 3);
        assert_eq!(journal(dir.path()), closed, "nothing follows the end");
    }
}

#[test]
fn a_hold_is_heard_by_the_executor_that_has_the_run_and_it_goes_on_watching() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    slowly(dir.path(), 3);
    let executor = at_work(dir.path());
    let run = the_run(dir.path());
    let held = said(
        dir.path(),
        &format!("run hold {run} --key executor.pem --why test"),
    );
    assert_eq!(held.code, 0, "{}{}", held.stdout, held.stderr);
    let ended = executor.wait_with_output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(3), "{told}");
    assert!(told.contains("HELD: test"), "{told}");
    assert!(
        told.contains("tried and effective: disable-account `agent-7`"),
        "{told}"
    );
    assert!(!journal(dir.path()).contains(r#""is":"resumed""#));
    assert_eq!(state(dir.path(), "agent-7-admin"), "open");
    let released = said(
        dir.path(),
        &format!("run resume {run} --key executor.pem --release test {SITE}"),
    );
    assert_eq!(released.code, 0, "{}", released.stderr);
    assert_eq!(state(dir.path(), "agent-7-admin"), "cut");
}

#[test]
fn an_order_to_hold_that_did_nothing_says_so() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let run = the_run(dir.path());
    let stranger = said(
        dir.path(),
        &format!("run hold {run} --key anna.pem --why test {SITE}"),
    );
    assert_eq!(stranger.code, 3, "{}", stranger.stderr);
    assert!(
        stranger.stderr.contains("not among those trusted"),
        "{}",
        stranger.stderr
    );
}

#[test]
fn a_run_is_not_taken_over_by_somebody_who_lacks_its_connectors() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let before = journal(dir.path());
    let ran = ordered(dir.path(), "recall", "");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("`directory`"), "{}", ran.stderr);
    assert_eq!(journal(dir.path()), before);
}

#[test]
fn a_line_that_is_not_ours_is_named_and_a_recall_goes_on_before_it_when_asked_to() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let run = dir.path().join(the_run(dir.path()));
    let lines = journal(dir.path()).lines().count();
    let mut file = OpenOptions::new()
        .append(true)
        .open(run.join("journal"))
        .unwrap();
    file.write_all(b"x\n").unwrap();
    let refused = ordered(dir.path(), "recall", SITE);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    let named = format!("line {} of the journal", lines + 1);
    assert!(refused.stderr.contains(&named), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("--from-last-good-line"),
        "{}",
        refused.stderr
    );
    let back = ordered(
        dir.path(),
        "recall",
        &format!("--from-last-good-line {SITE}"),
    );
    assert_eq!(back.code, 0, "{}{}", back.stdout, back.stderr);
    assert!(back.stderr.contains(&named), "{}", back.stderr);
    assert_eq!(state(dir.path(), "agent-7"), "open");
    let files = fs::read_dir(&run).unwrap().flatten();
    let aside = files.map(|file| file.path()).find(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("journal.torn-")
    });
    assert_eq!(fs::read(aside.unwrap()).unwrap(), b"x\n");
}

#[test]
fn nothing_is_begun_while_a_protected_service_cannot_be_seen() {
    let dir = site("tcp: 'till.invalid:1'");
    approve(dir.path());
    let ran = said(dir.path(), &execute());
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr.contains("`service:tills` cannot be seen"),
        "{}",
        ran.stderr
    );
    assert!(!dir.path().join("calls").exists());
}
