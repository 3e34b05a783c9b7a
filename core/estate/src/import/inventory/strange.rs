//! What somebody wrote that our own form has no key for: it is written on, so that whoever reads the estate refuses it.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::Value;

use super::{Inventory, Ix};

/// By the key. Of two values of one key the lower text is kept, whichever was read first.
#[derive(Debug, Clone, Default)]
pub(in crate::import) struct Strange(BTreeMap<String, Value>);

impl Strange {
    pub(in crate::import) fn add(&mut self, key: &str, value: &Value) {
        match self.0.entry(key.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(value.clone());
            }
            Entry::Occupied(mut known) => {
                let [own, text] = [known.get(), value].map(Value::to_string);
                if text < own {
                    known.insert(value.clone());
                }
            }
        }
    }

    pub(in crate::import) fn unite(&mut self, other: &Self) {
        for (key, value) in &other.0 {
            self.add(key, value);
        }
    }

    pub(in crate::import) fn entries(&self) -> impl Iterator<Item = (String, Value)> {
        self.0
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
    }
}

impl Inventory {
    /// Keeps what was written at an object.
    pub(in crate::import) fn say_strange(&mut self, ix: Ix, strange: &Strange) {
        if !strange.0.is_empty()
            && let Some(object) = self.objects.get_mut(ix as usize)
        {
            object.strange.get_or_insert_default().unite(strange);
        }
    }
}
