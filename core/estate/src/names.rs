//! Which id means what, across all texts of an estate.
//!
//! An id may be used before the text that gives it was read, so that every id becomes a symbol when it
//! is first seen, and what was used and never given is told at the end.

use std::{hash::BuildHasher as _, sync::Arc};

use cordon_model::{NodeIx, ServiceIx};
use cordon_text::{Node, Report, nearest};
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::{
    place::{Files, Place},
    scalar::Reader,
};

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

/// An id, by the order of being seen first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Symbol(pub(crate) u32);

/// What may stand where an id is used.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    /// Nodes only; the word names the place in messages.
    Node(&'static str),
    /// Nodes and services.
    Any,
}

#[derive(Debug)]
struct Id {
    text: Arc<str>,
    given: Option<(Named, Place)>,
}

/// Ids and aliases said so far. The tables are only ever asked for one name at a time.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) files: Files,
    hash: DefaultHashBuilder,
    symbols: HashTable<Symbol>,
    ids: Vec<Id>,
    step_table: HashTable<u32>,
    steps: Vec<(Arc<str>, Place)>,
    /// An alias or id in lower case, and the node that claimed it first.
    claims: HashTable<(Box<str>, Symbol)>,
    /// Uses of ids that nothing had yet.
    open: Vec<(Symbol, Wanted, Place)>,
    /// Some text could not be read as a whole, so that an id that seems unknown may be in it.
    incomplete: bool,
}

impl Names {
    /// Says nothing about unknown ids from now on: part of the estate could not be read.
    pub(crate) fn mark_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// The symbol of an id.
    pub(crate) fn symbol(&mut self, id: &str) -> Symbol {
        let hash = self.hash.hash_one(id);
        let ids = &self.ids;
        if let Some(known) = self.symbols.find(hash, |known| text(ids, *known) == id) {
            return *known;
        }
        let new = Symbol(number(self.ids.len()));
        let hasher = &self.hash;
        let rehash = |known: &Symbol| hasher.hash_one(text(ids, *known));
        self.symbols.insert_unique(hash, new, rehash);
        self.ids.push(Id {
            text: Arc::from(id),
            given: None,
        });
        new
    }

    /// The text of an id.
    pub(crate) fn text(&self, symbol: Symbol) -> &str {
        text(&self.ids, symbol)
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self, symbol: Symbol) -> Arc<str> {
        let id = self.ids.get(symbol.0 as usize);
        id.map_or_else(|| Arc::from(""), |id| Arc::clone(&id.text))
    }

    /// Gives an id to a node or service; the first to have it keeps it.
    pub(crate) fn declare(
        &mut self,
        read: &mut Reader<'_, '_>,
        id: &str,
        place: Place,
        named: Named,
    ) -> Symbol {
        let symbol = self.symbol(id);
        let Some(known) = self.ids.get_mut(symbol.0 as usize) else {
            return symbol;
        };
        match known.given {
            None => known.given = Some((named, place)),
            Some((first, at)) => {
                let message = format!("`{id}` is the id of a {} already", first.word());
                let help = format!(
                    "it was given at {}; nodes and services share their ids, so rename one of them",
                    self.files.told(at)
                );
                self.files
                    .wrong(place, ("duplicate-id", message, help), read.report);
            }
        }
        symbol
    }

    /// Gives an id to a step; steps have ids of their own.
    pub(crate) fn declare_step(
        &mut self,
        read: &mut Reader<'_, '_>,
        id: &str,
        place: Place,
    ) -> Arc<str> {
        let hash = self.hash.hash_one(id);
        let text = |n: &u32| self.steps.get(*n as usize).map_or("", |(text, _)| text);
        if let Some(first) = self.step_table.find(hash, |n| text(n) == id)
            && let Some((known, at)) = self.steps.get(*first as usize)
        {
            let message = format!("`{id}` is the id of a step already");
            let help = format!(
                "it was given at {}; rename one of them",
                self.files.told(*at)
            );
            self.files
                .wrong(place, ("duplicate-id", message, help), read.report);
            return Arc::clone(known);
        }
        let rehash = |n: &u32| self.hash.hash_one(text(n));
        self.step_table
            .insert_unique(hash, number(self.steps.len()), rehash);
        let kept: Arc<str> = Arc::from(id);
        self.steps.push((Arc::clone(&kept), place));
        kept
    }

    /// Notes that logs may call a node by this name, and doubts a name that two nodes claim.
    pub(crate) fn claim(
        &mut self,
        read: &mut Reader<'_, '_>,
        name: &str,
        place: Place,
        id: Symbol,
    ) {
        let lower = name.to_lowercase();
        let hash = self.hash.hash_one(lower.as_str());
        let Some(&(_, first)) = self.claims.find(hash, |(known, _)| **known == *lower) else {
            let hasher = &self.hash;
            let rehash = |(known, _): &(Box<str>, Symbol)| hasher.hash_one(&**known);
            let claim = (lower.into_boxed_str(), id);
            self.claims.insert_unique(hash, claim, rehash);
            return;
        };
        if first != id {
            let (first, second) = (self.text(first), self.text(id));
            let message = format!("`{name}` names two nodes, `{first}` and `{second}`");
            let help = "a log that uses this name is matched to neither unless it spells an id exactly; aliases are compared without regard to case";
            let said = ("ambiguous-alias", message, help.to_owned());
            self.files.doubt(place, said, read.report);
        }
    }

    /// The symbol of an id that is used in a text.
    pub(crate) fn used<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        at: &'t Node,
        wanted: Wanted,
    ) -> Option<Symbol> {
        let what = match wanted {
            Wanted::Node(_) => "the id of a node",
            Wanted::Any => "the id of a node or service",
        };
        let id = read.text(at, what)?;
        let place = read.place(at.span);
        Some(self.used_text(read, id, place, wanted))
    }

    /// The same for an id that is known to be a text.
    pub(crate) fn used_text(
        &mut self,
        read: &mut Reader<'_, '_>,
        id: &str,
        place: Place,
        wanted: Wanted,
    ) -> Symbol {
        let symbol = self.symbol(id);
        let given = self.ids.get(symbol.0 as usize).and_then(|id| id.given);
        match given {
            Some((named, _)) => {
                refuse_service(named, id, (wanted, place), &self.files, read.report);
            }
            None => self.open.push((symbol, wanted, place)),
        }
        symbol
    }

    /// What an id turned out to mean.
    pub(crate) fn meaning(&self, symbol: Symbol) -> Option<Named> {
        let id = self.ids.get(symbol.0 as usize)?;
        id.given.map(|(named, _)| named)
    }

    /// Tells every id that was used and never given, now that everything was read.
    pub(crate) fn close(&mut self, report: &mut Report) {
        let mut open = std::mem::take(&mut self.open);
        let files = &self.files;
        // Whoever is told of the first few gets a guess, so those should stand first.
        open.sort_by_key(|(_, _, place)| (place.file, place.span));
        let mut guesses: Vec<(Symbol, String)> = Vec::new();
        for (symbol, wanted, place) in open {
            if let Some(named) = self.meaning(symbol) {
                let id = self.text(symbol);
                refuse_service(named, id, (wanted, place), files, report);
            } else if !self.incomplete {
                let what = match wanted {
                    Wanted::Node(_) => "node",
                    Wanted::Any => "node or service",
                };
                let message = format!("no {what} has the id `{}`", self.text(symbol));
                let help = self.guess(symbol, &mut guesses);
                files.wrong(place, ("unknown-id", message, help), report);
            }
        }
    }

    fn guess(&self, symbol: Symbol, guesses: &mut Vec<(Symbol, String)>) -> String {
        if let Some((_, known)) = guesses.iter().find(|(other, _)| *other == symbol) {
            return known.clone();
        }
        if guesses.len() >= GUESSES_MAX {
            return "add it, or correct the id; ids are compared whole".to_owned();
        }
        let guess = self.search(self.text(symbol));
        guesses.push((symbol, guess.clone()));
        guess
    }

    fn search(&self, id: &str) -> String {
        let lower = id.to_lowercase();
        let hash = self.hash.hash_one(lower.as_str());
        if let Some((_, meant)) = self.claims.find(hash, |(known, _)| **known == *lower) {
            let meant = self.text(*meant);
            let why = if meant.to_lowercase() == lower {
                "ids are compared with regard to case"
            } else {
                "that is an alias, and here ids stand"
            };
            return format!("did you mean `{meant}`? {why}");
        }
        let given = self.ids.iter().filter(|known| known.given.is_some());
        let given = given.map(|known| &*known.text);
        let without_prefix =
            |known: &&str| known.split_once(':').is_some_and(|(_, rest)| rest == id);
        if let Some(meant) = given.clone().filter(without_prefix).min() {
            return format!("did you mean `{meant}`? ids are compared whole");
        }
        match nearest(id, given) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "add it, or correct the id; ids are compared whole".to_owned(),
        }
    }
}

fn refuse_service(
    named: Named,
    id: &str,
    (wanted, place): (Wanted, Place),
    files: &Files,
    report: &mut Report,
) {
    let (Named::Service(_), Wanted::Node(what)) = (named, wanted) else {
        return;
    };
    let message = format!("{what} names nodes only, and `{id}` is a service");
    let help = "name the nodes that the service needs".to_owned();
    files.wrong(place, ("service-not-allowed", message, help), report);
}

fn text(ids: &[Id], symbol: Symbol) -> &str {
    ids.get(symbol.0 as usize).map_or("", |id| &id.text)
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
