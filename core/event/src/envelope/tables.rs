//! The rows of tables, as Log Analytics answers a query: the names of columns once, and lists of values.
//!
//! What a line says was scanned already, so that nothing is parsed here: the record tells the names, and its text
//! where each row stands.

use cordon_model::{Item, Record, Shape};

use super::TABLES;
use crate::{columns::Columns, json::plain_run};

/// A table with at most so many columns is taken: each name is compared with all before it.
const COLUMNS_MAX: usize = 1024;

/// The columns of a table, and its rows as they stand in the text.
pub(crate) struct Table<'t> {
    pub(crate) columns: Columns,
    pub(crate) rows: Vec<&'t str>,
}

/// The tables that a record holds, whose whole text this is; none if it holds anything else, or nothing.
pub(crate) fn of<'t>(record: &Record, text: &'t str) -> Option<Vec<Table<'t>>> {
    let tables = list(record.get(TABLES)?)?;
    let names: Option<Vec<_>> = tables.children().map(names).collect();
    let (names, rows) = (names?, rows(text)?);
    let counts = tables
        .children()
        .map(|table| Some(list(table.get("rows")?)?.children().count()));
    let is_whole = counts.eq(rows.iter().map(|rows| Some(rows.len())));
    let any = rows.iter().any(|rows| !rows.is_empty());
    let table = |(names, rows)| Table {
        columns: Columns::new(names),
        rows,
    };
    (is_whole && any).then(|| names.into_iter().zip(rows).map(table).collect())
}

fn list(item: Item<'_>) -> Option<Item<'_>> {
    (item.shape() == Some(Shape::List)).then_some(item)
}

/// The names of a table's columns, if each is another one and its rows are lists.
fn names(table: Item<'_>) -> Option<Vec<String>> {
    let columns = list(table.get("columns")?)?.children();
    let name = |column: Item<'_>| Some(column.get("name")?.as_str()?.to_owned());
    let names: Vec<String> = columns.map(name).collect::<Option<_>>()?;
    let is_new = |(at, name)| names.iter().take(at).all(|other| other != name);
    let fits = names.len() <= COLUMNS_MAX && names.iter().enumerate().all(is_new);
    let are_lists = list(table.get("rows")?)?
        .children()
        .all(|row| list(row).is_some());
    (fits && are_lists).then_some(names)
}

/// The rows of each table in a text.
fn rows(text: &str) -> Option<Vec<Vec<&str>>> {
    let mut walk = Walk { text, at: 0 };
    let mut all = Vec::new();
    walk.enter(b'{')?;
    while let Some(name) = walk.name()? {
        if name != TABLES {
            walk.value()?;
            continue;
        }
        walk.enter(b'[')?;
        while walk.more(b']')? {
            let mut rows = Vec::new();
            walk.enter(b'{')?;
            while let Some(name) = walk.name()? {
                if name != "rows" {
                    walk.value()?;
                    continue;
                }
                walk.enter(b'[')?;
                while walk.more(b']')? {
                    rows.push(walk.value()?);
                }
            }
            all.push(rows);
        }
    }
    Some(all)
}

/// Walks over a sound JSON text.
struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Walk<'t> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The next sign that is not blank.
    fn sign(&mut self) -> Option<u8> {
        while self.rest().first()?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.rest().first().copied()
    }

    /// Takes this sign.
    fn enter(&mut self, sign: u8) -> Option<()> {
        (self.sign()? == sign).then(|| self.at += 1)
    }

    /// Whether there is more before this sign, which is taken otherwise.
    fn more(&mut self, end: u8) -> Option<bool> {
        if self.sign()? == b',' {
            self.at += 1;
        }
        let is_end = self.sign()? == end;
        self.at += usize::from(is_end);
        Some(!is_end)
    }

    /// The next name of an object, as it is written; nothing at its end.
    #[expect(
        clippy::option_option,
        reason = "the end is not the same as something else"
    )]
    fn name(&mut self) -> Option<Option<&'t str>> {
        if !self.more(b'}')? {
            return Some(None);
        }
        let written = self.value()?;
        self.enter(b':')?;
        let name = written.get(1..written.len().checked_sub(1)?)?;
        Some(Some(name))
    }

    /// A value as it is written.
    fn value(&mut self) -> Option<&'t str> {
        self.sign()?;
        let (begin, mut depth) = (self.at, 0_usize);
        loop {
            match self.rest().first()? {
                b'"' => self.string()?,
                b'[' | b'{' => {
                    depth += 1;
                    self.at += 1;
                }
                b']' | b'}' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                sign if sign.is_ascii_whitespace() => self.at += 1,
                _ => {
                    let ends = |b: &u8| matches!(b, b',' | b']' | b'}') || b.is_ascii_whitespace();
                    self.at += self.rest().iter().position(ends)?;
                }
            }
            if depth == 0 {
                return self.text.get(begin..self.at);
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            self.at += plain_run(self.rest());
            match self.rest().first()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Layouts, Record};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::of;
    use crate::json;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a\"\\\\\\[\\]{},:é\n]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[ab\"]", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn each_row_is_the_part_of_the_text_that_it_is_and_gives_its_values(
            columns in prop::collection::btree_set("[a-e]{1,2}", 1..4), before in values(), is_pretty in any::<bool>(),
            rows in prop::collection::vec(prop::collection::vec(values(), 0..4), 1..4),
        ) {
            let columns: Vec<Value> = columns.iter().map(|name| json!({"type": "string", "name": name})).collect();
            let whole = json!({"first": before, "tables": [{"columns": columns, "rows": rows, "name": before}, {"rows": [], "columns": []}]});
            let text = if is_pretty { serde_json::to_string_pretty(&whole) } else { serde_json::to_string(&whole) };
            let text = text.unwrap();
            let (mut record, mut layouts) = (Record::new(), Layouts::default());
            json::scan(&text, &mut record, &mut layouts).unwrap();
            let tables = of(&record, &text).unwrap();
            prop_assert_eq!(tables.len(), 2);
            prop_assert_eq!(tables[0].rows.len(), rows.len());
            for (found, row) in tables[0].rows.iter().zip(&rows) {
                prop_assert_eq!(&serde_json::from_str::<Vec<Value>>(found).unwrap(), row);
                let filled = json::scan_row(found, &tables[0].columns, &mut record, &mut layouts);
                prop_assert_eq!(filled.is_some(), row.len() <= columns.len());
                if filled.is_some() {
                    let names = tables[0].columns.names().iter().cloned();
                    let expect = Value::Object(names.zip(row.iter().cloned()).collect());
                    prop_assert_eq!(&record, &Record::from(expect));
                }
            }
        }
    }

    #[test]
    fn what_is_no_table_is_left_as_it_is() {
        for whole in [
            json!({"tables": []}),
            json!({"tables": [{"columns": [{"name": "a"}], "rows": []}]}),
            json!({"tables": [{"columns": [{"name": "a"}, {"name": "a"}], "rows": [[1, 2]]}]}),
            json!({"tables": [{"columns": [{"name": 1}], "rows": [[1]]}]}),
            json!({"tables": [{"columns": [{"name": "a"}], "rows": [1]}]}),
            json!({"tables": [{"rows": [[1]]}]}),
            json!({"tables": {"columns": [], "rows": [[]]}}),
            json!({"tables": "a"}),
        ] {
            let text = whole.to_string();
            assert!(of(&Record::from(whole), &text).is_none(), "{text}");
        }
    }
}
