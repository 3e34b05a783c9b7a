//! What a record says was done and how it ended, as a field map tells it.

use cordon_model::{Deed, Item, Outcome};

use super::{
    name::{self, Pattern},
    path::Path,
};

/// What an action is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// By this word.
    Word(String),
    /// As the first of these fields says that says anything.
    Told(Vec<Path>),
}

/// How something ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// So, always.
    So(Outcome),
    Told(Ends),
}

/// How it ended by what the first of some fields says that says anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) fields: Vec<Path>,
    /// Looked at first: what neither of the others is to mean.
    pub(super) unknown: Vec<Pattern>,
    pub(super) success: Vec<Pattern>,
    pub(super) failure: Vec<Pattern>,
}

impl Action {
    fn of(&self, fields: Item<'_>) -> Option<String> {
        match self {
            Self::Word(word) => Some(word.clone()),
            Self::Told(paths) => said(paths, fields).map(str::to_owned),
        }
    }
}

impl Ending {
    fn of(&self, fields: Item<'_>) -> Outcome {
        match self {
            Self::So(outcome) => *outcome,
            Self::Told(ends) => ends.of(fields),
        }
    }
}

impl Ends {
    fn of(&self, fields: Item<'_>) -> Outcome {
        let Some(text) = said(&self.fields, fields) else {
            return Outcome::Unknown;
        };
        let is_one = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.fits(text));
        if is_one(&self.unknown) {
            Outcome::Unknown
        } else if is_one(&self.success) {
            Outcome::Success
        } else if is_one(&self.failure) {
            Outcome::Failure
        } else {
            Outcome::Unknown
        }
    }
}

/// What the first of some fields says that says anything.
fn said<'r>(paths: &[Path], fields: Item<'r>) -> Option<&'r str> {
    let mut found = None;
    for path in paths {
        path.visit(fields, &mut |value, _| {
            name::each_text(value, &mut |text| {
                found = found.or_else(|| name::real(text));
            });
        });
        if found.is_some() {
            break;
        }
    }
    found
}

/// Adds to a deed what is still open of it.
pub(super) fn fill(
    deed: &mut Deed,
    (action, ending): (Option<&Action>, Option<&Ending>),
    fields: Item<'_>,
) {
    if deed.action.is_none() {
        deed.action = action.and_then(|action| action.of(fields)).map(Into::into);
    }
    if deed.outcome == Outcome::Unknown {
        deed.outcome = ending.map_or(Outcome::Unknown, |ending| ending.of(fields));
    }
}
