//! Which detections belong to one intrusion, as they come.
//!
//! Detections of at least medium level are linked as [`link`] weighs them, and what is linked is one
//! incident. Weak detections, which fire on everybody's ordinary day, link nothing: each is put to
//! the nearest strong one about an entity that it says is held.
//!
//! What [`Grouping`] answers is a function of the set of detections, names and marks that it was
//! given: the order in which they came, and how they were parted into calls, change nothing. Only what a
//! new detection can change is worked out anew; a test compares that with doing all of it.

mod beside;
mod link;
mod lodge;
mod parts;
mod seen;
mod shelf;
mod tell;
mod users;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{Alias, Detection, EntityKind, Estate, FieldMatch, RuleId};

use beside::first_held;
use lodge::AtAddress;
use seen::{First, Seen, says};
use shelf::{Place, Shelf};
use tell::Joined;
use users::sharers;

use crate::{
    Change, Incident, Knowledge, Mark, Marked,
    belief::worth_of,
    change::changes,
    identity::{Directory, Name, Thing, Told},
    lease::Leases,
    likeness::Absences,
    pool::Pool,
    usage::Usage,
};

/// Detections, and the incidents that they make.
#[derive(Debug)]
pub struct Grouping {
    estate: Arc<Estate>,
    knowledge: Arc<Knowledge>,
    absences: Absences,
    directory: Directory,
    shelf: Shelf,
    /// What made rules match, and words for what is done: each kept once.
    values: Pool<[FieldMatch]>,
    words: Pool<str>,
    /// How many of the told are taken into account.
    settled: usize,
    seen: Vec<Seen>,
    /// Which group each detection is in.
    group_of: Vec<u32>,
    groups: BTreeMap<u32, Box<Group>>,
    next_group: u32,
    /// What analysts said, in the order in which they said it.
    said: Vec<(Of, Mark)>,
    /// The last word on each thing, by what the names mean now.
    marks: BTreeMap<Thing, Mark>,
    usage: Usage,
    leases: Leases,
    at_address: AtAddress,
    /// How many names of the directory were taken into account.
    named: usize,
    /// All names of each account, if it is known what is usual of any, by how many spellings there are.
    names_of: BTreeMap<Thing, Vec<Arc<str>>>,
    spellings: usize,
    /// Whether every incident has to be told anew.
    tell_all: bool,
    /// Whether everything has to be worked out anew.
    all_anew: bool,
    changes: Vec<Change>,
}

/// What an analyst spoke of.
#[derive(Debug, Clone, Copy)]
enum Of {
    Thing(Thing),
    Name(Name),
}

/// Things by which new detections may change the groups of others.
#[derive(Debug, Default)]
struct Reach {
    /// What links strong detections may link others now.
    links: Vec<Thing>,
    /// What weak detections are put to may be another now.
    beside: Vec<Thing>,
    /// That so many use them is part of incidents that change in nothing else.
    common: Vec<Thing>,
}

impl Reach {
    /// Each thing once.
    fn once(mut self) -> Self {
        for list in [&mut self.links, &mut self.beside, &mut self.common] {
            list.sort_unstable();
            list.dedup();
        }
        self
    }
}

/// Detections that belong together, in their order.
#[derive(Debug)]
struct Group {
    members: Vec<Place>,
    joined: Vec<Joined>,
    /// The incident they make; none if they make nothing suspected.
    told: Option<Incident>,
}

impl Grouping {
    /// Nothing seen yet.
    pub fn new(estate: Arc<Estate>, knowledge: Arc<Knowledge>) -> Self {
        Self {
            directory: Directory::new(Arc::clone(&estate)),
            estate,
            absences: knowledge.actors.absences(&knowledge.watched),
            knowledge,
            shelf: Shelf::default(),
            values: Pool::default(),
            words: Pool::default(),
            settled: 0,
            seen: Vec::new(),
            group_of: Vec::new(),
            groups: BTreeMap::new(),
            next_group: 0,
            said: Vec::new(),
            marks: BTreeMap::new(),
            usage: Usage::default(),
            leases: Leases::default(),
            at_address: AtAddress::default(),
            named: 0,
            names_of: BTreeMap::new(),
            spellings: 0,
            tell_all: false,
            all_anew: false,
            changes: Vec::new(),
        }
    }

    /// Takes a detection. Equal ones should have been put together before.
    pub fn add(&mut self, mut detection: Detection) {
        self.values.share(&mut detection.matched);
        let deeds = detection.records.iter_mut().map(|record| &mut record.deed);
        for action in deeds.filter_map(|deed| deed.action.as_mut()) {
            self.words.share(action);
        }
        let told = Told::new(&mut self.directory, detection);
        self.shelf.push(told);
    }

    /// Takes two names that a record gives to one thing.
    pub fn learn(&mut self, alias: &Alias) {
        self.directory.alias(alias);
    }

    /// Takes an analyst's word; a later one on the same takes its place.
    pub fn mark(&mut self, marked: &Marked, mark: Mark) {
        let of = match marked {
            Marked::Node(node) => Of::Thing(self.directory.node(*node)),
            Marked::Named(kind, name) => Of::Name(self.directory.name(*kind, name)),
        };
        self.said.push((of, mark));
        self.all_anew = true;
    }

    /// What was said of names is said of what they mean.
    fn settle_marks(&mut self) {
        let said = self.said.iter().map(|(of, mark)| {
            let thing = match of {
                Of::Thing(thing) => *thing,
                Of::Name(name) => self.directory.meaning(*name).thing,
            };
            (thing, mark.clone())
        });
        self.marks = said.collect();
    }

    /// The incidents that there are now, earliest first.
    ///
    /// Detections that make nothing at least `suspected` belong to no incident.
    pub fn incidents(&mut self) -> Vec<Incident> {
        let before = self.work_out();
        let told = self.groups.values().filter_map(|group| group.told.as_ref());
        let mut found: Vec<Incident> = told.cloned().collect();
        found.sort_by(|a, b| (a.first, &a.id).cmp(&(b.first, &b.id)));
        self.changes.extend(changes(&before, &found));
        found
    }

    /// How many entities each rule said are held, whatever came of it: what is measured on days on
    /// which nothing is.
    pub fn claims(&self) -> BTreeMap<RuleId, usize> {
        let mut claims: BTreeMap<&RuleId, BTreeSet<Thing>> = BTreeMap::new();
        for told in self.shelf.iter() {
            let held = told.mentions.iter().filter(|mention| mention.held);
            claims
                .entry(&told.detection.rule.id)
                .or_default()
                .extend(held.map(|mention| mention.meaning.thing));
        }
        let claims = claims.into_iter();
        claims
            .map(|(rule, things)| (rule.clone(), things.len()))
            .collect()
    }

    /// The same as [`Grouping::incidents`], by giving away what is kept.
    pub fn into_incidents(mut self) -> Vec<Incident> {
        self.work_out();
        let groups = std::mem::take(&mut self.groups);
        let told = groups.into_values().filter_map(|group| group.told);
        let mut found: Vec<Incident> = told.collect();
        found.sort_by(|a, b| (a.first, &a.id).cmp(&(b.first, &b.id)));
        found
    }

    /// What became of incidents since this was last asked: which were joined and which parted, and
    /// why. This depends on when it was asked.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Takes account of what came; gives the incidents that are no more.
    fn work_out(&mut self) -> Vec<Incident> {
        let (touched, common) = self.settle();
        let first_new = self.next_group;
        let before = self.regroup(&touched);
        self.tell_anew(&common, first_new);
        before
    }

    /// Takes account of what came; gives the detections whose groups may be others now, and what more
    /// use than before, so many that it joins nothing.
    fn settle(&mut self) -> (Vec<Place>, Vec<Thing>) {
        let renamed = self.directory.settle();
        if renamed {
            self.leases.reconsider();
        }
        let moved = self.somebody_moved();
        if renamed || moved || std::mem::take(&mut self.all_anew) {
            self.all_anew = false;
            self.settle_marks();
            self.at_address = AtAddress::default();
            self.settled = 0;
            self.named = 0;
            self.spellings = 0;
            self.seen.clear();
            self.group_of.clear();
        }
        self.collect_names();
        let mut reach = Reach::default();
        let news = self.usage.take_news();
        let named: Vec<u64> = self.directory.names_after(self.named).collect();
        self.named = self.directory.len();
        for name in named.into_iter().chain(news) {
            self.take_users(name, &mut reach);
        }
        let mut touched = Vec::new();
        for place in self.settled..self.shelf.len() {
            let Ok(number) = u32::try_from(place) else {
                break;
            };
            touched.push(number);
            self.take_in(number, &mut reach);
        }
        self.settled = self.shelf.len();
        let reach = reach.once();
        if touched.len() < self.shelf.len() {
            let seen = |thing: &Thing| self.seen.get(thing.index());
            touched.extend(reach.links.iter().filter_map(seen).flat_map(|s| &s.strong));
            touched.extend(reach.beside.iter().filter_map(seen).flat_map(|s| &s.beside));
            // What is put beside another of its series may be put beside a third one now.
            for _ in 0..2 {
                let series: Vec<Place> = touched.iter().flat_map(|p| self.series(*p)).collect();
                touched.extend(series);
                touched.sort_unstable();
                touched.dedup();
            }
            let hosts: Vec<Place> = touched.iter().filter_map(|p| self.host(*p)).collect();
            touched.extend(hosts);
            touched.sort_unstable();
            touched.dedup();
        }
        (touched, reach.common)
    }

    /// Takes one detection into the lists of what it names.
    fn take_in(&mut self, place: Place, reach: &mut Reach) {
        let Some(told) = self.shelf.get_mut(place) else {
            return;
        };
        told.resolve(&mut self.directory, &mut self.leases);
        let worth = worth_of(&told.detection.rule.id, told.level(), &self.knowledge.rates);
        let time = told.detection.time;
        let cleared = |thing: Thing| {
            let mark = self.marks.get(&thing);
            mark.is_some_and(|mark| mark.clears(time))
        };
        told.says = says(told, worth, cleared);
        let Some(told) = self.shelf.get(place) else {
            return;
        };
        if !self.leases.is_empty() {
            self.at_address.note(told, place);
        }
        let first = first_held(told);
        let sharers = sharers(told, &self.directory);
        let weak = !told.is_strong();
        for say in &told.says {
            let Some(seen) = slot(&mut self.seen, say.thing) else {
                continue;
            };
            let before = (seen.is_common(), seen.kind, seen.used.count());
            for (_, sharer) in sharers.iter().filter(|(thing, _)| *thing == say.thing) {
                seen.used.by(*sharer);
            }
            let first = if first == Some(say.thing) {
                First::Held
            } else {
                First::Other
            };
            seen.add(place, (say, &self.shelf, first));
            let after = (seen.is_common(), seen.kind, seen.used.count());
            let joins = !weak && (!before.0 || say.is_own_doing() || say.is_surely_taken());
            if joins || !before.0 && before != after || before.0 != after.0 {
                reach.links.push(say.thing);
            }
            if after.0 && before != after {
                reach.common.push(say.thing);
            }
            if !weak || first == First::Held || say.kind == EntityKind::Account {
                reach.beside.push(say.thing);
            }
        }
        self.group_of.push(u32::MAX);
    }

    /// Groups anew all that is touched with everything in the same groups; gives the incidents that
    /// are no more.
    fn regroup(&mut self, touched: &[Place]) -> Vec<Incident> {
        let old: BTreeSet<u32> = touched
            .iter()
            .filter_map(|place| self.group_of.get(*place as usize).copied())
            .collect();
        let mut members: Vec<Place> = touched.to_vec();
        let mut before = Vec::new();
        if touched.len() == self.shelf.len() {
            let groups = std::mem::take(&mut self.groups).into_values();
            before.extend(groups.filter_map(|group| group.told));
        }
        for group in old {
            if let Some(group) = self.groups.remove(&group) {
                members.extend(&group.members);
                before.extend(group.told);
            }
        }
        members.sort_unstable();
        members.dedup();
        let members = self.shelf.sorted(members.into_iter());
        for mut group in self.parts(&members) {
            group.told = self.tell(&group);
            let number = self.next_group;
            self.next_group += 1;
            for member in &group.members {
                if let Some(slot) = self.group_of.get_mut(*member as usize) {
                    *slot = number;
                }
            }
            self.groups.insert(number, Box::new(group));
        }
        before
    }

    /// Tells incidents anew that were there before and name what more use than before (up to
    /// [`link::SHARERS_MAX`] times for each thing), or all of them if what was learned may concern any.
    fn tell_anew(&mut self, common: &[Thing], first_new: u32) {
        let groups: BTreeSet<u32> = if std::mem::take(&mut self.tell_all) {
            self.groups
                .range(..first_new)
                .map(|(number, _)| *number)
                .collect()
        } else {
            let seen = common
                .iter()
                .filter_map(|thing| self.seen.get(thing.index()));
            let places = seen.flat_map(|seen| seen.strong.iter().chain(&seen.beside));
            let groups = places.filter_map(|place| self.group_of.get(*place as usize).copied());
            groups.filter(|group| *group < first_new).collect()
        };
        for number in groups {
            let told = self.groups.get(&number).and_then(|group| self.tell(group));
            if let Some(group) = self.groups.get_mut(&number) {
                group.told = told;
            }
        }
    }

    fn tell(&self, group: &Group) -> Option<Incident> {
        tell::tell(self, &group.members, &group.joined)
    }
}

/// What is known of a thing, made if there is nothing yet.
fn slot(seen: &mut Vec<Seen>, thing: Thing) -> Option<&mut Seen> {
    let index = thing.index();
    if seen.len() <= index {
        seen.resize_with(index + 1, Seen::default);
    }
    seen.get_mut(index)
}

/// Groups detections into incidents, earliest first, all at once.
pub fn incidents(
    estate: &Arc<Estate>,
    knowledge: &Arc<Knowledge>,
    detections: impl IntoIterator<Item = Detection>,
) -> Vec<Incident> {
    let mut grouping = Grouping::new(Arc::clone(estate), Arc::clone(knowledge));
    for detection in detections {
        grouping.add(detection);
    }
    grouping.into_incidents()
}

#[cfg(test)]
mod tests;
