//! What pipelines remember while one rule passes through them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{draft::Marks, plain::Plain};

/// Values that the pipelines give to placeholders: for each name those of the last pipeline that
/// has it, none if what it has is no list of texts and numbers.
pub(crate) type Vars = BTreeMap<Arc<str>, Option<Vec<String>>>;

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Run<'p> {
    pub(crate) vars: &'p Vars,
    /// What `set_state` said.
    pub(crate) state: BTreeMap<Arc<str>, Plain>,
    /// What `set_custom_attribute` said.
    pub(crate) custom: BTreeMap<Arc<str>, Plain>,
    /// The steps that renamed fields outside of selections: those to be shown, those that are
    /// compared with, those of correlations.
    field_marks: BTreeMap<Arc<str>, Marks>,
    sources: BTreeSet<Option<Arc<str>>>,
    targets: BTreeSet<Arc<str>>,
}

impl<'p> Run<'p> {
    pub(crate) fn new(vars: &'p Vars) -> Self {
        Self {
            vars,
            state: BTreeMap::new(),
            custom: BTreeMap::new(),
            field_marks: BTreeMap::new(),
            sources: BTreeSet::new(),
            targets: BTreeSet::new(),
        }
    }

    /// Remembers that a field outside of selections was renamed by a step.
    pub(crate) fn track(&mut self, from: &Arc<str>, to: &[Arc<str>], step: Option<&Arc<str>>) {
        if matches!(to, [same] if same == from) {
            return;
        }
        let mut marks = self.field_marks.remove(from).unwrap_or_default();
        marks.extend(step.cloned());
        for field in to {
            self.field_marks.insert(Arc::clone(field), marks.clone());
        }
    }

    /// Whether a step renamed something to this field.
    pub(crate) fn renamed_by(&self, field: Option<&Arc<str>>, step: &str) -> bool {
        let marks = field.and_then(|field| self.field_marks.get(field));
        marks.is_some_and(|marks| marks.contains(step))
    }

    /// Remembers that a field of a selection has a mapping.
    pub(crate) fn mapped(&mut self, from: Option<&Arc<str>>, to: &[Arc<str>]) {
        if let Some(from) = from {
            self.targets.remove(from);
        }
        self.sources.insert(from.cloned());
        self.targets.extend(to.iter().cloned());
    }

    /// Whether a field was mapped, or is what another one was mapped to.
    pub(crate) fn is_mapped(&self, field: &Arc<str>) -> bool {
        self.targets.contains(field) || self.sources.contains(&Some(Arc::clone(field)))
    }

    /// What the steps inside a step begin with: nothing but the values of placeholders, and what
    /// was said of the rule.
    pub(crate) fn nested(&self) -> Self {
        Self {
            custom: self.custom.clone(),
            ..Self::new(self.vars)
        }
    }

    /// Takes over what the steps inside a step remembered.
    pub(crate) fn absorb(&mut self, nested: Self) {
        self.state.extend(nested.state);
        self.custom = nested.custom;
        self.field_marks.extend(nested.field_marks);
        for source in &nested.sources {
            self.mapped(source.as_ref(), &[]);
        }
        self.targets.extend(nested.targets);
    }
}
