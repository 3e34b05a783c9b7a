//! Certificate authorities: what they publish, where they run, how they are set up.

use crate::import::inventory::{Fact, Inventory, Ix};

use super::{
    named,
    shape::{CaRegistry, Object, Offered, Restriction},
};

/// Adds what an object says of an authority, if it is one.
pub(super) fn add(inventory: &mut Inventory, ix: Ix, object: &Object) {
    for template in &object.enabled_cert_templates.items {
        if let Some(template) = named(inventory, template) {
            inventory.guess_kind(template, "cert-template");
            inventory.link(template, "PublishedTo", ix);
        }
    }
    if let Some(host) = object
        .hosting_computer
        .as_deref()
        .filter(|id| !id.is_empty())
    {
        let host = inventory.object(host);
        inventory.guess_kind(host, "computer");
        inventory.link(host, "HostsCAService", ix);
    }
    if let Some(registry) = &object.ca_registry {
        registry_data(inventory, ix, registry, object);
    }
    endpoints(inventory, ix, object);
}

fn registry_data(inventory: &mut Inventory, ix: Ix, registry: &CaRegistry, object: &Object) {
    let values = [
        (
            "isuserspecifiessanenabled",
            &registry.is_user_specifies_san_enabled,
        ),
        ("disabledextensions", &registry.disabled_extensions),
    ];
    for (key, value) in values {
        if let Some(fact) = value.as_ref().and_then(|value| Fact::of(value.known()?)) {
            inventory.say(ix, key, fact);
        }
    }
    let agents = registry.enrollment_agent_restrictions.as_ref();
    let Some(agents) = agents.filter(|agents| agents.collected) else {
        return;
    };
    let any = Fact::Flag(!agents.items.is_empty());
    inventory.say(ix, "hasenrollmentagentrestrictions", any);
    for restriction in &agents.items {
        agent(inventory, restriction, object);
    }
}

fn agent(inventory: &mut Inventory, restriction: &Restriction, object: &Object) {
    let allowed = restriction.access_type.as_deref() == Some("AccessAllowedCallback");
    let Some(agent) = restriction.agent.as_ref().filter(|_| allowed) else {
        return;
    };
    let Some(agent) = named(inventory, agent) else {
        return;
    };
    let templates: Vec<&_> = if restriction.all_templates == Some(true) {
        object.enabled_cert_templates.items.iter().collect()
    } else {
        restriction.template.iter().collect()
    };
    for template in templates {
        if let Some(template) = named(inventory, template) {
            inventory.link(agent, "DelegatedEnrollmentAgent", template);
        }
    }
}

/// Whether certificates can be had over the web without a proof of the channel. They cannot if all pages are known, and
/// each of them asks for it.
fn endpoints(inventory: &mut Inventory, ix: Ix, object: &Object) {
    let pages = &object.http_enrollment_endpoints;
    let weak: Vec<Option<bool>> = pages
        .items
        .iter()
        .map(|page| is_weak(page.known()?))
        .collect();
    let any = weak.contains(&Some(true));
    let known = pages.lost.is_empty() && !weak.is_empty() && !weak.contains(&None);
    if any || known {
        inventory.say(ix, "hasvulnerableendpoint", Fact::Flag(any));
    }
}

/// Whether a page gives certificates to whoever passes on a sign-in; none if that is not known.
fn is_weak(page: &Offered) -> Option<bool> {
    let unproven = match (page.https, page.epa) {
        (Some(false), _) | (_, Some(true)) => Some(false),
        (Some(true), Some(false)) => Some(true),
        (Some(true) | None, None) | (None, Some(false)) => None,
    };
    match (page.http, unproven) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        (None, Some(false)) | (Some(false) | None, None) => None,
    }
}
