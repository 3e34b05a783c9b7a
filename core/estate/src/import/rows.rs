//! Tables with a header, row by row.

use std::io;

use super::inventory::Inventory;

/// One row, whose cells go by the names of their columns.
pub(super) struct Row<'r> {
    columns: &'r [String],
    record: &'r csv::StringRecord,
}

impl<'r> Row<'r> {
    /// Whether the table has such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }

    /// What stands there, trimmed; empty if there is no such column, or the row ends before it.
    pub(super) fn cell(&self, column: &str) -> &'r str {
        let place = self.columns.iter().position(|known| known == column);
        let cell = place.and_then(|place| self.record.get(place));
        cell.unwrap_or_default().trim()
    }
}

/// Reads every row of a table; those that cannot be read are noted with their line.
///
/// # Errors
/// When the table cannot be read.
pub(super) fn each(
    inventory: &mut Inventory,
    name: &str,
    input: impl io::Read,
    read: impl Fn(&mut Inventory, &Row<'_>) -> Result<(), String>,
) -> Result<(), csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let columns: Vec<String> = reader.headers()?.iter().map(column).collect();
    for record in reader.records() {
        let record = record?;
        let row = Row {
            columns: &columns,
            record: &record,
        };
        if let Err(why) = read(inventory, &row) {
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

/// A column's name as ServiceNow's Table API has it.
pub(super) fn column(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
    name.strip_suffix(".name")
        .unwrap_or(&name)
        .replace(' ', "_")
}
