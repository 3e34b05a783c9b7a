//! Who uses what, and who has which names, as far as all that was seen says.

use cordon_model::{EntityKind, Outcome};

use super::{Grouping, Reach, slot};
use crate::{
    identity::{Directory, Thing, Told},
    usage::{Uses, pairs},
};

impl Grouping {
    /// Takes what events, whether any rule matched them or not, say of who uses what.
    pub fn notice(&mut self, uses: &Uses) {
        let directory = &self.directory;
        let digest = |kind, name: &str| directory.digest(kind, name);
        self.usage.take(uses, digest);
        self.leases.notice(uses, digest);
    }

    /// How often it was not kept who uses something, because there was no room for one more thing.
    pub const fn left_out(&self) -> u64 {
        self.usage.left_out()
    }

    /// Collects who is known by which names, where that is asked for and may have changed.
    pub(super) fn collect_names(&mut self) {
        let spellings = self.directory.spellings();
        if self.knowledge.usual.is_empty() || spellings == self.spellings {
            return;
        }
        self.spellings = spellings;
        self.names_of = self.directory.names_of(EntityKind::Account);
        self.tell_all = true;
    }

    /// Takes into account who uses what a name means, as far as events say.
    pub(super) fn take_users(&mut self, name: u64, reach: &mut Reach) {
        let Some(thing) = self.directory.thing_of(name) else {
            return;
        };
        // On which days it was seen may have changed, too.
        reach.common.push(thing);
        let (users, all) = self.usage.users(name);
        if users.is_empty() {
            return;
        }
        let users: Vec<u64> = users
            .iter()
            .map(|user| self.directory.meant(*user))
            .collect();
        let Some(seen) = slot(&mut self.seen, thing) else {
            return;
        };
        let before = (seen.is_common(), seen.used.count());
        for user in users {
            seen.used.by(user);
        }
        if !all {
            seen.used.by_many();
        }
        let after = (seen.is_common(), seen.used.count());
        if before != after {
            reach.links.push(thing);
        }
    }
}

/// Each thing with each that uses it, as far as a detection's records say, but for who was refused; the latter by what they are known by.
pub(super) fn sharers(told: &Told, directory: &Directory) -> Vec<(Thing, u64)> {
    let mut found = Vec::new();
    for record in told.mentions.chunk_by(|a, b| a.record == b.record) {
        let at = record.first().map_or(0, |mention| mention.record);
        let Some(evidence) = told.detection.records.get(usize::from(at)) else {
            continue;
        };
        if evidence.deed.outcome == Outcome::Failure {
            continue;
        }
        // There is a mention for each entity, in their order; those of whoever had its addresses come behind.
        let thing = |place: usize| record.get(place).map(|mention| mention.meaning.thing);
        for (used, user) in pairs(&evidence.entities) {
            if let (Some(used), Some(user)) = (thing(used), thing(user)) {
                found.push((used, directory.digest_of(user)));
            }
        }
    }
    for lodging in &told.lodgings {
        if let Some(thing) = lodging.instead {
            found.extend(lodging.users.iter().map(|user| (thing, *user)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
