//! One record while rules look at it: each field is found and prepared once.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use cordon_model::Value;

use crate::field::{Found, everything, find};

/// A field that some rule asks for, by its place in the rule set's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldIx(u32);

/// Where a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// In one field.
    Field(FieldIx),
    /// In every value of the record.
    Everything,
}

/// The names of all fields that rules ask for.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<Arc<str>>,
    places: BTreeMap<Arc<str>, FieldIx>,
}

impl Names {
    /// The place of a name, which is made if it is new.
    pub(crate) fn place(&mut self, name: &Arc<str>) -> FieldIx {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let Ok(number) = u32::try_from(self.names.len()) else {
            unreachable!("a rule set asks for fewer than four thousand million fields");
        };
        let place = FieldIx(number);
        self.names.push(Arc::clone(name));
        self.places.insert(Arc::clone(name), place);
        place
    }

    /// The name at a place.
    pub(crate) fn name(&self, place: FieldIx) -> &Arc<str> {
        let name = usize::try_from(place.0)
            .ok()
            .and_then(|n| self.names.get(n));
        let Some(name) = name else {
            unreachable!("the place of a field comes from the list of names it is used with");
        };
        name
    }
}

/// One record while rules look at it.
pub(crate) struct View<'e> {
    record: &'e Value,
    names: &'e Names,
    found: BTreeMap<Scope, Rc<Found<'e>>>,
}

impl<'e> View<'e> {
    /// Looks at a record.
    pub(crate) fn new(record: &'e Value, names: &'e Names) -> Self {
        Self {
            record,
            names,
            found: BTreeMap::new(),
        }
    }

    /// What is found there.
    pub(crate) fn look(&mut self, scope: Scope) -> Rc<Found<'e>> {
        let (record, names) = (self.record, self.names);
        let found = self.found.entry(scope).or_insert_with(|| {
            Rc::new(match scope {
                Scope::Field(place) => find(record, names.name(place)),
                Scope::Everything => everything(record),
            })
        });
        Rc::clone(found)
    }

    /// The name of a scope's field; none for keywords.
    pub(crate) fn name(&self, scope: Scope) -> Option<Arc<str>> {
        match scope {
            Scope::Field(place) => Some(Arc::clone(self.names.name(place))),
            Scope::Everything => None,
        }
    }
}
