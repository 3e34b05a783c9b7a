//! The fields that rules ask for, found by their names in a record.
//!
//! A value's name is the names on the way to it joined with dots; lists on the way have none. So a
//! flat key `a.b` and a field `b` within `a` are the same field. Names are compared in their exact
//! case.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::NameHash;

/// A field that some rule asks for, by its place in the rule set's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldIx(u32);

impl FieldIx {
    /// As an index.
    pub(crate) fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// Where a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// In one field.
    Field(FieldIx),
    /// In every value of the record.
    Everything,
}

/// What a dotted name is to the rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The field of this name, if some rule asks for it.
    pub(crate) field: Option<FieldIx>,
    /// Whether some rule asks for a field within it.
    pub(crate) leads_on: bool,
}

/// The names of all fields that rules ask for.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<Arc<str>>,
    places: BTreeMap<Arc<str>, FieldIx>,
    meanings: BTreeMap<Box<str>, Meaning>,
    /// The meanings once more, by the hashes of their names.
    table: Table,
}

impl Names {
    /// The place of a name, which is made if it is new.
    pub(crate) fn place(&mut self, name: &Arc<str>) -> FieldIx {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let Ok(number) = u32::try_from(self.list.len()) else {
            unreachable!("a rule set asks for fewer than four thousand million fields");
        };
        let place = FieldIx(number);
        self.list.push(Arc::clone(name));
        self.places.insert(Arc::clone(name), place);
        let meaning = self.meanings.entry(Box::from(&**name)).or_default();
        meaning.field = Some(place);
        for (dot, _) in name.match_indices('.') {
            let start = name.get(..dot).unwrap_or_default();
            self.meanings.entry(Box::from(start)).or_default().leads_on = true;
        }
        place
    }

    /// Makes ready for looking up, when all names are there.
    pub(crate) fn finish(&mut self) {
        self.table = Table::new(&self.meanings);
    }

    /// The name at a place.
    pub(crate) fn name(&self, place: FieldIx) -> &Arc<str> {
        let Some(name) = self.list.get(place.place()) else {
            unreachable!("the place of a field comes from the list of names it is used with");
        };
        name
    }

    /// What a dotted name is to the rules; none if it is nothing.
    #[inline]
    pub(crate) fn meaning(&self, name: &str, hash: NameHash) -> Option<Meaning> {
        self.table.get(name, hash)
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }
}

/// Places of a table, as a power of two: several for each name that public rules use.
const PLACES_LOG: u32 = 13;

/// No entry.
const NONE: u32 = u32::MAX;

/// Meanings by the hashes of their names. Nearly every name that no rule asks for is known as such
/// from its hash alone.
#[derive(Debug, Default)]
struct Table {
    first: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    hash: NameHash,
    next: u32,
    meaning: Meaning,
    name: Box<str>,
}

impl Table {
    fn new(meanings: &BTreeMap<Box<str>, Meaning>) -> Self {
        let mut table = Self {
            first: vec![NONE; 1 << PLACES_LOG],
            entries: Vec::new(),
        };
        for ((name, meaning), at) in meanings.iter().zip(0..) {
            let hash = NameHash::of(name);
            if let Some(first) = table.first.get_mut(place(hash)) {
                table.entries.push(Entry {
                    hash,
                    next: *first,
                    meaning: *meaning,
                    name: name.clone(),
                });
                *first = at;
            }
        }
        table
    }

    #[inline]
    fn get(&self, name: &str, hash: NameHash) -> Option<Meaning> {
        let mut at = *self.first.get(place(hash))?;
        while at != NONE {
            let entry = self.entries.get(usize::try_from(at).ok()?)?;
            if entry.hash == hash && *entry.name == *name {
                return Some(entry.meaning);
            }
            at = entry.next;
        }
        None
    }
}

#[inline]
fn place(hash: NameHash) -> usize {
    usize::from(hash.number() >> (16 - PLACES_LOG))
}
