//! What was typed behind `cordon estate`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

/// `cordon estate`.
#[derive(Debug, Subcommand)]
pub(crate) enum Estate {
    /// Say everything that is wrong with an estate, or missing from it, where, and what to do about it.
    #[command(after_help = "Example:\n  cordon estate check northgate/estate.yaml --format json")]
    Check(Files),
    /// Make one estate of inventories that other tools wrote.
    ///
    /// Reads SharpHound, AzureHound, OpenGraph, Neo4j records, ServiceNow relations and items, Backstage
    /// catalogues, services.csv and dependencies.csv, and estates of our own; files, folders and archives, in
    /// any number. What an intruder can do with the rights found is derived, what is not known is marked with
    /// its reason. Writes cordon/estate/v1, one thing a line.
    #[command(
        after_help = "Examples:\n  cordon estate import 20260703_BloodHound.zip overlay.yaml --out estate.jsonl\n  \
                      cordon estate import cmdb_rel_ci.csv --needs parent-needs-child\n  \
                      cordon estate import cmdb_rel_ci.csv --needs 'Depends on::Used by=parent-needs-child' --needs neither"
    )]
    Import(Import),
    /// Look at an estate: how much of what is in it, or one node with its edges in and out.
    #[command(
        after_help = "Examples:\n  cordon estate show northgate/estate.yaml\n  cordon estate show northgate/estate.yaml --node NORTHGATE\\\\amelia.shah"
    )]
    Show(Show),
    /// Make steps from an estate: what can be switched off, what that cuts, takes down and costs.
    ///
    /// Writes the estate with its steps as cordon/estate/v1, one thing a line, and tells how many were made
    /// of each kind, what was not made and why, and which ways to jewels no step closes. Steps that are
    /// written already stay, and win over made ones that remove the same.
    #[command(
        after_help = "Examples:\n  cordon estate steps estate.jsonl --preview\n  cordon estate steps estate.jsonl --prices prices.yaml --out ready.jsonl"
    )]
    Steps(MakeSteps),
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

/// Which side of pairs in a configuration database needs the other: of all of them, or of those of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needs {
    /// The type of relation, if only that is meant.
    pub(crate) relation: Option<String>,
    pub(crate) side: Side,
}

/// Which side of a pair needs the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// The parent stops if the child does.
    ParentNeedsChild,
    /// The child stops if the parent does.
    ChildNeedsParent,
    /// Neither stops.
    Neither,
}

/// Reads `SIDE` or `TYPE=SIDE`.
fn needs(text: &str) -> Result<Needs, String> {
    let (relation, side) = match text.rsplit_once('=') {
        Some((relation, side)) => (Some(relation.trim().to_owned()), side.trim()),
        None => (None, text.trim()),
    };
    let side = Side::from_str(side, true).map_err(|_why| {
        "expected `parent-needs-child`, `child-needs-parent` or `neither`, for one type behind its name and `=`, \
         such as `Contains::Contained by=child-needs-parent`"
            .to_owned()
    })?;
    Ok(Needs { relation, side })
}

/// `cordon estate import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Inventories: files, folders, archives, `-` for standard input.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Where the estate is written; standard output unless given.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,

    /// The organisation's name.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// What prices are in.
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,

    /// Which side needs the other in pairs of a configuration database, for all of them or for one type:
    /// parent-needs-child, child-needs-parent or neither. A pair of each type is shown until it is said.
    #[arg(long, value_name = "[TYPE=]SIDE", value_parser = needs)]
    pub(crate) needs: Vec<Needs>,

    /// Leave out edges that are not known to exist, instead of marking them; they are counted.
    #[arg(long)]
    pub(crate) without_unknown: bool,

    /// Also write the graph for BloodHound (OpenGraph) here.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) opengraph: Option<PathBuf>,
}

/// `cordon estate steps`.
#[derive(Debug, Args)]
pub(crate) struct MakeSteps {
    #[command(flatten)]
    pub(crate) files: Files,

    /// Where the estate with its steps is written; standard output unless given.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,

    /// Write nothing, only tell what would be made.
    #[arg(long, conflicts_with = "out")]
    pub(crate) preview: bool,

    /// Write only the steps that were made, to be given beside the estate.
    #[arg(long)]
    pub(crate) only_made: bool,

    /// Kinds of steps to make, with commas between them; all that can be made unless given.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub(crate) kinds: Vec<String>,

    /// What steps cost and how long they take, where that is not what comes with Cordon (cordon/prices/v1).
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) prices: Option<PathBuf>,

    /// Make steps too that remove nothing which leads on to a jewel.
    #[arg(long)]
    pub(crate) all: bool,

    /// Most steps that are made; those that close most ways to jewels stay.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub(crate) limit: usize,
}
