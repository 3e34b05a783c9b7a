//! Which authority's certificates sign people in to which domain, in three values.
//!
//! A certificate counts in a domain if its chain ends in a root that the domain trusts, and its authority
//! stands in the domain's store. Where a chain, a store or a root was not collected, authorities of the
//! same forest are taken to count, with the reason. Absent on purpose: hosts of authorities, which rules
//! ask for.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::of_kind,
    index::Index,
    inventory::{Fact, Inventory, Ix},
};

/// Adds all of it.
pub(super) fn add(inventory: &mut Inventory) {
    schannel(inventory);
    running_hosts(inventory);
    requesters(inventory);
    signatures(inventory);
    let forests = Forests::of(inventory);
    within_forest(inventory, &forests);
    chains(inventory, &forests);
    stores(inventory, &forests);
    policies(inventory);
}

/// Templates of collections that do not say whether their certificates open encrypted channels: it follows
/// from what they may be used for.
fn schannel(inventory: &mut Inventory) {
    let uses = ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"];
    for template in of_kind(inventory, "cert-template") {
        let known = inventory.fact(template, "schannelauthenticationenabled");
        if let (None, Some(Fact::List(list))) = (known, inventory.fact(template, "effectiveekus")) {
            let opens = list.is_empty() || list.iter().any(|one| uses.contains(&&**one));
            inventory.set(template, "schannelauthenticationenabled", Fact::Flag(opens));
        }
    }
}

/// Authorities of which it is known where they run.
fn running_hosts(inventory: &mut Inventory) {
    let hosts = inventory.rel("HostsCAService");
    let hosts = Index::new(&inventory.links, &[hosts]);
    for ca in of_kind(inventory, "enterprise-ca") {
        let ids = hosts.back(ca).iter();
        let ids: Vec<Box<str>> = ids.map(|(host, _)| inventory.id(*host).into()).collect();
        if ids.is_empty() {
            let name = inventory.shown(ca).to_owned();
            let what = "certificate authorities of which it is not known on which host they run";
            inventory.note("authority-without-host", what, &name);
        } else {
            inventory.set(ca, "hosts", Fact::List(ids));
        }
    }
}

/// Who may ask an authority of which nothing says it: everybody, unless somebody took that away, as it is set up.
fn requesters(inventory: &mut Inventory) {
    let enroll = inventory.rel("Enroll");
    let requesters = Index::new(&inventory.links, &[enroll]);
    for ca in of_kind(inventory, "enterprise-ca") {
        let told = ["requesterscollected", "casecuritycollected"].into_iter();
        let mut told = told.filter(|key| inventory.flag(ca, key) == Some(true));
        if told.next().is_some() || !inventory.is_described(ca) || !requesters.back(ca).is_empty() {
            continue;
        }
        let name = inventory.shown(ca).to_owned();
        let what = "certificate authorities of which it was not collected who may ask them";
        inventory.note("requesters-not-collected", what, &name);
        let sid = inventory
            .text(ca, "domainsid")
            .and_then(|sid| inventory.find(sid));
        let own = inventory.text(ca, "domain");
        let own = own.or_else(|| sid.and_then(|domain| inventory.get(domain)?.name.as_deref()));
        let Some(domain) = own.map(str::to_uppercase) else {
            continue;
        };
        let everybody = inventory.object(&format!("{domain}-S-1-5-11"));
        inventory.guess_kind(everybody, "group");
        let why = format!("who may ask {name} for certificates was not collected");
        inventory.link_unknown((everybody, "Enroll", ca), &why);
    }
}

/// Who signed whom, and which certificate stands in two places.
fn signatures(inventory: &mut Inventory) {
    let authorities = ["enterprise-ca", "root-ca", "aia-ca"];
    let all: Vec<Ix> = authorities
        .iter()
        .flat_map(|kind| of_kind(inventory, kind))
        .collect();
    let mut by_print: BTreeMap<String, Vec<Ix>> = BTreeMap::new();
    for ix in &all {
        if let Some(print) = print_of(inventory, *ix) {
            by_print.entry(print).or_default().push(*ix);
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
            for ca in bearing(&print) {
                if inventory.kind(ca) == "enterprise-ca" {
                    inventory.link(ca, "TrustedForNTAuth", store);
                }
            }
        }
    }
    for ix in all {
        let signer = inventory.list(ix, "certchain").get(1).cloned();
        for signer in signer.iter().flat_map(|print| bearing(print)) {
            inventory.link(ix, "IssuedSignedBy", signer);
        }
        if inventory.kind(ix) == "enterprise-ca" {
            let own = print_of(inventory, ix);
            for twin in own.iter().flat_map(|print| bearing(print)) {
                if inventory.kind(twin) != "enterprise-ca" {
                    inventory.link(ix, "EnterpriseCAFor", twin);
                }
            }
        }
    }
}

fn print_of(inventory: &Inventory, ix: Ix) -> Option<String> {
    let print = inventory.text(ix, "certthumbprint")?;
    (!print.is_empty()).then(|| print.to_uppercase())
}

/// Domains that were described, and which of them stand and fall together.
struct Forests {
    described: Vec<Ix>,
    domains: Index,
    together: Index,
}

impl Forests {
    fn of(inventory: &mut Inventory) -> Self {
        let described = |ix: &Ix| inventory.is_described(*ix);
        let all = of_kind(inventory, "domain").into_iter();
        let described: Vec<Ix> = all.filter(described).collect();
        let in_domain = inventory.rel("InDomain");
        let same = inventory.rel("SameForest");
        Self {
            described,
            domains: Index::new(&inventory.links, &[in_domain]),
            together: Index::new(&inventory.links, &[same]),
        }
    }

    /// Whether two objects lie in one forest; none if that is not known.
    fn is_one(&self, one: Ix, two: Ix) -> Option<bool> {
        let [one, two] = [one, two].map(|ix| self.domains.out(ix));
        let near = one.iter().flat_map(|(own, _)| self.together.out(*own));
        let near: BTreeSet<Ix> = near.map(|(far, _)| *far).collect();
        if two.iter().any(|(far, _)| near.contains(far)) {
            return Some(true);
        }
        let mut both = one.iter().chain(two);
        let apart = !one.is_empty() && !two.is_empty();
        (apart && both.all(|(domain, _)| self.described.contains(domain))).then_some(false)
    }

    /// Domains in which an authority might count: those of its forest, or all if its own is not known.
    fn around(&self, ca: Ix) -> Vec<Ix> {
        let own = self.domains.out(ca);
        let near = |domain: &Ix| {
            let mut forest = own.iter().flat_map(|(own, _)| self.together.out(*own));
            own.is_empty() || forest.any(|(far, _)| far == domain)
        };
        let domains = self.described.iter().copied();
        domains.filter(near).collect()
    }
}

/// Hosts on which an authority runs, but for those of another forest, which run none of this one.
fn within_forest(inventory: &mut Inventory, forests: &Forests) {
    let hosts = inventory.rel("HostsCAService");
    let hosts = Index::new(&inventory.links, &[hosts]);
    for (host, ca, _) in hosts.pairs() {
        match forests.is_one(host, ca) {
            Some(true) => inventory.link(host, "RunsAuthority", ca),
            Some(false) => {}
            None => {
                let [host_name, ca_name] = [host, ca].map(|ix| inventory.shown(ix));
                let why = format!("whether {host_name} is in the forest of {ca_name} is not known");
                inventory.link_unknown((host, "RunsAuthority", ca), &why);
            }
        }
    }
}

/// Authorities whose certificates lead to a root that a domain trusts.
fn chains(inventory: &mut Inventory, forests: &Forests) {
    for root in of_kind(inventory, "root-ca") {
        for (domain, _) in forests.domains.out(root) {
            inventory.link(root, "RootCAFor", *domain);
        }
    }
    let up = ["IssuedSignedBy", "EnterpriseCAFor"].map(|name| inventory.rel(name));
    let signed = Index::new(&inventory.links, &up);
    let root_for = inventory.rel("RootCAFor");
    let roots = Index::new(&inventory.links, &[root_for]);
    for ca in of_kind(inventory, "enterprise-ca") {
        let (found, gap) = above(inventory, &signed, ca);
        let reached: BTreeSet<Ix> = found
            .iter()
            .flat_map(|at| roots.out(*at).iter().map(|(domain, _)| *domain))
            .collect();
        for domain in &reached {
            inventory.link(ca, "ChainsTo", *domain);
        }
        for domain in forests.around(ca) {
            let none = || {
                let name = inventory.shown(domain);
                format!("no root that {name} trusts was collected")
            };
            let why = match &gap {
                _ if reached.contains(&domain) => None,
                _ if roots.back(domain).is_empty() => Some(none()),
                gap => gap.clone(),
            };
            if let Some(why) = why {
                inventory.link_unknown((ca, "ChainsTo", domain), &why);
            }
        }
    }
}

/// Everything that signed an authority, near or far, and where the chain is not known to end.
fn above(inventory: &Inventory, signed: &Index, ca: Ix) -> (BTreeSet<Ix>, Option<String>) {
    let (mut found, mut open) = (BTreeSet::from([ca]), vec![ca]);
    let mut gap = None;
    while let Some(at) = open.pop() {
        let near = signed.out(at).iter().map(|(up, _)| *up);
        open.extend(near.filter(|up| found.insert(*up)));
        if signed.out(at).is_empty() && inventory.kind(at) != "root-ca" {
            gap = gap.or_else(|| missing_signer(inventory, at));
        }
    }
    (found, gap)
}

/// Why it is not known who signed an authority that nothing is known to have signed.
fn missing_signer(inventory: &Inventory, at: Ix) -> Option<String> {
    let name = inventory.shown(at);
    let Some(Fact::List(chain)) = inventory.fact(at, "certchain") else {
        return Some(format!("`certchain` of {name} is not known"));
    };
    if chain.len() > 1 {
        return Some(format!(
            "the authority that signed {name} was not collected"
        ));
    }
    let printed = print_of(inventory, at).is_some();
    (!printed).then(|| format!("`certthumbprint` of {name} is not known"))
}

/// Authorities that a domain's store names.
fn stores(inventory: &mut Inventory, forests: &Forests) {
    for store in of_kind(inventory, "nt-auth-store") {
        for (domain, _) in forests.domains.out(store) {
            inventory.link(store, "NTAuthStoreFor", *domain);
        }
    }
    let trusted = inventory.rel("TrustedForNTAuth");
    let trusted = Index::new(&inventory.links, &[trusted]);
    let store_for = inventory.rel("NTAuthStoreFor");
    let stores = Index::new(&inventory.links, &[store_for]);
    for ca in of_kind(inventory, "enterprise-ca") {
        let named: BTreeSet<Ix> = trusted
            .out(ca)
            .iter()
            .flat_map(|(store, _)| stores.out(*store).iter().map(|(domain, _)| *domain))
            .collect();
        for domain in &named {
            inventory.link(ca, "SignsInTo", *domain);
        }
        for domain in forests.around(ca) {
            if named.contains(&domain) {
                continue;
            }
            let of_domain = stores.back(domain).iter().map(|(store, _)| *store);
            let of_domain: Vec<Ix> = of_domain.collect();
            if let Some(why) = missing_store(inventory, ca, (domain, &of_domain), &trusted) {
                inventory.link_unknown((ca, "SignsInTo", domain), &why);
            }
        }
    }
}

/// Why it is not known that a domain's store does not name an authority.
fn missing_store(
    inventory: &Inventory,
    ca: Ix,
    (domain, stores): (Ix, &[Ix]),
    trusted: &Index,
) -> Option<String> {
    if stores.is_empty() {
        let name = inventory.shown(domain);
        return Some(format!(
            "the store of authorities that sign people in to {name} was not collected"
        ));
    }
    let bare = |store: &&Ix| {
        let prints = inventory.fact(**store, "certthumbprints");
        !matches!(prints, Some(Fact::List(_))) && trusted.back(**store).is_empty()
    };
    if let Some(store) = stores.iter().find(bare) {
        let name = inventory.shown(*store);
        return Some(format!("`certthumbprints` of {name} is not known"));
    }
    let printed = print_of(inventory, ca).is_some() || !trusted.out(ca).is_empty();
    (!printed).then(|| format!("`certthumbprint` of {} is not known", inventory.shown(ca)))
}

/// Templates whose certificates carry an issuance policy. Where either side's number is missing, a template
/// may carry any policy of its domain that stands for a group.
fn policies(inventory: &mut Inventory) {
    let [group, told] = ["OIDGroupLink", "ExtendedByPolicy"].map(|name| inventory.rel(name));
    let groups = Index::new(&inventory.links, &[group]);
    let told = Index::new(&inventory.links, &[told]);
    let policies = of_kind(inventory, "issuance-policy");
    tell_policies_missing(inventory, &policies);
    for template in of_kind(inventory, "cert-template") {
        for policy in &policies {
            let domains = [template, *policy].map(|ix| inventory.text(ix, "domainsid"));
            let apart = matches!(domains, [Some(one), Some(two)] if one != two);
            if apart || groups.out(*policy).is_empty() && domains.contains(&None) {
                continue;
            }
            match carries(inventory, template, *policy) {
                Ok(true) if domains.contains(&None) => {
                    let name = inventory.shown(template);
                    let why = format!("whether {name} and the policy share a domain is not known");
                    inventory.link_unknown((template, "ExtendedByPolicy", *policy), &why);
                }
                Ok(true) => inventory.link(template, "ExtendedByPolicy", *policy),
                Ok(false) => {}
                Err(_) if groups.out(*policy).is_empty() => {}
                // A graph that says which policies a template carries has no need of their numbers.
                Err(_) if !told.out(template).is_empty() => {}
                Err(why) => {
                    inventory.link_unknown((template, "ExtendedByPolicy", *policy), &why);
                }
            }
        }
    }
}

/// Tells of policies that templates carry and that were not collected: which groups they stand for nobody can say.
fn tell_policies_missing(inventory: &mut Inventory, policies: &[Ix]) {
    let described = policies.iter().filter(|ix| inventory.is_described(**ix));
    let known: BTreeSet<String> = described
        .filter_map(|policy| inventory.text(*policy, "certtemplateoid"))
        .map(str::to_owned)
        .collect();
    for template in of_kind(inventory, "cert-template") {
        for policy in inventory.list(template, "certificatepolicy").to_vec() {
            if !known.contains(&*policy) {
                let example = format!("{policy} of {}", inventory.shown(template));
                let what = "issuance policies that templates carry and that were not collected, so that it is not known \
                            which groups they stand for";
                inventory.note("policy-not-collected", what, &example);
            }
        }
    }
}

/// Whether a template's certificates carry a policy, or why that is not known.
fn carries(inventory: &Inventory, template: Ix, policy: Ix) -> Result<bool, String> {
    let unknown = |key: &str, ix: Ix| format!("`{key}` of {} is not known", inventory.shown(ix));
    let Some(Fact::List(carried)) = inventory.fact(template, "certificatepolicy") else {
        return Err(unknown("certificatepolicy", template));
    };
    if carried.is_empty() {
        return Ok(false);
    }
    match inventory.text(policy, "certtemplateoid") {
        Some(oid) => Ok(carried.iter().any(|one| **one == *oid)),
        None => Err(unknown("certtemplateoid", policy)),
    }
}
