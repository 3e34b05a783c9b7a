//! What inventories say, before it is an estate: objects with facts, and relations between them.
//!
//! Objects are known by an id, compared without regard to case, and may be spoken of before they are
//! described. Relations keep the names that collectors give them; which of them lead an intruder on is
//! decided later, by pages and rules. Invariants: nothing that was read is dropped without a note that
//! counts it; where inventories differ, what is kept does not depend on which was read first.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::BuildHasher as _,
};

use cordon_model::{Likelihood, Minutes};
use hashbrown::{DefaultHashBuilder, HashTable};
use serde_json::{Map, Value};

pub(super) use fact::Fact;
pub use note::{Note, PLACES_MAX};
use said::Said;
pub(super) use settle::order;
pub(super) use strange::Strange;

mod fact;
mod nameless;
mod note;
mod said;
mod settle;
mod strange;

/// An object, by the order of being spoken of first.
pub(super) type Ix = u32;

/// A relation's name, by the order of being seen first.
pub(super) type Rel = u16;

/// One thing that an inventory describes or speaks of.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// In kebab-case; empty if nothing says so.
    pub(super) kind: &'static str,
    /// Whether an inventory describes it as that, and not only takes it for that.
    kind_said: bool,
    /// All kinds that its source gives it, as it writes them.
    pub(super) kinds: &'static [&'static str],
    pub(super) name: Option<Box<str>>,
    pub(super) aliases: Vec<Box<str>>,
    pub(super) standing: Standing,
    /// Whether its id is a name that people gave it, and so may be a name of something else here.
    pub(super) by_name: bool,
    /// The loss of it, and why, as somebody wrote them.
    pub(super) jewel: Option<Box<Value>>,
    /// What somebody wrote at it that our own form has no key for.
    pub(super) strange: Option<Box<Strange>>,
    facts: Vec<(&'static str, Fact)>,
}

/// How much is known of an object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Others speak of it.
    #[default]
    Spoken,
    /// Others need it, so that it is there whether described or not.
    Needed,
    /// An inventory describes it.
    Described,
}

/// One relation between two objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub(super) from: Ix,
    pub(super) to: Ix,
    pub(super) rel: Rel,
    /// The reason why it is not known, counted from 1; 0 if it is.
    pub(super) why: u32,
}

/// That something needs something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) who: String,
    pub(super) what: String,
    /// Needs of one group stand in for each other; needs of none are all needed.
    pub(super) group: String,
    /// How many of a group are needed; one unless said.
    pub(super) at_least: Option<u64>,
}

/// A step as it was written, as JSON: there may be hundreds of thousands.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) id: Box<str>,
    pub(super) text: Box<str>,
}

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    hash: DefaultHashBuilder,
    table: HashTable<Ix>,
    ids: Vec<Box<str>>,
    pub(super) objects: Vec<Object>,
    pub(super) links: Vec<Link>,
    rels: Vec<Box<str>>,
    rel_table: BTreeMap<Box<str>, Rel>,
    words: BTreeMap<String, &'static str>,
    kind_lists: BTreeMap<Vec<&'static str>, &'static [&'static str]>,
    reasons: Vec<String>,
    reason_table: BTreeMap<String, u32>,
    pub(super) notes: BTreeMap<(&'static str, String), Note>,
    /// Services, by their ids, with what else is said of them.
    pub(super) services: BTreeMap<String, Map<String, Value>>,
    /// What services and nodes need, by names.
    pub(super) needs: Vec<Need>,
    /// Steps, with the ids that they use as they were written.
    pub(super) steps: Vec<Step>,
    pub(super) head: Option<(String, String)>,
    /// What stands in heads that have no key for it.
    pub(super) strange: Strange,
    /// Which derived links stand on which objects: link, object.
    pub(super) grounds: Vec<((Ix, Ix, Rel), Ix)>,
    /// Tables of a configuration database.
    pub(super) tables: super::cmdb::Tables,
    /// Ids by the numbers that a database gave them.
    pub(super) numbers: BTreeMap<String, String>,
    /// What ids of graphs stand for.
    pub(super) graph: super::numbers::Numbers,
    /// Edges whose ends are still to be found.
    pub(super) wanted: super::named::Named,
    /// Relations that lead an intruder on because their source says so.
    pub(super) walked: BTreeSet<Box<str>>,
    /// Objects that become nodes.
    pub(super) written: Vec<Ix>,
    /// What edges of a kind usually take, and how surely they work.
    pub(super) usual: BTreeMap<String, (Option<Minutes>, Option<Likelihood>)>,
    /// Objects that turned out to be others.
    pub(super) united: BTreeMap<Ix, Ix>,
    /// Minutes and likelihoods that somebody wrote at an edge.
    pub(super) said: Said,
}

impl Inventory {
    /// The object of an id.
    pub(super) fn object(&mut self, id: &str) -> Ix {
        let key = id.to_uppercase();
        let hash = self.hash.hash_one(&key);
        let ids = &self.ids;
        let same = |ix: &Ix| {
            ids.get(*ix as usize)
                .is_some_and(|id| id.to_uppercase() == key)
        };
        if let Some(known) = self.table.find(hash, same).copied() {
            self.respell(known, id);
            return known;
        }
        let new = number(self.ids.len());
        let hasher = &self.hash;
        let rehash = |ix: &Ix| {
            let id = ids.get(*ix as usize).map_or("", |id| id);
            hasher.hash_one(id.to_uppercase())
        };
        self.table.insert_unique(hash, new, rehash);
        self.ids.push(id.into());
        self.objects.push(Object::default());
        new
    }

    /// The object of an id if it was spoken of.
    pub(super) fn find(&self, id: &str) -> Option<Ix> {
        let key = id.to_uppercase();
        let same = |ix: &Ix| self.id(*ix).to_uppercase() == key;
        self.table.find(self.hash.hash_one(&key), same).copied()
    }

    /// Of two spellings that are equally good the lower one counts.
    fn respell(&mut self, ix: Ix, id: &str) {
        let described = self.is_described(ix);
        if let Some(spelling) = self.ids.get_mut(ix as usize)
            && !described
            && id < &**spelling
        {
            *spelling = id.into();
        }
    }

    /// Says that an inventory describes this object, in this spelling.
    pub(super) fn describe(&mut self, id: &str, kind: &str) -> Ix {
        let ix = self.object(id);
        let place = ix as usize;
        if let (Some(spelling), Some(object)) =
            (self.ids.get_mut(place), self.objects.get_mut(place))
        {
            if object.standing < Standing::Described || id < &**spelling {
                *spelling = id.into();
            }
            object.standing = Standing::Described;
        }
        self.set_kind(ix, kind);
        ix
    }

    /// What an object is taken for until somebody describes it.
    pub(super) fn guess_kind(&mut self, ix: Ix, kind: &str) {
        let kind = self.word(kind);
        if let Some(object) = self.objects.get_mut(ix as usize)
            && !kind.is_empty()
            && !object.kind_said
            && (object.kind.is_empty() || kind < object.kind)
        {
            object.kind = kind;
        }
    }

    /// What an inventory says that an object is. If two say different things, both are told.
    pub(super) fn set_kind(&mut self, ix: Ix, kind: &str) {
        let kind = self.word(kind.trim());
        let Some(object) = self.objects.get_mut(ix as usize) else {
            return;
        };
        if kind.is_empty() || object.kind_said && object.kind == kind {
            return;
        }
        if !object.kind_said {
            (object.kind, object.kind_said) = (kind, true);
            return;
        }
        let (kept, other) = (object.kind.min(kind), object.kind.max(kind));
        object.kind = kept;
        let example = format!("{}: {kept}, {other}", self.id(ix));
        let what = "objects that are said to be two different things, of which one was kept";
        self.note("two-kinds", what, &example);
    }

    /// All kinds that a source gives an object, besides those that others gave it.
    pub(super) fn add_kinds(&mut self, ix: Ix, kinds: &[String]) {
        let mut all: BTreeSet<String> = kinds.iter().cloned().collect();
        let Some(known) = self.get(ix).map(|object| object.kinds) else {
            return;
        };
        if known.len() == all.len() && known.iter().all(|kind| all.contains(*kind)) {
            return;
        }
        all.extend(known.iter().map(|kind| (*kind).to_owned()));
        let all: Vec<&'static str> = all.iter().map(|kind| self.word(kind)).collect();
        let known = self.kind_lists.get(&all).copied();
        let kept = known.unwrap_or_else(|| Box::leak(all.clone().into_boxed_slice()));
        self.kind_lists.insert(all, kept);
        if let Some(object) = self.objects.get_mut(ix as usize) {
            object.kinds = kept;
        }
    }

    /// A word that is said of many, once in memory. Kinds and keys are few, so they are kept for good.
    pub(super) fn word(&mut self, word: &str) -> &'static str {
        if let Some(known) = self.words.get(word) {
            return known;
        }
        let kept: &'static str = Box::leak(word.to_owned().into_boxed_str());
        self.words.insert(word.to_owned(), kept);
        kept
    }

    pub(super) fn id(&self, ix: Ix) -> &str {
        self.ids.get(ix as usize).map_or("", |id| id)
    }

    pub(super) fn get(&self, ix: Ix) -> Option<&Object> {
        self.objects.get(ix as usize)
    }

    pub(super) fn get_mut(&mut self, ix: Ix) -> Option<&mut Object> {
        self.objects.get_mut(ix as usize)
    }

    /// Whether an inventory describes an object, and not only speaks of it.
    pub(super) fn is_described(&self, ix: Ix) -> bool {
        let object = self.get(ix);
        object.is_some_and(|object| object.standing == Standing::Described)
    }

    pub(super) fn kind(&self, ix: Ix) -> &'static str {
        self.get(ix).map_or("", |object| object.kind)
    }

    /// What people call it, or its id.
    pub(super) fn shown(&self, ix: Ix) -> &str {
        let name = self.get(ix).and_then(|object| object.name.as_deref());
        name.unwrap_or_else(|| self.id(ix))
    }

    pub(super) fn indices(&self) -> std::ops::Range<Ix> {
        0..number(self.objects.len())
    }

    /// The relation of a name.
    pub(super) fn rel(&mut self, name: &str) -> Rel {
        if let Some(known) = self.rel_table.get(name) {
            return *known;
        }
        let new = Rel::try_from(self.rels.len()).unwrap_or(Rel::MAX);
        self.rels.push(name.into());
        self.rel_table.insert(name.into(), new);
        new
    }

    /// The name of a relation.
    pub(super) fn rel_name(&self, rel: Rel) -> &str {
        self.rels.get(usize::from(rel)).map_or("", |name| name)
    }

    pub(super) fn rels(&self) -> usize {
        self.rels.len()
    }

    /// Relates two objects, if they are two.
    pub(super) fn link(&mut self, from: Ix, name: &str, to: Ix) {
        self.link_for((from, name, to), 0);
    }

    fn link_for(&mut self, (from, name, to): (Ix, &str, Ix), why: u32) {
        let rel = self.rel(name);
        if from == to {
            let example = format!("{} {name}", self.id(from));
            let what = "relations of something to itself, which lead nobody on";
            self.note("to-itself", what, &example);
            return;
        }
        self.links.push(Link { from, to, rel, why });
    }

    /// Relates two objects as a source does that says whether the relation leads an intruder on.
    pub(super) fn relate(
        &mut self,
        (from, to): (Ix, Ix),
        name: &str,
        (walked, why): (Option<bool>, Option<&str>),
    ) {
        if walked == Some(false) {
            self.link(from, &format!("{}{name}", super::SILENT), to);
            return;
        }
        if walked == Some(true) && !self.walked.contains(name) {
            self.walked.insert(name.into());
        }
        match why {
            Some(why) => self.link_unknown((from, name, to), why),
            None => self.link(from, name, to),
        }
    }

    /// Whether a source says that an object is of a kind, by its own word for it or by ours.
    pub(super) fn is_kind(&self, ix: Ix, kind: &str) -> bool {
        let Some(object) = self.get(ix) else {
            return false;
        };
        let by_source = object
            .kinds
            .iter()
            .any(|own| own.eq_ignore_ascii_case(kind));
        by_source || object.kind == super::kind_word(kind)
    }

    /// Relates two objects, of which it is not known whether they are so related.
    pub(super) fn link_unknown(&mut self, (from, name, to): (Ix, &str, Ix), why: &str) {
        let why = self.reason(why);
        self.link_for((from, name, to), why);
    }

    /// The number of a reason.
    pub(super) fn reason(&mut self, why: &str) -> u32 {
        if let Some(known) = self.reason_table.get(why) {
            return *known;
        }
        self.reasons.push(why.to_owned());
        let new = number(self.reasons.len());
        self.reason_table.insert(why.to_owned(), new);
        new
    }

    /// A reason by its number; none for what is known.
    pub(super) fn reason_text(&self, why: u32) -> Option<&str> {
        let place = usize::try_from(why).ok()?.checked_sub(1)?;
        self.reasons.get(place).map(String::as_str)
    }

    /// Says what is so, whatever was said before.
    pub(super) fn set(&mut self, ix: Ix, key: &str, fact: Fact) {
        let key = self.word(key);
        let Some(object) = self.objects.get_mut(ix as usize) else {
            return;
        };
        if let Some((_, known)) = object.facts.iter_mut().find(|(known, _)| *known == key) {
            *known = fact;
            return;
        }
        if object.facts.is_empty() {
            object.facts.reserve_exact(1);
        }
        object.facts.push((key, fact));
    }

    /// Adds what one inventory says. Where two differ, nothing is known.
    pub(super) fn say(&mut self, ix: Ix, key: &str, fact: Fact) {
        let known = self.raw(ix, key).cloned();
        let Some(known) = known else {
            self.set(ix, key, fact);
            return;
        };
        let both = known.clone().with(fact);
        if both == Fact::Unclear && known != Fact::Unclear {
            let example = format!("`{key}` of {}", self.shown(ix));
            let what = "properties on which inventories differ, and that count as not known";
            self.note("differ", what, &example);
        }
        self.set(ix, key, both);
    }

    fn raw(&self, ix: Ix, key: &str) -> Option<&Fact> {
        let mut facts = self.get(ix)?.facts.iter();
        facts.find(|(known, _)| *known == key).map(|(_, fact)| fact)
    }

    /// A property, if it is known.
    pub(super) fn fact(&self, ix: Ix, key: &str) -> Option<&Fact> {
        self.raw(ix, key).filter(|fact| **fact != Fact::Unclear)
    }

    pub(super) fn flag(&self, ix: Ix, key: &str) -> Option<bool> {
        match self.fact(ix, key) {
            Some(Fact::Flag(flag)) => Some(*flag),
            Some(Fact::Number(_) | Fact::Text(_) | Fact::List(_) | Fact::Unclear) | None => None,
        }
    }

    pub(super) fn text(&self, ix: Ix, key: &str) -> Option<&str> {
        match self.fact(ix, key) {
            Some(Fact::Text(text)) => Some(text),
            Some(Fact::Number(_) | Fact::Flag(_) | Fact::List(_) | Fact::Unclear) | None => None,
        }
    }

    pub(super) fn list(&self, ix: Ix, key: &str) -> &[Box<str>] {
        match self.fact(ix, key) {
            Some(Fact::List(list)) => list,
            Some(Fact::Number(_) | Fact::Flag(_) | Fact::Text(_) | Fact::Unclear) | None => &[],
        }
    }

    /// Another name that logs have for it.
    pub(super) fn alias(&mut self, ix: Ix, alias: &str) {
        let same_as_id = self.id(ix).eq_ignore_ascii_case(alias);
        let Some(object) = self.objects.get_mut(ix as usize) else {
            return;
        };
        let known = object
            .aliases
            .iter()
            .any(|known| known.eq_ignore_ascii_case(alias));
        if !alias.trim().is_empty() && !same_as_id && !known {
            // Most have one or two, and there may be millions.
            object.aliases.reserve_exact(1);
            object.aliases.push(alias.into());
        }
    }

    /// What people call it. Of two names the lower one is the name, and the other another name.
    pub(super) fn name(&mut self, ix: Ix, name: &str) {
        let Some(object) = self.objects.get_mut(ix as usize) else {
            return;
        };
        let is_id = self.ids.get(ix as usize).is_some_and(|id| **id == *name);
        if name.trim().is_empty() || is_id || object.name.as_deref() == Some(name) {
            return;
        }
        let Some(known) = object.name.take() else {
            object.name = Some(name.into());
            return;
        };
        let (kept, other) = (known.as_ref().min(name), known.as_ref().max(name));
        object.name = Some(kept.into());
        if !kept.eq_ignore_ascii_case(other) {
            self.alias(ix, other);
        }
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
