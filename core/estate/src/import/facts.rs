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
    unconstrained(inventory);
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

/// Accounts and hosts that keep tickets of whoever comes to them. Those of controllers are no news.
fn unconstrained(inventory: &mut Inventory) {
    let dc_for = inventory.rel("DCFor");
    let controllers = Index::new(&inventory.links, &[dc_for]);
    let collects = |ix: &Ix| inventory.flag(*ix, "unconstraineddelegation") == Some(true);
    let all: Vec<Ix> = inventory.indices().filter(collects).collect();
    for ix in all {
        let Some(sid) = inventory.text(ix, "domainsid").map(str::to_owned) else {
            continue;
        };
        let domain = inventory.object(&sid);
        inventory.guess_kind(domain, "domain");
        let host = inventory.kind(ix) == "computer";
        let is_one = !controllers.out(ix).is_empty();
        match inventory.flag(ix, "isdc").or((!host).then_some(false)) {
            _ if is_one => {}
            Some(true) => {}
            Some(false) => inventory.link(ix, "CoerceToTGT", domain),
            None => {
                let why = "whether the host is a domain controller was not collected";
                inventory.link_unknown((ix, "CoerceToTGT", domain), why);
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
    for ix in inventory.indices() {
        let mut own = domains.out(ix).iter();
        let blocked = !strict.is_empty() && own.any(|(domain, _)| strict.contains(domain));
        inventory.set(ix, "ownersblocked", Fact::Flag(blocked));
    }
    if strict.is_empty() {
        return;
    }
    let ends = |ix: &Ix| {
        ["-512", "-519"]
            .iter()
            .any(|end| inventory.id(*ix).ends_with(end))
    };
    let first = inventory.indices().filter(ends).collect();
    for ix in with_members(inventory, first) {
        inventory.set(ix, "administers", Fact::Flag(true));
    }
}

/// Beginning of the name in the directory of the object whose access list is copied to administrators.
pub(super) const COPIED: &str = "CN=ADMINSDHOLDER,CN=SYSTEM,";

/// Ends of the ids of accounts and groups that a domain protects from the beginning, and their members with them.
const PROTECTED: [&str; 15] = [
    "-500", "-502", "-512", "-516", "-518", "-519", "-521", "-526", "-527", "-32-544", "-32-548",
    "-32-549", "-32-550", "-32-551", "-32-552",
];

/// Whose access list may be copied from that object, where nobody collected whether it is: what an older mark says was
/// protected once, and where there is none either, whoever is protected from the beginning.
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
    let ends = |ix: &Ix| PROTECTED.iter().any(|end| inventory.id(*ix).ends_with(end));
    let first = inventory.indices().filter(ends).collect();
    let first = with_members(inventory, first);
    for ix in inventory.indices() {
        let marked = inventory.flag(ix, "admincount");
        if marked.unwrap_or_else(|| first.contains(&ix)) {
            inventory.set(ix, "perhapsprotected", Fact::Flag(true));
        }
    }
}

/// These and all their members, and the members of those.
pub(super) fn with_members(inventory: &mut Inventory, mut open: Vec<Ix>) -> BTreeSet<Ix> {
    let member_of = inventory.rel("MemberOf");
    let members = Index::new(&inventory.links, &[member_of]);
    let mut found: BTreeSet<Ix> = open.iter().copied().collect();
    while let Some(ix) = open.pop() {
        let near = members.back(ix).iter().map(|(member, _)| *member);
        open.extend(near.filter(|member| found.insert(*member)));
    }
    found
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
