//! What was typed: the command line as clap reads it, nothing checked but its grammar.
//!
//! One definition serves parsing, `--help`, completions, man pages and `docs/reference/cli.md`.
//! What the words mean (which node `--foothold` names, whether a file can be read) is found out in
//! the commands. Absent on purpose: reading any file.

mod act;
mod bench;
mod estate;
mod mark;
mod rules;
mod scan;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use cordon_drill::Profile;
use cordon_model::Hours;

pub(crate) use act::{Apply, Approve, Executor, Export, Ordered, Recall, RunCommand, SiteFiles};
pub(crate) use bench::{Bench, BenchDetect, BenchPlan, BenchShape};
pub(crate) use estate::{Estate, Import as ImportEstate, MakeSteps, Show as ShowEstate, Side};
#[cfg(test)]
pub(crate) use mark::MarkSays;
pub(crate) use mark::{Judging, Mark};
pub(crate) use rules::{Coverage, Explain, List, Rules, Test};
pub(crate) use scan::{Record, Scan, SourceFiles};

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Tables for people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
}

/// How detections are printed, of which all other results know the first three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DetectionFormat {
    /// Tables for people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A table for spreadsheets (`scan` only).
    Csv,
    /// An alert of the Elastic Common Schema a line (`scan` only).
    Ecs,
    /// A detection finding of OCSF a line (`scan` only).
    Ocsf,
}

impl DetectionFormat {
    /// The same for results of every kind; none if only detections are printed so.
    pub(crate) fn common(self) -> Option<Format> {
        match self {
            Self::Table => Some(Format::Table),
            Self::Json => Some(Format::Json),
            Self::Jsonl => Some(Format::Jsonl),
            Self::Csv | Self::Ecs | Self::Ocsf => None,
        }
    }
}

/// Sees the intruder in your logs, works out what they can reach, and gives the cheapest set of
/// switch-offs that provably stops them while what must trade goes on trading.
#[derive(Debug, Parser)]
#[command(
    name = "cordon",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Example: see the whole story on a made retailer\n  cordon demo --out northgate\n\n\
                  Exit codes: 0 done, 1 the world failed (reading, writing), 2 the input is wrong, \
                  3 the answer is no."
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How results are printed on standard output.
    #[arg(long, global = true, value_enum, default_value_t = DetectionFormat::Table, value_name = "FORMAT")]
    pub(crate) format: DetectionFormat,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell the whole story on a made retailer, Northgate.
    ///
    /// Writes its raw logs and its `estate.yaml`, then does what `respond` does on them.
    Demo(Demo),
    /// Make days of logs to rehearse on, with intruders or without, and the truth beside them.
    ///
    /// Writes estate.yaml, logs/ and truth.json. Nothing that runs is made: a drill is log lines.
    Drill(Drill),
    /// Logs and an estate in, the cheapest cut out.
    ///
    /// Writes plan.json, incidents.json, timeline.csv and report.html into the folder given.
    Respond(Respond),
    /// Say that something is held or not, with author and reason, for `respond --marks`.
    Mark(Mark),
    /// Find what the rules say about logs, and nothing more.
    Scan(Scan),
    /// One record of a log: what was understood of it, or its raw bytes.
    Record(Record),
    /// The cheapest cut for what is held, its price over time, its proof, its alternatives.
    Plan(Plan),
    /// What can be taken from what is held, by which path, how soon.
    Reach(Reach),
    /// Look after estates: what is wrong with them or missing, what is in them.
    #[command(
        subcommand,
        after_help = "Example:\n  cordon estate check northgate/estate.yaml"
    )]
    Estate(Estate),
    /// Carry a plan out, or print every call that it would make.
    Apply(Box<Apply>),
    /// Sign that a plan may be carried out.
    Approve(Box<Approve>),
    /// Take a run back, from whatever state it is in.
    Recall(Recall),
    /// Look after runs: where they stand, going on, holding, confirming.
    #[command(
        subcommand,
        after_help = "Example:\n  cordon run show cordon-runs/20260703T120000Z-1f0c"
    )]
    Run(RunCommand),
    /// Look after detection rules.
    #[command(
        subcommand,
        after_help = "Example:\n  cordon rules check content/rules"
    )]
    Rules(Rules),
    /// Measure how fast this machine does the work.
    #[command(
        subcommand,
        after_help = "Example:\n  cordon bench detect --events 500000"
    )]
    Bench(Bench),
    /// Print a completion script for a shell.
    #[command(
        after_help = "Example:\n  mkdir -p ~/.local/share/bash-completion/completions\n  cordon completions bash > ~/.local/share/bash-completion/completions/cordon"
    )]
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Print the man page, or write those of all commands into a folder.
    #[command(after_help = "Example:\n  cordon man --out ~/.local/share/man/man1")]
    Man {
        /// Write one page for each command into this folder.
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        out: Option<PathBuf>,
    },
    /// Print the reference of all commands as Markdown.
    #[command(hide = true)]
    Reference,
}

/// `cordon demo`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cordon demo --out northgate --seed 7")]
pub(crate) struct Demo {
    /// Where logs, estate and results are written.
    #[arg(long, value_name = "DIR", default_value = "northgate", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,

    /// The same seed makes the same retailer and the same day.
    #[arg(long, value_name = "N", default_value_t = cordon_drill::DEFAULT_SEED)]
    pub(crate) seed: u64,
}

/// `cordon drill`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Example:\n  cordon drill --out quiet --seed 7\n  cordon drill --out two --seed 7 --intruder telephone affiliate\n  cordon respond --estate two/estate.yaml --logs two/logs --out two/out\n  cordon drill score --truth two/truth.json --answer two/out"
)]
pub(crate) struct Drill {
    /// Something else about drills.
    #[command(subcommand)]
    pub(crate) other: Option<DrillOther>,

    /// Where estate, logs and truth are written.
    #[arg(long, required = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,

    /// The same seed makes the same retailer and the same day; an intruder changes nothing of the rest.
    #[arg(long, value_name = "N", default_value_t = cordon_drill::DEFAULT_SEED)]
    pub(crate) seed: u64,

    /// Who breaks in: `telephone` (the desk is called), `exhaustion` (pushes until one is accepted), `affiliate`
    /// (over the VPN, of a ransomware crew); several on one day are several intrusions; nobody if none.
    #[arg(long, num_args = 1.., value_name = "PROFILE", value_parser = profile)]
    pub(crate) intruder: Vec<Profile>,
}

/// What else there is about drills.
#[derive(Debug, Subcommand)]
pub(crate) enum DrillOther {
    /// Compare an answer with what really happened.
    Score(DrillScore),
}

/// `cordon drill score`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cordon drill score --truth two/truth.json --answer two/out")]
pub(crate) struct DrillScore {
    /// What really happened, as `cordon drill` wrote it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) truth: PathBuf,

    /// The folder that `cordon respond` wrote its answer into.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) answer: PathBuf,
}

fn profile(word: &str) -> Result<Profile, String> {
    Profile::from_word(word).ok_or_else(|| {
        let all = Profile::ALL.map(Profile::word).join(", ");
        format!("expected one of {all}")
    })
}

/// What is usual of whom.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct UsualFiles {
    /// Logs of the days before, from which is learned with which networks, devices and applications each account is
    /// usually seen; nothing in them is judged.
    #[arg(long, num_args = 1.., value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) history: Vec<PathBuf>,

    /// What was learned and saved before.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,

    /// Save there what was learned from the history and before.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) save_baseline: Option<PathBuf>,
}

/// Where the estate is described.
#[derive(Debug, Args)]
pub(crate) struct EstateFiles {
    /// Estate files (cordon/estate/v1, YAML or JSON); several add up.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) estate: Vec<PathBuf>,
}

/// Where rules are found.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RuleFiles {
    /// Sigma rules, files or folders; the built-in rules unless given.
    #[arg(long, num_args = 1.., value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) rules: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: RuleReading,
}

/// How rules are read: what their placeholders stand for, and what they pass through.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RuleReading {
    /// A YAML file that says what placeholders such as `%Administrators%` stand for here:
    /// `placeholders: { Administrators: [root, 'adm-*'] }`; repeats.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) placeholders: Vec<PathBuf>,

    /// A processing pipeline that rules pass through first: `sysmon`, `windows-audit`, `ecs-windows`,
    /// `entra`, or a file in pySigma's format; repeats.
    #[arg(long, value_name = "NAME|FILE", value_hint = ValueHint::FilePath)]
    pub(crate) pipeline: Vec<String>,
}

/// How long the cut is expected to stay.
#[derive(Debug, Args)]
pub(crate) struct Hold {
    /// How long the cut is expected to stay: a number and `m`, `h` or `d`.
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = hold)]
    pub(crate) hold: Hours,
}

/// Longest hold in hours, ten years: beyond it nobody switched anything off for a time.
const HOLD_HOURS_MAX: f64 = 87_660.0;

/// # Errors
/// In words, when it is no length of time, or longer than any cut.
fn hold(text: &str) -> Result<Hours, String> {
    let hours = Hours::parse(text).map_err(|why| why.to_string())?;
    if hours.to_f64() > HOLD_HOURS_MAX {
        return Err(
            "expected at most ten years, such as 7d; what is switched off for good is no cut"
                .to_owned(),
        );
    }
    Ok(hours)
}

/// What the intruder holds.
#[derive(Debug, Args)]
pub(crate) struct Footholds {
    /// What the intruder holds: an id or an alias of the estate, how surely after `=` (1 unless
    /// given); repeats.
    #[arg(long, num_args = 1.., value_name = "ID[=CONFIDENCE]")]
    pub(crate) foothold: Vec<String>,

    /// What the intruder holds and the estate does not know: it is listed and constrains nothing; repeats.
    #[arg(long, num_args = 1.., value_name = "NAME")]
    pub(crate) outside_estate: Vec<String>,
}

/// `cordon respond`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon respond --estate northgate/estate.yaml --logs northgate/logs --out result"
)]
pub(crate) struct Respond {
    #[command(flatten)]
    pub(crate) estate: EstateFiles,

    /// Logs of any known format: files, folders, archives.
    #[arg(long, required = true, num_args = 1.., value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) logs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) sources: SourceFiles,

    #[command(flatten)]
    pub(crate) usual: UsualFiles,

    #[command(flatten)]
    pub(crate) judging: Judging,

    /// Where the results are written.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,

    #[command(flatten)]
    pub(crate) hold: Hold,
}

/// `cordon plan`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    group(ArgGroup::new("held").required(true).multiple(true).args(["foothold", "outside_estate", "suspected"])),
    after_help = "Example:\n  cordon plan --estate northgate/estate.yaml --foothold user:amelia.shah@northgate.example=0.97 --hold 72h"
)]
pub(crate) struct Plan {
    /// Something else about plans.
    #[command(subcommand)]
    pub(crate) other: Option<PlanOther>,

    #[command(flatten)]
    pub(crate) estate: EstateFiles,

    #[command(flatten)]
    pub(crate) footholds: Footholds,

    #[command(flatten)]
    pub(crate) hold: Hold,

    /// What may be held: an id or an alias, and how surely; weighed in the robust plan; repeats.
    #[arg(long, num_args = 1.., value_name = "ID=CONFIDENCE")]
    pub(crate) suspected: Vec<String>,

    /// Who may approve what (cordon/policy/v1): also find the cheapest cut that needs nobody.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) policy: Option<PathBuf>,

    /// Only the cheapest cut: no other holds, aims, losses accepted or doubts.
    #[arg(long)]
    pub(crate) brief: bool,

    /// Also write the plan for BloodHound (OpenGraph) here: steps, what they cut, footholds and jewels.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) opengraph: Option<PathBuf>,
}

/// What else there is about plans.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanOther {
    /// Check a plan with the estate alone: that it cuts off, what it costs, and its proof.
    Check(PlanCheck),
    /// In which order the steps of a plan are undone as accounts and hosts are cleared, and what stays shut and why.
    Restore(PlanRestore),
}

/// `cordon plan restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon plan restore result/plan.json --estate northgate/estate.yaml --cleared user:amelia.shah@northgate.example"
)]
pub(crate) struct PlanRestore {
    /// The plan, as JSON.
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,

    #[command(flatten)]
    pub(crate) estate: EstateFiles,

    /// What is cleared already, of what the plan counts as held: an id or an alias; repeats.
    #[arg(long, num_args = 1.., value_name = "ID")]
    pub(crate) cleared: Vec<String>,
}

/// `cordon plan check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon plan check result/plan.json --estate northgate/estate.yaml"
)]
pub(crate) struct PlanCheck {
    /// The plan, as JSON.
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,

    #[command(flatten)]
    pub(crate) estate: EstateFiles,
}

/// `cordon reach`.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("held").required(true).multiple(true).args(["foothold", "outside_estate"])),
    after_help = "Example:\n  cordon reach --estate northgate/estate.yaml --foothold user:amelia.shah@northgate.example --to host:dc1"
)]
pub(crate) struct Reach {
    #[command(flatten)]
    pub(crate) estate: EstateFiles,

    #[command(flatten)]
    pub(crate) footholds: Footholds,

    /// Explain how this can be taken, by its fastest and its most likely path: an id or an alias; repeats.
    #[arg(long, num_args = 1.., value_name = "ID")]
    pub(crate) to: Vec<String>,
}
