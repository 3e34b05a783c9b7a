//! What was typed behind `cordon bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::RuleFiles;

/// `cordon bench`.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// From bytes to printed detections: records a second, memory, and where the time goes.
    ///
    /// Made logs unless others are given, read again until there were enough events.
    Detect(BenchDetect),
    /// From a large estate on disk to a plan with its proof: time, memory, gap.
    ///
    /// Made: a retailer of as many outlets as asked for.
    Plan(BenchPlan),
}

/// How far rights keep to roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchShape {
    /// Rights come from roles.
    Roles,
    /// Roles, and 50,000 loose rights.
    Exceptions,
    /// Drawn without any order.
    Random,
}

/// `cordon bench plan`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon bench plan --shape exceptions --outlets 7000 --write estate.jsonl"
)]
pub(crate) struct BenchPlan {
    /// How far rights keep to roles.
    #[arg(long, value_enum, default_value_t = BenchShape::Roles, value_name = "SHAPE")]
    pub(crate) shape: BenchShape,

    /// How many shops; everything else grows with them.
    #[arg(long, value_name = "N", default_value_t = 7_000, value_parser = clap::value_parser!(u32).range(40..=20_000))]
    pub(crate) outlets: u32,

    /// What every draw follows from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// How many staff accounts are held.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 200,
        conflicts_with = "outside"
    )]
    pub(crate) staff: u32,

    /// Held is nothing yet, but remote access is open to whoever is outside.
    #[arg(long)]
    pub(crate) outside: bool,

    /// How much searching is allowed, in units of work.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    pub(crate) effort: u64,

    /// Where the estate is written and kept.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) write: Option<PathBuf>,
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
