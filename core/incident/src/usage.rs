//! Who uses what, from all that happened, whether any rule matched it or not.
//!
//! How common an address, a device or a machine is can only be said by everything that was seen: what detections
//! name is a handful of it. For each thing a few of its users are kept, and beyond those it is known that there are many;
//! for each account, the machines that it acts on. Nothing kept depends on the order in which it was noticed, as
//! long as there is room; what there was no room for is counted.

use std::{collections::BTreeSet, sync::Arc};

use cordon_model::{Entity, EntityKind, Outcome, Role, Timestamp};

use crate::{
    baseline::{acts, day},
    days::Days,
    digest::Digest,
};

/// Names of users of one thing that are kept: more than any that weighs how many users there are asks for, though each
/// has three.
const USERS_KEPT: usize = 72;

/// Spellings of users of one thing that are told: so many that they are [`USERS_KEPT`] users even if each is
/// spelled in four ways.
const SPELLINGS_TOLD: usize = 4 * USERS_KEPT;

/// Things whose users are kept: some 300 MB if all are busy, which few are.
const THINGS_MAX: usize = 500_000;

/// Pairs that a [`Noticer`] remembers to have told, some 30 MB; then it begins anew, and tells some again.
const TOLD_MAX: usize = 1_000_000;

/// A name as a log spells it.
pub(crate) type Named = (EntityKind, Arc<str>);

/// News of who uses what, and of who was seen on which day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Uses {
    /// A thing and one that uses it.
    pairs: Vec<(Named, Named)>,
    /// Who was seen on which day.
    days: Vec<(Named, u32)>,
    /// An address, a day, and one that used it then.
    crowds: Vec<(Arc<str>, u32, Named)>,
}

impl Uses {
    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.days.is_empty() && self.crowds.is_empty()
    }

    /// Adds what was learned elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.pairs.extend(other.pairs);
        self.days.extend(other.days);
        self.crowds.extend(other.crowds);
    }

    /// Who used which address on which day.
    pub(crate) fn crowds(&self) -> impl Iterator<Item = (&Arc<str>, &u32, &Named)> {
        let crowds = self.crowds.iter();
        crowds.map(|(address, day, user)| (address, day, user))
    }
}

#[expect(
    clippy::disallowed_types,
    reason = "looked up for every event, and never walked through"
)]
type Of = std::collections::HashMap<u64, Few>;

#[expect(
    clippy::disallowed_types,
    reason = "looked up for every event, and never walked through"
)]
type DaysOf = std::collections::HashMap<u64, Days>;

/// A few numbers, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Few(Vec<u64>);

impl Few {
    /// Adds one while there are fewer than so many; says whether it is new.
    pub(crate) fn add(&mut self, one: u64, most: usize) -> bool {
        match self.0.binary_search(&one) {
            Err(at) if self.0.len() < most => {
                self.0.insert(at, one);
                true
            }
            Ok(_) | Err(_) => false,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied()
    }

    fn has(&self, one: u64) -> bool {
        self.0.binary_search(&one).is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Takes notice of who uses what, event by event, and tells each once.
#[derive(Debug, Default)]
pub struct Noticer {
    told: Of,
    count: usize,
    days: DaysOf,
    uses: Uses,
}

impl Noticer {
    /// Takes notice of what one event names. Who was refused uses nothing: names that are tried from one address do
    /// not make it everybody's. Whether that is so is asked only where it matters.
    pub fn take(
        &mut self,
        entities: &[Entity],
        at: Option<Timestamp>,
        outcome: impl FnOnce() -> Outcome,
    ) {
        if let Some(day) = at.map(day) {
            for entity in entities.iter().filter(|entity| is_seen(entity.kind)) {
                if self.days.entry(spelled(entity)).or_default().add(day) {
                    self.uses.days.push((named(entity), day));
                }
            }
        }
        let mut outcome = Some(outcome);
        for (thing, user) in pairs(entities) {
            let (Some(thing), Some(user)) = (entities.get(thing), entities.get(user)) else {
                continue;
            };
            if !is_counted(thing.kind) {
                continue;
            }
            let (what, by) = (spelled(thing), spelled(user));
            let then = at.filter(|_| thing.kind == EntityKind::Address).map(day);
            let then = then.map(|day| (day, spelled_on(thing, day)));
            let known = |what| self.told.get(&what).is_some_and(|of| of.has(by));
            if known(what) && then.is_none_or(|(_, then)| known(then)) {
                continue;
            }
            if outcome
                .take()
                .is_some_and(|outcome| outcome() == Outcome::Failure)
            {
                return;
            }
            if self.is_news(what, by) {
                self.uses.pairs.push((named(thing), named(user)));
            }
            if let Some((day, then)) = then
                && self.is_news(then, by)
            {
                let address = Arc::clone(&thing.id);
                self.uses.crowds.push((address, day, named(user)));
            }
        }
        if self.count > TOLD_MAX {
            self.told.clear();
            self.count = 0;
        }
        if self.days.len() > TOLD_MAX {
            self.days.clear();
        }
    }

    /// Takes notice of one that uses something; says whether that is to be told.
    fn is_news(&mut self, what: u64, by: u64) -> bool {
        let of = self.told.entry(what).or_default();
        let is_new = of.add(by, SPELLINGS_TOLD);
        self.count += usize::from(is_new);
        is_new
    }

    /// What was learned since this was last asked.
    pub fn give(&mut self) -> Uses {
        std::mem::take(&mut self.uses)
    }
}

fn named(entity: &Entity) -> Named {
    (entity.kind, Arc::clone(&entity.id))
}

fn spelled(entity: &Entity) -> u64 {
    Digest::new(entity.kind as u8).folded(&entity.id).finish()
}

/// The use of an address on one day.
fn spelled_on(address: &Entity, day: u32) -> u64 {
    let digest = Digest::new(u8::MAX).number(usize::try_from(day).unwrap_or_default());
    digest.folded(&address.id).finish()
}

/// Whether its users are counted over all events: of sessions and tickets there are as many as there is work, and
/// few ever share one.
fn is_counted(kind: EntityKind) -> bool {
    match kind {
        EntityKind::Account
        | EntityKind::Host
        | EntityKind::Address
        | EntityKind::Device
        | EntityKind::Mailbox => true,
        EntityKind::Group
        | EntityKind::Application
        | EntityKind::Ticket
        | EntityKind::Session
        | EntityKind::Resource => false,
    }
}

/// Whether it is kept on which days something of its kind was seen: what can be held and does something by itself.
fn is_seen(kind: EntityKind) -> bool {
    match kind {
        EntityKind::Account | EntityKind::Host | EntityKind::Device | EntityKind::Mailbox => true,
        EntityKind::Address
        | EntityKind::Group
        | EntityKind::Application
        | EntityKind::Ticket
        | EntityKind::Session
        | EntityKind::Resource => false,
    }
}

fn is_account(entity: &Entity) -> bool {
    entity.kind == EntityKind::Account
}

/// Each thing that a record names with each that uses it, by their places: what is no account with the accounts that act,
/// or are named if none does; and those accounts with the machines that they act on.
pub(crate) fn pairs(entities: &[Entity]) -> impl Iterator<Item = (usize, usize)> {
    let any_acts = entities.iter().any(acts);
    let users = entities.iter().enumerate();
    let users = users.filter(move |(_, one)| is_account(one) && (!any_acts || acts(one)));
    users.flat_map(move |(user, _)| {
        let things = entities.iter().enumerate();
        let things = things.filter(move |(_, thing)| !is_account(thing));
        things.flat_map(move |(at, thing)| {
            let on =
                thing.kind == EntityKind::Host && matches!(thing.role, Role::Host | Role::Target);
            [Some((at, user)), on.then_some((user, at))]
                .into_iter()
                .flatten()
        })
    })
}

/// What is kept of who uses what, everything by what it is known by (see `Directory::digest`).
#[derive(Debug, Default)]
pub(crate) struct Usage {
    of: Of,
    days: DaysOf,
    /// Things of which something was learned since they were last looked at.
    news: Vec<u64>,
    left_out: u64,
}

impl Usage {
    /// Takes what events say; `digest` gives what a name is known by.
    pub(crate) fn take(&mut self, told: &Uses, digest: impl Fn(EntityKind, &str) -> u64) {
        for ((kind, thing), (user_kind, user)) in &told.pairs {
            let thing = digest(*kind, thing);
            if self.of.len() >= THINGS_MAX && !self.of.contains_key(&thing) {
                self.left_out += 1;
                continue;
            }
            let user = digest(*user_kind, user);
            if self.of.entry(thing).or_default().add(user, USERS_KEPT) {
                self.news.push(thing);
            }
        }
        for ((kind, name), day) in &told.days {
            let name = digest(*kind, name);
            if self.days.len() >= THINGS_MAX && !self.days.contains_key(&name) {
                self.left_out += 1;
            } else if self.days.entry(name).or_default().add(*day) {
                self.news.push(name);
            }
        }
    }

    /// Who uses a thing, and whether those are all.
    pub(crate) fn users(&self, thing: u64) -> (&[u64], bool) {
        let users = self.of.get(&thing).map_or(&[][..], |few| &few.0);
        (users, users.len() < USERS_KEPT)
    }

    /// Things of which something was learned since this was last asked.
    pub(crate) fn take_news(&mut self) -> Vec<u64> {
        let mut news = std::mem::take(&mut self.news);
        news.sort_unstable();
        news.dedup();
        news
    }

    /// How often something was not kept because there was no room for one more thing.
    pub(crate) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// On how many days after this moment somebody of these names was seen. Where they were not seen nothing is known
    /// of them, and a record whose clock is years ahead counts for one day.
    pub(crate) fn days_after(&self, at: Timestamp, names: impl Iterator<Item = u64>) -> u32 {
        let known = names.filter_map(|name| self.days.get(&name));
        let days: BTreeSet<u32> = known.flat_map(|days| days.after(day(at))).collect();
        u32::try_from(days.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Entity, EntityKind, Outcome, Role, Timestamp};

    use super::{Noticer, USERS_KEPT, Usage, pairs};
    use crate::digest::Digest;

    fn entity(line: &str) -> Entity {
        let words: Vec<&str> = line.split(' ').collect();
        Entity {
            role: Role::from_word(words[0]).unwrap(),
            kind: EntityKind::from_word(words[1]).unwrap(),
            id: words[2].into(),
        }
    }

    fn entities(text: &str) -> Vec<Entity> {
        text.split(", ").map(entity).collect()
    }

    #[test]
    fn who_acts_uses_what_the_record_names_and_acts_on_its_machines() {
        let record = entities(
            "actor account agent, target account ann, origin address 10.0.0.1, host host h",
        );
        let found: Vec<String> = pairs(&record)
            .map(|(thing, user)| format!("{} by {}", record[thing].id, record[user].id))
            .collect();
        assert!(found.contains(&"10.0.0.1 by agent".to_owned()));
        assert!(found.contains(&"agent by h".to_owned()));
        assert!(!found.iter().any(|pair| pair.contains("ann")), "{found:?}");
        let nobody = entities("target account ann, origin address 10.0.0.1");
        assert_eq!(pairs(&nobody).collect::<Vec<_>>(), [(1, 0)]);
    }

    #[test]
    fn users_are_counted_to_a_few_and_each_is_told_once() {
        let mut noticer = Noticer::default();
        let mut usage = Usage::default();
        let digest = |kind: EntityKind, name: &str| Digest::new(kind as u8).text(name).finish();
        let address = digest(EntityKind::Address, "10.0.0.1");
        for n in 0..USERS_KEPT + 10 {
            let line = format!("actor account u{n}, origin address 10.0.0.1");
            noticer.take(&entities(&line), None, Outcome::default);
            noticer.take(&entities(&line), None, Outcome::default);
            let told = noticer.give();
            assert_eq!(told.pairs.len(), 1);
            usage.take(&told, digest);
            let (users, all) = usage.users(address);
            assert_eq!(users.len(), (n + 1).min(USERS_KEPT));
            assert_eq!(all, n + 1 < USERS_KEPT);
        }
    }

    #[test]
    fn days_on_which_somebody_was_not_seen_are_no_days_of_silence() {
        let at = |day: i64| Timestamp::from_second(day * 86_400 + 5).unwrap();
        let (mut noticer, mut usage) = (Noticer::default(), Usage::default());
        let digest = |kind: EntityKind, name: &str| Digest::new(kind as u8).text(name).finish();
        let (ann, also) = ("actor account ann", "actor account a.lee");
        for (who, day) in [
            (ann, 100),
            (also, 101),
            (ann, 103),
            (also, 103),
            (ann, 9_000),
        ] {
            noticer.take(&entities(who), Some(at(day)), Outcome::default);
            usage.take(&noticer.give(), digest);
        }
        let names = || ["ann", "a.lee"].map(|name| digest(EntityKind::Account, name));
        let after = |day| usage.days_after(at(day), names().into_iter());
        // What is long before the last day of a name is not kept.
        assert_eq!([100, 101, 103, 9_000].map(after), [3, 2, 1, 0]);
        let nobody = [digest(EntityKind::Account, "bob")];
        assert_eq!(usage.days_after(at(0), nobody.into_iter()), 0);
    }
}
