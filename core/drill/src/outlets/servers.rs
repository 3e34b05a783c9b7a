//! Servers in zones, who administers them, where administrators left sessions, and the jewels.

use std::io;

use super::{
    Sizes,
    lines::{Lines, Step},
    office::{floor, laptop, role, staff},
    shops::{CORE, managers},
};
use crate::chance::Chance;

/// Everybody outside.
pub(super) const OUTSIDE: &str = "external:internet";
/// The servers that remote access ends at.
pub(super) const GATEWAYS: u32 = 4;
const DOMAIN_ADMINS: &str = "group:domain-admins";

pub(super) fn gateway(number: u32) -> String {
    format!("host:vpn-{number}")
}

pub(super) fn server(number: u32) -> String {
    format!("host:server-{number}")
}

/// The zone of servers: server n stands in zone n mod [`Sizes::ZONES`].
pub(super) fn zone(number: u32) -> String {
    format!("zone:servers-{number}")
}

pub(super) fn access(number: u32) -> String {
    format!("group:access-{number}")
}

pub(super) fn tier(zone: u32) -> String {
    format!("group:tier1-{zone}")
}

pub(super) fn admin(number: u32) -> String {
    format!("user:admin-{number}")
}

/// The account in the cloud that an administrator's own is made from.
pub(super) fn cloud(number: u32) -> String {
    format!("cloud:admin-{number}")
}

pub(super) fn policy(number: u32) -> String {
    format!("gpo:policy-{number}")
}

pub(super) fn app(number: u32) -> String {
    format!("app:consent-{number}")
}

pub(super) fn template(number: u32) -> String {
    format!("template:{number}")
}

pub(super) fn controller(number: u32) -> String {
    format!("host:dc-{number}")
}

/// Servers whose loss is priced, beside the domain controllers.
pub(super) const PRECIOUS: [(&str, u32); 6] = [
    ("host:vcenter", 9_000_000),
    ("host:payment-switch", 6_000_000),
    ("host:backup-vault", 5_000_000),
    ("host:ordering-db", 4_000_000),
    ("host:customer-db", 3_500_000),
    ("host:price-engine", 1_500_000),
];

/// The servers that administrators of access group n may sign in to.
pub(super) fn accessible(sizes: Sizes, access: u32) -> impl Iterator<Item = u32> {
    (0..5).map(move |nth| (access * 13 + nth * Sizes::ZONES * 2) % sizes.servers)
}

/// Administrators with a session on a server: one in twelve servers has one.
fn session(sizes: Sizes, server: u32) -> Option<u32> {
    server
        .is_multiple_of(12)
        .then_some(server / 12 % sizes.admins)
}

pub(super) fn write<W: io::Write>(
    lines: &mut Lines<W>,
    sizes: Sizes,
    chance: &mut Chance,
) -> io::Result<()> {
    groups_and_zones(lines)?;
    for number in 0..sizes.servers {
        one_server(lines, sizes, number, chance)?;
    }
    for number in 0..sizes.admins {
        one_admin(lines, number)?;
    }
    for number in 0..Sizes::ACCESS {
        for reached in accessible(sizes, number) {
            lines.edge(&access(number), &server(reached), "can-rdp")?;
        }
    }
    policies(lines, sizes)?;
    cloud_and_certificates(lines, sizes)?;
    jewels(lines, sizes)
}

fn groups_and_zones<W: io::Write>(lines: &mut Lines<W>) -> io::Result<()> {
    lines.node(OUTSIDE, "external")?;
    lines.node(DOMAIN_ADMINS, "group")?;
    for number in 0..GATEWAYS {
        lines.node(&gateway(number), "gateway")?;
        lines.edge(OUTSIDE, &gateway(number), "vpn-entry")?;
        for nth in 0..Sizes::FLOORS / GATEWAYS {
            lines.edge(
                &gateway(number),
                &floor(number + nth * GATEWAYS),
                "network-route",
            )?;
        }
    }
    for number in 0..Sizes::ZONES {
        lines.node(&zone(number), "zone")?;
        lines.node(&tier(number), "group")?;
        lines.edge(CORE, &zone(number), "network-route")?;
    }
    for number in 0..Sizes::ACCESS {
        lines.node(&access(number), "group")?;
    }
    for number in 0..Sizes::ROLES {
        for nth in 0..2 {
            lines.edge(
                &role(number),
                &access((number + nth * 7) % Sizes::ACCESS),
                "member-of",
            )?;
        }
    }
    for number in 0..Sizes::REGIONS {
        lines.edge(&managers(number), &access(number), "member-of")?;
    }
    Ok(())
}

fn one_server<W: io::Write>(
    lines: &mut Lines<W>,
    sizes: Sizes,
    number: u32,
    chance: &mut Chance,
) -> io::Result<()> {
    let (host, of) = (server(number), number % Sizes::ZONES);
    lines.node(&host, "server")?;
    lines.edge(&host, &zone(of), "network-route")?;
    lines.edge(&tier(of), &host, "admin-to")?;
    if number % 20 == 7 {
        lines.edge(&zone(of), &host, "exposed-service")?;
    }
    let any = |chance: &mut Chance| u32::try_from(chance.below(u64::from(sizes.admins)));
    let session = if sizes.is_random() {
        chance.percent(8).then(|| any(chance).unwrap_or(0))
    } else {
        session(sizes, number)
    };
    if let Some(signed_in) = session {
        lines.edge(&host, &admin(signed_in), "has-session")?;
    }
    lines.step(&Step {
        id: format!("isolate-host/{host}"),
        cost: 900,
        minutes: 5,
        nodes: vec![host.clone()],
        down: vec![host],
        ..Step::default()
    })
}

fn one_admin<W: io::Write>(lines: &mut Lines<W>, number: u32) -> io::Result<()> {
    let (user, of) = (admin(number), number % Sizes::ZONES);
    lines.node(&user, "user")?;
    lines.node(&cloud(number), "cloud-account")?;
    lines.edge(&user, &tier(of), "member-of")?;
    lines.edge(&cloud(number), &user, "synced-to")?;
    if number % 29 == 3 {
        lines.edge(&user, DOMAIN_ADMINS, "member-of")?;
        lines.step(&Step {
            id: format!("remove-from-group/domain-admins/{user}"),
            cost: 25,
            minutes: 3,
            edges: vec![(user.clone(), DOMAIN_ADMINS.to_owned(), "member-of")],
            ..Step::default()
        })?;
    }
    lines.step(&Step {
        id: format!("disable-account/{user}"),
        cost: 300,
        minutes: 2,
        nodes: vec![user],
        ..Step::default()
    })
}

/// The servers that a policy applies to.
pub(super) fn governed(sizes: Sizes, policy: u32) -> impl Iterator<Item = u32> {
    let count = sizes.servers / 15;
    (0..count).map(move |nth| (policy * 31 + nth * 15) % sizes.servers)
}

fn policies<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes) -> io::Result<()> {
    for number in 0..Sizes::POLICIES {
        lines.node(&policy(number), "gpo")?;
        lines.edge(&access(number * 3), &policy(number), "generic-write")?;
        for applies in governed(sizes, number) {
            lines.edge(&policy(number), &server(applies), "gpo-applies")?;
        }
    }
    Ok(())
}

/// The administrators whose cloud accounts an application may act for.
pub(super) fn granted(sizes: Sizes, app: u32) -> impl Iterator<Item = u32> {
    (0..25).map(move |nth| (app * 7 + nth * 3) % sizes.admins)
}

fn cloud_and_certificates<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes) -> io::Result<()> {
    for number in 0..Sizes::APPS {
        lines.node(&app(number), "application")?;
        lines.edge(&role(number * 3), &app(number), "owns")?;
        for account in granted(sizes, number) {
            lines.edge(&app(number), &cloud(account), "add-secret")?;
        }
    }
    for number in 0..Sizes::TEMPLATES {
        lines.node(&template(number), "template")?;
        for nth in 0..3 {
            lines.edge(&access(number * 5 + nth), &template(number), "adcs-esc1")?;
        }
        lines.edge(&template(number), DOMAIN_ADMINS, "adcs-esc1")?;
    }
    Ok(())
}

fn jewels<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes) -> io::Result<()> {
    for number in 0..Sizes::CONTROLLERS {
        let host = controller(number);
        lines.jewel(&host, "domain-controller", 12_000_000)?;
        lines.edge(DOMAIN_ADMINS, &host, "admin-to")?;
        isolate(lines, host, 2_500)?;
    }
    for (nth, (host, loss)) in (0_u32..).zip(PRECIOUS) {
        lines.jewel(host, "server", loss)?;
        lines.edge(DOMAIN_ADMINS, host, "admin-to")?;
        lines.edge(&tier(nth * 5), host, "admin-to")?;
        lines.edge(&server((nth * 401 + 5) % sizes.servers), host, "admin-to")?;
        isolate(lines, host.to_owned(), 4_000)?;
    }
    Ok(())
}

fn isolate<W: io::Write>(lines: &mut Lines<W>, host: String, cost: u32) -> io::Result<()> {
    lines.step(&Step {
        id: format!("isolate-host/{host}"),
        cost,
        minutes: 5,
        nodes: vec![host.clone()],
        down: vec![host],
        ..Step::default()
    })
}

/// Rights that somebody once gave to somebody, each with a step that takes it back.
pub(super) fn loose_rights<W: io::Write>(
    lines: &mut Lines<W>,
    sizes: Sizes,
    chance: &mut Chance,
) -> io::Result<()> {
    for number in 0..sizes.loose() {
        let mut any = |of: u32| u32::try_from(chance.below(u64::from(of))).unwrap_or(0);
        let from = match any(4) {
            0 | 1 => staff(any(sizes.staff)),
            2 => laptop(any(sizes.staff)),
            _ => role(any(Sizes::ROLES)),
        };
        let to = match any(8) {
            0..4 => server(any(sizes.servers)),
            4 => admin(any(sizes.admins)),
            5 => access(any(Sizes::ACCESS)),
            _ => laptop(any(sizes.staff)),
        };
        lines.edge(&from, &to, "generic-all")?;
        lines.step(&Step {
            id: format!("revoke-right/{number}"),
            cost: 10,
            minutes: 3,
            edges: vec![(from, to, "generic-all")],
            ..Step::default()
        })?;
    }
    Ok(())
}
