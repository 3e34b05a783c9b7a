//! Shops: tills, handhelds, a server, two machines in the back office, a manager and a deputy each.
//! All of a shop is flat: who has its network has all of it.

use std::io;

use super::{
    Sizes,
    lines::{Lines, Step},
};

const TILLS: u32 = 24;
const HANDHELDS: u32 = 10;

/// The network of a region, through which its shops reach the data centre.
pub(super) fn region(number: u32) -> String {
    format!("zone:region-{number}")
}

/// The network of a shop.
pub(super) fn shop(number: u32) -> String {
    format!("zone:shop-{number}")
}

/// The core network, into which everything leads.
pub(super) const CORE: &str = "zone:core";

pub(super) fn write<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes) -> io::Result<()> {
    lines.node(CORE, "zone")?;
    for number in 0..Sizes::REGIONS {
        lines.node(&region(number), "zone")?;
        lines.node(&managers(number), "group")?;
        lines.edge(&region(number), CORE, "network-route")?;
    }
    (0..sizes.shops).try_for_each(|number| one(lines, number))
}

/// The managers of a region's shops.
pub(super) fn managers(region: u32) -> String {
    format!("group:managers-{region}")
}

fn one<W: io::Write>(lines: &mut Lines<W>, number: u32) -> io::Result<()> {
    let (zone, region_number) = (shop(number), number % Sizes::REGIONS);
    let server = format!("host:shop-{number}-server");
    lines.node(&zone, "zone")?;
    lines.node(&server, "server")?;
    lines.edge(&zone, &server, "network-route")?;
    lines.edge(&server, &zone, "network-route")?;
    lines.edge(&zone, &region(region_number), "network-route")?;
    lines.edge(&region(region_number), &zone, "network-route")?;
    for (kind, count) in [("till", TILLS), ("handheld", HANDHELDS)] {
        for device in 0..count {
            let device = format!("host:shop-{number}-{kind}-{device}");
            lines.node(&device, kind)?;
            lines.edge(&zone, &device, "network-route")?;
            lines.edge(&device, &server, "network-route")?;
            if kind == "till" {
                lines.edge(&server, &device, "admin-to")?;
            }
        }
    }
    people(lines, number, &zone)
}

fn people<W: io::Write>(lines: &mut Lines<W>, number: u32, zone: &str) -> io::Result<()> {
    let group = managers(number % Sizes::REGIONS);
    let users = ["manager", "deputy"].map(|role| format!("user:shop-{number}-{role}"));
    let machines = [1, 2].map(|machine| format!("host:shop-{number}-pc{machine}"));
    for user in &users {
        lines.node(user, "user")?;
        lines.edge(user, &group, "member-of")?;
    }
    for machine in &machines {
        lines.node(machine, "workstation")?;
        lines.edge(zone, machine, "network-route")?;
        lines.edge(machine, zone, "network-route")?;
        for user in &users {
            lines.edge(machine, user, "has-session")?;
            lines.edge(user, machine, "can-rdp")?;
        }
    }
    for user in users {
        lines.step(&Step {
            id: format!("disable-account/{user}"),
            cost: 120,
            minutes: 2,
            nodes: vec![user],
            ..Step::default()
        })?;
    }
    Ok(())
}
