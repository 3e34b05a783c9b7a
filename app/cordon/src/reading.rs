//! Reads all the logs that paths hold and screens every event on the way, on every core.
//!
//! Files are read side by side and the events of one file in batches; what is found does not depend
//! on which thread was faster.

use std::path::PathBuf;

use cordon_engine::{Screened, Setup};
use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, Sink};
use cordon_report::{Counted, Reading, SourceFacts};
use cordon_source::{Listing, Member, SourceError, list};
use jiff::Timestamp;
use rayon::prelude::*;

use crate::{Failure, console::Console, failure::Problems, progress::Progress, render::counted};

/// Events screened together: enough to keep every core busy, few enough to stay in memory whatever
/// the size of the file.
const BATCH_EVENTS: usize = 4096;

/// Events of a batch that one thread takes at a time.
const SHARE_EVENTS: usize = 256;

/// What was read and what matched.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// What matched, to be handed to an engine.
    pub(crate) screened: Screened,
    /// What was read, and what could not be.
    pub(crate) reading: Reading,
}

/// Reads everything that may be a log under some paths.
///
/// # Errors
/// When a path is wrong, or a file cannot be read to its end.
pub(crate) fn read(paths: &[PathBuf], setup: &Setup, console: &Console) -> Result<Read, Failure> {
    let listing = list(paths).map_err(wrong)?;
    let progress = console.progress("reading logs");
    progress.expect(listing.size());
    let hints = Hints::at(Timestamp::now());
    let parts: Result<Vec<_>, SourceError> = listing
        .members
        .par_iter()
        .with_max_len(1)
        .map(|member| read_member(member, setup, &hints, &progress))
        .collect();
    drop(progress);
    let mut read = Read::default();
    let mut total = ReadSummary::default();
    for (member, (screened, summary)) in listing.members.iter().zip(parts.map_err(wrong)?) {
        read.screened.extend(screened);
        read.reading.sources.push(facts(member, &summary));
        total.merge(summary);
    }
    count(&mut read.reading, &total);
    remark(&listing, &read.reading, console);
    Ok(read)
}

fn read_member(
    member: &Member,
    setup: &Setup,
    hints: &Hints,
    progress: &Progress,
) -> Result<(Screened, ReadSummary), SourceError> {
    let mut batches = Batches {
        setup,
        batch: Vec::new(),
        screened: Screened::default(),
    };
    let summary = member.read(hints, &mut batches, &|bytes| progress.advance(bytes))?;
    batches.screen();
    Ok((batches.screened, summary))
}

/// Collects events and screens them a batch at a time.
struct Batches<'s> {
    setup: &'s Setup,
    batch: Vec<Event>,
    screened: Screened,
}

impl Batches<'_> {
    fn screen(&mut self) {
        let shares: Vec<Screened> = self
            .batch
            .par_chunks(SHARE_EVENTS)
            .map(|share| self.setup.screen(share))
            .collect();
        for share in shares {
            self.screened.extend(share);
        }
        self.batch.clear();
    }
}

impl Sink for Batches<'_> {
    fn event(&mut self, event: Event, _degraded: &[Degradation]) {
        self.batch.push(event);
        if self.batch.len() >= BATCH_EVENTS {
            self.screen();
        }
    }

    /// Refusals are counted, with a sample, in the summary.
    fn refusal(&mut self, _refusal: Refusal) {}
}

/// A path that is not there is the world's fault here as it is for estates and rules.
fn wrong(error: SourceError) -> Failure {
    if matches!(error, SourceError::Missing { .. }) || !error.is_input() {
        return Failure::World(Box::new(error));
    }
    let help = "name files or folders with EVTX, JSON or syslog; gzip and ZIP are unpacked";
    Failure::Input(Problems::of_arguments("logs", &error.to_string(), help))
}

fn facts(member: &Member, summary: &ReadSummary) -> SourceFacts {
    let kinds: Vec<&str> = summary.by_source.keys().map(|kind| &**kind).collect();
    SourceFacts {
        path: member.name().to_string(),
        kind: kinds.join(", "),
        records: summary.records,
        first: summary.first,
        last: summary.last,
    }
}

fn count(reading: &mut Reading, total: &ReadSummary) {
    let counted = |words: &str, tally: &cordon_event::Tally| Counted {
        reason: words.to_owned(),
        count: tally.count,
        sample: format!(
            "{} record {}: {}",
            tally.example.log.path, tally.example.log.record, tally.example.sample
        ),
    };
    reading.records = total.records;
    reading.events = total.events;
    reading.refused = total
        .refused
        .iter()
        .map(|(why, t)| counted(why.words(), t))
        .collect();
    reading.degraded = total
        .degraded
        .iter()
        .map(|(why, t)| counted(why.words(), t))
        .collect();
}

/// Says on standard error what was read, what was passed over and what could not be read.
fn remark(listing: &Listing, reading: &Reading, console: &Console) {
    let sum = |counted: &[Counted]| counted.iter().map(|c| c.count).sum::<u64>();
    console.remark(&format!(
        "read {} records from {}: {} events, {} refused, {} degraded",
        reading.records,
        counted(reading.sources.len(), "log"),
        reading.events,
        sum(&reading.refused),
        sum(&reading.degraded),
    ));
    for (what, all) in [
        ("refused", &reading.refused),
        ("degraded", &reading.degraded),
    ] {
        for counted in all {
            let Counted {
                reason,
                count,
                sample,
            } = counted;
            console.remark(&format!("  {what}: {count} × {reason}; first {sample}"));
        }
    }
    for (why, skipped) in &listing.skipped {
        let example = &skipped.example;
        console.remark(&format!(
            "  passed over: {} × {}, such as {example}",
            skipped.count,
            why.words()
        ));
    }
}
