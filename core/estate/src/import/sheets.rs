//! The two tables that a spreadsheet is enough for: `services.csv` and `dependencies.csv`.
//!
//! `service,name,loss_per_hour,protected,cover,ramp,care` and `service,needs,group,at_least`. Rows of one
//! group stand in for each other, and `at_least` says how many of them are needed.

use std::io;

use serde_json::{Map, Number, Value};

use super::{
    cmdb::column,
    inventory::{Inventory, Need},
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
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let columns: Vec<String> = reader.headers()?.iter().map(column).collect();
    let needs = columns.iter().any(|column| column == "needs");
    for record in reader.records() {
        let record = record?;
        let cell = |key: &str| {
            let place = columns.iter().position(|column| column == key);
            place
                .and_then(|place| record.get(place))
                .unwrap_or_default()
                .trim()
        };
        let done = if needs {
            need(inventory, &cell)
        } else {
            service(inventory, &cell)
        };
        if let Err(why) = done {
            let line = record.position().map_or(0, csv::Position::line);
            inventory.note(
                "unreadable",
                "rows that could not be read",
                &format!("{name}:{line}: {why}"),
            );
        }
    }
    Ok(())
}

fn service<'r>(inventory: &mut Inventory, cell: &dyn Fn(&str) -> &'r str) -> Result<(), String> {
    let id = cell("service");
    if id.is_empty() {
        return Err("no `service`".to_owned());
    }
    let mut said = Map::new();
    for key in ["name", "cover", "ramp", "care"] {
        if !cell(key).is_empty() {
            said.insert(key.to_owned(), Value::String(cell(key).to_owned()));
        }
    }
    let loss = cell("loss_per_hour");
    if !loss.is_empty() {
        let plain = loss.replace([' ', ','], "");
        let number: Number = serde_json::from_str(&plain)
            .map_err(|_why| format!("expected a number in `loss_per_hour`, found `{loss}`"))?;
        said.insert("loss_per_hour".to_owned(), Value::Number(number));
    }
    match cell("protected").to_lowercase().as_str() {
        "" => {}
        "yes" | "true" | "1" => drop(said.insert("protected".to_owned(), Value::Bool(true))),
        "no" | "false" | "0" => drop(said.insert("protected".to_owned(), Value::Bool(false))),
        other => {
            return Err(format!(
                "expected yes or no in `protected`, found `{other}`"
            ));
        }
    }
    inventory
        .services
        .entry(id.to_owned())
        .or_default()
        .extend(said);
    Ok(())
}

fn need<'r>(inventory: &mut Inventory, cell: &dyn Fn(&str) -> &'r str) -> Result<(), String> {
    let (who, what) = (cell("service"), cell("needs"));
    if who.is_empty() || what.is_empty() {
        return Err("no `service`, or nothing in `needs`".to_owned());
    }
    let at_least = match cell("at_least") {
        "" => None,
        number => Some(
            number
                .parse()
                .map_err(|_why| format!("expected a number in `at_least`, found `{number}`"))?,
        ),
    };
    inventory.services.entry(who.to_owned()).or_default();
    inventory.needs.push(Need {
        who: who.to_owned(),
        what: what.to_owned(),
        group: cell("group").to_owned(),
        at_least,
    });
    Ok(())
}
