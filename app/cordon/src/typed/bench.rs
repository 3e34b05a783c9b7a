//! What was typed behind `cordon bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::RuleFiles;

/// `cordon bench`.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// From bytes to printed detections: records a second, memory, and where the time goes.
    ///
    /// Made logs unless others are given, read again until there were enough events.
    Detect(BenchDetect),
}

/// `cordon bench detect`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon bench detect --logs northgate/logs --events 500000 --threads 4"
)]
pub(crate) struct BenchDetect {
    /// Logs of any known format: files, folders, archives; a made day unless given.
    #[arg(long, num_args = 1.., value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) logs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// At least so many events, by reading the same logs again.
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    pub(crate) events: u64,

    /// How many threads one thread is compared with.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
}
