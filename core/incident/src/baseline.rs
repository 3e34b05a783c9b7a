//! What is usual of whom: from which country and network, with which device, for which application and
//! by which tool somebody was seen before.
//!
//! Learned from history in one pass and within named limits. What is not known is said to be unknown:
//! somebody seen on a few days only has no habits yet, and of somebody who has been everywhere a new
//! place says nothing. What was learned of somebody under one name counts under all their names. The order in which history is learned changes nothing as long as the limit of
//! entities is not reached; what is left out then is counted. Absent on purpose: any judgement.

pub mod snapshot;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
    net::IpAddr,
    sync::Arc,
};

use cordon_model::{Entity, EntityKind, Role, Timestamp};

use crate::digest::Digest;

/// Days on which somebody must have been seen before something new about them says anything.
pub const KNOWN_FROM_DAYS: u32 = 7;

/// Most values kept of one aspect of one entity; who has more varies, and nothing is new about them.
pub const VALUES_MAX: usize = 24;

/// Most pairs of entity and aspect kept: some 100 MB with values. A retailer of 100,000 people with
/// five aspects has half of that.
pub const HABITS_MAX: usize = 1_000_000;

/// What of an entity is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The country that it comes from.
    Country,
    /// The network that it comes from: an autonomous system, or the leading part of an address.
    Network,
    /// The device that it uses.
    Device,
    /// The application that it opens.
    Application,
    /// The tool of an administrator that it runs.
    Tool,
}

impl Aspect {
    /// All aspects.
    pub const ALL: [Self; 5] = [
        Self::Country,
        Self::Network,
        Self::Device,
        Self::Application,
        Self::Tool,
    ];

    /// The word used in snapshots and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Network => "network",
            Self::Device => "device",
            Self::Application => "application",
            Self::Tool => "tool",
        }
    }

    /// The aspect a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.word() == word)
    }
}

/// Whether something is new about an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// It was seen before, first on that day (since 1970).
    Known(u32),
    /// It was never seen before, of an entity that was seen on so many earlier days.
    First(u32),
    /// The entity was seen on too few days, or never, to know its habits.
    Unknown,
    /// The entity has had so many values that a new one says nothing.
    Varied,
}

/// Something that a record says of its actor for the first time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FirstSeen {
    /// The actor, as the record names it.
    pub who: Arc<str>,
    /// What of it is new.
    pub aspect: Aspect,
    /// What it is now.
    pub value: String,
    /// On how many earlier days the actor was seen without it, of the 128 from its first on.
    pub known_days: u32,
}

impl fmt::Display for FirstSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            who,
            aspect,
            value,
            known_days,
        } = self;
        let aspect = aspect.word();
        write!(
            f,
            "first time that {who}, seen on {known_days} earlier days, is seen with {aspect} {value}"
        )
    }
}

/// What was learned of habits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    habits: BTreeMap<(u64, Aspect), Habit>,
    left_out: u64,
}

/// What was seen of one aspect of one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Habit {
    /// The day on which it was first seen at all.
    since: u32,
    /// The days on which it was seen, of the 128 from that one on: a bit for each.
    seen: u128,
    /// Each value with the day on which it was first seen; empty once it varies.
    values: BTreeMap<u64, u32>,
    varies: bool,
}

impl Habit {
    fn new(day: u32) -> Self {
        Self {
            since: day,
            seen: 1,
            values: BTreeMap::new(),
            varies: false,
        }
    }

    /// Takes another's days and values into account.
    fn merge(&mut self, other: &Self) {
        let since = self.since.min(other.since);
        let from = |habit: &Self| habit.seen.checked_shl(habit.since - since).unwrap_or(0);
        (self.seen, self.since) = (from(self) | from(other), since);
        self.varies |= other.varies;
        for (value, day) in &other.values {
            self.value(*value, *day);
        }
    }

    fn value(&mut self, value: u64, day: u32) {
        if !self.varies {
            let first = self.values.entry(value).or_insert(day);
            *first = day.min(*first);
            self.varies = self.values.len() > VALUES_MAX;
        }
        if self.varies {
            self.values = BTreeMap::new();
        }
    }

    /// On how many days before this one it was seen.
    fn days_before(&self, day: u32) -> u32 {
        let before = 1_u128.checked_shl(day.saturating_sub(self.since));
        let before = before.map_or(u128::MAX, |next| next - 1);
        (self.seen & before).count_ones()
    }
}

impl Baseline {
    /// Learns that an entity was seen with a value at some time.
    pub fn learn(&mut self, who: &str, aspect: Aspect, value: &str, at: Timestamp) {
        let key = (digest(who), aspect);
        if self.habits.len() >= HABITS_MAX && !self.habits.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let day = day(at);
        let mut today = Habit::new(day);
        today.value(digest(value), day);
        match self.habits.entry(key) {
            Entry::Vacant(habit) => {
                habit.insert(today);
            }
            Entry::Occupied(mut habit) => habit.get_mut().merge(&today),
        }
    }

    /// Learns what a record's own entities say of its actor: device, application, network.
    pub fn learn_record(&mut self, entities: &[Entity], at: Timestamp) {
        for actor in entities.iter().filter(|entity| acts(entity)) {
            for (aspect, value) in entities.iter().filter_map(aspect) {
                self.learn(&actor.id, aspect, &value, at);
            }
        }
    }

    /// What a record's own entities say of one of its actors for the first time, each once, in order; `names`
    /// are all the actor's.
    pub fn first_seen(
        &self,
        (actor, names): (&Entity, &[Arc<str>]),
        entities: &[Entity],
        at: Timestamp,
    ) -> Vec<FirstSeen> {
        if self.is_empty() || !acts(actor) {
            return Vec::new();
        }
        let aspects = entities.iter().filter_map(aspect);
        let mut found: Vec<FirstSeen> = aspects
            .filter_map(
                |(aspect, value)| match self.novelty(names, aspect, &value, at) {
                    Novelty::First(known_days) => Some(FirstSeen {
                        who: Arc::clone(&actor.id),
                        aspect,
                        value,
                        known_days,
                    }),
                    Novelty::Known(_) | Novelty::Unknown | Novelty::Varied => None,
                },
            )
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Whether a value is new at some time about an entity of these names.
    pub fn novelty(
        &self,
        names: &[Arc<str>],
        aspect: Aspect,
        value: &str,
        at: Timestamp,
    ) -> Novelty {
        let mut digests: Vec<u64> = names.iter().map(|name| digest(name)).collect();
        digests.sort_unstable();
        digests.dedup();
        let known = digests.into_iter();
        let known = known.filter_map(|name| self.habits.get(&(name, aspect)));
        let Some(habit) = known.cloned().reduce(|mut all, other| {
            all.merge(&other);
            all
        }) else {
            return Novelty::Unknown;
        };
        if habit.varies {
            return Novelty::Varied;
        }
        let day = day(at);
        match habit.values.get(&digest(value)) {
            Some(first) if *first <= day => Novelty::Known(*first),
            Some(_) | None => match habit.days_before(day) {
                days if days >= KNOWN_FROM_DAYS => Novelty::First(days),
                _ => Novelty::Unknown,
            },
        }
    }

    /// How many pairs of entity and aspect are known.
    pub fn len(&self) -> usize {
        self.habits.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.habits.is_empty()
    }

    /// How often something was not learned because there was no room for one more entity.
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// Whether an entity is an account that a record says did it.
pub(crate) fn acts(entity: &Entity) -> bool {
    entity.role == Role::Actor && entity.kind == EntityKind::Account
}

/// The aspect of an actor that another entity of the record is, with its value.
fn aspect(entity: &Entity) -> Option<(Aspect, String)> {
    let comes_by = matches!(entity.role, Role::Means | Role::Origin);
    let goes_to = matches!(entity.role, Role::Means | Role::Target);
    match entity.kind {
        EntityKind::Device if comes_by => Some((Aspect::Device, entity.id.to_string())),
        EntityKind::Application if goes_to => Some((Aspect::Application, entity.id.to_string())),
        EntityKind::Address if entity.role == Role::Origin => {
            Some((Aspect::Network, network(&entity.id)?))
        }
        EntityKind::Account
        | EntityKind::Host
        | EntityKind::Address
        | EntityKind::Device
        | EntityKind::Mailbox
        | EntityKind::Group
        | EntityKind::Application
        | EntityKind::Ticket
        | EntityKind::Session
        | EntityKind::Resource => None,
    }
}

/// The leading part of an address that one line or one office usually keeps.
fn network(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

/// Days since 1970; what is before counts as the first.
pub(crate) fn day(at: Timestamp) -> u32 {
    u32::try_from(at.as_second() / 86_400).unwrap_or(0)
}

/// A text without regard to case.
fn digest(text: &str) -> u64 {
    Digest::new(0).folded(text).finish()
}

#[cfg(test)]
mod tests;
