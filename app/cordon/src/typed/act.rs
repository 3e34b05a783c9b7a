//! What was typed about carrying out and taking back.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::EstateFiles;

/// Other languages for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Export {
    /// A CACAO 2.0 playbook.
    Cacao,
    /// `OpenC2` commands, one a line.
    Openc2,
}

/// A plan, and what turns it into an order.
#[derive(Debug, Args)]
pub(crate) struct Ordered {
    /// The plan, as `respond` and `plan --format json` write it.
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,

    #[command(flatten)]
    pub(crate) estate: EstateFiles,

    /// Who may approve what (cordon/policy/v1); with its signature in a file of the same name and `.sig`
    /// where it is executed.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) policy: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) connectors: SiteFiles,
}

/// Where connectors are described.
#[derive(Debug, Args)]
pub(crate) struct SiteFiles {
    /// What this site says of its connectors (cordon/connectors/v1): addresses, where secrets are, programs.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) connectors: Option<PathBuf>,

    /// Further definitions of HTTP connectors (cordon/connector/v1), beside the built-in ones; repeats.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) definition: Vec<PathBuf>,

    /// Give people the steps whose connector this site does not have.
    #[arg(long)]
    pub(crate) by_hand: bool,

    /// Carry out every step by a connector that only remembers.
    #[arg(long, conflicts_with = "by_hand")]
    pub(crate) rehearse: bool,
}

/// Who carries it out.
#[derive(Debug, Args)]
pub(crate) struct Executor {
    /// The private key that signs the journal (`openssl genpkey -algorithm ed25519`).
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: PathBuf,

    /// Public keys of other executors whose records are believed; repeats.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trusted: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) connectors: SiteFiles,

    /// Watch for so many seconds once everything has settled.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) watch: u64,
}

/// `cordon apply`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon apply plan.json --estate estate.yaml\n  cordon apply plan.json --estate estate.yaml --policy policy.yml --anchor anchor.pub --key executor.pem --approval anna.json --approval ben.json --execute"
)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) order: Ordered,

    /// Really do it; without this every call is printed and none is made.
    #[arg(long, requires_all = ["key", "anchor", "policy"])]
    pub(crate) execute: bool,

    /// Print the plan for others instead: as a playbook or as commands.
    #[arg(
        long = "as",
        value_enum,
        value_name = "LANGUAGE",
        conflicts_with = "execute"
    )]
    pub(crate) export: Option<Export>,

    /// An approval, as `approve` prints it; repeats.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) approval: Vec<PathBuf>,

    /// The public key that the policy is signed with.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) anchor: Option<PathBuf>,

    /// The private key that signs the journal (`openssl genpkey -algorithm ed25519`).
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,

    /// The folder of all runs.
    #[arg(long, value_name = "DIR", default_value = "cordon-runs", value_hint = ValueHint::DirPath)]
    pub(crate) runs: PathBuf,

    /// Watch for so many seconds once everything has settled.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) watch: u64,
}

/// `cordon approve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon approve plan.json --estate estate.yaml --policy policy.yml --by anna --key anna.pem > anna.json"
)]
pub(crate) struct Approve {
    #[command(flatten)]
    pub(crate) order: Ordered,

    /// Who approves, as the policy names them.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,

    /// Their private key (`openssl genpkey -algorithm ed25519`).
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: PathBuf,

    /// For how many minutes the approval holds; a day at most. Nothing is begun after that.
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub(crate) minutes: u32,
}

/// `cordon recall`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon recall cordon-runs/20260703T120000Z-1f0c --key executor.pem --why 'the tills stand still'"
)]
pub(crate) struct Recall {
    /// The run's folder.
    #[arg(value_name = "RUN", value_hint = ValueHint::DirPath)]
    pub(crate) run: PathBuf,

    /// Why, for the journal.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,

    /// Go on from the last line of the journal that can be believed; what follows it is put aside beside the journal, and
    /// what it says was done is not taken back.
    #[arg(long)]
    pub(crate) from_last_good_line: bool,

    #[command(flatten)]
    pub(crate) executor: Executor,
}

/// `cordon run`.
#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// Say where a run stands, after checking every link and signature of its journal.
    #[command(
        after_help = "Example:\n  cordon run show cordon-runs/20260703T120000Z-1f0c --trusted executor.pub"
    )]
    Show {
        /// The run's folder.
        #[arg(value_name = "RUN", value_hint = ValueHint::DirPath)]
        run: PathBuf,
        /// Public keys that journals are signed with; repeats. Without any, each line is checked against the key
        /// that it names.
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        trusted: Vec<PathBuf>,
    },
    /// Go on with a run whose executor ended, or that is held.
    #[command(
        after_help = "Example:\n  cordon run resume cordon-runs/20260703T120000Z-1f0c --key executor.pem"
    )]
    Resume {
        /// The run's folder.
        #[arg(value_name = "RUN", value_hint = ValueHint::DirPath)]
        run: PathBuf,
        /// End a hold, and why.
        #[arg(long, value_name = "TEXT")]
        release: Option<String>,
        /// Who carries it out.
        #[command(flatten)]
        executor: Executor,
    },
    /// Begin nothing further; what was begun comes to its end.
    #[command(
        after_help = "Example:\n  cordon run hold cordon-runs/20260703T120000Z-1f0c --key executor.pem --why 'wait for the store managers'"
    )]
    Hold {
        /// The run's folder.
        #[arg(value_name = "RUN", value_hint = ValueHint::DirPath)]
        run: PathBuf,
        /// Why, for the journal.
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// Who carries it out.
        #[command(flatten)]
        executor: Executor,
    },
    /// Confirm that a step which a person does was done, or taken back.
    #[command(
        after_help = "Example:\n  cordon run confirm cordon-runs/20260703T120000Z-1f0c isolate-zone/stores --by anna"
    )]
    Confirm {
        /// The run's folder.
        #[arg(value_name = "RUN", value_hint = ValueHint::DirPath)]
        run: PathBuf,
        /// The target, as the order names it.
        #[arg(value_name = "TARGET")]
        target: String,
        /// Who did it.
        #[arg(long, value_name = "NAME")]
        by: String,
        /// That it was taken back, not done.
        #[arg(long)]
        undone: bool,
    },
}
