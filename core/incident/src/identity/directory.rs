//! Who or what every name means, from the estate, from records that give two names, and from the
//! names' own forms.
//!
//! What a name means is a function of the set of names and aliases known, never of the order in which
//! they came. Doubt keeps apart: a name that records give to two numbers of one kind joins neither, a
//! name without a domain that two domains have is neither's, and names that would make two nodes of
//! the estate one make none.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{Alias, Entity, EntityKind, Estate, NodeIx};

use super::alias::{Form, Naming, Shape, Sort};
use crate::sets::Sets;

/// Most names that one number may have: renamed accounts have two or three, what has more is a
/// number that a log writes for want of a better one.
const NAMES_PER_NUMBER_MAX: usize = 8;

/// Someone or something, by position among those known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Thing(u32);

impl Thing {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A name, by position among those known; all forms of one name are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(u32);

impl Name {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) thing: Thing,
    pub(crate) how: Naming,
}

/// What a thing is known by: a node of the estate, or the least of its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Anchor {
    Node(NodeIx),
    Name(EntityKind, Sort, String),
}

#[derive(Debug)]
struct Known {
    anchor: Anchor,
    meaning: Meaning,
}

#[expect(
    clippy::disallowed_types,
    reason = "looked up for every name of every detection, and never walked through"
)]
type Spellings = std::collections::HashMap<Arc<str>, Name>;

/// All names known.
#[derive(Debug)]
pub(crate) struct Directory {
    estate: Arc<Estate>,
    spellings: BTreeMap<EntityKind, Spellings>,
    names: Vec<Known>,
    by_anchor: BTreeMap<Anchor, Name>,
    /// Names with a domain, by what they are without it.
    tails: BTreeMap<(EntityKind, String), Vec<Name>>,
    /// Which names records put together.
    aliases: BTreeSet<(Name, Name)>,
    things: BTreeMap<Anchor, Thing>,
    nodes: BTreeMap<Thing, NodeIx>,
    /// Whether a name that is known already may mean something else now.
    stale: bool,
}

impl Directory {
    pub(crate) fn new(estate: Arc<Estate>) -> Self {
        Self {
            estate,
            spellings: BTreeMap::new(),
            names: Vec::new(),
            by_anchor: BTreeMap::new(),
            tails: BTreeMap::new(),
            aliases: BTreeSet::new(),
            things: BTreeMap::new(),
            nodes: BTreeMap::new(),
            stale: false,
        }
    }

    /// The node of the estate that a thing is, if it is one.
    pub(crate) fn node_of(&self, thing: Thing) -> Option<NodeIx> {
        self.nodes.get(&thing).copied()
    }

    /// What a node of the estate is.
    pub(crate) fn node(&mut self, node: NodeIx) -> Thing {
        self.thing(Anchor::Node(node))
    }

    /// Takes notice of a name.
    pub(crate) fn name(&mut self, kind: EntityKind, spelling: &Arc<str>) -> Name {
        let known = self.spellings.get(&kind);
        if let Some(name) = known.and_then(|known| known.get(spelling)) {
            return *name;
        }
        let form = Form::of(kind, spelling);
        let tail = form.tail.map(|tail| (kind, tail));
        let anchor = match self.estate.resolve(spelling) {
            Some(node) => Anchor::Node(node),
            None => Anchor::Name(kind, form.sort, form.key),
        };
        let name = match self.by_anchor.get(&anchor) {
            Some(name) => *name,
            None => self.add(anchor, tail),
        };
        let spellings = self.spellings.entry(kind).or_default();
        spellings.insert(Arc::clone(spelling), name);
        name
    }

    /// Has an entity use the spelling that is kept already, so that it is kept once.
    pub(crate) fn share(&self, entity: &mut Entity) {
        let known = self.spellings.get(&entity.kind);
        if let Some((kept, _)) = known.and_then(|known| known.get_key_value(&entity.id)) {
            entity.id = Arc::clone(kept);
        }
    }

    fn add(&mut self, anchor: Anchor, tail: Option<(EntityKind, String)>) -> Name {
        let name = Name(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let tail = tail.filter(|_| matches!(anchor, Anchor::Name(..)));
        let (thing, how) = (self.thing(anchor.clone()), Naming::Itself);
        // Until now another may have been the only one of that short name, or have had none.
        if let Some((kind, short)) = &tail {
            let bare = Anchor::Name(*kind, Sort::Bare, short.clone());
            self.stale |= self.by_anchor.contains_key(&bare);
        }
        if let Anchor::Name(kind, Sort::Bare, short) = &anchor {
            self.stale |= self.tails.contains_key(&(*kind, short.clone()));
        }
        if let Some(tail) = tail {
            self.tails.entry(tail).or_default().push(name);
        }
        self.by_anchor.insert(anchor.clone(), name);
        let meaning = Meaning { thing, how };
        self.names.push(Known { anchor, meaning });
        name
    }

    fn thing(&mut self, anchor: Anchor) -> Thing {
        if let Some(known) = self.things.get(&anchor) {
            return *known;
        }
        let thing = Thing(u32::try_from(self.things.len()).unwrap_or(u32::MAX));
        if let Anchor::Node(node) = anchor {
            self.nodes.insert(thing, node);
        }
        self.things.insert(anchor, thing);
        thing
    }

    /// Takes notice of two names of one thing.
    pub(crate) fn alias(&mut self, alias: &Alias) {
        let one = self.name(alias.kind, &alias.name);
        let other = self.name(alias.kind, &alias.other);
        if one != other && self.aliases.insert((one.min(other), one.max(other))) {
            self.stale = true;
        }
    }

    /// What a name means.
    pub(crate) fn meaning(&self, name: Name) -> Meaning {
        let known = self.names.get(name.index());
        let known = known.unwrap_or_else(|| unreachable!("names are made by this directory"));
        known.meaning
    }

    /// Works out anew what names mean, if anything was learned that may change it, and says whether
    /// any name means something else now.
    pub(crate) fn settle(&mut self) -> bool {
        if !std::mem::take(&mut self.stale) {
            return false;
        }
        let torn = self.torn();
        let only = self.only_ones(&torn);
        let mut sets = Sets::new(self.names.len());
        for (bare, whole) in only.iter().copied().chain(self.usable_aliases(&torn)) {
            sets.join(bare.index(), whole.index());
        }
        let bare: BTreeSet<usize> = only.iter().map(|(bare, _)| bare.index()).collect();
        let mut changed = false;
        for set in sets.sets() {
            changed |= self.mean(&set, &bare);
        }
        changed
    }

    /// Gives the names of a set their common meaning, or each its own if they name two nodes.
    fn mean(&mut self, set: &[usize], bare: &BTreeSet<usize>) -> bool {
        let own: Vec<Anchor> = set
            .iter()
            .filter_map(|name| Some(self.names.get(*name)?.anchor.clone()))
            .collect();
        let nodes = own.iter().filter(|a| matches!(a, Anchor::Node(_))).count();
        let common = own.iter().min().filter(|_| nodes <= 1).cloned();
        let mut changed = false;
        for (name, own) in set.iter().zip(own) {
            let anchor = common.clone().unwrap_or_else(|| own.clone());
            let how = match (&own, own == anchor, bare.contains(name)) {
                (Anchor::Node(_), ..) | (Anchor::Name(..), true, _) => Naming::Itself,
                (Anchor::Name(..), false, true) => Naming::OnlyOne,
                (Anchor::Name(..), false, false) => Naming::Record,
            };
            let thing = self.thing(anchor);
            if let Some(known) = self.names.get_mut(*name) {
                changed |= known.meaning != Meaning { thing, how };
                known.meaning = Meaning { thing, how };
            }
        }
        changed
    }

    /// Each bare name that exactly one name with a domain ends in, with that one.
    fn only_ones(&self, torn: &BTreeSet<Name>) -> Vec<(Name, Name)> {
        let bare = self
            .by_anchor
            .iter()
            .filter_map(|(anchor, name)| match anchor {
                Anchor::Name(kind, Sort::Bare, short) => Some((*kind, short.clone(), *name)),
                Anchor::Name(..) | Anchor::Node(_) => None,
            });
        let bare = bare.filter(|(.., name)| !torn.contains(name));
        bare.filter_map(
            |(kind, short, name)| match self.tails.get(&(kind, short))?.as_slice() {
                [only] => Some((name, *only)),
                [..] => None,
            },
        )
        .collect()
    }

    fn shape(&self, name: Name) -> Option<Shape> {
        match &self.names.get(name.index())?.anchor {
            Anchor::Name(_, Sort::Number(shape), _) => Some(*shape),
            Anchor::Name(_, Sort::Qualified | Sort::Bare, _) | Anchor::Node(_) => None,
        }
    }

    /// Names that records give to several numbers of one shape.
    fn torn(&self) -> BTreeSet<Name> {
        let mut numbers: BTreeMap<(Name, Shape), usize> = BTreeMap::new();
        for (of, to) in self.both_ways().filter(|(of, _)| self.shape(*of).is_none()) {
            if let Some(shape) = self.shape(to) {
                *numbers.entry((of, shape)).or_default() += 1;
            }
        }
        let torn = numbers.into_iter().filter(|(_, count)| *count > 1);
        torn.map(|((name, _), _)| name).collect()
    }

    fn both_ways(&self) -> impl Iterator<Item = (Name, Name)> {
        self.aliases
            .iter()
            .flat_map(|&(one, other)| [(one, other), (other, one)])
    }

    /// Aliases both of whose ends mean one thing only.
    fn usable_aliases(&self, torn: &BTreeSet<Name>) -> Vec<(Name, Name)> {
        let mut names: BTreeMap<Name, usize> = BTreeMap::new();
        for (of, _) in self.both_ways().filter(|(_, to)| self.shape(*to).is_none()) {
            *names.entry(of).or_default() += 1;
        }
        let certain = |name: Name| match self.shape(name) {
            Some(_) => names.get(&name).is_none_or(|n| *n <= NAMES_PER_NUMBER_MAX),
            None => !torn.contains(&name),
        };
        let aliases = self.aliases.iter().copied();
        aliases
            .filter(|(one, other)| certain(*one) && certain(*other))
            .collect()
    }
}

#[cfg(test)]
mod tests;
