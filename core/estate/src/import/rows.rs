//! Tables with a header, row by row.

use std::io::{self, BufRead, Read};

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

    /// Whether none of these cells holds a line break: names do not, and a quote left open does.
    ///
    /// # Errors
    /// The first one that does.
    pub(super) fn in_one_line(&self, columns: &[&str]) -> Result<(), String> {
        match columns
            .iter()
            .find(|column| self.cell(column).contains(['\n', '\r']))
        {
            Some(column) => Err(format!("a line break in `{column}`: is a quote left open?")),
            None => Ok(()),
        }
    }

    /// Whether each cell has a column.
    fn fits(&self) -> Result<(), String> {
        let (cells, columns) = (self.record.len(), self.columns.len());
        let mut beyond = self.record.iter().skip(columns);
        if beyond.any(|cell| !cell.trim().is_empty()) {
            return Err(format!(
                "{cells} cells for {columns} columns: put what holds the separator in quotes"
            ));
        }
        Ok(())
    }
}

/// A table whose columns are known, and whose rows are still to be read.
pub(super) struct Table<R> {
    columns: Vec<String>,
    reader: csv::Reader<Tail<R>>,
    separator: u8,
}

impl<R: BufRead> Table<R> {
    /// Reads the line that names the columns.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(mut input: R) -> Result<Self, csv::Error> {
        let beginning = input.fill_buf().map_err(csv::Error::from)?;
        let separator = separator(first_line(&String::from_utf8_lossy(beginning)));
        let mut reader = csv::ReaderBuilder::new();
        reader.flexible(true).delimiter(separator);
        let mut reader = reader.from_reader(Tail {
            input,
            last: 0,
            ended: false,
        });
        let columns = reader.headers()?.iter().map(column).collect();
        Ok(Self {
            columns,
            reader,
            separator,
        })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Reads every row; those that cannot be read are noted with their line.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn each(
        mut self,
        inventory: &mut Inventory,
        name: &str,
        read: impl Fn(&mut Inventory, &Row<'_>) -> Result<(), String>,
    ) -> Result<(), csv::Error> {
        let mut record = csv::StringRecord::new();
        while self.reader.read_record(&mut record)? {
            let row = Row {
                columns: &self.columns,
                record: &record,
                separator: self.separator,
            };
            let whole = self.is_closed(&record).and_then(|()| row.fits());
            if let Err(why) = whole.and_then(|()| read(inventory, &row)) {
                let line = record.position().map_or(0, csv::Position::line);
                let place = (name, &*line.to_string(), &*why);
                inventory.unreadable("rows that could not be read", place);
            }
        }
        Ok(())
    }

    /// Whether every quote was closed. One that was not takes all that follows into its cell.
    fn is_closed(&self, record: &csv::StringRecord) -> Result<(), String> {
        let is_open = {
            let tail = self.reader.get_ref();
            tail.ended && tail.last != b'"'
        };
        let last = record.iter().next_back().unwrap_or_default();
        if is_open && last.contains('\n') {
            let lines = last.lines().count();
            return Err(format!(
                "nothing closes a quote that begins here, and {lines} lines are one cell"
            ));
        }
        Ok(())
    }
}

/// An input, and how it ends.
struct Tail<R> {
    input: R,
    /// The last byte that ends no line.
    last: u8,
    /// Whether nothing follows.
    ended: bool,
}

impl<R: BufRead> Read for Tail<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(to)?;
        let mut read = to.iter().take(length).rev();
        if let Some(last) = read.find(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.last = *last;
        }
        self.ended = length == 0;
        Ok(length)
    }
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
