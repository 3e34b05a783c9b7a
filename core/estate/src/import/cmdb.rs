//! Relations between configuration items as ServiceNow exports them (`cmdb_rel_ci`), as CSV or from its
//! Table API.
//!
//! The type of a relation reads `<parent's word>::<child's word>`, and people fill the two columns in
//! either way. Which side needs the other is therefore asked of the user, on pairs that they know.

use std::io;

use serde_json::{Map, Value};

use super::{
    Direction,
    inventory::{Inventory, Need},
    rows,
};

/// One relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// In the column `parent`.
    pub parent: String,
    /// In the column `child`.
    pub child: String,
    /// What stands between them.
    pub relation: String,
}

/// Adds a record of the Table API.
///
/// # Errors
/// When it is neither a relation nor an item.
pub(super) fn json_record(inventory: &mut Inventory, text: &str) -> Result<(), String> {
    let record: Map<String, Value> = serde_json::from_str(text).map_err(|why| why.to_string())?;
    let shown = |key: &str| record.get(key).and_then(display).unwrap_or_default();
    row(inventory, &shown)
}

/// A field of a record: a text, or what stands for it for people.
fn display(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(map) => {
            let shown = ["display_value", "name", "value"];
            shown
                .iter()
                .find_map(|key| Some(map.get(*key)?.as_str()?.to_owned()))
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

/// Adds every row of a table.
///
/// # Errors
/// When the table cannot be read.
pub(super) fn table(
    inventory: &mut Inventory,
    name: &str,
    input: impl io::Read,
) -> Result<(), csv::Error> {
    rows::each(inventory, name, input, |inventory, cells| {
        row(inventory, &|key| cells.cell(key).to_owned())
    })
}

fn row(inventory: &mut Inventory, cell: &dyn Fn(&str) -> String) -> Result<(), String> {
    let (parent, child, relation) = (cell("parent"), cell("child"), cell("type"));
    if !parent.is_empty() && !child.is_empty() {
        inventory.pairs.push(Pair {
            parent,
            child,
            relation,
        });
        return Ok(());
    }
    let name = cell("name");
    let class = [cell("sys_class_name"), cell("class")].concat();
    if name.is_empty() || class.is_empty() {
        return Err("neither `parent` and `child` nor `name` and `sys_class_name`".to_owned());
    }
    let class = class.to_lowercase().replace([' ', '_'], "-");
    let class = class.strip_prefix("cmdb-ci-").unwrap_or(&class);
    if class.contains("service") || class.contains("business-app") {
        let said = inventory.services.entry(name.clone()).or_default();
        said.insert("name".to_owned(), Value::String(name));
        return Ok(());
    }
    let ix = inventory.describe(&name, class);
    if let Some(object) = inventory.get_mut(ix) {
        object.by_name = true;
    }
    for alias in [
        cell("fqdn"),
        cell("host_name"),
        cell("ip_address"),
        cell("dns_domain"),
    ] {
        if alias.contains('.') || alias.len() > 3 {
            inventory.alias(ix, &alias);
        }
    }
    Ok(())
}

/// Makes needs of the relations, once somebody said which side needs the other.
pub(super) fn close(inventory: &mut Inventory, direction: Direction) {
    for pair in std::mem::take(&mut inventory.pairs) {
        let (who, what) = match direction {
            Direction::ParentNeedsChild => (pair.parent, pair.child),
            Direction::ChildNeedsParent => (pair.child, pair.parent),
        };
        inventory.needs.push(Need {
            who,
            what,
            group: String::new(),
            at_least: None,
        });
    }
}
