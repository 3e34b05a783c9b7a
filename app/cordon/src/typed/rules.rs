//! What was typed behind `cordon rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use cordon_model::Level;

use super::RuleReading;

/// `cordon rules`.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// Say everything that is wrong with rules and pipelines, where, and what to do about it.
    #[command(after_help = "Example:\n  cordon rules check content/rules --format json")]
    Check {
        /// Sigma rules or pipelines, files or folders.
        #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,

        #[command(flatten)]
        reading: RuleReading,
    },
    /// The catalogue of rules: what there is, for which log, how serious.
    List(List),
    /// Why a rule matches an event or does not, condition by condition.
    ///
    /// Ends with 0 if it matches and with 3 if it does not.
    Explain(Explain),
    /// Try rules on the examples that come with them.
    ///
    /// Beside `rule.yml`: `fires.ndjson` and `silent.ndjson`, one record a line as the product writes it;
    /// for a correlation each file is one sequence. Beside `NAME.yml`: `NAME_test.yml`, YAML documents
    /// `{match: true|false, event: {…}}` with the fields as the rule names them; with `--pipeline`, as the
    /// rule names them behind it. Examples are tried whatever log the rule is for. Ends with 3 if one
    /// comes out otherwise than expected.
    Test(Test),
    /// Which ATT&CK techniques rules see, as a list and as a layer for the ATT&CK Navigator.
    Coverage(Coverage),
}

/// `cordon rules list`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cordon rules list --level high,critical\n  cordon rules list my-rules --tag attack.t1078 --format jsonl"
)]
pub(crate) struct List {
    /// Sigma rules, files or folders; the built-in rules unless given.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Only rules of these levels (informational, low, medium, high, critical).
    #[arg(long, value_name = "LEVEL", value_delimiter = ',', value_parser = level)]
    pub(crate) level: Vec<Level>,

    /// Only rules with this tag, or one that continues it behind a dot.
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,

    /// Only rules for logs of this product.
    #[arg(long, value_name = "PRODUCT")]
    pub(crate) product: Option<String>,

    /// Only rules with this text in title, id, name or description, whatever its case.
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,

    #[command(flatten)]
    pub(crate) reading: RuleReading,
}

/// `cordon rules explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cordon rules explain okta_factor_reset northgate/logs/okta/system-log.ndjson --record 9665\n  \
                  cordon rules explain my.yml '{\"EventID\": 4688, \"Image\": \"C:\\\\a.exe\"}' --whatever-log\n  \
                  tail -1 okta.json | cordon rules explain my.yml#'Factor reset' -"
)]
pub(crate) struct Explain {
    /// A rule file, with `#` and a title, id or name where it holds several; or the title, id or name
    /// of a built-in rule.
    #[arg(value_name = "RULE", value_hint = ValueHint::FilePath)]
    pub(crate) rule: String,

    /// A log file (its first record), `-` for standard input, or the record itself.
    #[arg(value_name = "EVENT", value_hint = ValueHint::FilePath)]
    pub(crate) event: String,

    /// Which record of the log, counted from 1 as `scan` does.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) record: u64,

    /// Leave out whether the rule is for logs like this.
    #[arg(long)]
    pub(crate) whatever_log: bool,

    #[command(flatten)]
    pub(crate) reading: RuleReading,
}

/// `cordon rules test`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cordon rules test content/rules --strict")]
pub(crate) struct Test {
    /// Sigma rules with their examples beside them, files or folders.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// End with 3 too if a rule has no example.
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) reading: RuleReading,
}

/// `cordon rules coverage`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cordon rules coverage --out layer.json\n  \
                  cordon rules coverage my-rules --attack 18 --techniques enterprise-attack.json")]
pub(crate) struct Coverage {
    /// Sigma rules, files or folders; the built-in rules unless given.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// The version of ATT&CK to draw for; ids that changed between the two are mapped.
    #[arg(long, value_name = "VERSION", default_value = "19", value_parser = ["18", "19"])]
    pub(crate) attack: String,

    /// Write the Navigator layer here; `--format json` prints it instead of the list.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,

    /// All techniques of that version, for names, tactics and ids that do not exist: MITRE's own
    /// `enterprise-attack.json`, or a table with the columns id, name and tactics, split by tabs.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) techniques: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: RuleReading,
}

fn level(word: &str) -> Result<Level, String> {
    let known = "expected informational, low, medium, high or critical";
    Level::from_word(word).ok_or_else(|| known.to_owned())
}
