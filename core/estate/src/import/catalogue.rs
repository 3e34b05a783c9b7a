//! Software catalogues as Backstage keeps them: what developers say their components need.
//!
//! Components and systems become services, resources become nodes, and who consumes an API needs the
//! component that provides it.

use cordon_text::Node;
use serde_json::{Value, json};

use crate::scalar::plain_value;

use super::inventory::{Inventory, Need};

/// Adds a document; whether it was one of a catalogue.
pub(super) fn add(inventory: &mut Inventory, document: &Node) -> bool {
    let is_ours = |version: &str| version.starts_with("backstage.io/");
    if !document
        .get("apiVersion")
        .and_then(Node::text)
        .is_some_and(is_ours)
    {
        return false;
    }
    let entity = plain_value(document);
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
    let (kind, name) = (text("/kind").unwrap_or_default(), text("/metadata/name"));
    let Some(name) = name else {
        inventory.note("unreadable", "entities without a name", kind);
        return true;
    };
    let space = text("/metadata/namespace").unwrap_or("default");
    let own = reference(&format!("{kind}:{space}/{name}"), kind, space);
    match kind.to_lowercase().as_str() {
        "component" | "system" | "api" => {
            let said = inventory.services.entry(own.clone()).or_default();
            let title = text("/metadata/title").unwrap_or(name);
            said.entry("name").or_insert_with(|| json!(title));
        }
        "resource" => {
            let type_of = text("/spec/type").unwrap_or("resource").to_lowercase();
            let ix = inventory.describe(&own, &crate::spelling::to_kebab(&type_of));
            inventory.alias(ix, name);
            if let Some(object) = inventory.get_mut(ix) {
                object.by_name = true;
            }
        }
        _ => {
            let what = "entities that run nothing, such as groups, users and locations";
            inventory.note("passed-over", what, &own);
            return true;
        }
    }
    let mut need = |who: &str, what: &str| {
        inventory.needs.push(Need {
            who: who.to_owned(),
            what: what.to_owned(),
            group: String::new(),
            at_least: None,
        });
    };
    let list = |key: &str| -> Vec<&str> {
        let list = entity.pointer(key).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    };
    for what in list("/spec/dependsOn") {
        need(&own, &reference(what, "component", space));
    }
    for who in list("/spec/dependencyOf") {
        need(&reference(who, "component", space), &own);
    }
    for api in list("/spec/consumesApis") {
        need(&own, &reference(api, "api", space));
    }
    for api in list("/spec/providesApis") {
        need(&reference(api, "api", space), &own);
    }
    if let Some(system) = text("/spec/system").filter(|_| kind.eq_ignore_ascii_case("component")) {
        need(&reference(system, "system", space), &own);
    }
    true
}

/// A reference to an entity, whole and in lower case.
fn reference(text: &str, kind: &str, space: &str) -> String {
    let (kind, rest) = text.split_once(':').unwrap_or((kind, text));
    let (space, name) = rest.split_once('/').unwrap_or((space, rest));
    format!("{kind}:{space}/{name}").to_lowercase()
}
