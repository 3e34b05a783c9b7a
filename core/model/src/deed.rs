//! What a record says was done, and how that ended.

use std::sync::Arc;

/// What was done, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deed {
    /// In the vendor's word for it where there is one, such as `user.session.start`; none if the record has no word.
    pub action: Option<Arc<str>>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How what a record tells ended. That nobody says so is not a failure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused, or went wrong.
    Failure,
    /// The record does not say, or it has not ended.
    #[default]
    Unknown,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Success, Self::Failure, Self::Unknown];

    /// The word used in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}
