//! `cordon bench`: what the detection of this very binary costs on this machine, end to end.
//!
//! The work is that of `scan`: bytes to events, events to matches, matches to printed lines, which
//! are thrown away. It is done up to each stage in turn, and a stage's time is what it adds.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    time::{Duration, Instant},
};

use cordon_drill::{DEFAULT_SEED, LogFile, northgate};
use cordon_engine::{Screened, Setup};
use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_report::json::v1::detection_line;
use cordon_source::{Listing, list};
use rayon::{ThreadPoolBuilder, prelude::*};

use super::{bench_plan, demo, scan};
use crate::{
    Failure,
    console::Console,
    reading, render,
    rule_set::usable_rules,
    typed::{self, Format},
    usage,
};

/// Measures what was asked for.
///
/// # Errors
/// When the input is wrong or the world fails.
pub(crate) fn run(asked: &typed::Bench, console: &mut Console) -> Result<(), Failure> {
    match asked {
        typed::Bench::Detect(asked) => detect(asked, console),
        typed::Bench::Plan(asked) => bench_plan::run(asked, console),
    }
}

fn detect(asked: &typed::BenchDetect, console: &mut Console) -> Result<(), Failure> {
    let rules = usable_rules(&asked.rules, console)?;
    let count = rules.set.len();
    let setup = scan::setup(rules.set);
    let made = if asked.logs.is_empty() {
        Some(MadeDay::write(&northgate(DEFAULT_SEED).logs)?)
    } else {
        None
    };
    let paths = made
        .as_ref()
        .map_or_else(|| asked.logs.clone(), |made| vec![made.0.clone()]);
    let listing = list(&paths).map_err(reading::wrong)?;
    let measured = measure(asked, &listing, &setup)?;
    let look = console.look;
    match console.format {
        Format::Table => console.result(&render::bench(&measured, count, look)),
        Format::Json | Format::Jsonl => console.json_text(&render::bench_json(&measured, count)),
    }
}

/// What the whole took, and its parts.
pub(crate) struct Measured {
    /// Records read, in one thread's run.
    pub(crate) amount: Amount,
    /// Reading, matching, telling: what each adds, in one thread.
    pub(crate) stages: [Took; 3],
    /// Largest memory of one thread's run; none where the system does not say.
    pub(crate) peak_bytes: Option<u64>,
    /// How many threads one was compared with, and their time.
    pub(crate) threads: (u16, Took),
}

/// How much was done.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Amount {
    /// Events, of all passes over the logs.
    pub(crate) events: u64,
    /// Bytes as they lie on disk.
    pub(crate) bytes: u64,
    /// Detections printed.
    pub(crate) detections: u64,
}

/// A time, on the clock and of CPUs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    /// On the clock.
    pub(crate) wall: Duration,
    /// Of CPUs; none where the system does not say.
    pub(crate) cpu: Option<Duration>,
}

impl Took {
    /// CPU time where it is known, else time on the clock.
    pub(crate) fn cost(self) -> Duration {
        self.cpu.unwrap_or(self.wall)
    }

    fn beyond(self, other: Self) -> Self {
        let cpu = self.cpu.zip(other.cpu);
        Self {
            wall: self.wall.saturating_sub(other.wall),
            cpu: cpu.map(|(more, less)| more.saturating_sub(less)),
        }
    }
}

/// How far the work goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UpTo {
    Reading,
    Matching,
    Telling,
}

fn measure(
    asked: &typed::BenchDetect,
    listing: &Listing,
    setup: &Setup,
) -> Result<Measured, Failure> {
    let one = Work {
        listing,
        setup,
        passes: passes(asked.events, count(listing)),
    };
    // Making a day takes more memory than reading it.
    usage::forget_peak();
    let (read, reading) = one.timed(UpTo::Reading, 1)?;
    let (_, matching) = one.timed(UpTo::Matching, 1)?;
    let (told, telling) = one.timed(UpTo::Telling, 1)?;
    let peak_bytes = usage::peak_bytes();
    let (_, together) = one.timed(UpTo::Telling, asked.threads)?;
    Ok(Measured {
        amount: Amount {
            detections: told,
            events: read,
            bytes: listing.size() * one.passes,
        },
        stages: [reading, matching.beyond(reading), telling.beyond(matching)],
        peak_bytes,
        threads: (asked.threads, together),
    })
}

/// How often logs are read to give enough events.
fn passes(wanted: u64, events: u64) -> u64 {
    wanted.div_ceil(events.max(1)).max(1)
}

/// The same logs, some times over.
struct Work<'w> {
    listing: &'w Listing,
    setup: &'w Setup,
    passes: u64,
}

impl Work<'_> {
    /// Does it with so many threads; gives how much came out and the time.
    fn timed(&self, up_to: UpTo, threads: u16) -> Result<(u64, Took), Failure> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build()
            .map_err(|why| Failure::World(Box::new(why)))?;
        let (began, cpu) = (Instant::now(), usage::cpu());
        let out = pool.install(|| (0..self.passes).map(|_| self.pass(up_to)).sum());
        let wall = began.elapsed();
        let cpu = usage::cpu().zip(cpu);
        let cpu = cpu.map(|(after, before)| after.saturating_sub(before));
        Ok((out, Took { wall, cpu }))
    }

    fn pass(&self, up_to: UpTo) -> u64 {
        match up_to {
            UpTo::Reading => count(self.listing),
            UpTo::Matching => {
                let screened = reading::screen(self.listing, self.setup);
                u64::try_from(screened.len()).unwrap_or(u64::MAX)
            }
            UpTo::Telling => tell(reading::screen(self.listing, self.setup), self.setup),
        }
    }
}

/// Prints into nothing; gives how many lines.
fn tell(screened: Screened, setup: &Setup) -> u64 {
    let (detections, _) = scan::detections(setup.clone(), screened);
    let lines = detections.iter().map(detection_line);
    lines.map(|line| u64::from(!line.is_empty())).sum()
}

/// Reads everything and keeps nothing; gives how many events there were.
fn count(listing: &Listing) -> u64 {
    let hints = Hints::default();
    let members = listing.members.par_iter().with_max_len(1);
    let counts = members.map(|member| {
        let mut events = Count(0);
        let _what_came_before_a_failure_counts = member.read(&hints, &mut events, &|_| {});
        events.0
    });
    counts.sum()
}

struct Count(u64);

impl Sink for Count {
    fn event(&mut self, _event: &Event, _degraded: &[Degradation]) {
        self.0 += 1;
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}

/// Northgate's day in a folder of its own, gone when this is.
struct MadeDay(PathBuf);

impl MadeDay {
    fn write(logs: &[LogFile]) -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("cordon-bench-{}", process::id()));
        let made = Self(folder);
        for file in logs {
            demo::write(&made.0.join(&file.path), &file.bytes)?;
        }
        Ok(made)
    }
}

impl Drop for MadeDay {
    fn drop(&mut self) {
        let _what_is_left_in_a_folder_for_that_is_no_harm = fs::remove_dir_all(Path::new(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use cordon_drill::LogFile;

    use super::{MadeDay, passes};

    #[test]
    fn made_logs_are_gone_when_nobody_needs_them() {
        let log = LogFile {
            path: "okta/log.ndjson".to_owned(),
            bytes: b"{}\n".to_vec(),
            records: 1,
        };
        let Ok(made) = MadeDay::write(&[log]) else {
            unreachable!("a temporary folder can be written");
        };
        let folder = made.0.clone();
        assert!(folder.join("okta/log.ndjson").is_file());
        drop(made);
        assert!(!folder.exists());
    }

    #[test]
    fn logs_are_read_until_there_were_enough_events() {
        for (wanted, events, expect) in [(10, 10, 1), (11, 10, 2), (5, 10, 1), (9, 0, 9), (0, 0, 1)]
        {
            assert_eq!(passes(wanted, events), expect, "{wanted} of {events}");
        }
    }
}
