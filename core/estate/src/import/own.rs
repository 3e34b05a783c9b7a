//! Our own format as one inventory among others: an overlay says what no collector knows.
//!
//! Here an end of an edge may be any name that a single thing has, so that an overlay need not repeat ids
//! of other tools.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    inventory::{Inventory, Ix, Step},
    named::{Name, Told},
};
use keys::strange;

mod keys;

/// Adds a document, or a line of the form with one thing a line, of a file and a place in it.
///
/// # Errors
/// When it is of another form, or a part of it is.
pub(super) fn add(
    inventory: &mut Inventory,
    document: Value,
    at: (&str, &str),
) -> Result<(), String> {
    let Value::Object(mut document) = document else {
        return Err(NEITHER.to_owned());
    };
    let cordon = document.get("cordon").and_then(Value::as_str);
    if cordon.is_some_and(|cordon| !cordon.contains("estate/v1")) {
        return Err(format!(
            "expected `cordon: estate/v1`, found `{}`",
            cordon.unwrap_or_default()
        ));
    }
    let (mut is_ours, mut problems) = (cordon.is_some(), Vec::new());
    head(inventory, &document);
    for (many, one, add) in SECTIONS {
        let [list, single] = [many, one].map(|key| document.shift_remove(key));
        is_ours |= list.is_some() || single.is_some();
        let items = match list {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                problems.push(format!("expected a list in `{many}`"));
                Vec::new()
            }
        };
        let numbered = (1..).zip(items);
        let items = numbered.map(|(number, item)| (format!("{one} {number}"), item));
        let single = single.map(|item| (at.1.to_owned(), item));
        for (place, item) in items.chain(single) {
            if let Value::Object(item) = item {
                problems.extend(add(inventory, &item, (at.0, &place)).err());
            } else {
                problems.push(format!("expected a mapping for each {one}, found `{item}`"));
            }
        }
    }
    if !is_ours {
        return Err(NEITHER.to_owned());
    }
    let strange = strange(inventory, &keys::ESTATE, &document, at);
    inventory.strange.unite(&strange);
    if problems.is_empty() {
        return Ok(());
    }
    Err(problems.join("; "))
}

const NEITHER: &str = "neither an entity of a catalogue, which has `apiVersion: backstage.io/…`, nor a part of an estate";

/// Adds one thing.
type Add = fn(&mut Inventory, &Map<String, Value>, (&str, &str)) -> Result<(), String>;

/// The lists of an estate, what one of their things is called, and who adds it.
const SECTIONS: [(&str, &str, Add); 4] = [
    ("nodes", "node", node),
    ("edges", "edge", edge),
    ("services", "service", service),
    ("steps", "step", step),
];

fn head(inventory: &mut Inventory, document: &Map<String, Value>) {
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    let Some(name) = text("name") else {
        return;
    };
    let currency = text("currency").unwrap_or_default();
    let head = (name.to_owned(), currency.to_owned());
    let known = inventory.head.take();
    if known.as_ref().is_some_and(|known| *known != head) {
        let what = "inventories that name another organisation or currency, of which the first in order was kept";
        inventory.note("two-heads", what, name);
    }
    inventory.head = Some(known.map_or(head.clone(), |known| known.min(head)));
}

/// A text; a number or flag is taken as it is written, as whoever reads an estate takes it.
fn text<'v>(map: &'v Map<String, Value>, key: &str) -> Result<Cow<'v, str>, String> {
    word(map.get(key)).ok_or_else(|| format!("expected a single text in `{key}`"))
}

/// The text of a value, empty if there is none; none if it holds several.
fn word(value: Option<&Value>) -> Option<Cow<'_, str>> {
    match value {
        None | Some(Value::Null) => Some("".into()),
        Some(Value::String(text)) => Some(text.into()),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => Some(value.to_string().into()),
        Some(Value::Array(_) | Value::Object(_)) => None,
    }
}

/// A text that something must have.
fn needed<'v>(
    map: &'v Map<String, Value>,
    what: &str,
    key: &'static str,
) -> Result<Cow<'v, str>, String> {
    let found = text(map, key)?;
    if found.trim().is_empty() {
        return Err(format!("{what} needs a text as its `{key}`"));
    }
    Ok(found)
}

fn node(
    inventory: &mut Inventory,
    node: &Map<String, Value>,
    at: (&str, &str),
) -> Result<(), String> {
    let strange = strange(inventory, &keys::NODE, node, at);
    let id = needed(node, "a node", "id")?;
    let (kind, name) = (text(node, "kind")?, text(node, "name")?);
    let aliases = match node.get("aliases") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().map(|one| word(Some(one))).collect(),
        Some(_) => vec![None],
    };
    let aliases: Option<Vec<Cow<'_, str>>> = aliases.into_iter().collect();
    let aliases = aliases.ok_or("expected a list of texts in `aliases`")?;
    let ix = inventory.describe(&id, &kind);
    inventory.say_strange(ix, &strange);
    inventory.name(ix, &name);
    for alias in aliases {
        inventory.alias(ix, &alias);
    }
    if let Some(object) = inventory.get_mut(ix) {
        object.by_name = true;
    }
    if let Some(said) = node.get("jewel").filter(|jewel| !jewel.is_null()) {
        jewel(inventory, ix, said);
    }
    Ok(())
}

/// Says what the loss of something is; of two losses the higher counts.
pub(super) fn jewel(inventory: &mut Inventory, ix: Ix, jewel: &Value) {
    if let Some(object) = inventory.get_mut(ix) {
        let known = object.jewel.take().filter(|known| costlier(known, jewel));
        object.jewel = Some(known.unwrap_or_else(|| Box::new(jewel.clone())));
    }
}

fn edge(
    inventory: &mut Inventory,
    edge: &Map<String, Value>,
    at: (&str, &str),
) -> Result<(), String> {
    strange(inventory, &keys::EDGE, edge, at);
    let mut said = edge.clone();
    for key in ["from", "to", "kind", "unknown"] {
        said.shift_remove(key);
    }
    let said = (!said.is_empty()).then(|| Value::Object(said).to_string());
    let end = |key| Ok::<_, String>(Name::Either(needed(edge, "an edge", key)?));
    let (from, to) = (end("from")?, end("to")?);
    let why = text(edge, "unknown")?;
    let told = Told {
        name: &needed(edge, "an edge", "kind")?,
        walked: Some(true),
        said: said.as_deref(),
        why: Some(&*why).filter(|why| !why.is_empty()),
    };
    inventory.want((&from, &to), &told);
    Ok(())
}

fn service(
    inventory: &mut Inventory,
    service: &Map<String, Value>,
    at: (&str, &str),
) -> Result<(), String> {
    strange(inventory, &keys::SERVICE, service, at);
    let id = needed(service, "a service", "id")?.into_owned();
    let mut service = service.clone();
    service.shift_remove("id");
    inventory.say_service(&id, service);
    Ok(())
}

fn step(
    inventory: &mut Inventory,
    step: &Map<String, Value>,
    at: (&str, &str),
) -> Result<(), String> {
    strange(inventory, &keys::STEP, step, at);
    let id = needed(step, "a step", "id")?.into_owned().into();
    let text = serde_json::to_string(step)
        .map_err(|why| why.to_string())?
        .into();
    inventory.steps.push(Step { id, text });
    Ok(())
}

/// Whether the loss of the one is higher, as one that nobody can read is; of equal ones the lower text counts.
fn costlier(one: &Value, two: &Value) -> bool {
    let loss = |jewel: &Value| {
        jewel
            .get("loss")
            .and_then(Value::as_f64)
            .unwrap_or(f64::INFINITY)
    };
    let texts = (one.to_string(), two.to_string());
    loss(one) > loss(two) || loss(one) >= loss(two) && texts.0 <= texts.1
}
