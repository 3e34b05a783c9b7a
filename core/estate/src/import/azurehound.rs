//! Collections of Entra ID and Azure by AzureHound: one object or one list of rights an entry, each with the
//! word for what it is.
//!
//! Ids are written in capitals, as BloodHound has them, so that both exports speak of the same things. An
//! assignment that counts on what holds a resource is an edge there, and is counted here.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::{
    inventory::{Fact, Inventory, Ix},
    kind_word,
};
use rights::held;

mod rights;

/// One entry of `data`.
#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow)]
    kind: Cow<'t, str>,
    #[serde(borrow)]
    data: &'t RawValue,
}

/// What an entry holds.
struct Data<'d>(&'d Map<String, Value>);

impl Data<'_> {
    fn text(&self, key: &str) -> &str {
        text(self.0.get(key))
    }

    /// An id in capitals; empty if there is none.
    fn id(&self, key: &str) -> String {
        self.text(key).to_uppercase()
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key).and_then(Value::as_bool)
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// Adds an entry; none if the text is of another form.
pub(super) fn add(inventory: &mut Inventory, text: &str) -> Option<Result<(), String>> {
    let entry: Entry<'_> = serde_json::from_str(text).ok()?;
    if !entry.kind.starts_with("AZ") {
        return None;
    }
    let data: Map<String, Value> = match serde_json::from_str(entry.data.get()) {
        Ok(data) => data,
        Err(why) => return Some(Err(format!("{}: {why}", entry.kind))),
    };
    let data = Data(&data);
    if held(inventory, &entry.kind, &data) {
        return Some(Ok(()));
    }
    Some(object(inventory, &entry.kind, &data))
}

fn object(inventory: &mut Inventory, kind: &str, data: &Data<'_>) -> Result<(), String> {
    let (id, holder) = match kind {
        "AZTenant" => (data.id("tenantId"), String::new()),
        "AZApp" => (data.id("appId"), data.id("tenantId")),
        "AZRole" => (role(data.text("id"), data), data.id("tenantId")),
        "AZUser" | "AZGroup" | "AZDevice" | "AZServicePrincipal" | "AZSubscription"
        | "AZManagementGroup" => (data.id("id"), data.id("tenantId")),
        "AZResourceGroup" => (data.id("id"), subscription(data.text("subscriptionId"))),
        "AZKeyVault" => (data.id("id"), data.id("resourceGroup")),
        "AZVM"
        | "AZVMScaleSet"
        | "AZFunctionApp"
        | "AZWebApp"
        | "AZLogicApp"
        | "AZAutomationAccount"
        | "AZContainerRegistry"
        | "AZManagedCluster"
        | "AZStorageAccount"
        | "AZEntraDS" => (data.id("id"), data.id("resourceGroupId")),
        "AZStorageContainer" => (data.id("id"), data.id("storageAccountId")),
        _ => {
            let what = "entries of AzureHound of a kind that is not known";
            inventory.note("passed-over", what, kind);
            return Ok(());
        }
    };
    if id.trim().is_empty() {
        return Err(format!("{kind} without an id"));
    }
    let ix = inventory.describe(&id, &kind_word(kind));
    inventory.add_kinds(ix, &[kind.to_owned()]);
    if !holder.is_empty() {
        let holder = inventory.object(&holder);
        inventory.link(holder, "AZContains", ix);
    }
    facts(inventory, ix, data);
    match kind {
        "AZServicePrincipal" => runs_as(inventory, ix, data),
        // Roles over one application name it by this id, and everything else by the other.
        "AZApp" => inventory.say(ix, "objectid", Fact::Text(data.id("id").into())),
        "AZEntraDS" => {
            let own = data.0.get("properties").and_then(|own| own.get("tenantId"));
            if let Some(tenant) = own.and_then(Fact::of) {
                inventory.say(ix, "tenantid", tenant);
            }
        }
        "AZManagedCluster" => nodes_of(inventory, ix, data),
        // A group that nobody made for roles is written without the property.
        "AZGroup" => {
            let assignable = data.flag("isAssignableToRole").unwrap_or(false);
            inventory.say(ix, "isassignabletorole", Fact::Flag(assignable));
        }
        _ => {}
    }
    identities(inventory, ix, data);
    Ok(())
}

/// Properties that rules ask for, by AzureHound's names and by BloodHound's.
const FACTS: [(&str, &str); 7] = [
    ("accountEnabled", "enabled"),
    ("onPremisesSecurityIdentifier", "onpremid"),
    ("onPremisesSyncEnabled", "onpremsyncenabled"),
    ("operatingSystem", "operatingsystem"),
    ("templateId", "templateid"),
    ("tenantId", "tenantid"),
    ("servicePrincipalType", "serviceprincipaltype"),
];

fn facts(inventory: &mut Inventory, ix: Ix, data: &Data<'_>) {
    for (theirs, ours) in FACTS {
        if let Some(fact) = data.0.get(theirs).and_then(Fact::of) {
            inventory.say(ix, ours, fact);
        }
    }
    let names = ["userPrincipalName", "displayName", "name"];
    let name = names.into_iter().map(|key| data.text(key));
    if let Some(name) = name.into_iter().find(|name| !name.is_empty()) {
        inventory.name(ix, name);
    }
    for alias in ["userPrincipalName", "mail", "appId"] {
        inventory.alias(ix, data.text(alias));
    }
}

/// The id of a role in a tenant.
fn role(id: &str, data: &Data<'_>) -> String {
    match id {
        "" => String::new(),
        id => format!("{id}@{}", data.text("tenantId")).to_uppercase(),
    }
}

/// The id of a subscription, which some entries shorten.
fn subscription(id: &str) -> String {
    match id {
        "" => String::new(),
        id if id.contains('/') => id.to_uppercase(),
        id => format!("/subscriptions/{id}").to_uppercase(),
    }
}

/// The application that a service principal stands for.
fn runs_as(inventory: &mut Inventory, ix: Ix, data: &Data<'_>) {
    let id = data.id("appId");
    if id.is_empty() {
        return;
    }
    let app = inventory.object(&id);
    inventory.guess_kind(app, "az-app");
    inventory.name(app, data.text("appDisplayName"));
    inventory.link(app, "AZRunsAs", ix);
}

/// The group that a cluster keeps its machines in.
fn nodes_of(inventory: &mut Inventory, ix: Ix, data: &Data<'_>) {
    let own = data.0.get("properties");
    let name = text(own.and_then(|own| own.get("nodeResourceGroup"))).to_uppercase();
    let group = data.id("resourceGroupId");
    let Some((subscription, _)) = group.split_once("/RESOURCEGROUPS/") else {
        return;
    };
    if !name.is_empty() {
        let group = inventory.object(&format!("{subscription}/RESOURCEGROUPS/{name}"));
        inventory.guess_kind(group, "az-resource-group");
        inventory.link(ix, "AZNodeResourceGroup", group);
    }
}

/// Identities that whoever holds a resource acts as.
fn identities(inventory: &mut Inventory, ix: Ix, data: &Data<'_>) {
    let Some(identity) = data.0.get("identity") else {
        return;
    };
    let assigned = identity
        .get("userAssignedIdentities")
        .and_then(Value::as_object);
    let assigned = assigned.into_iter().flat_map(Map::values);
    for one in assigned.chain([identity]) {
        let id = text(one.get("principalId")).to_uppercase();
        if !id.is_empty() {
            let principal = inventory.object(&id);
            inventory.guess_kind(principal, "az-service-principal");
            inventory.link(ix, "AZManagedIdentity", principal);
        }
    }
}
