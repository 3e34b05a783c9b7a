//! What is watched while a plan is carried out, and whose records are believed.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot run its subject has failed"
)]

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use cordon_act::{
    Evidence, Record,
    journal::{self, Scribe},
};

use crate::{
    apply::{approve, dry, execute, key, said, service, site, state, the_run},
    running::started,
};

fn pay(dir: &Path) {
    let mut options = OpenOptions::new();
    let log = options
        .create(true)
        .append(true)
        .open(dir.join("payments.log"));
    log.unwrap()
        .write_all(b"till 7 payment APPROVED\n")
        .unwrap();
}

#[test]
fn payments_that_stop_in_a_log_take_the_last_step_back_within_five_seconds() {
    let dir = site("tcp: 'x:1'");
    let estate = fs::read_to_string(dir.path().join("estate.yaml")).unwrap();
    let heartbeat = "log: payments.log, holds: APPROVED, at_least: 3, within_seconds: 1";
    let estate = estate.replace("tcp: 'x:1'", heartbeat);
    fs::write(dir.path().join("estate.yaml"), estate).unwrap();
    pay(dir.path());
    approve(dir.path());
    let over = AtomicBool::new(false);
    let hurt = thread::scope(|scope| {
        let tills = scope.spawn(|| {
            let (mut cut, mut back) = (None, None);
            while !over.load(Ordering::Relaxed) {
                if state(dir.path(), "agent-7") == "cut" {
                    cut.get_or_insert_with(Instant::now);
                } else {
                    pay(dir.path());
                    if cut.is_some() {
                        back.get_or_insert_with(Instant::now);
                    }
                }
                thread::sleep(Duration::from_millis(50));
            }
            back.unwrap().duration_since(cut.unwrap())
        });
        let ran = said(dir.path(), &execute());
        over.store(true, Ordering::Relaxed);
        assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
        for part in [
            "following the logs that show whether services run",
            "service `service:tills` is well",
            "`service:tills` got worse",
            "and 3 are expected",
            "not kept before the cut: sessions, tokens",
        ] {
            assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
        }
        tills.join().unwrap()
    });
    assert!(hurt < Duration::from_secs(5), "{hurt:?}");
    assert_eq!(state(dir.path(), "agent-7"), "open");
}

#[test]
fn an_undo_that_somebody_else_wrote_into_a_journal_is_not_done() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let run = the_run(dir.path());
    let path = dir.path().join(&run).join("journal");
    let read = journal::read(&fs::read(&path).unwrap(), &[]).unwrap();
    let mut scribe = Scribe::new(key(9));
    let forged = read.records().map(|(at, record)| {
        let mut record = record.clone();
        if let Record::Captured { prior, .. } = &mut record {
            *prior = "wide open".into();
        }
        scribe.line(at, &record)
    });
    let forged: String = forged.collect();
    fs::write(&path, forged).unwrap();
    let calls = fs::read(dir.path().join("calls")).unwrap();
    for asked in [
        format!("recall {run} --key executor.pem --connectors site.yml --why test"),
        format!("run resume {run} --key executor.pem --connectors site.yml"),
    ] {
        let ran = said(dir.path(), &asked);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(
            ran.stderr.contains("line 1") && ran.stderr.contains("not among those trusted"),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(fs::read(dir.path().join("calls")).unwrap(), calls);
}

#[test]
fn of_two_executors_with_one_approval_one_acts_whatever_folder_of_runs_each_has() {
    let (_listener, address) = service();
    for folders in [["runs", "runs"], ["runs", "other-runs"]] {
        let dir = site(&format!("tcp: '{address}'"));
        approve(dir.path());
        let both = folders.map(|runs| {
            let line = format!("{} --runs {runs}", execute());
            let words: Vec<&str> = line.split_whitespace().collect();
            started(dir.path(), &words)
        });
        let ends = both.map(|child| child.wait_with_output().unwrap());
        let told = ends.each_ref().map(|end| {
            let text = String::from_utf8_lossy(&end.stderr).into_owned();
            (end.status.code(), text)
        });
        let mut codes = told.each_ref().map(|(code, _)| *code);
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(3)], "{told:#?}");
        let refused = told.iter().find(|(code, _)| *code == Some(3)).unwrap();
        let whys = ["was used before", "began in the same second"];
        assert!(
            whys.iter().any(|why| refused.1.contains(why)),
            "{}",
            refused.1
        );
        let calls = fs::read_to_string(dir.path().join("calls")).unwrap();
        let mut calls: Vec<&str> = calls.lines().collect();
        calls.sort_unstable();
        assert_eq!(calls, ["do agent-7", "do agent-7-admin"]);
    }
}

#[test]
fn what_one_source_says_is_shown_and_is_not_approved_in_advance() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    let policy = fs::read_to_string(dir.path().join("policy.yml")).unwrap();
    let policy = policy.replace("people: 1", "people: 0");
    fs::write(dir.path().join("policy.yml"), &policy).unwrap();
    let signature = key(3).sign(policy.as_bytes());
    fs::write(dir.path().join("policy.yml.sig"), signature).unwrap();
    let without = execute().replace(" --approval anna.json", "");
    let plan = fs::read_to_string(dir.path().join("plan.json")).unwrap();
    // As `respond` writes it where logs say so.
    let on = |sources: &str| {
        let held = r#""id": "user:agent-7","#;
        assert!(plan.contains(held), "{plan}");
        let told = format!(r#"{held} "sources": [{sources}],"#);
        let plan = plan.replacen(held, &told, 1);
        fs::write(dir.path().join("plan.json"), plan).unwrap();
    };
    for sources in [r#""okta""#, r#""okta", "okta""#, ""] {
        on(sources);
        let shown = said(dir.path(), &dry());
        let told = "ONE SOURCE ALONE says what this is for: that `user:agent-7` is held";
        assert!(shown.stdout.contains(told), "{}", shown.stdout);
        let refused = said(dir.path(), &without);
        assert_eq!(refused.code, 3, "{}", refused.stderr);
        let why = "needs one person to approve it because one source alone says what it is done for, and has none";
        assert!(refused.stderr.contains(why), "{}", refused.stderr);
    }
    on(r#""okta", "windows""#);
    assert!(!said(dir.path(), &dry()).stdout.contains("ONE SOURCE"));
    // What the site's own program does is never approved in advance; what is only rehearsed is.
    let rehearsed = said(dir.path(), &format!("{without} --rehearse"));
    assert_eq!(
        rehearsed.code, 0,
        "{}{}",
        rehearsed.stdout, rehearsed.stderr
    );
}

#[test]
fn harm_that_the_last_stage_does_is_seen_without_being_asked_to_watch() {
    let (listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    let listener = Mutex::new(Some(listener));
    let over = AtomicBool::new(false);
    let ran = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                // Whoever cuts off the second target has stopped the service.
                if state(dir.path(), "agent-7-admin") == "cut" {
                    drop(listener.lock().unwrap().take());
                }
                thread::sleep(Duration::from_millis(5));
            }
        });
        let ran = said(dir.path(), &execute());
        over.store(true, Ordering::Relaxed);
        ran
    });
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("HELD"), "{}", ran.stderr);
    assert_eq!(state(dir.path(), "agent-7-admin"), "open");
}

#[test]
fn what_was_not_kept_before_a_cut_stands_in_the_journal_with_why() {
    let (_listener, address) = service();
    let dir = site(&format!("tcp: '{address}'"));
    approve(dir.path());
    assert_eq!(said(dir.path(), &execute()).code, 0);
    let path = dir.path().join(the_run(dir.path())).join("journal");
    let read = journal::read(&fs::read(&path).unwrap(), &[key(2).public()]).unwrap();
    let mut captured = read.records().filter_map(|(_, record)| {
        let Record::Captured { evidence, .. } = record else {
            return None;
        };
        Some(evidence.clone())
    });
    let why = "`directory` does not take it".to_owned();
    let expect = Evidence {
        skipped: [
            ("sessions".to_owned(), why.clone()),
            ("tokens".to_owned(), why),
        ]
        .into(),
        ..Evidence::default()
    };
    assert_eq!(captured.next(), Some(expect));
}
