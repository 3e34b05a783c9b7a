//! What somebody could hold.

use super::{
    places::{GROUPS, JEWELS, PLACES},
    yaml::{Yaml, list, scalar},
};
use crate::{
    account::Account,
    machine::{Machine, Machines, ZONES},
    people::People,
};

/// The domain part of the groups' security ids is that of the accounts'.
fn group_sid(people: &People, relative: u32) -> String {
    let any = people.service("svc-jobs");
    let domain = any.sid.rsplit_once('-').map_or("", |(domain, _)| domain);
    format!("{domain}-{relative}")
}

pub(super) fn write(yaml: &mut Yaml, people: &People, machines: &Machines) {
    yaml.part(
        "nodes",
        "Aliases are the other spellings that logs use; without them nothing joins up.",
    );
    yaml.note("Networks.");
    for (zone, _, what) in ZONES {
        yaml.item(&place(&format!("zone:{zone}"), "network-zone", what));
    }
    yaml.note("Applications, clouds, clusters, whole classes of devices, other parties.");
    for (id, kind, what) in PLACES {
        yaml.item(&place(id, kind, what));
    }
    yaml.note("Groups.");
    for (id, name, relative) in GROUPS {
        let down_level = format!("NORTHGATE\\{name}");
        let aliases = list([name.to_owned(), down_level, group_sid(people, relative)]);
        let mut fields = place(&format!("group:{id}"), "group", name);
        fields.push(("aliases", aliases));
        yaml.item(&fields);
    }
    yaml.note("Servers and appliances.");
    for machine in machines.servers() {
        yaml.item(&computer(machine));
    }
    yaml.note("Workstations of those who run systems.");
    for (_, machine) in machines.workstations() {
        yaml.item(&computer(machine));
    }
    yaml.note("Accounts. Everybody else's stand together as class:staff-accounts.");
    for account in people.listed() {
        yaml.block(&user(account));
    }
}

fn place(id: &str, kind: &str, name: &str) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("id", scalar(id)),
        ("kind", kind.to_owned()),
        ("name", scalar(name)),
    ];
    fields.extend(jewel(id));
    fields
}

fn computer(machine: &Machine) -> Vec<(&'static str, String)> {
    let mut fields = place(&machine.node(), machine.kind, &machine.name);
    fields.push(("aliases", list([machine.fqdn(), machine.short.clone()])));
    fields
}

fn user(account: &Account) -> Vec<(&'static str, String)> {
    let name = format!("{}, {}", account.display, account.role.title());
    vec![
        ("id", scalar(&account.node())),
        ("kind", "user".to_owned()),
        ("name", scalar(&name)),
        ("aliases", list(account.aliases())),
    ]
}

fn jewel(id: &str) -> Option<(&'static str, String)> {
    let (_, loss, why) = JEWELS.iter().find(|(jewel, ..)| *jewel == id)?;
    Some(("jewel", format!("{{ loss: {loss}, why: {} }}", scalar(why))))
}
