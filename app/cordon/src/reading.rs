//! Reads all the logs that paths hold and screens every event on the way, on every core.
//!
//! Files are read side by side and the events of one file in batches; what is found does not depend
//! on which thread was faster.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use cordon_engine::{Screened, Setup};
use cordon_event::{Hints, ReadSummary, Tally};
use cordon_report::{Counted, Reading, Silent, SourceFacts};
use cordon_source::{Listing, Member, SourceError, list};
use jiff::Timestamp;
use rayon::prelude::*;

use crate::{
    Failure,
    console::{Console, causes},
    failure::Problems,
    progress::Progress,
    render::counted,
    screening::Lanes,
};

/// Most silent products named in one line.
const SILENT_MAX: usize = 8;

/// What was read and what matched.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// What matched, to be handed to an engine.
    pub(crate) screened: Screened,
    /// What was read, and what could not be.
    pub(crate) reading: Reading,
    /// Files that could not be read, or not to their end. What was read of them counts.
    pub(crate) failed: Vec<SourceError>,
    /// The products that records came from.
    pub(crate) products: BTreeSet<String>,
}

impl Read {
    /// Notes and says which rules had nothing to look at, because a source that is missing looks like
    /// one in which nothing happened.
    pub(crate) fn note_silent(&mut self, rules: &BTreeMap<String, usize>, console: &Console) {
        let silent = rules
            .iter()
            .filter(|(product, _)| !self.products.contains(*product));
        self.reading.silent = silent
            .map(|(product, rules)| Silent {
                product: product.clone(),
                rules: u64::try_from(*rules).unwrap_or(u64::MAX),
            })
            .collect();
        let silent = &self.reading.silent;
        if silent.is_empty() {
            return;
        }
        let few = silent.iter().take(SILENT_MAX);
        let few: Vec<&str> = few.map(|silent| silent.product.as_str()).collect();
        let more = silent.len().saturating_sub(SILENT_MAX);
        let others = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let idle: u64 = silent.iter().map(|silent| silent.rules).sum();
        let idle = counted(usize::try_from(idle).unwrap_or(usize::MAX), "rule");
        let few = few.join(", ");
        console.remark(&format!(
            "  nothing came from {few}{others}: {idle} had nothing to look at"
        ));
    }

    /// Whether every path held logs and every file was read to its end; asked when all results are
    /// out, because one damaged file must not hold up the rest.
    ///
    /// # Errors
    /// When one was not.
    pub(crate) fn complete(self) -> Result<(), Failure> {
        match self.failed.into_iter().next() {
            Some(first) if first.is_input() => Err(wrong(first)),
            Some(first) => Err(Failure::World(Box::new(first))),
            None => Ok(()),
        }
    }
}

/// Reads everything that may be a log under some paths.
///
/// # Errors
/// When a path is wrong, or nothing at all can be read.
pub(crate) fn read(paths: &[PathBuf], setup: &Setup, console: &Console) -> Result<Read, Failure> {
    let listing = list(paths).map_err(wrong)?;
    let progress = console.progress("reading logs");
    progress.expect(listing.size());
    let parts = parts(&listing, setup, &progress);
    drop(progress);
    let mut read = Read::default();
    let mut total = ReadSummary::default();
    for (member, part) in listing.members.iter().zip(parts) {
        read.screened.extend(part.screened);
        read.reading.sources.push(facts(member, &part.summary));
        read.failed.extend(part.failed);
        total.merge(part.summary);
    }
    count(&mut read.reading, &total);
    remark(&listing, &read.reading, console);
    read.failed.extend(listing.failed);
    read.products = total
        .by_source
        .keys()
        .map(|kind| kind.split('/').next().unwrap_or_default().to_owned())
        .collect();
    for failed in &read.failed {
        let (said, reason) = if matches!(failed, SourceError::NoLogs { .. }) {
            ("nothing to read", "path without logs")
        } else {
            ("not read to its end", "file not read to its end")
        };
        console.remark(&format!("  {said}: {}", causes(failed)));
        read.reading.refused.push(Counted {
            reason: reason.to_owned(),
            count: 1,
            sample: causes(failed),
        });
    }
    Ok(read)
}

/// What matches in everything that may be a log, and nothing about how the reading went.
pub(crate) fn screen(listing: &Listing, setup: &Setup) -> Screened {
    let mut screened = Screened::default();
    for part in parts(listing, setup, &Progress::unwatched()) {
        screened.extend(part.screened);
    }
    screened
}

fn parts(listing: &Listing, setup: &Setup, progress: &Progress) -> Vec<Part> {
    let lanes = Lanes::new(setup, Hints::at(Timestamp::now()));
    let members = listing.members.par_iter().with_max_len(1);
    members
        .map(|member| read_member(member, &lanes, progress))
        .collect()
}

/// What came of one file.
struct Part {
    screened: Screened,
    summary: ReadSummary,
    failed: Option<SourceError>,
}

fn read_member(member: &Member, lanes: &Lanes<'_>, progress: &Progress) -> Part {
    let advance = |bytes| progress.advance(bytes);
    let (read, of_parts, screened) = lanes.screened(member.size(), |reader, hints, sink| {
        member.read_with(reader, hints, sink, &advance)
    });
    let (mut summary, failed) = match read {
        Ok(summary) => (summary, None),
        Err(failed) => (failed.so_far().cloned().unwrap_or_default(), Some(failed)),
    };
    summary.merge(of_parts);
    Part {
        screened,
        summary,
        failed,
    }
}

/// A path that is not there is the world's fault here as it is for estates and rules.
pub(crate) fn wrong(error: SourceError) -> Failure {
    if matches!(error, SourceError::Missing { .. }) || !error.is_input() {
        return Failure::World(Box::new(error));
    }
    let help =
        "name files or folders with EVTX, JSON or syslog; gzip, zstd, xz, ZIP and tar are unpacked";
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
    let counted = |words: &str, tally: &Tally| Counted {
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
