//! Groups whose members no directory lists: who is in a domain, or comes from one that it trusts, is in them.
//!
//! They have one object a domain, named by the domain's name or number. Absent on purpose: who is meant by groups of a
//! single host, such as INTERACTIVE.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::of_kind,
    index::Index,
    inventory::{Inventory, Ix},
};

/// End of the id of Authenticated Users.
pub(super) const AUTHENTICATED: &str = "S-1-5-11";

/// End of the id of Everyone.
pub(super) const EVERYONE: &str = "S-1-1-0";

/// Ends of the ids of what anybody becomes by the way they sign in: over the network, from this organisation, with a
/// certificate or password, with a key or a second factor, by NTLM or an encrypted channel.
const CLAIMED: [&str; 8] = [
    "S-1-5-2",
    "S-1-5-15",
    "S-1-5-65-1",
    "S-1-18-1",
    "S-1-18-4",
    "S-1-18-5",
    "S-1-64-10",
    "S-1-64-14",
];

/// What is said of a host by whoever asked whether its sign-ins can be passed on.
pub(super) const RELAY: [&str; 3] = ["smbsigning", "webclientrunning", "restrictoutboundntlm"];

/// Groups with one end of their ids, by the name and the number of their domain.
struct Everywhere {
    end: &'static str,
    groups: BTreeMap<String, Ix>,
}

/// Adds all of it.
pub(super) fn add(inventory: &mut Inventory) {
    let mut authenticated = Everywhere::of(inventory, AUTHENTICATED);
    let mut everyone = Everywhere::of(inventory, EVERYONE);
    let domains = of_kind(inventory, "domain");
    let relayed = relayed(inventory);
    for domain in &domains {
        let missing = authenticated.find(inventory, *domain).is_none();
        let used = everyone.find(inventory, *domain).is_some() || relayed.contains(domain);
        if missing && used {
            authenticated.make(inventory, *domain);
        }
        if let Some(group) = authenticated.find(inventory, *domain) {
            inventory.link(group, "EverybodyOf", *domain);
        }
    }
    whole_domains(inventory, &authenticated);
    let both: BTreeSet<Ix> = authenticated.groups.values().copied().collect();
    for group in both {
        if let Some(everyone) = everyone.find(inventory, group) {
            inventory.link(group, "MemberOf", everyone);
        }
    }
    claims(inventory, &everyone);
    let rels = ["SameForestTrust", "CrossForestTrust"].map(|name| inventory.rel(name));
    let trusts = Index::new(&inventory.links, &rels);
    for groups in [&mut authenticated, &mut everyone] {
        for (trusting, trusted, why) in trusts.pairs() {
            let groups = [trusted, trusting].map(|domain| groups.find(inventory, domain));
            if let [Some(inside), Some(group)] = groups
                && why == 0
            {
                inventory.link(inside, "MemberOf", group);
            }
        }
    }
}

/// Everybody who has an account of a domain is in Domain Users or Domain Computers, and so in Authenticated Users.
fn whole_domains(inventory: &mut Inventory, authenticated: &Everywhere) {
    let whole = |id: &str| {
        id.starts_with("S-1-5-21-") && ["-513", "-515"].iter().any(|end| id.ends_with(end))
    };
    for ix in inventory.indices() {
        if whole(inventory.id(ix))
            && let Some(group) = authenticated.find(inventory, ix)
        {
            inventory.link(ix, "MemberOf", group);
        }
    }
}

/// What anybody may become, the guest of a domain where there is one.
fn claims(inventory: &mut Inventory, everyone: &Everywhere) {
    let all: BTreeSet<Ix> = everyone.groups.values().copied().collect();
    for claimed in CLAIMED.map(|end| Everywhere::of(inventory, end)) {
        for everyone in &all {
            if let Some(claimed) = claimed.find(inventory, *everyone) {
                inventory.link(*everyone, "ClaimSpecialIdentity", claimed);
            }
        }
    }
    for guest in of_kind(inventory, "user") {
        let id = inventory.id(guest);
        if !id.starts_with("S-1-5-21-") || !id.ends_with("-501") {
            continue;
        }
        if let Some(everyone) = everyone.find(inventory, guest) {
            inventory.link(guest, "MemberOf", everyone);
            if inventory.flag(guest, "enabled") == Some(true) {
                inventory.link(everyone, "ClaimSpecialIdentity", guest);
            }
        }
    }
}

/// Domains of which it was asked whether sign-ins of hosts can be passed on: whoever can sign in at all can do it.
fn relayed(inventory: &mut Inventory) -> BTreeSet<Ix> {
    let in_domain = inventory.rel("InDomain");
    let domains = Index::new(&inventory.links, &[in_domain]);
    let asked = |host: &Ix| RELAY.iter().any(|key| inventory.fact(*host, key).is_some());
    let hosts = of_kind(inventory, "computer").into_iter().filter(asked);
    hosts
        .flat_map(|host| domains.out(host).iter().map(|(domain, _)| *domain))
        .collect()
}

impl Everywhere {
    fn of(inventory: &Inventory, end: &'static str) -> Self {
        let mut groups = BTreeMap::new();
        for ix in inventory.indices() {
            let id = inventory.id(ix);
            let domain = id.strip_suffix(end).and_then(|id| id.strip_suffix('-'));
            if let Some(domain) = domain {
                groups.entry(domain.to_uppercase()).or_insert(ix);
                for key in said(inventory, ix) {
                    groups.entry(key).or_insert(ix);
                }
            }
        }
        Self { end, groups }
    }

    /// The one of the domain that something is or lies in.
    fn find(&self, inventory: &Inventory, ix: Ix) -> Option<Ix> {
        let id = inventory.id(ix);
        let ends = [AUTHENTICATED, EVERYONE].into_iter();
        let mut ends = ends.filter_map(|end| id.strip_suffix(end)?.strip_suffix('-'));
        let within = ends
            .next()
            .or_else(|| id.rsplit_once('-').map(|(domain, _)| domain));
        let name = inventory.get(ix).and_then(|object| object.name.as_deref());
        let name = name.filter(|_| inventory.kind(ix) == "domain");
        let keys = [Some(id), within, name].into_iter().flatten();
        let mut keys = keys.map(str::to_uppercase).chain(said(inventory, ix));
        keys.find_map(|key| self.groups.get(&key)).copied()
    }

    /// The one of a domain that nobody spoke of.
    fn make(&mut self, inventory: &mut Inventory, domain: Ix) {
        let id = format!("{}-{}", inventory.shown(domain).to_uppercase(), self.end);
        let group = inventory.object(&id);
        inventory.guess_kind(group, "group");
        self.groups
            .insert(inventory.id(domain).to_uppercase(), group);
    }
}

/// What an object says of the domain that it lies in.
fn said(inventory: &Inventory, ix: Ix) -> impl Iterator<Item = String> {
    let keys = ["domainsid", "domain"].into_iter();
    keys.filter_map(move |key| inventory.text(ix, key).map(str::to_uppercase))
}
