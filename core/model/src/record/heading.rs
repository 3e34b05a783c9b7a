//! The names that the rows of a table have, and which of a row's values say something.

use super::{Kind, Record, Span, large};

/// The names of a row's fields, which stand one after another in its text.
#[derive(Debug)]
pub struct Heading {
    written: String,
    /// Where each ends in that.
    ends: Vec<u32>,
}

/// Which fields of a row are no empty texts: a bit for each.
pub type Said = u128;

/// Most fields of a row.
const FIELDS_MAX: usize = 128;

impl Heading {
    /// That of a record which is a row: texts and nothing else, whose names stand one after another.
    pub fn of(record: &Record) -> Option<Self> {
        let fields = record.nodes.get(1..).unwrap_or_default();
        let (first, last) = (fields.first()?, fields.last()?);
        let written = first.key.start..last.key.end;
        let written = record.text.get(large(written.start)..large(written.end))?;
        // Members of lists have no name, and names written with escapes stand elsewhere.
        let end = |end: u32| end.checked_sub(first.key.start);
        let ends = fields.iter().map(|node| end(node.key.end));
        let heading = Self {
            written: written.to_owned(),
            ends: ends.collect::<Option<_>>()?,
        };
        heading.said(record).is_some().then_some(heading)
    }

    /// Which fields of a record say something; none if it has other names, or is no row.
    pub fn said(&self, record: &Record) -> Option<Said> {
        let fields = record.nodes.get(1..).unwrap_or_default();
        if fields.len() != self.ends.len() || fields.len() > FIELDS_MAX {
            return None;
        }
        let begin = fields.first()?.key.start;
        let (mut start, mut said, mut bit) = (begin, 0, 1);
        for (node, end) in fields.iter().zip(&self.ends) {
            let end = begin.checked_add(*end)?;
            if node.kind != Kind::Text || node.key != (Span { start, end }) {
                return None;
            }
            if node.text.start != node.text.end {
                said |= bit;
            }
            (start, bit) = (end, bit << 1);
        }
        let written = record.text.get(large(begin)..large(start))?;
        (written == self.written).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Heading;
    use crate::{Record, Scalar};

    /// A record whose names stand one after another.
    fn row(cells: &[(String, String)]) -> Record {
        let mut record = Record::new();
        let keys: Vec<_> = cells.iter().map(|(name, _)| record.name(name)).collect();
        for (key, (_, text)) in keys.into_iter().zip(cells) {
            record.put(key, Scalar::Text(text));
        }
        record
    }

    fn cells() -> impl Strategy<Value = Vec<(String, String)>> {
        let cells = prop::collection::btree_map("[ab]{1,3}", "[x]{0,2}", 1..5);
        cells.prop_map(|cells| cells.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_heading_fits_rows_of_its_own_names_and_no_others(one in cells(), other in cells()) {
            let heading = Heading::of(&row(&one)).unwrap();
            let names = |cells: &[(String, String)]| -> Vec<String> {
                cells.iter().map(|(name, _)| name.clone()).collect()
            };
            let said = heading.said(&row(&other));
            prop_assert_eq!(said.is_some(), names(&one) == names(&other));
            if let Some(said) = said {
                let expect = other.iter().rev().fold(0, |said, (_, text)| said << 1 | u128::from(!text.is_empty()));
                prop_assert_eq!(said, expect);
            }
        }
    }

    #[test]
    fn other_records_are_no_rows() {
        let heading = Heading::of(&row(&[("a".to_owned(), "1".to_owned())])).unwrap();
        for value in [
            serde_json::json!({}),
            serde_json::json!({"a": 1}),
            serde_json::json!({"a": []}),
            serde_json::json!({"a": "1", "b": "2"}),
            serde_json::json!({"b": {"a": "1"}}),
            serde_json::json!({"a": "1", "b": [1], "c": "2"}),
            serde_json::json!({"b": [[1]], "a": "1"}),
        ] {
            let record = Record::from(value);
            assert!(Heading::of(&record).is_none());
            assert_eq!(heading.said(&record), None);
        }
    }
}
