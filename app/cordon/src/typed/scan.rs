//! What was typed behind `cordon scan`, and how logs are meant wherever they are read.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use jiff::SignedDuration;

use super::RuleFiles;
use crate::{duration, moment::Moment};

/// `cordon scan`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    cordon scan northgate/logs --format jsonl\n  \
    cordon scan Security.evtx okta.json --since 2025-04-22 --until 2025-04-22T18:00Z\n  \
    cordon scan /var/log/estate --follow --since 2h --format ecs -o alerts.ndjson\n  \
    cordon scan exports --source '*/tickets.csv:zone=Europe/London,time=dd/MM/yyyy HH:mm' --source 'fw*.log:clock=+3h'\n  \
    zcat okta.json.gz | cordon scan - --summary summary.json")]
pub(crate) struct Scan {
    /// Logs of any known format: files, folders, archives; `-` is standard input.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) logs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) sources: SourceFiles,

    /// Only what happened since: a date, a time (UTC unless it says otherwise), or how long ago, such as
    /// `2h` or `7d`. Events without a time are looked at all the same.
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    pub(crate) since: Option<Moment>,

    /// Only what happened until: the same forms; a date means to its end.
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    pub(crate) until: Option<Moment>,

    /// Go on reading what is added to files, and files that are added, until Ctrl-C, or until what comes late can no longer
    /// be of a time before `--until`.
    #[arg(long)]
    pub(crate) follow: bool,

    /// How late a record may come while files are followed, and still be correlated with those before it; 15m
    /// unless given.
    #[arg(long, value_name = "DURATION", requires = "follow", value_parser = duration::positive)]
    pub(crate) lateness: Option<SignedDuration>,

    /// Write the results into this file.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,

    /// Write what was read, refused, silent and declared into this file, as JSON.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) summary: Option<PathBuf>,
}

/// `cordon record`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    cordon record northgate/logs/okta/system-log.ndjson --record 9665\n  \
    cordon record evidence.zip!okta.json --record 12 --raw | sha256sum\n  \
    cordon record '<38>Apr 17 10:00:00 web1 sshd[7]: Failed password for root from 198.51.100.7 port 33 ssh2'")]
pub(crate) struct Record {
    /// A log as `scan` names it (a file, `archive.zip!member`, `-` for standard input), or the record itself.
    #[arg(value_name = "EVENT", value_hint = ValueHint::FilePath)]
    pub(crate) event: String,

    /// Which record of the log, counted from 1 as `scan` does.
    #[arg(long = "record", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) number: u64,

    /// Print its bytes as they stand in the log, and nothing else: those that `scan` gives the SHA-256 of.
    #[arg(long)]
    pub(crate) raw: bool,

    #[command(flatten)]
    pub(crate) sources: SourceFiles,
}

/// What is known of logs beside what they say.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SourceFiles {
    /// What logs leave open, for the paths that fit a pattern (`*` and `?`): `zone` of times without one,
    /// `clock` (how far theirs runs ahead, such as `+3h` or `-90s`), `time` (the form of their times), `format`
    /// (evtx, json, lines …); repeats, and what comes later counts.
    #[arg(long, value_name = "PATTERN:KEY=VALUE,…")]
    pub(crate) source: Vec<String>,

    /// The same in a YAML file: `sources: [{ path: '*/fw*.log', clock: +3h }]`; repeats.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) sources: Vec<PathBuf>,
}
