//! Our own format as one inventory among others: an overlay says what no collector knows.
//!
//! Here an end of an edge may be any name that a single thing has, so that an overlay need not repeat ids
//! of other tools.

use serde_json::{Map, Value};

use super::{
    inventory::Inventory,
    merge::{Name, Wanted},
};

/// Adds a document, or a line of the form with one thing a line.
pub(super) fn add(inventory: &mut Inventory, document: &Value) {
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    if let Some(name) = text("name") {
        let currency = text("currency").unwrap_or_default();
        let head = (name.to_owned(), currency.to_owned());
        let known = inventory.head.take();
        if known.as_ref().is_some_and(|known| *known != head) {
            let what = "inventories that name another organisation or currency, of which the first in order was kept";
            inventory.note("two-heads", what, name);
        }
        inventory.head = Some(known.map_or(head.clone(), |known| known.min(head)));
    }
    let sections = [
        (
            "nodes",
            "node",
            node as fn(&mut Inventory, &Map<String, Value>),
        ),
        ("edges", "edge", edge),
        ("services", "service", service),
        ("steps", "step", step),
    ];
    for (many, one, add) in sections {
        let list = document.get(many).and_then(Value::as_array);
        let items = list.into_iter().flatten().chain(document.get(one));
        items
            .filter_map(Value::as_object)
            .for_each(|item| add(inventory, item));
    }
}

fn text<'v>(map: &'v Map<String, Value>, key: &str) -> &'v str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn node(inventory: &mut Inventory, node: &Map<String, Value>) {
    let ix = inventory.describe(text(node, "id"), text(node, "kind"));
    inventory.name(ix, text(node, "name"));
    let aliases = node.get("aliases").and_then(Value::as_array);
    for alias in aliases.into_iter().flatten().filter_map(Value::as_str) {
        inventory.alias(ix, alias);
    }
    if let Some(object) = inventory.get_mut(ix) {
        object.by_name = true;
        if let Some(jewel) = node.get("jewel").filter(|jewel| !jewel.is_null()) {
            let known = object.jewel.take().filter(|known| costlier(known, jewel));
            object.jewel = Some(known.unwrap_or_else(|| jewel.clone()));
        }
    }
}

fn edge(inventory: &mut Inventory, edge: &Map<String, Value>) {
    let mut said = edge.clone();
    for key in ["from", "to", "kind", "unknown"] {
        said.remove(key);
    }
    let why = edge.get("unknown").and_then(Value::as_str);
    inventory.wanted.push(Wanted {
        why: why.map(Into::into),
        from: Name::Either(text(edge, "from").to_owned()),
        to: Name::Either(text(edge, "to").to_owned()),
        name: text(edge, "kind").into(),
        walked: Some(true),
        said: (!said.is_empty()).then(|| Value::Object(said).to_string().into()),
    });
}

fn service(inventory: &mut Inventory, service: &Map<String, Value>) {
    let id = text(service, "id").to_owned();
    let mut said = service.clone();
    said.remove("id");
    inventory.say_service(&id, said);
}

fn step(inventory: &mut Inventory, step: &Map<String, Value>) {
    inventory.steps.push(Value::Object(step.clone()));
}

/// Whether the loss of the one is higher; of equal ones the lower text counts.
fn costlier(one: &Value, two: &Value) -> bool {
    let loss = |jewel: &Value| jewel.get("loss").and_then(Value::as_f64).unwrap_or(0.0);
    let texts = (one.to_string(), two.to_string());
    loss(one) > loss(two) || loss(one) >= loss(two) && texts.0 <= texts.1
}
