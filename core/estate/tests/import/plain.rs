//! Attack edges of a directory worked out in the plainest way, straight from what the collector wrote:
//! no index, no rule, every pair looked at. It is the second opinion on the importer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(crate) type Pairs = BTreeSet<(String, String)>;

/// Everything that a collection holds.
#[derive(Default)]
pub(crate) struct Collection {
    /// Objects by id, each once, with the type of its file.
    pub(crate) objects: BTreeMap<String, (String, Vec<Value>)>,
}

impl Collection {
    pub(crate) fn add(&mut self, text: &str) {
        let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let kind = document["meta"]["type"].as_str().unwrap();
        for object in document["data"].as_array().unwrap() {
            let id = object["ObjectIdentifier"].as_str().unwrap().to_uppercase();
            let entry = self.objects.entry(id);
            let entry = entry.or_insert_with(|| (kind.to_owned(), Vec::new()));
            entry.1.push(object.clone());
        }
    }

    fn of(&self, kind: &str) -> Vec<(&String, &Value)> {
        let ours = self.objects.iter().filter(|(_, (k, _))| k == kind);
        ours.flat_map(|(id, (_, all))| all.iter().map(move |o| (id, o)))
            .collect()
    }

    /// Rights of one of these names, holder and target.
    fn rights(&self, names: &[&str]) -> Pairs {
        let mut found = Pairs::new();
        for (id, (_, all)) in &self.objects {
            for ace in all.iter().flat_map(|o| list(&o["Aces"])) {
                let right = ace["RightName"].as_str().unwrap();
                let holder = upper(&ace["PrincipalSID"]);
                if names.contains(&right) && holder != *id {
                    found.insert((holder, id.clone()));
                }
            }
        }
        found
    }

    fn on(&self, names: &[&str], target: &str) -> BTreeSet<String> {
        let rights = self.rights(names).into_iter();
        rights
            .filter(|(_, on)| on == target)
            .map(|(holder, _)| holder)
            .collect()
    }

    /// Who is a member of what, groups that everybody is in included.
    pub(crate) fn memberships(&self) -> Pairs {
        let mut found = Pairs::new();
        for (id, (_, all)) in &self.objects {
            for object in all {
                for member in list(&object["Members"]) {
                    found.insert((upper(&member["ObjectIdentifier"]), id.clone()));
                }
                let primary = upper(&object["PrimaryGroupSID"]);
                if !primary.is_empty() {
                    found.insert((id.clone(), primary));
                }
                let domain = upper(&object["Properties"]["domain"]);
                let all_of_it =
                    id.starts_with("S-1-5-21") && (id.ends_with("-513") || id.ends_with("-515"));
                let authenticated = format!("{domain}-S-1-5-11");
                if all_of_it && self.objects.contains_key(&authenticated) {
                    found.insert((id.clone(), authenticated.clone()));
                }
                let everyone = format!("{domain}-S-1-1-0");
                let is_guest = id.starts_with("S-1-5-21") && id.ends_with("-501");
                if (*id == authenticated || is_guest) && self.objects.contains_key(&everyone) {
                    found.insert((id.clone(), everyone.clone()));
                }
                for trust in list(&object["Trusts"]) {
                    let direction = upper(&trust["TrustDirection"]);
                    let lets_in = ["OUTBOUND", "BIDIRECTIONAL"].contains(&direction.as_str());
                    let other = upper(&trust["TargetDomainName"]);
                    for end in ["S-1-5-11", "S-1-1-0"] {
                        let guests = format!("{other}-{end}");
                        if lets_in && self.objects.contains_key(&guests) {
                            found.insert((guests, format!("{domain}-{end}")));
                        }
                    }
                }
            }
        }
        found
    }

    /// Whoever has all of these, nearest first.
    fn all_of(sets: &[BTreeSet<String>], members: &Pairs) -> BTreeSet<String> {
        let everybodys = |id: &String| id.ends_with("S-1-5-11") || id.ends_with("S-1-1-0");
        let free = |set: &&BTreeSet<String>| {
            set.iter().any(|id| {
                let mut inside = members.iter().filter(|(_, group)| group == id);
                everybodys(id) || inside.any(|(member, _)| everybodys(member))
            })
        };
        let asking: Vec<&BTreeSet<String>> = sets.iter().filter(|set| !free(set)).collect();
        match asking.as_slice() {
            [] => sets.iter().flatten().cloned().collect(),
            [only] => (*only).clone(),
            [first, others @ ..] => {
                let others: Vec<_> = others.iter().map(|set| closed(set, members)).collect();
                let has = |id: &String| others.iter().all(|set| set.contains(id));
                let parts = first.iter().filter(|id| !has(id)).cloned().collect();
                let inside = closed(&parts, members);
                let inside: BTreeSet<String> = inside.into_iter().filter(has).collect();
                let stands = |id: &&String| {
                    let mut groups = members.iter().filter(|(member, _)| member == *id);
                    members.iter().any(|(_, group)| group == *id)
                        || !groups.any(|(_, group)| inside.contains(group))
                };
                let whole = first.iter().filter(|id| has(id));
                inside.iter().filter(stands).chain(whole).cloned().collect()
            }
        }
    }

    pub(crate) fn dcsync(&self) -> Pairs {
        let members = self.memberships();
        let mut found = Pairs::new();
        for domain in self.of("domains").iter().map(|(id, _)| (*id).clone()) {
            let sets = [
                self.on(&["GetChanges"], &domain),
                self.on(&["GetChangesAll"], &domain),
            ];
            found.extend(
                Self::all_of(&sets, &members)
                    .into_iter()
                    .map(|from| (from, domain.clone())),
            );
        }
        found
    }

    pub(crate) fn sync_laps(&self) -> Pairs {
        let members = self.memberships();
        let mut found = Pairs::new();
        for (id, computer) in self.of("computers") {
            let properties = &computer["Properties"];
            if properties["haslaps"] == true {
                let domain = upper(&properties["domainsid"]);
                let sets = ["GetChanges", "GetChangesInFilteredSet"]
                    .map(|right| self.on(&[right], &domain));
                let holders = Self::all_of(&sets, &members).into_iter();
                found.extend(
                    holders
                        .filter(|from| from != id)
                        .map(|from| (from, id.clone())),
                );
            }
        }
        found
    }

    /// Members of a local group of this number.
    pub(crate) fn local(&self, rid: &str) -> Pairs {
        let mut found = Pairs::new();
        for (id, computer) in self.of("computers") {
            for group in list(&computer["LocalGroups"]) {
                if !upper(&group["ObjectIdentifier"]).ends_with(rid) {
                    continue;
                }
                for member in list(&group["Results"]) {
                    let kind = member["ObjectType"].as_str().unwrap();
                    let from = upper(&member["ObjectIdentifier"]);
                    if !["LocalUser", "LocalGroup"].contains(&kind) && from != *id {
                        found.insert((from, id.clone()));
                    }
                }
            }
        }
        // Policies put members into local groups as well.
        let lists = [
            ("-544", "LocalAdmins"),
            ("-562", "DcomUsers"),
            ("-580", "PSRemoteUsers"),
        ];
        let name = lists
            .iter()
            .find(|(number, _)| *number == rid)
            .map(|(_, name)| *name);
        for (_, holder) in self.of("ous").into_iter().chain(self.of("domains")) {
            let changes = &holder["GPOChanges"];
            for computer in list(&changes["AffectedComputers"]) {
                for member in name.into_iter().flat_map(|name| list(&changes[name])) {
                    let ends = [member, computer].map(|end| upper(&end["ObjectIdentifier"]));
                    let [from, to] = ends;
                    found.insert((from, to));
                }
            }
        }
        found
    }

    /// Owners, where no list says what owners may do and no domain takes it from them.
    pub(crate) fn owners(&self) -> Pairs {
        self.rights(&["Owns"])
    }

    /// Authorities that sign people in to a domain, by chain, store and running host.
    pub(crate) fn authorities(&self) -> Pairs {
        let print = |o: &Value| upper(&o["Properties"]["certthumbprint"]);
        let mut found = Pairs::new();
        let stores = ["enterprisecas", "rootcas", "aiacas"];
        let all: Vec<(&String, &Value)> = stores.iter().flat_map(|kind| self.of(kind)).collect();
        for (id, ca) in self.of("enterprisecas") {
            let host = upper(&ca["HostingComputer"]);
            let runs = self
                .of("computers")
                .iter()
                .any(|(c, o)| **c == host && o["Properties"]["enabled"] == true);
            let mut chain = BTreeSet::from([id.clone()]);
            loop {
                let before = chain.len();
                let linked = chain.clone();
                for (_, at) in all.iter().filter(|(id, _)| linked.contains(*id)) {
                    let signer = at["Properties"]["certchain"][1]
                        .as_str()
                        .unwrap_or_default()
                        .to_uppercase();
                    let own = print(at);
                    let twins = all.iter().filter(|(_, o)| {
                        print(o) == signer && !signer.is_empty()
                            || print(o) == own && !own.is_empty()
                    });
                    chain.extend(twins.map(|(id, _)| (*id).clone()));
                }
                if chain.len() == before {
                    break;
                }
            }
            for (root, o) in self
                .of("rootcas")
                .into_iter()
                .filter(|(root, _)| chain.contains(*root))
            {
                let domain = upper(&o["DomainSID"]);
                let trusted = self.of("ntauthstores").into_iter().any(|(_, store)| {
                    let mut prints = list(&store["Properties"]["certthumbprints"]).iter();
                    upper(&store["DomainSID"]) == domain && prints.any(|p| upper(p) == print(ca))
                });
                if runs && trusted && !root.is_empty() {
                    found.insert((id.clone(), domain));
                }
            }
        }
        found
    }

    pub(crate) fn golden(&self) -> Pairs {
        let mut found = Pairs::new();
        for (ca, domain) in self.authorities() {
            let (_, all) = &self.objects[&ca];
            found.extend(
                all.iter()
                    .map(|o| (upper(&o["HostingComputer"]), domain.clone())),
            );
        }
        found
    }

    /// Certificates in anybody's name.
    pub(crate) fn esc1(&self) -> Pairs {
        let members = self.memberships();
        let mut found = Pairs::new();
        for (ca, domain) in self.authorities() {
            let (_, all) = &self.objects[&ca];
            let published = all.iter().flat_map(|o| list(&o["EnabledCertTemplates"]));
            for template in published.map(|t| upper(&t["ObjectIdentifier"])) {
                let Some((_, objects)) = self.objects.get(&template) else {
                    continue;
                };
                let p = &objects[0]["Properties"];
                let open = p["requiresmanagerapproval"] == false
                    && p["authenticationenabled"] == true
                    && p["enrolleesuppliessubject"] == true
                    && (p["schemaversion"] == 1 || p["authorizedsignatures"] == 0);
                if open {
                    let rights = ["Enroll", "GenericAll", "AllExtendedRights"];
                    let sets = [self.on(&rights, &template), self.enrollers(&ca)];
                    let holders = Self::all_of(&sets, &members).into_iter();
                    found.extend(holders.map(|from| (from, domain.clone())));
                }
            }
        }
        found
    }

    /// Who may enrol at an authority: by what it says itself, where that was collected.
    fn enrollers(&self, ca: &str) -> BTreeSet<String> {
        let (_, all) = &self.objects[ca];
        let mut found = BTreeSet::new();
        for object in all {
            let security = &object["CARegistryData"]["CASecurity"];
            let of_authority = security["Collected"] == true;
            let aces = if of_authority {
                &security["Data"]
            } else {
                &object["Aces"]
            };
            for ace in list(aces) {
                if ace["RightName"] == "Enroll" && ace["PrincipalType"] != "LocalGroup" {
                    found.insert(upper(&ace["PrincipalSID"]));
                }
            }
        }
        found
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn upper(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_uppercase()
}

fn closed(set: &BTreeSet<String>, members: &Pairs) -> BTreeSet<String> {
    let mut found = set.clone();
    loop {
        let more = members.iter().filter(|(_, group)| found.contains(group));
        let more: Vec<String> = more
            .map(|(m, _)| m.clone())
            .filter(|m| !found.contains(m))
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}
