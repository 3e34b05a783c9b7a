//! Edges whose ends are named and not given by id: they are found once everything was read.
//!
//! A large estate of ours has millions of them, so that each takes a few numbers, and names, kinds and reasons are
//! held once.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use super::{
    inventory::{Fact, Inventory},
    texts::Texts,
};

/// How an end of an edge is named.
#[derive(Debug)]
pub(super) enum Name<'t> {
    /// By its id.
    Id(Cow<'t, str>),
    /// By what its document calls it, which is an id or stands for one.
    Number(Cow<'t, str>),
    /// By what people or logs call it.
    Called(Cow<'t, str>),
    /// The same, among those of a kind.
    CalledOf(Cow<'t, str>, Cow<'t, str>),
    /// By its id or what it is called, as people write it.
    Either(Cow<'t, str>),
    /// By properties.
    With(Cow<'t, Matched>),
}

/// Properties, all of which something has, and perhaps the kind that it is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Matched {
    pub(super) facts: Vec<(String, Fact)>,
    pub(super) kind: Option<String>,
}

/// What the source of an edge says of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'t> {
    /// The name of the relation.
    pub(super) name: &'t str,
    /// Whether it leads an intruder on.
    pub(super) walked: Option<bool>,
    /// What else, as JSON.
    pub(super) said: Option<&'t str>,
    /// Why it is not known.
    pub(super) why: Option<&'t str>,
}

/// An end, by the numbers of the texts that name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Id(u32),
    Number(u32),
    Called(u32),
    CalledOf(u32, u32),
    Either(u32),
    With(u32),
}

/// An edge whose ends are still to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: End,
    pub(super) to: End,
    name: u32,
    pub(super) walked: Option<bool>,
    /// The number of what else was said of it, counted from 1; 0 if nothing was.
    pub(super) said: u32,
    /// The number of the reason why it is not known, counted from 1; 0 if it is.
    why: u32,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Named {
    texts: Texts,
    matched: BTreeMap<Matched, u32>,
    edges: Vec<Edge>,
}

impl Inventory {
    /// Adds an edge whose ends are found once everything was read.
    pub(super) fn want(&mut self, ends: (&Name<'_>, &Name<'_>), told: &Told<'_>) {
        let said = self.said_of(told);
        self.wanted.add(ends, told, said);
    }

    /// The number of what else is said of an edge, counted from 1; 0 if nothing is.
    pub(super) fn said_of(&mut self, told: &Told<'_>) -> u32 {
        told.said.map_or(0, |said| self.said.put(said) + 1)
    }
}

impl Named {
    /// Adds an edge, of which something else is said by number.
    pub(super) fn add(&mut self, (from, to): (&Name<'_>, &Name<'_>), told: &Told<'_>, said: u32) {
        let edge = Edge {
            from: self.end(from),
            to: self.end(to),
            name: self.texts.put(told.name),
            walked: told.walked,
            said,
            why: told.why.map_or(0, |why| self.texts.put(why) + 1),
        };
        self.edges.push(edge);
    }

    fn end(&mut self, name: &Name<'_>) -> End {
        let texts = &mut self.texts;
        match name {
            Name::Id(id) => End::Id(texts.put(id)),
            Name::Number(id) => End::Number(texts.put(id)),
            Name::Called(name) => End::Called(texts.put(name)),
            Name::CalledOf(name, kind) => End::CalledOf(texts.put(name), texts.put(kind)),
            Name::Either(name) => End::Either(texts.put(name)),
            Name::With(matched) => {
                let next = u32::try_from(self.matched.len()).unwrap_or(u32::MAX);
                let known = self.matched.get(&**matched).copied();
                End::With(known.unwrap_or_else(|| {
                    self.matched.insert((**matched).clone(), next);
                    next
                }))
            }
        }
    }

    /// Puts edges in an order that does not depend on which was read first. What was said of them has new numbers.
    pub(super) fn settle(&mut self, said: &[u32]) {
        let texts = self.texts.settle();
        let mut matched = vec![0; self.matched.len()];
        for (new, old) in (0..).zip(self.matched.values_mut()) {
            if let Some(cell) = matched.get_mut(*old as usize) {
                *cell = new;
            }
            *old = new;
        }
        let end = |end| match end {
            End::Id(id) => End::Id(now(&texts, id)),
            End::Number(id) => End::Number(now(&texts, id)),
            End::Called(name) => End::Called(now(&texts, name)),
            End::CalledOf(name, kind) => End::CalledOf(now(&texts, name), now(&texts, kind)),
            End::Either(name) => End::Either(now(&texts, name)),
            End::With(all) => End::With(now(&matched, all)),
        };
        for edge in &mut self.edges {
            *edge = Edge {
                from: end(edge.from),
                to: end(edge.to),
                name: now(&texts, edge.name),
                said: one_up(said, edge.said),
                why: one_up(&texts, edge.why),
                ..*edge
            };
        }
        self.edges.sort_unstable();
    }

    /// The edges, and what their numbers stand for.
    pub(super) fn into_parts(self) -> (Vec<Edge>, Words) {
        let words = Words {
            texts: self.texts,
            matched: self.matched.into_keys().collect(),
        };
        (self.edges, words)
    }
}

/// What the numbers of settled edges stand for.
pub(super) struct Words {
    texts: Texts,
    matched: Vec<Matched>,
}

impl Words {
    /// How an end is named; none if it is matched by what nobody gave.
    pub(super) fn name(&self, end: End) -> Option<Name<'_>> {
        let text = |number| Cow::Borrowed(self.texts.get(number));
        Some(match end {
            End::Id(id) => Name::Id(text(id)),
            End::Number(id) => Name::Number(text(id)),
            End::Called(name) => Name::Called(text(name)),
            End::CalledOf(name, kind) => Name::CalledOf(text(name), text(kind)),
            End::Either(name) => Name::Either(text(name)),
            End::With(all) => Name::With(Cow::Borrowed(self.matched.get(all as usize)?)),
        })
    }

    /// The name of an edge's relation.
    pub(super) fn relation(&self, edge: &Edge) -> &str {
        self.texts.get(edge.name)
    }

    /// What is told of an edge, but for what is said of it by number.
    pub(super) fn told(&self, edge: &Edge) -> Told<'_> {
        Told {
            name: self.relation(edge),
            walked: edge.walked,
            said: None,
            why: self.why(edge),
        }
    }

    /// Why an edge is not known, if it is not.
    pub(super) fn why(&self, edge: &Edge) -> Option<&str> {
        edge.why.checked_sub(1).map(|why| self.texts.get(why))
    }
}

impl Edge {
    /// The number of what else was said of it.
    pub(super) fn said(&self) -> Option<u32> {
        self.said.checked_sub(1)
    }
}

fn now(map: &[u32], old: u32) -> u32 {
    map.get(old as usize).copied().unwrap_or(old)
}

/// The same of numbers that count from 1, where 0 stands for nothing.
fn one_up(map: &[u32], old: u32) -> u32 {
    old.checked_sub(1).map_or(0, |old| now(map, old) + 1)
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(name) | Self::Number(name) | Self::Either(name) => f.write_str(name),
            Self::Called(name) => write!(f, "what is called {name}"),
            Self::CalledOf(name, kind) => write!(f, "the {kind} called {name}"),
            Self::With(matched) => {
                let facts = matched.facts.iter();
                let facts: Vec<String> = facts.map(|(key, fact)| format!("{key} {fact}")).collect();
                let kind = matched.kind.as_deref().unwrap_or("thing");
                write!(f, "the {kind} with {}", facts.join(", "))
            }
        }
    }
}
