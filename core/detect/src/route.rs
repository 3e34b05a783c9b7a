//! Which rules are for a log: every part of the log source that a rule gives must be the event's.

use std::{collections::BTreeMap, sync::Arc};

use cordon_event::LogKind;
use cordon_sigma::LogSource;

/// A word of log sources, by the order of its first use; 0 stands for "not given".
type Word = u32;

/// Parts of a log source: product, service, category.
type Triple = (Word, Word, Word);

/// Where the rules of each log source are.
#[derive(Debug)]
pub(crate) struct Routes<T> {
    words: BTreeMap<Arc<str>, Word>,
    places: BTreeMap<Triple, usize>,
    classes: Vec<T>,
}

impl<T> Routes<T> {
    /// No log source yet.
    pub(crate) fn new() -> Self {
        Self {
            words: BTreeMap::new(),
            places: BTreeMap::new(),
            classes: Vec::new(),
        }
    }

    /// The class of a log source, made by `new` if there is none yet.
    pub(crate) fn class_mut(&mut self, source: &LogSource, new: impl FnOnce() -> T) -> &mut T {
        let triple = (
            self.intern(source.product.as_ref()),
            self.intern(source.service.as_ref()),
            self.intern(source.category.as_ref()),
        );
        let place = *self.places.entry(triple).or_insert(self.classes.len());
        if place == self.classes.len() {
            self.classes.push(new());
        }
        let Some(class) = self.classes.get_mut(place) else {
            unreachable!("every place of a class was made with its class");
        };
        class
    }

    /// The same log sources, each with its class made into something else.
    pub(crate) fn map<U>(self, made: impl FnMut(T) -> U) -> Routes<U> {
        Routes {
            words: self.words,
            places: self.places,
            classes: self.classes.into_iter().map(made).collect(),
        }
    }

    /// The classes whose rules may see events of this kind.
    pub(crate) fn classes(&self, kind: &LogKind) -> Vec<&T> {
        let word = |text: &Arc<str>| self.words.get(text).copied();
        let given = |part: Option<&Arc<str>>| {
            let mut words = vec![0];
            words.extend(part.and_then(word));
            words
        };
        let (products, services) = (given(kind.product.as_ref()), given(kind.service.as_ref()));
        let mut categories = given(None);
        categories.extend(kind.categories.iter().filter_map(word));
        categories.sort_unstable();
        categories.dedup();
        let mut places: Vec<&usize> = Vec::new();
        for product in products {
            for service in &services {
                let triples = categories
                    .iter()
                    .map(|category| (product, *service, *category));
                places.extend(triples.filter_map(|triple| self.places.get(&triple)));
            }
        }
        places
            .into_iter()
            .filter_map(|place| self.classes.get(*place))
            .collect()
    }

    fn intern(&mut self, word: Option<&Arc<str>>) -> Word {
        let Some(word) = word else { return 0 };
        let Ok(next) = Word::try_from(self.words.len() + 1) else {
            unreachable!("rules use fewer than four thousand million words for log sources");
        };
        *self.words.entry(Arc::clone(word)).or_insert(next)
    }
}
