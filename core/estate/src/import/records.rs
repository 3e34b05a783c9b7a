//! Graphs as Neo4j exports them, one node or relationship a record, with labels and properties as
//! BloodHound keeps them: what ADSynth and older tools write.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{inventory::Inventory, opengraph};

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Record {
    Node {
        id: Value,
        #[serde(default)]
        labels: Vec<String>,
        #[serde(default)]
        properties: Option<Map<String, Value>>,
    },
    Relationship {
        label: String,
        start: End,
        end: End,
        #[serde(default)]
        properties: Option<Map<String, Value>>,
    },
}

#[derive(Deserialize)]
struct End {
    id: Value,
}

/// Adds a record; none if it is of another form.
pub(super) fn add(inventory: &mut Inventory, text: &str) -> Option<Result<(), String>> {
    let record: Record = serde_json::from_str(text).ok()?;
    match record {
        Record::Node {
            id,
            labels,
            properties,
        } => {
            let properties = properties.unwrap_or_default();
            let own = properties.get("objectid").and_then(Value::as_str);
            let number = id.to_string();
            let own = own.map_or_else(|| number.clone(), str::to_owned);
            inventory.numbers.insert(number, own.clone());
            opengraph::describe(inventory, &own, &labels, &properties);
        }
        Record::Relationship {
            label,
            start,
            end,
            properties,
        } => {
            if label.trim().is_empty() {
                return Some(Err("a relationship without a label".to_owned()));
            }
            let mut object = |end: &End| {
                let id = inventory.numbers.get(&end.id.to_string()).cloned();
                id.map(|id| inventory.object(&id))
            };
            let (Some(from), Some(to)) = (object(&start), object(&end)) else {
                let why = "a relationship that stands before its nodes, or without them";
                return Some(Err(why.to_owned()));
            };
            inventory.link(from, &label, to);
            let enforced = properties.and_then(|all| opengraph::enforced(&label, &all));
            if let Some(enforced) = enforced {
                inventory.link(from, enforced, to);
            }
        }
    }
    Some(Ok(()))
}
