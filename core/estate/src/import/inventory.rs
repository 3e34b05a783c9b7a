//! What inventories say, before it is an estate: objects with facts, and relations between them.
//!
//! Objects are known by an id, compared without regard to case, and may be spoken of before they are
//! described. Relations keep the names that collectors give them; which of them lead an intruder on is
//! decided later, by pages and rules. Invariant: nothing that was read is dropped without a note that
//! counts it.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::BuildHasher as _,
};

use cordon_model::{Likelihood, Minutes};
use hashbrown::{DefaultHashBuilder, HashTable};
use serde_json::{Map, Value};

/// An object, by the order of being spoken of first.
pub(super) type Ix = u32;

/// A relation's name, by the order of being seen first.
pub(super) type Rel = u16;

/// One thing that an inventory describes or speaks of.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// In kebab-case; empty if nothing says so.
    pub(super) kind: &'static str,
    pub(super) name: Option<Box<str>>,
    pub(super) aliases: Vec<Box<str>>,
    /// Whether an inventory described it, and not only spoke of it.
    pub(super) described: bool,
    /// Whether its id is a name that people gave it, and so may be a name of something else here.
    pub(super) by_name: bool,
    /// The loss of it, and why, as somebody wrote them.
    pub(super) jewel: Option<Value>,
    facts: Vec<(&'static str, Fact)>,
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    Flag(bool),
    Number(i64),
    Text(Box<str>),
    List(Vec<Box<str>>),
}

/// One relation between two objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// How often something was noted, and once where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// How often.
    pub count: u64,
    /// One of them.
    pub example: String,
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
    reasons: Vec<String>,
    reason_table: BTreeMap<String, u32>,
    pub(super) notes: BTreeMap<(&'static str, String), Note>,
    /// Services, by their ids, with what else is said of them.
    pub(super) services: BTreeMap<String, Map<String, Value>>,
    /// What services and nodes need, by names.
    pub(super) needs: Vec<Need>,
    /// Steps, with the ids that they use as they were written.
    pub(super) steps: Vec<Value>,
    pub(super) head: Option<(String, String)>,
    /// Which derived links stand on which objects: link, object.
    pub(super) grounds: Vec<((Ix, Ix, Rel), Ix)>,
    /// Relations of which it is not said yet which side needs the other.
    pub(super) pairs: Vec<super::Pair>,
    /// Ids by the numbers that a database gave them.
    pub(super) numbers: BTreeMap<String, String>,
    /// Edges whose ends are still to be found.
    pub(super) wanted: Vec<super::merge::Wanted>,
    /// Relations that lead an intruder on because their source says so.
    pub(super) walked: BTreeSet<Box<str>>,
    /// Objects that become nodes.
    pub(super) written: Vec<Ix>,
    /// What edges of a kind usually take, and how surely they work.
    pub(super) usual: BTreeMap<String, (Option<Minutes>, Option<Likelihood>)>,
    /// Objects that turned out to be others.
    pub(super) united: BTreeMap<Ix, Ix>,
    /// Minutes and likelihoods that somebody wrote at an edge.
    pub(super) said: BTreeMap<(Ix, Ix, Rel), Value>,
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
        if let Some(known) = self.table.find(hash, same) {
            return *known;
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

    /// Says that an inventory describes this object, in this spelling.
    pub(super) fn describe(&mut self, id: &str, kind: &str) -> Ix {
        let ix = self.object(id);
        let kind = self.word(kind);
        if let Some(spelling) = self.ids.get_mut(ix as usize) {
            *spelling = id.into();
        }
        if let Some(object) = self.objects.get_mut(ix as usize) {
            object.described = true;
            if object.kind.is_empty() {
                object.kind = kind;
            }
        }
        ix
    }

    /// What an object is taken for until somebody describes it.
    pub(super) fn guess_kind(&mut self, ix: Ix, kind: &str) {
        let kind = self.word(kind);
        if let Some(object) = self.objects.get_mut(ix as usize)
            && object.kind.is_empty()
        {
            object.kind = kind;
        }
    }

    /// Gives an object the kind that its file turned out to hold.
    pub(super) fn set_kind(&mut self, ix: Ix, kind: &str) {
        let kind = self.word(kind);
        if let Some(object) = self.objects.get_mut(ix as usize) {
            object.kind = kind;
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
        let rel = self.rel(name);
        if from != to {
            self.links.push(Link {
                from,
                to,
                rel,
                why: 0,
            });
        }
    }

    /// Relates two objects as a source does that says whether the relation leads an intruder on.
    pub(super) fn relate(&mut self, (from, to): (Ix, Ix), name: &str, walked: Option<bool>) {
        match walked {
            Some(false) => self.link(from, &format!("{}{name}", super::SILENT), to),
            Some(true) => {
                self.walked.insert(name.into());
                self.link(from, name, to);
            }
            None => self.link(from, name, to),
        }
    }

    /// Relates two objects, of which it is not known whether they are so related.
    pub(super) fn link_unknown(&mut self, (from, name, to): (Ix, &str, Ix), why: &str) {
        let rel = self.rel(name);
        let why = self.reason(why);
        if from != to {
            self.links.push(Link { from, to, rel, why });
        }
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

    pub(super) fn set(&mut self, ix: Ix, key: &str, fact: Fact) {
        let key = self.word(key);
        let Some(object) = self.objects.get_mut(ix as usize) else {
            return;
        };
        match object.facts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = fact,
            None => object.facts.push((key, fact)),
        }
    }

    pub(super) fn fact(&self, ix: Ix, key: &str) -> Option<&Fact> {
        let facts = &self.get(ix)?.facts;
        facts
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, fact)| fact)
    }

    pub(super) fn flag(&self, ix: Ix, key: &str) -> Option<bool> {
        match self.fact(ix, key) {
            Some(Fact::Flag(flag)) => Some(*flag),
            Some(Fact::Number(_) | Fact::Text(_) | Fact::List(_)) | None => None,
        }
    }

    pub(super) fn text(&self, ix: Ix, key: &str) -> Option<&str> {
        match self.fact(ix, key) {
            Some(Fact::Text(text)) => Some(text),
            Some(Fact::Number(_) | Fact::Flag(_) | Fact::List(_)) | None => None,
        }
    }

    pub(super) fn list(&self, ix: Ix, key: &str) -> &[Box<str>] {
        match self.fact(ix, key) {
            Some(Fact::List(list)) => list,
            Some(Fact::Number(_) | Fact::Flag(_) | Fact::Text(_)) | None => &[],
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
            object.aliases.push(alias.into());
        }
    }

    /// What people call it.
    pub(super) fn name(&mut self, ix: Ix, name: &str) {
        if let Some(object) = self.objects.get_mut(ix as usize)
            && object.name.is_none()
            && !name.trim().is_empty()
        {
            object.name = Some(name.into());
        }
    }

    /// Counts what was left out or is doubtful.
    pub(super) fn note(&mut self, code: &'static str, what: &str, example: &str) {
        self.note_many(code, what, (1, example));
    }

    pub(super) fn note_many(&mut self, code: &'static str, what: &str, (n, example): (u64, &str)) {
        let note = self.notes.entry((code, what.to_owned())).or_default();
        note.count += n;
        if note.example.is_empty() {
            example.clone_into(&mut note.example);
        }
    }
}

impl Fact {
    /// A property as JSON has it; none if it says nothing.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => {
                let whole = number.as_i64();
                whole
                    .or_else(|| number.as_f64().map(whole_part))
                    .map(Self::Number)
            }
            Value::String(text) => Some(Self::Text(text.as_str().into())),
            Value::Array(items) => {
                let items = items.iter().filter_map(Value::as_str).map(Into::into);
                Some(Self::List(items.collect()))
            }
            Value::Null | Value::Object(_) => None,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "collectors write small whole numbers, some of them as decimals"
)]
fn whole_part(number: f64) -> i64 {
    number as i64
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
