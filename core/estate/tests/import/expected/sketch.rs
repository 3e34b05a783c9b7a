//! A graph in a few lines: `id: Kind property=value`, `from Relation to`, `=> from kind to`.
//!
//! `D1` and `D2` stand for two domains, and so does the beginning of ids; `AUTH1` and `EVERY1` for Authenticated Users
//! and Everyone of the first. Everything lies in the first domain unless it says `in=D2`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

const SHORT: [(&str, &str); 6] = [
    ("D1", "S-1-5-21-1-1-1"),
    ("D2", "S-1-5-21-2-2-2"),
    ("AUTH1", "ONE.EXAMPLE-S-1-5-11"),
    ("AUTH2", "TWO.EXAMPLE-S-1-5-11"),
    ("EVERY1", "ONE.EXAMPLE-S-1-1-0"),
    ("EVERY2", "TWO.EXAMPLE-S-1-1-0"),
];

fn long(id: &str) -> String {
    for (short, long) in SHORT {
        if let Some(rest) = id.strip_prefix(short) {
            return format!("{long}{rest}");
        }
    }
    id.to_owned()
}

pub(super) fn short(id: &str) -> String {
    for (short, long) in SHORT {
        if let Some(rest) = id.strip_prefix(long) {
            return format!("{short}{rest}");
        }
    }
    id.to_owned()
}

struct Node {
    id: String,
    kind: &'static str,
    properties: Map<String, Value>,
}

#[derive(Default)]
pub(super) struct Sketch {
    nodes: Vec<Node>,
    edges: Vec<[String; 3]>,
    pub(super) expect: Vec<String>,
}

/// Kinds, with the type of the files that hold them.
const KINDS: [(&str, &str); 13] = [
    ("User", "users"),
    ("Computer", "computers"),
    ("Group", "groups"),
    ("Domain", "domains"),
    ("GPO", "gpos"),
    ("OU", "ous"),
    ("Container", "containers"),
    ("AIACA", "aiacas"),
    ("RootCA", "rootcas"),
    ("EnterpriseCA", "enterprisecas"),
    ("NTAuthStore", "ntauthstores"),
    ("CertTemplate", "certtemplates"),
    ("IssuancePolicy", "issuancepolicies"),
];

impl Sketch {
    pub(super) fn read(text: &str) -> Self {
        let mut sketch = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(edge) = line.strip_prefix("=> ") {
                sketch.expect.push(edge.to_owned());
            } else if let Some((ids, rest)) = line.split_once(": ") {
                for id in ids.split(' ') {
                    sketch.nodes.push(node(id, rest));
                }
            } else {
                let [from, relation, to] = line.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("no line of a sketch: {line}");
                };
                sketch
                    .edges
                    .push([long(from), relation.to_owned(), long(to)]);
            }
        }
        sketch
    }

    /// The graph in BloodHound's generic form.
    pub(super) fn graph(&self) -> String {
        let mut nodes: Vec<Value> = Vec::new();
        for node in &self.nodes {
            let kinds = ["Base", node.kind];
            nodes.push(json!({"id": node.id, "kinds": kinds, "properties": node.properties}));
        }
        let mut edges = Vec::new();
        let mut edge = |from: &str, kind: &str, to: &str, properties: Value| {
            edges.push(json!({"kind": kind, "start": {"value": from}, "end": {"value": to}, "properties": properties}));
        };
        for [from, relation, to] in &self.edges {
            match (relation.as_str(), relation.strip_prefix("Local")) {
                (_, Some(rid)) => {
                    let group = format!("{to}-{rid}");
                    nodes.push(json!({"id": group, "kinds": ["Base", "ADLocalGroup"]}));
                    edge(&group, "LocalToComputer", to, json!({}));
                    edge(from, "MemberOfLocalGroup", &group, json!({}));
                }
                ("GPLinkEnforced", _) => edge(from, "GPLink", to, json!({"enforced": true})),
                ("Owns", _) => edge(from, "OwnsRaw", to, json!({})),
                ("WriteOwner", _) => edge(from, "WriteOwnerRaw", to, json!({})),
                (other, _) => edge(from, other, to, json!({})),
            }
        }
        nodes.sort_by_key(|node| node["id"].to_string());
        nodes.dedup();
        json!({"graph": {"nodes": nodes, "edges": edges}}).to_string()
    }

    /// The files that a collector writes.
    pub(super) fn collected(&self) -> Vec<(&'static str, String)> {
        let mut files: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
        for node in &self.nodes {
            let (_, file) = KINDS.iter().find(|(kind, _)| *kind == node.kind).unwrap();
            files.entry(file).or_default().push(self.object(node));
        }
        let files = files.into_iter().map(|(kind, data)| {
            let document =
                json!({"data": data, "meta": {"type": kind, "version": 6, "count": data.len()}});
            (kind, document.to_string())
        });
        files.collect()
    }

    fn object(&self, node: &Node) -> Value {
        let mut object = Map::new();
        object.insert("ObjectIdentifier".to_owned(), json!(node.id));
        if ["RootCA", "NTAuthStore", "EnterpriseCA"].contains(&node.kind) {
            object.insert("DomainSID".to_owned(), node.properties["domainsid"].clone());
        }
        let mut properties = node.properties.clone();
        if node.kind == "EnterpriseCA" {
            authority(&mut object, &mut properties, &self.agents());
        }
        if node.kind == "Computer" {
            host(&mut object, &mut properties, &node.id);
        }
        object.insert("Properties".to_owned(), Value::Object(properties));
        for edge in &self.edges {
            let [from, relation, to] = edge.each_ref().map(String::as_str);
            if node.id == to {
                self.into(&mut object, from, relation);
            }
            if node.id == from {
                out_of(&mut object, relation, to);
            }
        }
        Value::Object(object)
    }

    /// Who may ask for which template in the name of others, as an authority lists it.
    fn agents(&self) -> Vec<Value> {
        let ours = self
            .edges
            .iter()
            .filter(|edge| edge[1] == "DelegatedEnrollmentAgent");
        let entry = |edge: &[String; 3]| {
            json!({
                "AccessType": "AccessAllowedCallback", "AllTemplates": false,
                "Agent": {"ObjectIdentifier": edge[0], "ObjectType": "Group"},
                "Template": {"ObjectIdentifier": edge[2], "ObjectType": "CertTemplate"},
            })
        };
        ours.map(entry).collect()
    }

    /// What is told at the object that a relation leads to.
    fn into(&self, object: &mut Map<String, Value>, from: &str, relation: &str) {
        let kind = self.nodes.iter().find(|node| node.id == from);
        let kind = kind.map_or("Group", |node| node.kind);
        let named = json!({"ObjectIdentifier": from, "ObjectType": kind});
        match relation {
            "MemberOf" => push(object, "/Members", named),
            "Contains" => drop(object.insert("ContainedBy".to_owned(), named)),
            "GPLink" => push(object, "/Links", json!({"GUID": from, "IsEnforced": false})),
            "GPLinkEnforced" => push(object, "/Links", json!({"GUID": from, "IsEnforced": true})),
            "PublishedTo" => push(object, "/EnabledCertTemplates", named),
            "HostsCAService" => drop(object.insert("HostingComputer".to_owned(), json!(from))),
            "TrustedForNTAuth" => push(object, "/Properties/certthumbprints", json!(from)),
            "DCFor"
            | "RootCAFor"
            | "NTAuthStoreFor"
            | "IssuedSignedBy"
            | "EnterpriseCAFor"
            | "OIDGroupLink"
            | "SameForestTrust"
            | "CrossForestTrust"
            | "DelegatedEnrollmentAgent" => {}
            local if local.starts_with("Local") => {
                let id = object["ObjectIdentifier"].as_str().unwrap();
                let id = format!("{id}-{}", &local[5..]);
                let groups = object["LocalGroups"].as_array_mut().unwrap();
                let known = groups
                    .iter_mut()
                    .find(|group| group["ObjectIdentifier"] == *id);
                let group = known.unwrap();
                group["Results"].as_array_mut().unwrap().push(named);
            }
            "RemoteInteractiveLogonRight" | "BackupPrivilege" | "RestorePrivilege" => {
                let local = self.nodes.iter().all(|node| node.id != from);
                let kind = if local { "LocalGroup" } else { kind };
                let place = match relation {
                    "RemoteInteractiveLogonRight" => 0,
                    "BackupPrivilege" => 1,
                    _ => 2,
                };
                let named = json!({"ObjectIdentifier": from, "ObjectType": kind});
                push(object, &format!("/UserRights/{place}/Results"), named);
            }
            right => {
                let ace = json!({"PrincipalSID": from, "PrincipalType": kind, "RightName": right, "IsInherited": false});
                push(object, "/Aces", ace);
            }
        }
    }
}

/// What is told at the object that a relation comes from.
fn out_of(object: &mut Map<String, Value>, relation: &str, to: &str) {
    match relation {
        "DCFor" => drop(object.insert("IsDC".to_owned(), json!(true))),
        "IssuedSignedBy" => push(object, "/Properties/certchain", json!(to)),
        "OIDGroupLink" => drop(object.insert(
            "GroupLink".to_owned(),
            json!({"ObjectIdentifier": to, "ObjectType": "Group"}),
        )),
        "SameForestTrust" | "CrossForestTrust" => {
            let kind = if relation == "SameForestTrust" {
                "ParentChild"
            } else {
                "Forest"
            };
            push(
                object,
                "/Trusts",
                json!({
                    "TargetDomainSid": to, "TrustDirection": "Outbound", "TrustType": kind, "SidFilteringEnabled": true,
                    "TGTDelegationEnabled": false,
                }),
            );
        }
        _ => {}
    }
}

fn push(object: &mut Map<String, Value>, path: &str, item: Value) {
    let (parent, key) = path.rsplit_once('/').unwrap();
    let mut whole = Value::Object(std::mem::take(object));
    let list = whole.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    let list = list.entry(key).or_insert_with(|| json!([]));
    list.as_array_mut().unwrap().push(item);
    object.clone_from(whole.as_object().unwrap());
}

/// Moves what a collector tells beside the properties of an authority.
fn authority(
    object: &mut Map<String, Value>,
    properties: &mut Map<String, Value>,
    agents: &[Value],
) {
    let mut registry = Map::new();
    for (key, name) in [
        ("isuserspecifiessanenabled", "IsUserSpecifiesSanEnabled"),
        ("disabledextensions", "DisabledExtensions"),
    ] {
        if let Some(value) = properties.remove(key) {
            registry.insert(name.to_owned(), json!({"Collected": true, "Value": value}));
        }
    }
    if let Some(value) = properties.remove("hasenrollmentagentrestrictions") {
        let any = value == json!(true);
        let other = json!({"AccessType": "AccessDeniedCallback", "Agent": {"ObjectIdentifier": "X", "ObjectType": "User"}});
        let mut restrictions = agents.to_vec();
        restrictions.extend(any.then_some(other));
        registry.insert(
            "EnrollmentAgentRestrictions".to_owned(),
            json!({"Collected": true, "Restrictions": restrictions}),
        );
    }
    if let Some(value) = properties.remove("hasvulnerableendpoint") {
        let offered = json!({"Url": "u", "ADCSWebEnrollmentHTTP": value, "ADCSWebEnrollmentHTTPS": false, "ADCSWebEnrollmentEPA": false});
        object.insert(
            "HttpEnrollmentEndpoints".to_owned(),
            json!([{"Collected": true, "Result": offered}]),
        );
    }
    object.insert("CARegistryData".to_owned(), Value::Object(registry));
}

/// Moves what a collector tells beside the properties of a host.
fn host(object: &mut Map<String, Value>, properties: &mut Map<String, Value>, id: &str) {
    let groups = ["544", "551", "555", "562", "580"];
    let groups = groups.map(
        |rid| json!({"ObjectIdentifier": format!("{id}-{rid}"), "Collected": true, "Results": []}),
    );
    object.insert("LocalGroups".to_owned(), json!(groups));
    object.insert("IsDC".to_owned(), json!(false));
    object.insert("AllowedToAct".to_owned(), json!([]));
    if properties.remove("hasura").is_some() {
        let rights = [
            "SeRemoteInteractiveLogonRight",
            "SeBackupPrivilege",
            "SeRestorePrivilege",
        ];
        let right = |name: &str| json!({"Privilege": name, "Collected": true, "Results": []});
        object.insert("UserRights".to_owned(), json!(rights.map(right)));
    }
    if let Some(value) = properties.remove("smbsigning") {
        object.insert(
            "SmbInfo".to_owned(),
            json!({"Collected": true, "Result": {"SigningEnabled": value}}),
        );
    }
    if let Some(value) = properties.remove("webclientrunning") {
        object.insert(
            "IsWebClientRunning".to_owned(),
            json!({"Collected": true, "Result": value}),
        );
    }
    if let Some(value) = properties.remove("restrictoutboundntlm") {
        let sends = if value == json!(true) { 2 } else { 0 };
        object.insert(
            "NTLMRegistryData".to_owned(),
            json!({"Collected": true, "Result": {"RestrictSendingNtlmTraffic": sends}}),
        );
    }
    let mut registry = Map::new();
    for (key, name) in [
        ("certificatemappingmethodsraw", "CertificateMappingMethods"),
        (
            "strongcertificatebindingenforcementraw",
            "StrongCertificateBindingEnforcement",
        ),
    ] {
        if let Some(value) = properties.remove(key) {
            registry.insert(name.to_owned(), json!({"Collected": true, "Value": value}));
        }
    }
    object.insert("DCRegistryData".to_owned(), Value::Object(registry));
}

fn node(id: &str, rest: &str) -> Node {
    let mut words = rest.split(' ');
    let kind = words.next().unwrap();
    let (kind, _) = KINDS.into_iter().find(|(known, _)| *known == kind).unwrap();
    let mut properties = Map::new();
    let mut domain = if id.starts_with("D2") { "D2" } else { "D1" };
    for (key, value) in words.filter_map(|word| word.split_once('=')) {
        if key == "in" {
            domain = value;
            continue;
        }
        let value = value.replace('_', " ");
        let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
        properties.insert(key.to_owned(), value);
    }
    properties.insert("domainsid".to_owned(), json!(long(domain)));
    let name = match id {
        "D1" => "ONE.EXAMPLE",
        "D2" => "TWO.EXAMPLE",
        other => other,
    };
    properties.insert("name".to_owned(), json!(name));
    if ["RootCA", "EnterpriseCA", "AIACA"].contains(&kind) {
        properties.insert("certthumbprint".to_owned(), json!(id));
        properties.insert("certchain".to_owned(), json!([id]));
    }
    if kind == "NTAuthStore" {
        properties.insert("certthumbprints".to_owned(), json!([]));
    }
    Node {
        id: long(id),
        kind,
        properties,
    }
}
