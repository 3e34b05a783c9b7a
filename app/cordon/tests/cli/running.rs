//! Runs the built binary in a folder of its own, and keeps what it said.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot run its subject has failed"
)]

use std::{
    io::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit code.
    pub(crate) code: i32,
    /// What it printed as its result.
    pub(crate) stdout: String,
    /// What it said beside that.
    pub(crate) stderr: String,
}

/// A new folder with some files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folder");
        std::fs::write(path, text).expect("a file can be written");
    }
    dir
}

/// Runs the binary.
pub(crate) fn cordon(dir: &Path, arguments: &[&str]) -> Ran {
    ended(command(dir, arguments))
}

/// Runs the binary where somebody says how wide things are shown.
pub(crate) fn cordon_within(dir: &Path, arguments: &[&str], columns: &str) -> Ran {
    let mut command = command(dir, arguments);
    command.env("COLUMNS", columns);
    ended(command)
}

fn ended(mut command: Command) -> Ran {
    let output = command.output().expect("the binary can be run");
    Ran {
        code: output.status.code().expect("the binary ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("results are text"),
        stderr: String::from_utf8(output.stderr).expect("remarks are text"),
    }
}

/// Runs the binary with something to read on its standard input.
pub(crate) fn cordon_reading(dir: &Path, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
    let mut child = started(dir, arguments);
    let mut pipe = child.stdin.take().expect("standard input is a pipe");
    pipe.write_all(input.as_ref()).expect("it is read");
    drop(pipe);
    let output = child.wait_with_output().expect("the binary ends");
    Ran {
        code: output.status.code().expect("the binary ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("results are text"),
        stderr: String::from_utf8(output.stderr).expect("remarks are text"),
    }
}

/// Starts the binary with all its streams at hand.
pub(crate) fn started(dir: &Path, arguments: &[&str]) -> Child {
    command(dir, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be run")
}

/// Runs the binary with nobody reading its results.
pub(crate) fn cordon_into_closed_pipe(dir: &Path, arguments: &[&str]) -> Ran {
    let mut child = command(dir, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be run");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    Ran {
        code: output.status.code().expect("the binary ends by itself"),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).expect("remarks are text"),
    }
}

fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command
        .current_dir(dir)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command
}
