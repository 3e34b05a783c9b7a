//! The contract of connectors, for those that need no service: rehearsals, people, programs.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot make its subject has failed"
)]
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use cordon_act::{Act, Answer, Asked, Effect, Patience, Reversal, Standing};
use cordon_effect::{
    Confirmation, Connector, Dry, Exec, Job, Manual, Programs, SecretPlace, harness,
};
use cordon_model::{StepKind, Value};

fn effect(connector: &dyn Connector, target: &str) -> Effect {
    let kind = StepKind::new("block-address");
    let asked = Asked {
        kind: &kind,
        action: None,
        parameters: &Value::Null,
    };
    let ability = connector.ability(asked).unwrap();
    Effect::alone(kind, target, ability)
}

#[test]
fn a_rehearsal_holds_to_the_contract() {
    let dry = Dry::default();
    let effect = effect(&dry, "10.0.0.1");
    let truth = || match dry.call(Job {
        effect: &effect,
        act: Act::Capture,
        prior: &Value::Null,
    }) {
        Answer::Captured { prior, .. } => prior,
        other => panic!("{other:?}"),
    };
    harness::check(&dry, &effect, truth).unwrap();
}

/// A program that keeps the state of its target in a file.
fn program(folder: &Path) -> Exec {
    let script = folder.join("firewall");
    let state = folder.join("state");
    fs::write(&state, "open").unwrap();
    let text = format!(
        r#"#!/bin/sh
state=$(cat '{state}')
case $1 in
  capture) printf '{{"prior": "%s", "already": %s}}' "$state" "$([ "$state" = cut ] && echo true || echo false)" ;;
  do) printf cut > '{state}' ;;
  undo) printf open > '{state}' ;;
  read-back) case $state in cut) s=as-wanted ;; *) s=as-before ;; esac; printf '{{"standing": "%s", "state": "%s"}}' $s "$state" ;;
  probe) [ "$state" = cut ] && printf '{{"effective": true}}' || printf '{{"effective": false, "why": "it answers"}}' ;;
esac
[ "$2" != forbidden ] || {{ echo "not that one" >&2; exit 3; }}
"#,
        state = state.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    Exec::new(Programs {
        command: vec![script.to_string_lossy().into_owned()],
        kinds: vec!["block-address".to_owned()],
        reversal: Reversal::Undo,
        patience: Patience::default(),
        without: Vec::new(),
    })
}

#[test]
fn a_program_holds_to_the_contract_and_may_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let exec = program(folder.path());
    let state = || fs::read_to_string(folder.path().join("state")).unwrap();
    harness::check(&exec, &effect(&exec, "10.0.0.1; rm -rf /"), state).unwrap();
    let forbidden = effect(&exec, "forbidden");
    let answer = exec.call(Job {
        effect: &forbidden,
        act: Act::Do,
        prior: &Value::Null,
    });
    let why = "the program refused: not that one".to_owned();
    assert_eq!(answer, Answer::Refused { why });
}

#[test]
fn a_step_of_a_person_is_pending_until_they_confirm_it_and_again_until_they_take_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let manual = Manual::new(folder.path().join("confirmations"));
    let effect = effect(&manual, "isolate-zone/stores");
    let standing = || match manual.call(Job {
        effect: &effect,
        act: Act::ReadBack,
        prior: &Value::Null,
    }) {
        Answer::Stands { standing, .. } => standing,
        other => panic!("{other:?}"),
    };
    assert_eq!(standing(), Standing::Pending);
    manual
        .confirm(&effect.target, Confirmation::Done, "anna")
        .unwrap();
    assert_eq!(standing(), Standing::AsWanted);
    manual
        .confirm(&effect.target, Confirmation::Undone, "anna")
        .unwrap();
    assert_eq!(standing(), Standing::AsBefore);
}

#[test]
fn a_secret_comes_from_a_file_or_a_program_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "hunter2\n").unwrap();
    let words = ["printf", "hunter2\\nmore"].map(str::to_owned).to_vec();
    for place in [SecretPlace::File(file), SecretPlace::Command(words)] {
        let secret = place.fetch().unwrap();
        assert_eq!(secret, cordon_effect::Secret::new("hunter2"));
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
    for missing in [
        SecretPlace::Env("CORDON_NO_SUCH_VARIABLE".to_owned()),
        SecretPlace::File("/nowhere/token".into()),
        SecretPlace::Command(vec!["false".to_owned()]),
    ] {
        assert!(missing.fetch().is_err(), "{missing:?}");
    }
}
