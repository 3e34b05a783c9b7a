//! Collections of Active Directory by SharpHound and its relatives, versions 3 to 6.
//!
//! What the collector writes are objects, memberships, sessions and access lists; what an intruder can do
//! with them is derived later. A count in `meta` that is wrong is noted and changes nothing.

use serde_json::Value;

use super::inventory::{Fact, Inventory, Ix};
use shape::{Ace, DcRegistry, GpoChanges, LocalGroup, Many, Named, Object, Session, Trust};

mod authority;
mod owner;
mod shape;

/// The kind of the objects in a file, by the word in its `meta`.
pub(super) fn kind_of_file(word: &str) -> Option<&'static str> {
    Some(match word {
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

/// The kind of what an entry speaks of, by the word beside it.
pub(super) fn kind_of_word(word: &str) -> &'static str {
    match word {
        "User" => "user",
        "Computer" => "computer",
        "Group" => "group",
        "Domain" => "domain",
        "GPO" => "gpo",
        "OU" => "ou",
        "Container" => "container",
        "AIACA" => "aia-ca",
        "RootCA" => "root-ca",
        "EnterpriseCA" => "enterprise-ca",
        "NTAuthStore" => "nt-auth-store",
        "CertTemplate" => "cert-template",
        "IssuancePolicy" => "issuance-policy",
        _ => "",
    }
}

/// Adds one object. Its kind is that of the file, which may be said only at the file's end.
///
/// # Errors
/// When the text is no object of a collection.
pub(super) fn add(inventory: &mut Inventory, text: &str) -> Result<Option<Ix>, String> {
    let object: Object = serde_json::from_str(text).map_err(|why| why.to_string())?;
    let Some(id) = object.id.as_deref().filter(|id| !id.is_empty()) else {
        return Err("an object without `ObjectIdentifier`".to_owned());
    };
    if object.is_deleted == Some(true) {
        inventory.note("deleted", "objects that the directory has deleted", id);
        return Ok(None);
    }
    let ix = inventory.describe(id, "");
    properties(inventory, ix, &object);
    aces(inventory, ix, &object);
    memberships(inventory, ix, &object);
    delegations(inventory, ix, &object);
    host(inventory, ix, &object);
    for trust in &object.trusts.items {
        self::trust(inventory, ix, trust);
    }
    for policy in object
        .links
        .items
        .iter()
        .filter_map(|link| link.policy.as_deref())
    {
        let policy = inventory.object(policy);
        inventory.guess_kind(policy, "gpo");
        inventory.link(policy, "GPLink", ix);
    }
    if let Some(changes) = &object.gpo_changes {
        policy_changes(inventory, changes);
    }
    authority::add(inventory, ix, &object);
    Ok(Some(ix))
}

fn properties(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let empty = serde_json::Map::new();
    let properties = object.properties.as_ref().unwrap_or(&empty);
    for (key, value) in properties {
        if let Some(fact) = Fact::of(value).filter(|_| KEPT.contains(&key.as_str())) {
            inventory.set(ix, key, fact);
        }
    }
    let text = |key: &str| properties.get(key).and_then(Value::as_str);
    if let Some(sid) = object.domain_sid.as_deref().filter(|sid| !sid.is_empty()) {
        inventory.set(ix, "domainsid", Fact::Text(sid.into()));
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

/// Properties that rules ask for, or that say how objects belong together.
const KEPT: [&str; 32] = [
    "applicationpolicies",
    "authenticationenabled",
    "authorizedsignatures",
    "certchain",
    "certificatemappingmethodsraw",
    "certificatepolicy",
    "certtemplateoid",
    "certthumbprint",
    "certthumbprints",
    "doesanyacegrantownerrights",
    "doesanyinheritedacegrantownerrights",
    "domain",
    "domainsid",
    "dsheuristics",
    "effectiveekus",
    "enabled",
    "enrolleesuppliessubject",
    "gmsa",
    "hasenrollmentagentrestrictions",
    "haslaps",
    "isuserspecifiessanenabled",
    "msa",
    "nosecurityextension",
    "requiresmanagerapproval",
    "schannelauthenticationenabled",
    "schemaversion",
    "strongcertificatebindingenforcementraw",
    "subjectaltrequiredns",
    "subjectaltrequiredomaindns",
    "subjectaltrequirespn",
    "subjectaltrequireupn",
    "unconstraineddelegation",
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
    let unconstrained = inventory
        .flag(ix, "unconstraineddelegation")
        .or(object.unconstrained_delegation);
    let domain = inventory.text(ix, "domainsid").map(str::to_owned);
    if let (Some(true), Some(domain)) = (unconstrained, domain)
        && object.is_dc != Some(true)
    {
        let domain = inventory.object(&domain);
        inventory.guess_kind(domain, "domain");
        inventory.link(ix, "CoerceToTGT", domain);
    }
}

fn host(inventory: &mut Inventory, ix: Ix, object: &Object) {
    for sessions in [
        &object.sessions,
        &object.privileged_sessions,
        &object.registry_sessions,
    ] {
        self::sessions(inventory, ix, sessions);
    }
    if object.is_dc == Some(true)
        && let Some(domain) = object.domain_sid.as_deref().filter(|sid| !sid.is_empty())
    {
        let domain = inventory.object(domain);
        inventory.guess_kind(domain, "domain");
        inventory.link(ix, "DCFor", domain);
    }
    if let Some(registry) = &object.dc_registry {
        dc_registry(inventory, ix, registry);
    }
    let old = [
        ("544", &object.local_admins),
        ("555", &object.remote_desktop_users),
        ("562", &object.dcom_users),
        ("580", &object.ps_remote_users),
    ];
    for (rid, members) in old {
        local_members(inventory, ix, rid, &members.items);
    }
    for group in &object.local_groups.items {
        local_group(inventory, ix, group);
    }
    user_rights(inventory, ix, object);
}

fn sessions(inventory: &mut Inventory, ix: Ix, sessions: &Many<Session>) {
    for session in &sessions.items {
        let Some(user) = session.user.as_deref().filter(|user| !user.is_empty()) else {
            inventory.note("unclear-session", "sessions of nobody", "");
            continue;
        };
        let host = session.computer.as_deref().filter(|host| !host.is_empty());
        let host = host.map_or(ix, |host| inventory.object(host));
        inventory.guess_kind(host, "computer");
        let user = inventory.object(user);
        inventory.guess_kind(user, "user");
        inventory.link(host, "HasSession", user);
    }
}

fn dc_registry(inventory: &mut Inventory, ix: Ix, registry: &DcRegistry) {
    let values = [
        (
            "certificatemappingmethodsraw",
            &registry.certificate_mapping_methods,
        ),
        (
            "strongcertificatebindingenforcementraw",
            &registry.strong_certificate_binding_enforcement,
        ),
    ];
    for (key, value) in values {
        let value = value.as_ref().filter(|value| value.collected == Some(true));
        if let Some(fact) = value.and_then(|value| Fact::of(value.value.as_ref()?)) {
            inventory.set(ix, key, fact);
        }
    }
}

/// The last part of the id of a local group that says what its members may do.
fn rid(id: &str) -> Option<&str> {
    let (_, rid) = id.rsplit_once('-')?;
    ["544", "555", "562", "580"].contains(&rid).then_some(rid)
}

fn local_group(inventory: &mut Inventory, ix: Ix, group: &LocalGroup) {
    let id = group.object_identifier.as_deref().unwrap_or_default();
    if let Some(rid) = rid(id) {
        local_members(inventory, ix, rid, &group.results.items);
    }
}

fn local_members(inventory: &mut Inventory, ix: Ix, rid: &str, members: &[Named]) {
    for member in members {
        if matches!(member.kind.as_str(), "LocalUser" | "LocalGroup") {
            inventory.note(
                "local-member",
                "accounts and groups of one host alone in its local groups",
                &member.id,
            );
            continue;
        }
        if let Some(member) = named(inventory, member) {
            inventory.link(member, &format!("LocalGroup{rid}"), ix);
        }
    }
}

fn user_rights(inventory: &mut Inventory, ix: Ix, object: &Object) {
    for right in &object.user_rights.items {
        if right.collected == Some(false) {
            continue;
        }
        let name = match right.privilege.as_deref() {
            Some("SeRemoteInteractiveLogonRight") => "RemoteInteractiveLogonRight",
            Some("SeBackupPrivilege") => "BackupPrivilege",
            Some("SeRestorePrivilege") => "RestorePrivilege",
            Some(_) | None => continue,
        };
        for holder in &right.results.items {
            if name == "RemoteInteractiveLogonRight" && rid(&holder.id) == Some("555") {
                inventory.set(ix, "desktopgroupmaylogon", Fact::Flag(true));
            }
            if !matches!(holder.kind.as_str(), "LocalUser" | "LocalGroup")
                && let Some(holder) = named(inventory, holder)
            {
                inventory.link(holder, name, ix);
            }
        }
        if name == "RemoteInteractiveLogonRight" && !right.results.items.is_empty() {
            inventory.set(ix, "logonrightscollected", Fact::Flag(true));
        }
    }
    for key in ["desktopgroupmaylogon", "logonrightscollected"] {
        if object.is_dc.is_some() && inventory.fact(ix, key).is_none() {
            inventory.set(ix, key, Fact::Flag(false));
        }
    }
}

fn policy_changes(inventory: &mut Inventory, changes: &GpoChanges) {
    let groups = [
        ("544", &changes.local_admins),
        ("555", &changes.remote_desktop_users),
        ("562", &changes.dcom_users),
        ("580", &changes.ps_remote_users),
    ];
    for host in &changes.affected_computers.items {
        let Some(host) = named(inventory, host) else {
            continue;
        };
        for (rid, members) in groups {
            local_members(inventory, host, rid, &members.items);
        }
    }
}

fn trust(inventory: &mut Inventory, domain: Ix, trust: &Trust) {
    let Some(target) = trust
        .target_domain_sid
        .as_deref()
        .filter(|sid| !sid.is_empty())
    else {
        inventory.note("unclear-trust", "trusts of a domain without an id", "");
        return;
    };
    let target = inventory.object(target);
    inventory.guess_kind(target, "domain");
    if let Some(name) = &trust.target_domain_name {
        inventory.name(target, name);
    }
    let word = |value: &Option<Value>, words: [&str; 4]| -> String {
        match value {
            Some(Value::String(word)) => word.clone(),
            Some(Value::Number(number)) => {
                let place = number.as_u64().and_then(|n| usize::try_from(n).ok());
                place
                    .and_then(|n| words.get(n))
                    .map_or_else(String::new, |w| (*w).to_owned())
            }
            Some(_) | None => String::new(),
        }
    };
    let direction = ["Disabled", "Inbound", "Outbound", "Bidirectional"];
    let direction = word(&trust.direction, direction);
    let kind = ["ParentChild", "CrossLink", "Forest", "External"];
    let kind = word(&trust.kind, kind);
    let same_forest = ["ParentChild", "TreeRoot", "CrossLink"].contains(&kind.as_str());
    let name = if same_forest {
        "SameForestTrust"
    } else {
        "CrossForestTrust"
    };
    if ["Inbound", "Bidirectional"].contains(&direction.as_str()) {
        inventory.link(target, name, domain);
        if !same_forest && trust.tgt_delegation_enabled == Some(true) {
            inventory.link(target, "AbuseTGTDelegation", domain);
        }
    }
    if ["Outbound", "Bidirectional"].contains(&direction.as_str()) {
        inventory.link(domain, name, target);
        match trust.sid_filtering_enabled {
            _ if same_forest => {}
            Some(true) => {}
            Some(false) => inventory.link(target, "SpoofSIDHistory", domain),
            None => {
                let why = "whether the trust filters former identities was not collected";
                inventory.link_unknown((target, "SpoofSIDHistory", domain), why);
            }
        }
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
