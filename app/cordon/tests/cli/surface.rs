//! What all commands share: usage, help, completions, the manual, a reader that leaves early.

use crate::running::{self, cordon, folder};

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    let dir = folder(&[]);
    for arguments in [
        &["plan"][..],
        &["no-such-command"],
        &["plan", "--estate", "e", "--foothold", "x", "--hold", "5"],
        &["plan", "--estate", "e", "--foothold", "x", "--hold=-5h"],
        &[
            "reach",
            "--estate",
            "e",
            "--foothold",
            "x",
            "--format",
            "xml",
        ],
        &[],
    ] {
        let ran = cordon(dir.path(), arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert_eq!(ran.stdout, "", "{arguments:?}");
    }
    for command in [
        "demo",
        "drill",
        "respond",
        "scan",
        "record",
        "plan",
        "reach",
        "rules",
        "bench",
        "completions",
        "man",
    ] {
        let ran = cordon(dir.path(), &[command, "--help"]);
        assert_eq!(ran.code, 0, "{command}");
        assert!(ran.stdout.contains("Example:"), "{command}: {}", ran.stdout);
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let dir = folder(&[]);
    let ran = running::cordon_into_closed_pipe(dir.path(), &["completions", "bash"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn completions_and_manual_are_made_from_the_same_definitions() {
    let dir = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            cordon(dir.path(), &["completions", shell])
                .stdout
                .contains("foothold"),
            "{shell}"
        );
    }
    assert!(cordon(dir.path(), &["man"]).stdout.contains(".TH cordon 1"));
    assert_eq!(cordon(dir.path(), &["man", "--out", "man1"]).code, 0);
    let page = std::fs::read_to_string(dir.path().join("man1/cordon-plan.1")).unwrap();
    assert!(page.contains("hold"));
}

#[test]
fn the_reference_of_commands_is_current() {
    let dir = folder(&[]);
    let now = cordon(dir.path(), &["reference"]).stdout;
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/cli.md");
    let written = std::fs::read_to_string(page).unwrap_or_default();
    assert!(
        written == now,
        "docs/reference/cli.md is stale: run `cargo run -p xtask -- generate`"
    );
}
