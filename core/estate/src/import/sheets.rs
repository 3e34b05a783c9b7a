//! The two tables that a spreadsheet is enough for: `services.csv` and `dependencies.csv`.
//!
//! `service,name,loss_per_hour,protected,cover,ramp,care` and `service,needs,group,at_least`. Rows of one
//! group stand in for each other, and `at_least` says how many of them are needed. A row that the format of
//! estates would refuse is refused here, with its line.

use std::io;

use serde_json::{Map, Number, Value};

use crate::service;

use super::{
    inventory::{Inventory, Need},
    rows::{self, Row},
};

/// Adds every row of either table.
///
/// # Errors
/// When the table cannot be read.
pub(super) fn table(
    inventory: &mut Inventory,
    name: &str,
    input: impl io::Read,
) -> Result<(), csv::Error> {
    rows::each(inventory, name, input, |inventory, row| {
        if row.has("needs") {
            need(inventory, row)
        } else {
            service(inventory, row)
        }
    })
}

fn service(inventory: &mut Inventory, row: &Row<'_>) -> Result<(), String> {
    let id = row.cell("service");
    if id.is_empty() {
        return Err("no `service`".to_owned());
    }
    let mut said = Map::new();
    for key in ["name", "cover", "ramp", "care"] {
        if !row.cell(key).is_empty() {
            said.insert(key.to_owned(), Value::String(row.cell(key).to_owned()));
        }
    }
    let loss = row.cell("loss_per_hour");
    if !loss.is_empty() {
        let plain = loss.replace([' ', ','], "");
        let number: Number = serde_json::from_str(&plain)
            .map_err(|_why| format!("expected a number in `loss_per_hour`, found `{loss}`"))?;
        said.insert("loss_per_hour".to_owned(), Value::Number(number));
    }
    let protected = match row.cell("protected").to_lowercase().as_str() {
        "" => None,
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        other => {
            return Err(format!(
                "expected yes or no in `protected`, found `{other}`"
            ));
        }
    };
    if let Some(protected) = protected {
        said.insert("protected".to_owned(), Value::Bool(protected));
    }
    if let Some(problem) = service::problems(&said).into_iter().next() {
        return Err(problem);
    }
    inventory.say_service(id, said);
    Ok(())
}

fn need(inventory: &mut Inventory, row: &Row<'_>) -> Result<(), String> {
    let (who, what) = (row.cell("service"), row.cell("needs"));
    if who.is_empty() || what.is_empty() {
        return Err("no `service`, or nothing in `needs`".to_owned());
    }
    let group = row.cell("group");
    let at_least = match row.cell("at_least") {
        "" => None,
        number => Some(at_least(number)?),
    };
    if at_least.is_some() && group.is_empty() {
        return Err("`at_least` without `group`: of what?".to_owned());
    }
    inventory.say_service(who, Map::new());
    inventory.needs.push(Need {
        who: who.to_owned(),
        what: what.to_owned(),
        group: group.to_owned(),
        at_least,
    });
    Ok(())
}

fn at_least(number: &str) -> Result<u64, String> {
    let wrong = || format!("expected a whole number from 1 in `at_least`, found `{number}`");
    let count = number.parse().map_err(|_why| wrong())?;
    if count == 0 {
        return Err(wrong());
    }
    Ok(count)
}
