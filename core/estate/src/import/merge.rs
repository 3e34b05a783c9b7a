//! What names mean once everything was read: ends of edges that were named and not given by id, and things
//! that one inventory knows by an id of its own and another by a name.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher as _, Hasher as _},
};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{
    inventory::{Fact, Inventory, Ix, Standing},
    named::{Matched, Name},
    numbers,
};

/// Objects by what they are called, whatever the case. They hold the names, so that here are numbers only.
#[derive(Default)]
struct Called {
    hash: DefaultHashBuilder,
    table: HashTable<Entry>,
}

/// A name of an object, and whether no other object has it.
struct Entry {
    ix: Ix,
    /// Its place among the object's names.
    place: u32,
    is_one: bool,
}

/// Objects by a property of theirs.
#[derive(Default)]
struct Holding(BTreeMap<String, BTreeMap<Fact, Vec<Ix>>>);

impl Holding {
    /// Objects with this property.
    fn of(&mut self, inventory: &Inventory, (key, fact): &(String, Fact)) -> &[Ix] {
        let by_fact = self.0.entry(key.clone()).or_insert_with(|| {
            let mut by_fact: BTreeMap<Fact, Vec<Ix>> = BTreeMap::new();
            for ix in inventory.indices() {
                if let Some(fact) = inventory.fact(ix, key) {
                    by_fact.entry(fact.clone()).or_default().push(ix);
                }
            }
            by_fact
        });
        by_fact.get(fact).map_or(&[], Vec::as_slice)
    }
}

impl Called {
    fn of(inventory: &Inventory, meant: impl Fn(Ix) -> bool) -> Self {
        let mut called = Self::default();
        for ix in inventory.indices().filter(|ix| meant(*ix)) {
            for (place, name) in (0..).zip(names(inventory, ix)) {
                called.add(inventory, (ix, place, name));
            }
        }
        called
    }

    fn add(&mut self, inventory: &Inventory, (ix, place, name): (Ix, u32, &str)) {
        let hasher = &self.hash;
        let hash = hash(hasher, name);
        let same = |entry: &Entry| is_same(entry.name(inventory), name);
        if let Some(known) = self.table.find_mut(hash, same) {
            known.is_one &= known.ix == ix;
            return;
        }
        let entry = Entry {
            ix,
            place,
            is_one: true,
        };
        let again = |entry: &Entry| self::hash(hasher, entry.name(inventory));
        self.table.insert_unique(hash, entry, again);
    }

    /// The only object that is called so.
    fn find(&self, inventory: &Inventory, name: &str) -> Option<Ix> {
        let same = |entry: &Entry| is_same(entry.name(inventory), name);
        let known = self.table.find(hash(&self.hash, name), same)?;
        known.is_one.then_some(known.ix)
    }
}

impl Entry {
    fn name<'i>(&self, inventory: &'i Inventory) -> &'i str {
        let name = names(inventory, self.ix).nth(self.place as usize);
        name.unwrap_or_default()
    }
}

/// What an object is called.
fn names(inventory: &Inventory, ix: Ix) -> impl Iterator<Item = &str> {
    let object = inventory.get(ix).into_iter();
    let names = object.flat_map(|object| object.aliases.iter().chain(&object.name));
    names.map(AsRef::as_ref)
}

fn is_same(one: &str, two: &str) -> bool {
    if one.is_ascii() && two.is_ascii() {
        return one.eq_ignore_ascii_case(two);
    }
    one.to_lowercase() == two.to_lowercase()
}

/// Equal for names that differ in case only.
fn hash(hasher: &DefaultHashBuilder, name: &str) -> u64 {
    let mut state = hasher.build_hasher();
    if name.is_ascii() {
        name.bytes()
            .for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    } else {
        name.to_lowercase()
            .bytes()
            .for_each(|byte| state.write_u8(byte));
    }
    state.finish()
}

/// Makes one object of two that are one: an object known by name only, and the single other object that
/// is called so.
pub(super) fn same(inventory: &mut Inventory) {
    let by_name = |ix: Ix| inventory.get(ix).is_some_and(|object| object.by_name);
    let named: Vec<Ix> = inventory.indices().filter(|ix| by_name(*ix)).collect();
    if named.is_empty() {
        return;
    }
    let called = Called::of(inventory, |ix| !by_name(ix));
    let mut meant: BTreeMap<Ix, Ix> = BTreeMap::new();
    for ix in named {
        let spellings = std::iter::once(inventory.id(ix)).chain(names(inventory, ix));
        let found: Vec<Ix> = spellings
            .filter_map(|name| called.find(inventory, name))
            .collect();
        if let Some(first) = found.first().copied()
            && found.iter().all(|other| *other == first)
        {
            meant.insert(ix, first);
        }
    }
    for (ix, other) in &meant {
        unite(inventory, *ix, *other);
    }
    let now = |ix: Ix| meant.get(&ix).copied().unwrap_or(ix);
    for link in &mut inventory.links {
        link.from = now(link.from);
        link.to = now(link.to);
    }
    inventory.united = meant;
}

fn unite(inventory: &mut Inventory, ix: Ix, other: Ix) {
    let id = inventory.id(ix).to_owned();
    inventory.alias(other, &id);
    let Some(gone) = inventory.get_mut(ix).map(std::mem::take) else {
        return;
    };
    for alias in gone.aliases.iter().chain(&gone.name) {
        inventory.alias(other, alias);
    }
    if let Some(strange) = &gone.strange {
        inventory.say_strange(other, strange);
    }
    if let Some(object) = inventory.get_mut(other) {
        object.jewel = object.jewel.take().or(gone.jewel);
        object.standing = object.standing.max(gone.standing);
    }
}

/// Relates what edges named by something else than ids.
pub(super) fn wanted(inventory: &mut Inventory) {
    let (edges, words) = std::mem::take(&mut inventory.wanted).into_parts();
    if edges.is_empty() {
        return;
    }
    let mut ends = Ends::new(inventory);
    for edge in edges {
        let [from, to] = [edge.from, edge.to].map(|end| words.name(end));
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        let (name, found) = (
            words.relation(&edge),
            [&from, &to].map(|name| ends.find(inventory, name)),
        );
        let [Some(a), Some(b)] = found else {
            let example = format!("{from} {name} {to}");
            let what = "edges whose ends are named by something that no one object has";
            inventory.note("unclear-end", what, &example);
            continue;
        };
        inventory.relate((a, b), name, (edge.walked, words.why(&edge)));
        if let Some(said) = edge.said() {
            let rel = inventory.rel(name);
            inventory.said.add((a, b, rel), said);
        }
    }
    inventory.said.close();
}

/// What finds objects by their names.
struct Ends {
    called: Called,
    of_kinds: BTreeMap<String, Called>,
    holding: Holding,
}

impl Ends {
    fn new(inventory: &Inventory) -> Self {
        Self {
            called: Called::of(inventory, |_| true),
            of_kinds: BTreeMap::new(),
            holding: Holding::default(),
        }
    }

    fn find(&mut self, inventory: &mut Inventory, name: &Name<'_>) -> Option<Ix> {
        match name {
            Name::Id(id) => Some(inventory.object(id)),
            Name::Number(number) => {
                let ix = numbers::among_all(inventory, number)?;
                Some(inventory.united.get(&ix).copied().unwrap_or(ix))
            }
            Name::Called(name) => self.called.find(inventory, name),
            Name::CalledOf(name, kind) => {
                let kind: &str = kind;
                if !self.of_kinds.contains_key(kind) {
                    let called = Called::of(inventory, |ix| inventory.is_kind(ix, kind));
                    self.of_kinds.insert(kind.to_owned(), called);
                }
                self.of_kinds.get(kind)?.find(inventory, name)
            }
            Name::Either(name) => meant(inventory, &self.called, name),
            Name::With(matched) => with(inventory, &mut self.holding, matched),
        }
    }
}

/// The only object with all these properties, and perhaps of a kind.
fn with(
    inventory: &Inventory,
    holding: &mut Holding,
    Matched { facts, kind }: &Matched,
) -> Option<Ix> {
    let has = |ix: Ix, (key, fact): &(String, Fact)| match (key.as_str(), fact) {
        ("objectid", Fact::Text(id)) => inventory.id(ix).eq_ignore_ascii_case(id),
        _ => inventory.fact(ix, key) == Some(fact),
    };
    let fits = |ix: &Ix| {
        let of_kind = kind
            .as_ref()
            .is_none_or(|kind| inventory.is_kind(*ix, kind));
        of_kind && facts.iter().all(|fact| has(*ix, fact))
    };
    let id = facts.iter().find_map(|(key, fact)| match fact {
        Fact::Text(id) if key == "objectid" => Some(id),
        Fact::Flag(_) | Fact::Number(_) | Fact::Text(_) | Fact::List(_) | Fact::Unclear => None,
    });
    let candidates: Vec<Ix> = match id {
        Some(id) => inventory.find(id).into_iter().collect(),
        None => holding.of(inventory, facts.first()?).to_vec(),
    };
    let mut found = candidates.into_iter().filter(fits);
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// What people mean by a name: the object of that id if there is one, else the only one called so.
fn meant(inventory: &Inventory, called: &Called, name: &str) -> Option<Ix> {
    let by_id = inventory.find(name);
    let by_id = by_id.map(|ix| inventory.united.get(&ix).copied().unwrap_or(ix));
    let there = |ix: &Ix| {
        let object = inventory.get(*ix);
        object.is_some_and(|object| object.standing >= Standing::Needed)
    };
    by_id.filter(there).or_else(|| called.find(inventory, name))
}

/// What people mean by names, once everything has its names.
pub(super) struct Meanings(Called);

impl Meanings {
    pub(super) fn new(inventory: &Inventory) -> Self {
        Self(Called::of(inventory, |_| true))
    }

    /// What a name means.
    pub(super) fn of(&self, inventory: &Inventory, name: &str) -> Option<Ix> {
        meant(inventory, &self.0, name)
    }
}
