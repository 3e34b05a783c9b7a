//! The two tables that a spreadsheet is enough for: `services.csv` and `dependencies.csv`.
//!
//! `service,name,loss_per_hour,protected,cover,ramp,care` and `service,needs,group,at_least`. Rows of one
//! group stand in for each other, and `at_least` says how many of them are needed. A row that the format of
//! estates would refuse is refused here, with its line.

use std::io::BufRead;

use cordon_text::nearest;
use serde_json::{Map, Number, Value};

use crate::service;

use super::{
    inventory::{Inventory, Need},
    rows::{Row, Table},
};

/// Adds every row of either table.
///
/// # Errors
/// When the table cannot be read.
pub(super) fn table(
    inventory: &mut Inventory,
    name: &str,
    input: impl BufRead,
) -> Result<(), csv::Error> {
    let table = Table::open(input)?;
    let (own, other) = if table.columns().iter().any(|column| column == "needs") {
        (&NEED[..], &SERVICE[..])
    } else {
        (&SERVICE[..], &NEED[..])
    };
    for why in unread(inventory, name, (table.columns(), own, other)) {
        let what = "columns that could not be read";
        inventory.unreadable(what, (name, "1", &why));
    }
    table.each(inventory, name, |inventory, row| {
        row.in_one_line(own)?;
        if row.has("needs") {
            need(inventory, row)
        } else {
            service(inventory, row)
        }
    })
}

/// Columns of a table of services.
const SERVICE: [&str; 7] = [
    "service",
    "name",
    "loss_per_hour",
    "protected",
    "cover",
    "ramp",
    "care",
];

/// Columns of a table of what they need.
const NEED: [&str; 4] = ["service", "needs", "group", "at_least"];

/// Tells of columns in which nothing is read; which of them are probably a slip, and why.
fn unread(
    inventory: &mut Inventory,
    name: &str,
    (columns, own, other): (&[String], &[&str], &[&str]),
) -> Vec<String> {
    let mut slips = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let is = |known: &&str| *known == column;
        let twice = columns.iter().take(place).any(|before| before == column);
        let absent = |known: &&str| !columns.iter().any(|column| column == known);
        let known = own.iter().chain(other).copied();
        if column.is_empty() || own.iter().any(is) && !twice {
            continue;
        }
        if own.iter().any(is) {
            slips.push(format!("a second column `{column}`: of which is it read?"));
        } else if other.iter().any(is) {
            slips.push(format!(
                "`{column}` beside `needs`: what services are and what they need are two tables"
            ));
        } else if let Some(meant) = nearest(column, known.filter(absent)) {
            slips.push(format!(
                "unknown column `{column}`: did you mean `{meant}`?"
            ));
        } else {
            let what = "columns of tables in which nothing is read";
            inventory.note("unread-column", what, &format!("`{column}` of {name}"));
        }
    }
    slips
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
    let mut problems = Vec::new();
    let loss = row.cell("loss_per_hour");
    if !loss.is_empty() {
        match amount(loss, row) {
            Ok(number) => {
                said.insert("loss_per_hour".to_owned(), Value::Number(number));
            }
            Err(help) => problems.push(format!(
                "expected a number in `loss_per_hour`, found `{loss}`: {help}"
            )),
        }
    }
    match row.cell("protected").to_lowercase().as_str() {
        "" => {}
        "yes" | "true" | "1" => {
            said.insert("protected".to_owned(), Value::Bool(true));
        }
        "no" | "false" | "0" => {
            said.insert("protected".to_owned(), Value::Bool(false));
        }
        other => problems.push(format!(
            "expected yes or no in `protected`, found `{other}`"
        )),
    }
    problems.extend(service::problems(&said));
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }
    inventory.say_service(id, said);
    Ok(())
}

/// A number as spreadsheets show it: commas and spaces part thousands, a point parts decimals. Whatever may
/// be meant otherwise is refused, with what to write instead.
fn amount(text: &str, row: &Row<'_>) -> Result<Number, &'static str> {
    if row.has_decimal_commas() && is_either(text) {
        return Err(
            "in a table with `;` this may be thousands or decimals; write thousands without a separator, as in `1234`",
        );
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let parted = |c: char| c == ',' || c.is_whitespace();
    let (first, rest) = whole.split_once(parted).unwrap_or((whole, "000"));
    let is_parted = first.len() < whole.len();
    if is_parted && !(1..=3).contains(&first.len())
        || rest.split(parted).any(|part| part.len() != 3)
    {
        return Err(
            "a comma or space parts thousands; write decimals with a point, as in `1234.50`",
        );
    }
    let mut plain = whole.replace(parted, "");
    if !decimals.is_empty() {
        plain.push('.');
        plain.push_str(decimals);
    }
    serde_json::from_str(&plain).map_err(|_why| "write it in digits, as in `1234.50`")
}

/// Whether a single point or comma in a number may part thousands as well as decimals.
fn is_either(text: &str) -> bool {
    let mut parts = text.split([',', '.']).skip(1);
    parts.next().is_some_and(|last| last.len() == 3) && parts.next().is_none()
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
