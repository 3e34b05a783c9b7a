//! Tables with a header, row by row.

use std::io::BufRead;

use super::inventory::Inventory;

/// One row, whose cells go by the names of their columns.
pub(super) struct Row<'r> {
    columns: &'r [String],
    record: &'r csv::StringRecord,
    separator: u8,
}

impl<'r> Row<'r> {
    /// Whether the table comes from where a comma parts decimals, so that its columns are parted otherwise.
    pub(super) fn has_decimal_commas(&self) -> bool {
        self.separator == b';'
    }

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
    mut input: impl BufRead,
    read: impl Fn(&mut Inventory, &Row<'_>) -> Result<(), String>,
) -> Result<(), csv::Error> {
    let beginning = input.fill_buf().map_err(csv::Error::from)?;
    let separator = separator(first_line(&String::from_utf8_lossy(beginning)));
    let mut reader = csv::ReaderBuilder::new();
    reader.flexible(true).delimiter(separator);
    let mut reader = reader.from_reader(input);
    let columns: Vec<String> = reader.headers()?.iter().map(column).collect();
    for record in reader.records() {
        let record = record?;
        let row = Row {
            columns: &columns,
            record: &record,
            separator,
        };
        if let Err(why) = read(inventory, &row) {
            let line = record.position().map_or(0, csv::Position::line);
            let place = (name, &*line.to_string(), &*why);
            inventory.unreadable("rows that could not be read", place);
        }
    }
    Ok(())
}

/// The line that names the columns.
pub(super) fn first_line(beginning: &str) -> &str {
    beginning.lines().next().unwrap_or_default()
}

/// What parts the columns that a line names. Spreadsheets take `;` where the comma parts decimals.
pub(super) fn separator(first: &str) -> u8 {
    let many = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    let found = [b',', b'\t', b';']
        .into_iter()
        .max_by_key(|separator| (many(*separator), *separator == b','));
    found.unwrap_or(b',')
}

/// The columns that a line names.
pub(super) fn columns(first: &str) -> Vec<String> {
    let cells = first.split(char::from(separator(first)));
    cells.map(|cell| column(cell.trim_matches('"'))).collect()
}

/// A column's name as ServiceNow's Table API has it.
pub(super) fn column(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
    name.strip_suffix(".name")
        .unwrap_or(&name)
        .replace(' ', "_")
}
