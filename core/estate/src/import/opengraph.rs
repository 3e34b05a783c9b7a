//! BloodHound's generic form for graphs, as GitHound, OktaHound, ADSynth and collectors of one's own
//! write it.
//!
//! Nodes have up to three kinds, of which the first is the most telling. Ends of edges name a node by id,
//! by name or by properties, perhaps among those of a kind; a name that two nodes have relates nothing and is
//! counted. Graphs that Cordon itself wrote are read back as they were.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    graph_out::opengraph_id,
    inventory::{Fact, Inventory},
    kind_word,
    named::{Matched, Name, Told},
    numbers, own,
};

#[derive(Deserialize)]
struct Node {
    #[serde(alias = "objectid")]
    id: Value,
    #[serde(default, alias = "labels")]
    kinds: Vec<String>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Edge {
    #[serde(alias = "label", alias = "type")]
    kind: String,
    start: End,
    end: End,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct End {
    #[serde(default)]
    match_by: Option<String>,
    #[serde(default)]
    value: Option<Value>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    property_matchers: Vec<Matcher>,
}

#[derive(Deserialize)]
struct Matcher {
    key: String,
    value: Value,
}

/// Kinds that every object of a source has, and that therefore say least.
const VAGUE: [&str; 3] = ["Base", "AZBase", "Entity"];

/// Adds a node.
///
/// # Errors
/// When the text is none.
pub(super) fn node(inventory: &mut Inventory, text: &str) -> Result<(), String> {
    let node: Node = serde_json::from_str(text).map_err(|why| why.to_string())?;
    let id = word(&node.id).filter(|id| !id.trim().is_empty());
    let id = id.ok_or("a node without an id")?;
    let properties = node.properties.unwrap_or_default();
    let own = properties.get(OWN_ID).and_then(Value::as_str);
    let own = own.filter(|own| id == opengraph_id(own));
    let named = properties.get("objectid").and_then(Value::as_str);
    let named = own.or(named.filter(|named| !named.is_empty()));
    let named = named.unwrap_or(&id);
    match own {
        Some(own) => own_node(inventory, own, &properties),
        None => describe(inventory, named, &node.kinds, &properties),
    }
    if named.to_uppercase() == id.to_uppercase() {
        let ix = inventory.object(&id);
        numbers::stands_for_itself(inventory, ix);
    } else {
        numbers::stands_for(inventory, &id, named);
    }
    Ok(())
}

/// The property with the id that a node has in an estate of ours.
pub(super) const OWN_ID: &str = "cordon_id";

/// The property with the kind that a node or an edge has in an estate of ours. An edge that has it goes by it, as in an
/// estate: rules speak of what collectors found, and were applied when it was written.
pub(super) const OWN_KIND: &str = "cordon_kind";

/// The property with the reason why an edge is not known.
pub(super) const UNKNOWN: &str = "cordon_unknown";

/// The property with the other names of a node of ours.
pub(super) const OWN_ALIASES: &str = "cordon_aliases";

/// The property with what the loss of a node of ours is, as JSON: the form knows no objects within objects.
pub(super) const OWN_JEWEL: &str = "cordon_jewel";

/// The property with what else was said of an edge, as JSON.
pub(super) const SAID: &str = "cordon_said";

/// Adds a node that Cordon wrote.
fn own_node(inventory: &mut Inventory, id: &str, properties: &Map<String, Value>) {
    let text = |key: &str| properties.get(key).and_then(Value::as_str);
    let ix = inventory.describe(id, text(OWN_KIND).unwrap_or_default());
    if let Some(name) = text("name").filter(|name| *name != id) {
        inventory.name(ix, name);
    }
    let aliases = properties.get(OWN_ALIASES).and_then(Value::as_array);
    for alias in aliases.into_iter().flatten().filter_map(Value::as_str) {
        inventory.alias(ix, alias);
    }
    if let Some(Ok(jewel)) = text(OWN_JEWEL).map(serde_json::from_str) {
        own::jewel(inventory, ix, &jewel);
    }
}

/// Adds a node with kinds and properties as BloodHound has them.
pub(super) fn describe(
    inventory: &mut Inventory,
    id: &str,
    kinds: &[String],
    properties: &Map<String, Value>,
) {
    let telling = kinds.iter().find(|kind| !VAGUE.contains(&kind.as_str()));
    let kind = telling.or(kinds.first()).map_or("unknown", String::as_str);
    let ix = inventory.describe(id, &kind_word(kind));
    inventory.add_kinds(ix, kinds);
    for (key, value) in properties {
        let text = value.as_str();
        match (key.as_str(), text) {
            ("name" | "displayname", Some(name)) => {
                inventory.name(ix, name);
                inventory.alias(ix, name);
            }
            ("login" | "email" | "userprincipalname" | "samaccountname" | "upn", Some(alias)) => {
                inventory.alias(ix, alias);
            }
            _ => {}
        }
        if let Some(fact) = Fact::of(value) {
            inventory.say(ix, &key.to_lowercase(), fact);
        }
    }
}

/// Adds an edge.
///
/// # Errors
/// When the text is none, or names an end in a way that is not known.
pub(super) fn edge(inventory: &mut Inventory, text: &str) -> Result<(), String> {
    let edge: Edge = serde_json::from_str(text).map_err(|why| why.to_string())?;
    if edge.kind.trim().is_empty() {
        return Err("an edge without a kind".to_owned());
    }
    let properties = edge.properties.unwrap_or_default();
    let walked = properties.get("traversable").and_then(Value::as_bool);
    let why = properties.get(UNKNOWN).and_then(Value::as_str);
    let said = properties.get(SAID).and_then(Value::as_str);
    let said = said.and_then(|said| serde_json::from_str::<Value>(said).ok());
    let said = said.map(|said| said.to_string());
    let own = properties.get(OWN_KIND).and_then(Value::as_str);
    let kind = own.unwrap_or(&edge.kind);
    for name in std::iter::once(kind).chain(enforced(kind, &properties)) {
        let told = Told {
            name,
            walked,
            said: said.as_deref(),
            why,
        };
        numbers::relate(inventory, [end(&edge.start)?, end(&edge.end)?], &told);
    }
    Ok(())
}

/// The relation that a policy has besides its link if the link goes past units that block inheritance.
pub(super) fn enforced(kind: &str, properties: &Map<String, Value>) -> Option<&'static str> {
    let enforced = properties.get("enforced").and_then(Value::as_bool);
    (enforced == Some(true) && kind == "GPLink").then_some("GPLinkEnforced")
}

fn end(end: &End) -> Result<Name<'_>, String> {
    let value = || {
        let value = end.value.as_ref().ok_or("an end without a value")?;
        let value = word(value).ok_or("an end whose value is no text")?;
        let said = Some(value).filter(|value| !value.trim().is_empty());
        said.ok_or_else(|| "an end without a value".to_owned())
    };
    match end.match_by.as_deref().unwrap_or("id") {
        "id" => Ok(Name::Number(value()?)),
        "name" => Ok(match &end.kind {
            Some(kind) => Name::CalledOf(value()?, kind.into()),
            None => Name::Called(value()?),
        }),
        "property" => {
            let facts = end.property_matchers.iter().filter_map(|matcher| {
                Some((matcher.key.to_lowercase(), Fact::of(&matcher.value)?))
            });
            let facts: Vec<_> = facts.collect();
            if facts.is_empty() {
                return Err("an end matched by no property".to_owned());
            }
            let kind = end.kind.clone();
            Ok(Name::With(Cow::Owned(Matched { facts, kind })))
        }
        other => Err(format!(
            "an end matched by `{other}`; known are id, name and property"
        )),
    }
}

fn word(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
