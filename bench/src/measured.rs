//! A child process and what it used: CPU seconds of its own, and its peak memory.

use std::{
    fs::File,
    io::Read as _,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use wait4::Wait4 as _;

use crate::Fault;

/// What one run used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    /// User and system time.
    pub(crate) cpu: Duration,
    /// Time on the clock.
    pub(crate) wall: Duration,
    /// Largest resident memory, in bytes.
    pub(crate) peak: u64,
}

/// What a run used and what it said on standard error.
pub(crate) struct Run {
    pub(crate) used: Used,
    pub(crate) said: String,
}

/// Runs a command to its end; results go to `out`, or nowhere.
pub(crate) fn run(command: &mut Command, out: Option<File>) -> Result<Run, Fault> {
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out.map_or_else(Stdio::null, Stdio::from))
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|why| format!("{}: {why}", command.get_program().display()))?;
    let mut said = String::new();
    if let Some(mut stream) = child.stderr.take() {
        stream.read_to_string(&mut said)?;
    }
    let ended = child.wait4()?;
    if !ended.status.success() {
        return Err(format!("{command:?} ended with {}: {said}", ended.status).into());
    }
    let used = Used {
        cpu: ended.rusage.utime + ended.rusage.stime,
        wall: began.elapsed(),
        peak: ended.rusage.maxrss,
    };
    Ok(Run { used, said })
}

/// The middle value, the least and the greatest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// The spread of some values; zeros if there are none.
pub(crate) fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or_default();
    Spread {
        median: at(values.len() / 2),
        least: at(0),
        most: at(values.len().saturating_sub(1)),
    }
}
