//! What people say is held or not, and from which confidence on words are used.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use cordon_model::{Confidence, EntityKind, Thresholds};

/// How findings are judged.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Judging {
    /// What people said is held or not (`cordon/marks/v1`), which counts for more than what rules say; repeats.
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) marks: Vec<PathBuf>,

    /// From which confidence on something is likely held, and a foothold of the plan [default: 0.8].
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub(crate) likely_from: Option<Confidence>,

    /// From which confidence on something is suspected, and shown [default: 0.3].
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub(crate) suspected_from: Option<Confidence>,
}

impl Judging {
    /// The thresholds meant; none if they contradict each other.
    pub(crate) fn thresholds(&self) -> Option<Thresholds> {
        let usual = Thresholds::default();
        Thresholds::new(
            self.likely_from.unwrap_or(usual.likely_from()),
            self.suspected_from.unwrap_or(usual.suspected_from()),
        )
    }
}

/// `cordon mark`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  cordon mark --marks marks.yml --entity user:amelia.shah@northgate.example --says cleared --by s.osei --why 'called her back on a known number'\n  cordon respond --estate northgate/estate.yaml --logs northgate/logs --marks marks.yml --out result"
)]
pub(crate) struct Mark {
    /// The file that it is added to; made if it is not there.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) marks: PathBuf,

    /// Of what: an id or an alias of the estate, or a name as logs spell it.
    #[arg(long, value_name = "NAME")]
    pub(crate) entity: String,

    /// What it is; needed of what the estate does not know, such as `account` or `host`.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(crate) kind: Option<EntityKind>,

    /// What is said of it.
    #[arg(long, value_enum, value_name = "WORD")]
    pub(crate) says: MarkSays,

    /// How surely it is held.
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub(crate) confidence: Option<Confidence>,

    /// Who says it.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,

    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
}

/// What may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MarkSays {
    /// The intruder holds it.
    Held,
    /// The intruder may hold it.
    Suspected,
    /// The intruder does not hold it.
    Cleared,
}

impl MarkSays {
    /// The word used in files.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Suspected => "suspected",
            Self::Cleared => "cleared",
        }
    }
}

fn confidence(text: &str) -> Result<Confidence, String> {
    let found = text.parse().ok().and_then(Confidence::new);
    found.ok_or_else(|| "expected a number between 0 and 1".to_owned())
}

fn kind(word: &str) -> Result<EntityKind, String> {
    EntityKind::from_word(word).ok_or_else(|| {
        let all = EntityKind::ALL.map(EntityKind::word).join(", ");
        format!("expected one of {all}")
    })
}
