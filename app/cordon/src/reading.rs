//! Reads all the logs that paths hold and screens every event on the way, on every core.
//!
//! Files are read side by side and the events of one file in batches; what is found does not depend
//! on which thread was faster.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use cordon_engine::{Engine, Screened, Setup};
use cordon_event::{Hints, ReadSummary, Tally};
use cordon_report::{ActivityFacts, Counted, LogFacts, Reading, SilenceFacts, Silent, SourceFacts};
use cordon_source::{Listing, Member, SkipReason, Skipped, SourceError, list};
use jiff::Timestamp;
use rayon::prelude::*;

use crate::{
    Failure,
    console::{Console, causes},
    failure::Problems,
    moment::Period,
    passing::{Ids, Outside, Passed},
    progress::Progress,
    render::counted,
    screening::{Found, Lanes},
    sources::Sources,
};

/// Most silent products named in one line.
const SILENT_MAX: usize = 8;

/// The product of what Cordon itself tells of logs, which nobody has to deliver.
const OURS: &str = "cordon";

/// How logs are meant, and which of their events are wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// What is known of them.
    pub(crate) sources: Sources,
    /// When it happened.
    pub(crate) period: Period,
}

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
    /// How many events each kind of log had.
    pub(crate) by_source: BTreeMap<Arc<str>, u64>,
    /// How many of them were left out.
    pub(crate) outside: Outside,
}

impl Read {
    /// Notes and says which rules had nothing to look at, because a source that is missing looks like
    /// one in which nothing happened.
    pub(crate) fn note_silent(&mut self, rules: &BTreeMap<String, usize>, console: &Console) {
        let silent = rules
            .iter()
            .filter(|(product, _)| !self.products.contains(*product) && *product != OURS);
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

    /// Notes which logs there were and which of them fell silent, as an engine saw it.
    pub(crate) fn note_coverage(&mut self, engine: &Engine) {
        let written = engine.coverage().written();
        let looked_at = looked_at(engine);
        let logs = self.by_source.iter().map(|(kind, events)| {
            let told = written.iter().find(|log| log.source == *kind);
            LogFacts {
                events: events.saturating_sub(self.outside.of(kind)),
                looked_at: looked_at.get(kind).copied().unwrap_or_default(),
                kind: kind.to_string(),
                hosts: told.map_or(0, |log| u64::try_from(log.hosts).unwrap_or(u64::MAX)),
                first: told.map(|log| log.first),
                last: told.map(|log| log.last),
            }
        });
        self.reading.logs = logs.filter(|log| log.events > 0).collect();
        self.reading.outside = self.outside.total();
        let activity = engine.coverage().activity().iter();
        self.reading.activity = activity
            .map(|(log, activity)| ActivityFacts {
                log: log.to_string(),
                known_from: activity.known_from(),
                minutes: activity.minutes().collect(),
            })
            .collect();
        let silences = engine.coverage().silences().iter();
        self.reading.silences = silences
            .map(|silence| SilenceFacts {
                log: silence.source.to_string(),
                host: silence.host.as_ref().map(ToString::to_string),
                from: silence.from,
                until: silence.until,
                usual_minutes: silence.usual_minutes,
                silence_minutes: silence.silence_minutes,
            })
            .collect();
    }

    /// Notes and says what could not be read to its end.
    pub(crate) fn note_failed(&mut self, console: &Console) {
        for failed in &self.failed {
            let (said, reason) = if matches!(failed, SourceError::NoLogs { .. }) {
                ("nothing to read", "path without logs")
            } else if failed.so_far().is_none() {
                ("not read", "file not read")
            } else {
                ("not read to its end", "file not read to its end")
            };
            console.remark(&format!("  {said}: {}", causes(failed)));
            self.reading.unread.push(Counted {
                reason: reason.to_owned(),
                count: 1,
                sample: causes(failed),
            });
        }
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

/// How many events of each kind of log some rule is for.
fn looked_at(engine: &Engine) -> BTreeMap<Arc<str>, u64> {
    let mut looked_at: BTreeMap<Arc<str>, u64> = BTreeMap::new();
    for (kind, events) in engine.coverage().kinds() {
        if engine.setup().rules.readers(kind) > 0 {
            *looked_at.entry(kind.source()).or_default() += events;
        }
    }
    looked_at
}

/// Reads everything that may be a log under some paths.
///
/// # Errors
/// When a path is wrong, or nothing at all can be read.
pub(crate) fn read(
    paths: &[PathBuf],
    setup: &Setup,
    wanted: &Wanted,
    console: &Console,
) -> Result<Read, Failure> {
    let listing = list(paths).map_err(wrong)?;
    let progress = console.progress("reading logs");
    progress.expect(listing.size());
    let parts = parts(&listing, setup, wanted, &progress);
    drop(progress);
    let mut read = Read::default();
    let mut total = ReadSummary::default();
    let mut ids = Ids::new();
    for (member, part) in listing.members.iter().zip(parts) {
        read.screened.extend(part.screened);
        read.reading
            .sources
            .push(facts(member.name(), &part.summary));
        read.failed.extend(part.failed);
        read.outside.extend(part.passed.outside);
        ids.add(part.passed.ids);
        total.merge(part.summary);
    }
    read.reading.repeated = ids.repeated();
    let logs = listing.members.iter().map(|member| &**member.name());
    read.reading.clocks = wanted.sources.facts(&logs.collect::<Vec<_>>());
    count(&mut read.reading, &total);
    remark(&read.reading, console);
    remark_skipped(&listing, console);
    read.reading.passed_over = passed_over(&listing);
    read.failed.extend(listing.failed);
    read.products = products(&total);
    read.by_source = total.by_source;
    read.note_failed(console);
    Ok(read)
}

/// The products that records came from.
pub(crate) fn products(total: &ReadSummary) -> BTreeSet<String> {
    let kinds = total.by_source.keys();
    kinds
        .map(|kind| kind.split('/').next().unwrap_or_default().to_owned())
        .collect()
}

/// What matches in everything that may be a log, and nothing about how the reading went.
pub(crate) fn screen(listing: &Listing, setup: &Setup) -> Screened {
    let mut screened = Screened::default();
    let wanted = Wanted::default();
    for part in parts(listing, setup, &wanted, &Progress::unwatched()) {
        screened.extend(part.screened);
    }
    screened
}

fn parts(listing: &Listing, setup: &Setup, wanted: &Wanted, progress: &Progress) -> Vec<Part> {
    let hints = Hints::at(Timestamp::now());
    let lanes = Lanes::new(setup, wanted.period, progress);
    let members = listing.members.par_iter().with_max_len(1);
    members
        .map(|member| {
            let hints = wanted.sources.hints(member.name(), &hints);
            read_member(member, &lanes, &hints, progress)
        })
        .collect()
}

/// What came of one file.
struct Part {
    screened: Screened,
    summary: ReadSummary,
    passed: Passed,
    failed: Option<SourceError>,
}

fn read_member(member: &Member, lanes: &Lanes<'_>, hints: &Hints, progress: &Progress) -> Part {
    let advance = |bytes| progress.advance(bytes);
    let (read, found) = lanes.screened(member.size(), hints, |reader, sink| {
        member.read_with(reader, hints, sink, &advance)
    });
    let (mut summary, failed) = match read {
        Ok(summary) => (summary, None),
        Err(failed) => (failed.so_far().cloned().unwrap_or_default(), Some(failed)),
    };
    let Found {
        screened,
        passed,
        of_parts,
    } = found;
    summary.merge(of_parts);
    Part {
        screened,
        summary,
        passed,
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

pub(crate) fn facts(name: &str, summary: &ReadSummary) -> SourceFacts {
    let kinds: Vec<&str> = summary.by_source.keys().map(|kind| &**kind).collect();
    SourceFacts {
        path: name.to_owned(),
        kind: kinds.join(", "),
        records: summary.records,
        first: summary.first,
        last: summary.last,
    }
}

pub(crate) fn count(reading: &mut Reading, total: &ReadSummary) {
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
pub(crate) fn remark(reading: &Reading, console: &Console) {
    let sum = |counted: &[Counted]| counted.iter().map(|c| c.count).sum::<u64>();
    let many = |count: u64, noun: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), noun);
    console.remark(&format!(
        "read {} from {}: {}, {} refused, {}",
        many(reading.records, "record"),
        counted(reading.sources.len(), "log"),
        many(reading.events, "event"),
        sum(&reading.refused),
        many(sum(&reading.degraded), "degradation"),
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
}

/// What was passed over, by reason.
fn passed_over(listing: &Listing) -> Vec<Counted> {
    let counted = |(why, skipped): (&SkipReason, &Skipped)| Counted {
        reason: why.words().to_owned(),
        count: skipped.count,
        sample: skipped.example.to_string(),
    };
    listing.skipped.iter().map(counted).collect()
}

/// Says what was passed over.
pub(crate) fn remark_skipped(listing: &Listing, console: &Console) {
    for (why, skipped) in &listing.skipped {
        let example = &skipped.example;
        console.remark(&format!(
            "  passed over: {} × {}, such as {example}",
            skipped.count,
            why.words()
        ));
    }
}
