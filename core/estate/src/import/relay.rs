//! Whose sign-ins somebody on the network could pass on to another host (NTLM), as far as several objects decide it.
//!
//! Whether hosts sign and restrict what they send was often not asked at all. Where nobody asked it in a domain, that is
//! counted and nothing follows: everything would lead to everything. Where it was asked of some hosts, it is unknown of
//! the others, and the edge with it.

use super::{
    everybody::RELAY,
    facts::{of_kind, with_members},
    index::Index,
    inventory::{Fact, Inventory, Ix},
};

/// End of the id of Protected Users, whose members do not sign in by NTLM.
const PROTECTED: &str = "-525";

/// Levels of a domain that do not know Protected Users.
const WITHOUT_PROTECTION: [&str; 6] = [
    "2000 Mixed/Native",
    "2003 Interim",
    "2003",
    "2008",
    "2008 R2",
    "2012",
];

/// Levels of a domain that know them. Of any other word, and of none, nothing is known.
const WITH_PROTECTION: [&str; 3] = ["2012 R2", "2016", "2025"];

/// Adds all of it.
pub(super) fn add(inventory: &mut Inventory) {
    let in_domain = inventory.rel("InDomain");
    let domains = Index::new(&inventory.links, &[in_domain]);
    asked(inventory, &domains);
    protected(inventory, &domains);
}

/// Marks domains by what was asked of at least one of their hosts, and counts hosts of which nothing was.
fn asked(inventory: &mut Inventory, domains: &Index) {
    for host in of_kind(inventory, "computer") {
        let said = RELAY
            .iter()
            .filter(|key| inventory.fact(host, key).is_some());
        let said: Vec<String> = said.map(|key| format!("asked{key}")).collect();
        for (domain, _) in domains.out(host) {
            for key in &said {
                inventory.set(*domain, key, Fact::Flag(true));
            }
        }
        if said.is_empty() && inventory.flag(host, "collectedhost") == Some(true) {
            let what =
                "hosts of which it was not collected whether their sign-ins can be passed on";
            let name = inventory.shown(host).to_owned();
            inventory.note("relaying-not-collected", what, &name);
        }
    }
}

/// Hosts that are in Protected Users, and whether their domain is new enough for that to matter.
fn protected(inventory: &mut Inventory, domains: &Index) {
    let is_one = |ix: &Ix| inventory.id(*ix).ends_with(PROTECTED);
    let first = inventory.indices().filter(is_one).collect();
    for host in with_members(inventory, first) {
        if inventory.kind(host) != "computer" {
            continue;
        }
        inventory.set(host, "inprotectedusers", Fact::Flag(true));
        let mut levels = domains.out(host).iter();
        let level = levels.find_map(|(domain, _)| inventory.fact(*domain, "functionallevel"));
        let counts = level.and_then(|level| protects(&level.to_string()));
        if let Some(counts) = counts {
            inventory.set(host, "protectionofusers", Fact::Flag(counts));
        }
    }
}

/// Whether a domain of a level knows Protected Users; none if nobody knows the level.
fn protects(level: &str) -> Option<bool> {
    let among = |levels: &[&str]| levels.iter().any(|one| one.eq_ignore_ascii_case(level));
    match (among(&WITH_PROTECTION), among(&WITHOUT_PROTECTION)) {
        (false, false) => None,
        (known, _) => Some(known),
    }
}
