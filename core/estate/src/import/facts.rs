//! What follows from properties of several objects together, before any rule runs: which domain an object
//! lies in, which authority's certificate was signed by whose, which groups everybody is in.

use std::collections::{BTreeMap, BTreeSet};

use super::{
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
    certificates(inventory);
    chains(inventory);
    policies(inventory);
}

fn of_kind(inventory: &Inventory, kind: &str) -> Vec<Ix> {
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

fn certificates(inventory: &mut Inventory) {
    let mut by_print: BTreeMap<String, Vec<Ix>> = BTreeMap::new();
    let authorities = ["enterprise-ca", "root-ca", "aia-ca"];
    let all: Vec<Ix> = authorities
        .iter()
        .flat_map(|kind| of_kind(inventory, kind))
        .collect();
    for ix in &all {
        let print = inventory
            .text(*ix, "certthumbprint")
            .filter(|print| !print.is_empty());
        if let Some(print) = print {
            by_print.entry(print.to_uppercase()).or_default().push(*ix);
        }
    }
    let bearing = |print: &str| {
        by_print
            .get(&print.to_uppercase())
            .cloned()
            .unwrap_or_default()
    };
    for store in of_kind(inventory, "nt-auth-store") {
        for print in inventory.list(store, "certthumbprints").to_vec() {
            let trusted = bearing(&print).into_iter();
            let trusted: Vec<Ix> = trusted
                .filter(|ix| inventory.kind(*ix) == "enterprise-ca")
                .collect();
            for ca in trusted {
                inventory.link(ca, "TrustedForNTAuth", store);
            }
        }
    }
    for ix in all {
        let signer = inventory.list(ix, "certchain").get(1).cloned();
        for signer in signer.iter().flat_map(|print| bearing(print)) {
            inventory.link(ix, "IssuedSignedBy", signer);
        }
        if inventory.kind(ix) == "enterprise-ca" {
            let own = inventory.text(ix, "certthumbprint").map(str::to_owned);
            for twin in own
                .iter()
                .filter(|own| !own.is_empty())
                .flat_map(|print| bearing(print))
            {
                if inventory.kind(twin) != "enterprise-ca" {
                    inventory.link(ix, "EnterpriseCAFor", twin);
                }
            }
        }
    }
}

/// Authorities whose certificates lead to a root that a domain trusts.
fn chains(inventory: &mut Inventory) {
    let up = ["IssuedSignedBy", "EnterpriseCAFor"].map(|name| inventory.rel(name));
    let signed = Index::new(&inventory.links, &up);
    let in_domain = inventory.rel("InDomain");
    let domains = Index::new(&inventory.links, &[in_domain]);
    for root in of_kind(inventory, "root-ca") {
        for (domain, _) in domains.out(root) {
            inventory.link(root, "RootCAFor", *domain);
        }
    }
    for store in of_kind(inventory, "nt-auth-store") {
        for (domain, _) in domains.out(store) {
            inventory.link(store, "NTAuthStoreFor", *domain);
        }
    }
    for ca in of_kind(inventory, "enterprise-ca") {
        let (mut found, mut open) = (BTreeSet::from([ca]), vec![ca]);
        while let Some(ix) = open.pop() {
            if inventory.kind(ix) == "root-ca" {
                for (domain, _) in domains.out(ix) {
                    inventory.link(ca, "ChainsTo", *domain);
                }
            }
            open.extend(
                signed
                    .out(ix)
                    .iter()
                    .map(|(up, _)| *up)
                    .filter(|up| found.insert(*up)),
            );
        }
    }
}

fn policies(inventory: &mut Inventory) {
    let mut by_oid: BTreeMap<String, Vec<Ix>> = BTreeMap::new();
    for policy in of_kind(inventory, "issuance-policy") {
        if let Some(oid) = inventory.text(policy, "certtemplateoid") {
            by_oid.entry(oid.to_owned()).or_default().push(policy);
        }
    }
    for template in of_kind(inventory, "cert-template") {
        for oid in inventory.list(template, "certificatepolicy").to_vec() {
            for policy in by_oid.get(&*oid).cloned().unwrap_or_default() {
                let domain = inventory.text(template, "domainsid");
                if domain.is_some() && domain == inventory.text(policy, "domainsid") {
                    inventory.link(template, "ExtendedByPolicy", policy);
                }
            }
        }
    }
}
