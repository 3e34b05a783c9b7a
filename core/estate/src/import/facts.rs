//! What follows from properties of several objects together, before any rule runs: which domain an object
//! lies in, which groups everybody is in, what owners may do.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    certificates, entra, everybody, group_policy, hosts,
    index::Index,
    inventory::{Fact, Inventory, Ix},
    local_groups, relay,
};

/// Place in `dsheuristics` of the character that takes the rights of owners away (MS-ADTS 6.1.1.2.4.1.2).
const OWNERS_PLACE: usize = 28;

/// Adds all of it.
pub(super) fn add(inventory: &mut Inventory) {
    in_domain(inventory);
    controllers(inventory);
    same_forest(inventory);
    everybody::add(inventory);
    owners(inventory);
    protected(inventory);
    trust_keys(inventory);
    certificates::add(inventory);
    local_groups::add(inventory);
    hosts::add(inventory);
    relay::add(inventory);
    group_policy::add(inventory);
    entra::add(inventory);
}

/// Every object of a kind.
pub(super) fn of_kind(inventory: &Inventory, kind: &str) -> Vec<Ix> {
    let ours = |ix: &Ix| inventory.kind(*ix) == kind;
    inventory.indices().filter(ours).collect()
}

/// A domain is known by its id, and in graphs with ids of their own by its number too.
fn in_domain(inventory: &mut Inventory) {
    let mut domains: BTreeMap<String, Ix> = BTreeMap::new();
    for ix in of_kind(inventory, "domain") {
        let number = inventory.text(ix, "domainsid").map(str::to_uppercase);
        if let Some(number) = number {
            domains.entry(number).or_insert(ix);
        }
        domains.insert(inventory.id(ix).to_uppercase(), ix);
    }
    for ix in inventory.indices() {
        let sid = inventory.text(ix, "domainsid").map(str::to_uppercase);
        let domain = sid.and_then(|sid| domains.get(&sid)).copied();
        if let Some(domain) = domain.filter(|domain| *domain != ix) {
            inventory.link(ix, "InDomain", domain);
        }
    }
}

/// Hosts that graphs only mark as controllers, and not as those of a domain.
fn controllers(inventory: &mut Inventory) {
    let [in_domain, dc_for] = ["InDomain", "DCFor"].map(|name| inventory.rel(name));
    let domains = Index::new(&inventory.links, &[in_domain]);
    let known = Index::new(&inventory.links, &[dc_for]);
    for host in of_kind(inventory, "computer") {
        if inventory.flag(host, "isdc") == Some(true) && known.out(host).is_empty() {
            for (domain, _) in domains.out(host) {
                inventory.link(host, "DCFor", *domain);
            }
        }
    }
}

/// Each domain with every domain of its forest, itself included.
fn same_forest(inventory: &mut Inventory) {
    let trust = inventory.rel("SameForestTrust");
    let trusts = Index::new(&inventory.links, &[trust]);
    let rel = inventory.rel("SameForest");
    for domain in of_kind(inventory, "domain") {
        let (mut found, mut open) = (BTreeSet::from([domain]), vec![domain]);
        while let Some(ix) = open.pop() {
            let near = trusts.out(ix).iter().chain(trusts.back(ix));
            open.extend(near.map(|(far, _)| *far).filter(|far| found.insert(*far)));
        }
        let links = found.into_iter().map(|to| super::inventory::Link {
            from: domain,
            to,
            rel,
            why: 0,
        });
        inventory.links.extend(links);
    }
}

/// Where domains take from owners what owners may do, and who is spared.
fn owners(inventory: &mut Inventory) {
    let blocks = |ix: &Ix| {
        let word = inventory.text(*ix, "dsheuristics").unwrap_or_default();
        word.as_bytes().get(OWNERS_PLACE) == Some(&b'1')
    };
    let strict: BTreeSet<Ix> = of_kind(inventory, "domain")
        .into_iter()
        .filter(blocks)
        .collect();
    let in_domain = inventory.rel("InDomain");
    let domains = Index::new(&inventory.links, &[in_domain]);
    let member_of = inventory.rel("MemberOf");
    let members = Index::new(&inventory.links, &[member_of]);
    for ix in inventory.indices() {
        let mut own = domains.out(ix).iter();
        let blocked = !strict.is_empty() && own.any(|(domain, _)| strict.contains(domain));
        inventory.set(ix, "ownersblocked", Fact::Flag(blocked));
    }
    if strict.is_empty() {
        return;
    }
    let mut open: Vec<Ix> = inventory
        .indices()
        .filter(|ix| {
            ["-512", "-519"]
                .iter()
                .any(|end| inventory.id(*ix).ends_with(end))
        })
        .collect();
    let mut found: BTreeSet<Ix> = open.iter().copied().collect();
    while let Some(ix) = open.pop() {
        inventory.set(ix, "administers", Fact::Flag(true));
        open.extend(
            members
                .back(ix)
                .iter()
                .map(|(m, _)| *m)
                .filter(|m| found.insert(*m)),
        );
    }
}

/// Beginning of the name in the directory of the object whose access list is copied to administrators.
pub(super) const COPIED: &str = "CN=ADMINSDHOLDER,CN=SYSTEM,";

/// Whose access list is copied from that object. Where only an older mark says that it was not so far, it is not.
fn protected(inventory: &mut Inventory) {
    let copied = |ix: &Ix| {
        let name = inventory.text(*ix, "distinguishedname");
        name.is_some_and(|name| name.to_uppercase().starts_with(COPIED))
    };
    let holders: Vec<Ix> = inventory.indices().filter(copied).collect();
    if holders.is_empty() {
        return;
    }
    for ix in holders {
        inventory.set(ix, "iscopied", Fact::Flag(true));
    }
    for ix in inventory.indices() {
        let said = inventory.flag(ix, "adminsdholderprotected");
        if said.is_none() && inventory.flag(ix, "admincount") == Some(false) {
            inventory.set(ix, "adminsdholderprotected", Fact::Flag(false));
        }
    }
}

/// Accounts that stand for a trust: the domain that is trusted holds their keys.
fn trust_keys(inventory: &mut Inventory) {
    let rels = ["SameForestTrust", "CrossForestTrust"].map(|name| inventory.rel(name));
    let trusts = Index::new(&inventory.links, &rels);
    if trusts.pairs().next().is_none() {
        return;
    }
    let mut accounts: BTreeMap<(String, String), Ix> = BTreeMap::new();
    for ix in of_kind(inventory, "user") {
        let sam = inventory.text(ix, "samaccountname");
        let sam = sam.filter(|sam| sam.ends_with('$'));
        if let (Some(sam), Some(domain)) = (sam, inventory.text(ix, "domainsid")) {
            accounts.insert((domain.to_uppercase(), sam.to_uppercase()), ix);
        }
    }
    for domain in of_kind(inventory, "domain") {
        let Some(name) = inventory.text(domain, "netbios").map(str::to_uppercase) else {
            continue;
        };
        for (trusting, _) in trusts.out(domain) {
            let key = (inventory.id(*trusting).to_uppercase(), format!("{name}$"));
            if let Some(account) = accounts.get(&key) {
                inventory.link(domain, "HasTrustKeys", *account);
            }
        }
    }
}
