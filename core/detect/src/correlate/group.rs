//! Which groups a record belongs to.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Evidence, FieldMatch, Timestamp};

use crate::{fold::fold, sight};

/// Most groups one record joins: an event that lists more accounts than this at once is bulk work,
/// and every further one would cost a window of its own.
const GROUPS_PER_RECORD_MAX: usize = 64;

/// Values that keep groups apart, names resolved and case taken away.
pub(super) type Key = Arc<[Arc<str>]>;

/// The same values as a person knows them.
pub(super) type Shown = Vec<Arc<str>>;

/// Gives the one spelling of a name that logs spell in several ways, and any other text as it is.
pub type Canonical = Arc<dyn Fn(&str) -> Arc<str> + Send + Sync>;

/// Something that happened: a hit, or the detection of a correlation that others build on.
#[derive(Debug)]
pub(super) struct Observation {
    pub(super) origin: Origin,
    pub(super) time: Timestamp,
    /// Oldest first, never none.
    pub(super) records: Vec<Arc<Evidence>>,
    pub(super) matched: Vec<FieldMatch>,
}

/// What an observation comes from.
#[derive(Debug)]
pub(super) enum Origin {
    Rule,
    /// A correlation, with its `group-by` names and values.
    Correlation(usize, Vec<(Arc<str>, Arc<str>)>),
}

impl Observation {
    /// The values of a field: without their case, and as shown; empty texts name nothing.
    fn values(&self, field: &str, canonical: &Canonical) -> BTreeMap<Arc<str>, Arc<str>> {
        let mut values = BTreeMap::new();
        let mut add = |text: &str| {
            if !text.is_empty() {
                let shown = canonical(text);
                values.entry(Arc::from(fold(&shown))).or_insert(shown);
            }
        };
        match &self.origin {
            Origin::Rule => {
                if let Some(record) = self.records.last() {
                    sight::values(&record.fields, field, &mut |item| {
                        item.spelled().into_iter().for_each(&mut add);
                    });
                }
            }
            Origin::Correlation(_, group) => {
                let own = group.iter().filter(|(name, _)| **name == *field);
                own.for_each(|(_, value)| add(value));
            }
        }
        values
    }

    /// Every combination of the values of these fields; none if one of them has no value.
    pub(super) fn combinations(
        &self,
        fields: &[Arc<str>],
        canonical: &Canonical,
    ) -> Vec<(Key, Shown)> {
        let mut combinations: Vec<(Vec<Arc<str>>, Shown)> = vec![(Vec::new(), Vec::new())];
        for field in fields {
            let values = self.values(field, canonical);
            combinations = combinations
                .iter()
                .flat_map(|(key, shown)| {
                    values.iter().map(move |(folded, value)| {
                        let (mut key, mut shown) = (key.clone(), shown.clone());
                        key.push(Arc::clone(folded));
                        shown.push(Arc::clone(value));
                        (key, shown)
                    })
                })
                .take(GROUPS_PER_RECORD_MAX)
                .collect();
        }
        combinations
            .into_iter()
            .map(|(key, shown)| (Arc::from(key), shown))
            .collect()
    }
}
