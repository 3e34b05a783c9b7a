//! The machine and the state of the sources that figures belong to.

use std::{fs, process::Command, thread};

/// Machine, memory, commit and toolchain on a few lines.
pub(crate) fn described() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!(
        "- machine: {cores} × {}, {}\n- commit: {}\n- toolchain: {}\n- load before: {}\n",
        field("/proc/cpuinfo", "model name"),
        memory(),
        said("git", &["describe", "--always", "--dirty"]),
        said("rustc", &["--version"]),
        fs::read_to_string("/proc/loadavg")
            .unwrap_or_default()
            .trim(),
    )
}

fn memory() -> String {
    let kibibytes = field("/proc/meminfo", "MemTotal");
    let kibibytes: f64 = kibibytes
        .trim_end_matches(" kB")
        .parse()
        .unwrap_or_default();
    format!("{:.0} GiB", kibibytes / 1024.0 / 1024.0)
}

fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':'));
    value.map_or_else(
        || "unknown".to_owned(),
        |(_, value)| value.trim().to_owned(),
    )
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
