//! Which groups a record belongs to, and what it is worth there.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use cordon_model::{Evidence, FieldMatch, Item, Scalar, Timestamp};
use cordon_sigma::Decimal;

use crate::{fold::fold, sight};

/// Most groups one record joins, and most values it is worth: an event that lists more accounts
/// than this at once is bulk work, and every further one would cost a window of its own.
pub(crate) const VALUES_PER_RECORD_MAX: usize = 64;

/// Values that keep groups apart, names resolved and case taken away.
pub(crate) type Key = Arc<[Arc<str>]>;

/// The same values as a person knows them.
pub(crate) type Shown = Vec<Arc<str>>;

/// Gives the one spelling of a name that logs spell in several ways, and any other text as it is.
pub type Canonical = Arc<dyn Fn(&str) -> Arc<str> + Send + Sync>;

/// Something that happened: a hit, or the detection of a correlation that others build on.
#[derive(Debug)]
pub(crate) struct Observation {
    pub(crate) origin: Origin,
    pub(crate) time: Timestamp,
    /// Oldest first, never none.
    pub(crate) records: Vec<Arc<Evidence>>,
    pub(crate) matched: Vec<FieldMatch>,
}

/// What an observation comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    Rule,
    /// A correlation, with its `group-by` names and values.
    Correlation(usize, Vec<(Arc<str>, Arc<str>)>),
}

/// The first of what a record has, up to [`VALUES_PER_RECORD_MAX`], and whether it has more.
#[derive(Debug)]
pub(crate) struct Some64<T> {
    pub(crate) first: Vec<T>,
    pub(crate) more: u64,
}

impl Observation {
    /// Calls `visit` with each text that a field has, as `spelled` spells it. This is the one place
    /// where correlations look into a record.
    fn each_text(
        &self,
        field: &str,
        spelled: for<'r> fn(Item<'r>) -> Option<Cow<'r, str>>,
        visit: &mut dyn FnMut(&str),
    ) {
        match &self.origin {
            Origin::Rule => {
                if let Some(record) = self.records.last() {
                    sight::values(&record.fields, field, &mut |item| {
                        if let Some(text) = spelled(item) {
                            visit(&text);
                        }
                    });
                }
            }
            Origin::Correlation(_, group) => {
                let own = group.iter().filter(|(name, _)| **name == *field);
                own.for_each(|(_, value)| visit(value));
            }
        }
    }

    /// The values of a field: without their case, and as shown.
    fn values(&self, field: &str, canonical: &Canonical) -> BTreeMap<Arc<str>, Arc<str>> {
        let mut values = BTreeMap::new();
        self.each_text(field, valued, &mut |text| {
            let shown = canonical(text);
            values.entry(Arc::from(fold(&shown))).or_insert(shown);
        });
        values
    }

    /// The numbers of a field, as they stand in it; what is no decimal number is passed over.
    pub(crate) fn numbers(&self, field: &str) -> Some64<Decimal> {
        let mut numbers = Vec::new();
        self.each_text(field, as_written, &mut |text| {
            numbers.extend(Decimal::parse(text));
        });
        Some64::of(numbers)
    }

    /// Every combination of the values of these fields; none if one of them has no value.
    pub(crate) fn combinations(
        &self,
        fields: &[Arc<str>],
        canonical: &Canonical,
    ) -> Some64<(Key, Shown)> {
        let mut combinations: Vec<(Vec<Arc<str>>, Shown)> = vec![(Vec::new(), Vec::new())];
        let mut more = 0;
        for field in fields {
            let values = self.values(field, canonical);
            let longer = combinations.iter().flat_map(|(key, shown)| {
                values.iter().map(move |(folded, value)| {
                    let (mut key, mut shown) = (key.clone(), shown.clone());
                    key.push(Arc::clone(folded));
                    shown.push(Arc::clone(value));
                    (key, shown)
                })
            });
            let bounded = Some64::of(longer.take(VALUES_PER_RECORD_MAX + 1).collect());
            combinations = bounded.first;
            more |= bounded.more;
        }
        let shared = combinations.into_iter();
        Some64 {
            first: shared.map(|(key, shown)| (Key::from(key), shown)).collect(),
            more,
        }
    }
}

/// A value as the log spells it.
fn as_written(item: Item<'_>) -> Option<Cow<'_, str>> {
    item.spelled().map(Cow::Borrowed)
}

/// A value as one of its spellings. A number is one value however it is spelled, and the text that
/// spells it shortly is that value too, as for a rule that asks for it.
fn valued(item: Item<'_>) -> Option<Cow<'_, str>> {
    let text = item.spelled()?;
    let number = match item.scalar()? {
        Scalar::Number(spelled) => Decimal::parse(spelled),
        Scalar::Null | Scalar::Bool(_) | Scalar::Text(_) => None,
    };
    Some(number.map_or(Cow::Borrowed(text), |number| Cow::Owned(number.to_string())))
}

impl<T> Some64<T> {
    fn of(mut all: Vec<T>) -> Self {
        let more = u64::from(all.len() > VALUES_PER_RECORD_MAX);
        all.truncate(VALUES_PER_RECORD_MAX);
        Self { first: all, more }
    }
}
