//! What follows from properties of several objects together, before any rule runs: which domain an object
//! lies in, which groups everybody is in, what owners may do.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    certificates, entra, group_policy, hosts,
    index::Index,
    inventory::{Fact, Inventory, Ix},
};

/// Place in `dsheuristics` of the character that takes the rights of owners away (MS-ADTS 6.1.1.2.4.1.2).
const OWNERS_PLACE: usize = 28;

/// Adds all of it.
pub(super) fn add(inventory: &mut Inventory) {
    in_domain(inventory);
    same_forest(inventory);
    everybody(inventory);
    owners(inventory);
    trust_keys(inventory);
    certificates::add(inventory);
    hosts::add(inventory);
    group_policy::add(inventory);
    entra::add(inventory);
}

/// Every object of a kind.
pub(super) fn of_kind(inventory: &Inventory, kind: &str) -> Vec<Ix> {
    let ours = |ix: &Ix| inventory.kind(*ix) == kind;
    inventory.indices().filter(ours).collect()
}

fn in_domain(inventory: &mut Inventory) {
    let domains: BTreeMap<String, Ix> = of_kind(inventory, "domain")
        .into_iter()
        .map(|ix| (inventory.id(ix).to_owned(), ix))
        .collect();
    for ix in inventory.indices() {
        let sid = inventory
            .text(ix, "domainsid")
            .and_then(|sid| domains.get(sid));
        if let Some(domain) = sid.copied().filter(|domain| *domain != ix) {
            inventory.link(ix, "InDomain", domain);
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

/// Groups whose members no directory lists: who is in the domain is in Authenticated Users.
fn everybody(inventory: &mut Inventory) {
    for ix in inventory.indices() {
        let id = inventory.id(ix);
        let whole =
            ["-513", "-515"].iter().any(|end| id.ends_with(end)) && id.starts_with("S-1-5-21-");
        let name = inventory.text(ix, "domain").map(str::to_owned);
        if let Some(name) = name.filter(|_| whole)
            && let Some(authenticated) = inventory.find(&format!("{name}-S-1-5-11"))
        {
            inventory.link(ix, "MemberOf", authenticated);
        }
    }
    let authenticated: Vec<Ix> = inventory
        .indices()
        .filter(|ix| inventory.id(*ix).ends_with("-S-1-5-11"))
        .collect();
    for ix in authenticated {
        let name = inventory.id(ix).trim_end_matches("-S-1-5-11");
        if let Some(everyone) = inventory.find(&format!("{name}-S-1-1-0")) {
            inventory.link(ix, "MemberOf", everyone);
        }
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
