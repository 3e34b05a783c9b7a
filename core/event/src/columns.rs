//! Rows of values below a row of names, straight into records.
//!
//! The record keeps the row, and values that are parts of it are not copied again; the names of all columns are
//! written behind it at once, since every row has the same.

use std::borrow::Cow;

use cordon_model::{Key, NameHash, Record, Shape, Span};

/// The names of a table's columns, each once.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    names: Vec<String>,
    /// All of them one after another, and where each stands in that.
    written: String,
    places: Vec<(Span, NameHash)>,
}

/// The name of a column, where it stands in a record.
pub(crate) struct Name(Span, NameHash);

impl Name {
    /// As that of a value in the record.
    #[inline]
    pub(crate) fn of(&self, record: &Record) -> Key {
        record.named_as(self.0, self.1)
    }
}

/// The name of values that have none.
pub(crate) const MORE: &str = "more";

/// What becomes of a value.
pub(crate) enum Cell<'r> {
    Text(Cow<'r, str>),
    /// The row says that there is none.
    Nothing,
}

impl Columns {
    pub(crate) fn new(names: Vec<String>) -> Self {
        let mut columns = Self::default();
        for name in &names {
            let start = columns.written.len();
            columns.written.push_str(name);
            let span = Span::between(start, columns.written.len());
            columns.places.push((span, NameHash::of(name)));
        }
        columns.names = names;
        columns
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Begins a record with a row; the names of its columns, in order.
    pub(crate) fn begin<'c>(
        &'c self,
        record: &mut Record,
        row: &str,
    ) -> impl Iterator<Item = Name> + use<'c> {
        let _root = record.begin();
        record.append(row);
        let names = record.mark();
        record.append(&self.written);
        let places = self.places.iter();
        places.map(move |(span, hash)| Name(span.behind(names), *hash))
    }

    /// Fills a record with values of which each has a name, and those that are there are parts of the row for the most.
    pub(crate) fn fill_told<const N: usize>(
        &self,
        record: &mut Record,
        row: &str,
        told: [Option<&str>; N],
    ) {
        for (name, text) in self.begin(record, row).zip(told) {
            if let Some(text) = text {
                let text = kept(record, row, text);
                record.put_text(name.of(record), text);
            }
        }
    }

    /// Fills a record with the values of a row; what has no name stands in a list. Whether there were as many
    /// values as names.
    pub(crate) fn fill<'r>(
        &self,
        record: &mut Record,
        row: &'r str,
        mut cells: impl Iterator<Item = Cell<'r>>,
    ) -> bool {
        let mut is_even = true;
        for name in self.begin(record, row) {
            match cells.next() {
                Some(Cell::Text(text)) => {
                    let text = kept(record, row, &text);
                    record.put_text(name.of(record), text);
                }
                Some(Cell::Nothing) => {}
                None => {
                    is_even = false;
                    break;
                }
            }
        }
        let Some(first) = cells.next() else {
            return is_even;
        };
        let key = record.name(MORE);
        let open = record.open(key, Shape::List);
        for cell in std::iter::once(first).chain(cells) {
            if let Cell::Text(text) = cell {
                let text = kept(record, row, &text);
                record.put_text(Key::NONE, text);
            }
        }
        record.close(open);
        false
    }
}

/// Where a text stands in a record whose text begins with a longer one: in that, if it is a part of it.
pub(crate) fn kept(record: &mut Record, whole: &str, part: &str) -> Span {
    let start = part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
    match start.checked_add(part.len()) {
        Some(end) if end <= whole.len() => Span::between(start, end),
        Some(_) | None => record.keep(part),
    }
}
