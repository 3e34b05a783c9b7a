//! Collections of Active Directory by SharpHound and its relatives, versions 3 to 6.
//!
//! What the collector writes are objects, memberships, sessions and access lists; what an intruder can do
//! with them is derived later. A count in `meta` that is wrong is noted and changes nothing.

use serde_json::Value;

use super::{
    facts::COPIED,
    inventory::{Fact, Inventory, Ix},
};
use shape::{Ace, Named, Object};

mod authority;
mod host;
mod owner;
mod shape;
mod trust;

/// The kind of the objects in a file, by the word in its `meta`, whatever its case.
pub(super) fn kind_of_file(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "users" => "user",
        "computers" => "computer",
        "groups" => "group",
        "domains" => "domain",
        "gpos" => "gpo",
        "ous" => "ou",
        "containers" => "container",
        "aiacas" => "aia-ca",
        "rootcas" => "root-ca",
        "enterprisecas" => "enterprise-ca",
        "ntauthstores" => "nt-auth-store",
        "certtemplates" => "cert-template",
        "issuancepolicies" => "issuance-policy",
        _ => return None,
    })
}

/// Words for kinds, and ours.
const WORDS: [(&str, &str); 13] = [
    ("User", "user"),
    ("Computer", "computer"),
    ("Group", "group"),
    ("Domain", "domain"),
    ("GPO", "gpo"),
    ("OU", "ou"),
    ("Container", "container"),
    ("AIACA", "aia-ca"),
    ("RootCA", "root-ca"),
    ("EnterpriseCA", "enterprise-ca"),
    ("NTAuthStore", "nt-auth-store"),
    ("CertTemplate", "cert-template"),
    ("IssuancePolicy", "issuance-policy"),
];

/// The kind of what an entry speaks of, by the word beside it; nothing if there is none.
pub(super) fn kind_of_word(word: &str) -> &'static str {
    let known = WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word));
    known.map_or("", |(_, kind)| kind)
}

/// The word for a kind.
pub(super) fn word_of_kind(kind: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|(_, known)| *known == kind);
    known.map(|(word, _)| *word)
}

/// Says of an object what follows from the kind that its file turned out to have.
pub(super) fn of_kind(inventory: &mut Inventory, ix: Ix, kind: &'static str) {
    inventory.set_kind(ix, kind);
    if kind == "computer" {
        inventory.set(ix, "collectedhost", Fact::Flag(true));
    }
}

/// Adds one object. Its kind is that of the file, which may be said only at the file's end.
///
/// # Errors
/// When the text is no object of a collection.
pub(super) fn add(inventory: &mut Inventory, text: &str) -> Result<Option<Ix>, String> {
    let (object, lost) = shape::read(text)?;
    let Some(id) = object.id.as_deref().filter(|id| !id.trim().is_empty()) else {
        return Err("an object without `ObjectIdentifier`".to_owned());
    };
    if object.is_deleted == Some(true) {
        inventory.note("deleted", "objects that the directory has deleted", id);
        return Ok(None);
    }
    let ix = inventory.describe(id, "");
    for part in lost {
        let what = "parts of objects that could not be read, such as entries of lists";
        inventory.note("unreadable-part", what, &format!("{id}: {part}"));
    }
    properties(inventory, ix, &object);
    aces(inventory, ix, &object);
    memberships(inventory, ix, &object);
    delegations(inventory, ix, &object);
    host::add(inventory, ix, &object);
    for trust in &object.trusts.items {
        trust::add(inventory, ix, trust);
    }
    for policy in object
        .links
        .items
        .iter()
        .filter_map(|link| Some((link.policy.as_deref()?, link.enforced)))
    {
        let (policy, enforced) = policy;
        let policy = inventory.object(policy);
        inventory.guess_kind(policy, "gpo");
        inventory.link(policy, "GPLink", ix);
        if enforced == Some(true) {
            inventory.link(policy, "GPLinkEnforced", ix);
        }
    }
    if let Some(changes) = &object.gpo_changes {
        host::policy_changes(inventory, changes);
    }
    authority::add(inventory, ix, &object);
    Ok(Some(ix))
}

fn properties(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let empty = serde_json::Map::new();
    let properties = object.properties.as_ref().unwrap_or(&empty);
    for (key, value) in properties {
        if let Some(fact) = Fact::of(value).filter(|fact| is_kept(key, fact)) {
            inventory.say(ix, key, fact);
        }
    }
    let text = |key: &str| properties.get(key).and_then(Value::as_str);
    let own = object.domain_sid.as_deref().filter(|sid| !sid.is_empty());
    let known = inventory.fact(ix, "domainsid").is_some();
    let derived = own.or_else(|| domain_of(inventory.id(ix)).filter(|_| !known));
    if let Some(sid) = derived.map(str::to_owned) {
        inventory.say(ix, "domainsid", Fact::Text(sid.as_str().into()));
    }
    if let Some(name) = text("name") {
        inventory.name(ix, name);
        // Logs name accounts and hosts; names of containers and the like are names of those too.
        if text("samaccountname").is_some() {
            inventory.alias(ix, name);
        }
        if object.primary_group.is_some()
            && let Some((host, _)) = name.split_once('.')
        {
            inventory.alias(ix, host);
        }
    }
    if let Some(sam) = text("samaccountname") {
        let domain = text("domain").and_then(|domain| domain.split('.').next());
        match domain {
            Some(domain) => inventory.alias(ix, &format!("{domain}\\{sam}")),
            None => inventory.alias(ix, sam),
        }
    }
    for alias in ["email", "userprincipalname"].into_iter().filter_map(text) {
        inventory.alias(ix, alias);
    }
}

/// The domain that an account's or group's id belongs to: all of it but the last part.
fn domain_of(id: &str) -> Option<&str> {
    let (domain, _) = id.rsplit_once('-')?;
    let parts = id.split('-').count();
    (id.starts_with("S-1-5-21-") && parts == 8).then_some(domain)
}

/// Whether a property is asked for later. Names in the directory are long, and asked for of one object only.
fn is_kept(key: &str, fact: &Fact) -> bool {
    let copied = |name: &str| name.to_uppercase().starts_with(COPIED);
    match fact {
        Fact::Text(name) if key == "distinguishedname" => copied(name),
        Fact::Flag(_) | Fact::Number(_) | Fact::Text(_) | Fact::List(_) | Fact::Unclear => {
            KEPT.contains(&key)
        }
    }
}

/// Properties that rules ask for, or that say how objects belong together.
const KEPT: [&str; 49] = [
    "admincount",
    "adminsdholderprotected",
    "applicationpolicies",
    "authenticationenabled",
    "authorizedsignatures",
    "blocksinheritance",
    "certchain",
    "certificatemappingmethodsraw",
    "certificatepolicy",
    "certtemplateoid",
    "certthumbprint",
    "certthumbprints",
    "disabledextensions",
    "doesanyacegrantownerrights",
    "doesanyinheritedacegrantownerrights",
    "domain",
    "domainsid",
    "dsheuristics",
    "effectiveekus",
    "enabled",
    "enrolleesuppliessubject",
    "functionallevel",
    "gmsa",
    "hasenrollmentagentrestrictions",
    "haslaps",
    "hasura",
    "hasvulnerableendpoint",
    "isdc",
    "isuserspecifiessanenabled",
    "ldapavailable",
    "ldapsavailable",
    "ldapsepa",
    "ldapsigning",
    "msa",
    "netbios",
    "nosecurityextension",
    "requiresmanagerapproval",
    "restrictoutboundntlm",
    "samaccountname",
    "schannelauthenticationenabled",
    "schemaversion",
    "smbsigning",
    "strongcertificatebindingenforcementraw",
    "subjectaltrequiredns",
    "subjectaltrequiredomaindns",
    "subjectaltrequirespn",
    "subjectaltrequireupn",
    "unconstraineddelegation",
    "webclientrunning",
];

fn aces(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let hosted = object
        .ca_registry
        .as_ref()
        .map(|registry| &registry.security);
    let Some(security) = hosted.filter(|security| security.collected) else {
        owner::rights(inventory, ix, object.aces.items.iter());
        return;
    };
    inventory.set(ix, "requesterscollected", Fact::Flag(true));
    // What the authority itself says of its rights goes before what its object in the directory says.
    let own = ["ManageCA", "ManageCertificates", "Enroll"];
    let host = object.hosting_computer.as_deref();
    let of_object = object.aces.items.iter().filter(|ace| {
        let right = ace.right_name.as_deref().unwrap_or_default();
        ace.principal.as_deref() == host || !own.contains(&right)
    });
    let of_authority = security.items.iter().filter(|ace| {
        ace.principal_type.as_deref() != Some("LocalGroup")
            && ace.right_name.as_deref() != Some("Owns")
    });
    owner::rights(inventory, ix, of_authority.chain(of_object));
}

fn memberships(inventory: &mut Inventory, ix: Ix, object: &Object) {
    if let Some(holder) = &object.contained_by {
        let holder = named(inventory, holder);
        if let Some(holder) = holder {
            inventory.link(holder, "Contains", ix);
        }
    }
    for child in &object.child_objects.items {
        let child = named(inventory, child);
        if let Some(child) = child {
            inventory.link(ix, "Contains", child);
        }
    }
    for member in &object.members.items {
        if member.id.starts_with("DN=") {
            inventory.note(
                "unresolved-member",
                "members known only by a name that nothing has",
                &member.id,
            );
        }
        let member = named(inventory, member);
        if let Some(member) = member {
            inventory.link(member, "MemberOf", ix);
        }
    }
    if let Some(group) = object.primary_group.as_deref().filter(|id| !id.is_empty()) {
        let group = inventory.object(group);
        inventory.guess_kind(group, "group");
        inventory.link(ix, "MemberOf", group);
    }
    if let Some(group) = &object.group_link {
        let group = named(inventory, group);
        if let Some(group) = group {
            inventory.link(ix, "OIDGroupLink", group);
        }
    }
}

fn delegations(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let to = [
        ("AllowedToDelegate", &object.allowed_to_delegate),
        ("DumpSMSAPassword", &object.dump_smsa_password),
        ("HasSIDHistory", &object.has_sid_history),
    ];
    for (right, targets) in to {
        for target in &targets.items {
            let target = named(inventory, target);
            if let Some(target) = target {
                inventory.link(ix, right, target);
            }
        }
    }
    for actor in &object.allowed_to_act.items {
        let actor = named(inventory, actor);
        if let Some(actor) = actor {
            inventory.link(actor, "AllowedToAct", ix);
        }
    }
    for target in &object.spn_targets.items {
        if let (Some(host), Some(service)) = (&target.computer, &target.service) {
            let host = inventory.object(host);
            inventory.guess_kind(host, "computer");
            inventory.link(ix, service, host);
        }
    }
    let told = object.unconstrained_delegation;
    if let Some(told) = told.filter(|_| inventory.fact(ix, "unconstraineddelegation").is_none()) {
        inventory.set(ix, "unconstraineddelegation", Fact::Flag(told));
    }
}

/// Whom an entry speaks of.
fn named(inventory: &mut Inventory, named: &Named) -> Option<Ix> {
    if named.id.is_empty() {
        inventory.note("unclear-entry", "entries that name nobody", "");
        return None;
    }
    let ix = inventory.object(&named.id);
    inventory.guess_kind(ix, kind_of_word(&named.kind));
    Some(ix)
}

/// The name of a right as newer collectors write it.
fn right_of(ace: &Ace) -> Option<&str> {
    let right = ace.right_name.as_deref()?;
    let kind = ace.special.as_deref().unwrap_or_default();
    Some(match (right, kind) {
        ("ExtendedRight", "All" | "") => "AllExtendedRights",
        ("ExtendedRight", "User-Force-Change-Password") => "ForceChangePassword",
        ("ExtendedRight", "ReadLapsPassword") => "ReadLAPSPassword",
        ("ExtendedRight" | "WriteProperty", other) => other,
        ("Owner", _) => "Owns",
        _ => right,
    })
}
