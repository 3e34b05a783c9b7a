//! What is learned of one record from its names alone, and serves all others that have the same.
//!
//! Invariants: two records of which [`Layouts`] were followed to the same step have the same names, lists and maps in
//! the same places, so that what is learned of one by these holds for the other; whoever learns looks at no scalar.
//! What was learned goes with the layouts, of which it has one each at most.

use std::sync::Arc;

use super::{Layouts, Record, large, small};

/// What was learned of records by their names.
#[derive(Debug)]
pub struct Learned<T> {
    family: Arc<()>,
    /// Which of all that is known is of a step; 0 for none.
    by_step: Vec<u32>,
    known: Vec<T>,
    /// What is known of a record that has no step.
    lost: Option<T>,
}

impl<T> Default for Learned<T> {
    fn default() -> Self {
        Self {
            family: Arc::new(()),
            by_step: Vec::new(),
            known: Vec::new(),
            lost: None,
        }
    }
}

impl<T> Learned<T> {
    /// What the names of a record say. Whatever was opened in it must be closed, and all its records must be
    /// followed by the same layouts.
    pub fn of(
        &mut self,
        (layouts, record): (&mut Layouts, &mut Record),
        learn: impl FnOnce(&Record) -> T,
    ) -> &mut T {
        if !record.is_followed() {
            layouts.follow(record);
        }
        if !Arc::ptr_eq(&self.family, layouts.family()) {
            self.family = Arc::clone(layouts.family());
            self.by_step.clear();
            self.known.clear();
        }
        let Some(step) = record.step() else {
            return self.lost.insert(learn(record));
        };
        let known = self.by_step.get(large(step)).copied().unwrap_or(0);
        let at = match large(known).checked_sub(1) {
            Some(at) => at,
            None => self.learn(step, learn(record)),
        };
        match self.known.get_mut(at) {
            Some(known) => known,
            None => unreachable!("what a step refers to is known"),
        }
    }

    #[cold]
    fn learn(&mut self, step: u32, learned: T) -> usize {
        if self.by_step.len() <= large(step) {
            self.by_step.resize(large(step) + 1, 0);
        }
        self.known.push(learned);
        if let Some(known) = self.by_step.get_mut(large(step)) {
            *known = small(self.known.len());
        }
        self.known.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::Learned;
    use crate::{Layouts, Record, record::json::tests::values};

    /// All that names, lists and maps say.
    fn form(record: &Record) -> Vec<(String, Option<crate::Shape>, u32)> {
        let items = record.items();
        items
            .map(|item| (item.key().to_owned(), item.shape(), item.after()))
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_remembered_is_what_would_be_learned(
            records in prop::collection::vec(
                prop::collection::btree_map("[a-c]{1,2}|[x]{129}", values(), 0..4), 1..30,
            ),
            further in "[a-c]{1}",
        ) {
            let (mut layouts, mut learned) = (Layouts::default(), Learned::default());
            for fields in records {
                let mut record = Record::from(&Value::Object(fields.into_iter().collect()));
                for _ in 0..2 {
                    let expect = form(&record);
                    let found = learned.of((&mut layouts, &mut record), form);
                    prop_assert_eq!(&*found, &expect);
                    // What is put behind makes it another one.
                    if record.get(&further).is_none() {
                        let key = record.name(&further);
                        record.put(key, crate::Scalar::Null);
                    }
                }
            }
        }
    }

    #[test]
    fn what_was_learned_is_forgotten_with_the_layouts() {
        let (mut layouts, mut learned) = (Layouts::default(), Learned::default());
        let mut most = 0;
        for n in 0..40_000 {
            let mut record = Record::from(serde_json::json!({ n.to_string(): 1 }));
            let found = learned.of((&mut layouts, &mut record), |record| {
                record
                    .root()
                    .children()
                    .map(|item| item.key().to_owned())
                    .collect::<String>()
            });
            assert_eq!(*found, n.to_string());
            most = most.max(learned.known.len());
        }
        assert!((1_000..20_000).contains(&most), "{most}");
        assert!(learned.known.len() < most);
    }
}
