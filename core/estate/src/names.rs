//! Which id means what, across all texts of an estate.

use std::collections::BTreeMap;

use cordon_model::{NodeIx, ServiceIx};
use cordon_text::{Node, Source, Span, nearest};

use crate::scalar::Reader;

/// Most unknown ids for which the whole estate is searched for the one meant. A large estate with
/// one file missing has unknown ids by the thousand, and the first few tell which file.
const GUESSES_MAX: usize = 10;

/// What an id means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Node(NodeIx),
    Service(ServiceIx),
}

impl Named {
    const fn word(self) -> &'static str {
        match self {
            Self::Node(_) => "node",
            Self::Service(_) => "service",
        }
    }
}

/// Where something was said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'t> {
    pub(crate) source: &'t Source,
    pub(crate) span: Span,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.source.name, self.span.line)
    }
}

/// Ids and aliases said so far.
#[derive(Debug, Default)]
pub(crate) struct Names<'t> {
    ids: BTreeMap<&'t str, (Named, Place<'t>)>,
    steps: BTreeMap<&'t str, Place<'t>>,
    /// By alias or id in lower case, the id of the node that claimed it first.
    claims: BTreeMap<String, &'t str>,
    /// Help already worked out, by unknown id.
    guesses: BTreeMap<&'t str, String>,
    /// Some text could not be read as a whole, so that an id that seems unknown may be in it.
    incomplete: bool,
}

impl<'t> Names<'t> {
    /// Says nothing about unknown ids from now on: part of the estate could not be read.
    pub(crate) fn mark_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Gives an id to a node or service; the first to have it keeps it.
    pub(crate) fn declare(
        &mut self,
        read: &mut Reader<'t, '_>,
        id: &'t str,
        span: Span,
        named: Named,
    ) {
        if let Some((first, place)) = self.ids.get(id) {
            let message = format!("`{id}` is the id of a {} already", first.word());
            let help = format!(
                "it was given at {place}; nodes and services share their ids, so rename one of them"
            );
            read.wrong(span, "duplicate-id", message, help);
            return;
        }
        let place = Place {
            source: read.source,
            span,
        };
        self.ids.insert(id, (named, place));
    }

    /// Gives an id to a step; steps have ids of their own.
    pub(crate) fn declare_step(&mut self, read: &mut Reader<'t, '_>, id: &'t str, span: Span) {
        if let Some(place) = self.steps.get(id) {
            let message = format!("`{id}` is the id of a step already");
            let help = format!("it was given at {place}; rename one of them");
            read.wrong(span, "duplicate-id", message, help);
            return;
        }
        let place = Place {
            source: read.source,
            span,
        };
        self.steps.insert(id, place);
    }

    /// Notes that logs may call a node by this name, and doubts a name that two nodes claim.
    pub(crate) fn claim(&mut self, read: &mut Reader<'t, '_>, name: &str, span: Span, id: &'t str) {
        let first = *self.claims.entry(name.to_lowercase()).or_insert(id);
        if first != id {
            let message = format!("`{name}` names two nodes, `{first}` and `{id}`");
            let help = "a log that uses this name is matched to neither unless it spells an id exactly; aliases are compared without regard to case";
            read.doubt(span, "ambiguous-alias", message, help.to_owned());
        }
    }

    /// The node that an id means where only nodes may stand; `what` names the place in messages.
    pub(crate) fn node(
        &mut self,
        read: &mut Reader<'t, '_>,
        at: &'t Node,
        what: &str,
    ) -> Option<NodeIx> {
        let id = read.text(at, "the id of a node")?;
        match self.ids.get(id) {
            Some((Named::Node(ix), _)) => Some(*ix),
            Some((Named::Service(_), _)) => {
                let message = format!("{what} names nodes only, and `{id}` is a service");
                let help = "name the nodes that the service needs".to_owned();
                read.wrong(at.span, "service-not-allowed", message, help);
                None
            }
            None => {
                self.unknown(read, at, id, "node");
                None
            }
        }
    }

    /// The node or service that an id means.
    pub(crate) fn any(&mut self, read: &mut Reader<'t, '_>, at: &'t Node) -> Option<Named> {
        let id = read.text(at, "the id of a node or service")?;
        if let Some((named, _)) = self.ids.get(id) {
            return Some(*named);
        }
        self.unknown(read, at, id, "node or service");
        None
    }

    fn unknown(&mut self, read: &mut Reader<'t, '_>, at: &Node, id: &'t str, wanted: &str) {
        if self.incomplete {
            return;
        }
        let message = format!("no {wanted} has the id `{id}`");
        let help = self.guess(id);
        read.wrong(at.span, "unknown-id", message, help);
    }

    fn guess(&mut self, id: &'t str) -> String {
        if let Some(known) = self.guesses.get(id) {
            return known.clone();
        }
        if self.guesses.len() >= GUESSES_MAX {
            return "add it, or correct the id; ids are compared whole".to_owned();
        }
        let guess = self.search(id);
        self.guesses.insert(id, guess.clone());
        guess
    }

    fn search(&self, id: &str) -> String {
        let lower = id.to_lowercase();
        if let Some(meant) = self.claims.get(&lower) {
            let why = if meant.to_lowercase() == lower {
                "ids are compared with regard to case"
            } else {
                "that is an alias, and here ids stand"
            };
            return format!("did you mean `{meant}`? {why}");
        }
        let without_prefix =
            |known: &&&str| known.split_once(':').is_some_and(|(_, rest)| rest == id);
        if let Some(meant) = self.ids.keys().find(without_prefix) {
            return format!("did you mean `{meant}`? ids are compared whole");
        }
        match nearest(id, self.ids.keys().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "add it, or correct the id; ids are compared whole".to_owned(),
        }
    }
}
