//! What was typed behind `cordon estate`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

/// `cordon estate`.
#[derive(Debug, Subcommand)]
pub(crate) enum Estate {
    /// Say everything that is wrong with an estate, or missing from it, where, and what to do about it.
    #[command(after_help = "Example:\n  cordon estate check northgate/estate.yaml --format json")]
    Check(Files),
    /// Look at an estate: how much of what is in it, or one node with its edges in and out.
    #[command(
        after_help = "Examples:\n  cordon estate show northgate/estate.yaml\n  cordon estate show northgate/estate.yaml --node NORTHGATE\\\\amelia.shah"
    )]
    Show(Show),
}

/// Which files make the estate.
#[derive(Debug, Args)]
pub(crate) struct Files {
    /// Estate files (cordon/estate/v1, YAML, JSON or one thing a line); several add up.
    #[arg(value_name = "FILE", required_unless_present = "estate", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,

    /// The same, as other commands are given them.
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    estate: Vec<PathBuf>,
}

impl Files {
    /// All of them, in the order given.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        self.files.iter().chain(&self.estate).cloned().collect()
    }
}

/// `cordon estate show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) files: Files,

    /// Show this node, by id or alias, with its edges in and out.
    #[arg(long, value_name = "ID")]
    pub(crate) node: Option<String>,

    /// List every step: what it cuts, takes down and costs.
    #[arg(long, conflicts_with = "node")]
    pub(crate) steps: bool,
}
