//! Records that stand as a text in others.
//!
//! Each is read into memory that is used again, and its values are put into the record around it from there
//! ([`Record::graft`]). What a reader learns of their layouts is kept apart: they are none of the records that
//! reach anybody.

use cordon_model::{Item, Key, Layouts, NameHash, Record};

use crate::{
    json::{self, Parsed},
    vendor::{Changes, Gathered, Names},
};

/// The record that was read last of all that stood in others.
#[derive(Debug, Default)]
pub(crate) struct Inner {
    /// What was read.
    pub(crate) record: Record,
    layouts: Layouts,
    /// What the settings that were read last have not in common.
    pub(crate) changes: Changes,
    /// What was gathered last of the lists in a record.
    pub(crate) gathered: Gathered,
    /// What was learned of records that are all that somebody hears of what they stand in.
    pub(crate) names: Option<Box<Names>>,
}

impl Inner {
    /// Reads the object that a text holds; none if it holds none.
    pub(crate) fn read(&mut self, told: &str) -> Option<&Record> {
        if json::scan(told, &mut self.record, &mut self.layouts).is_none() {
            let Parsed { value, .. } = json::parse(told.as_bytes()).ok()?;
            if !value.is_object() {
                return None;
            }
            self.record.fill(&value);
        }
        self.record.unfollow();
        Some(&self.record)
    }

    /// Fills another record with the object that a text holds, if that takes no care.
    pub(crate) fn scan_into(&mut self, record: &mut Record, told: &str) -> Option<()> {
        json::scan(told, record, &mut self.layouts)?;
        record.unfollow();
        Some(())
    }

    /// Reads any value that a text holds, which has a name that others like it had.
    pub(crate) fn read_value(&mut self, (name, told): (NameHash, &str)) -> Option<Item<'_>> {
        if json::scan_value((name, told), &mut self.record, &mut self.layouts).is_none() {
            let Parsed { value, .. } = json::parse(told.as_bytes()).ok()?;
            self.record.clear();
            self.record.put_value(Key::NONE, &value);
        }
        self.record.unfollow();
        self.record.root().children().next()
    }

    /// Puts the object that a text of a record holds into the record, under a name that is not taken.
    pub(crate) fn put(&mut self, record: &mut Record, name: &str, told: &str) {
        if record.get(name).is_some() {
            return;
        }
        let told = record.get(told).and_then(Item::as_str);
        if let Some(inner) = told.and_then(|told| self.read(told)) {
            graft(record, name, inner.root());
        }
    }
}

/// Puts a value of another record behind all others.
pub(crate) fn graft(record: &mut Record, name: &str, item: Item<'_>) {
    let key = record.name(name);
    let adopted = record.adopt(item.record());
    record.graft(key, item, adopted);
}
