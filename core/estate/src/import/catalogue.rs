//! Software catalogues as Backstage keeps them: what developers say their components need.
//!
//! Components and systems become services, resources become nodes, and who consumes an API needs the
//! component that provides it. A system needs what says that it belongs to it, and a component its parts.

use cordon_text::Node;
use serde_json::{Map, Value, json};

use crate::scalar::plain_value;

use super::inventory::{Inventory, Need};

/// Adds a document; none if it is of no catalogue.
pub(super) fn add(inventory: &mut Inventory, document: &Node) -> Option<Result<(), String>> {
    let is_ours = |version: &str| version.starts_with("backstage.io/");
    if !document
        .get("apiVersion")
        .and_then(Node::text)
        .is_some_and(is_ours)
    {
        return None;
    }
    let entity = plain_value(document);
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
    let (kind, name) = (text("/kind").unwrap_or_default(), text("/metadata/name"));
    let Some(name) = name else {
        return Some(Err(format!(
            "an entity without `metadata.name`, of kind `{kind}`"
        )));
    };
    let space = text("/metadata/namespace").unwrap_or("default");
    let own = reference(&format!("{kind}:{space}/{name}"), kind, space);
    match kind.to_lowercase().as_str() {
        "component" | "system" | "api" => {
            let title = text("/metadata/title").unwrap_or(name);
            let title = Map::from_iter([("name".to_owned(), json!(title))]);
            inventory.say_service(&own, title);
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
            return Some(Ok(()));
        }
    }
    let unread = needs(inventory, &entity, (&own, space));
    Some(if unread.is_empty() {
        Ok(())
    } else {
        Err(format!("{own}: {}", unread.join("; ")))
    })
}

/// Adds what an entity says that it needs, or that others need it for; what of that is no reference.
fn needs(inventory: &mut Inventory, entity: &Value, (own, space): (&str, &str)) -> Vec<String> {
    let mut unread = Vec::new();
    let mut need = |who: &str, what: &str| {
        inventory.needs.push(Need {
            who: who.to_owned(),
            what: what.to_owned(),
            group: String::new(),
            at_least: None,
        });
    };
    let mut list = |key: &str| -> Vec<&str> {
        let list = match entity.pointer(key) {
            Some(Value::Array(list)) => list.as_slice(),
            Some(Value::Null) | None => &[],
            Some(one) => std::slice::from_ref(one),
        };
        let mut names = Vec::new();
        for item in list {
            match item.as_str().filter(|name| !name.trim().is_empty()) {
                Some(name) => names.push(name),
                None => unread.push(format!(
                    "expected a reference such as `resource:default/orders` in `{}`, found `{item}`",
                    key.rsplit('/').next().unwrap_or(key),
                )),
            }
        }
        names
    };
    for what in list("/spec/dependsOn") {
        need(own, &reference(what, "component", space));
    }
    for who in list("/spec/dependencyOf") {
        need(&reference(who, "component", space), own);
    }
    for api in list("/spec/consumesApis") {
        need(own, &reference(api, "api", space));
    }
    for api in list("/spec/providesApis") {
        need(&reference(api, "api", space), own);
    }
    for system in list("/spec/system") {
        need(&reference(system, "system", space), own);
    }
    for whole in list("/spec/subcomponentOf") {
        need(&reference(whole, "component", space), own);
    }
    unread
}

/// A reference to an entity, whole and in lower case.
fn reference(text: &str, kind: &str, space: &str) -> String {
    let (kind, rest) = text.split_once(':').unwrap_or((kind, text));
    let (space, name) = rest.split_once('/').unwrap_or((space, rest));
    format!("{kind}:{space}/{name}").to_lowercase()
}
