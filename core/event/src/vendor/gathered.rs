//! Values that a record has in lists, to be put beside them under names.

use cordon_model::{Key, Record, Shape, Span};

/// Values by the names that they are to have, in the order in which these came. The memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Where what is to be gone through stands.
    pub(super) places: Vec<u32>,
    /// A name that is being put together.
    pub(super) name: String,
    names: Vec<Key>,
    /// Each with the number of its name.
    values: Vec<(usize, Given)>,
}

/// A value that a record has already.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given {
    /// What stands at a place.
    Place(u32),
    /// A part of its text.
    Text(Span),
}

impl Given {
    fn put(self, record: &mut Record, key: Key) {
        match self {
            Self::Place(place) => record.put_place(key, place),
            Self::Text(text) => record.put_text(key, text),
        }
    }
}

impl Gathered {
    /// Adds a value under the name that was put together; none if that would be one more than so many.
    pub(super) fn add(
        &mut self,
        record: &mut Record,
        names_max: usize,
        value: Given,
    ) -> Option<()> {
        let key = record.name(&self.name);
        let known = self.names.iter().position(|own| record.is_same(*own, key));
        let number = known.unwrap_or(self.names.len());
        if known.is_none() {
            (number < names_max).then(|| self.names.push(key))?;
        }
        self.values.push((number, value));
        Some(())
    }

    /// Puts them behind all others, those whose names are not taken; several of one name as a list. Then there are none.
    pub(super) fn put(&mut self, record: &mut Record) {
        self.values.sort_by_key(|(number, _)| *number);
        for group in self.values.chunk_by(|(a, _), (b, _)| a == b) {
            let key = group
                .first()
                .and_then(|(number, _)| self.names.get(*number));
            let Some(key) = key.filter(|key| record.get_named(**key).is_none()) else {
                continue;
            };
            if let [(_, only)] = group {
                only.put(record, *key);
                continue;
            }
            let open = record.open(*key, Shape::List);
            for (_, value) in group {
                value.put(record, Key::NONE);
            }
            record.close(open);
        }
        self.names.clear();
        self.values.clear();
    }
}
