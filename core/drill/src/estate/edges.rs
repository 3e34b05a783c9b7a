//! What holding one thing gives on another.

use super::{
    places::group_of,
    routes::ROUTES,
    yaml::{Yaml, scalar},
};
use crate::{
    account::{Account, Role},
    cast::Cast,
    machine::{HYPERVISORS_PER_SITE, Machine, Machines},
    people::People,
};

/// Minutes, and the likelihood, empty where it surely works.
type Effort<'t> = (&'t str, &'t str);

/// Whether holding a computer gives anything on others, beyond being a guest of a cluster.
pub(super) fn leads_somewhere(machine: &Machine) -> bool {
    let node = machine.node();
    let mut rows = ROUTES
        .iter()
        .flat_map(|(_, rows)| rows.lines())
        .filter_map(parse);
    let named = rows.any(|(from, to, ..)| from == node || to == node);
    named || machine.kind == "hypervisor" || machine.kind == "virtual-desktops"
}

/// Which servers run on which cluster: whoever holds the cluster holds its guests.
pub(super) const GUESTS: [(&str, &[&str]); 2] = [
    (
        "cluster:ds-a",
        &[
            "dc1",
            "dc2",
            "sync1",
            "okta-agent-1",
            "vault-1",
            "backup-1",
            "jump-1",
            "jump-partner-1",
            "jobs-1",
            "config-1",
            "deploy-1",
            "edi-1",
            "order-app-1",
            "order-db-1",
            "forecast-1",
            "member-db-1",
            "lake-1",
            "wms-app-1",
            "wms-db-1",
            "pay-switch-1",
            "pay-keys-1",
            "web-1",
            "web-2",
            "shop-db-1",
            "file-1",
            "siem-1",
            "payroll-1",
        ],
    ),
    (
        "cluster:ds-b",
        &[
            "dc3",
            "dc4",
            "okta-agent-2",
            "pki1",
            "vault-2",
            "backup-2",
            "jump-2",
            "jump-partner-2",
            "jobs-2",
            "git-1",
            "edi-2",
            "order-app-2",
            "supplier-portal-1",
            "mq-1",
            "bi-1",
            "crm-1",
            "collect-1",
            "giftcard-1",
            "pay-switch-2",
            "web-3",
            "web-4",
            "file-2",
            "file-3",
            "funeral-app-1",
            "funeral-db-1",
            "rx-1",
            "cti-1",
            "hr-1",
            "ledger-1",
        ],
    ),
];

pub(super) fn write(yaml: &mut Yaml, people: &People, machines: &Machines, cast: &Cast<'_>) {
    yaml.part(
        "edges",
        "Likelihood 1 and minutes unknown where nothing is said.",
    );
    for (note, rows) in ROUTES {
        yaml.note(note);
        for row in rows.lines() {
            match parse(row) {
                Some((from, to, kind, effort)) => edge(yaml, (from, to), kind, effort),
                None => yaml.note(row.trim_start_matches("# ")),
            }
        }
    }
    memberships(yaml, people);
    resets(yaml, people);
    sessions(yaml, people, machines, cast);
    guests(yaml);
}

/// Reads `from -> to kind minutes likelihood`; none for a comment.
fn parse(row: &str) -> Option<(&str, &str, &str, Effort<'_>)> {
    let (from, rest) = row.split_once(" -> ")?;
    let mut words = rest.split(' ');
    let (to, kind) = (words.next()?, words.next()?);
    let minutes = words.next()?.strip_suffix('m')?;
    Some((from, to, kind, (minutes, words.next().unwrap_or_default())))
}

fn edge(yaml: &mut Yaml, (from, to): (&str, &str), kind: &str, (minutes, likelihood): Effort<'_>) {
    let mut fields = vec![
        ("from", scalar(from)),
        ("to", scalar(to)),
        ("kind", kind.to_owned()),
        ("minutes", minutes.to_owned()),
    ];
    if !likelihood.is_empty() {
        fields.push(("likelihood", likelihood.to_owned()));
    }
    yaml.item(&fields);
}

fn memberships(yaml: &mut Yaml, people: &People) {
    yaml.note("Who is in which group.");
    for account in people.listed() {
        if let Some(group) = group_of(account.role) {
            edge(yaml, (&account.node(), group), "member-of", ("0", ""));
        }
    }
}

/// Accounts that the desk can reset and that can do more than their own work.
pub(super) fn privileged_but_resettable(people: &People) -> Vec<&Account> {
    let plain = [Role::StoreManager, Role::DepotManager, Role::Pharmacist];
    people
        .listed()
        .filter(|a| a.role.desk_can_reset() && !plain.contains(&a.role))
        .collect()
}

fn resets(yaml: &mut Yaml, people: &People) {
    yaml.note("Whoever can reset a password and a second factor can become that person.");
    for account in people.listed().filter(|a| a.role.desk_can_reset()) {
        edge(
            yaml,
            ("app:reset-console", &account.node()),
            "reset-factor",
            ("12", "0.8"),
        );
    }
}

fn sessions(yaml: &mut Yaml, people: &People, machines: &Machines, cast: &Cast<'_>) {
    yaml.note("Sessions that were left open: whoever holds the computer holds them.");
    let (jump, jobs) = (cast.jump.node(), cast.scheduler.node());
    let support = people.nth(Role::PartnerStoreSupport, 1).node();
    edge(
        yaml,
        (&jump, &cast.colleague.node()),
        "has-session",
        ("15", "0.7"),
    );
    edge(yaml, (&jump, &support), "has-session", ("15", "0.7"));
    edge(
        yaml,
        (&jobs, &cast.tier_zero.node()),
        "has-session",
        ("10", "0.8"),
    );
    for (n, agent) in people.of(Role::DeskAgent).iter().enumerate() {
        let desks = format!("host:helpline-vdi-{}", n % 2 + 1);
        edge(yaml, (&desks, &agent.node()), "has-session", ("15", "0.7"));
    }
    for account in people.listed() {
        if let Some(desk) = machines.workstation_of(&account.sam) {
            edge(
                yaml,
                (&desk.node(), &account.node()),
                "has-session",
                ("15", "0.8"),
            );
            edge(
                yaml,
                (&account.node(), &desk.node()),
                "admin-to",
                ("5", "0.8"),
            );
        }
    }
}

fn guests(yaml: &mut Yaml) {
    yaml.note("Hypervisors and their guests.");
    for (cluster, guests) in GUESTS {
        for guest in guests {
            edge(
                yaml,
                (cluster, &format!("host:{guest}")),
                "hosts-guest",
                ("20", ""),
            );
        }
        let site = cluster.chars().last().unwrap_or('a');
        for n in 1..=HYPERVISORS_PER_SITE {
            let host = format!("host:esx-{site}{n:02}");
            edge(yaml, (cluster, &host), "admin-to", ("2", ""));
            edge(yaml, (&host, cluster), "shared-storage", ("30", "0.7"));
        }
    }
}
