//! Our own format as one inventory among others: an overlay says what no collector knows.
//!
//! Here an end of an edge may be any name that a single thing has, so that an overlay need not repeat ids
//! of other tools.

use serde_json::{Map, Value};

use super::{
    inventory::{Inventory, Ix, Step},
    named::{Name, Told},
};

/// Adds a document, or a line of the form with one thing a line.
///
/// # Errors
/// When it is of another form, or a part of it is.
pub(super) fn add(inventory: &mut Inventory, document: &Value) -> Result<(), String> {
    let head = document.get("cordon").and_then(Value::as_str);
    if head.is_some_and(|head| !head.contains("estate/v1")) {
        return Err(format!(
            "expected `cordon: estate/v1`, found `{}`",
            head.unwrap_or_default()
        ));
    }
    let (mut is_ours, mut problems) = (head.is_some(), Vec::new());
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
        let (list, single) = (document.get(many), document.get(one));
        is_ours |= list.or(single).is_some();
        let items = list.and_then(Value::as_array);
        if list.is_some_and(|list| !list.is_null()) && items.is_none() {
            problems.push(format!("expected a list in `{many}`"));
        }
        for item in items.into_iter().flatten().chain(single) {
            match item.as_object() {
                Some(item) => add(inventory, item),
                None => problems.push(format!("expected a mapping for each {one}, found `{item}`")),
            }
        }
    }
    if is_ours && problems.is_empty() {
        return Ok(());
    }
    if is_ours {
        return Err(problems.join("; "));
    }
    Err("neither an entity of a catalogue, which has `apiVersion: backstage.io/…`, nor a part of an estate".to_owned())
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
    }
    if let Some(said) = node.get("jewel").filter(|jewel| !jewel.is_null()) {
        jewel(inventory, ix, said);
    }
}

/// Says what the loss of something is; of two losses the higher counts.
pub(super) fn jewel(inventory: &mut Inventory, ix: Ix, jewel: &Value) {
    if let Some(object) = inventory.get_mut(ix) {
        let known = object.jewel.take().filter(|known| costlier(known, jewel));
        object.jewel = Some(known.unwrap_or_else(|| Box::new(jewel.clone())));
    }
}

fn edge(inventory: &mut Inventory, edge: &Map<String, Value>) {
    let mut said = edge.clone();
    for key in ["from", "to", "kind", "unknown"] {
        said.remove(key);
    }
    let why = edge.get("unknown").and_then(Value::as_str);
    let said = (!said.is_empty()).then(|| Value::Object(said).to_string());
    let end = |key| Name::Either(text(edge, key).into());
    let told = Told {
        name: text(edge, "kind"),
        walked: Some(true),
        said: said.as_deref(),
        why,
    };
    inventory.want((&end("from"), &end("to")), &told);
}

fn service(inventory: &mut Inventory, service: &Map<String, Value>) {
    let id = text(service, "id").to_owned();
    let mut said = service.clone();
    said.remove("id");
    inventory.say_service(&id, said);
}

fn step(inventory: &mut Inventory, step: &Map<String, Value>) {
    inventory.steps.push(Step {
        id: text(step, "id").into(),
        text: Value::Object(step.clone()).to_string().into(),
    });
}

/// Whether the loss of the one is higher; of equal ones the lower text counts.
fn costlier(one: &Value, two: &Value) -> bool {
    let loss = |jewel: &Value| jewel.get("loss").and_then(Value::as_f64).unwrap_or(0.0);
    let texts = (one.to_string(), two.to_string());
    loss(one) > loss(two) || loss(one) >= loss(two) && texts.0 <= texts.1
}
