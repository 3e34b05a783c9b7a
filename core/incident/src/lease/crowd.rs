//! How many used an address on a day, as far as that matters to whose it is.

use std::{collections::BTreeMap, sync::Arc};

use crate::{identity::Directory, usage::Few};

/// Accounts counted of one address on one day: four times as many as one holder's address may have.
pub(super) const USERS_KEPT: usize = 33;

/// Addresses and days kept: some 100 MB.
const DAYS_MAX: usize = 1_000_000;

/// Who used which address on which day, by what they are known by.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    of: BTreeMap<Arc<str>, BTreeMap<u32, Few>>,
    days: usize,
    left_out: u64,
}

impl Crowds {
    /// Takes notice of one that used an address on a day; says whether that is news.
    pub(super) fn add(&mut self, (address, day): (&Arc<str>, u32), user: u64) -> bool {
        let known = self.of.get_mut(address);
        if let Some(users) = known.and_then(|days| days.get_mut(&day)) {
            return users.add(user, USERS_KEPT);
        }
        if self.days >= DAYS_MAX {
            self.left_out += 1;
            return false;
        }
        self.days += 1;
        let days = self.of.entry(Arc::clone(address)).or_default();
        days.entry(day).or_default().add(user, USERS_KEPT)
    }

    /// Who they are, as far as their names are known to mean one; at most [`USERS_KEPT`] names are looked at.
    pub(super) fn users(&self, address: &str, day: u32, directory: &Directory) -> Vec<u64> {
        let users = self.of.get(address).and_then(|days| days.get(&day));
        let users = users.into_iter().flat_map(Few::iter);
        let mut users: Vec<u64> = users.map(|user| directory.meant(user)).collect();
        users.sort_unstable();
        users.dedup();
        users
    }

    /// How often somebody was not counted, because there was no room.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }
}
