//! Shared steps: one switch, many edges.

use std::io;

use super::{
    Sizes,
    lines::{Lines, Step},
    office::{DESK, floor, laptop, staff},
    servers::{
        GATEWAYS, OUTSIDE, access, accessible, admin, app, cloud, gateway, governed, granted,
        policy, server, template, tier, zone,
    },
    shops::{CORE, region, shop},
};

type Edges = Vec<(String, String, &'static str)>;

pub(super) fn write<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes) -> io::Result<()> {
    let mut put = |id: &str, cost, edges: Edges, down: &[String]| {
        lines.step(&Step {
            id: id.to_owned(),
            cost,
            minutes: 10,
            edges,
            down: down.to_vec(),
            ..Step::default()
        })
    };
    put("close-vpn/all", 6_000, remote_access(), &[])?;
    let synced = (0..sizes.admins).map(|n| (cloud(n), admin(n), "synced-to"));
    put("stop-directory-sync/all", 350, synced.collect(), &[])?;
    let resets = (0..sizes.staff).map(|n| (DESK.to_owned(), staff(n), "force-change-password"));
    put(
        "suspend-service-desk-resets/all",
        200,
        resets.collect(),
        &[],
    )?;
    for number in 0..Sizes::REGIONS {
        let id = format!("block-zone-to-zone/region-{number}");
        put(&id, 1_500, around_region(sizes, number), &[region(number)])?;
    }
    for number in 0..Sizes::ZONES {
        let id = format!("block-zone-to-zone/servers-{number}");
        put(&id, 700, into_zone(sizes, number), &[zone(number)])?;
    }
    for number in 0..Sizes::FLOORS {
        let id = format!("isolate-zone/floor-{number}");
        put(&id, 900, around_floor(sizes, number), &[floor(number)])?;
    }
    for number in 0..Sizes::POLICIES {
        let applies = governed(sizes, number);
        let applies = applies.map(|n| (policy(number), server(n), "gpo-applies"));
        put(
            &format!("revoke-right/policy-{number}"),
            15,
            applies.collect(),
            &[],
        )?;
    }
    for number in 0..Sizes::APPS {
        let grants = granted(sizes, number);
        let grants = grants.map(|n| (app(number), cloud(n), "add-secret"));
        put(
            &format!("revoke-app-consent/{number}"),
            20,
            grants.collect(),
            &[],
        )?;
    }
    for number in 0..Sizes::TEMPLATES {
        let enrol = (0..3).map(|nth| (access(number * 5 + nth), template(number), "adcs-esc1"));
        put(
            &format!("unpublish-template/{number}"),
            30,
            enrol.collect(),
            &[],
        )?;
    }
    Ok(())
}

fn remote_access() -> Edges {
    let entries = (0..GATEWAYS).map(|n| (OUTSIDE.to_owned(), gateway(n), "vpn-entry"));
    let onward = (0..GATEWAYS).flat_map(|n| {
        (0..Sizes::FLOORS / GATEWAYS)
            .map(move |nth| (gateway(n), floor(n + nth * GATEWAYS), "network-route"))
    });
    entries.chain(onward).collect()
}

fn around_region(sizes: Sizes, number: u32) -> Edges {
    let shops = (number..sizes.shops).step_by(Sizes::REGIONS as usize);
    let mut edges: Edges = shops
        .map(|n| (shop(n), region(number), "network-route"))
        .collect();
    edges.push((region(number), CORE.to_owned(), "network-route"));
    edges
}

/// The ways of administrators and networks into a zone of servers.
fn into_zone(sizes: Sizes, number: u32) -> Edges {
    let here = |server: &u32| server % Sizes::ZONES == number;
    let all = (number..sizes.servers).step_by(Sizes::ZONES as usize);
    let mut edges: Edges = all.map(|n| (tier(number), server(n), "admin-to")).collect();
    for group in 0..Sizes::ACCESS {
        let into = accessible(sizes, group).filter(here);
        edges.extend(into.map(|n| (access(group), server(n), "can-rdp")));
    }
    edges.push((CORE.to_owned(), zone(number), "network-route"));
    edges
}

fn around_floor(sizes: Sizes, number: u32) -> Edges {
    let laptops = (number..sizes.staff).step_by(Sizes::FLOORS as usize);
    let mut edges: Edges = laptops
        .map(|n| (laptop(n), floor(number), "network-route"))
        .collect();
    edges.push((floor(number), CORE.to_owned(), "network-route"));
    edges
}
