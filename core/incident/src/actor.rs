//! What known intruders do, in which order and how fast (`content/actors/*.yml`).
//!
//! Profiles are written from public reports. Their shares are judged from how often reports mention
//! a step, and are no measurement; the page of the format says so.

mod parse;

use cordon_text::{Report, Source};
use jiff::SignedDuration;

/// A technique of ATT&CK, in lower case: `t1098.007`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Technique(pub(crate) Box<str>);

impl Technique {
    /// Whether a rule's tag names it, a technique that it is part of, or a part of it.
    pub(crate) fn is_meant_by(&self, tag: &str) -> bool {
        let part_of = |part: &str, whole: &str| {
            let rest = part.strip_prefix(whole);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        part_of(&self.0, tag) || part_of(tag, &self.0)
    }
}

/// One thing that an actor does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Habit {
    /// In words: `calls the service desk in somebody's name`.
    pub(crate) does: String,
    pub(crate) techniques: Vec<Technique>,
    /// In what share of its reported intrusions.
    pub(crate) share: f64,
    /// How long after the habit before it, usually.
    pub(crate) within: SignedDuration,
    /// Which logs would show it.
    pub(crate) look: String,
}

/// One known intruder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Actor {
    pub(crate) name: String,
    pub(crate) also: Vec<String>,
    /// In the order in which they are usually done.
    pub(crate) habits: Vec<Habit>,
}

/// All known intruders, and what an intruder of whom nothing is known does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Actors {
    pub(crate) actors: Vec<Actor>,
    /// In what share of all intrusions each technique is seen.
    pub(crate) usual: Vec<(Technique, f64)>,
}

impl Actors {
    /// Reads profiles. Everything wrong is in the report, and what is wrong is left out.
    pub fn parse(sources: &[Source]) -> (Self, Report) {
        parse::parse(sources)
    }

    /// The names of all actors.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.actors.iter().map(|actor| actor.name.as_str())
    }
}
