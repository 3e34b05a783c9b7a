//! Staff: an account and a laptop each, roles that give access, floors that give networks.

use std::{collections::BTreeSet, io};

use super::{
    Sizes,
    lines::{Lines, Step},
    shops::CORE,
};
use crate::chance::Chance;

/// A member of staff.
pub(super) fn staff(number: u32) -> String {
    format!("user:staff-{number}")
}

/// Their laptop.
pub(super) fn laptop(number: u32) -> String {
    format!("host:laptop-{number}")
}

/// A floor of the offices.
pub(super) fn floor(number: u32) -> String {
    format!("zone:floor-{number}")
}

/// Everybody of a role.
pub(super) fn role(number: u32) -> String {
    format!("group:role-{number}")
}

/// The people who reset passwords.
pub(super) const DESK: &str = "group:service-desk";
const EVERYBODY: &str = "group:all-staff";
/// The roles that make up the service desk.
const DESK_ROLES: u32 = 2;

pub(super) fn write<W: io::Write>(
    lines: &mut Lines<W>,
    sizes: Sizes,
    chance: &mut Chance,
) -> io::Result<()> {
    lines.node(DESK, "group")?;
    lines.node(EVERYBODY, "group")?;
    for number in 0..Sizes::FLOORS {
        lines.node(&floor(number), "zone")?;
        lines.edge(&floor(number), CORE, "network-route")?;
    }
    for number in 0..Sizes::ROLES {
        lines.node(&role(number), "group")?;
        if number < DESK_ROLES {
            lines.edge(&role(number), DESK, "member-of")?;
        }
    }
    (0..sizes.staff).try_for_each(|number| one(lines, sizes, number, chance))
}

fn one<W: io::Write>(
    lines: &mut Lines<W>,
    sizes: Sizes,
    number: u32,
    chance: &mut Chance,
) -> io::Result<()> {
    let (user, host) = (staff(number), laptop(number));
    lines.node(&user, "user")?;
    lines.node(&host, "workstation")?;
    for role in roles(sizes, number, chance) {
        lines.edge(&user, &self::role(role), "member-of")?;
    }
    lines.edge(&user, EVERYBODY, "member-of")?;
    lines.edge(&host, &user, "has-session")?;
    lines.edge(&user, &host, "admin-to")?;
    lines.edge(&host, &floor(number % Sizes::FLOORS), "network-route")?;
    lines.edge(DESK, &user, "force-change-password")?;
    lines.step(&Step {
        id: format!("disable-account/{user}"),
        cost: 40,
        minutes: 2,
        nodes: vec![user.clone()],
        down: vec![user],
        ..Step::default()
    })?;
    lines.step(&Step {
        id: format!("isolate-host/{host}"),
        cost: 60,
        minutes: 5,
        nodes: vec![host.clone()],
        down: vec![host],
        ..Step::default()
    })
}

/// The roles somebody has: their own and one that goes with it, or any three.
fn roles(sizes: Sizes, number: u32, chance: &mut Chance) -> BTreeSet<u32> {
    if sizes.is_random() {
        let mut any = || u32::try_from(chance.below(u64::from(Sizes::ROLES))).unwrap_or(0);
        return BTreeSet::from([any(), any(), any()]);
    }
    // Roles stand next to each other, the first the smallest: few people have much access.
    let own = number % Sizes::ROLES;
    BTreeSet::from([own, own / 10 * 10, own / 30 * 30])
}
