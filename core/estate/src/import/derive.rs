//! Rules over an inventory to more relations.
//!
//! A rule runs once every rule has run that derives what it asks for. Where a condition is unknown, the
//! relation is derived all the same, with the reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    holders::{Holders, MEMBER_OF},
    index::Index,
    inventory::{Fact, Inventory, Ix, Link, Rel},
    letters,
    rule::{Asked, Atom, Condition, From, Pattern, Right, Rule},
};

mod victims;

use victims::Victims;

/// Runs all rules, each of which derives the relation of its name. Names agree if their letters do.
pub(super) fn derive(inventory: &mut Inventory, rules: &[(String, Rule)]) {
    let mut waiting: Vec<&(String, Rule)> = rules.iter().collect();
    while !waiting.is_empty() {
        let derived: Vec<String> = waiting.iter().map(|(name, _)| letters(name)).collect();
        let (mut ready, mut rest) = (Vec::new(), Vec::new());
        for rule in waiting {
            let asks = asks(&rule.1);
            let other = |name: &String| *name != letters(&rule.0) && asks.contains(name);
            if derived.iter().any(other) {
                rest.push(rule);
            } else {
                ready.push(rule);
            }
        }
        if ready.is_empty() {
            // Rules that ask for each other run once, in the order given.
            ready = std::mem::take(&mut rest);
        }
        run(inventory, &ready);
        waiting = rest;
    }
}

/// Names of the relations that a rule asks for.
fn asks(rule: &Rule) -> Vec<String> {
    let given = rule.given.iter().filter_map(|pattern| match pattern {
        Pattern::Along(_, rels, _) => Some(rels),
        Pattern::Kind(..) => None,
    });
    let (by, rights): (&[String], &[Right]) = match &rule.source {
        From::Name(_) => (&[], &[]),
        From::Holder(rights, _) | From::Beside(_, rights, _) => (&[], rights),
        From::Controller(by, rights, _) => (by, rights),
    };
    let rights = rights.iter().map(|(rels, _)| rels);
    let all = given.chain(rights).flatten().chain(by);
    all.map(|name| letters(name)).collect()
}

fn run(inventory: &mut Inventory, rules: &[&(String, Rule)]) {
    let mut found = Vec::new();
    {
        let mut indices = Indices::default();
        let members = indices.of(inventory, &MEMBER_OF.map(str::to_owned));
        let holders = Holders::new(inventory, members);
        for (name, rule) in rules.iter().map(|rule| (&rule.0, &rule.1)) {
            let mut run = Run {
                inventory,
                holders: &holders,
                indices: &mut indices,
                rule,
                found: BTreeMap::new(),
                grounds: Vec::new(),
                victims: None,
            };
            run.bind(0, &mut vec![None; rule.names.len()], Doubt::None);
            found.push((name, run.found, run.grounds));
        }
    }
    for (name, links, grounds) in found {
        let rel = inventory.rel(name);
        for ((from, to), doubt) in links {
            let why = match doubt {
                Doubt::None => 0,
                Doubt::Link(why) => why,
                Doubt::Fact(why) => inventory.reason(&why),
            };
            inventory.links.push(Link { from, to, rel, why });
        }
        let grounds = grounds
            .into_iter()
            .map(|(from, to, on)| ((from, to, rel), on));
        inventory.grounds.extend(grounds);
    }
}

/// Relations by their ends, made when they are first asked for.
#[derive(Default)]
struct Indices(BTreeMap<Vec<String>, Rc<Index>>);

impl Indices {
    fn of(&mut self, inventory: &Inventory, names: &[String]) -> Rc<Index> {
        if let Some(known) = self.0.get(names) {
            return Rc::clone(known);
        }
        let rels = 0..Rel::try_from(inventory.rels()).unwrap_or(Rel::MAX);
        let wanted: Vec<String> = names.iter().map(|name| letters(name)).collect();
        let is_one = |rel: &Rel| wanted.contains(&letters(inventory.rel_name(*rel)));
        let rels: Vec<Rel> = rels.filter(is_one).collect();
        let index = Rc::new(Index::new(&inventory.links, &rels));
        self.0.insert(names.to_vec(), Rc::clone(&index));
        index
    }
}

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Doubt {
    None,
    /// Because a relation is not, for the reason of this number.
    Link(u32),
    /// Because a property is not.
    Fact(String),
}

impl Doubt {
    fn or_link(self, why: u32) -> Self {
        match self {
            Self::None if why > 0 => Self::Link(why),
            Self::None | Self::Link(_) | Self::Fact(_) => self,
        }
    }
}

/// Those who have each of some rights directly.
#[derive(Default)]
struct Direct {
    all: Vec<Vec<Ix>>,
    known: Vec<Vec<Ix>>,
    /// The reason why some of them are not known, if any is not.
    why: Option<u32>,
}

impl Direct {
    /// Who has all of them by what is known, where not everything is.
    fn known(&self, of: impl Fn(&[Vec<Ix>]) -> Vec<Ix>) -> BTreeSet<Ix> {
        match self.why {
            Some(_) => of(&self.known).into_iter().collect(),
            None => BTreeSet::new(),
        }
    }
}

/// Whether a condition holds.
enum Truth {
    Yes,
    No,
    Unknown(String),
}

/// One rule being run.
struct Run<'r, 'i> {
    inventory: &'i Inventory,
    holders: &'r Holders<'i>,
    indices: &'r mut Indices,
    rule: &'r Rule,
    found: BTreeMap<(Ix, Ix), Doubt>,
    grounds: Vec<(Ix, Ix, Ix)>,
    /// Who may be a victim by what the rule asks of victims alone, once it was worked out.
    victims: Option<Rc<Victims>>,
}

type Bound = Vec<Option<Ix>>;

impl Run<'_, '_> {
    /// Binds names by the patterns from this one on, and then looks at what is bound.
    fn bind(&mut self, place: usize, bound: &mut Bound, doubt: Doubt) {
        let Some(pattern) = self.rule.given.get(place) else {
            self.bound(bound, doubt);
            return;
        };
        // What has failed already fails with whatever else is bound.
        if self.conditions(bound, Doubt::None).is_none() {
            return;
        }
        match pattern {
            Pattern::Kind(name, kind) => {
                for ix in self.choices(bound, *name, kind) {
                    self.with(bound, *name, ix, |run, bound| {
                        run.bind(place + 1, bound, doubt.clone());
                    });
                }
            }
            Pattern::Along(from, rels, to) => {
                let index = self.indices.of(self.inventory, rels);
                for (a, b, why) in pairs(&index, at(bound, *from), at(bound, *to)) {
                    let doubt = doubt.clone().or_link(why);
                    self.with(bound, *from, a, |run, bound| {
                        run.with(bound, *to, b, |run, bound| {
                            run.bind(place + 1, bound, doubt);
                        });
                    });
                }
            }
        }
    }

    fn choices(&self, bound: &Bound, name: usize, kind: &str) -> Vec<Ix> {
        let fits = |ix: &Ix| self.inventory.kind(*ix) == kind;
        match at(bound, name) {
            Some(ix) => Some(ix).filter(fits).into_iter().collect(),
            None => self.inventory.indices().filter(fits).collect(),
        }
    }

    /// Binds one name for a while.
    fn with(
        &mut self,
        bound: &mut Bound,
        name: usize,
        ix: Ix,
        then: impl FnOnce(&mut Self, &mut Bound),
    ) {
        let before = at(bound, name);
        if let Some(cell) = bound.get_mut(name) {
            *cell = Some(ix);
        }
        then(self, bound);
        if let Some(cell) = bound.get_mut(name) {
            *cell = before;
        }
    }

    /// Derives what follows once all names of `given` are bound.
    fn bound(&mut self, bound: &mut Bound, doubt: Doubt) {
        let Some(doubt) = self.conditions(bound, doubt) else {
            return;
        };
        match &self.rule.source {
            From::Name(name) => {
                if let Some(from) = at(bound, *name) {
                    self.add(from, bound, doubt);
                }
            }
            From::Holder(rights, name) => {
                let rights = self.rights(rights, bound);
                let known = rights.known(|known| self.holders.of_all(known));
                for holder in self.holders.of_all(&rights.all) {
                    let why = rights.why.filter(|_| !known.contains(&holder));
                    let doubt = doubt.clone().or_link(why.unwrap_or(0));
                    self.with(bound, *name, holder, |run, bound| {
                        if let Some(doubt) = run.conditions(bound, doubt) {
                            run.add(holder, bound, doubt);
                        }
                    });
                }
            }
            From::Controller(by, rights, name) => {
                let control = self.indices.of(self.inventory, by);
                let asked = (rights.as_slice(), *name);
                self.victims(asked, bound, &doubt, |run, bound, doubt, victim| {
                    for (from, why) in control.back(victim) {
                        run.add(*from, bound, doubt.clone().or_link(*why));
                    }
                });
            }
            From::Beside(from, rights, name) => {
                let from = *from;
                let asked = (rights.as_slice(), *name);
                self.victims(asked, bound, &doubt, |run, bound, doubt, _| {
                    if let Some(from) = at(bound, from) {
                        run.add(from, bound, doubt);
                    }
                });
            }
        }
    }

    /// Those who have each right directly.
    fn rights(&mut self, rights: &[Right], bound: &Bound) -> Direct {
        let mut direct = Direct::default();
        for (rels, on) in rights {
            let index = self.indices.of(self.inventory, rels);
            let holders = at(bound, *on).map_or(&[][..], |on| index.back(on));
            direct
                .all
                .push(holders.iter().map(|(from, _)| *from).collect());
            let known = holders.iter().filter(|(_, why)| *why == 0);
            direct.known.push(known.map(|(from, _)| *from).collect());
            let why = holders.iter().map(|(_, why)| *why).find(|why| *why > 0);
            direct.why = direct.why.or(why);
        }
        direct
    }

    fn add(&mut self, from: Ix, bound: &Bound, doubt: Doubt) {
        let Some(to) = at(bound, self.rule.to) else {
            return;
        };
        if let Some(ground) = self.rule.ground.and_then(|name| at(bound, name)) {
            self.grounds.push((from, to, ground));
        }
        let known = self
            .found
            .entry((from, to))
            .or_insert_with(|| doubt.clone());
        if doubt == Doubt::None {
            *known = doubt;
        }
    }

    /// What is doubtful if all conditions that can be judged hold or are unknown; none if one fails.
    fn conditions(&self, bound: &Bound, mut doubt: Doubt) -> Option<Doubt> {
        for condition in &self.rule.conditions {
            let is_bound = |name| at(bound, name).is_some();
            if !condition.iter().all(|atom| atom.is_bound(is_bound)) {
                continue;
            }
            match self.holds(condition, bound) {
                Truth::No => return None,
                Truth::Unknown(why) if doubt == Doubt::None => doubt = Doubt::Fact(why),
                Truth::Yes | Truth::Unknown(_) => {}
            }
        }
        Some(doubt)
    }

    fn holds(&self, condition: &Condition, bound: &Bound) -> Truth {
        let mut answer = Truth::No;
        for atom in condition {
            match self.atom(atom, bound) {
                Truth::Yes => return Truth::Yes,
                Truth::Unknown(why) if matches!(answer, Truth::No) => answer = Truth::Unknown(why),
                Truth::Unknown(_) | Truth::No => {}
            }
        }
        answer
    }

    fn atom(&self, atom: &Atom, bound: &Bound) -> Truth {
        let Some(ix) = at(bound, atom.name) else {
            return Truth::No;
        };
        let held = match &atom.asked {
            Asked::Same(other) => Some(at(bound, *other) == Some(ix)),
            Asked::Kind(kind) => Some(self.inventory.kind(ix) == kind),
            Asked::Flag(key) => self.inventory.flag(ix, key),
            Asked::Equals(key, values) => self.fact(ix, key).and_then(|fact| equals(fact, values)),
            Asked::Names(key, part) => self.fact(ix, key).map(|fact| names(fact, part)),
            Asked::Has(key, item) => self.fact(ix, key).and_then(|fact| has(fact, item)),
            Asked::Within(key, items) => self.fact(ix, key).and_then(|fact| within(fact, items)),
            Asked::Marked(key) => Some(self.inventory.flag(ix, key) == Some(true)),
            Asked::Empty(key) => self.fact(ix, key).and_then(empty),
        };
        match held {
            Some(held) if held != atom.negated => Truth::Yes,
            Some(_) => Truth::No,
            None => {
                let (key, name) = (atom.asked.key(), self.inventory.shown(ix));
                Truth::Unknown(format!("`{key}` of {name} is not known"))
            }
        }
    }

    fn fact(&self, ix: Ix, key: &str) -> Option<&Fact> {
        self.inventory.fact(ix, key)
    }
}

fn at(bound: &Bound, name: usize) -> Option<Ix> {
    bound.get(name).copied().flatten()
}

fn pairs(index: &Index, from: Option<Ix>, to: Option<Ix>) -> Vec<(Ix, Ix, u32)> {
    match (from, to) {
        (None, None) => index.pairs().collect(),
        (Some(from), None) => index
            .out(from)
            .iter()
            .map(|(to, why)| (from, *to, *why))
            .collect(),
        (None, Some(to)) => index
            .back(to)
            .iter()
            .map(|(from, why)| (*from, to, *why))
            .collect(),
        (Some(from), Some(to)) => {
            let between = index.out(from).iter().filter(|(far, _)| *far == to);
            between.map(|(_, why)| (from, to, *why)).collect()
        }
    }
}

/// Whether a property is one of some values; none if it is no single value.
fn equals(fact: &Fact, values: &[String]) -> Option<bool> {
    let text = match fact {
        Fact::Flag(flag) => flag.to_string(),
        Fact::Number(number) => number.to_string(),
        Fact::Text(text) => text.to_string(),
        Fact::List(_) | Fact::Unclear => return None,
    };
    Some(values.iter().any(|value| value.eq_ignore_ascii_case(&text)))
}

/// Whether a property's text has a part in lower case in it.
fn names(fact: &Fact, part: &str) -> bool {
    fact.to_string().to_lowercase().contains(part)
}

/// Whether a property holds an item or a bit; none if it is nothing that holds any.
fn has(fact: &Fact, item: &str) -> Option<bool> {
    match fact {
        Fact::List(list) => Some(list.iter().any(|known| known.eq_ignore_ascii_case(item))),
        // A registry value that is absent is written as -1, which has every bit and means none.
        Fact::Number(number) => {
            let bit = item.parse::<i64>();
            Some(bit.is_ok_and(|bit| *number >= 0 && number & bit != 0))
        }
        Fact::Text(text) => Some(text.eq_ignore_ascii_case(item)),
        Fact::Flag(_) | Fact::Unclear => None,
    }
}

/// Whether a list has no items but these; none if the property is no list.
fn within(fact: &Fact, items: &[String]) -> Option<bool> {
    match fact {
        Fact::List(list) => Some(list.iter().all(|one| {
            let mut items = items.iter();
            items.any(|item| item.eq_ignore_ascii_case(one))
        })),
        Fact::Flag(_) | Fact::Number(_) | Fact::Text(_) | Fact::Unclear => None,
    }
}

fn empty(fact: &Fact) -> Option<bool> {
    match fact {
        Fact::List(list) => Some(list.is_empty()),
        Fact::Flag(_) | Fact::Number(_) | Fact::Text(_) | Fact::Unclear => None,
    }
}
