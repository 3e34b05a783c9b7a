//! What names mean once everything was read: ends of edges that were named and not given by id, and things
//! that one inventory knows by an id of its own and another by a name.

use std::{collections::BTreeMap, fmt};

use super::inventory::{Fact, Inventory, Ix, Standing};

/// How an end of an edge was named.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// By its id.
    Id(String),
    /// By what people or logs call it.
    Called(String),
    /// The same, among those of a kind.
    CalledOf(String, String),
    /// By its id or what it is called, as people write it.
    Either(String),
    /// By properties, all of which it has, and perhaps among those of a kind.
    With(Vec<(String, Fact)>, Option<String>),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(name) | Self::Either(name) => f.write_str(name),
            Self::Called(name) => write!(f, "what is called {name}"),
            Self::CalledOf(name, kind) => write!(f, "the {kind} called {name}"),
            Self::With(facts, kind) => {
                let facts = facts.iter().map(|(key, fact)| format!("{key} {fact}"));
                let facts: Vec<String> = facts.collect();
                let kind = kind.as_deref().unwrap_or("thing");
                write!(f, "the {kind} with {}", facts.join(", "))
            }
        }
    }
}

/// An edge whose ends are still to be found.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted {
    pub(super) from: Name,
    pub(super) to: Name,
    pub(super) name: Box<str>,
    /// Whether its source says that it leads an intruder on.
    pub(super) walked: Option<bool>,
    /// What else its source says of it, as JSON.
    pub(super) said: Option<Box<str>>,
    /// Why it is not known, if its source says so.
    pub(super) why: Option<Box<str>>,
}

/// Objects by what they are called, in lower case; none where two are called so.
struct Called(BTreeMap<String, Option<Ix>>);

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
        let mut called: BTreeMap<String, Option<Ix>> = BTreeMap::new();
        for ix in inventory.indices().filter(|ix| meant(*ix)) {
            let Some(object) = inventory.get(ix) else {
                continue;
            };
            let names = object.aliases.iter().chain(&object.name);
            for name in names.map(|name| name.to_lowercase()) {
                let known = called.entry(name).or_insert(Some(ix));
                if *known != Some(ix) {
                    *known = None;
                }
            }
        }
        Self(called)
    }

    fn find(&self, name: &str) -> Option<Ix> {
        self.0.get(&name.to_lowercase()).copied().flatten()
    }
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
        let object = inventory.get(ix);
        let aliases = object
            .into_iter()
            .flat_map(|object| object.aliases.iter().chain(&object.name));
        let spellings = std::iter::once(inventory.id(ix)).chain(aliases.map(AsRef::as_ref));
        let found: Vec<Ix> = spellings.filter_map(|name| called.find(name)).collect();
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
    let said = std::mem::take(&mut inventory.said);
    let said = said.into_iter();
    inventory.said = said
        .map(|((from, to, rel), said)| ((now(from), now(to), rel), said))
        .collect();
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
    if let Some(object) = inventory.get_mut(other) {
        object.jewel = object.jewel.take().or(gone.jewel);
        object.standing = object.standing.max(gone.standing);
    }
}

/// Relates what edges named by something else than ids.
pub(super) fn wanted(inventory: &mut Inventory) {
    let wanted = std::mem::take(&mut inventory.wanted);
    if wanted.is_empty() {
        return;
    }
    let called = Called::of(inventory, |_| true);
    let (mut of_kinds, mut holding) = (BTreeMap::new(), Holding::default());
    for edge in wanted {
        let ends = [&edge.from, &edge.to].map(|name| match name {
            Name::Id(id) => Some(inventory.object(id)),
            Name::Called(name) => called.find(name),
            Name::CalledOf(name, kind) => {
                let of_kind = of_kinds.entry(kind.clone());
                let of_kind = of_kind
                    .or_insert_with(|| Called::of(inventory, |ix| inventory.is_kind(ix, kind)));
                of_kind.find(name)
            }
            Name::Either(name) => meant(inventory, &called, name),
            Name::With(facts, kind) => with(inventory, &mut holding, (facts, kind.as_deref())),
        });
        let [Some(from), Some(to)] = ends else {
            let example = format!("{} {} {}", edge.from, edge.name, edge.to);
            let what = "edges whose ends are named by something that no one object has";
            inventory.note("unclear-end", what, &example);
            continue;
        };
        let known = (edge.walked, edge.why.as_deref());
        inventory.relate((from, to), &edge.name, known);
        let said = edge.said.as_deref().map(serde_json::from_str);
        if let Some(Ok(said)) = said {
            let rel = inventory.rel(&edge.name);
            inventory.said.entry((from, to, rel)).or_insert(said);
        }
    }
}

/// The only object with all these properties, and perhaps of a kind.
fn with(
    inventory: &Inventory,
    holding: &mut Holding,
    (facts, kind): (&[(String, Fact)], Option<&str>),
) -> Option<Ix> {
    let has = |ix: Ix, (key, fact): &(String, Fact)| match (key.as_str(), fact) {
        ("objectid", Fact::Text(id)) => inventory.id(ix).eq_ignore_ascii_case(id),
        _ => inventory.fact(ix, key) == Some(fact),
    };
    let fits = |ix: &Ix| {
        let of_kind = kind.is_none_or(|kind| inventory.is_kind(*ix, kind));
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
    by_id.filter(there).or_else(|| called.find(name))
}

/// The same for many names.
pub(super) fn meanings<'n>(
    inventory: &Inventory,
    names: impl Iterator<Item = &'n str>,
) -> BTreeMap<&'n str, Option<Ix>> {
    let called = Called::of(inventory, |_| true);
    names
        .map(|name| (name, meant(inventory, &called, name)))
        .collect()
}
