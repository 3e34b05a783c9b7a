//! Who or what every name means, from the estate, from records that give two names, and from the
//! names' own forms.
//!
//! What a name means is a function of the set of names and aliases known, never of the order in which
//! they came. Doubt keeps apart: a name that records give to two numbers of one kind, or to two whole
//! names, joins neither; a name without a domain that two domains have is neither's; and names that would
//! make one of two nodes of the estate, or of two numbers of one kind, make none.

mod part;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{Alias, Entity, EntityKind, Estate, NodeIx};

use super::{
    alias::{Form, Naming, Shape, Sort, parts},
    domain::Domains,
};
use crate::{digest::Digest, sets::Sets};

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

impl Anchor {
    /// In 64 bits.
    fn digest(&self) -> u64 {
        match self {
            Self::Node(node) => Digest::new(0).number(node.index()),
            Self::Name(kind, _, key) => Digest::new(1).number(*kind as usize).text(key),
        }
        .finish()
    }
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

#[expect(
    clippy::disallowed_types,
    reason = "looked up for every name that events use, and never walked through"
)]
type ByDigest = std::collections::HashMap<u64, Name>;

/// All names known.
#[derive(Debug)]
pub(crate) struct Directory {
    estate: Arc<Estate>,
    spellings: BTreeMap<EntityKind, Spellings>,
    names: Vec<Known>,
    by_anchor: BTreeMap<Anchor, Name>,
    by_digest: ByDigest,
    /// Names with a domain, by what they are without it.
    tails: BTreeMap<(EntityKind, String), Vec<Name>>,
    /// Which names records put together.
    aliases: BTreeSet<(Name, Name)>,
    things: BTreeMap<Anchor, Thing>,
    nodes: BTreeMap<Thing, NodeIx>,
    /// What each thing is known by, in 64 bits.
    digests: Vec<u64>,
    domains: Domains,
    /// Whether a name that is known already may mean something else now.
    stale: bool,
}

impl Directory {
    pub(crate) fn new(estate: Arc<Estate>) -> Self {
        Self {
            domains: Domains::of(&estate),
            estate,
            spellings: BTreeMap::new(),
            names: Vec::new(),
            by_anchor: BTreeMap::new(),
            by_digest: ByDigest::new(),
            tails: BTreeMap::new(),
            aliases: BTreeSet::new(),
            things: BTreeMap::new(),
            nodes: BTreeMap::new(),
            digests: Vec::new(),
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
        let (anchor, tail) = self.anchor(kind, spelling);
        let name = match self.by_anchor.get(&anchor) {
            Some(name) => *name,
            None => self.add(anchor, tail),
        };
        let spellings = self.spellings.entry(kind).or_default();
        spellings.insert(Arc::clone(spelling), name);
        name
    }

    fn anchor(&self, kind: EntityKind, spelling: &str) -> (Anchor, Option<(EntityKind, String)>) {
        let form = Form::of(kind, spelling);
        let tail = form.tail.map(|tail| (kind, tail));
        let anchor = match self.estate.resolve(spelling) {
            Some(node) => Anchor::Node(node),
            None => Anchor::Name(kind, form.sort, form.key),
        };
        (anchor, tail)
    }

    /// What a name is known by in 64 bits, whether it was taken notice of or not.
    pub(crate) fn digest(&self, kind: EntityKind, spelling: &str) -> u64 {
        self.anchor(kind, spelling).0.digest()
    }

    /// What the thing that a name means is known by, of a name known by this; of a name that nobody took notice
    /// of, the name itself.
    pub(crate) fn meant(&self, name: u64) -> u64 {
        let thing = self.by_digest.get(&name).map(|n| self.meaning(*n).thing);
        thing.map_or(name, |thing| self.digest_of(thing))
    }

    /// The thing that a name known by this means, if it was taken notice of.
    pub(crate) fn thing_of(&self, name: u64) -> Option<Thing> {
        let name = self.by_digest.get(&name)?;
        Some(self.meaning(*name).thing)
    }

    /// What a thing is known by.
    pub(crate) fn digest_of(&self, thing: Thing) -> u64 {
        self.digests.get(thing.index()).copied().unwrap_or_default()
    }

    /// What a name is known by that was taken notice of.
    pub(crate) fn digest_of_name(&self, name: Name) -> u64 {
        let known = self.names.get(name.index());
        known.map_or(0, |known| known.anchor.digest())
    }

    /// Every name taken notice of after so many, as what it is known by.
    pub(crate) fn names_after(&self, count: usize) -> impl Iterator<Item = u64> {
        let names = self.names.get(count..).unwrap_or_default().iter();
        names.map(|known| known.anchor.digest())
    }

    /// How many spellings were taken notice of.
    pub(crate) fn spellings(&self) -> usize {
        self.spellings.values().map(Spellings::len).sum()
    }

    /// All spellings of each thing of a kind: those taken notice of, and those that the estate lists.
    pub(crate) fn names_of(&self, kind: EntityKind) -> BTreeMap<Thing, Vec<Arc<str>>> {
        let mut names: BTreeMap<Thing, Vec<Arc<str>>> = BTreeMap::new();
        for (anchor, name) in &self.by_anchor {
            if let Anchor::Node(node) = anchor {
                let node = self.estate.node(*node);
                let listed = node.aliases.iter().map(|alias| Arc::from(alias.as_str()));
                let all = names.entry(self.meaning(*name).thing).or_default();
                all.extend(listed.chain([Arc::from(node.id.as_str())]));
            }
        }
        for (spelling, name) in self.spellings.get(&kind).into_iter().flatten() {
            let all = names.entry(self.meaning(*name).thing).or_default();
            all.push(Arc::clone(spelling));
        }
        for all in names.values_mut() {
            all.sort();
            all.dedup();
        }
        names
    }

    /// How many names were taken notice of.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Takes notice of an entity's name, and has it use the spelling that is kept already, so that it is kept once.
    pub(crate) fn name_once(&mut self, entity: &mut Entity) -> Name {
        let known = self.spellings.get(&entity.kind);
        match known.and_then(|known| known.get_key_value(&entity.id)) {
            Some((kept, name)) => {
                entity.id = Arc::clone(kept);
                *name
            }
            None => self.name(entity.kind, &entity.id),
        }
    }

    fn add(&mut self, anchor: Anchor, tail: Option<(EntityKind, String)>) -> Name {
        let name = Name(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let tail = tail.filter(|_| matches!(anchor, Anchor::Name(..)));
        let (thing, how) = (self.thing(anchor.clone()), Naming::Itself);
        // Until now another may have been the only one of that short name, or have had none; and two
        // domains that have it may be one.
        if let Some((kind, short)) = &tail {
            let bare = Anchor::Name(*kind, Sort::Bare, short.clone());
            let others = self.tails.contains_key(&(*kind, short.clone()));
            self.stale |= others || self.by_anchor.contains_key(&bare);
        }
        if let Anchor::Name(kind, Sort::Bare, short) = &anchor {
            self.stale |= self.tails.contains_key(&(*kind, short.clone()));
        }
        if let Some(tail) = tail {
            self.tails.entry(tail).or_default().push(name);
        }
        self.by_anchor.insert(anchor.clone(), name);
        self.by_digest.insert(anchor.digest(), name);
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
        self.digests.push(anchor.digest());
        self.things.insert(anchor, thing);
        thing
    }

    /// Takes notice of two names of one thing.
    pub(crate) fn alias(&mut self, alias: &Alias) {
        if alias.kind == EntityKind::Host && alias.other.contains('\\') {
            self.stale |= self.domains.learn(&alias.name, &alias.other);
            return;
        }
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
    ///
    /// What is surest comes first: what the names' own records say, then what is known of domains, then that
    /// a name is the only one.
    pub(crate) fn settle(&mut self) -> bool {
        if !std::mem::take(&mut self.stale) {
            return false;
        }
        let torn = self.torn();
        let apart: Vec<usize> = (0..self.names.len()).collect();
        let by_record = self.joined(&apart, &self.usable_aliases(&torn));
        let by_domain = self.joined(&by_record, &self.same_domain());
        let only = self.only_ones(&torn, &by_domain);
        let all = self.joined(&by_domain, &only);
        let bare: BTreeSet<usize> = only.iter().map(|(bare, _)| bare.index()).collect();
        let mut changed = false;
        for set in sets_of(&all) {
            changed |= self.mean(&set, &bare);
        }
        changed
    }

    /// Joins names beyond what they were joined `before` (the least name of its set for each), but for those
    /// whom that would make two nodes or give two numbers of one shape: these stay as they were.
    fn joined(&self, before: &[usize], joins: &[(Name, Name)]) -> Vec<usize> {
        let mut sets = Sets::new(before.len());
        for (name, least) in before.iter().enumerate() {
            sets.join(name, *least);
        }
        for (one, other) in joins {
            sets.join(one.index(), other.index());
        }
        let mut after = before.to_vec();
        for set in sets.sets().into_iter().filter(|set| set.len() > 1) {
            if self.is_one(&set) {
                let least = set.first().copied().unwrap_or_default();
                for name in set {
                    if let Some(slot) = after.get_mut(name) {
                        *slot = least;
                    }
                }
            }
        }
        after
    }

    /// Whether names can be one thing's.
    fn is_one(&self, set: &[usize]) -> bool {
        let mut nodes: BTreeSet<NodeIx> = BTreeSet::new();
        let mut numbers: BTreeMap<Shape, &str> = BTreeMap::new();
        let anchors = set.iter().filter_map(|name| self.names.get(*name));
        anchors
            .map(|known| &known.anchor)
            .all(|anchor| match anchor {
                Anchor::Node(node) => nodes.insert(*node) && nodes.len() < 2,
                Anchor::Name(_, Sort::Number(shape), key) => {
                    *numbers.entry(*shape).or_insert(key) == key.as_str()
                }
                Anchor::Name(_, Sort::Qualified | Sort::Bare, _) => true,
            })
    }

    /// Gives the names of a set their common meaning.
    fn mean(&mut self, set: &[usize], bare: &BTreeSet<usize>) -> bool {
        let own: Vec<Anchor> = set
            .iter()
            .filter_map(|name| Some(self.names.get(*name)?.anchor.clone()))
            .collect();
        let Some(anchor) = own.iter().min().cloned() else {
            return false;
        };
        let thing = self.thing(anchor.clone());
        let mut changed = false;
        for (name, own) in set.iter().zip(own) {
            let how = match (&own, own == anchor, bare.contains(name)) {
                (Anchor::Node(_), ..) | (Anchor::Name(..), true, _) => Naming::Itself,
                (Anchor::Name(..), false, true) => Naming::OnlyOne,
                (Anchor::Name(..), false, false) => Naming::Record,
            };
            if let Some(known) = self.names.get_mut(*name) {
                changed |= known.meaning != Meaning { thing, how };
                known.meaning = Meaning { thing, how };
            }
        }
        changed
    }

    /// Accounts of one name in domains that are one.
    fn same_domain(&self) -> Vec<(Name, Name)> {
        let one_for_all = self.domains.one_for_all();
        let mut known: BTreeMap<(&str, &str), Name> = BTreeMap::new();
        let mut joins = Vec::new();
        for (anchor, name) in &self.by_anchor {
            let Anchor::Name(EntityKind::Account, sort, key) = anchor else {
                continue;
            };
            let Some((domain, account)) = parts(*sort, key) else {
                continue;
            };
            if let Some(domain) = one_for_all.get(domain)
                && let Some(other) = known.insert((domain, account), *name)
            {
                joins.push((other, *name));
            }
        }
        joins
    }

    /// Each bare name that exactly one name with a domain ends in, with that one.
    fn only_ones(&self, torn: &BTreeSet<Name>, joined: &[usize]) -> Vec<(Name, Name)> {
        let mut found = Vec::new();
        for (anchor, name) in &self.by_anchor {
            let Anchor::Name(kind, Sort::Bare, short) = anchor else {
                continue;
            };
            let whole = self.tails.get(&(*kind, short.clone()));
            let Some(whole) = whole.filter(|_| !torn.contains(name)) else {
                continue;
            };
            let mut sets = whole.iter().map(|name| joined.get(name.index()));
            let first = sets.next();
            if let Some(one) = whole.first()
                && sets.all(|set| Some(set) == first)
            {
                found.push((*name, *one));
            }
        }
        found
    }

    fn sort(&self, name: Name) -> Option<Sort> {
        match &self.names.get(name.index())?.anchor {
            Anchor::Name(_, sort, _) => Some(*sort),
            Anchor::Node(_) => None,
        }
    }

    fn shape(&self, name: Name) -> Option<Shape> {
        match self.sort(name)? {
            Sort::Number(shape) => Some(shape),
            Sort::Qualified | Sort::Bare => None,
        }
    }

    /// Names that records give to several numbers of one shape, and bare names that they give to several whole
    /// ones.
    fn torn(&self) -> BTreeSet<Name> {
        let mut counts: BTreeMap<(Name, Sort), usize> = BTreeMap::new();
        for (of, to) in self.both_ways() {
            let to = match (self.sort(of), self.sort(to)) {
                (Some(Sort::Bare), to @ Some(Sort::Number(_) | Sort::Qualified))
                | (Some(Sort::Qualified) | None, to @ Some(Sort::Number(_))) => to,
                (Some(_) | None, Some(_) | None) => None,
            };
            if let Some(to) = to {
                *counts.entry((of, to)).or_default() += 1;
            }
        }
        let torn = counts.into_iter().filter(|(_, count)| *count > 1);
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

/// The sets of names whose least is the same.
fn sets_of(least: &[usize]) -> Vec<Vec<usize>> {
    let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (name, least) in least.iter().enumerate() {
        sets.entry(*least).or_default().push(name);
    }
    sets.into_values().collect()
}

#[cfg(test)]
mod tests;
