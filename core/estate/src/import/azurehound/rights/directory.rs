//! Rights in the tenant itself: roles, who may take one up and who agrees to it, permissions of applications, and
//! what may sign in as one.

use serde_json::Value;

use crate::import::{
    azurehound::{Data, role, text},
    inventory::{Fact, Inventory},
};

use super::{
    entries, guess, related,
    tables::{INTERFACE, OVER_APPS, PERMISSIONS},
};

/// Adds an entry of such rights; whether it is one.
pub(super) fn held(inventory: &mut Inventory, kind: &str, data: &Data<'_>) -> bool {
    match kind {
        "AZRoleAssignment" => roles(inventory, data),
        "AZRoleEligibilityScheduleInstance" => eligible(inventory, data),
        "AZRoleManagementPolicyAssignment" => policy(inventory, data),
        "AZAppRoleAssignment" => permission(inventory, data),
        "AZOAuth2PermissionGrant" => consent(inventory, data),
        "AZFederatedIdentityCredential" => federated(inventory, data),
        _ => return false,
    }
    true
}

fn roles(inventory: &mut Inventory, data: &Data<'_>) {
    for entry in entries(inventory, data, ("AZRoleAssignment", &["roleAssignments"])) {
        let of = |key: &str| text(entry.get(key));
        let definition = match of("roleDefinitionId") {
            "" => data.text("roleDefinitionId"),
            own => own,
        };
        let role = role(definition, data);
        let principal = of("principalId").to_uppercase();
        let scope = of("directoryScopeId").trim_start_matches('/');
        if let Some(right) = over_app(definition).filter(|_| !scope.is_empty()) {
            related(inventory, (&principal, right, &scope.to_uppercase()));
        } else {
            within(inventory, (&principal, "AZHasRole", &role), scope);
        }
    }
}

fn over_app(definition: &str) -> Option<&'static str> {
    let over = OVER_APPS
        .iter()
        .find(|(id, _)| id.eq_ignore_ascii_case(definition));
    over.map(|(_, right)| *right)
}

/// A relation to a role that counts in a part of the tenant only, or in all of it if none is named.
fn within(inventory: &mut Inventory, (from, right, to): (&str, &str, &str), scope: &str) {
    if scope.is_empty() {
        related(inventory, (from, right, to));
        return;
    }
    let why = format!("the role counts in {scope} only, and what lies there was not collected");
    doubted(inventory, (from, right, to), &why);
}

/// The same for what is not known to be so.
fn doubted(inventory: &mut Inventory, (from, right, to): (&str, &str, &str), why: &str) {
    if from.is_empty() || to.is_empty() {
        related(inventory, (from, right, to));
        return;
    }
    let (from, to) = (inventory.object(from), inventory.object(to));
    inventory.link_unknown((from, right, to), why);
}

fn eligible(inventory: &mut Inventory, data: &Data<'_>) {
    let role = role(data.text("roleDefinitionId"), data);
    let scope = data.text("directoryScopeId").trim_start_matches('/');
    let told = (&*data.id("principalId"), "AZRoleEligible", &*role);
    within(inventory, told, scope);
}

/// What must happen before somebody takes up a role. A policy that does not ask for agreement leaves the key out.
fn policy(inventory: &mut Inventory, data: &Data<'_>) {
    let role = role(data.text("roleDefinitionId"), data);
    if role.is_empty() {
        related(inventory, ("", "AZRoleApprover", ""));
        return;
    }
    let asks = data
        .flag("endUserAssignmentRequiresApproval")
        .unwrap_or(false);
    let ix = inventory.object(&role);
    inventory.say(ix, "requiresapproval", Fact::Flag(asks));
    if !asks {
        return;
    }
    let lists = [
        ("endUserAssignmentUserApprovers", "user"),
        ("endUserAssignmentGroupApprovers", "group"),
    ];
    for (key, kind) in lists {
        let ids = data.0.get(key).and_then(Value::as_array);
        for id in ids.into_iter().flatten() {
            let id = text(Some(id)).to_uppercase();
            related(inventory, (&id, "AZRoleApprover", &role));
            guess(inventory, &id, Some(kind));
        }
    }
}

fn permission(inventory: &mut Inventory, data: &Data<'_>) {
    let id = data.text("appRoleId");
    let known = PERMISSIONS
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(id));
    let (of, to) = (data.text("appId"), data.text("principalType"));
    let ours = of.is_empty() || of.eq_ignore_ascii_case(INTERFACE);
    let by_app = to.is_empty() || to.eq_ignore_ascii_case("ServicePrincipal");
    let Some((_, right)) = known.filter(|_| ours && by_app) else {
        let what = "permissions of applications of which no rule knows where they lead";
        inventory.note("passed-over", what, id);
        return;
    };
    let ids = [data.id("principalId"), data.id("resourceId")];
    for id in &ids {
        guess(inventory, id, Some("servicePrincipal"));
    }
    let [from, to] = ids;
    related(inventory, (&from, right, &to));
    let tenant = data.id("tenantId");
    if !tenant.is_empty() && !to.is_empty() {
        related(inventory, (&to, "InTenant", &tenant));
    }
}

/// What people let an application do in their names.
fn consent(inventory: &mut Inventory, data: &Data<'_>) {
    let scopes = data.text("scope");
    if !scopes.split_whitespace().any(leads_on) {
        let what = "permissions to act for people that sign them in or read what is open to all";
        inventory.note("passed-over", what, scopes);
        return;
    }
    let client = data.id("clientId");
    if data.text("consentType").eq_ignore_ascii_case("Principal") {
        let person = data.id("principalId");
        related(inventory, (&client, "AZActsFor", &person));
        guess(inventory, &person, Some("user"));
    } else {
        let why = "who signs in to the application was not collected";
        let told = (&*client, "AZConsentedForAll", &*data.id("tenantId"));
        doubted(inventory, told, why);
    }
    guess(inventory, &client, Some("servicePrincipal"));
}

/// Words of permissions that only sign somebody in.
const SIGN_IN: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What people keep for themselves: reading it is worth something.
const PRIVATE: [&str; 6] = ["mail", "files", "sites", "chat", "notes", "calendars"];

/// Whether a permission to act for people leads on: unless it signs in or reads what everybody may, it does.
fn leads_on(scope: &str) -> bool {
    let scope = scope.to_lowercase();
    let mut parts = scope.split('.');
    let what = parts.next().unwrap_or_default();
    let reads = parts.next().is_some_and(|how| how.starts_with("read"));
    let writes = scope.contains("write");
    let open = reads && !writes && !PRIVATE.iter().any(|own| what.starts_with(own));
    !open && !SIGN_IN.contains(&&*scope)
}

/// What signs in as an application without a secret of it: a workload that another issuer vouches for.
fn federated(inventory: &mut Inventory, data: &Data<'_>) {
    for entry in entries(
        inventory,
        data,
        ("AZFederatedIdentityCredential", &["fics"]),
    ) {
        let own = entry.get("fic").unwrap_or(entry);
        let app = match text(entry.get("appId")) {
            "" => data.id("appId"),
            id => id.to_uppercase(),
        };
        let of = |key: &str| text(own.get(key));
        let (issuer, subject) = (of("issuer"), of("subject"));
        let vouched = is_entra(issuer) && !subject.is_empty();
        let id = if vouched { subject } else { of("id") };
        let id = id.to_uppercase();
        related(inventory, (&id, "AZAuthenticatesTo", &app));
        guess(inventory, &app, Some("app"));
        if vouched {
            guess(inventory, &id, Some("servicePrincipal"));
            continue;
        }
        if id.is_empty() {
            continue;
        }
        let ix = inventory.describe(&id, "az-federated-identity-credential");
        inventory.add_kinds(ix, &["AZFederatedIdentityCredential".to_owned()]);
        let by = own.pointer("/claimsMatchingExpression/value");
        let who = if subject.is_empty() {
            text(by)
        } else {
            subject
        };
        inventory.name(ix, &format!("{who} of {issuer}"));
        inventory.alias(ix, who);
    }
}

/// Whether a tenant vouches for it, so that the subject is an identity of that tenant.
fn is_entra(issuer: &str) -> bool {
    let host = issuer.strip_prefix("https://").unwrap_or(issuer);
    let host = host.split('/').next().unwrap_or_default();
    ["login.microsoftonline.com", "sts.windows.net"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(host))
}
